package question

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

// orgTree is an organisation tree of the tests: the path of each node.
type orgTree map[string][]string

func (o orgTree) OrgPath(_ context.Context, id string) ([]string, error) {
	if path, ok := o[id]; ok {
		return path, nil
	}
	return nil, fault.New(fault.NotFound, "org.not_found", "no node %s", id)
}

// diary is the audit trail of the tests.
type diary struct {
	mu   sync.Mutex
	acts []string
	full bool
}

func (d *diary) Act(_ context.Context, actor policies.Actor, act Act, do func() error) error {
	if d.full {
		return fault.New(fault.Unavailable, "audit.unavailable", "the trail is full")
	}
	err := do()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.acts = append(d.acts, fmt.Sprintf("%s %s %s %q", actor.AccountID, act.Action, act.Object, fault.KeyOf(err)))
	return err
}

// world is a bank in a database of its own: a committee with two branches.
type world struct {
	t     testing.TB
	bank  *Bank
	trail *diary
	clock *ident.Manual
	orgs  orgTree
	path  string
}

const (
	committee = "committee"
	branchA   = "branch-a"
	branchB   = "branch-b"
)

func newWorld(t testing.TB) *world {
	w := &world{t: t, trail: &diary{}, clock: ident.NewManual(time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)),
		orgs: orgTree{committee: {committee}, branchA: {committee, branchA}, branchB: {committee, branchB}},
		path: filepath.Join(t.TempDir(), "bank.db")}
	w.bank = w.open()
	return w
}

// open gives another process on the same database.
func (w *world) open() *Bank {
	w.t.Helper()
	ctx := context.Background()
	db, err := store.Open(ctx, "sqlite:"+w.path, w.clock)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() {
		if err := db.Close(); err != nil {
			w.t.Error(err)
		}
	})
	b := New(Deps{DB: db, Clock: w.clock, Trail: w.trail, Orgs: w.orgs, Zone: time.UTC})
	if err := db.Start(ctx); err != nil {
		w.t.Fatal(err)
	}
	return b
}

// who is an account that reaches an organisation node.
func who(account, org string) policies.Actor {
	return policies.Actor{AccountID: account, Name: account, Scope: policies.Scope{org}}
}

var (
	trainer  = who("trainer", committee)
	reviewer = who("reviewer", committee)
	aTrainer = who("a-trainer", branchA)
	bTrainer = who("b-trainer", branchB)
)

func single1(stem string) Content {
	return Content{Kind: Single, Stem: stem, Options: []Option{{Text: "对的", Right: true}, {Text: "错的"}}}
}

func (w *world) create(actor policies.Actor, org string, e Edit) Question {
	w.t.Helper()
	q, err := w.bank.Create(context.Background(), actor, org, e)
	if err != nil {
		w.t.Fatal(err)
	}
	return q
}

// publish takes a draft through review.
func (w *world) publish(q Question) Question {
	w.t.Helper()
	for _, step := range []struct {
		by policies.Actor
		to Status
	}{{trainer, InReview}, {reviewer, Published}} {
		var err error
		if q, err = w.bank.SetStatus(context.Background(), step.by, q.ID, step.to, ""); err != nil {
			w.t.Fatal(err)
		}
	}
	return q
}

func (w *world) wantKey(err error, key string) {
	w.t.Helper()
	if fault.KeyOf(err) != key {
		w.t.Errorf("want %s, got %v", key, err)
	}
}

func (w *world) stems(b *Bank, actor policies.Actor, f Filter) []string {
	w.t.Helper()
	l, err := b.List(context.Background(), actor, f, 100, "")
	if err != nil {
		w.t.Fatal(err)
	}
	out := []string{}
	for _, q := range l.Items {
		out = append(out, q.Content.Stem)
	}
	slices.Sort(out)
	if l.Total != len(out) {
		w.t.Errorf("total %d of %d", l.Total, len(out))
	}
	return out
}

