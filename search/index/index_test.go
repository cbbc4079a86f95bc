package index

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qiming/search"
)

var now = time.Date(2026, 11, 1, 8, 0, 0, 0, time.UTC)

// indexOf makes an index of documents; those without an audience are public.
func indexOf(t testing.TB, documents ...*Document) *Index {
	t.Helper()
	x, err := Open(filepath.Join(t.TempDir(), "x"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	put(t, x, documents...)
	return x
}

func put(t testing.TB, x *Index, documents ...*Document) {
	t.Helper()
	for i, d := range documents {
		if d.Kind == "" {
			d.Kind = "article"
		}
		if d.Type == "" {
			d.Type = d.Kind
		}
		if d.ID == "" {
			d.ID = fmt.Sprint(i)
		}
		if d.Audience == nil {
			d.Audience = []string{"public"}
		}
	}
	if err := x.Apply(Change{Put: documents}); err != nil {
		t.Fatal(err)
	}
}

// found gives the IDs of the hits, in order.
func found(t testing.TB, x *Index, q Request) []string {
	t.Helper()
	if q.Audience == nil {
		q.Audience = []string{"public"}
	}
	if q.Limit == 0 {
		q.Limit = 20
	}
	if q.Now.IsZero() {
		q.Now = now
	}
	r, err := x.Search(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, hit := range r.Hits {
		out = append(out, hit.Document.ID)
	}
	return out
}

func library(t testing.TB) *Index {
	return indexOf(t,
		&Document{ID: "dues", Title: "党费收缴、使用和管理的规定", Names: []string{"组通字〔2008〕3号"}, Text: "党员每月缴纳党费。预备党员从支部大会通过之日起缴纳党费。\n党费工作由支部委员会负责。"},
		&Document{ID: "work", Title: "党费工作指南", Text: "本指南说明怎样计算和核对每月应缴的数额。"},
		&Document{ID: "meeting", Title: "“三会一课”制度", Text: "支部党员大会、支部委员会会议、党小组会按时召开，上好党课。"},
		&Document{ID: "congress", Title: "党的二十大报告学习提要", Text: "高质量发展是全面建设社会主义现代化国家的首要任务。"},
		&Document{ID: "guide", Kind: "question", Text: "How should a branch organise an online examination for its members?"},
	)
}

func TestWhatIsWrittenOtherwiseIsFound(t *testing.T) {
	x := library(t)
	for _, c := range []struct{ query, first string }{
		{"党费收缴", "dues"},
		{"黨費收繳規定", "dues"},       // traditional
		{"ＤＦＧＺ", "work"},         // full width, initials
		{"dfgz", "work"},         // initials
		{"dangfeigongz", "work"}, // syllables
		{"二十大报告", "congress"},
		{"20大 报告", "congress"},
		{"三会一课", "meeting"},
		{"3会1课", "meeting"},
		{"shyk", "meeting"},       // a name with a numeral, as it is said
		{"sanhuiyike", "meeting"}, //
		{"ddesd", "congress"},     // 二十大
		{"dangde20da", "congress"},
		{"〔2008〕3号", "dues"},
		{"预备党员什么时候开始交党费？", "dues"},
		{"online examinations", "guide"}, // another form of the word
		{"ORGANISING", "guide"},
	} {
		if got := found(t, x, Request{Text: c.query}); len(got) == 0 || got[0] != c.first {
			t.Errorf("%q finds %v, want %s first", c.query, got, c.first)
		}
	}
	for _, query := range []string{"冰川", "！？", "…", "zzzz", "\x00", strings.Repeat("很长", 5000)} {
		if got := found(t, x, Request{Text: query}); len(got) != 0 {
			t.Errorf("%.20q finds %v", query, got)
		}
	}
}

func TestSynonyms(t *testing.T) {
	x := indexOf(t, &Document{ID: "a", Text: "组织生活会每年召开一次"}, &Document{ID: "b", Text: "志愿服务时长的记录办法"}, &Document{ID: "c", Text: "义工活动的报名"})
	groups := [][]string{{"志愿服务", "义工"}, {"CPC", "党"}}
	if got := found(t, x, Request{Text: "义工"}); !slices.Equal(got, []string{"c"}) {
		t.Fatalf("without synonyms %v", got)
	}
	got := found(t, x, Request{Text: "义工", Synonyms: groups})
	slices.Sort(got)
	if !slices.Equal(got, []string{"b", "c"}) {
		t.Errorf("with synonyms %v", got)
	}
	if got := found(t, x, Request{Text: "从未写过的词", Synonyms: [][]string{{"组织生活会", "从未写过的词"}}}); !slices.Equal(got, []string{"a"}) {
		t.Errorf("a word that stands nowhere is not found by its synonym: %v", got)
	}
	if got := found(t, x, Request{Text: "cpcs", Synonyms: groups}); len(got) != 0 {
		t.Errorf("a part of a Latin word is taken for it: %v", got)
	}
}

func TestFiltersAndFacets(t *testing.T) {
	day := func(n int) time.Time { return now.AddDate(0, 0, -n) }
	x := indexOf(t,
		&Document{ID: "1", Title: "学习制度", Tags: []string{"学习", "制度", "QA", "qa"}, Category: []string{"root", "rules"}, Source: "组织部", Official: true, Date: day(1)},
		&Document{ID: "2", Title: "学习计划", Tags: []string{"学习", "qa"}, Category: []string{"root"}, Source: "支部", Date: day(10)},
		&Document{ID: "3", Kind: "question", Text: "学习制度包括什么？", Tags: []string{"制度"}, Category: []string{"bank"}},
	)
	for _, c := range []struct {
		q    Request
		want []string
	}{
		{Request{Text: "学习"}, []string{"1", "2", "3"}},
		{Request{Text: "学习", Kinds: []string{"question"}}, []string{"3"}},
		{Request{Text: "学习", Kinds: []string{"question", "article"}}, []string{"1", "2", "3"}},
		{Request{Text: "学习", Category: "root"}, []string{"1", "2"}},
		{Request{Text: "学习", Category: "rules"}, []string{"1"}},
		{Request{Text: "学习", Tag: "制度"}, []string{"1", "3"}},
		{Request{Text: "学习", Tag: "ＱＡ"}, []string{"1", "2"}},
		{Request{Text: "学习", Tag: "Q"}, []string{}},
		{Request{Text: "学习", Source: "支部"}, []string{"2"}},
		{Request{Text: "学习", Official: true}, []string{"1"}},
		{Request{Text: "学习", From: day(5)}, []string{"1"}},
		{Request{Text: "学习", To: day(5)}, []string{"2"}},
		{Request{Text: "学习", From: day(10), To: day(1)}, []string{"1", "2"}},
		{Request{Text: "学习", From: day(9), To: day(2)}, []string{}},
	} {
		got := found(t, x, c.q)
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%+v finds %v, want %v", c.q, got, c.want)
		}
	}
	if got := found(t, x, Request{}); !slices.Equal(got, []string{"1", "2", "3"}) {
		t.Errorf("a search for nothing gives %v, want the newest first", got)
	}
	r, err := x.Search(t.Context(), Request{Text: "学习", Audience: []string{"public"}, Facets: true, Limit: 1, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	want := map[Facet]map[string]int{
		FacetKind: {"article": 2, "question": 1}, FacetCategory: {"root": 2, "rules": 1, "bank": 1}, FacetTag: {"学习": 2, "制度": 2, "QA": 2},
		FacetSource: {"组织部": 1, "支部": 1}, FacetOfficial: {"1": 1},
	}
	if fmt.Sprint(r.Facets) != fmt.Sprint(want) || r.Total != 3 || len(r.Hits) != 1 {
		t.Errorf("facets %v of %d, want %v", r.Facets, r.Total, want)
	}
}

func TestDaysAreOfTheirZone(t *testing.T) {
	beijing := time.FixedZone("UTC+8", 8*60*60)
	x := indexOf(t, &Document{ID: "early", Title: "党费", Date: time.Date(2026, 9, 2, 6, 0, 0, 0, beijing)}) // the first of September in London
	day := time.Date(2026, 9, 2, 0, 0, 0, 0, time.UTC)
	if got := found(t, x, Request{Text: "党费", From: day, To: day}); !slices.Equal(got, []string{"early"}) {
		t.Errorf("on the day of its zone: %v", got)
	}
	before := day.AddDate(0, 0, -1)
	if got := found(t, x, Request{Text: "党费", From: before, To: before}); len(got) != 0 {
		t.Errorf("on the day before: %v", got)
	}
}

func TestStanding(t *testing.T) {
	text := "发展党员工作细则共七章四十七条"
	x := indexOf(t,
		&Document{ID: "expired", Text: text, Date: now.AddDate(0, 0, -1), Official: true, Expired: now},
		&Document{ID: "old", Text: text, Date: now.AddDate(-9, 0, 0)},
		&Document{ID: "new", Text: text, Date: now.AddDate(0, 0, -1)},
		&Document{ID: "official", Text: text, Date: now.AddDate(0, 0, -1), Official: true},
	)
	if got := found(t, x, Request{Text: "发展党员"}); !slices.Equal(got, []string{"official", "new", "old", "expired"}) {
		t.Errorf("order %v", got)
	}
}

func TestPartsComeAndGoWithTheirThing(t *testing.T) {
	x := indexOf(t, &Document{ID: "a", Title: "通知", Text: "见附件"}, &Document{ID: "a", Part: "f1", Title: "附件一", Text: "考试安排"}, &Document{ID: "ab", Title: "考试安排公告"})
	if got := found(t, x, Request{Text: "考试安排"}); len(got) != 2 {
		t.Fatalf("%v", got)
	}
	put(t, x, &Document{ID: "a", Title: "通知", Text: "附件撤下"})
	if got := found(t, x, Request{Text: "考试安排"}); !slices.Equal(got, []string{"ab"}) {
		t.Errorf("after the attachment was taken away: %v", got)
	}
	if err := x.Apply(Change{Gone: []Thing{{"article", "a"}}}); err != nil {
		t.Fatal(err)
	}
	if n, err := x.Count(); n != 1 || err != nil {
		t.Errorf("%d documents are left, %v", n, err)
	}
}

func TestWhoDoesNotSayWhoReadsFindsNothing(t *testing.T) {
	x := library(t)
	for _, q := range []Request{{Text: "党费"}, {Text: "党费", Audience: []string{}}} {
		if _, err := x.Search(t.Context(), q); err == nil {
			t.Error("a search without an audience succeeds")
		}
		if _, err := x.Suggest(t.Context(), q); err == nil {
			t.Error("suggestions without an audience succeed")
		}
		if _, err := x.Spell(t.Context(), q); err == nil {
			t.Error("spelling without an audience succeeds")
		}
	}
	for _, q := range []Request{{Offset: -1}, {Limit: MaxLimit + 1}, {Offset: MaxReach, Limit: 1}} {
		q.Audience = []string{"public"}
		if _, err := x.Search(t.Context(), q); err == nil {
			t.Errorf("%+v is answered", q)
		}
	}
}

// Every document has words, tags and names of its own; what is shown to a reader must be of what the reader may see.
func TestNothingHiddenShows(t *testing.T) {
	tokens := []string{"public", "member", "org:1", "org:2", "role:a@1"}
	r := rand.New(rand.NewPCG(1, 2))
	var documents []*Document
	han := func(n int) string { return string(rune(0x5000 + n)) }
	for i := range 24 {
		var audience []string
		for _, token := range tokens {
			if r.IntN(4) == 0 {
				audience = append(audience, token)
			}
		}
		if audience == nil {
			audience = []string{}
		}
		own := han(2*i) + han(2*i+1)
		documents = append(documents, &Document{
			ID: fmt.Sprint(i), Title: "通用标题" + own, Text: "共同的内容，" + own + fmt.Sprintf(" secret%dx", i), Audience: audience,
			Tags: []string{"tag" + fmt.Sprint(i)}, Category: []string{"cat" + fmt.Sprint(i)}, Source: "source" + fmt.Sprint(i), Official: i%2 == 0,
		})
	}
	x := indexOf(t, documents...)
	for mask := 1; mask < 1<<len(tokens); mask++ {
		var reader []string
		for k, token := range tokens {
			if mask&(1<<k) != 0 {
				reader = append(reader, token)
			}
		}
		may := map[string]bool{}
		for _, d := range documents {
			may[d.ID] = slices.ContainsFunc(d.Audience, func(token string) bool { return slices.Contains(reader, token) })
		}
		for _, text := range []string{"共同的内容", "通用标题", "", "tybt"} {
			got, err := x.Search(t.Context(), Request{Text: text, Audience: reader, Limit: 100, Facets: true, Now: now})
			if err != nil {
				t.Fatal(err)
			}
			visible := 0
			for _, d := range documents {
				if may[d.ID] {
					visible++
				}
			}
			if got.Total != visible || len(got.Hits) != visible {
				t.Fatalf("%v finds %d of %q, may see %d", reader, got.Total, text, visible)
			}
			for _, hit := range got.Hits {
				if !may[hit.Document.ID] {
					t.Fatalf("%v finds %s", reader, hit.Document.ID)
				}
			}
			for _, facet := range []struct {
				name   Facet
				prefix string
			}{{FacetTag, "tag"}, {FacetCategory, "cat"}, {FacetSource, "source"}} {
				for value := range got.Facets[facet.name] {
					if !may[strings.TrimPrefix(value, facet.prefix)] {
						t.Fatalf("%v sees the %s %s", reader, facet.name, value)
					}
				}
			}
			suggested, err := x.Suggest(t.Context(), Request{Text: "通用", Audience: reader, Limit: 10, Now: now})
			if err != nil || len(suggested) != min(visible, maxSuggestions) {
				t.Fatalf("%v is suggested %d, %v", reader, len(suggested), err)
			}
			for _, s := range suggested {
				if !may[s.ID] {
					t.Fatalf("%v is suggested %s", reader, s.Title)
				}
			}
		}
		for i, d := range documents {
			if i%3 != mask%3 {
				continue // another reader's turn: there are thirty-one
			}
			own := han(2*i) + han(2*i+1)
			if got := found(t, x, Request{Text: own, Audience: reader}); (len(got) > 0) != may[d.ID] {
				t.Fatalf("%v finds %v by the own words of %s", reader, got, d.ID)
			}
			if i%6 != mask%6 {
				continue // spelling takes its time
			}
			spelled, err := x.Spell(t.Context(), Request{Text: fmt.Sprintf("sekret%dx", i), Audience: reader, Now: now})
			if err != nil {
				t.Fatal(err)
			}
			var n int
			if _, err := fmt.Sscanf(spelled, "secret%dx", &n); spelled != "" && (err != nil || !may[fmt.Sprint(n)]) {
				t.Fatalf("%v is told of %q", reader, spelled)
			}
		}
	}
}

func TestSpelling(t *testing.T) {
	x := library(t)
	for _, c := range []struct{ typed, want string }{
		{"党非收缴", "党费收缴"},
		{"一课", ""},
		{"党费", ""},
		{"examinasion", "examination"},
		{"onlin", "online"},
		{"Organize", "organise"},
		{"xyzzyx", ""},
		{"党飞工作 examinatoin", "党费工作 examination"},
		{"三回一刻", "三会一课"},
		{"", ""},
	} {
		got, err := x.Spell(t.Context(), Request{Text: c.typed, Audience: []string{"public"}, Now: now})
		if err != nil || got != c.want {
			t.Errorf("%q is spelt %q, want %q, %v", c.typed, got, c.want, err)
		}
	}
}

func TestSuggestions(t *testing.T) {
	x := library(t)
	for _, c := range []struct {
		typed string
		want  []string
	}{
		{"党费", []string{"党费收缴、使用和管理的规定", "党费工作指南"}},
		{"黨費", []string{"党费收缴、使用和管理的规定", "党费工作指南"}},
		{"dfgz", []string{"党费工作指南"}},
		{"dangf", []string{"党费收缴、使用和管理的规定", "党费工作指南"}},
		{"工作", []string{"党费工作指南"}},
		{"组通字", []string{"党费收缴、使用和管理的规定"}},
		{"二十大", []string{"党的二十大报告学习提要"}},
		{"shy", []string{"“三会一课”制度"}},
		{"，", nil},
		{"无此", nil},
	} {
		got, err := x.Suggest(t.Context(), Request{Text: c.typed, Audience: []string{"public"}, Limit: 5, Now: now})
		if err != nil {
			t.Fatal(err)
		}
		var titles []string
		for _, s := range got {
			titles = append(titles, s.Title)
		}
		slices.Sort(titles)
		want := slices.Clone(c.want)
		slices.Sort(want)
		if !slices.Equal(titles, want) {
			t.Errorf("%q suggests %q, want %q", c.typed, titles, want)
		}
	}
}

// The documents that are found are those which the rule asks for, told here without an index.
func TestHitsAreWhatTheRuleSays(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		word := rapid.StringMatching(`[党费会课工作学习的一]{1,12}`)
		texts := rapid.SliceOfN(word, 1, 30).Draw(rt, "texts")
		query := word.Draw(rt, "query")
		var documents []*Document
		for i, text := range texts {
			audience := []string{"public"}
			if rapid.Bool().Draw(rt, "hidden") {
				audience = []string{"member"}
			}
			documents = append(documents, &Document{ID: fmt.Sprint(i), Text: text, Audience: audience})
		}
		x := indexOf(t, documents...)
		terms := func(text string) map[string]bool {
			out := map[string]bool{}
			singles, pairs := search.Cut(text)
			for _, s := range singles {
				out["s"+s] = true
				if !search.IsCharacter(s) {
					out["p"+s] = true
				}
			}
			for _, p := range pairs {
				out["p"+p] = true
			}
			return out
		}
		idf, sum := map[string]float64{}, 0.0
		wanted := terms(query)
		for term := range wanted {
			n := 0.0
			for _, d := range documents {
				if terms(d.Text)[term] {
					n++
				}
			}
			idf[term] = math.Log(1 + (float64(len(documents))-n+0.5)/(n+0.5))
			sum += idf[term]
		}
		singles, _ := search.Cut(query)
		need := neededShare(len(unique(singles))) * sum
		want := []string{}
		for _, d := range documents {
			has := 0.0
			for term := range wanted {
				if terms(d.Text)[term] {
					has += idf[term]
				}
			}
			if math.Abs(has-need) < 1e-9 {
				rt.Skip("on the border")
			}
			if has >= need && has > 0 && d.Audience[0] == "public" {
				want = append(want, d.ID)
			}
		}
		got := found(t, x, Request{Text: query, Limit: 100})
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			rt.Fatalf("%q in %q finds %v, want %v", query, texts, got, want)
		}
	})
}

func TestExtracts(t *testing.T) {
	long := strings.Repeat("这里说别的事情。", 60)
	w := WordsOf(Request{Text: "党費的收繳", Synonyms: [][]string{{"党费", "会费"}}})
	for _, c := range []struct{ text, marked string }{
		{long + "支部按月收缴党费，并公布。" + long, "收缴党费"},
		{long + "会费由专人管理。", "会费"},
		{"党费的收缴", "党费的收缴"},
		{"没有相干的话", ""},
		{"", ""},
	} {
		e := w.Extract(c.text)
		var marked []string
		runes := []rune(e.Text)
		for _, s := range e.Marks {
			marked = append(marked, string(runes[s.Start:s.End]))
		}
		got := strings.Join(marked, "|")
		if got != c.marked || len(runes) > extractLength+2 {
			t.Errorf("of %.40q the extract %q marks %q, want %q", c.text, e.Text, got, c.marked)
		}
	}
}

func FuzzSearch(f *testing.F) {
	for _, s := range []string{"党费", "dfgz", "“三会一课”", "\x00", "a b c", "〔2008〕3号", "ａ１", "😀"} {
		f.Add(s)
	}
	x := library(f)
	f.Fuzz(func(t *testing.T, text string) {
		q := Request{Text: text, Audience: []string{"public"}, Limit: 10, Facets: true, Now: now, Synonyms: [][]string{{"党费", text}}}
		r, err := x.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		w := WordsOf(q)
		for _, hit := range r.Hits {
			for _, e := range []Extract{w.Extract(hit.Document.Text), {Text: hit.Document.Title, Marks: w.Mark(hit.Document.Title)}} {
				last := 0
				for _, s := range e.Marks {
					if s.Start < last || s.End <= s.Start || s.End > len([]rune(e.Text)) {
						t.Fatalf("marks %v of %q", e.Marks, e.Text)
					}
					last = s.End
				}
			}
		}
		if _, err := x.Suggest(t.Context(), q); err != nil {
			t.Fatal(err)
		}
		if _, err := x.Spell(t.Context(), q); err != nil {
			t.Fatal(err)
		}
		singles, _ := search.Cut(text)
		singles = slices.DeleteFunc(singles, func(s string) bool { return strings.ContainsRune(s, gap) })
		var back []string
		for rest := sequence(singles); len(rest) > 0; {
			var single []byte
			single, rest = nextSingle(rest)
			back = append(back, string(single))
		}
		if !slices.Equal(back, singles) {
			t.Fatalf("the sequence of %q is read as %q", singles, back)
		}
	})
}
