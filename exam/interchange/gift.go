package interchange

import (
	"html"
	"regexp"
	"strings"

	"qiming/exam/question"
)

// gift is Moodle's text format (docs.moodle.org, "GIFT format"): questions are separated by blank lines,
// the answer stands in braces, // begins a comment line, $CATEGORY: a category.
//
// Ours beyond Moodle: a comment "// [qiming {…}]" carries what GIFT has no place for (see whole), and
// several answer blocks in one text are several gaps. As Moodle does, comments "// [id:…] [tag:…]" carry
// the id number and the tags.
type gift struct{}

func (gift) name() Format { return GIFT }

func (gift) detect(src Source) bool {
	s := decode(src.Data[:min(len(src.Data), 64<<10)])
	if strings.Contains(s, "\n$CATEGORY:") || strings.HasPrefix(s, "$CATEGORY:") {
		return true
	}
	open := unescapedIndex(s, '{')
	return open >= 0 && unescapedIndex(s[open:], '}') > 0
}

// giftBlock is the text of one question with the comments before it.
type giftBlock struct {
	line     int
	category []string
	comments []string
	text     string
}

func (gift) read(src Source) Parsed {
	var out Parsed
	blocks := giftBlocks(decode(src.Data))
	if len(blocks) > MaxRows {
		return unreadable(GIFT, "file.too_many_rows", "max", MaxRows)
	}
	for _, b := range blocks {
		if len(b.text) > maxBlock {
			at := place{row: b.line}
			out.Records = append(out.Records, Record{Item: Item{Row: b.line}, Problems: []Problem{at.problem(Error, "", "cell.long", "max", MaxCell)}})
			continue
		}
		out.Records = append(out.Records, b.record())
	}
	return out
}

// maxBlock is the length of one question's text in bytes: a block holds a stem, a dozen options and notes.
const maxBlock = 16 * MaxCell

// giftBlocks separates questions. A blank line ends one unless a brace is open and the next lines close it
// before another question begins.
func giftBlocks(s string) []giftBlock {
	var out []giftBlock
	var cur giftBlock
	var category, lines []string
	flush := func() {
		if cur.text = strings.TrimSpace(strings.Join(lines, "\n")); cur.text != "" {
			cur.category = category
			out = append(out, cur)
			cur = giftBlock{}
		}
		lines, cur.line = nil, 0
	}
	all := strings.Split(s, "\n")
	depth := 0
	for i, line := range all {
		trimmed := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(trimmed, "//"):
			cur.comments = append(cur.comments, strings.TrimSpace(trimmed[2:]))
			continue
		case strings.HasPrefix(trimmed, "$CATEGORY:"):
			flush()
			depth = 0
			category = giftCategory(trimmed[len("$CATEGORY:"):])
			continue
		case trimmed == "" && (depth == 0 || !closesLater(all[i+1:])):
			flush()
			depth = 0
			continue
		}
		if cur.line == 0 && trimmed != "" {
			cur.line = i + 1
		}
		depth = max(0, depth+braces(line))
		lines = append(lines, line)
	}
	flush()
	return out
}

// braces counts { as one and } as minus one, escaped ones not.
func braces(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '{':
			n++
		case '}':
			n--
		}
	}
	return n
}

const giftReach = 50 // lines that an answer block may go on after a blank line

func closesLater(lines []string) bool {
	for _, line := range lines[:min(len(lines), giftReach)] {
		open, end := unescapedIndex(line, '{'), unescapedIndex(line, '}')
		switch {
		case strings.HasPrefix(strings.TrimSpace(line), "::"), strings.HasPrefix(line, "$CATEGORY:"):
			return false
		case end >= 0 && (open < 0 || end < open):
			return true
		case open >= 0:
			return false
		}
	}
	return false
}

// giftCategory reads a path: "//" is a slash within a name; Moodle's $course$ and top are dropped.
func giftCategory(s string) []string {
	const slash = "\x01"
	var out []string
	for name := range strings.SplitSeq(strings.ReplaceAll(s, "//", slash), "/") {
		name = strings.TrimSpace(strings.ReplaceAll(name, slash, "/"))
		if name == "" || (strings.HasPrefix(name, "$") && strings.HasSuffix(name, "$") && len(name) > 1) || (name == "top" && len(out) == 0) {
			continue
		}
		out = append(out, name)
	}
	return out
}

func unescapedIndex(s string, want byte) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case want:
			return i
		}
	}
	return -1
}

var (
	giftFormat  = regexp.MustCompile(`^\[(html|moodle|plain|markdown)\]`)
	giftTag     = regexp.MustCompile(`\[tag:((?:[^\]\\]|\\.)*)\]`)
	giftID      = regexp.MustCompile(`\[id:((?:[^\]\\]|\\.)*)\]`)
	giftOwn     = regexp.MustCompile(`^\[qiming (\{.*\})\]$`)
	htmlBreak   = regexp.MustCompile(`(?i)<br\s*/?>|</p>\s*<p[^>]*>|</(?:div|li|tr)>`)
	htmlElement = regexp.MustCompile(`<[/!]?[A-Za-z][^<>]*>`)
)

