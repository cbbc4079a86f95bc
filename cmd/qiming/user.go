package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"qiming/app"
	"qiming/app/account"
	"qiming/internal/fault"
	"qiming/policies"
)

type userCommand struct {
	Add   userAdd   `cmd:"" help:"Make an account; prints its one-time password."`
	Reset userReset `cmd:"" help:"Give an account a new one-time password and end its sessions."`
	List  userList  `cmd:"" help:"List the accounts."`
}

// console is who acts from the command line: whoever may read the data directory may do anything.
func console() policies.Actor {
	return policies.Actor{
		AccountID: "console", Name: "命令行", Address: "console",
		Grants: []policies.Grant{{Role: policies.SecurityAdmin, OrgID: policies.Everywhere}},
		Scope:  policies.Scope{policies.Everywhere},
	}
}

type userAdd struct {
	app.Place `embed:""`
	Login     string   `arg:"" help:"Sign-in name."`
	Name      string   `required:"" help:"Name of the person."`
	Member    string   `placeholder:"ID" help:"Id of the member whose account it is."`
	Grant     []string `placeholder:"ROLE[@ORG]" help:"Role, at an organisation node by id; administrators need no node. Several, separated by commas."`
	JSON      bool     `help:"Print JSON."`
}

// Help shows examples under the flags.
func (userAdd) Help() string {
	return `Examples:
  qiming user add admin2 --name 李静 --grant system_admin
  qiming user add chen --name 陈晨 --grant trainer@d4k2v8c5n0s1q3f7a9b0`
}

// Run makes the account.
func (c *userAdd) Run(ctx context.Context, s streams) error {
	grants, err := parseGrants(c.Grant)
	if err != nil {
		return err
	}
	return withApp(ctx, c.Place, s, func(a *app.App) error {
		if c.Member != "" {
			if _, err := a.Members.Get(ctx, console(), c.Member); err != nil {
				return fmt.Errorf("--member %s: %w", c.Member, err)
			}
		}
		created, err := a.Accounts.Create(ctx, console(), account.Draft{Login: c.Login, Name: c.Name, MemberID: c.Member, Grants: grants})
		if fault.Is(err, fault.Exists) {
			return fmt.Errorf("there is an account of that sign-in name or member already: %w", err)
		}
		if err != nil {
			return err
		}
		return c.print(s.out, created)
	})
}

func (c *userAdd) print(w io.Writer, created account.Created) error {
	if c.JSON {
		return json.NewEncoder(w).Encode(created)
	}
	_, err := fmt.Fprintf(w, "%s\none-time password: %s\n", created.Account.Login, created.Password)
	return err
}

func parseGrants(texts []string) ([]policies.Grant, error) {
	grants := make([]policies.Grant, 0, len(texts))
	for _, text := range texts {
		role, node, found := strings.Cut(text, "@")
		grant := policies.Grant{Role: policies.Role(role), OrgID: node}
		if !found && grant.Role.Administrator() {
			grant.OrgID = policies.Everywhere
		}
		grants = append(grants, grant)
	}
	return grants, policies.CheckGrants(grants)
}

type userReset struct {
	app.Place `embed:""`
	Login     string `arg:"" help:"Sign-in name."`
	JSON      bool   `help:"Print JSON."`
}

// Run resets the password.
func (c *userReset) Run(ctx context.Context, s streams) error {
	return withApp(ctx, c.Place, s, func(a *app.App) error {
		found, err := a.Accounts.ByLogin(ctx, c.Login)
		if err != nil {
			return err
		}
		reset, err := a.Accounts.Reset(ctx, console(), found.ID)
		if err != nil {
			return err
		}
		return (&userAdd{JSON: c.JSON}).print(s.out, reset)
	})
}

type userList struct {
	app.Place `embed:""`
	JSON      bool `help:"Print one JSON object a line."`
}

// Run lists all accounts by sign-in name.
func (c *userList) Run(ctx context.Context, s streams) error {
	return withData(ctx, c.Place, s, func(a *app.App) error {
		table := tabwriter.NewWriter(s.out, 0, 8, 2, ' ', 0)
		if !c.JSON {
			fmt.Fprintln(table, "LOGIN\tNAME\tROLES\tSTATUS")
		}
		filter := account.Filter{Limit: 500}
		for {
			page, err := a.Accounts.List(ctx, filter)
			if err != nil {
				return err
			}
			for _, found := range page.Items {
				if err := c.row(table, s.out, found); err != nil {
					return err
				}
			}
			if page.Next == "" {
				return table.Flush()
			}
			filter.After = page.Next
		}
	})
}

func (c *userList) row(table, out io.Writer, found account.Account) error {
	if c.JSON {
		return json.NewEncoder(out).Encode(found)
	}
	roles := make([]string, len(found.Grants))
	for i, grant := range found.Grants {
		roles[i] = string(grant.Role)
	}
	status := "active"
	switch {
	case found.Disabled:
		status = "disabled"
	case found.MustChange:
		status = "must change password"
	}
	_, err := fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", found.Login, found.Name, strings.Join(roles, ","), status)
	return err
}

// withData is withApp for commands that only read: where there is no database they make none.
func withData(ctx context.Context, place app.Place, s streams, work func(*app.App) error) error {
	path, local := strings.CutPrefix(place.DB, "sqlite:")
	if place.DB == "" {
		path, local = filepath.Join(place.Data, "qiming.db"), true
	}
	if local {
		path, _, _ = strings.Cut(path, "?")
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("there is no database %s; name the right place with --data or --db: %w", path, err)
		}
	}
	return withApp(ctx, place, s, work)
}

// withApp opens the data, does the work, writes out the trail and closes.
func withApp(ctx context.Context, place app.Place, s streams, work func(*app.App) error) error {
	a, err := open(ctx, place, s)
	if err != nil {
		return err
	}
	return errors.Join(work(a), a.Trail.Close(context.WithoutCancel(ctx)), a.Close())
}
