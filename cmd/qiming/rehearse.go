package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"time"

	"qiming/app/rehearse"
)

type rehearseCommand struct {
	URL      []string      `default:"http://127.0.0.1:8080" help:"The server. Several on one database: repeat the flag, requests go round."`
	Takers   int           `default:"200" help:"How many members take the quiz."`
	Ramp     time.Duration `default:"10s" help:"All of them start within this time."`
	Think    time.Duration `default:"5s" help:"Mean pause before each save; 0 is none."`
	Quiz     string        `placeholder:"ID" help:"The quiz. Without it a demo server makes one of its own, and the accounts."`
	Items    int           `default:"20" help:"Items of the quiz that is made."`
	Accounts string        `type:"existingfile" placeholder:"FILE" help:"CSV of login,password: who takes the quiz. Needed with --quiz on a server that is no demo."`
	Retry    time.Duration `default:"0s" help:"How long a taker repeats a request that met a dead server."`
	Seed     int64         `default:"1" help:"Of the takers' choices and pauses."`
	JSON     bool          `help:"Print JSON."`
}

// Help shows examples under the flags.
func (rehearseCommand) Help() string {
	return `Signs the members in first, then lets them start within the ramp, save every answer one by one and hand in, and
reads every attempt back: an answer that was acknowledged and is not there is lost. Exit status 1 where an answer
was lost or a request failed.

Examples:
  qiming rehearse --takers 2000 --ramp 10s                 against a server started with --demo
  qiming rehearse --takers 200 --think 0 --json
  qiming rehearse --url https://exam.example.org --quiz ID --accounts takers.csv --takers 50`
}

// Run rehearses and prints the report.
func (c *rehearseCommand) Run(ctx context.Context, s streams) error {
	for _, flag := range []struct {
		name string
		bad  bool
		want string
	}{
		{"takers", c.Takers < 1, "1 or more"}, {"items", c.Items < 1, "1 or more"}, {"ramp", c.Ramp < 0, "a duration such as 10s"},
		{"think", c.Think < 0, "a duration such as 5s, or 0"}, {"retry", c.Retry < 0, "a duration such as 30s, or 0"},
	} {
		if flag.bad {
			return fmt.Errorf("--%s: give %s", flag.name, flag.want)
		}
	}
	config := rehearse.Config{
		URLs: c.URL, Takers: c.Takers, Ramp: c.Ramp, Think: c.Think, Quiz: c.Quiz, Items: c.Items, Retry: c.Retry, Rand: c.Seed,
	}
	var err error
	if config.Accounts, err = readAccounts(c.Accounts); err != nil {
		return err
	}
	bars := phases{s: s}
	config.Progress = bars.progress
	report, err := rehearse.Run(ctx, config)
	bars.end()
	if err != nil {
		return err
	}
	if c.JSON {
		err = json.NewEncoder(s.out).Encode(report)
	} else {
		report.Print(s.out)
	}
	if err == nil && !report.OK() {
		err = exitCode(1)
	}
	return err
}

func readAccounts(path string) ([]rehearse.Account, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows := csv.NewReader(f)
	rows.FieldsPerRecord = 2
	all, err := rows.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("%s: each line must be login,password: %w", path, err)
	}
	accounts := make([]rehearse.Account, len(all))
	for i, row := range all {
		accounts[i] = rehearse.Account{Login: row[0], Password: row[1]}
	}
	return accounts, nil
}

// phases shows one bar after the other.
type phases struct {
	s     streams
	mu    sync.Mutex
	phase string
	bar   *progress
}

func (p *phases) progress(phase string, done, total int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if phase != p.phase {
		if p.bar != nil {
			p.bar.finish()
		}
		p.phase, p.bar = phase, newProgress(p.s.err, phase)
	}
	p.bar.set(done, total)
}

func (p *phases) end() {
	if p.bar != nil {
		p.bar.finish()
	}
}