// plain gives the text of a piece: its format mark and markup taken off, escapes undone.
func giftPlain(s string) string {
	s = strings.TrimSpace(s)
	format := ""
	if m := giftFormat.FindStringSubmatch(s); m != nil {
		format, s = m[1], s[len(m[0]):]
	}
	s = giftUnescape(s)
	if format == "html" || format == "moodle" && htmlElement.MatchString(s) {
		s = htmlBreak.ReplaceAllString(s, "\n")
		s = html.UnescapeString(htmlElement.ReplaceAllString(s, ""))
	}
	return tidyText(s)
}

const giftSpecial = `~=#{}:`

func giftUnescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			switch next := s[i+1]; {
			case next == 'n':
				b.WriteByte('\n')
				i++
				continue
			case next == '\\' || strings.IndexByte(giftSpecial, next) >= 0:
				b.WriteByte(next)
				i++
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// giftQuestion is a question being read.
type giftQuestion struct {
	at       place
	problems []Problem
	content  question.Content
	before   string
	after    string
}

func (q *giftQuestion) fail(column, code string, params ...any) {
	q.problems = append(q.problems, q.at.problem(Error, column, code, params...))
}

func (q *giftQuestion) warn(column, code string, params ...any) {
	q.problems = append(q.problems, q.at.problem(Warning, column, code, params...))
}

// record reads a block: an optional ::title::, text, answer blocks.
func (b giftBlock) record() Record {
	q := giftQuestion{at: place{row: b.line}}
	item := Item{Row: b.line, Category: b.category}
	s := b.text
	if strings.HasPrefix(s, "::") {
		if end := unescapedPair(s[2:], "::"); end >= 0 {
			item.ExternalID = giftPlain(s[2 : 2+end])
			s = strings.TrimSpace(s[2+end+2:])
		}
	}
	texts, answers, ok := giftParts(s)
	switch {
	case !ok:
		q.fail(FieldAnswer.title(), "gift.unclosed")
		q.content.Stem = giftPlain(s)
	case len(answers) == 0:
		q.fail(FieldAnswer.title(), "gift.no_answer")
		q.content.Stem = giftPlain(s)
	case len(answers) == 1:
		q.before, q.after = texts[0], texts[1]
		q.answer(answers[0])
	default:
		q.several(texts, answers)
	}
	q.content.Explanation, q.content.Source = explanationSource(q.content.Explanation)
	if q.content.Source == "" {
		if rest, source := splitSource(q.content.Stem); source != "" {
			q.content.Stem, q.content.Source = rest, source
		}
	}
	own := ""
	for _, comment := range b.comments {
		for _, m := range giftTag.FindAllStringSubmatch(comment, -1) {
			item.Tags = append(item.Tags, giftCommentText(m[1]))
		}
		if m := giftID.FindStringSubmatch(comment); m != nil {
			item.ExternalID = giftCommentText(m[1])
		}
		if m := giftOwn.FindStringSubmatch(comment); m != nil {
			own = m[1]
		}
	}
	item.Content = q.content
	if own != "" && takeWhole(own, &item, b.text) {
		q.problems = nil
	}
	return Record{Item: item, Problems: q.problems}
}

var giftBracket = strings.NewReplacer(`\]`, "]", `\\`, `\`)

func giftCommentText(s string) string { return strings.TrimSpace(giftBracket.Replace(s)) }

// explanationSource takes the source off an explanation, where it stands in a line of its own.
func explanationSource(s string) (explanation, source string) {
	i := strings.LastIndex("\n"+s, "\n来源：")
	if i < 0 || strings.Contains(s[i:], "\n") {
		return s, ""
	}
	return strings.TrimSpace(s[:i]), strings.TrimPrefix(s[i:], "来源：")
}

func unescapedPair(s, pair string) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case strings.HasPrefix(s[i:], pair):
			return i
		}
	}
	return -1
}

// giftParts splits a question at its answer blocks: texts has one element more than answers.
func giftParts(s string) (texts, answers []string, ok bool) {
	for {
		open, end := unescapedIndex(s, '{'), unescapedIndex(s, '}')
		switch {
		case open < 0 && end < 0:
			return append(texts, s), answers, true
		case open < 0 || end < open:
			return nil, nil, false
		}
		if next := unescapedIndex(s[open+1:], '{'); next >= 0 && open+1+next < end {
			return nil, nil, false
		}
		texts, answers, s = append(texts, s[:open]), append(answers, s[open+1:end]), s[end+1:]
	}
}
