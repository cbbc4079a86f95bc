package media

import (
	"context"
	"strings"
	"time"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// grace is how long an upload may wait for something to show it: for the author who is still writing.
const grace = 7 * 24 * time.Hour

// stray is how old an object without a document must be to be a crash's leftover.
const stray = 24 * time.Hour

// Collected is what Collect did.
type Collected struct {
	Idle    int   `json:"idle"`    // files that nothing shows, in their days of grace
	Removed int   `json:"removed"` // files
	Strays  int   `json:"strays"`  // objects that no document names
	Bytes   int64 `json:"bytes"`   // freed
}

// Collect removes files that nothing has referred to for a week, and what crashes left behind. It may stop
// anywhere and go on in the next run.
func (l *Library) Collect(ctx context.Context) (Collected, error) {
	var out Collected
	now := l.Clock.Now()
	for f, err := range l.files.Find(ctx, store.Query[File]{}) {
		if err != nil {
			return out, err
		}
		if f.Gone {
			err = l.remove(ctx, f, &out)
		} else {
			err = l.weigh(ctx, f, now, &out)
		}
		if err != nil {
			return out, err
		}
	}
	err := l.sweepStrays(ctx, now, &out)
	return out, err
}

// weigh looks at one file: idle from now on, idle no more, or idle for long enough.
func (l *Library) weigh(ctx context.Context, f File, now time.Time, out *Collected) error {
	referred, err := l.referred(ctx, f.ID)
	if err != nil {
		return err
	}
	switch {
	case referred && f.IdleSince == nil:
		return l.awaitFilm(ctx, f)
	case referred:
		_, err = l.files.Update(ctx, f.ID, func(f *File) error { f.IdleSince = nil; return nil })
		return err
	case f.IdleSince == nil:
		out.Idle++
		_, err = l.files.Update(ctx, f.ID, func(f *File) error { f.IdleSince = &now; return nil })
		return err
	case now.Sub(*f.IdleSince) < grace:
		out.Idle++
		return nil
	}
	marked, err := l.files.Update(ctx, f.ID, func(f *File) error {
		if f.IdleSince == nil || now.Sub(*f.IdleSince) < grace {
			return store.ErrUnchanged // uploaded again meanwhile
		}
		f.Gone = true
		return nil
	})
	if err != nil || !marked.Gone {
		return err
	}
	if referred, err = l.referred(ctx, f.ID); err != nil || referred { // since we looked: it stays
		_, back := l.files.Update(ctx, f.ID, func(f *File) error { f.Gone, f.IdleSince = false, nil; return nil })
		if err == nil {
			err = back
		}
		return err
	}
	return l.remove(ctx, marked, out)
}

// remove takes the objects first and the document last, so that a crash leaves something to go on with.
func (l *Library) remove(ctx context.Context, f File, out *Collected) error {
	for _, kind := range []taskKind{textTask, videoTask} {
		if err := l.unqueue(ctx, kind, f.ID); err != nil {
			return err
		}
	}
	if err := l.removeAll(ctx, derivedKey(f.ID, "")); err != nil {
		return err
	}
	if err := l.Bucket.Delete(ctx, contentKey(f.ID)); err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	for _, org := range f.Orgs {
		if err := l.charge(ctx, org, -f.weight()); err != nil {
			return err
		}
	}
	if err := l.files.Delete(ctx, f.ID); err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	out.Removed++
	out.Bytes += f.weight()
	return nil
}

func (l *Library) sweepStrays(ctx context.Context, now time.Time, out *Collected) error {
	named := func(key string) error { // by a document
		parts := strings.Split(strings.TrimSuffix(key, "/"), "/")
		if parts[0] == "uploads" {
			_, err := l.uploads.Get(ctx, parts[1])
			return err
		}
		_, err := l.files.Get(ctx, parts[2]) // KIND/AB/ID
		return err
	}
	for _, prefix := range []string{"files/", derivedPrefix, "uploads/"} {
		for object, err := range l.Bucket.List(ctx, prefix) {
			if err != nil {
				return err
			}
			if now.Sub(object.StoredAt) < stray || strings.Count(object.Key, "/") < 2 {
				continue
			}
			if err := named(object.Key); !fault.Is(err, fault.NotFound) {
				if err != nil {
					return err
				}
				continue
			}
			if err := l.Bucket.Delete(ctx, object.Key); err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			out.Strays++
			out.Bytes += object.Size
		}
	}
	return nil
}
