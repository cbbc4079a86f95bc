package wordlist

import (
	"strings"
	"testing"
)

func found(text string, entries ...Entry) string {
	var out []string
	for _, h := range Scan([]Text{{Path: "body", Text: text}}, entries) {
		if got := string([]rune(text)[h.From:h.To]); got != h.Found {
			return "the place is not what was found: " + got + " / " + h.Found
		}
		out = append(out, string(h.Level)+" "+h.Found)
	}
	return strings.Join(out, "; ")
}

func TestScan(t *testing.T) {
	word := Entry{Word: "支部书纪", Level: Refuse, Replacement: "支部书记"}
	old := Entry{Word: "党小组会议", Level: Warn, Exceptions: []string{"历史上的党小组会议"}}
	short := Entry{Word: "党小组", Level: Warn}
	latin := Entry{Word: "war", Level: Warn}
	for _, c := range []struct {
		name, text string
		entries    []Entry
		want       string
	}{
		{"nothing", "支部书记", []Entry{word}, ""},
		{"a word", "由支部书纪主持", []Entry{word}, "refuse 支部书纪"},
		{"traditional characters", "由支部書紀主持", []Entry{word}, "refuse 支部書紀"},
		{"spaces within", "支 部 书\n纪", []Entry{word}, "refuse 支 部 书\n纪"},
		{"marks of emphasis within", "支部**书纪**", []Entry{word}, "refuse 支部**书纪"},
		{"characters that cannot be seen", "支\u200b部\u2060书纪", []Entry{word}, "refuse 支\u200b部\u2060书纪"},
		{"twice", "支部书纪支部书纪", []Entry{word}, "refuse 支部书纪; refuse 支部书纪"},
		{"an exception", "历史上的党小组会议", []Entry{old}, ""},
		{"beside an exception", "历史上的党小组会议与党小组会议", []Entry{old}, "warn 党小组会议"},
		{"the longer entry counts", "开党小组会议", []Entry{short, old}, "warn 党小组会议"},
		{"a Latin word", "The WAR ended", []Entry{latin}, "warn WAR"},
		{"full width", "ＷＡＲ", []Entry{latin}, "warn ＷＡＲ"},
		{"within a longer Latin word", "an award, warm", []Entry{latin}, ""},
		{"beside Chinese", "见war条", []Entry{latin}, "warn war"},
		{"a mark of secrecy", "机密★10年", nil, "refuse 机密★"},
		{"a mark of secrecy, spaced", "绝 密 ★", nil, "refuse 绝 密 ★"},
		{"at the head of a document", "# 秘密\n\n正文", nil, "refuse 秘密"},
		{"with its term", "正文\n**机密 10年**\n", nil, "refuse 机密 10年**"},
		{"the law is explained", "国家秘密的密级分为绝密、机密、秘密三级。", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := found(c.text, c.entries...); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// What refuses is among the places that are shown, however many only warn.
func TestRefusalsAreNotCutOff(t *testing.T) {
	hits := Scan([]Text{{Text: strings.Repeat("甲乙。", MaxHits) + "丙丁"}}, []Entry{{Word: "甲乙", Level: Warn}, {Word: "丙丁", Level: Refuse}})
	if len(hits) != MaxHits || !Refused(hits) {
		t.Errorf("%d hits, refused %v", len(hits), Refused(hits))
	}
	if Refused(hits[1:]) {
		t.Error("more than one refuses")
	}
}

func FuzzScan(f *testing.F) {
	f.Add("由支部书纪主持", "书纪", "支部书纪")
	f.Add("机密★", "密", "")
	f.Add("\xff\u200b", " ", "x")
	f.Fuzz(func(t *testing.T, text, word, exception string) {
		for _, h := range Scan([]Text{{Path: "p", Text: text}}, []Entry{{Word: word, Level: Warn, Exceptions: []string{exception}}}) {
			if source := []rune(text); h.From >= h.To && !h.Secret || h.To > len(source) || string(source[h.From:h.To]) != h.Found {
				t.Errorf("%+v in %q", h, text)
			}
		}
	})
}
