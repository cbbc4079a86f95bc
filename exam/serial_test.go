package exam

import (
	"slices"
	"strings"
	"testing"
)

func TestSerial(t *testing.T) {
	key := []byte("key")
	s := serial(key, "djk-01", 2026, "q", "m", 1, 0)
	if len(s) != len("DJK01-2026-XXXX-XXXX-XXXXC") || !strings.HasPrefix(s, "DJK01-2026-") || s != serial(key, "djk-01", 2026, "q", "m", 1, 0) {
		t.Fatal(s)
	}
	seen := map[string]bool{s: true}
	for _, other := range []string{serial(key, "djk-01", 2026, "q", "m", 2, 0), serial(key, "djk-01", 2026, "q", "n", 1, 0), serial([]byte("k"), "djk-01", 2026, "q", "m", 1, 0), serial(key, "djk-01", 2026, "q", "m", 1, 1)} {
		if seen[other] {
			t.Errorf("%s twice", other)
		}
		seen[other] = true
	}
	for number := range 400 { // no sign of them is mistaken for another
		one := serial(key, "党支部", 2026, "q", "m", number, 0)
		if !strings.HasPrefix(one, "QM-2026-") || strings.ContainsAny(one[len("QM-2026-"):], "OIL") {
			t.Errorf("%s", one)
		}
	}
	for i := range s { // every wrong sign is found, but for those that are taken alike
		for _, sign := range checkAlphabet {
			if s[i] == '-' || digits.Replace(string(sign)) == digits.Replace(s[i:i+1]) {
				continue
			}
			if got := serialsOf(s[:i] + string(sign) + s[i+1:]); slices.Contains(got, s) {
				t.Errorf("%c at %d is not noticed", sign, i)
			}
		}
	}
	for _, typed := range []string{"", "A", strings.Repeat("A", 65), "QM-2026-<script>", "王小明", "2026-SXND-BTV7-54H3H", "CJ-2026-SXND-BTV7-54H3", "CJ-2026-SXND-BTV7-54H3G"} {
		if got := serialsOf(typed); got != nil {
			t.Errorf("%q is read as %v", typed, got)
		}
	}
}

// issued gives a serial of an organisation with its check sign, also one that is not issued any more.
func issued(body string) string { return body + string(checkSign(body)) }

func TestSerialAsTyped(t *testing.T) {
	const real = "CJ-2026-SXND-BTV7-54H3H"
	oh := ""
	for _, last := range serialSigns { // an old one whose check sign is the letter O
		if one := issued("CJ-2026-1X0D-BTV7-GH9" + string(last)); strings.HasSuffix(one, "O") {
			oh = one
		}
	}
	if issued(real[:len(real)-1]) != real || oh == "" {
		t.Fatal(issued(real[:len(real)-1]), oh)
	}
	code := issued("O1LO-2026-0000-1111-0101")
	for _, c := range []struct{ typed, want string }{
		{real, real}, {"CJ2026SXNDBTV754H3H", real}, {"cj 2026 sxnd btv7 54h3h", real}, {" cj-2026-sxnd-btv7-54h3h\n", real},
		{"ＣＪ－２０２６－ＳＸＮＤ－ＢＴＶ７－５４Ｈ３Ｈ", real}, {"CJ—2026–SXND−BTV7‐54H3H", real}, {"CJ　-　2026-SX\u200bND-BTV7-54H3H", real},
		{"CJ-2O26-SXND-BTV7-54H3H", real}, {"C J 2 0 2 6 S X N D B T V 7 5 4 H 3 H", real},
		{oh, oh}, {oh[:len(oh)-1] + "0", oh}, {strings.ReplaceAll(strings.ReplaceAll(oh, "0", "O"), "1", "l"), oh}, {strings.ReplaceAll(oh, "1", "I"), oh},
		{code, code}, {strings.ReplaceAll(strings.ReplaceAll(code, "1", "I"), "O", "0"), code}, {strings.ReplaceAll(code, "-", ""), code},
	} {
		if got := serialsOf(c.typed); !slices.Contains(got, c.want) {
			t.Errorf("%q is read as %v, want %s", c.typed, got, c.want)
		}
	}
	if got := serialsOf(real); len(got) != 1 {
		t.Errorf("%v", got)
	}
	if got := serialsOf(issued("OIOIOIOIOIOI-2026-0000-0000-0000")); len(got) == 0 || len(got) > maxAlikes || got[0] != issued("OIOIOIOIOIOI-2026-0000-0000-0000") {
		t.Errorf("%d of them, first %v", len(got), got[:min(len(got), 1)])
	}
}
