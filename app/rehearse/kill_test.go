package rehearse_test

import (
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"qiming/app/rehearse"
)

// takers is how many take part: few in make test, QIMING_REHEARSE_TAKERS for the full rehearsal.
func takers(t *testing.T, few int) int {
	if s := os.Getenv("QIMING_REHEARSE_TAKERS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return few
}

// The server is killed five times while members answer; nothing acknowledged may be lost, and
// everybody gets to the end.
func TestKilledServerLosesNoAcknowledgedAnswer(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: not checked that SIGKILL during an exam loses no acknowledged answer")
	}
	s := start(t, build(t), t.TempDir())
	n := takers(t, 30)
	taking := make(chan struct{})
	var once sync.Once
	over := make(chan struct{})
	var report *rehearse.Report
	var err error
	go func() {
		defer close(over)
		report, err = rehearse.Run(testContext(t), rehearse.Config{
			URLs: []string{s.url}, Takers: n, Ramp: 3 * time.Second, Think: 600 * time.Millisecond, Retry: 2 * time.Minute,
			Progress: func(phase string, done, total int) {
				if phase == "sign_in" && done == total {
					once.Do(func() { close(taking) })
				}
			},
		})
	}()
	kills := 0
	select {
	case <-taking:
	case <-over:
	}
	for kills < 5 {
		select {
		case <-over:
			t.Fatalf("the rehearsal ended after %d kills (error %v)", kills, err)
		case <-time.After(1500 * time.Millisecond):
		}
		s.kill()
		kills++
		s.run()
	}
	<-over
	if err != nil {
		t.Fatal(err)
	}
	if !report.OK() || report.Retries == 0 {
		report.Print(os.Stderr)
		t.Fatalf("completed %d of %d, lost %d, errors %d, retries %d", report.Completed, n, report.LostAnswers, report.Errors, report.Retries)
	}
	t.Logf("%d takers, %d kills, %d repeated requests, no answer lost", n, kills, report.Retries)
}

// Every request of a taker goes to the other of two processes on one SQLite file.
func TestTwoProcessesOnOneFile(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: not checked that two processes serve one SQLite file")
	}
	binary, data := build(t), t.TempDir()
	first := start(t, binary, data)
	second := start(t, binary, data)
	report, err := rehearse.Run(testContext(t), rehearse.Config{
		URLs: []string{first.url, second.url}, Takers: takers(t, 30), Ramp: time.Second, Think: 50 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	if !report.OK() {
		report.Print(os.Stderr)
		t.Fatal("two processes on one file lost something")
	}
}
