package question

import (
	"qiming/internal/fault"
)

// kind is the contract that every kind of question fulfils; one file a kind. Its methods are pure.
// A new kind adds a constant to content.go, a file with its type, a line in Of and a row in the
// contract suite of kind_test.go.
type kind interface {
	// prepare tidies the fields of the kind in place: trims, assigns option ids.
	prepare(c *Content)
	// uses says which fields of a content belong to the kind; Prepare empties the others, so that a
	// changed kind leaves nothing behind.
	uses() fields
	// validate gives the problems of the kind's own fields.
	validate(c Content) []fault.Field
	// shuffled says how many things of the item an attempt may put into another order.
	shuffled(c Content) int
	// present adds what a taker may see of the kind's own fields; order is of the shuffled things.
	present(c Content, order []int, item *Item)
	// reveal adds the key to what a review shows.
	reveal(c Content, key *Key)
	// right gives a response that marks as fully right (for an item marked by people: the model answer).
	right(c Content) Response

	// Check says whether r has the shape of an answer to c: options exist, counts and lengths are
	// within the limits. An empty response is well formed. The error is fault.Invalid, "response.invalid".
	Check(c Content, r Response) error
	// Answered says whether r holds an answer at all; blank text is none.
	Answered(r Response) bool
	// lacks says what an answer lacks to be whole; r is answered.
	lacks(c Content, r Response) Missing
	// Mark marks r. It never fails: a response that Check would refuse earns nothing.
	Mark(c Content, r Response) Mark
}

// Mark is the outcome of marking one response.
type Mark struct {
	Fraction float64 `bson:"fraction" json:"fraction"`               // -1..1 of the item's points, below 0 only where the weight of an option says so
	Human    bool    `bson:"human,omitempty" json:"human,omitempty"` // an evaluator has to mark it; Fraction is 0 until then
	Parts    []Part  `bson:"parts,omitempty" json:"parts,omitempty"` // in order of the item's parts (gaps, sub-questions); nil where the item has no parts
}

// Part is the outcome of one part of an item: one gap or one sub-question, in their order.
type Part struct {
	Fraction float64 `bson:"fraction" json:"fraction"` // 0..1 of the part
	Share    float64 `bson:"share" json:"share"`       // the part's share of the item; shares sum to 1
}

// Of gives the rules of a kind. An unknown kind gets rules that validate nothing and mark nothing.
func Of(k Kind) kind { //nolint:revive // the contract is not for implementing elsewhere
	switch k {
	case Single:
		return single{}
	case Multiple:
		return multiple{}
	case TrueFalse:
		return trueFalse{}
	case Blanks:
		return blanks{}
	case Short:
		return short{}
	case Numerical:
		return numerical{}
	case Matching:
		return matching{}
	case Ordering:
		return ordering{}
	case Cloze:
		return cloze{}
	case Essay:
		return essay{}
	case Material:
		return material{}
	}
	return unknown{}
}

// Prepare tidies a content before it is validated and kept: trims texts, unifies line ends, drops
// fields of other kinds, and gives option ids where they are missing. It is idempotent, deterministic
// and changes no order.
func Prepare(c *Content) {
	for _, s := range []*string{&c.Stem, &c.Model, &c.Explanation, &c.Source, &c.Feedback} {
		*s = tidy(*s)
	}
	k := Of(c.Kind)
	k.uses().clear(c)
	k.prepare(c)
}

// Validate gives the problems of a prepared content; none means that it may be kept.
func Validate(c Content) []fault.Field {
	var p problems
	if c.Stem == "" {
		p.add("stem", "required")
	}
	p.length("stem", c.Stem, MaxStem)
	p.length("explanation", c.Explanation, MaxText)
	p.length("source", c.Source, MaxSource)
	p.length("feedback", c.Feedback, MaxFeedback)
	if c.Difficulty < 0 || c.Difficulty > MaxDifficulty {
		p.addRange("difficulty", 0, MaxDifficulty)
	}
	return append(p, Of(c.Kind).validate(c)...)
}

// Check says whether r is well formed for c; see the kind contract.
func Check(c Content, r Response) error { return Of(c.Kind).Check(c, r) }

// Answered says whether r holds an answer to c.
func Answered(c Content, r Response) bool { return Of(c.Kind).Answered(r) }

// Missing says what an answer still lacks before it is worth a check.
type Missing string

// What an answer may lack.
const (
	Whole     Missing = ""       // nothing
	NoAnswer  Missing = "answer" // there is none
	PartsOpen Missing = "parts"  // a blank, a left side or a part of a text is not answered
	NoNumber  Missing = "number" // the text is no number
	NoUnit    Missing = "unit"   // a unit is asked for and none is given
)

// Lacks says what r lacks to be a whole answer to c. It is marked all the same; only a check that costs something
// is not spent on it (Moodle: is_complete_response).
func Lacks(c Content, r Response) Missing {
	k := Of(c.Kind)
	if !k.Answered(r) {
		return NoAnswer
	}
	return k.lacks(c, r)
}

// undivided is of kinds whose answer is whole as soon as there is one.
type undivided struct{}

func (undivided) lacks(Content, Response) Missing { return Whole }

// Grade marks r against c: Of(c.Kind).Mark.
func Grade(c Content, r Response) Mark { return Of(c.Kind).Mark(c, r) }

// RightAnswer gives a response to c that earns everything; for a short answer it is the model answer.
func RightAnswer(c Content) Response { return Of(c.Kind).right(c) }

// unknown stands for a kind that this build does not know: a document from a newer one.
type unknown struct{ undivided }

func (unknown) prepare(*Content) {}
func (unknown) uses() fields     { return ^fields(0) }
func (unknown) validate(Content) []fault.Field {
	return []fault.Field{{Path: "kind", Key: "question.kind_unknown"}}
}
func (unknown) shuffled(Content) int          { return 0 }
func (unknown) present(Content, []int, *Item) {}
func (unknown) reveal(Content, *Key)          {}
func (unknown) right(Content) Response        { return Response{} }
func (unknown) Check(Content, Response) error {
	return fault.Bad("response.invalid", []fault.Field{{Path: "kind", Key: "question.kind_unknown"}})
}
func (unknown) Answered(Response) bool      { return false }
func (unknown) Mark(Content, Response) Mark { return Mark{} }
