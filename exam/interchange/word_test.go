package interchange

import (
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"qiming/exam/question"
)

func encode(t *testing.T, s string) string {
	t.Helper()
	out, err := simplifiedchinese.GB18030.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func utf16(s string) string {
	out, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(s)
	return out
}

func TestLetters(t *testing.T) {
	for _, s := range []string{"ACD", "A,C,D", "A C D", "A|C|D", "A、C、D", "acd", "ＡＣＤ", "（ACD）", "D、C、A", "AACD", "答案：ACD", "A;C;D", "A，C，D", "A+C+D", "A和C和D"} {
		if got := letters(s); !slices.Equal(got, []int{0, 2, 3}) {
			t.Errorf("letters(%q) = %v", s, got)
		}
	}
	for _, s := range []string{"", "M", "正确", "A型", "AB1", "50%"} {
		if got := letters(s); got != nil {
			t.Errorf("letters(%q) = %v", s, got)
		}
	}
}

func TestJudge(t *testing.T) {
	for _, s := range []string{"正确", "对", "√", "T", "true", "是", "Y", "正确的", "（√）", "✓", "1"} {
		if v, ok := judge(s); !v || !ok {
			t.Errorf("%q is not taken as right", s)
		}
	}
	for _, s := range []string{"错误", "错", "×", "F", "FALSE", "否", "x", "不正确", "0", "╳"} {
		if v, ok := judge(s); v || !ok {
			t.Errorf("%q is not taken as wrong", s)
		}
	}
	for _, s := range []string{"", "也许", "AB", "2"} {
		if _, ok := judge(s); ok {
			t.Errorf("%q is taken as a judgement", s)
		}
	}
}

func TestDifficulty(t *testing.T) {
	tests := map[string]int{"": 0, "无": 0, "易": 2, "容易": 2, "中": 3, "中等": 3, "难": 4, "很难": 5, "1": 1, "5": 5, "３": 3, "3星": 3, "★★★★": 4,
		"0.95": 1, "0.85": 1, "0.84": 2, "0.7": 2, "0.5": 3, "0.49": 4, "0.3": 4, "0.1": 5, "0": 0}
	for s, want := range tests {
		if got, ok := difficultyOf(s); got != want || !ok {
			t.Errorf("difficultyOf(%q) = %d, %v; want %d", s, got, ok, want)
		}
	}
	for _, s := range []string{"6", "-1", "1.5", "看心情", "NaN"} {
		if got, ok := difficultyOf(s); ok || got != 0 {
			t.Errorf("difficultyOf(%q) = %d", s, got)
		}
	}
}

func TestKindNames(t *testing.T) {
	tests := map[string]question.Kind{"单选题": question.Single, "一、单项选择题": question.Single, "多选题（每题2分）": question.Multiple, "不定项选择题": question.Multiple,
		"判断": question.TrueFalse, "True/False": question.TrueFalse, "填空题": question.Blanks, "问答题": question.Short, "fill_in_the_blank": question.Blanks}
	for s, want := range tests {
		if got, note := kindOf(s); got != want || note != "" {
			t.Errorf("kindOf(%q) = %q, %q", s, got, note)
		}
	}
	for s, want := range map[string]string{"连线题": "", "材料题": "", "论述题": "", "编程题": "kind.unsupported", "神秘题": "kind.unknown", "选择题": ""} {
		if _, note := kindOf(s); note != want {
			t.Errorf("kindOf(%q): %q", s, note)
		}
	}
}

func TestHeadings(t *testing.T) {
	tests := map[string]Field{"题干": FieldStem, " 题 目* ": FieldStem, "题目（必填）": FieldStem, "Question": FieldStem, "正确答案": FieldAnswer, "选项A": "option_a", "A选项": "option_a",
		"选项１": "option_a", "选项三": "option_c", "h": "option_h", "optB": "option_b", "答案A": "option_a", "options[2]": "option_c", "知识点": FieldCategory, "章节": FieldCategory,
		"难易度": FieldDifficulty, "标签": FieldTags, "分值": FieldPoints, "题号": FieldNumber, "试题解析": FieldExplanation, "备注": FieldIgnore, "1": FieldIgnore, "选项99": FieldIgnore, "": FieldIgnore}
	for s, want := range tests {
		if got := guess(s); got != want {
			t.Errorf("guess(%q) = %q, want %q", s, got, want)
		}
	}
	for _, f := range Fields() {
		if guess(f.title()) != f {
			t.Errorf("our own heading %q of %q is not read back", f.title(), f)
		}
	}
}

func TestSource(t *testing.T) {
	tests := []struct{ in, rest, source string }{
		{"题干。 来源：《党史》（第一卷）", "题干。", "《党史》（第一卷）"},
		{"题干。来源：《党史》", "题干。", "《党史》"},
		{"题干（来源：《党史》）", "题干", "《党史》"},
		{"热量来源：太阳", "热量来源：太阳", ""},
		{"能量 来源：____", "能量 来源：____", ""},
		{"来源：只有来源", "来源：只有来源", ""},
		{"题干【出处：党章】。", "题干。", "党章"},
		{"没有", "没有", ""},
	}
	for _, tt := range tests {
		if rest, source := splitSource(tt.in); rest != tt.rest || source != tt.source {
			t.Errorf("splitSource(%q) = %q, %q", tt.in, rest, source)
		}
	}
}

func TestCut(t *testing.T) {
	for _, s := range []string{"常\ufffd%A", "现代\ufffd%", "公%E", "大桥%", "%E", "%E5", "铁道\ufffd%8"} {
		if !isCut(s) {
			t.Errorf("%q is cut", s)
		}
	}
	for _, s := range []string{"50%", "按80%", "100％", "甲", "%的含义", "5%A"} {
		if isCut(s) {
			t.Errorf("%q is whole", s)
		}
	}
}

func TestBlankAnswers(t *testing.T) {
	tests := []struct {
		answer string
		gaps   int
		want   string
	}{
		{"甲；乙", 2, "甲|乙"}, {"甲;乙", 2, "甲|乙"}, {"甲|乙", 2, "甲|乙"}, {"甲、乙", 2, "甲|乙"}, {"甲,乙", 2, "甲|乙"}, {"甲 乙", 2, "甲|乙"}, {"甲\n乙", 2, "甲|乙"},
		{"甲、乙", 1, "甲、乙"}, {"甲；乙；", 2, "甲|乙"}, {"甲；乙；丙", 2, "甲|乙|丙"}, {`a\;b`, 1, `a\;b`},
	}
	for _, tt := range tests {
		if got := strings.Join(splitBlanks(tt.answer, tt.gaps), "|"); got != tt.want {
			t.Errorf("splitBlanks(%q, %d) = %q, want %q", tt.answer, tt.gaps, got, tt.want)
		}
	}
}

// Every code has a text in both languages that tells how to mend it.
func TestCatalogue(t *testing.T) {
	for _, name := range []string{"format.go", "table.go", "draft.go", "answer.go", "finish.go", "gift.go", "giftanswer.go", "giftwrite.go", "aiken.go", "json.go", "xlsx.go", "csv.go", "compare.go", "tablewrite.go",
		"qti.go", "qtibody.go", "qtichoice.go", "qtigap.go", "qtiitem.go", "qtipack.go", "qtipackage.go", "docx.go", "docxbody.go", "docxkey.go", "docxmath.go", "docxpaper.go"} {
		for _, code := range codesIn(t, name) {
			if m := message(code); m.zh == code || m.en == code || m.zh == "" || m.en == "" {
				t.Errorf("%s: the code %q has no text", name, code)
			}
		}
	}
	r := Report{Format: CSV, Problems: []Problem{place{row: 12}.problem(Error, "答案", "answer.beyond", "letter", "E")}}
	if got := r.In(English).Problems[0].Message; got != "Row 12: The answer names option E, which does not exist. Add the option or correct the answer." {
		t.Errorf("%q", got)
	}
	if got := r.In(Chinese).Problems[0].Message; got != r.Problems[0].Message || got != "第 12 行：答案中的“E”没有对应的选项。请补上该选项，或更正答案。" {
		t.Errorf("%q", got)
	}
}
