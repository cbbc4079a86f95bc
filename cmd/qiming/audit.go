package main

import (
	"context"
	"encoding/json"
	"fmt"

	"qiming/app"
	"qiming/app/account"
)

type auditCommand struct {
	Verify auditVerify `cmd:"" help:"Check the whole chain of the audit trail; exit status 1 where it is broken."`
}

type auditVerify struct {
	app.Place `embed:""`
	JSON      bool `help:"Print JSON."`
}

// Run checks the chain.
func (c *auditVerify) Run(ctx context.Context, s streams) error {
	return withData(ctx, c.Place, s, func(a *app.App) error {
		report, err := a.Trail.Verify(ctx)
		if err != nil {
			return err
		}
		if report.OK && report.Entries == 0 { // whoever has an account was put there by a recorded act
			page, err := a.Accounts.List(ctx, account.Filter{Limit: 1})
			if err != nil {
				return err
			}
			if len(page.Items) > 0 {
				report.OK, report.BrokenAt, report.Reason = false, 1, "missing"
			}
		}
		if c.JSON {
			err = json.NewEncoder(s.out).Encode(report)
		} else if report.OK {
			_, err = fmt.Fprintf(s.out, "the chain is whole: %d entries\n", report.Entries)
		} else {
			_, err = fmt.Fprintf(s.out, "the chain is BROKEN at entry %d: %s\n", report.BrokenAt, report.Reason)
		}
		if err == nil && !report.OK {
			err = exitCode(1)
		}
		return err
	})
}
