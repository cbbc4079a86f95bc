package question

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/media"
	"qiming/policies"
	"qiming/search"
)

// Edit is what an author writes: a content and where it is filed.
type Edit struct {
	CategoryID string // "" = uncategorised
	Tags       []string
	Content    Content
	ValidUntil string // 2026-12-31; "" = for good
	Basis      string
	Passages   []Passage
	Note       string // why, in the version's history
}

const maxNote = 500 // characters

// check prepares the edit and gives its problems: fault.Invalid, "question.invalid".
func (d *Edit) check() error {
	Prepare(&d.Content)
	d.Note = tidy(d.Note)
	p := problems(Validate(d.Content))
	d.Tags = p.tags(d.Tags)
	p.length("note", d.Note, maxNote)
	d.Basis = p.validity(d.ValidUntil, d.Basis)
	d.Passages = p.passages(d.Passages)
	return fault.Bad("question.invalid", p)
}

// validity notes what is wrong with a date of validity and a basis; it gives the basis tidied.
func (p *problems) validity(until, basis string) string {
	if _, err := time.Parse(time.DateOnly, until); until != "" && err != nil {
		p.add("valid_until", "date.invalid")
	}
	basis = tidy(basis)
	p.length("basis", basis, MaxSource)
	return basis
}

// TidyTag trims a tag; one that excludes may be typed with a Chinese colon.
func TidyTag(tag string) string {
	tag = tidy(tag)
	if name, ok := strings.CutPrefix(strings.Replace(tag, "：", ":", 1), ExclusionPrefix); ok {
		return ExclusionPrefix + tidy(name)
	}
	return tag
}

// tags tidies tags, drops empty and repeated ones, and notes what is too much.
func (p *problems) tags(tags []string) []string {
	var out []string
	for i, tag := range tags {
		tag = TidyTag(tag)
		if utf8.RuneCountInString(tag) > MaxTag {
			p.addMax(at("tags", i, ""), "too_long", MaxTag)
		}
		if tag != "" && !search.HasTag(out, tag) {
			out = append(out, tag)
		}
	}
	if len(out) > MaxTags {
		p.addMax("tags", "too_many", MaxTags)
	}
	return out
}

// Create adds a draft to the bank of an organisation node.
func (b *Bank) Create(ctx context.Context, actor policies.Actor, orgID string, d Edit) (Question, error) {
	if err := d.check(); err != nil {
		return Question{}, err
	}
	orgPath, err := b.owned(ctx, actor, orgID)
	if err != nil {
		return Question{}, err
	}
	categoryPath, err := b.categoryPath(ctx, orgID, d.CategoryID)
	if err != nil {
		return Question{}, err
	}
	q := Question{Meta: store.Meta{ID: ident.New()}, OrgID: orgID, OrgPath: orgPath,
		CategoryID: last(categoryPath), CategoryPath: categoryPath, Tags: d.Tags, Status: Draft, Number: 1, Content: d.Content,
		StemKey: StemKey(d.Content), AuthorID: actor.AccountID, EditorID: actor.AccountID, ValidUntil: d.ValidUntil, Basis: d.Basis, Passages: d.Passages}
	err = b.trail.Act(ctx, actor, actOn("question.create", q), func() error {
		v := firstVersion(q, d.Note)
		if err := b.insertVersion(ctx, &v); err != nil {
			return err
		}
		return b.questions.Insert(ctx, &q)
	})
	if err != nil {
		return Question{}, err
	}
	b.catalogue.mirror.Wrote(q)
	return q, nil
}

func firstVersion(q Question, note string) Version {
	return Version{Meta: store.Meta{ID: VersionID(q.ID, 1)}, QuestionID: q.ID, Number: 1, Content: q.Content, AuthorID: q.EditorID, Note: note}
}

// last gives the category that a path ends in: the one that was named, or what it was merged into.
func last(path []string) string {
	if len(path) == 0 {
		return ""
	}
	return path[len(path)-1]
}

// categoryPath gives the path of a category of the bank; "" has none.
func (b *Bank) categoryPath(ctx context.Context, orgID, categoryID string) ([]string, error) {
	if categoryID == "" {
		return nil, nil
	}
	c, ok, err := b.tree.find(ctx, categoryID)
	if err == nil && (!ok || c.OrgID != orgID) {
		err = fault.Bad("question.invalid", []fault.Field{{Path: "category_id", Key: "category.not_found"}})
	}
	return c.Path, err
}

