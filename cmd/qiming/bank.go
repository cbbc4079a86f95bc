package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"qiming/app"
	"qiming/exam/interchange"
	"qiming/exam/question"
)

type bankCommand struct {
	Import bankImport `cmd:"" help:"Import a question file; exit status 2 when it cannot be read at all."`
	Export bankExport `cmd:"" help:"Export questions as a file."`
}

type bankImport struct {
	app.Place `embed:""`
	File      string `arg:"" help:"File to import; - is the standard input."`
	Format    string `default:"auto" enum:"auto,xlsx,csv,json,package,moodle,docx,qti,gift,aiken" help:"Format: auto, xlsx, csv, json, package (JSON with pictures, .zip), moodle (Moodle XML, .xml), docx, qti, gift, aiken."`
	DryRun    bool   `help:"Only report what would happen."`
	JSON      bool   `help:"Print the report as JSON."`
	Org       string `placeholder:"ID|CODE" help:"Organisation node whose bank it is (default: the root)."`
	Category  string `placeholder:"ID" help:"Category that the questions go under."`
	Status    string `default:"draft" enum:"draft,review,published" help:"Status of the imported questions: draft, review, published."`
}

// Help shows examples under the flags.
func (bankImport) Help() string {
	return `Examples:
  qiming bank import 题库.xlsx --dry-run        what would be imported, and every problem by row
  qiming bank import 题库.xlsx --status published
  qiming bank import bank.gift --json > report.json`
}

// Run imports the file, with or without a server running on the same data.
func (c *bankImport) Run(ctx context.Context, s streams) error {
	data, err := readFile(c.File)
	if err != nil {
		return c.print(s.out, interchange.NotRead(interchange.Format(c.Format), err))
	}
	return withApp(ctx, c.Place, s, func(a *app.App) error {
		node, err := a.BankNode(ctx, c.Org)
		if err != nil {
			return err
		}
		actor := console()
		actor.AccountID = "" // no author, so --status published is not somebody's own approval
		bar := newProgress(s.err, "importing")
		report, err := a.Imports.ImportFile(ctx, actor, interchange.Ask{
			File: filepath.Base(c.File), Data: data, Format: interchange.Format(c.Format), OrgID: node,
			CategoryID: c.Category, Status: question.Status(c.Status),
		}, c.DryRun, bar.set)
		bar.finish()
		if err != nil {
			return err
		}
		return c.print(s.out, report)
	})
}

const shownWarnings = 20 // of a report that people read

func (c *bankImport) print(w io.Writer, report interchange.Report) error {
	if c.JSON {
		if err := report.WriteJSON(w); err != nil {
			return err
		}
	} else {
		verb := "imported"
		if c.DryRun {
			verb = "would be imported"
		}
		fmt.Fprintf(w, "%s: %d questions, %d %s, %d duplicates, %d refused\n",
			report.Format, report.Questions, report.Imported, verb, report.Duplicates, report.Refused())
		for _, kind := range slices.Sorted(maps.Keys(report.ByKind)) {
			fmt.Fprintf(w, "  %-10s %d\n", kind, report.ByKind[kind])
		}
		for _, p := range report.Problems {
			fmt.Fprintf(w, "row %d %s: %s\n", p.Row, p.Column, p.Message)
		}
		for _, p := range report.Warnings[:min(len(report.Warnings), shownWarnings)] {
			fmt.Fprintf(w, "warning, row %d %s: %s\n", p.Row, p.Column, p.Message)
		}
		if more := len(report.Warnings) - shownWarnings; more > 0 {
			fmt.Fprintf(w, "and %d more warnings; --json lists all\n", more)
		}
	}
	if code := report.Exit(); code != 0 {
		return exitCode(code)
	}
	return nil
}

// readFile reads up to a byte more than an import takes, which the import names.
func readFile(name string) ([]byte, error) {
	if name == "-" {
		return io.ReadAll(io.LimitReader(os.Stdin, interchange.MaxFile+1))
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, interchange.MaxFile+1))
}

type bankExport struct {
	app.Place `embed:""`
	File      string `arg:"" help:"File to write; - is the standard output."`
	Format    string `default:"auto" enum:"auto,xlsx,csv,json,package,moodle,gift,qti22,qti30" help:"Format: xlsx, csv, json, package (JSON with pictures, .zip), moodle (Moodle XML, .xml), gift, qti22, qti30; auto goes by the file's name."`
	Category  string `placeholder:"ID" help:"Only questions of the category and below it."`
	Status    string `default:"" enum:",draft,review,published,retired" placeholder:"STATUS" help:"Only questions of the status: draft, review, published, retired."`
}

// Help shows examples under the flags.
func (bankExport) Help() string {
	return `Examples:
  qiming bank export 题库.xlsx
  qiming bank export - --format json | jq .`
}

// format goes by the name of the file where no format is named.
func (c *bankExport) format() (interchange.Format, error) {
	if c.Format != "auto" {
		return interchange.Format(c.Format), nil
	}
	for _, f := range interchange.ExportFormats() {
		if strings.EqualFold(filepath.Ext(c.File), f.Extension()) {
			return f, nil
		}
	}
	return "", fmt.Errorf("%s does not say which format it is to have: name it with --format", c.File)
}

// Run exports all questions that fit.
func (c *bankExport) Run(ctx context.Context, s streams) error {
	return withData(ctx, c.Place, s, func(a *app.App) error {
		var file bytes.Buffer
		filter := question.Filter{CategoryID: c.Category}
		format, err := c.format()
		if err != nil {
			return err
		}
		if c.Category != "" {
			if _, err := a.Bank.Category(ctx, console(), c.Category); err != nil {
				return fmt.Errorf("--category %s: %w", c.Category, err)
			}
		}
		if c.Status != "" {
			filter.Statuses = []question.Status{question.Status(c.Status)}
		}
		warnings, err := a.Imports.Export(ctx, console(), filter, format, &file)
		if err != nil {
			return err
		}
		summarise(s.err, warnings)
		if c.File == "-" {
			_, err = s.out.Write(file.Bytes())
			return err
		}
		return writeFile(c.File, file.Bytes())
	})
}

// summarise counts the losses of an export by kind and shows the first few.
func summarise(w io.Writer, warnings []interchange.Problem) {
	if len(warnings) == 0 {
		return
	}
	kinds := map[string]int{}
	for _, p := range warnings {
		what, _ := p.Params["what"].(string)
		for kind := range strings.SplitSeq(what, "、") {
			kinds[p.Code+" "+kind]++
		}
	}
	fmt.Fprintf(w, "%d questions hold something that the format carries in part or in a way of our own:\n", len(warnings))
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		fmt.Fprintf(w, "  %-24s %d\n", kind, kinds[kind])
	}
	for _, p := range warnings[:min(len(warnings), 3)] {
		fmt.Fprintf(w, "for example row %d %s: %s\n", p.Row, p.Column, p.Message)
	}
}

// writeFile puts the file in place whole or not at all.
func writeFile(name string, data []byte) error {
	part, err := os.CreateTemp(filepath.Dir(name), ".qiming-")
	if err != nil {
		return err
	}
	defer os.Remove(part.Name())
	_, err = part.Write(data)
	return errors.Join(err, part.Chmod(0o644), part.Close(), rename(err, part.Name(), name))
}

func rename(before error, from, to string) error {
	if before != nil {
		return nil
	}
	return os.Rename(from, to)
}
