package search

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestTerms(t *testing.T) {
	for _, c := range []struct {
		text string
		want []string
	}{
		{"党的二十大", []string{"党", "党的", "的", "20", "大"}},
		{"黨的２０大", []string{"党", "党的", "的", "20", "大"}},
		{"《党章》规定", []string{"党", "党章", "章", "章规", "规", "规定", "定"}},
		{"Go语言 1.26", []string{"go", "语", "语言", "言", "1.26"}},
		{"A-B", []string{"a", "b"}},
		{"。。。", []string{}},
		{"", []string{}},
	} {
		if got := Terms(c.text); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func FuzzTerms(f *testing.F) {
	for _, s := range []string{"", "《党章》，规定", "\xff", "1,000.5万", "a。", "——x——"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, term := range Terms(s) {
			if term == "" {
				t.Fatalf("%q has an empty term", s)
			}
		}
	})
}

var all = func(string) bool { return true }

func ids(list []Near) []string {
	out := []string{}
	for _, n := range list {
		out = append(out, n.ID)
	}
	return out
}

func TestSimilar(t *testing.T) {
	s := NewSimilar()
	options := "二胡\n琵琶\n笛子"
	s.Put("a", GramsOf("李廷松是我国著名的____演奏家。", options))
	s.Put("b", GramsOf("我国宪法规定，中华人民共和国的一切权力属于____。", "人民\n公民\n国家"))
	s.Put("c", GramsOf("世界上最长的河流是____。", "长江\n黄河"))
	near := func(main, rest string, least float64) []string {
		return ids(s.Find(GramsOf(main, rest), least, 5, all))
	}
	if got := s.Find(GramsOf("李廷松是我国著名的（  ）演奏家", options), 0.99, 5, all); len(got) != 1 || got[0].ID != "a" || got[0].Score < 0.999 {
		t.Errorf("the same: %+v", got)
	}
	if got := near("中华人民共和国的一切权力属于____", "人民\n公民\n国家", 0.6); !slices.Equal(got, []string{"b"}) {
		t.Errorf("nearly the same: %v", got)
	}
	if got := near("什么是牛顿第二定律", options, 0.3); len(got) != 0 {
		t.Errorf("options alone make nothing alike: %v", got)
	}
	if got := ids(s.Find(GramsOf("世界上最长的河流是", ""), 0.6, 5, func(id string) bool { return id != "c" })); len(got) != 0 {
		t.Errorf("kept back: %v", got)
	}
	s.Put("c", GramsOf("世界上最高的山峰是____。", ""))
	if got := near("世界上最长的河流是", "", 0.9); len(got) != 0 {
		t.Errorf("the earlier text is gone: %v", got)
	}
	s.Remove("a")
	s.Remove("nobody")
	if got := near("李廷松是我国著名的____演奏家", options, 0.1); slices.Contains(got, "a") || s.Len() != 2 {
		t.Errorf("removed: %v, %d left", got, s.Len())
	}
}

// The candidates lose nothing: what a look at every text finds is found.
func TestSimilarFindsAll(t *testing.T) {
	letters := []rune("甲乙丙丁戊己庚辛")
	text := rapid.Custom(func(t *rapid.T) string {
		return string(rapid.SliceOfN(rapid.SampledFrom(letters), 1, 12).Draw(t, "text"))
	})
	rapid.Check(t, func(t *rapid.T) {
		s := NewSimilar()
		for i, one := range rapid.SliceOfN(text, 1, 30).Draw(t, "texts") {
			s.Put(fmt.Sprint(i), GramsOf(one, text.Draw(t, "rest")))
			if i%3 == 0 {
				s.Remove(fmt.Sprint(i / 2))
			}
		}
		g, least := GramsOf(text.Draw(t, "main"), text.Draw(t, "rest")), rapid.Float64Range(0.3, 1).Draw(t, "least")
		got := ids(s.Find(g, least, 100, all))
		q := s.query(g)
		for _, one := range s.texts {
			if one.id == "" {
				continue
			}
			score := mainShare*q.jaccard(q.main, q.mainUnknown, one.main) + restShare*q.jaccard(q.rest, q.restUnknown, one.rest)
			if (score >= least) != slices.Contains(got, one.id) {
				t.Fatalf("%s scores %v, least %v, found %v", one.id, score, least, got)
			}
		}
	})
}

func TestSimilarCompacts(t *testing.T) {
	s := NewSimilar()
	for round := range 5 {
		for i := range 1000 {
			s.Put(fmt.Sprint(i), GramsOf(fmt.Sprintf("第%d题第%d轮", i, round), ""))
		}
		s.Remove("none")
	}
	s.Remove("0")
	if len(s.texts) > 2*s.Len()+1024 {
		t.Errorf("%d places for %d texts", len(s.texts), s.Len())
	}
	if got := s.Find(GramsOf("第7题第4轮", ""), 0.95, 3, all); len(got) == 0 || got[0].ID != "7" {
		t.Errorf("after compacting: %v", got)
	}
}

// Paraphrases of LCQMC (development half): how many are found at the threshold of the bank, and how many of those
// found are marked as paraphrases there. The floors are a little below what was measured (0.759 and 0.527).
func TestSimilarOnParaphrases(t *testing.T) {
	type line struct {
		ID   string   `json:"id"`
		Text string   `json:"text"`
		Gold []string `json:"gold"`
	}
	read := func(name string) (out []line) {
		data, err := os.ReadFile(filepath.Join("..", "..", "shared", "data", "eval", "dev", "lcqmc", name))
		if os.IsNotExist(err) {
			t.Skip("shared/data is not beside the repository: NOT checked how well paraphrases are told")
		}
		if err != nil {
			t.Fatal(err)
		}
		for scanner := bufio.NewScanner(bytes.NewReader(data)); scanner.Scan(); {
			var one line
			if err := json.Unmarshal(scanner.Bytes(), &one); err != nil {
				t.Fatal(err)
			}
			out = append(out, one)
		}
		return out
	}
	s := NewSimilar()
	for _, p := range read("passages.jsonl") {
		s.Put(p.ID, GramsOf(p.Text, ""))
	}
	right, found, gold := 0, 0, 0
	for _, q := range read("queries.jsonl") {
		near := s.Find(GramsOf(q.Text, ""), 0.6, 20, all)
		found += len(near)
		gold += len(q.Gold)
		for _, n := range near {
			if slices.Contains(q.Gold, n.ID) {
				right++
			}
		}
	}
	precision, recall := float64(right)/float64(found), float64(right)/float64(gold)
	t.Logf("precision %.3f, recall %.3f of %d", precision, recall, gold)
	if precision < 0.74 || recall < 0.51 {
		t.Errorf("precision %.3f, recall %.3f", precision, recall)
	}
}

func BenchmarkSimilar(b *testing.B) {
	random := rand.New(rand.NewPCG(1, 2))
	words := make([]string, 4000)
	for i := range words {
		words[i] = string([]rune{rune(0x4e00 + random.IntN(2500)), rune(0x4e00 + random.IntN(2500))})
	}
	text := func(n int) string {
		var b bytes.Buffer
		for range n {
			b.WriteString(words[int(random.ExpFloat64()*600)%len(words)]) // some words are everywhere
		}
		return b.String()
	}
	s := NewSimilar()
	list := make([]Grams, 20_000)
	for i := range list {
		list[i] = GramsOf(text(25), text(16))
		s.Put(fmt.Sprint(i), list[i])
	}
	b.Run("find", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			s.Find(list[i%len(list)], 0.6, 5, all)
		}
	})
	b.Run("analyse", func(b *testing.B) {
		main, rest := text(25), text(16)
		for b.Loop() {
			GramsOf(main, rest)
		}
	})
}
