package interchange

import (
	"regexp"
	"strings"

	"qiming/exam/question"
)

// aiken is Moodle's plain text for choices: the stem, options "A. text" or "A) text", then "ANSWER: A".
// Beyond Moodle it takes stems of several lines, Chinese marks (A、, 答案：), several letters, and a line of
// explanation after the answer. Errors are named by line; good questions are kept.
type aiken struct{}

var (
	aikenOption  = regexp.MustCompile(`^\s*([A-La-l])[.)、．：:）]\s*(.*)$`)
	aikenAnswer  = regexp.MustCompile(`(?i)^\s*(?:ANSWER|答案|正确答案)\s*[:：]\s*(.*)$`)
	aikenExplain = regexp.MustCompile(`(?i)^\s*(?:EXPLANATION|解析)\s*[:：]\s*(.*)$`)
)

func (aiken) name() Format { return Aiken }

func (aiken) detect(src Source) bool {
	s := decode(src.Data[:min(len(src.Data), 64<<10)])
	options, answers, braces := 0, 0, 0
	for line := range strings.SplitSeq(s, "\n") {
		switch {
		case aikenAnswer.MatchString(line):
			answers++
		case aikenOption.MatchString(line):
			options++
		case strings.ContainsAny(line, "{}"):
			braces++
		}
	}
	return answers > 0 && options > answers && braces == 0
}

// aikenQuestion is the question being read.
type aikenQuestion struct {
	line    int // 0 = none
	stem    []string
	options []string
	bad     []Problem
}

func (aiken) read(src Source) Parsed {
	var out Parsed
	var q aikenQuestion
	closed := false // the last record may still get an explanation
	flush := func() {
		if q.line > 0 {
			at := place{row: q.line}
			if len(q.options) > 0 || len(q.stem) > 0 {
				q.bad = append(q.bad, at.problem(Error, FieldAnswer.title(), "aiken.no_answer"))
			}
			out.Records = append(out.Records, q.record(""))
		}
		q = aikenQuestion{}
	}
	for i, line := range strings.Split(decode(src.Data), "\n") {
		n, line := i+1, tidyText(line)
		begin := func() {
			if q.line == 0 {
				q.line = n
			}
		}
		if m := aikenAnswer.FindStringSubmatch(line); m != nil {
			if q.line == 0 {
				at := place{row: n}
				out.Records = append(out.Records, Record{Item: Item{Row: n}, Problems: []Problem{at.problem(Error, FieldAnswer.title(), "aiken.stray")}})
				continue
			}
			out.Records = append(out.Records, q.record(m[1]))
			q, closed = aikenQuestion{}, true
			continue
		}
		if m := aikenExplain.FindStringSubmatch(line); m != nil && closed && q.line == 0 {
			out.Records[len(out.Records)-1].Item.Content.Explanation = m[1]
			continue
		}
		if m := aikenOption.FindStringSubmatch(line); m != nil && (len(q.stem) > 0 || q.line > 0 || strings.ToUpper(m[1]) == "A") {
			begin()
			at := place{row: q.line}
			if len(q.stem) == 0 && len(q.options) == 0 {
				q.bad = append(q.bad, at.problem(Error, FieldStem.title(), "aiken.option_first"))
			}
			if got := strings.ToUpper(m[1]); len(q.options) < question.MaxOptions && got != letter(len(q.options)) {
				q.bad = append(q.bad, at.problem(Error, "选项", "aiken.order", "line", n, "want", letter(len(q.options)), "got", got))
			}
			q.options = append(q.options, m[2])
			continue
		}
		switch {
		case line == "":
			closed = false
			continue
		case len(q.options) > 0: // an option is one line
			flush() // a new stem before the answer of the last question
		}
		begin()
		q.stem = append(q.stem, line)
		closed = false
		if len(out.Records) > MaxRows {
			return unreadable(Aiken, "file.too_many_rows", "max", MaxRows)
		}
	}
	flush()
	return out
}

// record reads the question through the same rules as a table.
func (q aikenQuestion) record(answer string) Record {
	for _, text := range append([]string{strings.Join(q.stem, "\n"), answer}, q.options...) {
		if tooLong(text) {
			at := place{row: q.line}
			return Record{Item: Item{Row: q.line}, Problems: []Problem{at.problem(Error, "", "cell.long", "max", MaxCell)}}
		}
	}
	d := draft{at: place{row: q.line}, headings: map[Field]string{}}
	d.set(FieldStem, "", strings.Join(q.stem, "\n"))
	d.set(FieldAnswer, "", answer)
	for i, o := range q.options {
		if i < question.MaxOptions {
			d.set(optionField(i), "", o)
		}
	}
	if len(q.options) > question.MaxOptions {
		d.fail(FieldOptions, "options.many", "max", question.MaxOptions)
	}
	if len(q.bad) > 0 { // named already: what follows from it would only repeat it
		return Record{Item: Item{Row: q.line, Content: question.Content{Stem: strings.Join(q.stem, "\n")}}, Problems: q.bad}
	}
	return d.record()
}
