package question

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"qiming/internal/store"
)

// Kind is the kind of a question. The set is closed; each kind is one file of this package.
type Kind string

// The kinds of exam-rules section 2.
const (
	Single    Kind = "single"    // 单选题: one option
	Multiple  Kind = "multiple"  // 多选题: a set of options
	TrueFalse Kind = "truefalse" // 判断题
	Blanks    Kind = "blanks"    // 填空题: a text per blank
	Short     Kind = "short"     // 简答题: text, marked by an evaluator
	Numerical Kind = "numerical" // 计算题: a number, with a unit where the item asks for one
	Matching  Kind = "matching"  // 连线题: pairs
	Ordering  Kind = "ordering"  // 排序题: a sequence
	Cloze     Kind = "cloze"     // 完形填空: choices, texts and numbers inside one text
	Essay     Kind = "essay"     // 论述题: long text and attachments, marked by evaluators along a rubric
	Material  Kind = "material"  // 材料题: a shared stem with items of any kind, drawn as one
)

// Kinds lists them in the order of screens and reports.
var Kinds = []Kind{Single, Multiple, TrueFalse, Blanks, Short, Numerical, Matching, Ordering, Cloze, Essay, Material}

// ByHand says whether evaluators mark the kind.
func (k Kind) ByHand() bool { return k == Short || k == Essay }

// PartialRule says what an answer earns that is right in part: a set of a multiple choice that lacks
// something and has nothing wrong, pairs of which some are right, a sequence of which stretches are.
type PartialRule string

// The rules. A wrong option of 多选题 earns nothing under every rule, and under ByWeight may cost something.
const (
	AllOrNothing PartialRule = "none"    // 全对才得分 (the usual Chinese rule, default)
	FixedShare   PartialRule = "fixed"   // 漏选得固定比例: Content.PartialShare of the item (multiple only)
	ShareOfKey   PartialRule = "share"   // 按比例得分: right options chosen / all right ones; right pairs / all; right neighbours / all
	ByWeight     PartialRule = "weights" // 按选项权重: the sum of the weights chosen (single, multiple); see markByWeight
)

// Option is one choice. ID is stable over versions and says nothing about order or key: it is
// assigned by Prepare from the text where empty.
type Option struct {
	ID       string  `bson:"id" json:"id"`
	Text     string  `bson:"text" json:"text"`
	Right    bool    `bson:"right" json:"right"`
	Weight   float64 `bson:"weight,omitempty" json:"weight,omitempty"` // with ByWeight: fraction of the item, -1..1; Right follows from it
	Pinned   bool    `bson:"pinned,omitempty" json:"pinned,omitempty"` // keeps its place when the others are shuffled: 以上都对
	Feedback string  `bson:"feedback,omitempty" json:"feedback,omitempty"`
}

// Pair is one line of a matching item: what stands on the left and what belongs to it on the right. A
// pair without a left side is a distractor: a right side that belongs to nothing. Lefts differ; rights
// may repeat and then count as one. ID names the left side and is assigned by Prepare.
type Pair struct {
	ID    string `bson:"id,omitempty" json:"id,omitempty"`
	Left  string `bson:"left,omitempty" json:"left,omitempty"`
	Right string `bson:"right" json:"right"`
}

// Range is an accepted interval of a numerical item, both ends included, compared as decimals. Weight is
// the fraction of the item that it earns, 0..1; 0 means all.
type Range struct {
	Min      float64 `bson:"min" json:"min"`
	Max      float64 `bson:"max" json:"max"`
	Weight   float64 `bson:"weight,omitempty" json:"weight,omitempty"`
	Feedback string  `bson:"feedback,omitempty" json:"feedback,omitempty"`
}

// Unit is a unit in which a numerical item may be answered; ranges are in the unit of factor 1. A number
// in this unit times Factor is the number in that one.
type Unit struct {
	Name   string  `bson:"name" json:"name"`
	Factor float64 `bson:"factor" json:"factor"`
}

// Blank is one gap. The stem marks gaps by "____" (three or more underscores), in order; the n-th
// gap is the n-th Blank. Accept lists accepted texts ("*" is a wildcard, "\*" a star); Weight is its
// share of the item (0 = equal shares). Number compares as numbers after Chinese numerals became
// digits, within Tolerance (absolute).
type Blank struct {
	Accept    []string `bson:"accept" json:"accept"`
	Weight    float64  `bson:"weight,omitempty" json:"weight,omitempty"`
	Number    bool     `bson:"number,omitempty" json:"number,omitempty"`
	Tolerance float64  `bson:"tolerance,omitempty" json:"tolerance,omitempty"`
}

