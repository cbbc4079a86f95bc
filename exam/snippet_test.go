package exam

import (
	"slices"
	"strings"
	"testing"
)

// Snippets are an account's own, in its order, on both sides of each limit; they are there in another process.
func TestSnippetsAreOnesOwn(t *testing.T) {
	w := newWorld(t)
	set := func(rev int64, texts ...string) (Snippets, error) {
		return w.Marking.SetSnippets(w.ctx, w.author(), rev, texts)
	}
	none, err := w.Marking.Snippets(w.ctx, w.author())
	w.ok(err)
	if none.Rev != 0 || none.Texts == nil || len(none.Texts) != 0 {
		t.Fatalf("%+v", none)
	}
	long := strings.Repeat("字", MaxSnippet)
	many := make([]string, MaxSnippets)
	for i := range many {
		many[i] = strings.Repeat("评", i+1)
	}
	for name, texts := range map[string][]string{
		"empty": {"好", " "}, "too long": {long + "字"}, "twice": {"好", " 好 "}, "too many": append(slices.Clone(many), "还有一条"),
	} {
		if _, err := set(0, texts...); err == nil {
			t.Errorf("%s is taken", name)
		} else {
			w.refused(err, "snippet.invalid")
		}
	}
	own, err := set(0, " 观点鲜明 ", long)
	w.ok(err)
	_, err = set(0, "另一个窗口")
	w.refused(err, "snippet.stale")
	own, err = set(own.Rev, append(slices.Clone(many[1:]), "条理清楚")...)
	w.ok(err)
	_, err = set(own.Rev - 1)
	w.refused(err, "snippet.stale")

	other := w.process()
	kept, err := other.Marking.Snippets(w.ctx, w.author())
	w.ok(err)
	if len(kept.Texts) != MaxSnippets || kept.Texts[MaxSnippets-1] != "条理清楚" || kept.Rev != own.Rev {
		t.Errorf("%+v", kept)
	}
	if theirs, err := other.Marking.Snippets(w.ctx, w.chief()); err != nil || len(theirs.Texts) != 0 {
		t.Errorf("another account has %v %v", theirs.Texts, err)
	}
	_, err = w.Marking.SetSnippets(w.ctx, w.chief(), 3, []string{"好"})
	w.refused(err, "snippet.stale") // there was none
	none, err = set(own.Rev)
	w.ok(err)
	if none.Texts == nil {
		t.Error("an empty list is null")
	}
}
