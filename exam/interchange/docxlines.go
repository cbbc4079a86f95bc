package interchange

import (
	"regexp"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"qiming/exam/question"
)

// docxLine is a line of the paper: what stands between two breaks of a paragraph.
type docxLine struct {
	number int // paragraph
	text   string
	auto   bool // begins with a number that Word wrote
	head   int  // outline level; 0 for none
	table  *docxBlock
}

const blank = `[\s\x{a0}\x{3000}]`

var (
	kindWord     = regexp.MustCompile(`(单项选择|单选|多项选择|不定项选择|多选|不定项|判断正误|判断|是非|填空|简答|问答|名词解释|论述|案例分析|材料分析|分析|作文|计算|数值|连线|匹配|配对|排序|完形填空|完型填空|选词填空|阅读理解|材料|综合|组合|选择|主观|客观)题?`)
	sectionStart = regexp.MustCompile(`^(?:[（(]?[一二三四五六七八九十]{1,3}[)）]?\s*[、.．:：]?|第[一二三四五六七八九十\d]{1,3}(?:大题|部分|章|节|单元|模块)\s*[、.．:：]?|[IVXⅠⅡⅢⅣⅤⅥ]+\s*[、.．])\s*`)
	eachPoints   = regexp.MustCompile(`每\s*(?:小)?\s*([题空])\s*(\d+(?:\.\d+)?)\s*分`)
	totalPoints  = regexp.MustCompile(`共\s*(?:计)?\s*(\d+)\s*(?:小)?题[^共]{0,10}共\s*(?:计)?\s*(\d+(?:\.\d+)?)\s*分`)
	sectionNote  = regexp.MustCompile(`[（(【\[][^）)】\]]*[）)】\]]`)
	stemNumber   = regexp.MustCompile(`^(?:第\s*(\d{1,4})\s*题\s*[.．、:：]?|【?题目?\s*(\d{1,4})】|(\d{1,4})\s*[.．、]|(\d{1,4})\s*[)）:：]|[（(]\s*(\d{1,4})\s*[)）]\s*[.．、]?)\s*`)
	optionStart  = regexp.MustCompile(`^[（(]?\s*([A-La-lＡ-Ｌ])\s*[)）]?\s*[.．、:：)）]\s*|^([A-LＡ-Ｌ])[\s\x{3000}]+`)
	fieldMark    = regexp.MustCompile(`[【\[](正确答案|标准答案|参考答案|试题答案|答案要点|答题要点|参考要点|评分要点|评分标准|评分细则|正确的?[顺次排]序|答案|答|答案解析|试题解析|题目解析|解析|详解|分析|点评|依据|来源|出处|难度|难易度|难度系数|知识点|考点|分类|章节|标签|关键词|分值|分数|题型)[】\]]\s*[:：]?|(?:^|[\s。；;，,）)])(正确答案|标准答案|参考答案|试题答案|答案要点|答题要点|参考要点|评分要点|评分标准|评分细则|正确的?[顺次排]序|答案|答|答案解析|试题解析|题目解析|解析|详解|出题依据|命题依据|依据|来源|出处|难度|难易度|难度系数|知识点|考点|分类|章节|标签|关键词|分值|题型|Answer|ANSWER|Explanation)(?:是|为)?\s*[:：]`)
	keyHeading   = regexp.MustCompile(`^(?:[（(]?[一二三四五六七八九十附]{1,3}[)）]?[、.．:：]?\s*)?(?:[^。．.？?，,；;：:（(]{0,40}(?:卷|题|题库|练习|测试|考试|竞赛)\s*)?[《【]?(?:参考答案|标准答案|正确答案|答案)(?:[及与和、](?:评分)?(?:标准|要点|细则|参考|解析|详解|说明))*[》】]?\s*[:：]?$`)
	keyBegin     = regexp.MustCompile(`^(?:参考答案|标准答案|正确答案|答案)\s*[:：]?\s*(\d{1,4}\s*[-—–~～至]\s*\d{1,4}\s*[:：.、]?\s*[A-La-l√×对错].*|\d{1,4}\s*[.．、:：]\s*[A-La-l√×对错]+[\s,，;；、]+\d{1,4}\s*[.．、:：].*)$`)
	materialHead = regexp.MustCompile(`(?:阅读|根据|依据|结合|分析).{0,20}(?:材料|资料|短文|案例|文字|表格|图).{0,20}(?:回答|完成|作答).{0,6}?(\d{1,3})\s*(?:[-—–~～至]|、)\s*(\d{1,3})\s*(?:小)?题`)
	caseWord     = regexp.MustCompile(`案例|材料|阅读`)
	kindNote     = regexp.MustCompile(`^[【\[（(]\s*(单项选择题?|单选题?|多项选择题?|多选题?|不定项选择题?|不定项|判断题?|填空题?|简答题?|论述题?|问答题?|计算题?|排序题?|连线题?)\s*[】\]）)]\s*[.．、:：]?\s*`)
	pointsNote   = regexp.MustCompile(`[（(【\[]\s*(?:本题|本小题|满分)?\s*(\d+(?:\.\d+)?)\s*分\s*[）)】\]]`)
	markingNote  = regexp.MustCompile(`^[（(][^（）()]*(?:得分|给分|扣分|计分|评分)[^（）()]*[）)]$`)                                 // how a question is marked
	writingSpace = regexp.MustCompile(`^[_＿\s\x{3000}\x{e010}\x{e011}]+(?:单位[:：]?[_＿\s\x{3000}\x{e010}\x{e011}]*)?$`) // where a taker writes
	answerNote   = regexp.MustCompile(`[（(【\[]` + blank + `*([A-La-lＡ-Ｌ](?:[、,，]|` + blank + `)*(?:[A-La-lＡ-Ｌ](?:[、,，]|` + blank + `)*){0,11}|√|×|✓|✔|✗|✘|╳|对|错|正确|错误|[TFＴＦ])` + blank + `*[）)】\]]`)
	valueNote    = regexp.MustCompile(`[（(【\[]\s*(难度|难易度|难度系数|知识点|考点)\s*[:：]\s*([^（）()【】\[\]]{1,40})[）)】\]]`)
	bareAnswer   = regexp.MustCompile(`^((?:正确|标准|参考)?答案)(?:是|为)?` + blank + `*([A-La-lＡ-Ｌ√×对错])`) // 答案B, without a colon
)

