package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"text/tabwriter"

	"qiming/app"
	"qiming/app/demo"
)

type serveCommand struct {
	app.Config `embed:""`
}

// Help shows examples under the flags.
func (serveCommand) Help() string {
	return `Examples:
  qiming serve                              on ./data and http://127.0.0.1:8080
  qiming serve --demo --data /tmp/try       a demo organisation to look around in
  qiming serve --listen :8080 --proxies 10.0.0.2
  qiming serve --db mongodb://localhost/qiming --media "s3://KEY:SECRET@localhost:9000/qiming?secure=false"`
}

// Run serves until the process is told to stop.
func (c *serveCommand) Run(ctx context.Context, s streams) (err error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
		return err
	}
	if c.Drain < 0 || !(c.RateAccount >= 0) || !(c.RateAddress >= 0) || c.Quota < 0 { // also refuses NaN
		return errors.New("--drain, --rate-account, --rate-address and --quota may not be below 0")
	}
	log, flush := app.NewLog(s.err, level)
	defer flush()
	a, err := app.New(ctx, c.Config, deps(log))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	address, err := a.Listen(ctx)
	if err != nil {
		return err
	}
	var accounts []demo.Account
	if c.Demo { // after Listen: a taken port is heard of at once
		fmt.Fprintln(s.out, "正在准备演示组织，首次需要几秒至几分钟…\npreparing the demo organisation; the first time takes seconds, on a slow database minutes")
		if accounts, err = app.Seed(ctx, c.Config, deps(log)); err != nil {
			return err
		}
	}
	if err := c.welcome(ctx, a, address, accounts, s); err != nil {
		return err
	}
	return a.Run(ctx)
}

// welcome tells on the console where the server is and who can sign in.
func (c *serveCommand) welcome(ctx context.Context, a *app.App, address string, accounts []demo.Account, s streams) error {
	fmt.Fprintf(s.out, "\n启明 Qiming   %s\n", address)
	token, err := a.Accounts.PrepareSetup(ctx)
	if err != nil {
		return err
	}
	if token != "" {
		// In the fragment the token reaches no server's log and no proxy.
		fmt.Fprintf(s.out, "\n首次运行：请在 24 小时内打开以下链接，建立第一个管理员（仅可使用一次）\n"+
			"First run: open this link within 24 hours to make the first administrator (works once)\n  %s/setup#%s\n",
			strings.TrimSuffix(address, "/"), url.Values{"token": {token}}.Encode())
	}
	if len(accounts) > 0 {
		fmt.Fprintf(s.out, "\n演示组织，密码均为 %s\nDemo organisation; everybody's password is %s\n\n", demo.Password, demo.Password)
		table := tabwriter.NewWriter(s.out, 2, 0, 3, ' ', 0)
		for _, account := range accounts {
			fmt.Fprintf(table, "  %s\t%s\t%s\n", account.Login, account.Role, account.Place)
		}
		if err := table.Flush(); err != nil {
			return err
		}
	}
	fmt.Fprintln(s.out)
	return nil
}
