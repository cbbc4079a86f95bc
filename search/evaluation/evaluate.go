// Package evaluation measures the search on passages and queries whose answers are known.
package evaluation

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"qiming/search/index"
)

// Report is what was measured. Times are of this machine.
type Report struct {
	Passages   int     `json:"passages"`
	Queries    int     `json:"queries"`
	Recall1    float64 `json:"recall@1"` // mean share of a query's right passages among the first
	Recall5    float64 `json:"recall@5"`
	Recall10   float64 `json:"recall@10"`
	MRR10      float64 `json:"mrr@10"`  // mean of 1/rank of the first right passage, 0 behind the tenth
	NDCG10     float64 `json:"ndcg@10"` // gains 2^gain-1, discount log2(rank+1)
	DocsPerS   float64 `json:"docs_per_s"`
	IndexBytes int64   `json:"index_bytes"`
	P50        float64 `json:"p50_ms"`
	P95        float64 `json:"p95_ms"`
	P99        float64 `json:"-"`
}

// Passage is a text to be found.
type Passage struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// Query is what is looked for.
type Query struct {
	ID   string             `json:"id"`
	Text string             `json:"text"`
	Gold []string           `json:"gold"` // IDs of the right passages; one that is not there is never found
	Gain map[string]float64 `json:"gain"` // how right they are, above 0; 1 each where none is given
}

// reader is the token of the one who evaluates.
const reader = "public"

const (
	batch   = 500 // passages written at once
	depth   = 10
	maxGain = 100
	maxLine = 64 << 20
)

// Read reads passages.jsonl and queries.jsonl of a directory. Errors name the file and the line.
func Read(dir string) ([]Passage, []Query, error) {
	var passages []Passage
	known := map[string]bool{}
	err := lines(filepath.Join(dir, "passages.jsonl"), func(p Passage) error {
		if p.ID == "" || known[p.ID] {
			return fmt.Errorf(`"id" %q is missing or there twice`, p.ID)
		}
		known[p.ID] = true
		passages = append(passages, p)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	var queries []Query
	err = lines(filepath.Join(dir, "queries.jsonl"), func(q Query) error {
		if q.Text == "" || len(q.Gold) == 0 {
			return fmt.Errorf(`query %q wants "text" and a list "gold" of passages`, q.ID)
		}
		if !slices.ContainsFunc(q.Gold, func(id string) bool { return known[id] }) {
			return fmt.Errorf(`query %q: no passage has an id of "gold"`, q.ID)
		}
		for id, gain := range q.Gain {
			if !(gain >= 0 && gain <= maxGain) {
				return fmt.Errorf(`query %q: "gain" of %q must be between 0 and %d`, q.ID, id, maxGain)
			}
		}
		queries = append(queries, q)
		return nil
	})
	if err == nil && (len(passages) == 0 || len(queries) == 0) {
		err = fmt.Errorf("%s: a passage and a query at least are needed", dir)
	}
	return passages, queries, err
}

func lines[T any](name string, take func(T) error) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, maxLine)
	for n := 1; scanner.Scan(); n++ {
		if len(scanner.Bytes()) == 0 {
			continue
		}
		var item T
		if err := json.Unmarshal(scanner.Bytes(), &item); err != nil {
			return fmt.Errorf("%s line %d: %w", name, n, err)
		}
		if err := take(item); err != nil {
			return fmt.Errorf("%s line %d: %w", name, n, err)
		}
	}
	if err := scanner.Err(); err != nil && err != io.EOF {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// Evaluate indexes the passages into a directory and asks the queries, as the product does.
func Evaluate(ctx context.Context, dir string, passages []Passage, queries []Query) (Report, error) {
	r := Report{Passages: len(passages), Queries: len(queries)}
	path := filepath.Join(dir, "index")
	start := time.Now()
	if err := build(ctx, path, passages); err != nil {
		return r, err
	}
	r.DocsPerS = float64(len(passages)) / time.Since(start).Seconds()
	x, err := index.Open(path)
	if err != nil {
		return r, err
	}
	defer x.Close()
	took := make([]float64, 0, len(queries))
	for _, q := range queries {
		start := time.Now()
		found, err := x.Search(ctx, index.Request{Text: q.Text, Audience: []string{reader}, Limit: depth, Now: start})
		if err != nil {
			return r, err
		}
		took = append(took, float64(time.Since(start))/float64(time.Millisecond))
		ranks := make([]string, len(found.Hits))
		for i, hit := range found.Hits {
			ranks[i] = hit.Document.ID
		}
		r.count(q, ranks)
	}
	for _, figure := range []*float64{&r.Recall1, &r.Recall5, &r.Recall10, &r.MRR10, &r.NDCG10} {
		*figure /= float64(len(queries))
	}
	slices.Sort(took)
	r.P50, r.P95, r.P99 = quantile(took, .5), quantile(took, .95), quantile(took, .99)
	r.IndexBytes, err = x.Bytes()
	return r, err
}

// build makes the index as it is after a rebuilding: of one segment.
func build(ctx context.Context, path string, passages []Passage) error {
	x, err := index.Open(path)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(passages, batch) {
		var change index.Change
		for _, p := range part {
			change.Put = append(change.Put, &index.Document{Type: "passage", ID: p.ID, Title: p.Title, Text: p.Text, Audience: []string{reader}})
		}
		if err := x.Apply(change); err != nil {
			return errors.Join(err, x.Close())
		}
	}
	return errors.Join(x.Compact(ctx), x.Close())
}

// count adds the figures of a query whose hits are ranks.
func (r *Report) count(q Query, ranks []string) {
	gold := map[string]bool{}
	for _, id := range q.Gold {
		gold[id] = true
	}
	gains := q.Gain
	if len(gains) == 0 {
		gains = map[string]float64{}
		for id := range gold {
			gains[id] = 1
		}
	}
	found, first, dcg := 0.0, 0, 0.0
	for i, id := range ranks[:min(len(ranks), depth)] {
		if gold[id] {
			found++
			if first == 0 {
				first = i + 1
			}
		}
		dcg += gained(gains[id], i)
		for _, at := range []struct {
			rank   int
			recall *float64
		}{{1, &r.Recall1}, {5, &r.Recall5}, {depth, &r.Recall10}} {
			if i == min(len(ranks), at.rank)-1 {
				*at.recall += found / float64(len(gold))
			}
		}
	}
	if first > 0 {
		r.MRR10 += 1 / float64(first)
	}
	var ideal []float64
	for _, gain := range gains {
		ideal = append(ideal, gain)
	}
	slices.SortFunc(ideal, func(a, b float64) int { return cmp.Compare(b, a) })
	most := 0.0
	for i, gain := range ideal[:min(len(ideal), depth)] {
		most += gained(gain, i)
	}
	if most > 0 {
		r.NDCG10 += dcg / most
	}
}

func gained(gain float64, rank int) float64 {
	return (math.Exp2(gain) - 1) / math.Log2(float64(rank)+2)
}

// quantile of sorted values, by the nearest rank.
func quantile(sorted []float64, share float64) float64 {
	return sorted[max(int(math.Ceil(share*float64(len(sorted))))-1, 0)]
}