// Criterion is a line of a rubric: Share is its part of the item, 0..1. Where it has levels an evaluator chooses one of
// them, else gives points.
type Criterion struct {
	Name   string  `bson:"name" json:"name"`
	Note   string  `bson:"note,omitempty" json:"note,omitempty"` // what earns how much
	Share  float64 `bson:"share" json:"share"`
	Levels []Level `bson:"levels,omitempty" json:"levels,omitempty"` // the best first
}

// Level is a level of a criterion (等级): Share is what it earns of the criterion, 1 for the first, less with each.
type Level struct {
	Title   string  `bson:"title" json:"title"`
	Share   float64 `bson:"share" json:"share"`
	Note    string  `bson:"note,omitempty" json:"note,omitempty"`       // what an answer of this level is like
	Comment string  `bson:"comment,omitempty" json:"comment,omitempty"` // what choosing it puts into the evaluator's comment; takers see it there alone
}

// KeyPoint is a key point of a short answer (得分点): what an answer should say, and its part of the item. It is what the
// analysis of answers suggests marks by (package exam/shortanswer).
type KeyPoint struct {
	Text      string   `bson:"text" json:"text"`
	Also      []string `bson:"also,omitempty" json:"also,omitempty"`           // other phrasings
	Required  []string `bson:"required,omitempty" json:"required,omitempty"`   // each must be there for the point to count
	Forbidden []string `bson:"forbidden,omitempty" json:"forbidden,omitempty"` // none may be there
	Share     float64  `bson:"share" json:"share"`                             // of the item, 0..1; shares sum to 1
}

// Sub is an item inside an item. Weight is its share of the whole; 0 in all of them means equal shares.
type Sub struct {
	Weight  float64 `bson:"weight,omitempty" json:"weight,omitempty"`
	Content Content `bson:"content" json:"content"`
}

// Content is what is versioned: all that decides how an item looks and marks.
type Content struct {
	Kind         Kind        `bson:"kind" json:"kind" enum:"single,multiple,truefalse,blanks,short,numerical,matching,ordering,cloze,essay,material"`
	Stem         string      `bson:"stem" json:"stem"`                                       // plain text, line breaks kept
	Passage      string      `bson:"-" json:"-"`                                             // of a sub-question in a paper: the stem of its material
	Options      []Option    `bson:"options,omitempty" json:"options,omitempty"`             // single, multiple: 2..12; ordering: in the right order
	KeepOrder    bool        `bson:"keep_order,omitempty" json:"keep_order,omitempty"`       // options, or the left sides of pairs, are never shuffled
	Truth        bool        `bson:"truth,omitempty" json:"truth,omitempty"`                 // truefalse
	Partial      PartialRule `bson:"partial,omitempty" json:"partial,omitempty"`             // single ("" or weights), multiple, matching, ordering; "" = none
	PartialShare float64     `bson:"partial_share,omitempty" json:"partial_share,omitempty"` // 0..1, with FixedShare
	Blanks       []Blank     `bson:"blanks,omitempty" json:"blanks,omitempty"`
	AnyOrder     bool        `bson:"any_order,omitempty" json:"any_order,omitempty"`       // blanks: answers may stand in any order
	MatchCase    bool        `bson:"match_case,omitempty" json:"match_case,omitempty"`     // blanks: case counts
	Simplified   bool        `bson:"simplified,omitempty" json:"simplified,omitempty"`     // blanks: traditional equals simplified
	Ranges       []Range     `bson:"ranges,omitempty" json:"ranges,omitempty"`             // numerical: 1..10
	Units        []Unit      `bson:"units,omitempty" json:"units,omitempty"`               // numerical; none = a bare number
	UnitPenalty  float64     `bson:"unit_penalty,omitempty" json:"unit_penalty,omitempty"` // numerical: share lost where the number is right and the unit is not, 0..1
	Pairs        []Pair      `bson:"pairs,omitempty" json:"pairs,omitempty"`               // matching: 2..12 with a left side
	Model        string      `bson:"model,omitempty" json:"model,omitempty"`               // short, essay: model answer
	Points       []KeyPoint  `bson:"points,omitempty" json:"points,omitempty"`             // short: what an answer should say; shares sum to 1
	Synonyms     [][]string  `bson:"synonyms,omitempty" json:"synonyms,omitempty"`         // short: groups of phrases that mean the same in answers
	Rubric       []Criterion `bson:"rubric,omitempty" json:"rubric,omitempty"`             // essay: what evaluators look at; shares sum to 1
	Attachments  int         `bson:"attachments,omitempty" json:"attachments,omitempty"`   // essay: how many files an answer may bring, 0..5
	Subs         []Sub       `bson:"subs,omitempty" json:"subs,omitempty"`                 // cloze: one a gap ("____"); material: the items
	Explanation  string      `bson:"explanation,omitempty" json:"explanation,omitempty"`   // 解析
	Source       string      `bson:"source,omitempty" json:"source,omitempty"`             // 依据: regulation and article
	Feedback     string      `bson:"feedback,omitempty" json:"feedback,omitempty"`         // general feedback
	Difficulty   int         `bson:"difficulty,omitempty" json:"difficulty,omitempty"`     // 1 (easy) .. 5 (hard); 0 = unknown
}

