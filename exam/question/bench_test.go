package question

import (
	"context"
	"fmt"
	"testing"

	"qiming/internal/ident"
	"qiming/internal/store"
)

// BenchmarkInsertBatch imports 10,000 questions: 20,000 durable writes.
func BenchmarkInsertBatch(b *testing.B) {
	const size = 10_000
	w := newWorld(b)
	items := newQuestions(size)
	for b.Loop() {
		if _, err := w.bank.InsertBatch(context.Background(), trainer, Batch{ID: ident.New(), OrgID: committee}, items); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(size)*float64(b.N)/b.Elapsed().Seconds(), "questions/s")
}

// BenchmarkCatalogue filters and counts 100,000 questions in memory.
func BenchmarkCatalogue(b *testing.B) {
	w, ctx := newWorld(b), context.Background()
	for i := range 100_000 {
		c := single1(fmt.Sprintf("第%d题：中国共产党人的初心和使命，就是为中国人民谋幸福，为中华民族谋复兴（%d）。", i, i))
		w.bank.catalogue.put(Question{Meta: store.Meta{ID: fmt.Sprintf("q%06d", i), Rev: 1}, OrgID: committee, OrgPath: []string{committee}, Status: Published, Live: 1, Content: c,
			Tags: []string{fmt.Sprint("标签", i%50)}, StemKey: fmt.Sprint(i), AuthorID: "a", CategoryID: "c"})
	}
	b.Run("text", func(b *testing.B) {
		for b.Loop() {
			if _, err := w.bank.List(ctx, trainer, Filter{Text: "使命（99999"}, 50, ""); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("count", func(b *testing.B) {
		for b.Loop() {
			if _, err := w.bank.Count(ctx, Rule{TagsAll: []string{"标签7"}, Kinds: []Kind{Single}}, w.orgs[committee]); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkMark marks one response of each kind.
func BenchmarkMark(b *testing.B) {
	for _, k := range Kinds {
		c := samples()[k]
		Prepare(&c)
		r := RightAnswer(c)
		b.Run(string(k), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Grade(c, r)
			}
		})
	}
}
