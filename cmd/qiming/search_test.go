package main

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestSearchEval(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"passages.jsonl": `{"id":"a","title":"党费","text":"党费由党员按月缴纳。"}` + "\n" + `{"id":"b","title":"","text":"会议应当有记录。"}` + "\n",
		"queries.jsonl":  `{"id":"1","text":"怎么缴纳党费","gold":["a"]}` + "\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	status, out, errs := do(t, "search", "eval", dir, "--json")
	var report map[string]float64
	if err := json.Unmarshal([]byte(out), &report); err != nil || status != 0 || errs != "" {
		t.Fatalf("%d %v\n%s%s", status, err, out, errs)
	}
	keys := strings.Fields("docs_per_s index_bytes mrr@10 ndcg@10 p50_ms p95_ms passages queries recall@1 recall@10 recall@5")
	if got := slices.Sorted(maps.Keys(report)); !slices.Equal(got, keys) || report["mrr@10"] != 1 || report["passages"] != 2 {
		t.Errorf("%v", report)
	}
	if out := want(t, 0, "search", "eval", dir); !strings.Contains(out, "2 passages") {
		t.Errorf("%s", out)
	}
	if out := want(t, 2, "search", "eval", t.TempDir()); !strings.Contains(out, "passages.jsonl") {
		t.Errorf("%s", out)
	}
}
