package store_test

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// untilFull inserts until the disk is full and gives what was acknowledged.
func untilFull(ctx context.Context, c store.Collection[Sheet]) (acked []string, err error) {
	for i := range 5000 {
		s := Sheet{Meta: store.Meta{ID: fmt.Sprintf("s%05d", i)}, Run: "fill", Count: i}
		s.fill(20_000)
		if err := c.Insert(ctx, &s); err != nil {
			if fault.KeyOf(err) != "store.full" || !fault.Is(err, fault.Unavailable) {
				return nil, fmt.Errorf("a full disk gave %w", err)
			}
			if s.Rev != 0 {
				return nil, fmt.Errorf("a failed insert left revision %d in the document", s.Rev)
			}
			return acked, nil
		}
		acked = append(acked, s.ID)
	}
	return nil, fmt.Errorf("%d documents and the disk never got full", len(acked))
}

// whileFull checks that reads work, that nothing acknowledged is gone and that a change of an
// old document fails as clearly.
func whileFull(ctx context.Context, c store.Collection[Sheet], acked []string) error {
	got, err := c.GetMany(ctx, acked)
	if err != nil {
		return fmt.Errorf("reading from a full disk: %w", err)
	}
	for _, id := range acked {
		if s, ok := got[id]; !ok || !s.whole() {
			return fmt.Errorf("%s was acknowledged; there %v", id, ok)
		}
	}
	if n, err := c.Count(ctx, store.Query[Sheet]{Index: "run"}); n != len(acked) || err != nil {
		return fmt.Errorf("the index has %d of %d, %w", n, len(acked), err)
	}
	if n, err := c.Count(ctx, store.Query[Sheet]{}); n != len(acked) || err != nil {
		return fmt.Errorf("there are %d documents, %d were acknowledged, %w", n, len(acked), err)
	}
	_, err = c.Update(ctx, acked[0], func(s *Sheet) error { s.fill(200_000); return nil })
	if fault.KeyOf(err) != "store.full" {
		return fmt.Errorf("an update on a full disk gave %w", err)
	}
	if s, err := c.Get(ctx, acked[0]); err != nil || s.Rev != 1 || !s.whole() {
		return fmt.Errorf("the failed update left revision %d, %w", s.Rev, err)
	}
	return nil
}

// afterFull checks that the same open database writes again.
func afterFull(ctx context.Context, c store.Collection[Sheet], acked []string) error {
	for i := range 50 {
		s := Sheet{Meta: store.Meta{ID: fmt.Sprintf("again%d", i)}, Run: "again", Count: i}
		s.fill(20_000)
		if err := c.Insert(ctx, &s); err != nil {
			return fmt.Errorf("space is back, still: %w", err)
		}
	}
	if _, err := c.Update(ctx, acked[0], func(s *Sheet) error { s.fill(30_000); return nil }); err != nil {
		return fmt.Errorf("space is back, still: %w", err)
	}
	got, err := c.GetMany(ctx, acked)
	if err == nil && len(got) != len(acked) {
		err = fmt.Errorf("%d of %d acknowledged documents there", len(got), len(acked))
	}
	return err
}

// limitChild meets a file-size limit that it sets itself, then lifts it.
func limitChild() error {
	ctx := context.Background()
	signal.Ignore(syscall.SIGXFSZ)
	db, c, err := openSheets(ctx, os.Getenv(childPath))
	if err != nil {
		return err
	}
	var was syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		return err
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 3 << 20, Max: was.Max}); err != nil {
		return err
	}
	acked, err := untilFull(ctx, c)
	if err != nil {
		return err
	}
	if err := whileFull(ctx, c, acked); err != nil {
		return err
	}
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was); err != nil {
		return err
	}
	if err := afterFull(ctx, c, acked); err != nil {
		return err
	}
	fmt.Println(len(acked), "acknowledged before the limit")
	return db.Close()
}

func TestFullDisk(t *testing.T) {
	t.Run("a file may not grow", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "q.db")
		out, err := child(t, "limit", path, "").Output()
		if err != nil {
			t.Fatalf("the child ended with %v", err)
		}
		t.Log(strings.TrimSpace(string(out)))
		checkFile(t, path)
	})
	t.Run("a file system is full", func(t *testing.T) {
		dir := t.TempDir()
		if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=8m"); err != nil {
			t.Skipf("NOT CHECKED: a full file system (ENOSPC); this user may not mount a tmpfs: %v. "+
				"The file-size limit above was checked.", err)
		}
		defer func() {
			if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
				t.Error(err)
			}
		}()
		ballast := filepath.Join(dir, "ballast")
		if err := os.WriteFile(ballast, make([]byte, 4<<20), 0o600); err != nil {
			t.Fatal(err)
		}
		ctx := t.Context()
		path := filepath.Join(dir, "q.db")
		db, c, err := openSheets(ctx, path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		acked, err := untilFull(ctx, c)
		if err != nil {
			t.Fatal(err)
		}
		if err := whileFull(ctx, c, acked); err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(ballast); err != nil {
			t.Fatal(err)
		}
		if err := afterFull(ctx, c, acked); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		checkFile(t, path)
		t.Logf("%d acknowledged before the disk was full", len(acked))
	})
}
