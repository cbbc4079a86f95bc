package question

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"qiming/internal/fault"
	"qiming/policies"
)

// Picked says which questions a bulk edit means: those named, or all that a filter gives.
type Picked struct {
	IDs    []string
	Filter *Filter
	AsOf   time.Time // when they were looked at: what was changed later is left alone; zero = as they are
}

// MaxEdited is how many questions one bulk edit takes.
const MaxEdited = 20_000

// picked gives the ids, each once, oldest first where a filter gives them. More than MaxEdited is fault.Invalid,
// "edit.too_many"; none is "edit.nothing".
func (b *Bank) picked(ctx context.Context, actor policies.Actor, p Picked) ([]string, error) {
	ids := p.IDs
	if p.Filter != nil {
		match, err := b.matcher(ctx, actor, *p.Filter)
		if err != nil {
			return nil, err
		}
		if ids, err = b.catalogue.matching(ctx, match); err != nil {
			return nil, err
		}
	}
	seen, out := map[string]bool{}, make([]string, 0, len(ids))
	for _, id := range ids {
		if !seen[id] {
			seen[id], out = true, append(out, id)
		}
	}
	switch {
	case len(out) > MaxEdited:
		return nil, fault.New(fault.Invalid, "edit.too_many", "%d questions", len(out)).With("count", len(out)).With("max", MaxEdited)
	case len(out) == 0:
		return nil, fault.New(fault.Invalid, "edit.nothing", "no question")
	}
	return out, nil
}

// maxLines is how many questions a preview shows one by one; all are counted.
const maxLines = 1000

// EditPreview is what a bulk edit would do.
type EditPreview struct {
	AsOf      time.Time  `json:"as_of" doc:"When the questions were looked at"`
	Total     int        `json:"total"`
	Changed   int        `json:"changed"`
	Unchanged int        `json:"unchanged"`
	Reopened  int        `json:"reopened" doc:"Of the changed: published ones whose content becomes a draft version; papers use the published version until it is reviewed"`
	Refused   []Refusal  `json:"refused" doc:"Up to a thousand, with the stem"`
	RefusedN  int        `json:"refused_count"`
	Lines     []EditLine `json:"lines" doc:"Of the changed, up to a thousand"`
}

// EditLine is one question of a preview.
type EditLine struct {
	ID    string     `json:"id"`
	Stem  string     `json:"stem"`
	Kind  Kind       `json:"kind"`
	Parts []PartEdit `json:"parts"`
}

// PartEdit is what changes in one part of a question, as texts; a category by its id.
type PartEdit struct {
	Part   string `json:"part" doc:"category, tags, points, valid_until, basis, to_check, difficulty, or the path of a text: options[1].text"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// PreviewEdit says what a bulk edit would do, and changes nothing.
func (b *Bank) PreviewEdit(ctx context.Context, actor policies.Actor, p Picked, change Change) (EditPreview, error) {
	out := EditPreview{AsOf: b.clock.Now(), Refused: []Refusal{}, Lines: []EditLine{}}
	if err := change.check(); err != nil {
		return out, err
	}
	ids, err := b.picked(ctx, actor, p)
	if err != nil {
		return out, err
	}
	r, err := b.reach(ctx, actor)
	if err != nil {
		return out, err
	}
	out.Total = len(ids)
	for part := range slices.Chunk(ids, exportBatch) {
		docs, err := b.questions.GetMany(ctx, part)
		if err != nil {
			return out, err
		}
		for _, id := range part {
			q, ok := docs[id]
			if !ok || q.Gone || !r.sees(q.OrgID, q.OrgPath, q.Drawable()) {
				out.refuse(id, "", "question.not_found")
				continue
			}
			next, changed, err := b.edited(ctx, actor, q, change)
			if key := fault.KeyOf(err); err != nil {
				if key == "" || fault.Is(err, fault.Unavailable) {
					return out, err
				}
				out.refuse(id, q.Content.Stem, key)
				continue
			}
			if !changed {
				out.Unchanged++
				continue
			}
			out.Changed++
			if q.Status == Published && next.Number != q.Number {
				out.Reopened++
			}
			if len(out.Lines) < maxLines {
				out.Lines = append(out.Lines, EditLine{ID: id, Stem: q.Content.Stem, Kind: q.Content.Kind, Parts: partEdits(q, next)})
			}
		}
	}
	return out, nil
}

func (p *EditPreview) refuse(id, stem, code string) {
	if p.RefusedN++; len(p.Refused) < maxLines {
		p.Refused = append(p.Refused, Refusal{ID: id, Code: code, Stem: stem})
	}
}

// edited gives a question as a change would make it; a changed content has the next number. What may not be
// changed is a fault: of a bank above, in review, not valid afterwards.
func (b *Bank) edited(ctx context.Context, actor policies.Actor, q Question, change Change) (next Question, changed bool, err error) {
	if !actor.Scope.Covers(q.OrgPath) {
		return q, false, fault.New(fault.Forbidden, "question.other_bank", "question %s is of a bank above", q.ID)
	}
	next = change.apply(q)
	if change.Category != nil {
		if next.CategoryPath, err = b.categoryPath(ctx, q.OrgID, next.CategoryID); err != nil {
			return q, false, err
		}
		next.CategoryID = last(next.CategoryPath)
	}
	d := Edit{Content: next.Content, Tags: next.Tags}
	if err := d.check(); err != nil {
		return q, false, err
	}
	next.Content, next.Tags = d.Content, d.Tags
	if sameContent(q.Content, next.Content) {
		return next, !stateOf(q).equal(stateOf(next)), nil
	}
	if q.Status == InReview {
		return q, false, fault.New(fault.Conflict, "question.in_review", "question %s is with a reviewer", q.ID)
	}
	next.Number, next.StemKey = q.Number+1, StemKey(next.Content)
	if next.Status != Draft {
		next.Note = ""
	}
	next.EditorID, next.ReviewerID, next.Status = actor.AccountID, "", Draft
	return next, true, nil
}

func partEdits(q, next Question) []PartEdit {
	out := []PartEdit{}
	add := func(part, before, after string) {
		if before != after {
			out = append(out, PartEdit{part, before, after})
		}
	}
	number := func(x float64) string {
		if x == 0 {
			return ""
		}
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	add("category", q.CategoryID, next.CategoryID)
	add("tags", strings.Join(q.Tags, "，"), strings.Join(next.Tags, "，"))
	add("points", number(q.Points), number(next.Points))
	add("valid_until", q.ValidUntil, next.ValidUntil)
	add("basis", q.Basis, next.Basis)
	add("to_check", yesNo(q.ToCheck), yesNo(next.ToCheck))
	add("difficulty", number(float64(q.Content.Difficulty)), number(float64(next.Content.Difficulty)))
	before := map[string]string{}
	each(&q.Content, "", func(_, path string, text *string) { before[path] = *text })
	each(&next.Content, "", func(_, path string, text *string) { add(path, before[path], *text) })
	return out
}