// fieldOf names the field of a mark of fieldMark.
func fieldOf(mark string) Field {
	switch mark {
	case "答案要点", "答题要点", "参考要点", "评分要点", "评分标准", "评分细则", "答", "试题答案", "Answer", "ANSWER", "正确顺序", "正确的顺序", "正确次序", "正确的次序", "正确排序", "正确的排序":
		return FieldAnswer
	case "分析", "点评", "试题解析", "Explanation":
		return FieldExplanation
	case "考点":
		return FieldCategory
	}
	return guess(mark)
}

// piece is a part of a line that a mark gives to a field; the first has none.
type docxPiece struct {
	field Field
	text  string
}

// pieces takes a line apart at its marks: "答案：A 解析：……".
func pieces(line string) []docxPiece {
	line = bareAnswer.ReplaceAllString(line, "$1：$2")
	found := fieldMark.FindAllStringSubmatchIndex(line, -1)
	if len(found) == 0 {
		return []docxPiece{{text: line}}
	}
	out := []docxPiece{}
	at := func(m []int) (from, to int, name string) {
		if m[2] >= 0 {
			return m[0], m[1], line[m[2]:m[3]]
		}
		return m[4], m[1], line[m[4]:m[5]]
	}
	start, _, _ := at(found[0])
	if rest := strings.TrimSpace(line[:start]); rest != "" {
		out = append(out, docxPiece{text: rest})
	}
	for i, m := range found {
		_, from, name := at(m)
		to := len(line)
		if i+1 < len(found) {
			to, _, _ = at(found[i+1])
		}
		out = append(out, docxPiece{fieldOf(name), strings.TrimSpace(line[from:max(to, from)])})
	}
	return out
}

// docxSection is what a heading says of the questions below it.
type docxSection struct {
	kind     string // as kindOf reads it; "" where it says none
	points   float64
	perGap   bool // the points are those of a gap: 每空 1 分
	category []string
}

