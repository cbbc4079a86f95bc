package exam

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

// PaperImportState is where an import of paper results stands.
type PaperImportState string

// The states.
const (
	PaperPreviewed  PaperImportState = "previewed"  // checked; nothing is entered
	PaperConfirming PaperImportState = "confirming" // being entered; one that was cut is confirmed again
	PaperConfirmed  PaperImportState = "confirmed"
	PaperUndone     PaperImportState = "undone"
)

// PaperProblem is what keeps a row out.
type PaperProblem struct {
	Row    int            `bson:"row" json:"row"`       // as the file counts, from 1
	Column string         `bson:"column" json:"column"` // heading
	Code   string         `bson:"code" json:"code"`
	Params map[string]any `bson:"params,omitempty" json:"params,omitempty"`
}

// PaperImport is a workbook of paper results.
type PaperImport struct {
	store.Meta `bson:",inline"`
	QuizID     string           `bson:"quiz_id" json:"quiz_id"`
	File       string           `bson:"file" json:"file"`
	Hash       string           `bson:"hash" json:"hash"` // SHA-256 of the file
	ActorID    string           `bson:"actor_id" json:"-"`
	ActorName  string           `bson:"actor_name" json:"actor_name"`
	State      PaperImportState `bson:"state" json:"state" enum:"previewed,confirming,confirmed,undone"`
	Version    int              `bson:"version" json:"version"` // of the quiz
	Rows       int              `bson:"rows" json:"rows"`
	New        int              `bson:"new" json:"new"`       // rows that confirming enters
	Same       int              `bson:"same" json:"same"`     // entered before, the same
	Absent     int              `bson:"absent" json:"absent"` // nothing is entered for them
	Errors     int              `bson:"errors" json:"errors"` // rows that are kept out
	Problems   []PaperProblem   `bson:"problems" json:"problems"`
	Lines      []paperLine      `bson:"lines,omitempty" json:"-"`   // what confirming enters; gone after it
	Entered    int              `bson:"entered" json:"entered"`     // attempts made
	Removed    int              `bson:"removed" json:"removed"`     // by undoing
	Kept       []string         `bson:"kept,omitempty" json:"kept"` // names of those whose results were corrected or marked since: undoing left them
}

// paperLine is a row that confirming enters.
type paperLine struct {
	Row      int       `bson:"row"`
	MemberID string    `bson:"member_id"`
	Number   int       `bson:"number"`
	Label    string    `bson:"label"`
	SatAt    time.Time `bson:"sat_at"`
	Cells    []string  `bson:"cells"`
	Total    *float64  `bson:"total"`
}

const (
	maxPaperRows     = 5000
	maxPaperCells    = 300_000 // of items: a dry run is one document
	maxPaperProblems = 1000
	paperLinesFor    = 24 * time.Hour // an unconfirmed import may be confirmed so long
)

// Upload is a workbook to enter. Days are those of Zone; SatOn holds for rows without a day.
type Upload struct {
	File    string
	Data    []byte
	Zone    *time.Location
	SatOn   time.Time
	Version int // of the quiz that the papers were printed from; 0 = the published one
}

// Preview reads a workbook and says of every row what confirming would do; nothing is entered. Faults:
// those of a file that cannot be read, "paper_import.no_header".
func (s *Entries) Preview(ctx context.Context, actor policies.Actor, quizID string, up Upload) (PaperImport, error) {
	hall, err := s.room(ctx, actor, quizID, up.Version)
	if err != nil {
		return PaperImport{}, err
	}
	sum := sha256.Sum256(up.Data)
	m := PaperImport{Meta: store.Meta{ID: ident.New()}, QuizID: quizID, File: up.File, Hash: hex.EncodeToString(sum[:]), ActorID: actor.AccountID,
		ActorName: actor.Name, State: PaperPreviewed, Version: hall.version.Number, Problems: []PaperProblem{}, Kept: []string{}}
	table, err := readPaperTable(up)
	if err != nil {
		return PaperImport{}, err
	}
	if err := s.look(ctx, actor, hall, table, &m); err != nil {
		return PaperImport{}, err
	}
	record := question.Act{Action: "paper_import.preview", Object: "quiz:" + quizID, Name: hall.version.Title, Detail: map[string]string{"file": up.File}}
	return m, s.trail.Act(ctx, actor, record, func() error { return s.entered.Insert(ctx, &m) })
}

