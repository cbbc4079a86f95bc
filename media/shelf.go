package media

import (
	"context"
	"slices"
	"strings"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// The shelf of an organisation holds what came in parts: the material that its authors choose from. It is a reference like
// any other, so that nothing is removed from it but by hand.
func shelfOf(orgID string) string { return shelfPrefix + orgID }

const shelfPrefix = "shelf:"

// Item is a file on a shelf.
type Item struct {
	File
	Uses []string `json:"uses" doc:"What shows it: question:ID@VERSION, article:ID ..."`
	Work *Work    `json:"work,omitempty" doc:"What is being made of it"`
}

// Work is how far a task on a file is.
type Work struct {
	Kind  string    `json:"kind" enum:"text,video"`
	State TaskState `json:"state" enum:"waiting,running,failed"`
	Share float64   `json:"share" doc:"0..1"`

	Reason string         `json:"reason,omitempty" doc:"Why it failed, or waits: key of an error"`
	Params map[string]any `json:"params,omitempty" doc:"Of its message"`
}

// ShelfQuery asks for files of a shelf, newest first.
type ShelfQuery struct {
	OrgID string
	Class Class  // "" = all
	Text  string // within the name
	After string
	Limit int
}

// Shelf gives a page of the files on an organisation's shelf.
func (l *Library) Shelf(ctx context.Context, q ShelfQuery) (store.Page[Item], error) {
	var out store.Page[Item]
	var failed error
	text := strings.ToLower(q.Text)
	files := map[string]File{}
	page, err := l.refs.Page(ctx, store.Query[reference]{
		Index: "object", Eq: map[string]any{"object": shelfOf(q.OrgID)}, Desc: true, After: q.After, Limit: q.Limit,
		Match: func(r *reference) bool {
			f, err := l.Get(ctx, r.FileID)
			if err != nil {
				if !fault.Is(err, fault.NotFound) {
					failed = err
				}
				return false
			}
			files[f.ID] = f
			return (q.Class == "" || f.Class == q.Class) && (text == "" || strings.Contains(strings.ToLower(f.Name), text))
		},
	})
	if err == nil {
		err = failed
	}
	if err != nil {
		return out, err
	}
	out.Items, out.Next = make([]Item, len(page.Items)), page.Next
	for i, r := range page.Items {
		if out.Items[i], err = l.item(ctx, files[r.FileID]); err != nil {
			return out, err
		}
	}
	return out, nil
}

func (l *Library) item(ctx context.Context, f File) (Item, error) {
	uses, err := l.Uses(ctx, f.ID)
	if err != nil {
		return Item{}, err
	}
	item := Item{File: f, Uses: uses}
	for _, kind := range []taskKind{videoTask, textTask} {
		t, err := l.task(ctx, kind, f.ID)
		if err != nil {
			return Item{}, err
		}
		if t != nil {
			item.Work = &Work{Kind: string(kind), State: t.State, Share: t.Share, Reason: t.Reason, Params: t.Params}
			switch told := strings.HasPrefix(t.Reason, "film."); {
			case kind != videoTask:
			case t.State == Waiting && !l.encodes(ctx):
				item.Work.Reason = "film.no_encoder"
			case t.State == Failed && !told:
				item.Work.Reason = "film.failed"
			}
			break
		}
	}
	return item, nil
}

// OnShelf gives a file of an organisation's shelf; fault.NotFound where it is not there.
func (l *Library) OnShelf(ctx context.Context, orgID, id string) (Item, error) {
	f, err := l.Get(ctx, id)
	if err != nil {
		return Item{}, err
	}
	if _, err := l.refs.Get(ctx, id+"|"+shelfOf(orgID)); fault.Is(err, fault.NotFound) {
		return Item{}, notFound(id)
	} else if err != nil {
		return Item{}, err
	}
	return l.item(ctx, f)
}

// Uses gives what shows a file, shelves left out.
func (l *Library) Uses(ctx context.Context, id string) ([]string, error) {
	uses := []string{}
	for ref, err := range l.refs.Find(ctx, store.Query[reference]{Index: "file", Eq: map[string]any{"file_id": id}}) {
		if err != nil {
			return nil, err
		}
		if !strings.HasPrefix(ref.Object, shelfPrefix) {
			uses = append(uses, ref.Object)
		}
	}
	return uses, nil
}

// Rename gives a file on a shelf another name.
func (l *Library) Rename(ctx context.Context, orgID, id, name string) (Item, error) {
	if _, err := l.OnShelf(ctx, orgID, id); err != nil {
		return Item{}, err
	}
	_, err := l.files.Update(ctx, id, func(f *File) error {
		f.Name = Named(name, Extension(f.Type))
		return nil
	})
	if err != nil {
		return Item{}, err
	}
	return l.OnShelf(ctx, orgID, id)
}

// Discard takes a file off a shelf, and removes it where nobody else has it. One that something shows is fault.Conflict,
// "media.in_use" (Params count).
func (l *Library) Discard(ctx context.Context, orgID, id string) error {
	item, err := l.OnShelf(ctx, orgID, id)
	if err != nil {
		return err
	}
	if len(item.Uses) > 0 {
		return fault.New(fault.Conflict, "media.in_use", "%d objects show %s", len(item.Uses), id).With("count", len(item.Uses))
	}
	if err := l.refs.Delete(ctx, id+"|"+shelfOf(orgID)); err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	if referred, err := l.referred(ctx, id); err != nil || referred { // on another shelf, or shown since we looked
		return err
	}
	marked, err := l.files.Update(ctx, id, func(f *File) error {
		if f.Gone = slices.Equal(f.Orgs, []string{orgID}); !f.Gone { // others uploaded it too: Collect sees to it
			return store.ErrUnchanged
		}
		return nil
	})
	if err != nil || !marked.Gone {
		return err
	}
	if referred, err := l.referred(ctx, id); err != nil || referred {
		_, back := l.files.Update(ctx, id, func(f *File) error { f.Gone = false; return nil })
		if err == nil {
			err = back
		}
		return err
	}
	return l.remove(ctx, marked, &Collected{})
}