// sectionOf reads "一、单项选择题（每题2分，共20分）"; ok is false where the line is no such heading.
func sectionOf(l docxLine) (s docxSection, ok bool) {
	text := strings.TrimSpace(l.text)
	if len([]rune(text)) > 120 || l.table != nil {
		return s, false
	}
	begun := sectionStart.FindString(text)
	title := strings.TrimSpace(sectionNote.ReplaceAllString(text[len(begun):], ""))
	if i := strings.IndexAny(title, ":：。，,;；"); i > 0 {
		title = strings.TrimSpace(title[:i])
	}
	word := kindWord.FindString(title)
	short := len([]rune(title)) <= 12
	switch {
	case word == "" && l.head > 0 && !stemNumber.MatchString(text):
		s.points, s.perGap = pointsEach(text)
		return s, true // a chapter
	case word == "", !short:
		return s, false
	case begun == "" && l.head == 0 && strings.TrimRight(title, "题部分型") != strings.TrimRight(word, "题"):
		return s, false
	}
	if k, note := kindOf(strings.TrimSuffix(word, "题") + "题"); note == "" {
		s.kind = word
		if k == "" {
			s.kind = ""
		}
	}
	s.points, s.perGap = pointsEach(text)
	return s, true
}

// pointsEach reads what a heading says that each question, or each gap, is worth; 0 where it says nothing.
func pointsEach(text string) (points float64, perGap bool) {
	if m := eachPoints.FindStringSubmatch(text); m != nil {
		n, _ := strconv.ParseFloat(m[2], 64) // digits
		return n, m[1] == "空"
	}
	if m := totalPoints.FindStringSubmatch(text); m != nil {
		n, _ := strconv.ParseFloat(m[1], 64)
		all, _ := strconv.ParseFloat(m[2], 64)
		if n > 0 {
			return rounded(all / n), false
		}
	}
	return 0, false
}

var (
	decimals = regexp.MustCompile(`^\d`)
	counted  = regexp.MustCompile(`^(?:\d{4}|\d+[.．、]\d|\d+\s*[年月日])`) // 1.1921年……, 3.3.5米……
)

// numberOf takes the number off a stem; style tells 1. from （1） and 1）.
func numberOf(text string) (n int, style, rest string) {
	m := stemNumber.FindStringSubmatchIndex(text)
	if m == nil {
		return 0, "", text
	}
	for i := 1; i <= 5; i++ {
		if m[2*i] < 0 {
			continue
		}
		n, _ = strconv.Atoi(text[m[2*i]:m[2*i+1]]) // digits
		rest = text[m[1]:]
		if i == 3 && text[m[1]-1] == '.' && decimals.MatchString(rest) && !counted.MatchString(rest) {
			return 0, "", text // 1.5 米
		}
		style = []string{"", "题", "题", ".", ")", "("}[i]
		return n, style, rest
	}
	return 0, "", text
}

// optionOf takes the letter off an option; -1 where the line is none.
func optionOf(text string) (index int, rest string) {
	m := optionStart.FindStringSubmatchIndex(text)
	if m == nil {
		return -1, text
	}
	from, to := m[2], m[3]
	if from < 0 {
		from, to = m[4], m[5]
	}
	l := strings.ToUpper(norm.NFKC.String(text[from:to]))
	return int(l[0] - 'A'), text[m[1]:]
}

var innerOption = regexp.MustCompile(`[\s\x{3000};；][（(]?([A-LＡ-Ｌ])\s*[)）]?\s*[.．、:：)）]\s*|[\t\x{3000}]+([A-LＡ-Ｌ])[\s\x{3000}]+`)

// optionsIn takes apart options that stand in one line, from the one that is due on.
func optionsIn(text string, due int) []string {
	var out []string
	start := 0
	for _, m := range innerOption.FindAllStringSubmatchIndex(text, -1) {
		from, to := m[2], m[3]
		if from < 0 {
			from, to = m[4], m[5]
		}
		l := strings.ToUpper(norm.NFKC.String(text[from:to]))
		if int(l[0]-'A') == due+1+len(out) && m[0] >= start && due+1+len(out) < question.MaxOptions {
			out = append(out, strings.TrimSpace(text[start:m[0]]))
			start = m[1]
		}
	}
	return append(out, strings.TrimSpace(text[start:]))
}

// stemOptions takes options off the end of a stem that they share a line with: "……是（ ）。 A.甲 B.乙".
func stemOptions(text string) (stem string, options []string) {
	tried := 0
	for _, m := range innerOption.FindAllStringSubmatchIndex(text, -1) {
		from := m[2]
		if from < 0 {
			from = m[4]
		}
		if l := text[from:]; !strings.HasPrefix(l, "A") && !strings.HasPrefix(l, "Ａ") {
			continue
		}
		if tried++; tried > 5 {
			break
		}
		if list := optionsIn(text[m[1]:], 0); len(list) >= 2 {
			return strings.TrimSpace(text[:m[0]]), list
		}
	}
	return text, nil
}
