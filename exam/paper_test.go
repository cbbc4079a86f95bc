package exam

import (
	"fmt"
	"math"
	"qiming/exam/question"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// pools makes a version of one section a pool list: "3 of q1 q2 q3 q4".
func version(pools ...FrozenPool) QuizVersion {
	v := QuizVersion{QuizID: "quiz", Number: 1, Sections: []FrozenSection{{ID: "s", Pools: pools}}, Settings: Settings{ShuffleOptions: true}}
	for _, p := range pools {
		v.Items += p.Count
	}
	return v
}

func poolOf(count int, questions ...int) FrozenPool {
	p := FrozenPool{Count: count, Points: 1}
	for _, q := range questions {
		p.Versions = append(p.Versions, fmt.Sprintf("q%d@1", q))
	}
	return p
}

// excluding makes questions of a pool exclude each other.
func excluding(p FrozenPool, questions ...int) FrozenPool {
	p.Excludes = map[string]string{}
	for _, q := range questions {
		p.Excludes[fmt.Sprintf("q%d@1", q)] = "互斥:a"
	}
	return p
}

func upTo(from, to int) []int {
	var list []int
	for i := from; i <= to; i++ {
		list = append(list, i)
	}
	return list
}

// fillable says by brute force (Hall 1935) whether all pools can be filled: every set of pools must
// reach at least as many questions as it wants.
func fillable(pools []FrozenPool) bool {
	for set := 1; set < 1<<len(pools); set++ {
		want, reach := 0, map[string]bool{}
		for i, p := range pools {
			if set&(1<<i) == 0 {
				continue
			}
			want += p.Count
			for _, v := range p.Versions {
				reach[question.QuestionOf(v)] = true
			}
		}
		if len(reach) < want {
			return false
		}
	}
	return true
}

func TestDrawIsExactAndNeverRepeats(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var pools []FrozenPool
		for range rapid.IntRange(1, 5).Draw(t, "pools") {
			questions := rapid.SliceOfNDistinct(rapid.IntRange(1, 14), 1, 10, rapid.ID[int]).Draw(t, "questions")
			pools = append(pools, poolOf(rapid.IntRange(1, 4).Draw(t, "count"), questions...))
		}
		v := version(pools...)
		v.Sections[0].Shuffle = rapid.Bool().Draw(t, "shuffle")
		seed := rapid.String().Draw(t, "seed")
		short := newBlueprint(v).shortages()
		if fillable(pools) != (len(short) == 0) {
			t.Fatalf("fillable %v, shortages %+v", fillable(pools), short)
		}
		paper, again := Draw(v, seed), Draw(v, seed)
		if fmt.Sprint(paper) != fmt.Sprint(again) {
			t.Fatal("the same seed gives another paper")
		}
		seen := map[string]bool{}
		for i, slot := range paper.Slots {
			if seen[question.QuestionOf(slot.Version)] {
				t.Fatalf("%s twice", slot.Version)
			}
			seen[question.QuestionOf(slot.Version)] = true
			if slot.Number != i+1 {
				t.Fatalf("slot %d is numbered %d", i+1, slot.Number)
			}
		}
		if len(short) == 0 && len(paper.Slots) != v.Items {
			t.Fatalf("%d slots, want %d", len(paper.Slots), v.Items)
		}
		missing := 0
		for _, s := range short {
			missing += s.Wanted - s.Have
		}
		if len(paper.Slots) < v.Items-missing {
			t.Fatalf("%d slots, %d can be filled", len(paper.Slots), v.Items-missing)
		}
	})
}

func TestDrawStaysTheSame(t *testing.T) {
	v := version(poolOf(3, upTo(1, 10)...), poolOf(2, upTo(5, 15)...))
	v.Sections[0].Shuffle = true
	p := Draw(v, "a seed that is written down")
	got := strings.Join(p.Versions(), " ") + fmt.Sprint(p.Slots[0].OptionOrder(4), p.Slots[4].OptionOrder(6))
	const want = "q8@1 q2@1 q6@1 q3@1 q7@1[0 1 2 3] [3 4 0 1 2 5]"
	if got != want {
		t.Errorf("a seed must mean the same paper for ever:\n got %s\nwant %s", got, want)
	}
}

// Every question of a pool is drawn about equally often, and stands in every place.
func TestDrawIsFair(t *testing.T) {
	const draws, items, count = 20_000, 10, 3
	b := newBlueprint(version(poolOf(count, upTo(1, items)...)))
	times := map[string]int{}
	first := map[string]int{}
	for i := range draws {
		p := b.draw(fmt.Sprint(i))
		for _, s := range p.Slots {
			times[s.Version]++
		}
		first[p.Slots[0].Version]++
	}
	for q := 1; q <= items; q++ {
		id := fmt.Sprintf("q%d@1", q)
		// 5 standard deviations.
		if mean := float64(draws * count / items); math.Abs(float64(times[id])-mean) > 5*math.Sqrt(mean) {
			t.Errorf("%s drawn %d times, mean %v", id, times[id], mean)
		}
		if mean := float64(draws / items); math.Abs(float64(first[id])-mean) > 5*math.Sqrt(mean) {
			t.Errorf("%s first %d times, mean %v", id, first[id], mean)
		}
	}
}

