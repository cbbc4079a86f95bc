package interchange

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"qiming/exam/question"
)

// qtiItem is an item while it is read.
type qtiItem struct {
	pack      *qtiPackage
	file      string // its path in the package
	column    string // the same, as problems name it
	at        place
	root      *xmlNode
	meta      qtiMeta
	ours      bool // written by this program: identifiers of options are ours
	depth     int  // of pages within pages
	responses map[string]*qtiResponse
	score     qtiScore
	canonical string // of its document, when that is gone
	item      Item
	problems  []Problem
}

// qtiResponse is a responseDeclaration.
type qtiResponse struct {
	cardinality, base string
	correct           []string
	entries           []mapEntry // of its mapping
	other             float64    // defaultValue of the mapping
	mapped            bool
}

type mapEntry struct {
	key       string
	value     float64
	matchCase bool
	named     bool // the file says whether case counts
}

const ourTool = "qiming"

// maxValues is how much of a right answer or of a mapping is read: far more than any question here takes.
const maxValues = 500

func (p *qtiPackage) item(root *xmlNode, r qtiResource, row int) *qtiItem {
	it := &qtiItem{pack: p, root: root, file: r.path, column: r.path, at: place{row: row, unit: QTI.unit()}, meta: r.meta, ours: root.attr("toolName") == ourTool}
	it.item = Item{Row: row, Category: it.meta.category, Tags: it.meta.tags, ExternalID: it.meta.id}
	if len(it.item.Category) == 0 {
		it.item.Category = r.category
	}
	if it.item.ExternalID == "" && !it.ours {
		it.item.ExternalID = root.attr("identifier")
	}
	return it
}

func (it *qtiItem) fail(code string, params ...any) {
	it.problems = append(it.problems, it.at.problem(Error, it.column, code, params...))
}

// once warns of a thing once an item.
func (it *qtiItem) once(code string, params ...any) {
	p := it.at.problem(Warning, it.column, code, params...)
	if len(it.problems) < 100 && !slices.ContainsFunc(it.problems, func(have Problem) bool { return have.Message == p.Message }) {
		it.problems = append(it.problems, p)
	}
}

// unreadable says why a file of the package could not be read.
func (it *qtiItem) unreadable(file string, err error) {
	e := &xmlError{"qti.broken", []any{"file", shorten(file), "reason", err.Error()}}
	if errors.Is(err, errNoEntry) {
		e = &xmlError{"qti.missing", []any{"file", shorten(file)}}
	}
	errors.As(err, &e)
	it.problems = append(it.problems, it.at.problem(Error, file, e.code, e.params...))
}

// stimuli names the stimuli that an item refers to; "" for none.
func (it *qtiItem) stimuli() string {
	var key strings.Builder
	for _, ref := range it.root.all("assessmentStimulusRef") {
		key.WriteString(resolve(it.file, ref.attr("href")) + "\n")
	}
	return key.String()
}

func (it *qtiItem) record() Record {
	r := Record{Item: it.item, Problems: it.problems}
	for _, own := range it.root.notes(ownMark) {
		if takeWhole(own, &r.Item, it.root.canonical()) {
			r.Problems = mediaProblems(r.Problems)
		}
	}
	return r
}

// mediaProblems keeps what holds for the whole of a question too: files that are missing.
func mediaProblems(list []Problem) (out []Problem) {
	for _, p := range list {
		if strings.HasPrefix(p.Code, "media.") {
			out = append(out, p)
		}
	}
	return out
}

// read makes the content.
func (it *qtiItem) read() {
	c := &it.item.Content
	c.Difficulty, c.Source = it.meta.difficulty, it.meta.source
	it.declarations()
	if it.root.child("templateDeclaration") != nil {
		it.fail("qti.template")
	}
	if it.root.attr("adaptive") == "true" {
		it.once("qti.part", "what", "adaptive")
	}
	body := it.root.child("itemBody")
	it.parts(it.body(body), c)
	if c.Stem == "" {
		c.Stem = tidyText(it.root.attr("title"))
	}
	it.rubrics(body, c)
	it.feedback(c)
	if it.score.strange && c.Kind != "" && !c.Kind.ByHand() {
		it.once("qti.processing")
	}
}

