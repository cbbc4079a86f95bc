package search

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestTokensStandWhereTheyWereWritten(t *testing.T) {
	for _, c := range []struct{ text, term, written string }{
		{"坚持民主集中制", "集中", "集中"},
		{"黨的二十大报告", "党", "黨"},
		{"黨的二十大报告", "20", "二十"},
		{"共有一百二十三人参加", "123", "一百二十三"},
		{"ＡＢＣ银行", "abc", "ＡＢＣ"},
		{"The connections are broken", "connect", "connections"},
		{"terminal two", "2", "two"},
		{"the computer's memory", "comput", "computer's"},
		{"   实事求是  ", "实事", "实事"},
		{"① 实事求是", "1", "①"},
		{"“两个确立”的意义", "意义", "意义"},
	} {
		found := false
		for _, token := range Tokens(c.text) {
			if token.Term == c.term {
				found = true
				if got := string([]rune(c.text)[token.Start:token.End]); got != c.written {
					t.Errorf("%q: %q stands at %q, want %q", c.text, c.term, got, c.written)
				}
			}
		}
		if !found {
			t.Errorf("%q has no token %q: %+v", c.text, c.term, Tokens(c.text))
		}
	}
}

func TestSentences(t *testing.T) {
	for text, want := range map[string]int{"": 0, "。。": 0, "一是学。二是做": 2, "增长3.5%，达到1,000人": 2, "a.b": 2, "3.5": 1} {
		if got := len(Sentences(text)); got != want {
			t.Errorf("%q has %d sentences, want %d", text, got, want)
		}
	}
}

func TestDenials(t *testing.T) {
	for text, want := range map[string]int{
		"不是个人说了算": 1, "不得擅自决定": 1, "没有民主": 1, "不得不服从": 2, "不仅要民主": 0, "非常重要": 0, "无论何时": 0, "不同意见": 0,
		"it is not connected": 1, "they don't agree": 1, "connected": 0, "a notable gap": 0,
	} {
		tokens := Tokens(text)
		if got := denials(tokens, 0, utf8.RuneCountInString(text)); got != want {
			t.Errorf("%q denies %d times, want %d: %+v", text, got, want, tokens)
		}
	}
}

func FuzzTokens(f *testing.F) {
	for _, s := range []string{"", "民主集中制。", "百分之五十的人", "İ ß ﷺ ㍿", "二十〇1,000.5万", "\xff中", "don’t 𠀀𠀁", strings.Repeat("十", 60)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := len([]rune(strings.ToValidUTF8(s, "\ufffd")))
		for _, sentence := range Sentences(s) {
			for _, token := range sentence.Tokens {
				if token.Start < sentence.Start || token.End > sentence.End || token.Start > token.End || token.End > n || token.Term == "" {
					t.Fatalf("%q: %+v in %d..%d", s, token, sentence.Start, sentence.End)
				}
			}
		}
	})
}