// look decides every row.
func (s *Entries) look(ctx context.Context, actor policies.Actor, hall room, table paperTable, m *PaperImport) error {
	now := s.clock.Now()
	takers, err := s.reach(ctx, actor, hall, "", "")
	if err != nil {
		return err
	}
	book := newPeople(takers)
	seen := map[string]int{}
	papers := map[string]sitting{}
	for _, row := range table.rows {
		m.Rows++
		var bad []PaperProblem
		report := func(column, code string, params map[string]any) {
			bad = append(bad, PaperProblem{Row: row.line, Column: column, Code: code, Params: params})
		}
		taker, code := book.find(row)
		switch first := seen[taker.MemberID]; {
		case code != "":
			report(headName, code, nil)
		case first > 0:
			report(headName, "paper.twice", map[string]any{"row": first})
		default:
			seen[taker.MemberID] = row.line
		}
		for _, f := range row.bad {
			report(f.Path, f.Key, f.Params)
		}
		if len(bad) == 0 && row.absent() {
			m.Absent++
			continue
		}
		if len(bad) == 0 {
			line, same, problems, err := s.lookRow(ctx, hall, taker, row, papers, now)
			if err != nil {
				return err
			}
			bad = problems
			switch {
			case len(bad) > 0:
			case same:
				m.Same++
			default:
				m.New++
				m.Lines = append(m.Lines, line)
			}
		}
		if len(bad) > 0 {
			m.Errors++
			m.Problems = append(m.Problems, bad[:min(len(bad), max(0, maxPaperProblems-len(m.Problems)))]...)
		}
	}
	return nil
}

// lookRow decides a row of a member who is known.
func (s *Entries) lookRow(ctx context.Context, hall room, taker Taker, row paperRow, papers map[string]sitting, now time.Time) (line paperLine, same bool, bad []PaperProblem, err error) {
	refuse := func(column, code string, params map[string]any) {
		bad = append(bad, PaperProblem{Row: row.line, Column: column, Code: code, Params: params})
	}
	r := row.result
	if r.Label == "" {
		refuse(headLabel, "paper.label", nil)
		return line, false, bad, nil
	}
	sit, ok := papers[r.Label]
	if !ok {
		if sit, _, err = s.printed(ctx, hall.quiz.ID, r.Label, hall.version.Number); err != nil {
			return line, false, nil, err
		}
		papers[r.Label] = sit
	}
	o, fields := r.check(sit, hall.version.CreatedAt, now)
	for _, f := range fields {
		refuse(headingOf(f.Path), f.Key, f.Params)
	}
	if len(bad) > 0 {
		return line, false, bad, nil
	}
	attempts, err := s.ofMember(ctx, hall.quiz.ID, taker.MemberID)
	if err != nil {
		return line, false, nil, err
	}
	line = paperLine{Row: row.line, MemberID: taker.MemberID, Label: r.Label, SatAt: r.SatAt, Cells: r.Cells, Total: r.Total}
	for i := range attempts {
		a := &attempts[i]
		if !a.State.Counts() || a.Label == "" {
			continue
		}
		if a.Label == r.Label && a.Version == hall.version.Number {
			probe := *a
			probe.Steps = append([]Step(nil), a.Steps...)
			if !probe.enter(sit, o, "", "", now) {
				return line, true, nil, nil
			}
		}
		refuse(headName, "paper.entered", map[string]any{"label": a.Label})
		return line, false, bad, nil
	}
	line.Number, err = s.next(ctx, hall.quiz.ID, taker.MemberID, attempts, now)
	if fault.Is(err, fault.Conflict) {
		refuse(headName, fault.KeyOf(err), nil)
		err = nil
	}
	return line, false, bad, err
}

