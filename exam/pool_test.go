package exam

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"qiming/exam/question"
)

// candidatesOf makes candidates q1, q2 ... of tags ("" = none) and uses.
func candidatesOf(tags [][]string, uses []int) []question.Candidate {
	var list []question.Candidate
	for i := range max(len(tags), len(uses)) {
		c := question.Candidate{QuestionID: fmt.Sprintf("q%d", i+1), VersionID: fmt.Sprintf("q%d@1", i+1)}
		if i < len(tags) {
			c.Exclusions = tags[i]
		}
		if i < len(uses) {
			for n := range uses[i] {
				c.UsedBy = append(c.UsedBy, fmt.Sprint("other", n))
			}
		}
		list = append(list, c)
	}
	return list
}

// excluded makes a version of one section whose pools draw from all candidates.
func excluded(candidates []question.Candidate, counts ...int) QuizVersion {
	groups := exclusions{}
	section := FrozenSection{ID: "s"}
	for _, count := range counts {
		p := FrozenPool{Count: count, Points: 1}
		for _, c := range candidates {
			p.add(c)
			groups.add(c)
		}
		section.Pools = append(section.Pools, p)
	}
	v := QuizVersion{QuizID: "quiz", Number: 1, Sections: []FrozenSection{section}}
	for _, count := range counts {
		v.Items += count
	}
	groups.mark(v.Sections)
	return v
}

// No paper has two items of one exclusion, and a paper is full exactly where enough items do not exclude each
// other, chains of tags included.
func TestExclusionsHoldInEveryPaper(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "items")
		tags := make([][]string, n)
		for i := range tags {
			tags[i] = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"互斥:a", "互斥:b", "互斥:c", "互斥:d"}), 0, 2, rapid.ID[string]).Draw(t, "tags")
		}
		counts := rapid.SliceOfN(rapid.IntRange(1, 4), 1, 3).Draw(t, "counts")
		candidates := candidatesOf(tags, nil)
		v := excluded(candidates, counts...)
		// Components by repeated merging of sets, another way than the engine's.
		component := make([]int, n)
		for i := range component {
			component[i] = i
		}
		for range n {
			for i := range tags {
				for j := range tags {
					if overlaps(tags[i], tags[j]) {
						least := min(component[i], component[j])
						component[i], component[j] = least, least
					}
				}
			}
		}
		distinct := map[int]bool{}
		for _, c := range component {
			distinct[c] = true
		}
		want := 0
		for _, c := range counts {
			want += c
		}
		short := newBlueprint(v).shortages()
		if full := len(short) == 0; full != (want <= len(distinct)) {
			t.Fatalf("%d wanted of %d that go together, shortages %+v", want, len(distinct), short)
		}
		paper := Draw(v, rapid.String().Draw(t, "seed"))
		if len(paper.Slots) != min(want, len(distinct)) {
			t.Fatalf("%d slots, want %d", len(paper.Slots), min(want, len(distinct)))
		}
		seen := map[string]string{}
		for _, slot := range paper.Slots {
			i := slices.IndexFunc(candidates, func(c question.Candidate) bool { return c.VersionID == slot.Version })
			for _, tag := range tags[i] {
				if other, ok := seen[tag]; ok {
					t.Fatalf("%s and %s share %s", slot.Version, other, tag)
				}
				seen[tag] = slot.Version
			}
		}
	})
}

func TestLeastUsedComeFirst(t *testing.T) {
	candidates := candidatesOf(nil, []int{2, 0, 1, 0, 0, 2, 1})
	candidates[0].UsedBy = []string{"quiz"} // this very quiz does not count
	for _, c := range []struct {
		count int
		must  []string // in every paper
		may   []string // the rest comes from these
	}{
		{3, nil, []string{"q1@1", "q2@1", "q4@1", "q5@1"}},
		{4, []string{"q1@1", "q2@1", "q4@1", "q5@1"}, nil},
		{5, []string{"q1@1", "q2@1", "q4@1", "q5@1"}, []string{"q3@1", "q7@1"}},
		{6, []string{"q1@1", "q2@1", "q3@1", "q4@1", "q5@1", "q7@1"}, nil},
		{7, []string{"q1@1", "q2@1", "q3@1", "q4@1", "q5@1", "q6@1", "q7@1"}, nil},
	} {
		ranked := slices.Clone(candidates)
		p := FrozenPool{Count: c.count, Points: 1}
		p.rank(ranked, "quiz")
		for _, candidate := range ranked {
			p.add(candidate)
		}
		b := newBlueprint(version(p))
		drawn := map[string]int{}
		for i := range 200 {
			paper := b.draw(fmt.Sprint(i))
			got := paper.Versions()
			for _, must := range c.must {
				if !slices.Contains(got, must) {
					t.Fatalf("%d drawn without %s: %v", c.count, must, got)
				}
			}
			for _, v := range got {
				drawn[v]++
				if !slices.Contains(c.must, v) && !slices.Contains(c.may, v) {
					t.Fatalf("%d drawn with %s: %v", c.count, v, got)
				}
			}
		}
		for _, may := range c.may {
			if drawn[may] == 0 {
				t.Errorf("%d drawn: %s never is", c.count, may)
			}
		}
	}
}

