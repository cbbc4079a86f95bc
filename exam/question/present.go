package question

// Item is what a taker may see of a content: never a key, an explanation or feedback.
type Item struct {
	Kind         Kind        `json:"kind"`
	Stem         string      `json:"stem"`
	Passage      string      `json:"passage,omitempty"`       // the text that the item, and its neighbours, are about
	Options      []Choice    `json:"options,omitempty"`       // in the order of this taker
	Partial      PartialRule `json:"partial,omitempty"`       // what is right in part earns
	PartialShare float64     `json:"partial_share,omitempty"` // with "fixed"
	Blanks       int         `json:"blanks,omitempty"`        // number of gaps ("____") in the stem
	Numbers      []bool      `json:"numbers,omitempty"`       // blanks: which take a number
	AnyOrder     bool        `json:"any_order,omitempty"`     // blanks: answers may stand in any order
	MaxLength    int         `json:"max_length,omitempty"`    // characters: of the text, or of each blank
	Units        []string    `json:"units,omitempty"`         // numerical: the units to choose from
	Lefts        []Choice    `json:"lefts,omitempty"`         // matching, in the order of this taker
	Rights       []Choice    `json:"rights,omitempty"`        // matching: what may belong to a left side
	Attachments  int         `json:"attachments,omitempty"`   // essay: how many files an answer may bring
	Rubric       []Criterion `json:"rubric,omitempty"`        // essay: what is looked at
	Subs         []Item      `json:"subs,omitempty"`          // cloze, material
}

// Choice is an option without its key.
type Choice struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Key is what a review shows once the quiz allows it: the right answer and why. An exam may blank
// single fields (its review matrix shows explanation, feedback and right answer at different times).
type Key struct {
	Options        []string          `json:"options,omitempty"`         // right option ids; ordering: all, in the right order
	OptionFeedback map[string]string `json:"option_feedback,omitempty"` // by option id
	Truth          *bool             `json:"truth,omitempty"`           // truefalse
	Accepted       [][]string        `json:"accepted,omitempty"`        // blanks: accepted texts of each gap, "*" being a wildcard
	Tolerances     []float64         `json:"tolerances,omitempty"`      // blanks that take numbers: how far off, by gap; none = nowhere
	Ranges         []Range           `json:"ranges,omitempty"`          // numerical
	Units          []Unit            `json:"units,omitempty"`           // numerical
	Pairs          map[string]string `json:"pairs,omitempty"`           // matching: left id to right id
	Model          string            `json:"model,omitempty"`           // short, essay: model answer
	Subs           []Key             `json:"subs,omitempty"`            // cloze, material
	Explanation    string            `json:"explanation,omitempty"`
	Source         string            `json:"source,omitempty"`
	Feedback       string            `json:"feedback,omitempty"`
}

// Shuffled says how many things of an item an attempt may put into another order: options, pairs.
func Shuffled(c Content) int { return Of(c.Kind).shuffled(c) }

// Present gives c as a taker may see it. optionOrder says which option stands where (indexes into
// c.Options, or c.Pairs); nil, or c.KeepOrder, leaves the author's order.
func Present(c Content, optionOrder []int) Item {
	item := Item{Kind: c.Kind, Stem: c.Stem, Passage: c.Passage}
	Of(c.Kind).present(c, optionOrder, &item)
	return item
}

// Reveal gives the key of c with explanation, source and feedback.
func Reveal(c Content) Key {
	key := Key{Explanation: c.Explanation, Source: c.Source, Feedback: c.Feedback}
	Of(c.Kind).reveal(c, &key)
	return key
}
