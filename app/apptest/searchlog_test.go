package apptest

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"qiming/app"
	"qiming/policies"
)

type searchesBody struct {
	Recent []struct{ Q string }
	Kept   []struct {
		ID    string
		Asked map[string]any
	}
}

// What one looks for is one's own; what nobody finds is counted for those who write, without names.
func TestSearchesAreKept(t *testing.T) { onStores(t, searchesAreKept) }

func searchesAreKept(t *testing.T, l *library) {
	l.publish(l.committee, essay("党费收缴规定", everybody, map[string]any{"body": "党员应当按月缴纳党费。"}))
	l.indexed("党费收缴规定")
	member, other, visitor := l.as("member1"), l.as("member2"), l.Client(t)
	for _, q := range []string{"党费", "积分兑换", "积分兑换", "党费", "積分 兌換？"} { // the same again at once counts once
		search(member, "q="+url.QueryEscape(q))
	}
	search(member, "offset=20&q="+url.QueryEscape("党费"))
	search(visitor, "q="+url.QueryEscape("积分兑换"))
	search(visitor, "q="+url.QueryEscape("党费")+"&kind=faq") // nothing within a filter is no gap
	mine := func(c *Client) (b searchesBody, words []string) {
		c.Do("GET", "/me/searches", nil).Want(200).JSON(&b)
		for _, r := range b.Recent {
			words = append(words, r.Q)
		}
		return b, words
	}
	if _, words := mine(member); !slices.Equal(words, []string{"積分 兌換？", "党费", "积分兑换"}) {
		t.Errorf("%q", words)
	}
	if _, words := mine(other); len(words) != 0 {
		t.Errorf("another reads %q", words)
	}
	visitor.Do("GET", "/me/searches", nil).WantProblem(401, "session.required")

	member.Do("POST", "/me/searches/kept", map[string]any{}).WantProblem(422, "search.empty")
	member.Do("POST", "/me/searches/kept", map[string]any{"q": "党费", "kind": "regulation"}).Want(201)
	b, _ := mine(member)
	if len(b.Kept) != 1 || b.Kept[0].Asked["kind"] != "regulation" {
		t.Fatalf("%+v", b)
	}
	other.Do("DELETE", "/me/searches/kept/"+b.Kept[0].ID, nil).WantProblem(404, "search.not_kept")
	member.Do("DELETE", "/me/searches/kept/"+b.Kept[0].ID, nil).Want(200).JSON(&b)
	member.Do("DELETE", "/me/searches/recent?q="+url.QueryEscape("党费"), nil).Want(200).JSON(&b)
	if len(b.Kept) != 0 || len(b.Recent) != 2 {
		t.Errorf("%+v", b)
	}
	member.Do("DELETE", "/me/searches/recent", nil).Want(200).JSON(&b)
	if len(b.Recent) != 0 {
		t.Errorf("%+v", b)
	}

	member.Do("GET", "/search/missed", nil).WantProblem(403, "request.forbidden")
	type row struct {
		Key, Q     string
		Times, Now int
	}
	gap := func() row {
		t.Helper()
		var missed struct{ Items []row }
		l.trainer.Do("GET", "/search/missed?days=7", nil).Want(200).JSON(&missed)
		if i := slices.IndexFunc(missed.Items, func(r row) bool { return strings.HasPrefix(r.Q, "积分") || strings.HasPrefix(r.Q, "積分") }); i >= 0 {
			return missed.Items[i]
		}
		return row{}
	}
	first := gap()
	if first.Times != 3 || first.Now != 0 {
		t.Fatalf("%+v", first)
	}
	l.publish(l.committee, essay("积分兑换办法", everybody, nil))
	until(t, member, "kind=article&q="+url.QueryEscape("积分兑换"), 1) // with a filter, so that it does not count
	if again := gap(); again.Times != 3 || again.Now != 1 {
		t.Errorf("what is found since: %+v", again)
	}
	l.evaluator.Do("DELETE", "/search/missed/"+first.Key, nil).WantProblem(403, "request.forbidden")
	l.trainer.Do("DELETE", "/search/missed/"+first.Key, nil).Want(204)
	if left := gap(); left != (row{}) {
		t.Errorf("settled: %+v", left)
	}
}

// An order of the administrator reaches every process.
func TestIndexesAreRebuilt(t *testing.T) { onStores(t, indexesAreRebuilt) }

func indexesAreRebuilt(t *testing.T, l *library) {
	second := StartAt(t, l.Clock, l.Server.Data, func(c *app.Config) { c.DB = l.DB })
	l.publish(l.committee, essay("党费收缴规定", everybody, nil))
	l.indexed("党费收缴规定")
	until(t, second.Client(t), "q="+url.QueryEscape("党费"), 1)
	l.Account(t, "systems", policies.Grant{Role: policies.SystemAdmin, OrgID: policies.Everywhere})
	admin := l.as("systems")
	l.trainer.Do("POST", "/search/indexes/rebuild", nil).WantProblem(403, "request.forbidden")
	l.trainer.Do("GET", "/search/indexes", nil).WantProblem(403, "request.forbidden")
	l.Clock.Advance(time.Second)
	ordered := l.Clock.Now()
	admin.Do("POST", "/search/indexes/rebuild", nil).Want(202)
	for end := time.Now().Add(2 * followed); ; time.Sleep(50 * time.Millisecond) {
		var state struct {
			Processes []struct {
				Host      string
				Documents int
				BuiltAt   time.Time `json:"built_at"`
				Error     string
				Building  *struct{ Done, Of int }
			}
		}
		admin.Do("GET", "/search/indexes", nil).Want(200).JSON(&state)
		fresh := 0
		for _, p := range state.Processes {
			if !p.BuiltAt.Before(ordered) && p.Documents > 0 && p.Error == "" && p.Building == nil && p.Host != "" {
				fresh++
			}
		}
		if fresh == 2 && len(state.Processes) == 2 {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("not all built anew: %s", fmt.Sprintf("%+v", state))
		}
	}
	until(t, second.Client(t), "q="+url.QueryEscape("党费"), 1)
}
