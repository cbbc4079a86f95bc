package store_test

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// TestContract holds every engine to the eight promises of the package.
func TestContract(t *testing.T) {
	for _, s := range servers(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Run("1 a collection gets, inserts, updates, deletes and lists", func(t *testing.T) { crud(t, s) })
			t.Run("2 an acknowledged write is there after a new start", func(t *testing.T) { durable(t, s) })
			t.Run("3 no update is lost", func(t *testing.T) { noLostUpdate(t, s) })
			t.Run("4 ids and unique indexes hold once", func(t *testing.T) { uniqueness(t, s) })
			t.Run("5 queries use declared indexes and page by cursor", func(t *testing.T) { queries(t, s) })
			t.Run("6 changes come in order, at least once, deletions too", func(t *testing.T) { changeFeed(t, s) })
			t.Run("7 a write fails alone", func(t *testing.T) { alone(t, s) })
			t.Run("8 a collection migrates forward, resumably", func(t *testing.T) { migrations(t, s) })
		})
	}
}

func ref[T any](v T) *T { return &v }

func crud(t *testing.T, s server) {
	clock := noon()
	_, c := openedWith(t, s.fresh(t), clock, memberSpec())
	ctx := t.Context()
	m := Member{Meta: store.Meta{ID: "zhang", Rev: 9}, Name: "张伟", Branch: "/1/2", Age: 40, Tags: []string{"a", "b"},
		Joined: time.Date(2001, 7, 1, 0, 0, 0, 0, time.UTC),
		Card:   card{Serial: "s1", Extra: map[string]any{"deep": map[string]any{"n": int32(1)}}}}
	if err := c.Insert(ctx, &m); err != nil {
		t.Fatal(err)
	}
	if m.Rev != 1 || !m.CreatedAt.Equal(clock.Now()) || !m.UpdatedAt.Equal(clock.Now()) {
		t.Errorf("Insert set %+v", m.Meta)
	}
	got, err := c.Get(ctx, "zhang")
	if err != nil {
		t.Fatal(err)
	}
	got.Card.Extra = plainMap(got.Card.Extra)
	if d := cmp.Diff(m, got); d != "" {
		t.Errorf("Get (-want +got):\n%s", d)
	}
	clock.Advance(time.Minute)
	up, err := c.Update(ctx, "zhang", func(m *Member) error { m.Age, m.ID, m.Rev = 41, "other", 77; m.Tags = nil; return nil })
	if err != nil {
		t.Fatal(err)
	}
	if up.ID != "zhang" || up.Rev != 2 || up.Age != 41 || !up.CreatedAt.Equal(m.CreatedAt) || !up.UpdatedAt.Equal(clock.Now()) {
		t.Errorf("Update gave %+v", up)
	}
	if got, _ := c.Get(ctx, "zhang"); got.Age != 41 || got.Rev != 2 || got.Tags != nil {
		t.Errorf("after Update: %+v", got)
	}
	same, err := c.Update(ctx, "zhang", func(m *Member) error { m.Age = 1; return store.ErrUnchanged })
	if err != nil || same.Age != 41 || same.Rev != 2 {
		t.Errorf("ErrUnchanged gave %+v, %v", same, err)
	}
	no := errors.New("no")
	if _, err := c.Update(ctx, "zhang", func(m *Member) error { m.Age = 1; return no }); !errors.Is(err, no) {
		t.Errorf("an error of fn came out as %v", err)
	}
	if got, _ := c.Get(ctx, "zhang"); got.Age != 41 || got.Rev != 2 {
		t.Errorf("unwritten updates left %+v", got)
	}
	if err := c.Insert(ctx, &Member{Meta: store.Meta{ID: "li"}, Name: "李娜"}); err != nil {
		t.Fatal(err)
	}
	many, err := c.GetMany(ctx, []string{"li", "zhang", "nobody"})
	if err != nil || len(many) != 2 || many["li"].Name != "李娜" || many["zhang"].Age != 41 {
		t.Errorf("GetMany gave %v, %v", many, err)
	}
	if n, err := c.Count(ctx, store.Query[Member]{}); n != 2 || err != nil {
		t.Errorf("Count gave %d, %v", n, err)
	}
	if err := c.Delete(ctx, "zhang"); err != nil {
		t.Fatal(err)
	}
	for what, err := range map[string]error{
		"Get":    second(c.Get(ctx, "zhang")),
		"Update": second(c.Update(ctx, "zhang", func(*Member) error { return nil })),
		"Delete": c.Delete(ctx, "zhang"),
	} {
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%s of a deleted document: %v", what, err)
		}
	}
	if n, _ := c.Count(ctx, store.Query[Member]{}); n != 1 {
		t.Errorf("Count after Delete gave %d", n)
	}
	if got := ids(all(t, c, store.Query[Member]{Index: "joined"})); got != "li" {
		t.Errorf("a deleted document is still listed: %s", got)
	}
	again := Member{Meta: store.Meta{ID: "zhang"}, Name: "张伟二", Card: card{Serial: "s1"}}
	if err := c.Insert(ctx, &again); err != nil || again.Rev != 1 {
		t.Errorf("Insert after Delete: rev %d, %v", again.Rev, err)
	}
	if got, err := c.Get(ctx, "zhang"); err != nil || got.Name != "张伟二" || got.Age != 0 || got.Branch != "" {
		t.Errorf("the new document has %+v, %v", got, err)
	}
	if err := c.Insert(ctx, &Member{}); err == nil {
		t.Error("a document without an id was taken")
	}
}

