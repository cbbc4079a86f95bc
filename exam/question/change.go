package question

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"qiming/internal/fault"
	"qiming/search"
)

// Change is what a bulk edit does to each question; what is absent stays.
type Change struct {
	Category   *string      `bson:"category,omitempty" json:"category,omitempty" doc:"Id of the category; empty = none"`
	Tags       *[]string    `bson:"tags,omitempty" json:"tags,omitempty" doc:"In place of what there is"`
	AddTags    []string     `bson:"add_tags,omitempty" json:"add_tags,omitempty" maxItems:"20"`
	DropTags   []string     `bson:"drop_tags,omitempty" json:"drop_tags,omitempty" maxItems:"100"`
	RenameTo   string       `bson:"rename_to,omitempty" json:"rename_to,omitempty" maxLength:"100" doc:"Whoever has one of drop_tags gets this tag in its place: rename, merge"`
	Difficulty *int         `bson:"difficulty,omitempty" json:"difficulty,omitempty" minimum:"0" maximum:"5"`
	Source     *string      `bson:"source,omitempty" json:"source,omitempty"`
	Points     *float64     `bson:"points,omitempty" json:"points,omitempty" minimum:"0" maximum:"1000"`
	ValidUntil *string      `bson:"valid_until,omitempty" json:"valid_until,omitempty" maxLength:"10" doc:"2026-12-31; empty = for good"`
	Basis      *string      `bson:"basis,omitempty" json:"basis,omitempty"`
	ToCheck    *bool        `bson:"to_check,omitempty" json:"to_check,omitempty"`
	Replace    *Replacement `bson:"replace,omitempty" json:"replace,omitempty"`
}

// Replacement finds a text and puts another in its place. References to files are left alone.
type Replacement struct {
	Find      string   `bson:"find" json:"find" minLength:"1" maxLength:"1000"`
	With      string   `bson:"with" json:"with" maxLength:"1000"`
	MatchCase bool     `bson:"match_case,omitempty" json:"match_case,omitempty"`
	In        []string `bson:"in" json:"in" minItems:"1" maxItems:"4" enum:"stem,options,explanation,source" doc:"options: with pairs and the feedback of options"`
}

// state is what a bulk edit may change of a question, and puts back.
type state struct {
	CategoryID string   `bson:"category_id"`
	Tags       []string `bson:"tags,omitempty"`
	Points     float64  `bson:"points,omitempty"`
	ValidUntil string   `bson:"valid_until,omitempty"`
	Basis      string   `bson:"basis,omitempty"`
	ToCheck    bool     `bson:"to_check,omitempty"`
	Number     int      `bson:"number"`
	Status     Status   `bson:"status"`
	EditorID   string   `bson:"editor_id"`
	ReviewerID string   `bson:"reviewer_id,omitempty"`
	Note       string   `bson:"note,omitempty"`
}

func stateOf(q Question) state {
	return state{CategoryID: q.CategoryID, Tags: q.Tags, Points: q.Points, ValidUntil: q.ValidUntil, Basis: q.Basis, ToCheck: q.ToCheck,
		Number: q.Number, Status: q.Status, EditorID: q.EditorID, ReviewerID: q.ReviewerID, Note: q.Note}
}

func (s state) equal(o state) bool {
	tags := slices.Equal(s.Tags, o.Tags)
	s.Tags, o.Tags = nil, nil
	return tags && same(s, o)
}

// same compares two values by what is kept of them.
func same(a, b any) bool {
	x, err1 := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err1 == nil && err2 == nil && string(x) == string(y)
}

// check gives what is wrong with the change itself, and tidies its texts.
func (c *Change) check() error {
	var p problems
	if c.Tags != nil {
		*c.Tags = p.tags(*c.Tags)
	}
	c.AddTags = p.tags(c.AddTags)
	c.RenameTo = tidy(c.RenameTo)
	if utf8.RuneCountInString(c.RenameTo) > MaxTag {
		p.addMax("rename_to", "too_long", MaxTag)
	}
	until, basis := "", ""
	if c.ValidUntil != nil {
		until = *c.ValidUntil
	}
	if c.Basis != nil {
		basis = *c.Basis
	}
	if basis = p.validity(until, basis); c.Basis != nil {
		c.Basis = &basis
	}
	if c.Difficulty != nil && (*c.Difficulty < 0 || *c.Difficulty > MaxDifficulty) {
		p.addRange("difficulty", 0, MaxDifficulty)
	}
	if c.Replace != nil && c.Replace.Find == "" {
		p.add("replace.find", "required")
	}
	if same(*c, Change{}) {
		p.add("change", "required")
	}
	return fault.Bad("question.invalid", p)
}