// TestLifeOfAQuestion walks from the first draft over review and an edit to retirement.
func TestLifeOfAQuestion(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	q := w.create(trainer, committee, Edit{Content: single1("题一"), Tags: []string{" 党章 ", "党章", ""}})
	if q.Status != Draft || q.Number != 1 || q.Live != 0 || len(q.Tags) != 1 || q.Content.Options[0].ID == "" {
		t.Fatalf("%+v", q)
	}

	_, err := w.bank.SetStatus(ctx, trainer, q.ID, Published, "")
	w.wantKey(err, "question.transition")
	q, err = w.bank.SetStatus(ctx, trainer, q.ID, InReview, "")
	if err != nil {
		t.Fatal(err)
	}
	_, err = w.bank.SetStatus(ctx, trainer, q.ID, Published, "")
	w.wantKey(err, "question.own")
	q, err = w.bank.SetStatus(ctx, reviewer, q.ID, Draft, "解析缺依据")
	if err != nil || q.Note != "解析缺依据" || q.ReviewerID != "reviewer" {
		t.Fatalf("%v %+v", err, q)
	}

	edit := q.Content
	edit.Explanation = "依据：党章总纲。"
	_, err = w.bank.Save(ctx, trainer, q.ID, q.Rev-1, Edit{Content: edit})
	w.wantKey(err, "question.stale")
	q, err = w.bank.Save(ctx, trainer, q.ID, q.Rev, Edit{Content: edit, Note: "补解析"})
	if err != nil || q.Number != 2 {
		t.Fatalf("%v %+v", err, q)
	}
	if same, err := w.bank.Save(ctx, trainer, q.ID, q.Rev, Edit{Content: edit, Tags: []string{"新"}}); err != nil || same.Number != 2 || same.Status != Draft {
		t.Fatalf("filing anew made a version: %v %+v", err, same)
	} else {
		q = same
	}

	q = w.publish(q)
	if q.Live != 2 || !q.Drawable() {
		t.Fatalf("%+v", q)
	}
	edit.Stem = "题一（修订）"
	q, err = w.bank.Save(ctx, trainer, q.ID, q.Rev, Edit{Content: edit})
	if err != nil || q.Status != Draft || q.Number != 3 || q.Live != 2 || !q.Drawable() {
		t.Fatalf("an edit of a published item waits for review, its live version stays: %v %+v", err, q)
	}
	edit.Kind = TrueFalse
	_, err = w.bank.Save(ctx, trainer, q.ID, q.Rev, Edit{Content: edit})
	w.wantKey(err, "question.kind_fixed")
	q = w.publish(q)

	history, err := w.bank.Versions(ctx, trainer, q.ID)
	if err != nil || len(history) != 3 || history[0].Number != 3 || history[1].Note != "补解析" || history[2].Content.Explanation != "" {
		t.Fatalf("%v %+v", err, history)
	}
	versions, err := w.bank.GetVersions(ctx, []string{VersionID(q.ID, 1), VersionID(q.ID, 3)})
	if err != nil || versions[VersionID(q.ID, 1)].Content.Stem != "题一" || versions[VersionID(q.ID, 3)].Content.Stem != "题一（修订）" {
		t.Fatalf("%v %+v", err, versions)
	}
	_, err = w.bank.GetVersions(ctx, []string{VersionID(q.ID, 9)})
	w.wantKey(err, "question.version_not_found")

	w.wantKey(w.bank.Delete(ctx, trainer, q.ID), "question.in_use")
	q, err = w.bank.SetStatus(ctx, trainer, q.ID, Retired, "")
	if err != nil || q.Drawable() {
		t.Fatalf("%v %+v", err, q)
	}
	if n := len(w.trail.acts); n < 10 || !strings.Contains(w.trail.acts[n-1], "trainer question.status question:"+q.ID) {
		t.Errorf("trail: %v", w.trail.acts)
	}
	w.trail.full = true
	_, err = w.bank.SetStatus(ctx, trainer, q.ID, Draft, "")
	w.wantKey(err, "audit.unavailable")
	if got, err := w.bank.Get(ctx, trainer, q.ID); err != nil || got.Status != Retired {
		t.Errorf("an act without a record was done: %v %+v", err, got)
	}
}

// TestEveryTransition tries every step between states.
func TestEveryTransition(t *testing.T) {
	allowed := map[Status][]Status{Draft: {InReview}, InReview: {Published, Draft}, Published: {Retired}, Retired: {Draft}}
	all := []Status{Draft, InReview, Published, Retired, "nonsense"}
	for _, from := range all {
		for _, to := range all {
			q := Question{Status: from, Number: 4, EditorID: "author"}
			err := q.move(to, "reviewer", "", Settings{})
			if want := slices.Contains(allowed[from], to); (err == nil) != want {
				t.Errorf("%s to %s: %v", from, to, err)
			}
			if err != nil && q.Status != from {
				t.Errorf("refused %s to %s left %s", from, to, q.Status)
			}
		}
	}
}

// TestOwnItems: who wrote a version may not publish it alone, unless the bank says so.
func TestOwnItems(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	q := w.create(trainer, committee, Edit{Content: single1("题")})
	if _, err := w.bank.SetStatus(ctx, trainer, q.ID, InReview, ""); err != nil {
		t.Fatal(err)
	}
	_, err := w.bank.SetStatus(ctx, trainer, q.ID, Published, "")
	w.wantKey(err, "question.own")
	_, err = w.bank.SetSettings(ctx, bTrainer, committee, true)
	w.wantKey(err, "org.not_found")
	if _, err := w.bank.SetSettings(ctx, trainer, committee, true); err != nil {
		t.Fatal(err)
	}
	if q, err = w.bank.SetStatus(ctx, trainer, q.ID, Published, ""); err != nil || q.Live != 1 {
		t.Errorf("%v %+v", err, q)
	}
	if s, err := w.bank.SetSettings(ctx, trainer, committee, false); err != nil || s.OwnItems {
		t.Errorf("%v %+v", err, s)
	}
	// A second person changed a word: then the first author may review it.
	r := w.create(trainer, committee, Edit{Content: single1("题二")})
	r, err = w.bank.Save(ctx, reviewer, r.ID, r.Rev, Edit{Content: single1("题二改")})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = w.bank.SetStatus(ctx, reviewer, r.ID, InReview, ""); err != nil {
		t.Fatal(err)
	}
	_, err = w.bank.SetStatus(ctx, reviewer, r.ID, Published, "")
	w.wantKey(err, "question.own")
	if _, err = w.bank.SetStatus(ctx, trainer, r.ID, Published, ""); err != nil {
		t.Error(err)
	}
}