func second[T any](_ T, err error) error { return err }

func plainMap(m map[string]any) map[string]any {
	for k, v := range m {
		if r := reflect.ValueOf(v); r.Kind() == reflect.Map {
			m[k] = plainMap(maps.Clone(r.Convert(reflect.TypeFor[map[string]any]()).Interface().(map[string]any)))
		}
	}
	return m
}

// durable is about a clean end; TestCrash kills.
func durable(t *testing.T, s server) {
	at := s.fresh(t)
	db, c := opened(t, at)
	for i := range 20 {
		if err := c.Insert(t.Context(), &Member{Meta: store.Meta{ID: fmt.Sprintf("m%02d", i)}, Age: i}); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Get(t.Context(), "m00"); fault.KeyOf(err) != "store.closed" {
		t.Errorf("Get after Close: %v", err)
	}
	if err := c.Insert(t.Context(), &Member{Meta: store.Meta{ID: "late"}}); fault.KeyOf(err) != "store.closed" {
		t.Errorf("Insert after Close: %v", err)
	}
	db2, c2 := opened(t, at)
	if err := db2.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	if n, err := c2.Count(t.Context(), store.Query[Member]{}); n != 20 || err != nil {
		t.Errorf("%d of 20 documents there, %v", n, err)
	}
	if _, err := store.Open(t.Context(), "postgres://x", noon()); err == nil {
		t.Error("an unknown engine was opened")
	}
}

func noLostUpdate(t *testing.T, s server) {
	if s.ferret {
		t.Skip(`NOT CHECKED on FerretDB v1.24.2: promise 3, "Update never loses an update". Its updates are not atomic ` +
			`(it reads the match and writes it back without a condition), so concurrent increments do get lost there. ` +
			`Set QIMING_TEST_MONGODB to a MongoDB to check it.`)
	}
	at := s.fresh(t)
	_, c := opened(t, at)
	_, other := opened(t, at) // another process, as far as the store can tell
	if err := c.Insert(t.Context(), &Member{Meta: store.Meta{ID: "hot"}}); err != nil {
		t.Fatal(err)
	}
	const writers, each = 16, 25
	var wg sync.WaitGroup
	for w := range writers {
		via := c
		if w%2 == 1 {
			via = other
		}
		wg.Go(func() {
			for range each {
				if _, err := via.Update(t.Context(), "hot", func(m *Member) error { m.Count++; return nil }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	got, err := c.Get(t.Context(), "hot")
	if err != nil || got.Count != writers*each || got.Rev != writers*each+1 {
		t.Errorf("%d updates made count %d, revision %d, %v", writers*each, got.Count, got.Rev, err)
	}

	// An update that began before the document was deleted and made anew must see the new one.
	if err := c.Insert(t.Context(), &Member{Meta: store.Meta{ID: "phoenix"}, Name: "old"}); err != nil {
		t.Fatal(err)
	}
	first := true
	up, err := c.Update(t.Context(), "phoenix", func(m *Member) error {
		if first {
			first = false
			if err := other.Delete(t.Context(), "phoenix"); err != nil {
				t.Error(err)
			}
			if err := other.Insert(t.Context(), &Member{Meta: store.Meta{ID: "phoenix"}, Name: "new"}); err != nil {
				t.Error(err)
			}
		}
		m.Age = 5
		return nil
	})
	if err != nil || up.Name != "new" || up.Age != 5 {
		t.Errorf("the update over a new document gave %+v, %v", up, err)
	}
}

func wantExists(t *testing.T, what string, err error, index string) {
	t.Helper()
	var f *fault.Fault
	if !errors.As(err, &f) || f.Code != fault.Exists || f.Params["index"] != index {
		t.Errorf("%s: %v, want fault.Exists of index %s", what, err, index)
	}
}

func uniqueness(t *testing.T, s server) {
	_, c := opened(t, s.fresh(t))
	ctx := t.Context()
	insert := func(id string, email *string, serial string) error {
		return c.Insert(ctx, &Member{Meta: store.Meta{ID: id}, Email: email, Card: card{Serial: serial}})
	}
	if err := insert("a", ref("a@x.cn"), "1"); err != nil {
		t.Fatal(err)
	}
	wantExists(t, "taken id", insert("a", nil, ""), "id")
	wantExists(t, "taken id and e-mail", insert("a", ref("a@x.cn"), ""), "id")
	wantExists(t, "taken e-mail", insert("b", ref("a@x.cn"), "2"), "email")
	wantExists(t, "taken nested field", insert("b", ref("b@x.cn"), "1"), "serial")
	if _, err := c.Get(ctx, "b"); !fault.Is(err, fault.NotFound) {
		t.Errorf("a refused insert left something: %v", err)
	}
	for _, id := range []string{"c", "d"} { // null and missing are no keys
		if err := insert(id, nil, ""); err != nil {
			t.Errorf("document without unique fields: %v", err)
		}
	}
	if err := insert("b", ref("b@x.cn"), "2"); err != nil {
		t.Fatalf("what a refused insert held is still taken: %v", err)
	}
	_, err := c.Update(ctx, "b", func(m *Member) error { m.Email = ref("a@x.cn"); m.Branch = "/9"; return nil })
	wantExists(t, "update to a taken e-mail", err, "email")
	if got, _ := c.Get(ctx, "b"); *got.Email != "b@x.cn" || got.Rev != 1 || got.Branch != "" {
		t.Errorf("a refused update left %+v", got)
	}
	if got := ids(all(t, c, store.Query[Member]{Index: "branch_age", Eq: map[string]any{"branch": "/9"}})); got != "" {
		t.Errorf("a refused update left index entries: %s", got)
	}
	// A key that is given up can be taken, by an update and by a deletion.
	if _, err := c.Update(ctx, "a", func(m *Member) error { m.Email = ref("aa@x.cn"); return nil }); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Update(ctx, "b", func(m *Member) error { m.Email = ref("a@x.cn"); return nil }); err != nil {
		t.Errorf("a freed e-mail is still taken: %v", err)
	}
	if err := c.Delete(ctx, "a"); err != nil {
		t.Fatal(err)
	}
	if err := insert("e", ref("aa@x.cn"), "1"); err != nil {
		t.Errorf("keys of a deleted document are still taken: %v", err)
	}
	// Of many that want one key, one has it.
	var won atomic.Int32
	var wg sync.WaitGroup
	n := 16
	if s.ferret {
		n = 4
	}
	for i := range n {
		wg.Go(func() {
			switch err := insert(fmt.Sprint("race", i), ref("one@x.cn"), ""); {
			case err == nil:
				won.Add(1)
			case !fault.Is(err, fault.Exists):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("%d writers got the same key", won.Load())
	}
}

func queries(t *testing.T, s server) {
	at := s.fresh(t)
	_, c := opened(t, at)
	ctx := t.Context()
	day := time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 60 {
		m := Member{Meta: store.Meta{ID: fmt.Sprintf("m%02d", i)}, Branch: fmt.Sprintf("/%d", i%3), Age: i / 6,
			Tags: []string{"all", fmt.Sprint("t", i%4)}, Joined: day.AddDate(0, 0, (i*7)%60)}
		if i%10 == 0 {
			m.Email = ref(fmt.Sprintf("m%02d@x.cn", i))
		}
		if err := c.Insert(ctx, &m); err != nil {
			t.Fatal(err)
		}
	}
	type q = store.Query[Member]
	eq := func(kv ...any) map[string]any {
		m := map[string]any{}
		for i := 0; i < len(kv); i += 2 {
			m[kv[i].(string)] = kv[i+1]
		}
		return m
	}
	for _, tc := range []struct {
		name string
		q    q
		pick func(Member) bool
		less func(a, b Member) int
	}{
		{"everything by id", q{}, func(Member) bool { return true }, nil},
		{"ids from and to", q{From: "m10", To: "m20"}, func(m Member) bool { return m.ID >= "m10" && m.ID < "m20" }, nil},
		{"equality on a prefix, order on the next", q{Index: "branch_age", Eq: eq("branch", "/1")},
			func(m Member) bool { return m.Branch == "/1" }, func(a, b Member) int { return a.Age - b.Age }},
		{"range on the next field", q{Index: "branch_age", Eq: eq("branch", "/1"), From: 3, To: 7},
			func(m Member) bool { return m.Branch == "/1" && m.Age >= 3 && m.Age < 7 }, func(a, b Member) int { return a.Age - b.Age }},
		{"only a lower bound", q{Index: "branch_age", Eq: eq("branch", "/2"), From: 8},
			func(m Member) bool { return m.Branch == "/2" && m.Age >= 8 }, func(a, b Member) int { return a.Age - b.Age }},
		{"only an upper bound", q{Index: "branch_age", Eq: eq("branch", "/2"), To: 2},
			func(m Member) bool { return m.Branch == "/2" && m.Age < 2 }, func(a, b Member) int { return a.Age - b.Age }},
		{"whole index given, order by id", q{Index: "branch_age", Eq: eq("branch", "/0", "age", 4)},
			func(m Member) bool { return m.Branch == "/0" && m.Age == 4 }, nil},
		{"whole index given, ids from", q{Index: "branch_age", Eq: eq("branch", "/0", "age", 4), From: "m27"},
			func(m Member) bool { return m.Branch == "/0" && m.Age == 4 && m.ID >= "m27" }, nil},
		{"a range without equality", q{Index: "branch_age", From: "/1", To: "/2"},
			func(m Member) bool { return m.Branch == "/1" }, func(a, b Member) int { return a.Age - b.Age }},
		{"an element of an array, then a time", q{Index: "tag_joined", Eq: eq("tags", "t3"), From: day.AddDate(0, 0, 10)},
			func(m Member) bool { return slices.Contains(m.Tags, "t3") && !m.Joined.Before(day.AddDate(0, 0, 10)) },
			func(a, b Member) int { return a.Joined.Compare(b.Joined) }},
		{"order of a time", q{Index: "joined"}, func(Member) bool { return true },
			func(a, b Member) int { return a.Joined.Compare(b.Joined) }},
		{"null sorts first", q{Index: "nickname"}, func(Member) bool { return true },
			func(a, b Member) int { return strings.Compare(text(a.Email), text(b.Email)) }},
		{"equality with nothing", q{Index: "nickname", Eq: eq("email", nil)}, func(m Member) bool { return m.Email == nil }, nil},
		{"a unique index leaves out who lacks it", q{Index: "email"}, func(m Member) bool { return m.Email != nil },
			func(a, b Member) int { return strings.Compare(text(a.Email), text(b.Email)) }},
		{"what a unique index leaves out", q{Index: "email", Eq: eq("email", nil)}, func(Member) bool { return false }, nil},
		{"one by a unique index", q{Index: "email", Eq: eq("email", "m20@x.cn")}, func(m Member) bool { return m.ID == "m20" }, nil},
		{"a residual filter", q{Index: "joined", Match: func(m *Member) bool { return m.Age%2 == 1 }},
			func(m Member) bool { return m.Age%2 == 1 }, func(a, b Member) int { return a.Joined.Compare(b.Joined) }},
		{"nothing", q{Index: "branch_age", Eq: eq("branch", "/7")}, func(Member) bool { return false }, nil},
	} {
		for _, desc := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, descending %v", tc.name, desc), func(t *testing.T) {
				if s.ferret && tc.name == "a unique index leaves out who lacks it" {
					t.Log("FerretDB v1.24.2 has no partial indexes; the filter alone leaves them out here")
				}
				var want []Member
				for m, err := range c.Find(ctx, q{}) {
					if err != nil {
						t.Fatal(err)
					}
					if tc.pick(m) {
						want = append(want, m)
					}
				}
				slices.SortStableFunc(want, func(a, b Member) int {
					n := 0
					if tc.less != nil {
						n = tc.less(a, b)
					}
					if n == 0 {
						n = strings.Compare(a.ID, b.ID)
					}
					if desc {
						n = -n
					}
					return n
				})
				tc.q.Desc = desc
				if got := ids(all(t, c, tc.q)); got != ids(want) {
					t.Errorf("Find gave %s, want %s", got, ids(want))
				}
				if n, err := c.Count(ctx, tc.q); n != len(want) || err != nil {
					t.Errorf("Count gave %d, %v, want %d", n, err, len(want))
				}
				var paged []Member
				page := tc.q
				page.Limit = 7
				for {
					p, err := c.Page(ctx, page)
					if err != nil {
						t.Fatal(err)
					}
					if len(p.Items) > 7 || p.Next != "" && len(p.Items) < 7 {
						t.Errorf("a page of %d, next %q", len(p.Items), p.Next)
					}
					paged = append(paged, p.Items...)
					if p.Next == "" {
						break
					}
					page.After = p.Next
				}
				if ids(paged) != ids(want) {
					t.Errorf("pages gave %s, want %s", ids(paged), ids(want))
				}
				limited := tc.q
				limited.Limit = 3
				if got := ids(all(t, c, limited)); got != ids(want[:min(3, len(want))]) {
					t.Errorf("Find of 3 gave %s", got)
				}
			})
		}
	}

	for name, bad := range map[string]q{
		"an index that is not declared":  {Index: "age"},
		"equality without an index":      {Eq: eq("age", 1)},
		"equality that is no prefix":     {Index: "branch_age", Eq: eq("age", 1)},
		"a field outside the index":      {Index: "branch_age", Eq: eq("branch", "/1", "name", "x")},
		"an array field without a value": {Index: "tag_joined"},
		"a bound of an id that is none":  {From: 3},
	} {
		_, err := c.Page(ctx, bad)
		_, errCount := c.Count(ctx, bad)
		if !errors.Is(err, store.ErrNoIndex) || !errors.Is(errCount, store.ErrNoIndex) {
			t.Errorf("%s was not refused: %v, %v", name, err, errCount)
		}
	}
	p, err := c.Page(ctx, q{Index: "branch_age", Eq: eq("branch", "/1"), Limit: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, after := range []string{"###", "AA", p.Next} {
		if _, err := c.Page(ctx, q{Index: "joined", After: after}); after != p.Next && fault.KeyOf(err) != "store.cursor" {
			t.Errorf("cursor %q: %v", after, err)
		}
	}
	if _, err := c.Page(ctx, q{Index: "branch_age", Eq: eq("branch", "/2"), After: p.Next}); fault.KeyOf(err) != "store.cursor" {
		t.Errorf("a cursor of another listing: %v", err)
	}
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func changeFeed(t *testing.T, s server) {
	at := s.fresh(t)
	_, c := opened(t, at)
	_, other := opened(t, at)
	ctx := t.Context()
	for _, id := range []string{"a", "b", "c"} {
		if err := c.Insert(ctx, &Member{Meta: store.Meta{ID: id}}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := other.Update(ctx, "a", func(m *Member) error { m.Age = 1; return nil }); err != nil {
		t.Fatal(err)
	}
	if err := other.Delete(ctx, "b"); err != nil {
		t.Fatal(err)
	}
	seen := drain(t, c, "", func(ch []store.Change) bool { return ch[len(ch)-1].ID == "b" && ch[len(ch)-1].Deleted })
	if got := lastOf(seen); got != "c a b-" {
		t.Errorf("the feed's last word: %q", got)
	}
	mark := seen[len(seen)-1].Seq
	if more, err := c.Changes(ctx, mark, 10); len(more) != 0 || err != nil {
		t.Errorf("after the end: %v, %v", more, err)
	}
	head, err := store.Head(ctx, c)
	if err != nil {
		t.Fatal(err)
	}
	// The same id comes back; one is skipped for a failed write; limits cut between changes.
	if err := c.Insert(ctx, &Member{Meta: store.Meta{ID: "b"}}); err != nil {
		t.Fatal(err)
	}
	if err := c.Insert(ctx, &Member{Meta: store.Meta{ID: "a"}}); err == nil {
		t.Fatal("a taken id")
	}
	if _, err := c.Update(ctx, "c", func(*Member) error { return store.ErrUnchanged }); err != nil {
		t.Fatal(err)
	}
	if err := c.Delete(ctx, "c"); err != nil {
		t.Fatal(err)
	}
	seen = drain(t, other, mark, func(ch []store.Change) bool { return ch[len(ch)-1].ID == "c" })
	if got := lastOf(seen); got != "b c-" {
		t.Errorf("after the mark: %q", got)
	}
	if got := lastOf(drain(t, other, head, func(ch []store.Change) bool { return ch[len(ch)-1].ID == "c" })); !strings.HasSuffix(got, "b c-") {
		t.Errorf("from the head: %q", got)
	}
	one, err := c.Changes(ctx, mark, 1)
	if err != nil || len(one) != 1 || one[0].ID != "b" {
		t.Errorf("one change: %v, %v", one, err)
	}
	if _, err := c.Changes(ctx, "nonsense", 1); fault.KeyOf(err) != "store.cursor" {
		t.Errorf("a mark that is none: %v", err)
	}

	// Two processes write at once while a third follows: every last state arrives.
	writers, each := 8, 40
	if s.ferret {
		writers, each = 2, 12 // it writes one at a time and answers others with SQLITE_BUSY
	}
	var wg sync.WaitGroup
	for w := range writers {
		via := c
		if w%2 == 1 {
			via = other
		}
		wg.Go(func() {
			for i := range each {
				id := fmt.Sprintf("w%d-%d", w, i)
				if err := via.Insert(ctx, &Member{Meta: store.Meta{ID: id}}); err != nil {
					t.Error(err)
				}
				if i%4 == 0 {
					if err := via.Delete(ctx, id); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	state := map[string]bool{}
	drain(t, c, seen[len(seen)-1].Seq, func(ch []store.Change) bool {
		for _, x := range ch {
			state[x.ID] = !x.Deleted
		}
		living := 0
		for _, l := range state {
			if l {
				living++
			}
		}
		return len(state) == writers*each && living == writers*each*3/4
	})
	wg.Wait()
}

// lastOf gives the ids of a feed in the order of their last entries, deleted ones with a dash.
func lastOf(changes []store.Change) string {
	var out []string
	for i, c := range changes {
		later := slices.ContainsFunc(changes[i+1:], func(x store.Change) bool { return x.ID == c.ID })
		if later {
			continue
		}
		if c.Deleted {
			c.ID += "-"
		}
		out = append(out, c.ID)
	}
	return strings.Join(out, " ")
}

// alone: no rule needs two documents at once, so no write may depend on its neighbours,
// though many share a commit.
func alone(t *testing.T, s server) {
	_, c := opened(t, s.fresh(t))
	ctx := t.Context()
	if err := c.Insert(ctx, &Member{Meta: store.Meta{ID: "taken"}, Email: ref("taken@x.cn")}); err != nil {
		t.Fatal(err)
	}
	n := 120
	if s.ferret {
		n = 6
	}
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			m := Member{Meta: store.Meta{ID: fmt.Sprintf("m%03d", i)}}
			switch i % 3 {
			case 1:
				m.ID = "taken"
			case 2:
				m.Email = ref("taken@x.cn")
			}
			errs[i] = c.Insert(ctx, &m)
		})
	}
	wg.Wait()
	for i, err := range errs {
		switch i % 3 {
		case 0:
			if err != nil {
				t.Errorf("a good write failed with its neighbours: %v", err)
			}
		case 1:
			wantExists(t, "taken id", err, "id")
		case 2:
			wantExists(t, "taken e-mail", err, "email")
		}
	}
	if got, err := c.Count(ctx, store.Query[Member]{}); got != 1+n/3 || err != nil {
		t.Errorf("%d documents, %v, want %d", got, err, 1+n/3)
	}
}
