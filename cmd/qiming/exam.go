package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"

	"qiming/app"
	"qiming/exam"
)

type examCommand struct {
	Verify    examVerify `cmd:"" help:"Check receipts that a member exported; exit status 1 where they do not hold."`
	Stats     examStats  `cmd:"" help:"Statistics of a table of marks; exit status 2 when it cannot be used."`
	GradeEval gradeEval  `cmd:"" help:"Compare the marking of short answers with the marks of people; exit status 2 when the file cannot be used."`
}

type examVerify struct {
	app.Place `embed:""`
	File      string `arg:"" help:"File of receipts, as the member exported it; - is the standard input."`
	JSON      bool   `help:"Print JSON."`
}

// Help shows examples under the flags.
func (examVerify) Help() string {
	return `The receipts hold where each follows from the one before under the server's key, and where the attempt on
this server contains every one of them. Example:
  qiming exam verify receipts.json`
}

// Run checks the chain.
func (c *examVerify) Run(ctx context.Context, s streams) error {
	data, err := readFile(c.File)
	if err != nil {
		return err
	}
	var chain exam.Chain
	if err := json.Unmarshal(data, &chain); err != nil {
		return fmt.Errorf("%s holds no receipts: %w", c.File, err)
	}
	return withData(ctx, c.Place, s, func(a *app.App) error {
		verdict, err := a.Exams.Attempts.VerifyChain(ctx, chain)
		if err != nil {
			return err
		}
		if c.JSON {
			err = json.NewEncoder(s.out).Encode(verdict)
		} else {
			err = tell(s.out, chain, verdict)
		}
		if err == nil && !(verdict.OK && verdict.Kept) {
			err = exitCode(1)
		}
		return err
	})
}

func tell(w io.Writer, chain exam.Chain, verdict exam.Verdict) error {
	text := "the receipts hold, and this server has every step of them"
	switch {
	case !verdict.OK:
		text = fmt.Sprintf("the receipt of step %d does NOT hold: the file was altered, or another server made it", verdict.BrokenAt)
	case !verdict.Kept:
		text = "the receipts are genuine, but this server does NOT have all of the steps"
	}
	_, err := fmt.Fprintf(w, "attempt %s, %d steps: %s\n", chain.AttemptID, len(chain.Steps), text)
	return err
}