// Import gives an import of the actor's own.
func (s *Entries) Import(ctx context.Context, actor policies.Actor, id string) (PaperImport, error) {
	m, err := s.entered.Get(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && m.ActorID != actor.AccountID {
		return PaperImport{}, fault.New(fault.NotFound, "paper_import.not_found", "%s", id)
	}
	return m, err
}

// Imports gives the actor's imports for a quiz, the newest first, without their problems.
func (s *Entries) Imports(ctx context.Context, actor policies.Actor, quizID string) ([]PaperImport, error) {
	if _, err := s.room(ctx, actor, quizID, 0); err != nil {
		return nil, err
	}
	list := []PaperImport{}
	for m, err := range s.entered.Find(ctx, store.Query[PaperImport]{Index: "quiz", Eq: map[string]any{"quiz_id": quizID}, Desc: true,
		Match: func(m *PaperImport) bool { return m.ActorID == actor.AccountID }, Limit: 50}) {
		if err != nil {
			return nil, err
		}
		m.Problems = []PaperProblem{}
		list = append(list, m)
	}
	return list, nil
}

// Confirm enters the rows of a dry run, each once: a call that was cut is made again and goes on. Rows that
// somebody entered meanwhile become problems.
func (s *Entries) Confirm(ctx context.Context, actor policies.Actor, id string) (PaperImport, error) {
	m, err := s.Import(ctx, actor, id)
	if err != nil || m.State == PaperConfirmed {
		return m, err
	}
	hall, err := s.room(ctx, actor, m.QuizID, m.Version)
	if err != nil {
		return m, err
	}
	now := s.clock.Now()
	if m.State == PaperPreviewed && now.Sub(m.CreatedAt) >= paperLinesFor {
		return m, fault.New(fault.Conflict, "paper_import.old", "import %s is of %s", id, m.CreatedAt)
	}
	record := question.Act{Action: "paper_import.confirm", Object: "quiz:" + m.QuizID, Name: hall.version.Title, Detail: map[string]string{"file": m.File}}
	err = s.trail.Act(ctx, actor, record, func() error {
		m, err = s.entered.Update(ctx, id, func(m *PaperImport) error {
			if m.State == PaperUndone {
				return fault.New(fault.Conflict, "paper_import.state", "import %s is undone", id)
			}
			m.State = PaperConfirming
			return nil
		})
		if err != nil {
			return err
		}
		entered, late := 0, []PaperProblem{}
		for _, line := range m.Lines {
			switch code, err := s.enterLine(ctx, actor, hall.quiz, m, line, now); {
			case err != nil:
				return err
			case code != "":
				late = append(late, PaperProblem{Row: line.Row, Column: headName, Code: code})
			default:
				entered++
			}
		}
		m, err = s.entered.Update(ctx, id, func(m *PaperImport) error {
			if m.State != PaperConfirming {
				return store.ErrUnchanged
			}
			m.State, m.Entered, m.Lines = PaperConfirmed, entered, nil
			m.Errors += len(late)
			m.Problems = append(m.Problems, late...)
			return nil
		})
		return err
	})
	return m, err
}

// enterLine makes the attempt of a line; the code says why there is none.
func (s *Entries) enterLine(ctx context.Context, actor policies.Actor, q Quiz, m PaperImport, line paperLine, now time.Time) (code string, err error) {
	a, err := s.attempts.Get(ctx, AttemptID(q.ID, line.MemberID, line.Number))
	if err == nil && a.Batch == m.ID {
		return "", nil // by a call that was cut
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		return "", err
	}
	taker, err := s.member(ctx, actor, line.MemberID)
	if err == nil {
		var sit sitting
		var seed string
		if sit, seed, err = s.printed(ctx, q.ID, line.Label, m.Version); err != nil {
			return "", err
		}
		r := PaperResult{Label: line.Label, Version: m.Version, SatAt: line.SatAt, Cells: line.Cells, Total: line.Total}
		o, bad := r.check(sit, time.Time{}, now)
		if len(bad) > 0 {
			return bad[0].Key, nil
		}
		_, err = s.add(ctx, actor, q, taker, line.Number, sit, seed, r, o, m.ID, now)
	}
	var f *fault.Fault
	if errors.As(err, &f) && (f.Code == fault.Conflict || f.Code == fault.NotFound) {
		return f.Key, nil
	}
	return "", err
}

// UndoImport takes a confirmed import back: its attempts become void. Those that somebody corrected or marked
// since stay, and are named. It may be called again.
func (s *Entries) UndoImport(ctx context.Context, actor policies.Actor, id string) (PaperImport, error) {
	m, err := s.Import(ctx, actor, id)
	if err != nil {
		return m, err
	}
	hall, err := s.room(ctx, actor, m.QuizID, m.Version)
	if err != nil {
		return m, err
	}
	if m.State != PaperConfirmed && m.State != PaperUndone {
		return m, fault.New(fault.Conflict, "paper_import.state", "import %s is %s", id, m.State)
	}
	record := question.Act{Action: "paper_import.undo", Object: "quiz:" + m.QuizID, Name: hall.version.Title, Detail: map[string]string{"file": m.File}}
	err = s.trail.Act(ctx, actor, record, func() error {
		removed, kept, now := 0, []string{}, s.clock.Now()
		for a, err := range s.attempts.Find(ctx, store.Query[Attempt]{Index: "batch", Eq: map[string]any{"batch": id}}) {
			if err != nil {
				return err
			}
			if a.State == Void {
				continue
			}
			stays := false
			_, err = s.attempts.Update(ctx, a.ID, func(a *Attempt) error {
				if stays = a.touched(); stays || a.State == Void {
					return store.ErrUnchanged
				}
				return a.void(sitting{key: s.receiptKey}, actor.AccountID, "撤销批量录入："+m.File, now)
			})
			if err != nil {
				return err
			}
			if !stays {
				removed++
				continue
			}
			taker, err := s.taker(ctx, a.MemberID)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			kept = append(kept, strings.TrimSpace(taker.Name))
		}
		m, err = s.entered.Update(ctx, id, func(m *PaperImport) error {
			m.State, m.Kept = PaperUndone, kept
			m.Removed += removed
			return nil
		})
		return err
	})
	return m, err
}

// tidyEntries removes dry runs that nobody confirmed within a day, with what they say of members.
func (d *desk) tidyEntries(ctx context.Context) error {
	limit := d.clock.Now().Add(-paperLinesFor)
	for m, err := range d.entered.Find(ctx, store.Query[PaperImport]{Match: func(m *PaperImport) bool {
		return m.State == PaperPreviewed && m.CreatedAt.Before(limit)
	}}) {
		if err != nil {
			return err
		}
		if err := d.entered.Delete(ctx, m.ID); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}
