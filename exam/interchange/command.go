package interchange

import (
	"context"
	"encoding/json"
	"io"

	"qiming/exam/question"
	"qiming/policies"
)

// Exit codes of the command line.
const (
	ExitAccounted  = 0 // every row is imported, a duplicate, or a named problem
	ExitUnreadable = 2 // the file cannot be read at all; the problems say why
)

// Exit gives the exit code of a report.
func (r Report) Exit() int {
	for _, p := range r.Problems {
		if p.Row == 0 && p.Severity == Error {
			return ExitUnreadable
		}
	}
	return ExitAccounted
}

// NotRead is the report of a file that could not even be opened.
func NotRead(f Format, err error) Report {
	return Report{Format: f, ByKind: map[question.Kind]int{}, Problems: []Problem{fileProblem(Error, "file.unreadable", "reason", err.Error())}}
}

// WriteJSON prints the report of the command line:
// {"format","questions","imported","duplicates","by_kind":{},"problems":[{"row","column","code","message"}]}.
func (r Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(r)
}

// ImportFile reads a file and, unless it is a dry run, confirms it at once: what the command line does.
// The report is complete, however long. progress may be nil.
func (s *Service) ImportFile(ctx context.Context, actor policies.Actor, ask Ask, dryRun bool, progress func(done, all int)) (Report, error) {
	m, p, err := s.begin(ctx, actor, ask)
	if err != nil {
		return Report{}, err
	}
	report, err := s.look(ctx, actor, &m, p)
	if err != nil || dryRun || report.Imported == 0 || report.Exit() != ExitAccounted {
		if err == nil && report.Exit() != ExitAccounted {
			report.Imported, report.ByKind = 0, map[question.Kind]int{}
		}
		return report, err
	}
	if err := s.keep(ctx, &m, ask.Data); err != nil {
		return Report{}, err
	}
	s.remember(m, p)
	if m, err = s.Confirm(ctx, actor, m.ID, progress); err != nil {
		return Report{}, err
	}
	if m.Report.Imported != report.Imported { // the bank changed meanwhile: the confirmed figures count
		report.Imported, report.Duplicates, report.ByKind = m.Report.Imported, m.Report.Duplicates, m.Report.ByKind
		report.Problems, report.DuplicateRows = m.Report.Problems, m.Report.DuplicateRows
	}
	return report, nil
}
