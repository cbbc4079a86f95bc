package app

import (
	"bytes"
	"io"
	"log/slog"
	"sync"
	"time"
)

// NewLog gives a log of JSON lines on w, and what writes out the rest of it at the end. Lines below a
// warning wait up to a fifth of a second for company: at a few hundred requests a second a system call
// for each line is a twentieth of the server's processor time.
func NewLog(w io.Writer, level slog.Level) (log *slog.Logger, flush func()) {
	lines := &lines{out: w}
	return slog.New(slog.NewJSONHandler(lines, &slog.HandlerOptions{Level: level})), lines.flush
}

const (
	logWait = 200 * time.Millisecond
	logSize = 32 << 10
)

// lines gathers log lines. slog writes each line with one call.
type lines struct {
	out io.Writer

	mu      sync.Mutex
	waiting []byte
	timer   bool
}

func (l *lines) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.waiting = append(l.waiting, line...)
	urgent := bytes.Contains(line, []byte(`"level":"ERROR"`)) || bytes.Contains(line, []byte(`"level":"WARN"`))
	switch {
	case urgent || len(l.waiting) >= logSize:
		return len(line), l.write()
	case !l.timer:
		l.timer = true
		time.AfterFunc(logWait, l.flush)
	}
	return len(line), nil
}

func (l *lines) flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timer = false
	_ = l.write() // there is no better place to tell of it
}

func (l *lines) write() error {
	if len(l.waiting) == 0 {
		return nil
	}
	_, err := l.out.Write(l.waiting)
	l.waiting = l.waiting[:0]
	return err
}
