package media

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"qiming/internal/fault"
)

// Encoder is ffmpeg, with the ffprobe beside it. What it works on came from outside and may be made to hurt: it is told which format
// that is, so that no playlist is followed; it opens local files only, knows usual codecs only, has one thread and the least
// priority, and ends with this process, even where that is killed.
type Encoder struct {
	ffmpeg, ffprobe string

	asking  sync.Mutex
	asked   bool
	version string
	broken  error
}

// patience is how long the encoder may make no progress.
const patience = 5 * time.Minute

// FindEncoder finds ffmpeg by its name or path. An empty name is no encoder, and no error.
func FindEncoder(name string) (*Encoder, error) {
	if name == "" {
		return nil, nil
	}
	at, err := exec.LookPath(name)
	if err != nil {
		return nil, err
	}
	if at, err = filepath.Abs(at); err != nil {
		return nil, err
	}
	folder, base := filepath.Split(at)
	probe := filepath.Join(folder, strings.Replace(base, "ffmpeg", "ffprobe", 1))
	if probe == at {
		return nil, fmt.Errorf("%s: the file is to be named ffmpeg, with ffprobe beside it", at)
	}
	if probe, err = exec.LookPath(probe); err != nil {
		return nil, err
	}
	return &Encoder{ffmpeg: at, ffprobe: probe}, nil
}

// Version gives the version of ffmpeg; an error where it does not run or cannot write what browsers play. It is asked once: the
// answer is kept, unless ctx ended first.
func (e *Encoder) Version(ctx context.Context) (string, error) {
	e.asking.Lock()
	defer e.asking.Unlock()
	if !e.asked {
		version, err := e.ask(ctx)
		if ctx.Err() != nil {
			return "", ctx.Err()
		}
		e.version, e.broken, e.asked = version, err, true
	}
	return e.version, e.broken
}

func (e *Encoder) ask(ctx context.Context) (version string, err error) {
	ctx, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	list, err := e.output(ctx, e.ffmpeg, "", "-hide_banner", "-encoders")
	if err != nil {
		return "", err
	}
	for _, codec := range []string{" libx264 ", " aac "} {
		if !bytes.Contains(list, []byte(codec)) {
			return "", fmt.Errorf("%s has no encoder%s", e.ffmpeg, strings.TrimRight(codec, " "))
		}
	}
	told, err := e.output(ctx, e.ffmpeg, "", "-version")
	if words := strings.Fields(string(told)); err == nil && len(words) > 2 {
		version = words[2]
	}
	return version, err
}

// output runs a program that tells something, and gives what it tells.
func (e *Encoder) output(ctx context.Context, program, dir string, args ...string) ([]byte, error) {
	var out bytes.Buffer
	err := start(ctx, program, dir, args, func(r io.Reader) error {
		_, err := io.Copy(&out, io.LimitReader(r, 4*mib))
		return err
	})
	return out.Bytes(), err
}

// run runs ffmpeg in a directory. seen is told which second of the film is done. What the film is to blame for is fault.Invalid, "film.broken".
func (e *Encoder) run(ctx context.Context, dir string, seen func(second float64), args ...string) error {
	working, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	watch := time.AfterFunc(patience, func() { stop(errStalled) })
	defer watch.Stop()
	args = append([]string{"-nostdin", "-hide_banner", "-v", "error", "-y", "-progress", "pipe:1"}, args...)
	err := start(working, e.ffmpeg, dir, args, func(r io.Reader) error {
		last := int64(-1)
		lines := bufio.NewScanner(r)
		for lines.Scan() {
			text, found := strings.CutPrefix(lines.Text(), "out_time_us=")
			if at, err := strconv.ParseInt(text, 10, 64); found && err == nil && at > last {
				last = at
				watch.Reset(patience)
				seen(float64(at) / 1e6)
			}
		}
		return lines.Err()
	})
	if errors.Is(context.Cause(working), errStalled) {
		return fault.Wrap(fault.Invalid, "film.broken", errStalled)
	}
	return err
}

var errStalled = errors.New("the encoder makes no progress")

// start runs a program to its end, which comes at once where ctx ends; read takes what it tells. A program that ends with a refusal
// is fault.Invalid, "film.broken".
func start(ctx context.Context, program, dir string, args []string, read func(io.Reader) error) error {
	runtime.LockOSThread() // the program ends with the thread that started it
	defer runtime.UnlockOSThread()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir, cmd.SysProcAttr, cmd.WaitDelay = dir, bound(), 5*time.Second
	cmd.Env = []string{"LC_ALL=C", "PATH=" + os.Getenv("PATH"), "LD_LIBRARY_PATH=" + os.Getenv("LD_LIBRARY_PATH")} // no secrets of ours
	complaints := &tail{}
	cmd.Stderr = complaints
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		return unavailable(err)
	}
	yieldTo(cmd.Process.Pid)
	readErr := read(out)
	_, _ = io.Copy(io.Discard, out) // so that it does not wait for us
	err = cmd.Wait()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil:
		return readErr
	case complaints.has("No space left on device") || complaints.has("Disk quota exceeded"):
		return fault.New(fault.Unavailable, "film.full", "%s", complaints)
	case cmd.ProcessState.ExitCode() > 0:
		return fault.New(fault.Invalid, "film.broken", "%s: %v: %s", filepath.Base(program), err, complaints)
	}
	return fmt.Errorf("%s: %w: %s", filepath.Base(program), err, complaints) // killed by somebody
}

// tail keeps the first and the last of what a program complains about.
type tail struct{ head, rest []byte }

// Write takes it.
func (t *tail) Write(p []byte) (int, error) {
	const most = 2000
	n := min(len(p), most-len(t.head))
	t.head = append(t.head, p[:n]...)
	t.rest = append(t.rest, p[n:]...)
	t.rest = t.rest[max(0, len(t.rest)-most):]
	return len(p), nil
}

// String gives it in one line.
func (t *tail) String() string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(string(t.head)+" "+string(t.rest), "?")), " ")
}

func (t *tail) has(words string) bool { return strings.Contains(t.String(), words) }
