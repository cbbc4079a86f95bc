// Package apptest starts the whole application on a free port, on a real database, with a clock
// that the test sets, and speaks to it over HTTP as a browser does.
package apptest

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"sync"
	"testing"
	"time"

	"qiming/app"
	"qiming/app/account"
	"qiming/internal/ident"
	"qiming/policies"
)

// Server is a running application.
type Server struct {
	*app.App
	URL   string
	Clock *ident.Manual
	Log   *Log
	Data  string // directory

	hash string // of Password
	stop func() error
}

// Password is what every account of a test has.
const Password = "Qiming-2026-test"

// Cheap is a password hash that costs next to nothing.
var Cheap = account.Cost{Memory: 64, Passes: 1, Threads: 1}

// Start runs an application until the test ends. It stands on a fresh SQLite file, or on the
// database that change sets. The clock stands at 2026-03-05 09:00 in Beijing.
func Start(t testing.TB, change ...func(*app.Config)) *Server {
	t.Helper()
	return StartAt(t, ident.NewManual(time.Date(2026, 3, 5, 1, 0, 0, 0, time.UTC)), t.TempDir(), change...)
}

// StartAt runs an application on the data directory with the clock; several may share both.
func StartAt(t testing.TB, clock *ident.Manual, data string, change ...func(*app.Config)) *Server {
	t.Helper()
	config := app.Defaults(data)
	config.Listen = "127.0.0.1:0"
	config.RateAccount, config.RateAddress = 0, 0
	config.Drain = 5 * time.Second
	for _, set := range change {
		set(&config)
	}
	log := &Log{}
	a, err := app.New(t.Context(), config, deps(clock, log))
	if err != nil {
		t.Fatal(err)
	}
	url, err := a.Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{App: a, URL: url, Clock: clock, Log: log, Data: data}
	if s.hash, err = a.Accounts.Hash(t.Context(), Password); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	s.stop = sync.OnceValue(func() error {
		cancel()
		err := <-ended
		if closed := a.Close(); err == nil {
			err = closed
		}
		return err
	})
	t.Cleanup(func() {
		if err := s.Stop(); err != nil {
			t.Errorf("the application did not stop cleanly: %v", err)
		}
		if t.Failed() && os.Getenv("QIMING_TEST_LOG") != "" {
			t.Log(log.String())
		}
	})
	return s
}

func deps(clock ident.Clock, log io.Writer) app.Deps {
	settings := account.DefaultSettings(2)
	settings.Cost = Cheap
	return app.Deps{Clock: clock, Log: slog.New(slog.NewJSONHandler(log, nil)), Version: "test", Accounts: settings}
}

// Stop stops the application as SIGTERM does and closes its data.
func (s *Server) Stop() error { return s.stop() }

// Account makes an account with Password, that need not be changed.
func (s *Server) Account(t testing.TB, login string, grants ...policies.Grant) account.Account {
	t.Helper()
	made, err := s.Accounts.Seed(t.Context(), account.Draft{Login: login, Name: "测试 " + login, Grants: grants}, s.hash)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// MemberAccount makes the account of a member, with Password.
func (s *Server) MemberAccount(t testing.TB, login, memberID string, grants ...policies.Grant) account.Account {
	t.Helper()
	made, err := s.Accounts.Seed(t.Context(), account.Draft{Login: login, Name: "测试 " + login, MemberID: memberID, Grants: grants}, s.hash)
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// Everywhere is an actor that may do anything, for tests that prepare data through the services.
func Everywhere() policies.Actor {
	return policies.Actor{
		AccountID: "test", Name: "测试", Address: "test", Scope: policies.Scope{policies.Everywhere},
		Grants: []policies.Grant{{Role: policies.SecurityAdmin, OrgID: policies.Everywhere}},
	}
}

// Log collects what the application logs.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write appends.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String gives all of it.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