// apply gives the question as the change makes it; whether its content differs is for the caller to see. The
// category's path is not looked up here.
func (c Change) apply(q Question) Question {
	if c.Category != nil {
		q.CategoryID = *c.Category
	}
	q.Tags = c.tags(q.Tags)
	if c.Points != nil {
		q.Points = *c.Points
	}
	if c.ValidUntil != nil {
		q.ValidUntil = *c.ValidUntil
	}
	if c.Basis != nil {
		q.Basis = *c.Basis
	}
	if c.ToCheck != nil {
		q.ToCheck = *c.ToCheck
	}
	q.Content = q.Content.copy()
	if c.Difficulty != nil {
		q.Content.Difficulty = *c.Difficulty
	}
	if c.Source != nil {
		q.Content.Source = *c.Source
	}
	if c.Replace != nil {
		c.Replace.apply(&q.Content)
	}
	return q
}

// tags gives the tags after the change; one that is renamed keeps its place.
func (c Change) tags(tags []string) []string {
	if c.Tags != nil {
		tags = *c.Tags
	}
	var out []string
	add := func(tag string) {
		if tag != "" && !search.HasTag(out, tag) {
			out = append(out, tag)
		}
	}
	for _, tag := range tags {
		if search.HasTag(c.DropTags, tag) {
			tag = c.RenameTo
		}
		add(tag)
	}
	for _, tag := range c.AddTags {
		add(tag)
	}
	return out
}

// copy gives a content that shares nothing with c.
func (c Content) copy() Content {
	c.Options, c.Blanks, c.Ranges, c.Units = slices.Clone(c.Options), slices.Clone(c.Blanks), slices.Clone(c.Ranges), slices.Clone(c.Units)
	c.Pairs, c.Rubric, c.Subs = slices.Clone(c.Pairs), slices.Clone(c.Rubric), slices.Clone(c.Subs)
	c.Points, c.Synonyms = slices.Clone(c.Points), slices.Clone(c.Synonyms)
	for i := range c.Points {
		p := &c.Points[i]
		p.Also, p.Required, p.Forbidden = slices.Clone(p.Also), slices.Clone(p.Required), slices.Clone(p.Forbidden)
	}
	for i := range c.Rubric {
		c.Rubric[i].Levels = slices.Clone(c.Rubric[i].Levels)
	}
	for i := range c.Synonyms {
		c.Synonyms[i] = slices.Clone(c.Synonyms[i])
	}
	for i := range c.Blanks {
		c.Blanks[i].Accept = slices.Clone(c.Blanks[i].Accept)
	}
	for i := range c.Subs {
		c.Subs[i].Content = c.Subs[i].Content.copy()
	}
	return c
}

// reference is a file that a text shows: its id is no text.
var reference = regexp.MustCompile(`\]\(media:[^)]*\)`)

func (r Replacement) apply(c *Content) {
	expression := regexp.QuoteMeta(r.Find)
	if !r.MatchCase {
		expression = "(?i)" + expression
	}
	find, err := regexp.Compile(expression)
	if err != nil {
		return // a quoted text always compiles
	}
	each(c, "", func(part, _ string, text *string) {
		if !slices.Contains(r.In, part) {
			return
		}
		var b strings.Builder
		at := 0
		for _, span := range append(reference.FindAllStringIndex(*text, -1), []int{len(*text), len(*text)}) {
			b.WriteString(find.ReplaceAllLiteralString((*text)[at:span[0]], r.With))
			b.WriteString((*text)[span[0]:span[1]])
			at = span[1]
		}
		*text = b.String()
	})
}

// each calls fn for the texts of a content that a replacement may change, with the part that it is of and its path.
func each(c *Content, under string, fn func(part, path string, text *string)) {
	fn("stem", under+"stem", &c.Stem)
	for i := range c.Options {
		fn("options", under+at("options", i, "text"), &c.Options[i].Text)
		fn("options", under+at("options", i, "feedback"), &c.Options[i].Feedback)
	}
	for i := range c.Pairs {
		fn("options", under+at("pairs", i, "left"), &c.Pairs[i].Left)
		fn("options", under+at("pairs", i, "right"), &c.Pairs[i].Right)
	}
	fn("explanation", under+"explanation", &c.Explanation)
	fn("source", under+"source", &c.Source)
	for i := range c.Subs {
		each(&c.Subs[i].Content, under+at("subs", i, "content."), fn)
	}
}
