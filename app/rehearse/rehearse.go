// Package rehearse is the load rehearsal: simulated members take a real quiz against a running
// server over HTTP, and every answer the server acknowledged is read back and compared.
//
// It knows the server only through its public API, as a phone would. Words: a taker is one simulated
// member; the ramp is the time within which all takers start; think time is the pause of a taker
// before each save; a lost answer is one that was acknowledged and is absent or different afterwards.
package rehearse

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Config says what to rehearse.
type Config struct {
	URLs     []string      // of the server, "http://127.0.0.1:8080"; of several on one database, requests go round
	Takers   int           // how many members take the quiz
	Ramp     time.Duration // all start within it, evenly spread
	Think    time.Duration // pause before each save; 0 = none
	Quiz     string        // id of a quiz; "" = the demo server makes one of Items items
	Items    int           // items of the made quiz, 20 by default
	Retry    time.Duration // how long a taker repeats a request that met a dead server; 0 = not at all
	Accounts []Account     // who takes it; empty = a demo server makes Takers accounts
	Operator Account       // system administrator of a demo server; by default the demo's own
	SignIns  int           // sign-ins at once, 8 by default

	Progress func(phase string, done, total int) // called often, from several goroutines; may be nil
	Rand     int64                               // seed of the takers' choices
}

// Account is a login of a taker.
type Account struct{ Login, Password string }

// Run does the whole rehearsal. An error means that it could not take place; answers lost and failed
// requests are in the report.
func Run(ctx context.Context, cfg Config) (*Report, error) {
	if cfg.Items == 0 {
		cfg.Items = 20
	}
	if cfg.SignIns == 0 {
		cfg.SignIns = 8
	}
	if cfg.Operator.Login == "" {
		cfg.Operator = Account{"system", "Qiming-demo-2026"} // known to everybody, on demo servers only
	}
	if cfg.Progress == nil {
		cfg.Progress = func(string, int, int) {}
	}
	c := newClient(cfg.URLs, cfg.Takers, cfg.Retry)
	defer c.close()

	if len(cfg.Accounts) == 0 {
		cfg.Progress("prepare", 0, 1)
		quiz, accounts, err := c.prepare(ctx, cfg.Operator, cfg.Takers, cfg.Items, cfg.Quiz)
		if err != nil {
			return nil, fmt.Errorf("the server made no rehearsal (only a server started with --demo does; elsewhere give --quiz and --accounts): %w", err)
		}
		cfg.Quiz, cfg.Accounts = quiz, accounts
		cfg.Progress("prepare", 1, 1)
	}
	if cfg.Quiz == "" {
		return nil, fmt.Errorf("give --quiz with --accounts")
	}
	if len(cfg.Accounts) < cfg.Takers {
		return nil, fmt.Errorf("%d takers, but only %d accounts", cfg.Takers, len(cfg.Accounts))
	}

	takers := make([]*taker, cfg.Takers)
	for i := range takers {
		takers[i] = newTaker(i, cfg, c)
	}
	tally := newTally()
	c.tally = tally

	signIn(ctx, cfg, takers)

	meter := watchServer(ctx, c)
	begun := time.Now()
	takeAll(ctx, cfg, takers, begun)
	took := time.Since(begun)
	use := meter.stop()

	lost, checkFailed := readBack(ctx, cfg, takers)
	return tally.report(cfg, takers, took, use, lost, checkFailed), ctx.Err()
}

// signIn is a phase of its own: password hashing is slow on purpose and no part of the save budget.
func signIn(ctx context.Context, cfg Config, takers []*taker) {
	var done atomic.Int64
	parallel(cfg.SignIns, takers, func(t *taker) {
		t.signIn(ctx)
		cfg.Progress("sign_in", int(done.Add(1)), len(takers))
	})
}

// takeAll lets every taker start at its moment of the ramp and work until handed in.
func takeAll(ctx context.Context, cfg Config, takers []*taker, begun time.Time) {
	var wg sync.WaitGroup
	var done atomic.Int64
	for i, t := range takers {
		if t.failed != nil {
			continue
		}
		wg.Add(1)
		go func() {
			defer wg.Done()
			at := begun.Add(cfg.Ramp * time.Duration(i) / time.Duration(len(takers)))
			if !sleep(ctx, time.Until(at)) {
				return
			}
			t.take(ctx)
			cfg.Progress("take", int(done.Add(1)), len(takers))
		}()
	}
	wg.Wait()
}

// readBack reads every attempt and counts acknowledged answers that are absent or different.
func readBack(ctx context.Context, cfg Config, takers []*taker) (lost, failed int) {
	var nLost, nFailed, done atomic.Int64
	parallel(cfg.SignIns, takers, func(t *taker) {
		l, err := t.lostAnswers(ctx)
		nLost.Add(int64(l))
		if err != nil {
			nFailed.Add(1)
		}
		cfg.Progress("read_back", int(done.Add(1)), len(takers))
	})
	return int(nLost.Load()), int(nFailed.Load())
}

func parallel(n int, takers []*taker, do func(*taker)) {
	var wg sync.WaitGroup
	queue := make(chan *taker)
	for range n {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for t := range queue {
				do(t)
			}
		}()
	}
	for _, t := range takers {
		queue <- t
	}
	close(queue)
	wg.Wait()
}

// sleep waits for d and says whether it got to the end.
func sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
