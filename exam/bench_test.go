package exam

import (
	"fmt"
	"sync/atomic"
	"testing"

	"qiming/exam/question"
)

// BenchmarkSave saves answers of many takers through the service, durably: two answers for each of
// the 20 items of every attempt, as a rush does. cpu-µs/op is user and system time of the process.
func BenchmarkSave(b *testing.B) {
	w := newWorld(b)
	q := w.quiz([]Entry{drawn(20, 1, "题库")}, func(*Draft) { w.singles("题库", 200) })
	const takers = 256
	all := make([]*taking, takers)
	for i := range all {
		id := fmt.Sprintf("t%d", i)
		w.member(id, branchA)
		all[i] = w.start(q, id, "phone")
	}
	var next atomic.Int64
	b.SetParallelism(64)
	before := cpuTime(b)
	b.ResetTimer()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			n := int(next.Add(1) - 1)
			m := all[n%takers]
			turn := n / takers
			response := choose([]string{"a", "b", "c", "d"}[turn/20%4])
			saved, err := w.Attempts.Save(w.ctx, m.actor, m.sheet.Attempt.ID, m.sheet.Session,
				[]Answer{{ClientSeq: int64(turn + 1), Slot: turn%20 + 1, Response: response}})
			if err != nil {
				b.Error(err)
				return
			}
			if len(saved.Receipts) != 1 {
				b.Error("no receipt")
			}
		}
	})
	b.StopTimer()
	b.ReportMetric(float64((cpuTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
}

// BenchmarkStart is a rush of starts: one insert each.
func BenchmarkStart(b *testing.B) {
	w := newWorld(b)
	q := w.quiz([]Entry{drawn(20, 1, "题库")}, func(*Draft) { w.singles("题库", 200) })
	for i := range b.N {
		w.member(fmt.Sprintf("t%d", i), branchA)
	}
	var next atomic.Int64
	b.SetParallelism(64)
	before := cpuTime(b)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := w.Attempts.Start(w.ctx, as(fmt.Sprintf("t%d", next.Add(1)-1), "phone"), q.ID, Begin{}); err != nil {
				b.Error(err)
				return
			}
		}
	})
	b.StopTimer()
	b.ReportMetric(float64((cpuTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
}

// BenchmarkSteps is the pure part of a save into an attempt of 20 answers: no store.
func BenchmarkSteps(b *testing.B) {
	end := monday.Add(3600e9)
	s := sitting{clock: Clock{Deadline: &end}, key: []byte("0123456789abcdef0123456789abcdef")}
	base := Attempt{Meta: metaOf("q:m:1"), QuizID: "q", MemberID: "m", Number: 1}
	if err := base.start(s, "s", "", monday); err != nil {
		b.Fatal(err)
	}
	for i := range 20 {
		if _, _, err := base.save(s, "s", []Answer{{ClientSeq: int64(i + 1), Slot: i + 1, Response: choose("a")}}, monday); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		a := base
		a.Steps = base.Steps[:len(base.Steps):len(base.Steps)]
		if _, _, err := a.save(s, "s", []Answer{{ClientSeq: 99, Slot: 3, Response: choose("b")}}, monday); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkGrade marks a paper of 20 items.
func BenchmarkGrade(b *testing.B) {
	paper, contents := Paper{}, []question.Content{}
	var steps []Step
	for i := range 20 {
		r := choose("a")
		paper.Slots = append(paper.Slots, Slot{Number: i + 1, Version: fmt.Sprintf("q%d@1", i), Points: 1})
		contents = append(contents, single("题"))
		steps = append(steps, Step{Seq: i + 1, Kind: StepAnswer, Slot: i + 1, Response: &r})
	}
	b.ReportAllocs()
	for b.Loop() {
		if g := GradePaper(paper, contents, Replay(steps, 20)); g.Score != 20 {
			b.Fatal(g.Score)
		}
	}
}
