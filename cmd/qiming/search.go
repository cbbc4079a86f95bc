package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"qiming/search/evaluation"
)

type searchCommand struct {
	Eval searchEval `cmd:"" help:"Measure the search on passages and queries with known answers; exit status 2 when the files cannot be used."`
}

type searchEval struct {
	Dir  string `arg:"" help:"Directory with passages.jsonl and queries.jsonl."`
	JSON bool   `help:"Print JSON."`
}

// Help shows the form of the files under the flags.
func (searchEval) Help() string {
	return `passages.jsonl: {"id","title","text"} a line; queries.jsonl: {"id","text","gold":["id",...],"gain":{"id":number}} a line, "gain" may be
missing. The passages are indexed into a temporary directory with the product's own mapping and query. Example:
  qiming search eval shared/data/eval/dev/cmrc --json`
}

// Run evaluates; it needs no data of a server.
func (c *searchEval) Run(s streams) error {
	passages, queries, err := evaluation.Read(c.Dir)
	if err != nil {
		return unusable(s, err)
	}
	dir, err := os.MkdirTemp("", "qiming-search-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	r, err := evaluation.Evaluate(context.Background(), dir, passages, queries)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(s.out).Encode(r)
	}
	_, err = fmt.Fprintf(s.out, "%d passages (%.0f/s, %.1f MB), %d queries: recall %.4f at 1, %.4f at 5, %.4f at 10; MRR@10 %.4f; nDCG@10 %.4f; %.1f ms (half), %.1f ms (95 %%), %.1f ms (99 %%)\n",
		r.Passages, r.DocsPerS, float64(r.IndexBytes)/1e6, r.Queries, r.Recall1, r.Recall5, r.Recall10, r.MRR10, r.NDCG10, r.P50, r.P95, r.P99)
	return err
}