// declarations reads responses, outcomes and the processing.
func (it *qtiItem) declarations() {
	it.responses = map[string]*qtiResponse{}
	for _, d := range it.root.all("responseDeclaration") {
		r := &qtiResponse{cardinality: d.attr("cardinality"), base: d.attr("baseType")}
		for _, v := range d.child("correctResponse").all("value") {
			r.correct = append(r.correct, strings.TrimSpace(v.exact()))
			if len(r.correct) == maxValues {
				break
			}
		}
		if m := d.child("mapping"); m != nil {
			r.mapped, r.other = true, decimal(m.attr("defaultValue"))
			for _, e := range m.all("mapEntry") {
				if len(r.entries) == maxValues {
					break
				}
				r.entries = append(r.entries, mapEntry{key: strings.TrimSpace(e.attr("mapKey")), value: decimal(e.attr("mappedValue")),
					matchCase: e.attr("caseSensitive") != "false", named: e.attr("caseSensitive") != ""})
			}
		}
		if d.child("areaMapping") != nil {
			it.score.strange = true
		}
		it.responses[d.attr("identifier")] = r
	}
	for _, d := range it.root.all("outcomeDeclaration") {
		switch d.attr("identifier") {
		case "MAXSCORE":
			it.item.Points = decimal(d.child("defaultValue").child("value").words())
		case "SCORE":
			if it.item.Points == 0 {
				it.item.Points = decimal(d.attr("normalMaximum"))
			}
		}
	}
	if it.item.Points < 0 || it.item.Points > 10_000 {
		it.item.Points = 0
	}
	it.score.read(it.root.child("responseProcessing"))
}

// decimal reads a finite number, 0 where there is none.
func decimal(s string) float64 {
	n, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		return 0
	}
	return n
}

// response gives a declaration; one that is missing is as good as empty.
func (it *qtiItem) response(n *xmlNode) (id string, r *qtiResponse) {
	id = n.attr("responseIdentifier")
	if r := it.responses[id]; r != nil {
		return id, r
	}
	return id, &qtiResponse{}
}

// parts reads the interactions of a body: one is the kind it says, several are a material.
func (it *qtiItem) parts(segments []segment, c *question.Content) {
	var blocks []*xmlNode
	gaps := 0
	for _, s := range segments {
		gaps += len(s.gaps)
		if s.block != nil {
			blocks = append(blocks, s.block)
		}
	}
	essay := len(blocks) > 1 && gaps == 0 && !slices.ContainsFunc(blocks, func(n *xmlNode) bool {
		return n.name != "extendedTextInteraction" && n.name != "uploadInteraction"
	}) && slices.ContainsFunc(blocks, func(n *xmlNode) bool { return n.name == "uploadInteraction" })
	switch {
	case len(blocks) == 0 && gaps == 0:
		c.Stem = joined(segments)
		it.fail("qti.none")
	case len(blocks) == 0:
		var all []*xmlNode
		for _, s := range segments {
			all = append(all, s.gaps...)
		}
		c.Stem = joined(segments)
		it.gaps(all, c)
	case len(blocks) == 1 && gaps == 0 || essay:
		text := []string{}
		for _, s := range segments {
			text = append(text, s.text)
			if s.block != nil && s.block.name != "gapMatchInteraction" {
				text = append(text, it.plain(s.block.child("prompt")))
			}
			if s.block != nil && s.block.name == "gapMatchInteraction" {
				text = append(text, it.gapMatch(s.block, c))
			}
		}
		c.Stem = joinLines(text...)
		for _, b := range blocks {
			it.block(b, c)
		}
	default:
		it.composite(segments, c)
	}
}

func joined(segments []segment) string {
	texts := make([]string, len(segments))
	for i, s := range segments {
		texts[i] = s.text
	}
	return joinLines(texts...)
}

// lines joins what is not empty.
func joinLines(texts ...string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(texts), func(s string) bool { return s == "" }), "\n")
}

// composite reads several interactions: the text before the first is the material, what stands before each its stem.
func (it *qtiItem) composite(segments []segment, c *question.Content) {
	c.Kind = question.Material
	for _, s := range segments {
		if len(c.Subs) > question.MaxSubs {
			break // refused anyway
		}
		if s.block == nil && len(s.gaps) == 0 {
			if s.text != "" && len(c.Subs) > 0 {
				it.once("qti.part", "what", shorten(s.text))
			} else if s.text != "" {
				c.Stem = joinLines(c.Stem, s.text)
			}
			continue
		}
		if len(s.gaps) > 0 {
			sub := question.Content{Stem: s.text}
			it.gaps(s.gaps, &sub)
			c.Subs = append(c.Subs, question.Sub{Content: sub})
			s.text = ""
		}
		if s.block == nil {
			continue
		}
		sub := question.Content{Stem: it.plain(s.block.child("prompt"))}
		if s.block.name == "gapMatchInteraction" {
			sub.Stem = it.gapMatch(s.block, &sub)
		}
		switch {
		case len(c.Subs) > 0 || c.Stem != "":
			sub.Stem = joinLines(s.text, sub.Stem)
		case sub.Stem != "":
			c.Stem = s.text
		default: // one text for both: its last line asks
			i := strings.LastIndexByte(s.text, '\n')
			c.Stem, sub.Stem = strings.TrimSpace(s.text[:max(i, 0)]), s.text[i+1:]
		}
		it.block(s.block, &sub)
		c.Subs = append(c.Subs, question.Sub{Content: sub})
	}
	if c.Stem == "" {
		c.Stem = tidyText(it.root.attr("title"))
	}
	it.once("qti.composite", "count", len(c.Subs))
}

