package app

import (
	"bytes"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"
)

type shared struct {
	mu sync.Mutex
	bytes.Buffer
}

func (s *shared) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Buffer.Write(b)
}
func (s *shared) String() string { s.mu.Lock(); defer s.mu.Unlock(); return s.Buffer.String() }

func TestLogLinesComeTogetherAndInOrder(t *testing.T) {
	var out shared
	log, flush := NewLog(&out, slog.LevelInfo)
	log.Info("one")
	if got := out.String(); got != "" {
		t.Fatalf("written at once: %q", got)
	}
	log.Error("two") // does not wait, and takes along what does
	if got := out.String(); strings.Count(got, "\n") != 2 || strings.Index(got, "one") > strings.Index(got, "two") {
		t.Fatalf("%q", got)
	}
	log.Info("three")
	flush()
	if !strings.Contains(out.String(), "three") {
		t.Fatal("the rest is not written at the end")
	}
	log.Info("four") // by itself, without anybody asking
	for end := time.Now().Add(10 * time.Second); !strings.Contains(out.String(), "four"); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("a line waits for ever")
		}
	}
	log.Info(strings.Repeat("x", logSize))
	if !strings.Contains(out.String(), "xxx") {
		t.Fatal("a full buffer waits")
	}
}
