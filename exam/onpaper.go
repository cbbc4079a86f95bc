package exam

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"qiming/exam/question"
	"qiming/internal/fault"
)

// A paper that was sat with a pen is an attempt like any other: it begins with a step of its own, that says
// which label, and who entered it; its answers and marks are steps by that account; a correction adds steps,
// with a reason. Where only the total is known, one step says it, and items count nowhere.

// waiting stands for a text that is on paper and that an evaluator has still to mark.
const waiting = "（见纸质答卷）"

// written is what a cell says of one slot: an answer, or a mark, or neither.
type written struct {
	response *question.Response // nil = it says nothing of the answer
	fraction *float64           // nil = no mark
}

// byLetters says whether an item is answered on paper by letters, so that the engine marks it.
func byLetters(k question.Kind) bool {
	switch k {
	case question.Single, question.Multiple, question.TrueFalse, question.Matching, question.Ordering:
		return true
	}
	return false
}

var (
	markCell   = regexp.MustCompile(`^(\d{1,4}(?:\.\d{1,2})?)(分?)$`)
	letterCell = regexp.MustCompile(`^[A-Z]+$`)
	pairCell   = regexp.MustCompile(`^(?:\d{1,2}[A-Z])+$`)
	onePair    = regexp.MustCompile(`(\d{1,2})([A-Z])`)
	fillers    = strings.NewReplacer(" ", "", ",", "", "、", "", ";", "", "|", "", "-", "", "—", "", "(", "", ")", "", ".", "", "→", "", "。", "", "\n", "", "\t", "")
	truths     = map[string]bool{"√": true, "✓": true, "✔": true, "对": true, "正确": true, "是": true, "T": true, "TRUE": true, "Y": true,
		"×": false, "✗": false, "✘": false, "错": false, "错误": false, "否": false, "F": false, "FALSE": false, "N": false, "X": false}
)

// readCell reads what a cell says of a slot. Items by letters take the letters of the paper, or a mark as
// "2分"; the others take a mark. An empty cell is no answer, or, of what people mark, one that waits for them.
// The key is of what is wrong: one of formKeys, "paper.twice_letter", "paper.points", "out_of_range".
func readCell(slot Slot, c question.Content, text string) (w written, bad *fault.Field) {
	text = strings.ToUpper(strings.TrimSpace(norm.NFKC.String(text)))
	if m := markCell.FindStringSubmatch(text); m != nil && (m[2] != "" || !byLetters(c.Kind)) {
		points, err := strconv.ParseFloat(m[1], 64)
		if err != nil || points > slot.Points {
			return w, &fault.Field{Key: "out_of_range", Params: map[string]any{"min": 0, "max": slot.Points}}
		}
		fraction := points / slot.Points
		return written{fraction: &fraction}, nil
	}
	empty := slices.Contains([]string{"", "-", "—", "/"}, text)
	switch {
	case byLetters(c.Kind) && empty:
		return written{response: &question.Response{}}, nil
	case byLetters(c.Kind):
		item := slot.present(c)
		r, ok := lettered(item, text)
		if !ok || question.Check(c, r) != nil {
			return w, misread(slot, item, text)
		}
		return written{response: &r}, nil
	case c.Kind.ByHand() && (empty || text == "?" || text == "待评"):
		return written{response: &question.Response{Text: waiting}}, nil
	}
	return w, &fault.Field{Key: "paper.points", Params: map[string]any{"max": slot.Points}}
}

// formKeys says by kind which words tell the form of a cell.
var formKeys = map[question.Kind]string{question.Single: "paper.letter", question.Multiple: "paper.letters", question.TrueFalse: "paper.truth",
	question.Ordering: "paper.order", question.Matching: "paper.pairs"}

// misread says of letters that were refused what form their kind takes, or that one of them stands there twice.
func misread(slot Slot, item question.Item, text string) *fault.Field {
	key, last := formKeys[item.Kind], max(len(item.Options), len(item.Rights), 1)
	params := map[string]any{"last": string(rune('A' + last - 1)), "points": slot.Points, "count": max(len(item.Options), len(item.Lefts))}
	if text = fillers.Replace(text); item.Kind == question.Multiple && letterCell.MatchString(text) {
		for i, letter := range text {
			if int(letter-'A') < last && strings.ContainsRune(text[:i], letter) {
				key, params["letter"] = "paper.twice_letter", string(letter)
				break
			}
		}
	}
	return &fault.Field{Key: key, Params: params}
}

// lettered reads letters as they stand on the paper.
func lettered(item question.Item, text string) (r question.Response, ok bool) {
	if item.Kind == question.TrueFalse {
		truth, ok := truths[strings.Trim(text, " .。()")]
		return question.Response{Truth: &truth}, ok
	}
	text = fillers.Replace(text)
	pick := func(from []question.Choice, letter rune) (string, bool) {
		i := int(letter - 'A')
		if i < 0 || i >= len(from) {
			return "", false
		}
		return from[i].ID, true
	}
	if item.Kind == question.Matching {
		return matched(item, text, pick)
	}
	if !letterCell.MatchString(text) {
		return r, false
	}
	for _, letter := range text {
		id, ok := pick(item.Options, letter)
		if !ok || slices.Contains(r.Choices, id) {
			return r, false
		}
		r.Choices = append(r.Choices, id)
	}
	return r, true
}