// block reads an interaction that stands on its own.
func (it *qtiItem) block(n *xmlNode, c *question.Content) {
	switch n.name {
	case "choiceInteraction":
		it.choice(n, c)
	case "matchInteraction":
		it.match(n, c)
	case "orderInteraction":
		it.order(n, c)
	case "gapMatchInteraction": // read with its text
	case "extendedTextInteraction":
		it.text(n, c)
	case "uploadInteraction":
		c.Kind, c.Attachments = question.Essay, 1
	default:
		it.fail("qti.interaction", "name", n.name, "what", interactionName(n.name))
	}
}

func interactionName(name string) string {
	switch name {
	case "associateInteraction":
		return "两两配对"
	case "hotspotInteraction", "selectPointInteraction", "positionObjectInteraction":
		return "图上选点"
	case "graphicOrderInteraction", "graphicAssociateInteraction", "graphicGapMatchInteraction":
		return "图上排序、连线"
	case "sliderInteraction":
		return "滑块"
	case "drawingInteraction":
		return "画图"
	case "mediaInteraction":
		return "播放音视频"
	case "hottextInteraction":
		return "选出文中词句"
	case "endAttemptInteraction":
		return "提示按钮"
	}
	return "自定义"
}

// text reads a free answer.
func (it *qtiItem) text(n *xmlNode, c *question.Content) {
	_, r := it.response(n)
	if c.Kind == "" {
		c.Kind = question.Short
	}
	if decimal(n.attr("expectedLines")) >= essayLines || decimal(n.attr("expectedLength")) >= 500 {
		c.Kind = question.Essay
	}
	if len(r.correct) > 0 {
		c.Model = joinLines(c.Model, tidyText(strings.Join(r.correct, "\n")))
	}
}

const essayLines = 10

// rubrics takes what is meant for those who mark.
func (it *qtiItem) rubrics(body *xmlNode, c *question.Content) {
	var model, notes []*xmlNode
	for _, n := range body.within("rubricBlock") {
		switch view := n.attr("view"); {
		case view == "" || strings.Contains(view, "candidate"):
		case c.Kind.ByHand():
			model = append(model, n)
		default:
			notes = append(notes, n)
		}
	}
	c.Model, c.Explanation = joinLines(c.Model, it.plain(model...)), joinLines(c.Explanation, it.plain(notes...))
}

// feedback files the words that are shown after an answer.
func (it *qtiItem) feedback(c *question.Content) {
	blocks := it.root.within("modalFeedback")
	blocks = append(blocks, it.root.child("itemBody").within("feedbackBlock")...)
	choices := map[string]int{}
	if c.Kind == question.Single || c.Kind == question.Multiple {
		for i, n := range it.root.child("itemBody").within("simpleChoice") {
			choices[n.attr("identifier")] = i
		}
	}
	explanation, feedback := []string{c.Explanation}, []string{c.Feedback}
	for _, n := range blocks {
		text := it.plain(n)
		name := strings.ToLower(n.attr("identifier"))
		title := strings.ToLower(n.attr("title"))
		has := func(words ...string) bool {
			return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(name, w) || strings.Contains(title, w) })
		}
		i, option := choices[n.attr("identifier")]
		switch {
		case text == "":
		case option && i < len(c.Options) && c.Options[i].Feedback == "":
			c.Options[i].Feedback = text
		case has("explan", "solution", "rational", "解析"):
			explanation = append(explanation, text)
		case has("incorrect", "wrong", "false", "答错"):
			feedback = append(feedback, "答错："+text)
		case has("correct", "right", "true", "答对"):
			feedback = append(feedback, "答对："+text)
		default:
			feedback = append(feedback, text)
		}
		if n.attr("showHide") == "hide" {
			it.once("qti.feedback", "text", shorten(text))
		}
	}
	c.Explanation, c.Feedback = joinLines(explanation...), joinLines(feedback...)
}

func rounded(f float64) float64 { return math.Round(f*1e4) / 1e4 }

// evenWeights drops weights that say no more than that all are equal, or of which some are missing.
func evenWeights(subs []question.Sub) {
	for _, s := range subs {
		if s.Weight <= 0 {
			for i := range subs {
				subs[i].Weight = 0
			}
			return
		}
	}
	if !slices.ContainsFunc(subs, func(s question.Sub) bool { return s.Weight != subs[0].Weight }) {
		for i := range subs {
			subs[i].Weight = 0
		}
	}
}