func TestShortages(t *testing.T) {
	for _, c := range []struct {
		name  string
		pools []FrozenPool
		want  []Shortage
	}{
		{"just enough", []FrozenPool{poolOf(7, upTo(1, 7)...)}, nil},
		{"one too few", []FrozenPool{poolOf(8, upTo(1, 7)...)}, []Shortage{{1, 1, 1, 8, 7, 7, 7}}},
		{"nothing", []FrozenPool{poolOf(1)}, []Shortage{{1, 1, 1, 1, 0, 0, 0}}},
		{"third rule", []FrozenPool{poolOf(1, 1), poolOf(1, 2), poolOf(10, upTo(3, 9)...)}, []Shortage{{1, 3, 3, 10, 7, 7, 7}}},
		{"two rules share and it suffices", []FrozenPool{poolOf(5, upTo(1, 10)...), poolOf(5, upTo(1, 10)...)}, nil},
		{"two rules share and it does not", []FrozenPool{poolOf(5, upTo(1, 9)...), poolOf(5, upTo(1, 9)...)}, []Shortage{{1, 2, 2, 5, 4, 9, 9}}},
		{"the wide one gives way to the narrow one", []FrozenPool{poolOf(3, upTo(1, 5)...), poolOf(2, 1, 2)}, nil},
		{"a fixed question inside a rule", []FrozenPool{poolOf(3, 1, 2, 3), poolOf(1, 2)}, []Shortage{{1, 2, 2, 1, 0, 1, 1}}},
		{"two that exclude each other", []FrozenPool{excluding(poolOf(2, 1, 2), 1, 2)}, []Shortage{{1, 1, 1, 2, 1, 1, 2}}},
		{"chosen by hand, excluded by one before", []FrozenPool{excluding(poolOf(1, 1), 1), excluding(poolOf(1, 2), 2)}, []Shortage{{1, 2, 2, 1, 0, 1, 1}}},
		{"a chain of three", []FrozenPool{poolOf(1, 1, 2), poolOf(1, 2, 3), poolOf(1, 1)}, nil},
	} {
		got := newBlueprint(version(c.pools...)).shortages()
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
		if len(c.want) == 0 {
			for seed := range 50 {
				if p := Draw(version(c.pools...), fmt.Sprint(seed)); len(p.Slots) != version(c.pools...).Items {
					t.Errorf("%s: seed %d fills %d slots", c.name, seed, len(p.Slots))
				}
			}
		}
	}
}

func TestSectionsKeepTheirItems(t *testing.T) {
	v := QuizVersion{Items: 6, Sections: []FrozenSection{
		{ID: "one", Title: "单选", Shuffle: true, Pools: []FrozenPool{poolOf(2, upTo(1, 4)...), poolOf(1, 9)}},
		{ID: "empty", Pools: []FrozenPool{}},
		{ID: "two", Pools: []FrozenPool{poolOf(1, 20), poolOf(1, 21), poolOf(1, 22)}},
	}}
	for seed := range 50 {
		p := Draw(v, fmt.Sprint(seed))
		if p.Parts[0].From != 1 || p.Parts[0].To != 3 || p.Parts[1].From != 4 || p.Parts[1].To != 3 || p.Parts[2].From != 4 || p.Parts[2].To != 6 {
			t.Fatalf("parts %+v", p.Parts)
		}
		if got := p.Versions()[3:]; !slices.Equal(got, []string{"q20@1", "q21@1", "q22@1"}) {
			t.Fatalf("a section that is not shuffled has %v", got)
		}
		if p.Slots[0].OptionOrder(4) != nil {
			t.Fatal("options shuffled against the setting")
		}
	}
}

func TestOptionOrderIsAPermutation(t *testing.T) {
	p := Draw(version(poolOf(20, upTo(1, 20)...)), "x")
	orders := map[string]bool{}
	for _, s := range p.Slots {
		order := s.OptionOrder(5)
		orders[fmt.Sprint(order)] = true
		sorted := slices.Sorted(slices.Values(order))
		if !slices.Equal(sorted, []int{0, 1, 2, 3, 4}) {
			t.Fatalf("order %v", order)
		}
	}
	if len(orders) < 10 {
		t.Fatalf("only %d orders in 20 slots", len(orders))
	}
}

func BenchmarkDraw20From2000(b *testing.B) {
	v := version(poolOf(10, upTo(1, 2000)...), poolOf(10, upTo(1001, 3000)...))
	plan := newBlueprint(v)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		i++
		if p := plan.draw(fmt.Sprint(i)); len(p.Slots) != 20 {
			b.Fatal("short")
		}
	}
}