// Save files a question anew and, where the content differs, makes the next version of it. rev is the
// revision that the author saw: a later one is fault.Conflict, "question.stale". A changed content of a
// question in review, published or retired goes back to draft; its live version stays in use until the
// new one is published.
func (b *Bank) Save(ctx context.Context, actor policies.Actor, id string, rev int64, d Edit) (Question, error) {
	if err := d.check(); err != nil {
		return Question{}, err
	}
	old, err := b.editable(ctx, actor, id)
	if err != nil {
		return Question{}, err
	}
	if old.Rev != rev {
		return Question{}, errStale(id)
	}
	if old.Live > 0 && old.Content.Kind != d.Content.Kind {
		return Question{}, fault.New(fault.Conflict, "question.kind_fixed", "question %s was published as %s", id, old.Content.Kind)
	}
	categoryPath, err := b.categoryPath(ctx, old.OrgID, d.CategoryID)
	if err != nil {
		return Question{}, err
	}
	changed := !sameContent(old.Content, d.Content)
	var saved Question
	err = b.trail.Act(ctx, actor, actOn("question.save", old), func() error {
		number := old.Number
		if changed {
			if number, err = b.addVersion(ctx, actor, old, d); err != nil {
				return err
			}
		}
		saved, err = b.questions.Update(ctx, id, func(q *Question) error {
			if q.Rev != rev || q.Gone {
				return errStale(id)
			}
			q.CategoryID, q.CategoryPath, q.Tags = last(categoryPath), categoryPath, d.Tags
			q.ValidUntil, q.Basis, q.Passages = d.ValidUntil, d.Basis, d.Passages
			if changed {
				q.Number, q.Content, q.StemKey = number, d.Content, StemKey(d.Content)
				if q.Status != Draft {
					q.Note = "" // of a draft it says why it was returned
				}
				q.EditorID, q.ReviewerID, q.Status = actor.AccountID, "", Draft
			}
			return nil
		})
		return err
	})
	if err != nil {
		return Question{}, err
	}
	b.catalogue.mirror.Wrote(saved)
	return saved, nil
}

// lostRaces bounds how many numbers taken by versions that no head took are stepped over.
const lostRaces = 50

// addVersion writes the version after the head's and gives its number. A number that is taken belongs
// to a save that lost its race or its process: the next one is used.
func (b *Bank) addVersion(ctx context.Context, actor policies.Actor, head Question, d Edit) (int, error) {
	for number := head.Number + 1; number <= head.Number+lostRaces; number++ {
		v := Version{Meta: store.Meta{ID: VersionID(head.ID, number)}, QuestionID: head.ID, Number: number, Follows: head.Number,
			Content: d.Content, AuthorID: actor.AccountID, Note: d.Note}
		if err := b.insertVersion(ctx, &v); !fault.Is(err, fault.Exists) {
			return number, err
		}
	}
	return 0, errStale(head.ID)
}

// insertVersion writes a version; the files that it shows are held first.
func (b *Bank) insertVersion(ctx context.Context, v *Version) error {
	if ids := media.In(v.Content.Texts()...); len(ids) > 0 {
		if err := b.files.Refer(ctx, holderOf(v.ID), ids); err != nil {
			return err
		}
	}
	return b.versions.Insert(ctx, v)
}

// holderOf names a version to those who keep files.
func holderOf(versionID string) string { return "question:" + versionID }

// sameContent compares what is kept of two prepared contents.
func sameContent(a, b Content) bool {
	x, err1 := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return errors.Join(err1, err2) == nil && bytes.Equal(x, y)
}

// Versions gives the history of a question that the actor sees, newest first.
func (b *Bank) Versions(ctx context.Context, actor policies.Actor, id string) ([]Version, error) {
	q, err := b.Get(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	out, want := []Version{}, q.Number
	find := store.Query[Version]{Index: "question", Eq: map[string]any{"question_id": id}, Desc: true}
	for v, err := range b.versions.Find(ctx, find) {
		if err != nil {
			return nil, err
		}
		if v.Number == want {
			out = append(out, v)
			want = v.Follows
		}
	}
	return out, nil
}

// GetVersions gives versions by id, those of sub-questions too, from memory where it can. A missing one is fault.NotFound,
// "question.version_not_found". The contents are shared: do not change them.
func (b *Bank) GetVersions(ctx context.Context, ids []string) (map[string]Version, error) {
	out := make(map[string]Version, len(ids))
	var missing []string
	for _, id := range ids {
		if v, ok := b.cache.Get(id); ok {
			out[id] = v
		} else {
			missing = append(missing, id)
		}
	}
	if len(missing) == 0 {
		return out, nil
	}
	wholes := make([]string, len(missing))
	for i, id := range missing {
		wholes[i], _ = splitSub(id)
	}
	found, err := b.versions.GetMany(ctx, wholes)
	if err != nil {
		return nil, err
	}
	for i, id := range missing {
		v, ok := found[wholes[i]]
		if _, n := splitSub(id); ok && n > 0 {
			v, ok = v.sub(n)
		}
		if !ok {
			return nil, fault.New(fault.NotFound, "question.version_not_found", "no version %s", id).With("id", id)
		}
		b.cache.Add(id, v)
		out[id] = v
	}
	return out, nil
}

// versionNumber prints a number for an audit detail.
func versionNumber(n int) string { return strconv.Itoa(n) }
