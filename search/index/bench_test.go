package index

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"qiming/internal/store"
	"qiming/search"
)

const (
	benchDocuments = 100_000
	benchWords     = 30_000 // of a vocabulary of two or three characters each
	benchLength    = 120    // words of a document
	benchRounds    = 200
	latinEvery     = 25 // one of so many words is Latin
)

// prose makes texts whose words are as unevenly frequent as those of a language (Zipf's law).
type prose struct {
	r     *rand.Rand
	zipf  *rand.Zipf
	words []string
}

func newProse(seed uint64) *prose {
	r := rand.New(rand.NewPCG(7, 11)) // the same words for all seeds
	letters := rand.NewZipf(r, 1.2, 30, 3500)
	var usual []rune // simplified ones, of all sounds
	for c := '\u4e00'; c < '\u9fa5'; c += 3 {
		if search.Fold(c) == c {
			usual = append(usual, c)
		}
	}
	p := &prose{}
	for i := range benchWords {
		var word strings.Builder
		for range 2 + r.IntN(2) {
			word.WriteRune(usual[letters.Uint64()%uint64(len(usual))])
		}
		if i%latinEvery == latinEvery-1 {
			word.Reset()
			for range 4 + r.IntN(5) {
				word.WriteByte('a' + byte(r.IntN(26)))
			}
			word.WriteByte(' ')
		}
		p.words = append(p.words, word.String())
	}
	p.r = rand.New(rand.NewPCG(seed, 11))
	p.zipf = rand.NewZipf(p.r, 1.1, 5, benchWords-1)
	return p
}

// latin gives a Latin word.
func (p *prose) latin() string {
	return p.words[latinEvery*p.r.IntN(benchWords/latinEvery/10)+latinEvery-1]
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

// sound gives how two words are said.
func (p *prose) sound() sound {
	for {
		if all := sounds([]rune(p.text(2))); all != nil && len(all[0].initials) > 1 {
			return all[0]
		}
	}
}

// bench is a source of 100,000 documents of some 300 characters, of which a reader sees about half.
type bench struct {
	*prose
	last  int // document that is there
	bytes int // of text
}

func (s *bench) source() Source {
	return Source{
		Name: "bench", Type: "article",
		Changes: func(_ context.Context, since string, limit int) (out []store.Change, err error) {
			at, _ := strconv.Atoi(since)
			for i := at + 1; i <= s.last && len(out) < limit; i++ {
				out = append(out, store.Change{ID: fmt.Sprint(i), Seq: fmt.Sprintf("%09d", i)})
			}
			return out, nil
		},
		Documents: func(_ context.Context, ids []string) (out []*Document, err error) {
			for _, id := range ids {
				d := &Document{
					Type: "article", Kind: "article", ID: id, Title: s.text(5), Text: s.text(benchLength), Audience: []string{fmt.Sprint("org:", s.r.IntN(40))},
					Tags: []string{fmt.Sprint("tag", s.r.IntN(50))}, Category: []string{fmt.Sprint("c", s.r.IntN(30))}, Date: now.AddDate(0, 0, -s.r.IntN(2000)),
				}
				if s.r.IntN(2) == 0 {
					d.Audience = []string{"public"}
				}
				s.bytes += len(d.Title) + len(d.Text)
				out = append(out, d)
			}
			return out, nil
		},
	}
}

// asked are the kinds of questions that readers ask, each with all counts.
func asked(p *prose) map[string]Request {
	sound := p.sound()
	return map[string]Request{
		"word":     {Text: p.text(1)},
		"words":    {Text: p.text(2 + p.r.IntN(6))},
		"long":     {Text: p.text(30)},
		"Latin":    {Text: p.latin()},
		"pinyin":   {Text: sound.syllables},
		"initials": {Text: cutBytes(sound.initials, 4)},
		"filtered": {Text: p.text(3), Tag: fmt.Sprint("tag", p.r.IntN(50)), From: now.AddDate(-2, 0, 0), To: now},
		"newest":   {},
	}
}

// BenchmarkSearch builds an index of 100,000 documents while a small one serves, asks it, and has it follow changes.
// Goals: the 99th of a hundred answers below 20 ms, searches and suggestions each; a change found within 2 s; the index
// below ten times its text.
func BenchmarkSearch(b *testing.B) {
	took := map[string][]float64{}
	clock := func(what string, ask func() error) {
		start := time.Now()
		if err := ask(); err != nil {
			b.Fatal(err)
		}
		took[what] = append(took[what], float64(time.Since(start))/float64(time.Millisecond))
	}
	s := &bench{prose: newProse(1), last: followBatch}
	l := openLive(b, b.TempDir(), s.source())
	defer shutLive(b, l)
	if err := l.Rebuild(b.Context()); err != nil {
		b.Fatal(err)
	}
	reader := []string{"public", "org:1", "org:2"}
	p := newProse(2)
	ask := func(what string, q Request) {
		q.Audience, q.Limit, q.Facets, q.Now = reader, 20, true, now
		clock(what, func() error { _, err := l.Search(b.Context(), q); return err })
	}

	s.last, s.bytes = benchDocuments, 0
	start, built := time.Now(), make(chan error, 1)
	go func() { built <- l.Rebuild(b.Context()) }()
	for done := false; !done; {
		select {
		case err := <-built:
			if done = true; err != nil {
				b.Fatal(err)
			}
		case <-time.After(100 * time.Millisecond):
			ask("meanwhile", Request{Text: p.text(2)})
			if n, err := l.Count(); err != nil || n != followBatch && n != benchDocuments {
				b.Fatalf("%d documents serve while %+v is built: %v", n, l.Progress(), err)
			}
		}
	}
	speed := benchDocuments / time.Since(start).Seconds()
	bytes, err := l.now.Bytes()
	if err != nil {
		b.Fatal(err)
	}
	share := float64(bytes) / float64(s.bytes)

	for range benchRounds {
		for what, q := range asked(p) {
			ask("search "+what, q)
		}
		sound, form := p.sound(), []rune(p.text(3))
		for what, typed := range map[string]string{
			"one": string(form[:1]), "three": string(form[:min(3, len(form))]), "letter": sound.initials[:1], "initials": sound.initials[:2], "pinyin": cutBytes(sound.syllables, 6),
		} {
			q := Request{Text: typed, Audience: reader, Limit: 8, Now: now}
			clock("suggest "+what, func() error { _, err := l.Suggest(b.Context(), q); return err })
		}
	}
	for b.Loop() { // as the tool wants it
		ask("search", Request{Text: p.text(3)})
	}
	for range 20 {
		s.last++
		clock("follow", func() error { return errors.Join(l.Refresh(b.Context()), l.now.Warm()) })
	}
	b.ReportMetric(speed, "docs/s")
	b.ReportMetric(share, "index/text")
	for what, times := range took {
		if kind, _, _ := strings.Cut(what, " "); kind != what {
			took[kind] = append(took[kind], times...)
		}
	}
	for _, what := range slices.Sorted(maps.Keys(took)) {
		times := took[what]
		slices.Sort(times)
		at := func(share float64) float64 { return times[int(share*float64(len(times)-1))] }
		b.Logf("%-16s p50 %6.2f  p95 %6.2f  p99 %6.2f ms of %d", what, at(.5), at(.95), at(.99), len(times))
		if !strings.Contains(what, " ") {
			b.ReportMetric(at(.99), what+"-p99-ms")
		}
	}
}
