package media

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"qiming/internal/ident"
	"qiming/internal/store"
)

// The crash test runs this test binary again as another process.
const (
	childFolder = "QIMING_MEDIA_CHILD"
	childUpload = "QIMING_MEDIA_UPLOAD"
	childRound  = "QIMING_MEDIA_ROUND"
	childBytes  = 2<<20 + 333
)

func TestMain(m *testing.M) {
	if folder := os.Getenv(childFolder); folder != "" {
		act := sendUntilKilled
		if os.Getenv(childUpload) == "" {
			act = filmUntilKilled
		}
		if err := act(folder); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// openCrash opens the data of the crash test in a round: the leases of the rounds before are over.
func openCrash(ctx context.Context, folder string, round int) (*Library, *store.DB, error) {
	clock := ident.NewManual(monday.Add(time.Duration(round) * 2 * taskLease))
	bucket, err := Open(ctx, "dir:"+filepath.Join(folder, "media"))
	if err != nil {
		return nil, nil, err
	}
	db, err := store.Open(ctx, "sqlite:"+filepath.Join(folder, "q.db"), clock)
	if err != nil {
		return nil, nil, err
	}
	l := New(Deps{DB: db, Bucket: bucket, Clock: clock, Key: []byte("key"), Path: "/files/", Log: slog.New(slog.DiscardHandler)})
	return l, db, db.Start(ctx)
}

// openChild opens the library in the process that is to be killed.
func openChild(ctx context.Context, folder string) (*Library, error) {
	round, err := strconv.Atoi(os.Getenv(childRound))
	if err != nil {
		return nil, err
	}
	l, _, err := openCrash(ctx, folder, round)
	return l, err
}

func sendUntilKilled(folder string) error {
	ctx := context.Background()
	l, err := openChild(ctx, folder)
	if err != nil {
		return err
	}
	data := film(childBytes, 77)
	u, err := l.Incoming(ctx, "anna", os.Getenv(childUpload))
	for err == nil && u.State == Receiving {
		end := min(u.Length, u.Offset+rand.Int64N(16_000)+1)
		if u, err = l.Receive(ctx, "anna", u.ID, u.Offset, data[u.Offset:end]); err == nil {
			fmt.Println(u.Offset)
		}
	}
	if err == nil {
		err = l.Work(ctx)
	}
	return err
}

// A process that receives is killed again and again, between parts, within them, and while it joins them. What it had
// acknowledged is there each time, and the file is whole in the end.
func TestUploadSurvivesKills(t *testing.T) {
	folder, ctx := t.TempDir(), t.Context()
	l, db, err := openCrash(ctx, folder, 0)
	if err != nil {
		t.Fatal(err)
	}
	u, err := l.Create(ctx, "anna", "a", "f.mp4", "", childBytes)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	kills, whole := 0, false
	for round := 1; !whole; round++ {
		if round > 300 {
			t.Fatal("it does not come to an end")
		}
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(self)
		var out bytes.Buffer
		cmd.Stdout, cmd.Stderr = &out, os.Stderr
		cmd.Env = append(os.Environ(), childFolder+"="+folder, childUpload+"="+u.ID, childRound+"="+strconv.Itoa(round))
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		// Later rounds live longer, so that a slow machine comes to an end too: what is joined is joined in one go.
		killer := time.AfterFunc(30*time.Millisecond+rand.N(120*time.Millisecond+time.Duration(round*round)*time.Millisecond), func() { _ = cmd.Process.Kill() })
		if whole = cmd.Wait() == nil; !whole {
			kills++
		}
		killer.Stop()
		told := int64(0)
		for line := range bytes.Lines(out.Bytes()) {
			if n, err := strconv.ParseInt(string(bytes.TrimSuffix(line, []byte("\n"))), 10, 64); err == nil && bytes.HasSuffix(line, []byte("\n")) {
				told = n
			}
		}
		l, db, err := openCrash(ctx, folder, round)
		if err != nil {
			t.Fatal(err)
		}
		if u, err = l.Incoming(ctx, "anna", u.ID); err != nil || u.Offset < told {
			t.Fatalf("round %d: %d bytes were acknowledged, %d are here (%v)", round, told, u.Offset, err)
		}
		if whole {
			r, err := l.Open(ctx, File{Meta: store.Meta{ID: u.FileID}}, "", Range{})
			if err != nil {
				t.Fatal(err)
			}
			if data, err := readAll(r); err != nil || !bytes.Equal(data, film(childBytes, 77)) {
				t.Errorf("another content (%v)", err)
			}
			for object, err := range l.Bucket.List(ctx, "uploads/") {
				t.Errorf("%s is left behind (%v)", object.Key, err)
			}
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if kills < 2 {
		t.Errorf("killed %d times only", kills)
	}
	t.Logf("killed %d times", kills)
}