// matched reads "1B2A", or "BA" where every left side has its letter.
func matched(item question.Item, text string, pick func([]question.Choice, rune) (string, bool)) (r question.Response, ok bool) {
	r.Pairs = map[string]string{}
	if letterCell.MatchString(text) && len(text) == len(item.Lefts) {
		for i, letter := range text {
			if r.Pairs[item.Lefts[i].ID], ok = pick(item.Rights, letter); !ok {
				return r, false
			}
		}
		return r, true
	}
	if !pairCell.MatchString(text) {
		return r, false
	}
	for _, m := range onePair.FindAllStringSubmatch(text, -1) {
		n, err := strconv.Atoi(m[1])
		if err != nil || n < 1 || n > len(item.Lefts) || r.Pairs[item.Lefts[n-1].ID] != "" {
			return r, false
		}
		if r.Pairs[item.Lefts[n-1].ID], ok = pick(item.Rights, rune(m[2][0])); !ok {
			return r, false
		}
	}
	return r, true
}

// cell writes what an attempt has of a slot, as readCell reads it.
func cell(slot Slot, c question.Content, answer, mark *Step) string {
	if mark != nil && mark.Fraction != nil {
		text := strconv.FormatFloat(hundredths(*mark.Fraction*slot.Points), 'f', -1, 64)
		if byLetters(c.Kind) {
			text += "分"
		}
		return text
	}
	if answer == nil || answer.Response == nil || !byLetters(c.Kind) {
		return ""
	}
	item, r := slot.present(c), *answer.Response
	letter := func(from []question.Choice, id string) string {
		if i := slices.IndexFunc(from, func(o question.Choice) bool { return o.ID == id }); i >= 0 {
			return string(rune('A' + i))
		}
		return ""
	}
	var b strings.Builder
	switch {
	case r.Truth != nil && *r.Truth:
		return "√"
	case r.Truth != nil:
		return "×"
	case len(r.Pairs) > 0:
		for i, left := range item.Lefts {
			if right := letter(item.Rights, r.Pairs[left.ID]); right != "" {
				b.WriteString(strconv.Itoa(i+1) + right)
			}
		}
	default:
		letters := make([]string, len(r.Choices))
		for i, id := range r.Choices {
			letters[i] = letter(item.Options, id)
		}
		if c.Kind == question.Multiple {
			slices.Sort(letters)
		}
		b.WriteString(strings.Join(letters, ""))
	}
	return b.String()
}

// outcome is what a sheet of paper says: cells, or only a total.
type outcome struct {
	cells []written // by slot; nil = only the total is known
	total *float64  // fraction of the paper
}

// sat opens an attempt that was sat on paper at a moment, and enters what it says.
func (a *Attempt) sat(s sitting, label string, at time.Time, o outcome, by string, now time.Time) error {
	a.State, a.StartedAt, a.Label = Created, at, label
	if err := a.move(Open); err != nil {
		return err
	}
	if err := a.move(Submitted); err != nil {
		return err
	}
	a.Ending, a.EndedAt = Submitted, &at
	a.add(s.key, Step{Kind: StepPaper, At: now, By: by, Note: label})
	a.enter(s, o, by, "", now)
	return a.regrade(s)
}

// correct enters what was read wrongly before, with a reason. It says whether anything changed.
func (a *Attempt) correct(s sitting, o outcome, by, reason string, now time.Time) (bool, error) {
	if !a.State.Counts() {
		return false, fault.New(fault.Conflict, a.State.refusal(Graded), "an attempt that is %s has no result", a.State)
	}
	if !a.enter(s, o, by, reason, now) {
		return false, nil
	}
	return true, a.regrade(s)
}

// enter adds a step for each slot of which something new is said.
func (a *Attempt) enter(s sitting, o outcome, by, note string, now time.Time) bool {
	before, v := len(a.Steps), Replay(a.Steps, len(s.paper.Slots))
	if o.total != nil {
		if v.Total == nil || math.Abs(*v.Total.Fraction-*o.total) > 1e-9 {
			a.add(s.key, Step{Kind: StepTotal, At: now, Fraction: o.total, By: by, Note: note})
		}
		return len(a.Steps) > before
	}
	for i, w := range o.cells {
		slot, had, mark := i+1, question.Response{}, v.Marks[i]
		if step := v.Answers[i]; step != nil && step.Response != nil {
			had = *step.Response
		}
		if w.response != nil && (v.Total != nil || !w.response.Equal(had)) {
			a.add(s.key, Step{Kind: StepAnswer, At: now, Slot: slot, Response: w.response, By: by, Note: note})
		}
		var fraction *float64
		if mark != nil {
			fraction = mark.Fraction
		}
		if (fraction == nil) != (w.fraction == nil) || fraction != nil && math.Abs(*fraction-*w.fraction) > 1e-6 {
			a.add(s.key, Step{Kind: StepMark, At: now, Slot: slot, Fraction: w.fraction, By: by, Note: note})
		}
	}
	return len(a.Steps) > before
}

// touched says whether anybody has done more with a paper than enter and release it.
func (a *Attempt) touched() bool {
	return slices.ContainsFunc(a.Steps, func(s Step) bool { return !s.At.Equal(a.Steps[0].At) && s.Kind != StepRelease })
}
