package apptest

import (
	"net/url"
	"slices"
	"testing"
	"time"

	"qiming/app"
	"qiming/internal/peer"
)

type foundBody struct {
	Total    int
	Spelling string
	Hits     []struct {
		Type, ID, Title string
		Extract         struct {
			Text  string
			Marks []struct{ Start, End int }
		}
		Official bool
		Standing string
	}
	Facets map[string]map[string]int
}

func search(c *Client, query string) (f foundBody) {
	c.Do("GET", "/search?"+query, nil).Want(200).JSON(&f)
	return f
}

// followed is within what time a process must have what another published.
const followed = 10 * time.Second

// until waits for what a process finds.
func until(t testing.TB, c *Client, query string, want int) {
	t.Helper()
	for end := time.Now().Add(followed); ; time.Sleep(20 * time.Millisecond) {
		var f foundBody
		r := c.Do("GET", "/search?"+query, nil)
		if r.StatusCode == 200 {
			if r.JSON(&f); f.Total == want {
				return
			}
		}
		if time.Now().After(end) {
			t.Fatalf("after %s %s finds %s", followed, query, r.Text)
		}
	}
}

// indexed waits for an article with a title that stands alone.
func (l *library) indexed(title string) {
	l.t.Helper()
	until(l.t, l.Client(l.t), "q="+url.QueryEscape(title), 1)
}

// What one process publishes, changes and withdraws is found, changed and gone at another.
func TestSearchFollows(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { searchFollows(t, "") })
	t.Run("mongodb", func(t *testing.T) {
		if testing.Short() {
			t.Skip("-short: not checked that the search follows a MongoDB-wire server")
		}
		searchFollows(t, peer.MongoDB(t))
	})
}

func searchFollows(t *testing.T, db string) {
	data := t.TempDir()
	at := func(c *app.Config) { c.Data, c.DB = data, db }
	l := newLibrary(t, at)
	second := StartAt(t, l.Clock, data, at).Client(t)
	first := l.Client(t)

	a := l.publish(l.committee, essay("党费收缴规定", everybody, map[string]any{
		"kind": "regulation", "body": "党员应当按月缴纳党费。\n\n预备党员从支部大会通过之日起缴纳党费。", "tags": []string{"党费"},
		"law": map[string]any{"number": "组通字〔2008〕3号", "issuer": "组织部", "effective": "2008-02-04"}, "source": map[string]any{"label": "组织部", "official": true},
	}))
	for _, c := range []*Client{first, second} {
		for _, q := range []string{"党费", "黨費收繳", "dfsj", "组通字〔2008〕3号", "预备党员何时缴费"} {
			until(t, c, "q="+url.QueryEscape(q), 1)
		}
		f := search(c, "q="+url.QueryEscape("预备党员"))
		text, marked := []rune(f.Hits[0].Extract.Text), []string{}
		for _, m := range f.Hits[0].Extract.Marks {
			marked = append(marked, string(text[m.Start:m.End]))
		}
		if !slices.Equal(marked, []string{"党员", "预备党员"}) || !f.Hits[0].Official || f.Hits[0].Standing != "in_force" {
			t.Errorf("%q of %+v", marked, f)
		}
		if f.Facets["kind"]["regulation"] != 1 || f.Facets["tag"]["党费"] != 1 || f.Facets["source"]["组织部"] != 1 || f.Facets["official"]["1"] != 1 {
			t.Errorf("facets %v", f.Facets)
		}
		if f := search(c, "q="+url.QueryEscape("党非收缴")); f.Total != 0 || f.Spelling != "党费收缴" {
			t.Errorf("%+v", f)
		}
		for query, want := range map[string]int{"kind=regulation": 1, "kind=faq": 0, "official=true": 1, "source=" + url.QueryEscape("组织部"): 1, "from=2999-01-01": 0, "offset=1": 1} {
			if f := search(c, query+"&q="+url.QueryEscape("党费")); f.Total != want || query == "offset=1" && len(f.Hits) != 0 {
				t.Errorf("%s: %+v", query, f)
			}
		}
	}
	first.Do("GET", "/search?from=gestern", nil).WantProblem(422, "search.day")
	first.Do("GET", "/search?offset=1000&limit=50", nil).WantProblem(422, "search.too_far")

	// Synonyms of the organisation count for its people.
	l.trainer.Do("POST", "/synonyms", map[string]any{"groups": [][]string{{"党费", "会费金"}}}).Want(200)
	until(t, l.trainer, "q="+url.QueryEscape("会费金")+"&kind=regulation", 1)
	until(t, second, "q="+url.QueryEscape("会费金"), 0)

	var shown articleBody
	l.evaluator.Do("GET", "/articles/"+a.ID, nil).Want(200).JSON(&shown)
	l.step(l.evaluator, shown, "withdraw", map[string]any{"note": "有误"})
	if f := search(first, "q="+url.QueryEscape("党费")); len(f.Hits) != 0 {
		t.Errorf("what was withdrawn a moment ago is found: %+v", f)
	}
	until(t, second, "q="+url.QueryEscape("党费"), 0)
}
