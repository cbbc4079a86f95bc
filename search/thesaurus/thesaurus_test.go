package thesaurus

import (
	"context"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

type recorder struct {
	mu   sync.Mutex
	acts []string
}

func (r *recorder) Record(_ context.Context, _ policies.Actor, action, object, _ string, do func() error) error {
	r.mu.Lock()
	r.acts = append(r.acts, action+" "+object)
	r.mu.Unlock()
	return do()
}

func open(t *testing.T) (*Thesaurus, *recorder) {
	t.Helper()
	clock := ident.NewManual(time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC))
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "words.db"), clock)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	trail := &recorder{}
	words := New(Deps{DB: db, Clock: clock, Trail: trail})
	if err := db.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return words, trail
}

var trainer = policies.Actor{AccountID: "a", Name: "培训员"}

func TestGroupsAreJudgedOneByOne(t *testing.T) {
	words, trail := open(t)
	given := [][]string{{"群众", " 老百姓 ", "群眾"}, {"群众", "人民"}, {"群众", "老百姓"}, {"单独", "单独"}, {"党", "组织"}, {"中共", "中国共产党"}}
	want := []Verdict{{Outcome: Added}, {Outcome: Refused, Key: "synonym.taken", Word: "群众"}, {Outcome: Known}, {Outcome: Refused, Key: "synonym.alone"},
		{Outcome: Refused, Key: "synonym.length", Word: "党"}, {Outcome: Added}}
	for _, dry := range []bool{true, false} {
		got, err := words.Add(t.Context(), trainer, "branch", given, dry)
		if err != nil || len(got) != len(want) {
			t.Fatalf("%v %+v", err, got)
		}
		for i, v := range got {
			if v.Outcome != want[i].Outcome || v.Key != want[i].Key || v.Word != want[i].Word {
				t.Errorf("dry %v, %v: %+v", dry, given[i], v)
			}
		}
	}
	if !slices.Equal(trail.acts, []string{"synonym.add synonyms:branch"}) {
		t.Errorf("recorded %v", trail.acts)
	}
	list, err := words.List(t.Context(), []string{"branch"})
	if err != nil || len(list) != 2 || !slices.Equal(list[0].Words, []string{"群众", "老百姓"}) || list[0].By != "培训员" {
		t.Fatalf("%v %+v", err, list)
	}
	g, err := words.Change(t.Context(), trainer, "branch", list[0].ID, 1, []string{"群众", "人民群众"})
	if err != nil || g.Rev != 2 {
		t.Fatalf("%v %+v", err, g)
	}
	if _, err := words.Change(t.Context(), trainer, "branch", list[0].ID, 1, []string{"群众", "民众"}); fault.KeyOf(err) != "synonym.moved" {
		t.Errorf("a stale change: %v", err)
	}
	if _, err := words.Change(t.Context(), trainer, "branch", list[0].ID, 2, []string{"群众", "中共"}); fault.KeyOf(err) != "synonym.invalid" {
		t.Errorf("a word of another group: %v", err)
	}
	if err := words.Remove(t.Context(), trainer, "branch", list[0].ID, 2); err != nil {
		t.Fatal(err)
	}
	if err := words.Remove(t.Context(), trainer, "branch", list[0].ID, 2); fault.KeyOf(err) != "synonym.not_found" {
		t.Errorf("removed twice: %v", err)
	}
}

func TestTheNearestOrganisationDecides(t *testing.T) {
	words, _ := open(t)
	for org, groups := range map[string][][]string{"root": {{"支委会", "支部委员会", "委员会"}, {"群众", "百姓"}}, "branch": {{"支委会", "支委"}}, "other": {{"群众", "职工"}}} {
		if _, err := words.Add(t.Context(), trainer, org, groups, false); err != nil {
			t.Fatal(err)
		}
	}
	got, err := words.Groups(t.Context(), []string{"root", "branch"})
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"支委会", "支委"}, {"支部委员会", "委员会"}, {"群众", "百姓"}}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("%v", got)
	}
	list, err := words.List(t.Context(), []string{"root", "branch"})
	if err != nil || len(list) != 3 || !list[0].Own || list[1].Own || !slices.Equal(list[0].Above, []string{"支委会"}) || !slices.Equal(list[1].Moot, []string{"支委会"}) {
		t.Errorf("%v %+v", err, list)
	}
}

func TestTwoAtOnceLoseNothing(t *testing.T) {
	words, _ := open(t)
	done := make(chan error)
	for _, group := range [][]string{{"甲甲", "乙乙"}, {"丙丙", "丁丁"}, {"戊戊", "己己"}} {
		go func() { _, err := words.Add(t.Context(), trainer, "fresh", [][]string{group}, false); done <- err }()
	}
	for range 3 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if list, err := words.List(t.Context(), []string{"fresh"}); err != nil || len(list) != 3 {
		t.Errorf("%v %+v", err, list)
	}
}
