package interchange

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/search"
)

// finish prepares and validates the content of a record whatever its format, and turns what the bank
// would refuse into named problems. It adds nothing to a record that failed already, but looks for
// mangled text in every one.
func finish(r *Record, unit string) {
	at := place{row: r.Item.Row, sheet: r.Item.Sheet, unit: unit}
	c := &r.Item.Content
	filing(r, at)
	mangled := mangledTexts(at, *c)
	if len(mangled) > 0 {
		r.Problems = append(mangled, r.Problems...)
	}
	if r.Refused() {
		return
	}
	question.Prepare(c)
	for _, f := range question.Validate(*c) {
		r.Problems = append(r.Problems, fieldProblem(at, *c, f))
	}
	if !r.Refused() {
		r.stemKey = question.StemKey(*c)
	}
}

// filing keeps categories and tags within what the bank takes.
func filing(r *Record, at place) {
	r.Item.Category = slices.Clone(r.Item.Category) // blocks of a text share it
	for i, name := range r.Item.Category {
		name = tidyText(strings.Join(strings.Fields(name), " "))
		r.Item.Category[i] = name
		if utf8.RuneCountInString(name) > question.MaxCategoryName {
			r.Problems = append(r.Problems, at.problem(Error, FieldCategory.title(), "category.long", "name", shorten(name), "max", question.MaxCategoryName))
		}
	}
	r.Item.Category = slices.DeleteFunc(r.Item.Category, func(name string) bool { return name == "" })
	var tags []string
	dropped := false
	for _, t := range r.Item.Tags {
		t = question.TidyTag(tidyText(t))
		switch {
		case t == "" || search.HasTag(tags, t):
		case len(tags) == question.MaxTags || utf8.RuneCountInString(t) > question.MaxTag:
			dropped = true
		default:
			tags = append(tags, t)
		}
	}
	if r.Item.Tags = tags; dropped {
		r.Problems = append(r.Problems, at.problem(Warning, FieldTags.title(), "tags.many", "max", question.MaxTags))
	}
	validity(r, at)
	if id := []rune(r.Item.ExternalID); len(id) > maxExternalID {
		r.Item.ExternalID = string(id[:maxExternalID])
	}
}

const maxExternalID = 200 // characters

// mangledTexts finds cut and unreadable texts, one problem a text.
func mangledTexts(at place, c question.Content) []Problem {
	var out []Problem
	look := func(column, s string, short bool) {
		switch {
		case short && isCut(s):
			out = append(out, at.problem(Error, column, "text.cut", "text", shorten(s)))
		case strings.ContainsRune(s, '\ufffd'):
			out = append(out, at.problem(Error, column, "text.broken", "text", shorten(s)))
		}
	}
	look(FieldStem.title(), c.Stem, false)
	for i, o := range c.Options {
		look(optionField(min(i, question.MaxOptions-1)).title(), o.Text, true)
	}
	for _, b := range c.Blanks {
		for _, a := range b.Accept {
			look(FieldAnswer.title(), a, false)
		}
	}
	for _, p := range c.Pairs {
		look(FieldAnswer.title(), p.Left, true)
		look(FieldAnswer.title(), p.Right, true)
	}
	for _, sub := range c.Subs {
		out = append(out, mangledTexts(at, sub.Content)...)
	}
	look(FieldAnswer.title(), c.Model, false)
	look(FieldExplanation.title(), c.Explanation, false)
	look(FieldSource.title(), c.Source, false)
	return out
}

var subPath = regexp.MustCompile(`^subs\[(\d+)\]\.content\.(.+)$`)

var fieldIndex = regexp.MustCompile(`^options\[(\d+)\]`)

var criterionIndex = regexp.MustCompile(`^rubric\[(\d+)\]`)

// criterionOf names the criterion of a path.
func criterionOf(c question.Content, path string) string {
	if m := criterionIndex.FindStringSubmatch(path); m != nil {
		if i, err := strconv.Atoi(m[1]); err == nil && i < len(c.Rubric) {
			return shorten(c.Rubric[i].Name)
		}
	}
	return ""
}

// fieldProblem words a refusal of question.Validate for the reader of the file.
func fieldProblem(at place, c question.Content, f fault.Field) Problem {
	var column string
	option := ""
	if m := subPath.FindStringSubmatch(f.Path); m != nil && m[2] != "" {
		n, _ := strconv.Atoi(m[1])
		if f.Path = m[2]; n < len(c.Subs) {
			return fieldProblem(at, c.Subs[n].Content, f)
		}
	}
	switch {
	case fieldIndex.MatchString(f.Path):
		i := int(fieldIndex.FindStringSubmatch(f.Path)[1][0] - '0')
		if len(fieldIndex.FindStringSubmatch(f.Path)[1]) == 2 {
			i = 10 + int(fieldIndex.FindStringSubmatch(f.Path)[1][1]-'0')
		}
		column = optionField(i).title()
		if i < len(c.Options) {
			option = c.Options[i].Text
		}
	case f.Path == "options":
		column = FieldOptions.title()
	case strings.HasPrefix(f.Path, "blanks"), strings.HasPrefix(f.Path, "ranges"), strings.HasPrefix(f.Path, "pairs"), f.Path == "model":
		column = FieldAnswer.title()
	case strings.HasPrefix(f.Path, "subs"):
		column = FieldAnswer.title()
	case f.Path == "partial", strings.HasPrefix(f.Path, "rubric"), f.Path == "attachments", f.Path == "partial_share", f.Path == "unit_penalty", strings.HasPrefix(f.Path, "units"):
		column = FieldSettings.title()
	default:
		column = Field(f.Path).title()
	}
	switch {
	case f.Path == "stem" && f.Key == "required":
		return at.problem(Error, column, "stem.missing")
	case f.Path == "options" && f.Key == "too_few":
		return at.problem(Error, column, "options.few", "count", len(c.Options))
	case f.Path == "options" && f.Key == "too_many":
		return at.problem(Error, column, "options.many", "max", question.MaxOptions)
	case option != "" && f.Key == "duplicate":
		return at.problem(Error, column, "options.same", "option", shorten(option))
	case f.Key == "question.single_right", f.Key == "question.multiple_right":
		return at.problem(Error, FieldAnswer.title(), "answer.missing", "hint", "选项字母", "hint_en", "the letter of an option")
	case f.Key == "question.weights_sum", f.Key == "question.weights_single":
		return at.problem(Error, FieldSettings.title(), "weights.sum", "sum", f.Params["sum"])
	case f.Key == "question.level_first", f.Key == "question.level_order", f.Key == "question.levels_few", strings.Contains(f.Path, ".levels"):
		return at.problem(Error, FieldSettings.title(), "levels.wrong", "criterion", criterionOf(c, f.Path))
	case f.Key == "question.gaps":
		return at.problem(Error, column, "blanks.count", "gaps", f.Params["gaps"], "answers", f.Params["blanks"])
	case f.Key == "too_long":
		return at.problem(Error, column, "text.long", "field", column, "max", f.Params["max"])
	case f.Key == "required":
		return at.problem(Error, column, "text.missing", "field", column)
	}
	return at.problem(Error, column, "field.invalid", "field", column, "key", f.Key)
}
