package main

import (
	"context"
	"encoding/json"
	"fmt"

	"qiming/app"
	"qiming/media"
)

type mediaCommand struct {
	Verify mediaVerify `cmd:"" help:"Read every kept file and compare it with what was uploaded; exit status 1 where something is wrong."`
}

type mediaVerify struct {
	app.Place `embed:""`
	JSON      bool `help:"Print JSON."`
}

// Help gives examples.
func (mediaVerify) Help() string {
	return "Examples:\n\n  qiming media verify\n  qiming media verify --json --media 's3://KEY:SECRET@HOST:9000/qiming'\n\n" +
		"Findings: missing, corrupt, size (of a file in the bucket), reference (a text shows a file that is not kept), usage (the count of an organisation)."
}

// Run checks the files. It changes nothing and may run beside a server.
func (c *mediaVerify) Run(ctx context.Context, s streams) error {
	return withData(ctx, c.Place, s, func(a *app.App) error {
		bar, read := newProgress(s.err, "files"), 0
		checked, err := a.Media.Check(ctx, func(media.File) { read++; bar.set(read, -1) })
		bar.finish()
		if err != nil {
			return err
		}
		if c.JSON {
			err = json.NewEncoder(s.out).Encode(checked)
		} else {
			for _, f := range checked.Findings {
				fmt.Fprintf(s.out, "%-9s  %s  %s\n", f.Code, f.ID, f.Text)
			}
			_, err = fmt.Fprintf(s.out, "%d files, %.1f MiB, %d findings\n", checked.Files, float64(checked.Bytes)/(1<<20), len(checked.Findings))
		}
		if err == nil && len(checked.Findings) > 0 {
			err = exitCode(1)
		}
		return err
	})
}
