package main

import (
	"encoding/json"
	"fmt"
	"os"

	"qiming/exam/shortanswer"
)

type gradeEval struct {
	File        string  `arg:"" help:"Answers with the marks of people, a JSON object a line; - is the standard input."`
	MarkedShare float64 `default:"0" help:"Share of each question's answers, the first in the file, that count as marked already; only the others are scored."`
	Threshold   float64 `default:"0.16" help:"Confidence from which an estimate counts as confident, 0..1."`
	JSON        bool    `help:"Print JSON: null where a figure is not defined."`
}

// Help shows the form of the file under the flags.
func (gradeEval) Help() string {
	return `Each line: {"qid","question","model","answer","score","max"}; "model" may be missing, texts but for "qid" may be empty. Key
points are proposed from the model answer, as they are for an author. Errors are shares of an answer's points; auto is the share of answers that would not wait for an evaluator. Examples:
  qiming exam grade-eval answers.jsonl
  qiming exam grade-eval answers.jsonl --marked-share 0.2 --json`
}

// Run evaluates; it needs no data of a server.
func (c *gradeEval) Run(s streams) error {
	if !(c.MarkedShare >= 0 && c.MarkedShare < 1) || !(c.Threshold >= 0 && c.Threshold <= 1) {
		return unusable(s, fmt.Errorf("--marked-share must be at least 0 and below 1, --threshold between 0 and 1"))
	}
	in := os.Stdin
	if c.File != "-" {
		var err error
		if in, err = os.Open(c.File); err != nil {
			return unusable(s, err)
		}
		defer in.Close()
	}
	records, err := shortanswer.ReadRecords(in)
	if err != nil {
		return unusable(s, err)
	}
	e := shortanswer.Evaluate(records, c.MarkedShare, c.Threshold)
	if c.JSON {
		return json.NewEncoder(s.out).Encode(e)
	}
	_, err = fmt.Fprintf(s.out, "%d answers: Pearson %s, RMSE %s; confident %.0f %%, RMSE of those %s\n",
		e.Answers, figure(e.Pearson), figure(e.RMSE), 100*e.AutoShare, figure(e.AutoRMSE))
	return err
}
