package media

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
)

// Task is work on a file that takes longer than a request: joining the parts of an upload, reading its text, making a video
// ready. Its id is "KIND|SUBJECT". The process that works on it renews a lease; where one dies, another goes on. A task
// that is done is removed.
type Task struct {
	store.Meta `bson:",inline"`
	Kind       taskKind  `bson:"kind"`
	Subject    string    `bson:"subject"` // upload or file
	State      TaskState `bson:"state"`
	After      time.Time `bson:"after"` // not before; of a running one: when its lease is over
	Share      float64   `bson:"share"` // done, 0..1
	Tries      int       `bson:"tries"`
	Holder     string    `bson:"holder,omitempty"`
	Error      string    `bson:"error,omitempty"` // of the last try; English, for the log and the operator

	Reason string         `bson:"reason,omitempty"` // of the last try: key of a fault, for the author
	Params map[string]any `bson:"params,omitempty"` // of its message
}

// TaskState is how a task stands.
type TaskState string

// The states.
const (
	Waiting TaskState = "waiting"
	Running TaskState = "running"
	Failed  TaskState = "failed" // after all its tries, or for what no try mends (fault.Invalid)
)

type taskKind string

const (
	joinTask  taskKind = "join"
	textTask  taskKind = "text"
	videoTask taskKind = "video"
)

const (
	taskLease = time.Minute
	taskTries = 5
)

// lanes keep short work from waiting behind long work: each is worked on by itself. A process without an encoder leaves videos to
// others, and to the day when it has one.
func (l *Library) lanes(ctx context.Context) []taskKind {
	list := []taskKind{joinTask, textTask}
	if l.encodes(ctx) {
		list = append(list, videoTask)
	}
	return list
}

func taskID(kind taskKind, subject string) string { return string(kind) + "|" + subject }

// queue asks for a task. One that waits or runs already stays as it is; one that failed begins anew.
func (l *Library) queue(ctx context.Context, kind taskKind, subject string) error {
	t := Task{Meta: store.Meta{ID: taskID(kind, subject)}, Kind: kind, Subject: subject, State: Waiting, After: l.Clock.Now()}
	err := l.tasks.Insert(ctx, &t)
	if fault.Is(err, fault.Exists) {
		_, err = l.tasks.Update(ctx, t.ID, func(kept *Task) error {
			if kept.State != Failed {
				return store.ErrUnchanged
			}
			kept.State, kept.After, kept.Tries, kept.Share = Waiting, t.After, 0, 0
			kept.Error, kept.Reason, kept.Params = "", "", nil
			return nil
		})
		if fault.Is(err, fault.NotFound) { // it was done meanwhile
			err = l.tasks.Insert(ctx, &t)
		}
	}
	if err != nil {
		return err
	}
	select {
	case l.wake[kind] <- struct{}{}:
	default: // its lane is told already
	}
	return nil
}

// unqueue ends a task; who works on it notices with the next renewal of its lease.
func (l *Library) unqueue(ctx context.Context, kind taskKind, subject string) error {
	err := l.tasks.Delete(ctx, taskID(kind, subject))
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// Run works on tasks until ctx ends. Every process of the service runs it.
func (l *Library) Run(ctx context.Context) error {
	done := make(chan struct{})
	all := l.lanes(ctx)
	for _, lane := range all {
		go func() {
			defer func() { done <- struct{}{} }()
			tick := time.NewTicker(time.Second)
			defer tick.Stop()
			for {
				if err := l.work(ctx, lane); err != nil && ctx.Err() == nil {
					l.Log.Error("media tasks", "error", err)
				}
				select {
				case <-ctx.Done():
					return
				case <-tick.C:
				case <-l.wake[lane]:
				}
			}
		}()
	}
	for range all {
		<-done
	}
	return nil
}

// Work does every task that is due and returns. Tests call it where Run would wait for the clock.
func (l *Library) Work(ctx context.Context) error {
	for _, lane := range l.lanes(ctx) {
		if err := l.work(ctx, lane); err != nil {
			return err
		}
	}
	return nil
}

func (l *Library) work(ctx context.Context, kind taskKind) error {
	for {
		t, found, err := l.claim(ctx, kind)
		if err == nil && kind == videoTask { // now: who died at it holds it no more
			err = l.sweepScratch(ctx)
		}
		if err != nil || !found {
			return err
		}
		if err := l.perform(ctx, t); err != nil {
			return err
		}
	}
}

// claim takes a task that waits, or one whose holder has died.
func (l *Library) claim(ctx context.Context, kind taskKind) (Task, bool, error) {
	now := l.Clock.Now()
	holder := ident.New()
	for _, state := range []TaskState{Waiting, Running} {
		page, err := l.tasks.Page(ctx, store.Query[Task]{Index: "due", Eq: map[string]any{"kind": kind, "state": state}, To: now.Add(time.Millisecond), Limit: 5})
		if err != nil {
			return Task{}, false, err
		}
		for _, t := range page.Items {
			mine := false
			t, err = l.tasks.Update(ctx, t.ID, func(t *Task) error {
				if mine = t.State != Failed && !t.After.After(now); !mine {
					return store.ErrUnchanged
				}
				t.State, t.Holder, t.After = Running, holder, now.Add(taskLease)
				t.Tries++
				return nil
			})
			if fault.Is(err, fault.NotFound) {
				continue
			}
			if err != nil || mine {
				return t, mine, err
			}
		}
	}
	return Task{}, false, nil
}

// perform does a task under its lease.
func (l *Library) perform(ctx context.Context, t Task) error {
	working, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	beat := &heartbeat{library: l, task: t, stop: stop}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		beat.run(working)
	}()
	err := l.attempt(working, t, beat.progress)
	stop(nil)
	<-ended
	if errors.Is(context.Cause(working), errTaken) {
		return nil // ended by somebody, or another works on it by now
	}
	return l.settle(context.WithoutCancel(ctx), t, err, ctx.Err() != nil)
}

