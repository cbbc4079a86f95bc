package index

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	benchDocuments = 100_000
	benchWords     = 30_000 // of a vocabulary of two or three characters each
	benchLength    = 120    // words of a document
	benchQueries   = 2_000
)

// prose makes texts whose words are as unevenly frequent as those of a language (Zipf's law).
type prose struct {
	r     *rand.Rand
	zipf  *rand.Zipf
	words []string
}

func newProse() *prose {
	r := rand.New(rand.NewPCG(7, 11))
	letters := rand.NewZipf(r, 1.2, 30, 3500)
	p := &prose{r: r, zipf: rand.NewZipf(r, 1.1, 5, benchWords-1)}
	for range benchWords {
		var word strings.Builder
		for range 2 + r.IntN(2) {
			word.WriteRune('\u4e00' + rune(letters.Uint64())*5)
		}
		p.words = append(p.words, word.String())
	}
	return p
}

func (p *prose) text(words int) string {
	var b strings.Builder
	for i := range words {
		b.WriteString(p.words[p.zipf.Uint64()])
		if i%9 == 8 {
			b.WriteString("。")
		}
	}
	return b.String()
}

// BenchmarkSearch asks an index of 100,000 documents of some 300 characters, of which the reader sees about half: questions
// of one to seven words with all counts, and names for three characters. Budgets: the 99th of a hundred below 20 ms each,
// the index below ten times its text.
func BenchmarkSearch(b *testing.B) {
	p := newProse()
	x, err := Open(filepath.Join(b.TempDir(), "x"))
	if err != nil {
		b.Fatal(err)
	}
	defer x.Close()
	size, start := 0, time.Now()
	for n := 0; n < benchDocuments; n += pileThings {
		var change Change
		for i := n; i < n+pileThings; i++ {
			d := &Document{
				Type: "article", Kind: "article", ID: fmt.Sprint(i), Title: p.text(5), Text: p.text(benchLength), Audience: []string{fmt.Sprint("org:", p.r.IntN(40))},
				Tags: []string{fmt.Sprint("tag", p.r.IntN(50))}, Category: []string{fmt.Sprint("c", p.r.IntN(30))}, Date: now.AddDate(0, 0, -p.r.IntN(2000)),
			}
			if i%2 == 0 {
				d.Audience = []string{"public"}
			}
			size += len(d.Title) + len(d.Text)
			change.Put = append(change.Put, d)
		}
		if err := x.Apply(change); err != nil {
			b.Fatal(err)
		}
	}
	if err := x.Compact(b.Context()); err != nil {
		b.Fatal(err)
	}
	built := time.Since(start)
	took := map[string][]float64{}
	hits := 0
	clock := func(what string, ask func() error) {
		start := time.Now()
		if err := ask(); err != nil {
			b.Fatal(err)
		}
		took[what] = append(took[what], float64(time.Since(start))/float64(time.Millisecond))
	}
	reader := []string{"public", "org:1", "org:2"}
	for range benchQueries {
		q := Request{Text: p.text(1 + p.r.IntN(7)), Audience: reader, Limit: 20, Facets: true, Now: now}
		clock("search", func() error {
			found, err := x.Search(b.Context(), q)
			hits += found.Total
			return err
		})
		q.Text, q.Limit = string([]rune(p.text(2))[:3]), 8
		clock("suggest", func() error { _, err := x.Suggest(b.Context(), q); return err })
	}
	for b.Loop() { // the time of one more, as the tool wants it
		if _, err := x.Search(b.Context(), Request{Text: p.text(3), Audience: reader, Limit: 20, Facets: true, Now: now}); err != nil {
			b.Fatal(err)
		}
	}
	for what, times := range took {
		slices.Sort(times)
		b.ReportMetric(times[len(times)/2], what+"-p50-ms")
		b.ReportMetric(times[len(times)*99/100], what+"-p99-ms")
	}
	bytes, err := x.Bytes()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(bytes)/float64(size), "index/text")
	b.ReportMetric(benchDocuments/built.Seconds(), "docs/s")
	b.ReportMetric(float64(hits)/benchQueries, "hits/query")
}
