package search

import (
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestNormalise(t *testing.T) {
	fold, simple, number := NormalOptions{FoldCase: true}, NormalOptions{Simplified: true}, NormalOptions{Numerals: true}
	for _, c := range []struct {
		in   string
		o    NormalOptions
		want string
	}{
		{"", fold, ""},
		{"　ＡＢｃ１２３　", NormalOptions{}, "ABc123"},
		{"ＡＢｃ", fold, "abc"},
		{"建党 100 周年", NormalOptions{}, "建党100周年"},
		{"in  the\tlong \u00a0 run", NormalOptions{}, "in the long run"},
		{"“实事求是”，。；：？！", NormalOptions{}, `"实事求是",.;:?!`},
		{"《党章》【总纲】（一）", NormalOptions{}, "<党章>[总纲](一)"},
		{"一——二……三", NormalOptions{}, "一-二.三"},
		{"一--二...三", NormalOptions{}, "一-二.三"},
		{"零\u200b宽\ufeff字\u00ad符", NormalOptions{}, "零宽字符"},
		{"㈠ ① Ⅷ", NormalOptions{}, "(一) 1 VIII"},
		{"中國共產黨", NormalOptions{}, "中國共產黨"},
		{"中國共產黨", simple, "中国共产党"},
		{"頭髮和發展，一隻皇后", simple, "头发和发展,一只皇后"},
		{"党的二十大", number, "党的20大"},
		{"\xff坏\xfe", NormalOptions{}, "坏"},
	} {
		if got := Normalise(c.in, c.o); got != c.want {
			t.Errorf("%q %+v gives %q, want %q", c.in, c.o, got, c.want)
		}
	}
}

func TestDigits(t *testing.T) {
	for in, want := range map[string]string{
		"":         "",
		"十":        "10",
		"十五":       "15",
		"二十":       "20",
		"二十大":      "20大",
		"第二十次":     "第20次",
		"一百":       "100",
		"一百零二":     "102",
		"一百二":      "120",
		"一百二十":     "120",
		"一百二十三":    "123",
		"两千零五":     "2005",
		"两千五":      "2500",
		"三千零五十":    "3050",
		"九千九百九十九":  "9999",
		"一万":       "10000",
		"一万二":      "12000",
		"一万零二":     "10002",
		"十二万三千":    "123000",
		"一亿":       "100000000",
		"十四亿":      "1400000000",
		"一亿零五十万":   "100500000",
		"一万亿":      "1000000000000",
		"二〇二一年":    "2021年",
		"一九四九":     "1949",
		"〇":        "0",
		"廿一":       "21",
		"卅":        "30",
		"卌二":       "42",
		"壹佰贰拾叁":    "123",
		"3万":       "30000",
		"3.5万":     "35000",
		"1.2亿人":    "120000000人",
		"3万5千":     "35000",
		"3万五":      "35000",
		"1,000":    "1000",
		"12,345.6": "12345.6",
		"1,2,3":    "1,2,3",
		"1,0000":   "1,0000",
		"百分之五十":    "50%",
		"百分之":      "100分之",
		"三点一四":     "3.14",
		"零点五":      "0.5",
		"十二点〇五":    "12.05",
		"三点五万":     "35000",
		"百分之三点五":   "3.5%",
		"三点":       "3点",
		"三点一刻":     "3点1刻",
		"三点五分":     "3点5分",
		"三点二十":     "3点20",
		"三点一线":     "3点1线",
		"3.5点一":    "3.5点1",
		"十百":       "十百",
		"二百三百":     "二百三百",
		"九五二七":     "9527",
		"没有数字":     "没有数字",
		"5":        "5",
		"007":      "007",
		"统一":       "统1",
	} {
		if got := Digits(in); got != want {
			t.Errorf("%q gives %q, want %q", in, got, want)
		}
		if again := Digits(Digits(in)); again != Digits(in) {
			t.Errorf("%q twice gives %q", in, again)
		}
	}
}

// spell writes 0..99,999,999 in Chinese, as a person would.
func spell(n int) string {
	if n == 0 {
		return "零"
	}
	section := func(n int) string {
		var b strings.Builder
		zero := false
		for _, u := range []struct {
			value int
			name  string
		}{{1000, "千"}, {100, "百"}, {10, "十"}, {1, ""}} {
			d := n / u.value % 10
			if d == 0 {
				zero = b.Len() > 0
				continue
			}
			if zero {
				b.WriteString("零")
				zero = false
			}
			b.WriteString(string([]rune("零一二三四五六七八九")[d]) + u.name)
		}
		return b.String()
	}
	high, low := n/10_000, n%10_000
	if high == 0 {
		return section(low)
	}
	s := section(high) + "万"
	if low > 0 && low < 1000 {
		s += "零"
	}
	if low > 0 {
		s += section(low)
	}
	return s
}

func TestDigitsReadWhatIsSpelt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 99_999_999).Draw(t, "n")
		if got := Digits(spell(n)); got != strconv.Itoa(n) {
			t.Fatalf("%s (%d) gives %s", spell(n), n, got)
		}
	})
}

// TestSimplifierIsShared: takers are marked at the same time.
func TestSimplifierIsShared(t *testing.T) {
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				if got := Normalise("中國共產黨第二十次全國代表大會", NormalOptions{Simplified: true}); got != "中国共产党第二十次全国代表大会" {
					t.Error(got)
				}
			}
		})
	}
	group.Wait()
}

func FuzzNormalise(f *testing.F) {
	for _, s := range []string{"", "　建党 100 周年", "發展", "“a”——…", "\xff", "İ ß ﷺ", "十百千万亿", "1,000.5万", "\ue000*\\*"} {
		f.Add(s, byte(7))
	}
	f.Fuzz(func(t *testing.T, s string, flags byte) {
		o := NormalOptions{FoldCase: flags&1 > 0, Simplified: flags&2 > 0, Numerals: flags&4 > 0}
		once := Normalise(s, o)
		if !utf8.ValidString(once) {
			t.Fatalf("%q gives broken %q", s, once)
		}
		if once != strings.TrimSpace(once) {
			t.Fatalf("%q gives untrimmed %q", s, once)
		}
		if again := Normalise(once, o); again != once {
			t.Fatalf("%q gives %q, then %q", s, once, again)
		}
	})
}
