package member

import (
	"strings"
	"testing"
)

const today = "2026-03-05"

func TestParseIdentity(t *testing.T) {
	for _, tt := range []struct {
		text, number, birth string
		sex                 Sex
		wrong               string
	}{
		// GB 11643's examples, and what domain.md names.
		{"11010519491231002X", "11010519491231002X", "1949-12-31", Female, ""},
		{"440524188001010014", "440524188001010014", "1880-01-01", Male, ""},
		{"110101199003070011", "110101199003070011", "1990-03-07", Male, ""},
		// as people write it
		{"11010519491231002x", "11010519491231002X", "1949-12-31", Female, ""},
		{" 110105 19491231 002X ", "11010519491231002X", "1949-12-31", Female, ""},
		{"１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X", "1949-12-31", Female, ""},
		{"'11010519491231002X", "11010519491231002X", "1949-12-31", Female, ""},
		// wrong
		{"", "", "", "", "identity.length"},
		{"11010519491231002", "", "", "", "identity.length"},
		{"110105491231002", "", "", "", "identity.length"},
		{"1101051949123100211", "", "", "", "identity.length"},
		{"110105194912310021", "", "", "", "identity.checksum"},
		{"11010519491231003X", "", "", "", "identity.checksum"},
		{"1101051949123100ZX", "", "", "", "identity.characters"},
		{"11010519491231002Y", "", "", "", "identity.characters"},
		{"1.10105194912310E+17", "", "", "", "identity.rounded"},
		{"110105194912310000", "", "", "", "identity.rounded"},
	} {
		got, wrong := ParseIdentity(tt.text, today)
		if wrong != tt.wrong || got.Number != tt.number || got.Birth != tt.birth || got.Sex != tt.sex {
			t.Errorf("%q: %+v %q, want %s %s %s %q", tt.text, got, wrong, tt.number, tt.birth, tt.sex, tt.wrong)
		}
	}
}

// withCheck gives the number with the right check character.
func withCheck(n string) string {
	sum := 0
	for i := range 17 {
		sum += int(n[i]-'0') * identityWeights[i]
	}
	return n[:17] + string(identityChecks[sum%11])
}

func TestTheBirthInsideMustExist(t *testing.T) {
	for _, tt := range []struct{ birth, wrong string }{
		{"20260305", ""}, {"20260306", "identity.birth"}, {"20240229", ""}, {"20230229", "identity.birth"},
		{"18800101", ""}, {"18791231", "identity.birth"}, {"19901301", "identity.birth"},
	} {
		if _, wrong := ParseIdentity(withCheck("110105"+tt.birth+"002"), today); wrong != tt.wrong {
			t.Errorf("%s: %q, want %q", tt.birth, wrong, tt.wrong)
		}
	}
}

func TestMasks(t *testing.T) {
	if got := maskIdentity("11010519491231002X"); got != "110105********002X" {
		t.Error(got)
	}
	for phone, want := range map[string]string{"13812345678": "138****5678", "": "", "12345": "*****", "01012345678": "010****5678"} {
		if got := maskPhone(phone); got != want {
			t.Errorf("%q: %q, want %q", phone, got, want)
		}
	}
}

func FuzzParseIdentity(f *testing.F) {
	for _, s := range []string{"11010519491231002X", "", "１１", "1.1E+17", strings.Repeat("9", 18)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		id, wrong := ParseIdentity(text, today)
		if (wrong == "") != (len(id.Number) == 18) {
			t.Fatalf("%q: %+v %q", text, id, wrong)
		}
		if wrong == "" {
			if again, wrong := ParseIdentity(id.Number, today); wrong != "" || again != id {
				t.Fatalf("%q is not stable: %+v %q", text, again, wrong)
			}
		}
	})
}

func TestParseDate(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "2026-03-05": "2026-03-05", "2026/3/5": "2026-03-05", "2026.3.5": "2026-03-05", "2026年3月5日": "2026-03-05", "20260305": "2026-03-05",
		"2026-03-05 00:00:00": "2026-03-05", "２０２６年３月５日": "2026-03-05", "46086": "2026-03-05", "36526": "2000-01-01", "36526.5": "2000-01-01",
	} {
		if got, ok := parseDate(text); !ok || got != want {
			t.Errorf("%q: %q %v, want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"2026-02-30", "2026-13-01", "2026-03", "去年", "12", "20261301", "99999999", "1e5"} {
		if got, ok := parseDate(text); ok {
			t.Errorf("%q was read as %q", text, got)
		}
	}
}

func FuzzReadSheet(f *testing.F) {
	f.Add([]byte("姓名,身份证号\n李明,11010519491231002X\n"))
	f.Add([]byte("\xEF\xBB\xBF姓名;性别\r\n\"王\"\"芳\";女"))
	f.Add([]byte("\xd0\xd5\xc3\xfb,\xd0\xd4\xb1\xf0\n"))
	f.Add([]byte("PK\x03\x04"))
	f.Add([]byte("\xff\xfe\x59\x00"))
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := readSheet(data)
		if err != nil {
			return
		}
		reading, err := newReading(table.Columns, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range table.Rows {
			if r.Line < 2 {
				t.Fatalf("row %d", r.Line)
			}
			_ = reading.byHeading()
		}
	})
}
