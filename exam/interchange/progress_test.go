package interchange

import (
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"qiming/exam/question"
)

// Whoever asks, of any process, is told how far an import is while it is written; afterwards there is nothing to tell.
func TestProgress(t *testing.T) {
	w := open(t, filepath.Join(t.TempDir(), "qiming.db"))
	ctx := t.Context()
	const all = 130
	var b strings.Builder
	b.WriteString("题型,题干,答案\n")
	for i := range all {
		fmt.Fprintf(&b, "判断题,第 %d 号条例自公布之日起施行。,对\n", i)
	}
	m, err := w.Preview(ctx, trainer, Ask{File: "题库.csv", Data: []byte(b.String()), OrgID: "branch", Status: question.Draft})
	if err != nil || m.Report.Imported != all {
		t.Fatalf("%v %+v", err, m.Report)
	}
	var mu sync.Mutex
	var seen []Progress
	if m, err = w.Confirm(ctx, trainer, m.ID, func(done, _ int) {
		p, err := w.Progress(ctx, trainer, m.ID)
		if err != nil {
			t.Error(err)
		}
		mu.Lock()
		defer mu.Unlock()
		seen = append(seen, p)
	}); err != nil || m.State != Confirmed {
		t.Fatalf("%v %s", err, m.State)
	}
	for _, p := range seen[all/2:] { // the first of them come before the first line
		if p.State != Confirming || p.All != all || p.Done < 1 || p.Done > all {
			t.Fatalf("%+v", p)
		}
	}
	if last := seen[len(seen)-1]; last.Done < all-4 {
		t.Errorf("the last %+v", last)
	}
	if p, err := w.Progress(ctx, trainer, m.ID); err != nil || p != (Progress{State: Confirmed}) {
		t.Errorf("%+v %v", p, err)
	}
	if m, _, err = w.Undo(ctx, trainer, m.ID); err != nil || m.Removed != all {
		t.Fatalf("%v %+v", err, m)
	}
	if p, err := w.Progress(ctx, trainer, m.ID); err != nil || p != (Progress{State: Undone}) {
		t.Errorf("%+v %v", p, err)
	}
}
