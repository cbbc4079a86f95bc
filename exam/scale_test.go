package exam

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"
)

// stored puts n attempts at a quiz of singles into the database, each with its steps: those of a real one with other members,
// answers and marks.
func (w *world) stored(q Quiz, n int) {
	w.Helper()
	model := w.start(q, "m1", "phone")
	for _, item := range model.sheet.Items {
		w.clock.Advance(7 * time.Second)
		model.save(item.Slot, choose("a"))
	}
	model.submit()
	like := model.stored()
	var writers errgroup.Group
	writers.SetLimit(64)
	for i := range n {
		id := fmt.Sprintf("t%06d", i)
		w.member(id, []string{branchA, branchB}[i%2])
		path := w.roll.takers[id].Path
		writers.Go(func() error {
			dice := rand.New(rand.NewPCG(uint64(i), 7))
			a := like
			a.ID, a.MemberID, a.OrgPath = AttemptID(q.ID, id, 1), id, path
			a.Rev, a.Log, a.packed, a.Blind = 0, nil, 0, w.desk.blind(a.ID)
			a.Steps, a.Marks = slices.Clone(like.Steps), slices.Clone(like.Marks)
			able, right := dice.NormFloat64(), 0
			for s := range a.Steps {
				if step := &a.Steps[s]; step.Kind == StepAnswer {
					option := "a"
					if hard := float64(step.Slot)/25 - 1; able-hard+dice.NormFloat64() < 0 {
						option = []string{"b", "c", "d"}[dice.IntN(3)]
					}
					r := choose(option)
					step.Response, a.Marks[step.Slot-1] = &r, 0
					if option == "a" {
						a.Marks[step.Slot-1] = 1
						right++
					}
				}
			}
			score := float64(right)
			percent := 100 * score / float64(len(a.Marks))
			passed := percent >= 60
			a.Score, a.Percent, a.Passed = &score, &percent, &passed
			return w.desk.attempts.Insert(w.ctx, &a)
		})
	}
	w.ok(writers.Wait())
	w.clock.Advance(tallyAge)
}

// BenchmarkStoredStatistics computes everything that the page of statistics shows of 100,000 stored attempts of 50 items, from
// nothing: read, unpacked, replayed, counted. MiB-peak is what the heap had taken beyond what it held before, garbage included;
// cpu-s what the process took of the processors.
func BenchmarkStoredStatistics(b *testing.B) {
	const takers = 100_000
	w := newWorld(b)
	q := w.quiz(fixed(1, w.singles("一", 50)...))
	w.stored(q, takers)
	for b.Loop() {
		w.Results.mu.Lock()
		clear(w.Results.tally)
		w.Results.mu.Unlock()
		peak, before := heapPeak(), cpuTime(b)
		st, err := w.Results.Statistics(w.ctx, w.author(), q.ID, StatisticsAsk{}, w.all())
		b.ReportMetric(peak(), "MiB-peak")
		b.ReportMetric((cpuTime(b) - before).Seconds(), "cpu-s")
		if err != nil || st.Quiz.N != takers+1 || st.Quiz.CIC == nil || len(st.Items) != 50 || st.Items[0].Choices == nil || st.Items[0].Time == nil {
			b.Fatalf("%v %+v", err, st.Quiz)
		}
	}
}

// BenchmarkStoredSimilarity gathers the evidence of 5,000 stored attempts of 100 items, from nothing: read, unpacked, replayed,
// paced, and each taker compared with each. cpu-s is what the process took of the processors, on whatever else the machine does.
func BenchmarkStoredSimilarity(b *testing.B) {
	const takers = 5_000
	w := newWorld(b)
	q := w.quiz(fixed(1, w.singles("一", 100)...))
	w.stored(q, takers)
	for b.Loop() {
		w.clock.Advance(2 * evidenceAge)
		peak, before := heapPeak(), cpuTime(b)
		e, err := w.Integrity.Quiz(w.ctx, w.author(), q.ID)
		b.ReportMetric(peak(), "MiB-peak")
		if err != nil || e.Compared != takers+1 {
			b.Fatalf("%v: %d compared", err, e.Compared)
		}
		b.ReportMetric((cpuTime(b) - before).Seconds(), "cpu-s")
	}
}

// heapPeak watches the heap until it is asked for the most that it grew, in MiB.
func heapPeak() func() float64 {
	inUse := func() float64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return float64(m.HeapInuse+m.StackInuse) / (1 << 20)
	}
	runtime.GC()
	before := inUse()
	stop, peak := make(chan struct{}), make(chan float64)
	go func() {
		most := before
		for {
			most = max(most, inUse())
			select {
			case <-stop:
				peak <- most - before
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() float64 {
		close(stop)
		return <-peak
	}
}
