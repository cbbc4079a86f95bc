package store_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"qiming/internal/store"
)

// A second engine on the same file, in the same process, must leave the first one's locks alone: without
// them another process would take the database for abandoned and clear its log away.
func TestSecondOpeningKeepsTheLocks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "q.db")
	open := func() *store.DB {
		db, err := store.Open(t.Context(), "sqlite:"+path, noon())
		if err != nil {
			t.Fatal(err)
		}
		store.Define[Member](db, memberSpec())
		if err := db.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		return db
	}
	first := open()
	defer first.Close()
	before := locksOn(t, path)
	if before == 0 {
		t.Fatal("the open database holds no lock: this test sees nothing")
	}
	second := open()
	if got := locksOn(t, path); got < before {
		t.Errorf("%d locks while a second engine is open, %d before", got, before)
	}
	if err := second.Close(); err != nil {
		t.Fatal(err)
	}
	if got := locksOn(t, path); got < before {
		t.Errorf("%d locks after the second engine closed, %d before", got, before)
	}
}

// locksOn counts this process's POSIX locks on a file.
func locksOn(t *testing.T, path string) int {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	locks, err := os.ReadFile("/proc/locks")
	if err != nil {
		t.Fatal(err)
	}
	owner := fmt.Sprintf(" %d ", os.Getpid())
	inode := fmt.Sprintf(":%d ", info.Sys().(*syscall.Stat_t).Ino)
	n := 0
	for line := range strings.Lines(string(locks)) {
		if strings.Contains(line, owner) && strings.Contains(line, inode) {
			n++
		}
	}
	return n
}
