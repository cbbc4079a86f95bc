package media

import (
	"context"
	"regexp"
	"slices"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// A text shows a file by ![what is to be seen](media:ID).
var inText = regexp.MustCompile(`\]\(media:([0-9a-f]{32})\)`)

// In gives the ids of the files that texts show, each once, in their order.
func In(texts ...string) []string {
	var ids []string
	for _, text := range texts {
		for _, m := range inText.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(ids, m[1]) {
				ids = append(ids, m[1])
			}
		}
	}
	return ids
}

// Refer notes that an object shows files, before the object is written: from now on they stay. A file that
// is not kept is fault.Invalid, "media.unknown", with Params["id"].
func (l *Library) Refer(ctx context.Context, object string, ids []string) error {
	for _, id := range ids {
		ref := reference{Meta: store.Meta{ID: id + "|" + object}, FileID: id, Object: object}
		if err := l.refs.Insert(ctx, &ref); err != nil && !fault.Is(err, fault.Exists) {
			return err
		}
		// Only now: Collect marks a file before it looks for references once more.
		f, err := l.files.Get(ctx, id)
		switch {
		case fault.Is(err, fault.NotFound):
			if err := l.refs.Delete(ctx, ref.ID); err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			return fault.New(fault.Invalid, "media.unknown", "file %s is not kept", id).With("id", id)
		case err != nil:
			return err
		case f.Gone:
			return errBusy(id)
		case f.IdleSince != nil:
			if _, err := l.files.Update(ctx, id, func(f *File) error { f.IdleSince = nil; return nil }); err != nil {
				return err
			}
		}
		if err := l.wanted(ctx, f, object); err != nil {
			return err
		}
	}
	return nil
}

// Shown gives the ids of the files that an object refers to.
func (l *Library) Shown(ctx context.Context, object string) ([]string, error) {
	var ids []string
	for ref, err := range l.refs.Find(ctx, store.Query[reference]{Index: "object", Eq: map[string]any{"object": object}}) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, ref.FileID)
	}
	return ids, nil
}

// Release forgets what an object showed; Collect removes what nothing shows any more.
func (l *Library) Release(ctx context.Context, object string) error {
	var ids []string
	for ref, err := range l.refs.Find(ctx, store.Query[reference]{Index: "object", Eq: map[string]any{"object": object}}) {
		if err != nil {
			return err
		}
		ids = append(ids, ref.ID)
	}
	for _, id := range ids {
		if err := l.refs.Delete(ctx, id); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}

func (l *Library) referred(ctx context.Context, id string) (bool, error) {
	n, err := l.refs.Count(ctx, store.Query[reference]{Index: "file", Eq: map[string]any{"file_id": id}})
	return n > 0, err
}