// The numbers of a report that can be worked out by hand: two pools, one of which mixes easy and hard items.
func TestSimulate(t *testing.T) {
	expect := map[string]float64{"q1@1": 0.9, "q2@1": 0.9, "q3@1": 0.2, "q4@1": 0.6, "q5@1": 0.6}
	same := poolOf(1, 4, 5)
	mixed := poolOf(1, 1, 2, 3)
	mixed.Points = 10
	v := version(same, mixed)
	v.Points = 11
	e := simulate(newBlueprint(v), func(id string) float64 { return expect[id] })
	// 0.6 + 10 x (0.9, 0.9 or 0.2): mean 7.27, sd 3.3.
	if e.Draws != 1000 || e.Min != 2.6 || e.Max != 9.6 || e.P5 != 2.6 || e.P95 != 9.6 || e.Verdict != "uneven" || e.Questions != 5 {
		t.Errorf("%+v", e)
	}
	if math.Abs(e.Mean-7.267) > 0.35 || math.Abs(e.SD-3.3) > 0.15 {
		t.Errorf("mean %v sd %v", e.Mean, e.SD)
	}
	if e.Entries[0][0] != 0 || math.Abs(e.Entries[0][1]-3.3) > 0.15 {
		t.Errorf("spread by entry %v", e.Entries)
	}
	// Two papers share the same item of a pool of n with probability 1/n: (1/2 + 1/3) of 2 items.
	if math.Abs(e.Overlap-5.0/12) > 0.05 || math.Abs(e.Exposure-0.5) > 0.06 {
		t.Errorf("overlap %v exposure %v", e.Overlap, e.Exposure)
	}
	sum := 0
	for _, b := range e.Buckets {
		sum += b.Count
	}
	if sum != e.Draws {
		t.Errorf("%d draws in the buckets", sum)
	}
	for _, c := range []struct {
		spread  float64
		verdict string
	}{{0, "same"}, {0.05, "even"}, {0.051, "fair"}, {0.1, "fair"}, {0.101, "uneven"}} {
		e := Equality{Points: 1}
		e.summarise(slices.Concat(slices.Repeat([]float64{0.5}, 500), slices.Repeat([]float64{0.5 + c.spread}, 500)))
		if e.Verdict != c.verdict {
			t.Errorf("a spread of %v is %s, want %s", c.spread, e.Verdict, c.verdict)
		}
	}
}

// What takers did counts in the report once it is recorded; until then the difficulty speaks.
// Rules may want the same questions: each is expected to earn what it earns, whatever pools hold it.
func TestSimulateWithOverlappingRules(t *testing.T) {
	v := version(poolOf(1, 1, 2), poolOf(1, 1, 2), poolOf(1, 1, 2, 3))
	v.Points = 3
	if e := simulate(newBlueprint(v), func(string) float64 { return 0.8 }); e.Max != 2.4 || e.Min != 2.4 || e.Verdict != "same" {
		t.Errorf("%+v", e)
	}
}

func TestEqualityTakesWhatWasMeasured(t *testing.T) {
	w := newWorld(t)
	ids := w.singles("题库", 2)
	first := w.quiz(fixed(1, ids[0]), func(d *Draft) { d.Settings.Attempts = 0 })
	for i := range 20 {
		id := fmt.Sprintf("t%d", i)
		w.member(id, branchA)
		m := w.start(first, id, "phone")
		m.answer(1) // right
		m.submit()
	}
	pool := w.draft([]Entry{drawn(1, 1, "题库")})
	before, err := w.Quizzes.Equality(w.ctx, w.author(), pool.ID, nil)
	w.ok(err)
	if before.Measured != 0 || before.Verdict != "same" || before.Mean != 0.65 {
		t.Errorf("before: %+v", before)
	}
	w.ok(w.Results.RecordItems(w.ctx))
	w.ok(w.Results.RecordItems(w.ctx)) // again: nothing counts twice
	after, err := w.Quizzes.Equality(w.ctx, w.author(), pool.ID, nil)
	w.ok(err)
	// 20 right of 20, with 10 presumed at 0.65: (20 + 6.5) / 30.
	if after.Measured != 1 || after.Max != 0.88 || after.Min != 0.65 || after.Verdict != "uneven" {
		t.Errorf("after: %+v", after)
	}
	stranger := w.author()
	stranger.Scope = []string{branchB}
	_, err = w.Quizzes.Equality(w.ctx, stranger, pool.ID, nil)
	w.refused(err, "quiz.not_found")
}
