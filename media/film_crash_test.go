package media

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"qiming/internal/peer"
)

// filmUntilKilled makes a video ready in the other process.
func filmUntilKilled(folder string) error {
	ctx := context.Background()
	l, err := openChild(ctx, folder)
	if err != nil {
		return err
	}
	if l.Encoder, err = FindEncoder("ffmpeg"); err != nil {
		return err
	}
	l.Scratch = filepath.Join(folder, "films")
	return l.Work(ctx)
}

// A process that makes a video ready is killed: the encoder ends with it, and the next process goes on and leaves nothing behind.
func TestTheEncoderEndsWithAKilledProcess(t *testing.T) {
	folder, ctx := t.TempDir(), t.Context()
	data := peer.Clip(t, ".mp4", "-f lavfi -i testsrc=size=640x360:rate=25 -t 20 -c:v libx264 -preset ultrafast")
	l, db, err := openCrash(ctx, folder, 0)
	s := &shelf{T: t, Library: l, ctx: ctx}
	s.ok(err)
	f := s.arrive(data)
	s.ok(db.Close())

	self, err := os.Executable()
	s.ok(err)
	cmd := exec.Command(self)
	cmd.Stderr = os.Stderr
	cmd.Env = append(os.Environ(), childFolder+"="+folder, childUpload+"=", childRound+"=1")
	s.ok(cmd.Start())
	scratch := filepath.Join(folder, "films")
	var begun []string
	for range 2400 {
		if begun, err = filepath.Glob(filepath.Join(scratch, "*", "*p.mp4")); len(begun) > 0 || err != nil {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	if len(begun) == 0 || len(workers(t, scratch)) == 0 {
		t.Fatalf("%v, %v: nothing is begun", begun, workers(t, scratch))
	}
	s.ok(cmd.Process.Kill())
	_ = cmd.Wait()
	for try := 0; len(workers(t, scratch)) > 0; try++ {
		if try > 2400 {
			t.Fatalf("%v still run", workers(t, scratch))
		}
		time.Sleep(50 * time.Millisecond)
	}
	l, db, err = openCrash(ctx, folder, 2) // when its lease is over
	s.ok(err)
	s = &shelf{T: t, Library: l, ctx: ctx}
	s.screen(scratch)
	s.ok(s.Work(ctx))
	item := s.item(f.ID)
	if item.Film != Streaming || s.frames(s.variant(item.File, "360p.mp4")) != 500 {
		t.Errorf("%+v %+v", item.File, item.Work)
	}
	s.scratchEmpty()
	s.ok(db.Close())
}