var errTaken = errors.New("media: the task is no longer ours")

// attempt does what the task is. A panic is its error: a broken file must not take the process down.
func (l *Library) attempt(ctx context.Context, t Task, progress func(float64)) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	switch t.Kind {
	case joinTask:
		return l.join(ctx, t.Subject, progress)
	case textTask:
		return l.readText(ctx, t.Subject)
	case videoTask:
		return l.makeFilm(ctx, t, progress)
	}
	return fmt.Errorf("media: no such task: %s", t.Kind)
}

// settle notes how a task ended. What a stop of the process cut off is not counted as a try.
func (l *Library) settle(ctx context.Context, t Task, failure error, stopped bool) error {
	if failure == nil {
		err := l.tasks.Delete(ctx, t.ID)
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		return err
	}
	if !stopped {
		l.Log.Warn("media task failed", "task", t.ID, "try", t.Tries, "error", failure)
	}
	_, err := l.tasks.Update(ctx, t.ID, func(kept *Task) error {
		if kept.Holder != t.Holder {
			return store.ErrUnchanged
		}
		kept.Holder, kept.State, kept.Error, kept.Reason, kept.Params = "", Waiting, failure.Error(), fault.KeyOf(failure), paramsOf(failure)
		kept.After = l.Clock.Now().Add(time.Duration(kept.Tries*kept.Tries) * 10 * time.Second)
		switch {
		case stopped:
			kept.Tries, kept.After, kept.Error = kept.Tries-1, l.Clock.Now(), ""
			kept.Reason, kept.Params = "", nil
		case kept.Tries >= taskTries || fault.Is(failure, fault.Invalid):
			kept.State = Failed
		}
		return nil
	})
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}

// heartbeat renews the lease of a task, tells how far it is, and stops it where it is no longer ours.
type heartbeat struct {
	library *Library
	task    Task
	stop    context.CancelCauseFunc
	share   atomic.Uint64 // bits of a float
}

func (h *heartbeat) progress(share float64) { h.share.Store(math.Float64bits(min(1, max(0, share)))) }

func (h *heartbeat) run(ctx context.Context) {
	ident.Every(ctx, 2*time.Second, func() bool {
		_, err := h.library.tasks.Update(ctx, h.task.ID, func(t *Task) error {
			if t.Holder != h.task.Holder {
				return errTaken
			}
			t.Share, t.After = math.Float64frombits(h.share.Load()), h.library.Clock.Now().Add(taskLease)
			return nil
		})
		if errors.Is(err, errTaken) || fault.Is(err, fault.NotFound) {
			h.stop(errTaken)
			return true
		}
		return false
	})
}

// task gives how the work on a subject stands; nil where there is none.
func (l *Library) task(ctx context.Context, kind taskKind, subject string) (*Task, error) {
	t, err := l.tasks.Get(ctx, taskID(kind, subject))
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return &t, err
}

// ignoreAbsent takes a file that went meanwhile for no fault.
func ignoreAbsent(err error) error {
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
