package evaluation

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const passages = `{"id":"a","title":"党费","text":"党费由党员按月缴纳。"}
{"id":"b","title":"","text":"会议应当有记录。"}
{"id":"c","title":"","text":"会议记录由专人保管，记录保存十年。"}
`

func write(t *testing.T, passages, queries string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"passages.jsonl": passages, "queries.jsonl": queries} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestEvaluate(t *testing.T) {
	dir := write(t, passages, `{"id":"1","text":"怎么缴纳黨費","gold":["a"]}
{"id":"2","text":"记录保存几年","gold":["c","b"],"gain":{"c":2,"b":1}}

{"id":"3","text":"完全無關","gold":["b"]}
`)
	p, q, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Evaluate(t.Context(), t.TempDir(), p, q)
	if err != nil {
		t.Fatal(err)
	}
	if r.Passages != 3 || r.Queries != 3 || r.DocsPerS <= 0 || r.IndexBytes <= 0 || r.P50 <= 0 || r.P95 < r.P50 || r.P99 < r.P95 {
		t.Errorf("%+v", r)
	}
	near := func(name string, got, want float64) {
		if math.Abs(got-want) > 1e-9 {
			t.Errorf("%s %v, want %v", name, got, want)
		}
	}
	near("recall@1", r.Recall1, (1+0.5)/3)
	near("mrr", r.MRR10, 2.0/3)
}

func TestFigures(t *testing.T) {
	q := Query{Gold: []string{"a", "b"}, Gain: map[string]float64{"a": 2, "b": 1}}
	var r Report
	r.count(q, []string{"x", "b", "x2", "x3", "x4", "x5", "a"})
	ideal := 3.0 + 1/math.Log2(3)
	for _, f := range []struct{ got, want float64 }{
		{r.Recall1, 0}, {r.Recall5, 0.5}, {r.Recall10, 1}, {r.MRR10, 0.5}, {r.NDCG10, (1/math.Log2(3) + 3/math.Log2(8)) / ideal},
	} {
		if math.Abs(f.got-f.want) > 1e-12 {
			t.Errorf("%+v", r)
		}
	}
	for _, c := range []struct {
		ranks        []string
		one, five, x float64
	}{{nil, 0, 0, 0}, {[]string{"a"}, 0.5, 0.5, 0.5}, {[]string{"a", "b", "x"}, 0.5, 1, 1}, {[]string{"x", "x", "x", "x", "x", "a"}, 0, 0, 0.5}} {
		var r Report
		r.count(Query{Gold: []string{"a", "b"}}, c.ranks)
		if r.Recall1 != c.one || r.Recall5 != c.five || r.Recall10 != c.x {
			t.Errorf("%v: %+v", c.ranks, r)
		}
	}
	if got := quantile([]float64{1, 2, 3, 4}, .5); got != 2 {
		t.Error(got)
	}
}

func TestBadFiles(t *testing.T) {
	good := `{"id":"1","text":"x","gold":["a"]}` + "\n"
	for _, c := range []struct{ passages, queries, says string }{
		{"", good, "no passage"},
		{passages, "", "a passage and a query"},
		{passages + `{"id":"a","text":"x"}`, good, "passages.jsonl line 4"},
		{passages + `{"text":"x"}`, good, "missing or there twice"},
		{passages + `not json`, good, "line 4"},
		{passages, `{"id":"1","text":"x","gold":["nobody"]}`, `no passage`},
		{passages, `{"id":"1","text":"x"}`, `"gold"`},
		{passages, `{"id":"1","gold":["a"]}`, `"text"`},
		{passages, `{"id":"1","text":"x","gold":["a"],"gain":{"a":-1}}`, `"gain"`},
		{passages, `{"id":"1","text":"x","gold":["a"],"gain":{"q":1e9}}`, `"gain"`},
	} {
		if _, _, err := Read(write(t, c.passages, c.queries)); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q %q: %v, want %q", c.passages, c.queries, err, c.says)
		}
	}
	if _, _, err := Read(t.TempDir()); err == nil {
		t.Error("an empty directory is read")
	}
}