// Response is an answer. Exactly the fields of the item's kind are used; the zero value is "no answer".
type Response struct {
	Choices []string          `bson:"choices,omitempty" json:"choices,omitempty"` // option ids: single (one), multiple, ordering (all, as sequence)
	Truth   *bool             `bson:"truth,omitempty" json:"truth,omitempty"`     // truefalse
	Texts   []string          `bson:"texts,omitempty" json:"texts,omitempty"`     // blanks, in order of the gaps
	Text    string            `bson:"text,omitempty" json:"text,omitempty"`       // short, essay: the text; numerical: the number
	Unit    string            `bson:"unit,omitempty" json:"unit,omitempty"`       // numerical: the name of a unit of the item
	Pairs   map[string]string `bson:"pairs,omitempty" json:"pairs,omitempty"`     // matching: left id to right id
	Subs    []Response        `bson:"subs,omitempty" json:"subs,omitempty"`       // cloze, material: one a sub-question
	Files   []string          `bson:"files,omitempty" json:"files,omitempty"`     // essay: ids of attachments in the media library
}

// Equal says whether two responses say the same.
func (r Response) Equal(o Response) bool {
	return slices.Equal(r.Choices, o.Choices) && slices.Equal(r.Texts, o.Texts) && slices.Equal(r.Files, o.Files) && r.Text == o.Text && r.Unit == o.Unit &&
		maps.Equal(r.Pairs, o.Pairs) && slices.EqualFunc(r.Subs, o.Subs, Response.Equal) && (r.Truth == nil) == (o.Truth == nil) && (r.Truth == nil || *r.Truth == *o.Truth)
}

// Size gives the bytes of the response's texts.
func (r Response) Size() int {
	n := len(r.Text) + len(r.Unit)
	for _, list := range [][]string{r.Choices, r.Texts, r.Files} {
		for _, text := range list {
			n += len(text)
		}
	}
	for left, right := range r.Pairs {
		n += len(left) + len(right)
	}
	for _, sub := range r.Subs {
		n += sub.Size()
	}
	return n
}

// Empty says whether the response holds nothing at all; blank texts count as nothing.
func (r Response) Empty() bool {
	return len(r.Choices) == 0 && r.Truth == nil && len(r.Pairs) == 0 && len(r.Files) == 0 && strings.TrimSpace(r.Text) == "" &&
		!slices.ContainsFunc(r.Texts, func(s string) bool { return strings.TrimSpace(s) != "" }) &&
		!slices.ContainsFunc(r.Subs, func(sub Response) bool { return !sub.Empty() })
}

// Status is the life of a question. Transitions: draft -> review -> published -> retired; review -> draft
// (returned); retired -> draft.
type Status string

// The states.
const (
	Draft     Status = "draft"
	InReview  Status = "review"
	Published Status = "published"
	Retired   Status = "retired"
)

