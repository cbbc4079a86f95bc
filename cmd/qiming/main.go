// Command qiming is the server of Qiming (启明) and the tools around it, one file a subcommand.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	_ "time/tzdata" // a machine without zone files is no reason to fail

	"github.com/alecthomas/kong"

	"qiming/app"
	"qiming/app/account"
	"qiming/internal/ident"
)

type cli struct {
	Config kong.ConfigFlag `placeholder:"FILE" env:"QIMING_CONFIG" help:"YAML file of settings, each named as its flag: listen, db, media ..."`

	Serve    serveCommand    `cmd:"" help:"Run the server."`
	User     userCommand     `cmd:"" help:"Accounts: add, reset, list."`
	Bank     bankCommand     `cmd:"" help:"Question bank: import and export files."`
	Exam     examCommand     `cmd:"" help:"Exams: check receipts, statistics of a table of marks."`
	Search   searchCommand   `cmd:"" help:"Search: measure it on passages and queries with known answers."`
	Audit    auditCommand    `cmd:"" help:"Audit trail: check the chain."`
	Media    mediaCommand    `cmd:"" help:"Kept files: check them."`
	Rehearse rehearseCommand `cmd:"" help:"Load rehearsal: simulated members take a quiz on a running server."`
	Openapi  openapiCommand  `cmd:"" help:"Print the OpenAPI document."`
	Version  versionCommand  `cmd:"" help:"Print the version."`
}

// streams are where a command reads and writes; commands touch nothing else of the process.
type streams struct {
	out io.Writer // results
	err io.Writer // progress, log
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], streams{out: os.Stdout, err: os.Stderr}))
}

// exitCode is an error that only sets the exit status: the command has said the rest.
type exitCode int

func (e exitCode) Error() string { return fmt.Sprintf("exit status %d", int(e)) }

// run parses and does one command and gives the exit status: 0 done, 1 failed, misused.
func run(ctx context.Context, args []string, s streams) int {
	var c cli
	status := -1
	parser, err := kong.New(&c,
		kong.Name("qiming"),
		kong.Description("Qiming 启明: learning and examination platform.\n\nEvery flag can also be a QIMING_* variable (QIMING_LISTEN) or a line of the file given with --config. A flag comes before a variable, a variable before the file."),
		kong.Configuration(yamlLoader),
		kong.DefaultEnvars("QIMING"),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Writers(s.out, s.err),
		kong.Exit(func(code int) { status = code }),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(s),
	)
	if err != nil {
		panic(err) // a mistake in the declarations above
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if status >= 0 { // help was asked for and given
		return status
	}
	if err != nil {
		fmt.Fprintf(s.err, "qiming: %s\n", misuse(err))
		return misused
	}
	err = command.Run()
	var code exitCode
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	}
	fmt.Fprintf(s.err, "qiming: %s\n", sentence(err))
	return 1
}

// open opens the data for a command that works on them.
func open(ctx context.Context, place app.Place, s streams) (*app.App, error) {
	config := app.Defaults(place.Data)
	config.Place = place
	log := slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	return app.New(ctx, config, deps(log))
}

func deps(log *slog.Logger) app.Deps {
	return app.Deps{
		Clock: ident.System{}, Log: log, Version: version(), Accounts: account.DefaultSettings(runtime.GOMAXPROCS(0)),
	}
}