// Question is the head document of an item: where it belongs, its state and its latest content.
type Question struct {
	store.Meta   `bson:",inline"`
	OrgID        string    `bson:"org_id" json:"org_id"`                 // the bank's owner
	OrgPath      []string  `bson:"org_path" json:"org_path"`             // root first, owner last
	CategoryID   string    `bson:"category_id" json:"category_id"`       // "" = uncategorised
	CategoryPath []string  `bson:"category_path" json:"category_path"`   // root first, own category last
	Tags         []string  `bson:"tags,omitempty" json:"tags,omitempty"` //
	Status       Status    `bson:"status" json:"status"`                 //
	Number       int       `bson:"number" json:"number"`                 // latest version, from 1
	Live         int       `bson:"live" json:"live"`                     // version that new papers use; 0 = never published
	Content      Content   `bson:"content" json:"content"`               // of version Number
	StemKey      string    `bson:"stem_key" json:"stem_key"`             // kind + normalised stem: near-exact duplicates share it
	AuthorID     string    `bson:"author_id" json:"author_id"`           // account
	ReviewerID   string    `bson:"reviewer_id,omitempty" json:"reviewer_id,omitempty"`
	BatchID      string    `bson:"batch_id,omitempty" json:"batch_id,omitempty"`       // import that made it
	Origin       string    `bson:"origin,omitempty" json:"origin,omitempty"`           // "file.xlsx:12"
	ExternalID   string    `bson:"external_id,omitempty" json:"external_id,omitempty"` // the file's own name of the item: 编号
	Points       float64   `bson:"points,omitempty" json:"points,omitempty"`           // suggested by the file; papers set their own
	ValidUntil   string    `bson:"valid_until,omitempty" json:"valid_until,omitempty"` // the last day on which what it asks holds, 2026-12-31; "" = for good
	Basis        string    `bson:"basis,omitempty" json:"basis,omitempty"`             // the regulation that it rests on
	Passages     []Passage `bson:"passages,omitempty" json:"passages,omitempty"`       // of the knowledge base: what it rests on
	ToCheck      bool      `bson:"to_check,omitempty" json:"to_check,omitempty"`       // somebody is to see whether it still holds
	EditorID     string    `bson:"editor_id" json:"editor_id"`                         // account that wrote version Number: it may not publish it alone
	Note         string    `bson:"note,omitempty" json:"note,omitempty"`               // of the last change of state: why it was returned
	Uses         int       `bson:"uses" json:"uses"`                                   // published quizzes that may draw it: len(UsedBy)
	UsedBy       []string  `bson:"used_by,omitempty" json:"-"`                         // their ids
	Gone         bool      `bson:"gone,omitempty" json:"-"`                            // being deleted: invisible, and no longer to be used
}

// Drawable says whether new papers may take the item: its live version, also while a later one is in
// review.
func (q Question) Drawable() bool { return q.Live > 0 && q.Status != Retired && !q.Gone }

// VersionID names version number of a question.
func VersionID(questionID string, number int) string {
	return questionID + "@" + strconv.Itoa(number)
}

// ParseVersionID takes a version's id apart; ok is false where it is none.
func ParseVersionID(id string) (questionID string, number int, ok bool) {
	i := strings.LastIndexByte(id, '@')
	if i < 1 {
		return "", 0, false
	}
	number, err := strconv.Atoi(id[i+1:])
	return id[:i], number, err == nil && number > 0
}

// Version is an immutable content; its id is VersionID(question, number). A new edit of an unused
// draft replaces nothing: every save of changed content is a new version. It is written before the
// head; one that no head ever took (a crash, a lost race) is on no chain of Follows and is ignored.
type Version struct {
	store.Meta `bson:",inline"`
	QuestionID string  `bson:"question_id" json:"question_id"`
	Number     int     `bson:"number" json:"number"`
	Follows    int     `bson:"follows" json:"follows"` // number of the version before; 0 = the first
	Content    Content `bson:"content" json:"content"`
	AuthorID   string  `bson:"author_id" json:"author_id"`
	Note       string  `bson:"note,omitempty" json:"note,omitempty"`
}

// Category is a node of a bank's tree.
type Category struct {
	store.Meta `bson:",inline"`
	OrgID      string   `bson:"org_id" json:"org_id"`
	ParentID   string   `bson:"parent_id" json:"parent_id"`
	Path       []string `bson:"path" json:"path"` // root first, itself last
	Name       string   `bson:"name" json:"name"`
	Order      int      `bson:"order" json:"order"`
	MergedInto string   `bson:"merged_into,omitempty" json:"-"` // the category that took over; rules that name this one mean that
}

// Rule is a draw rule: which items of the bank qualify. The zero value of a field means any.
type Rule struct {
	CategoryIDs   []string `bson:"category_ids,omitempty" json:"category_ids,omitempty"` // each with its subtree
	TagsAll       []string `bson:"tags_all,omitempty" json:"tags_all,omitempty"`
	TagsAny       []string `bson:"tags_any,omitempty" json:"tags_any,omitempty"`
	Kinds         []Kind   `bson:"kinds,omitempty" json:"kinds,omitempty"`
	MinDifficulty int      `bson:"min_difficulty,omitempty" json:"min_difficulty,omitempty"`
	MaxDifficulty int      `bson:"max_difficulty,omitempty" json:"max_difficulty,omitempty"`
}
