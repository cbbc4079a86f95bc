package exam

import (
	"cmp"
	"slices"

	"qiming/exam/question"
	"qiming/exam/statistics"
)

// Which says of a member's attempts which the statistics take.
type Which string

// The ways, as Moodle has them.
const (
	WhichFirst Which = "first" // the default: later ones know the questions
	WhichAll   Which = "all"
	WhichBest  Which = "best"
	WhichLast  Which = "last"
)

func (w Which) takes(a *taken) bool {
	switch w {
	case WhichAll:
		return true
	case WhichBest:
		return a.best
	case WhichLast:
		return a.last
	}
	return a.first
}

// QuizFigures are the figures of a quiz as a whole over the attempts that were asked for.
type QuizFigures struct {
	statistics.Quiz
	Points float64           `json:"points"`         // what totals and marks are out of; 100 where papers are worth different totals
	Time   *statistics.Times `json:"time,omitempty"` // seconds an attempt took, of those on a screen
}

// ItemFigures are the statistics of one question version in a quiz.
type ItemFigures struct {
	QuestionID string        `json:"question_id"` // of the bank
	Version    string        `json:"version"`
	Number     int           `json:"number"`          // of the question's version
	Key        int           `json:"key,omitempty"`   // number of the version whose key marks it, where a regrade put another
	Given      bool          `json:"given,omitempty"` // everybody earns it, by a regrade: no answer is wrong
	Slot       int           `json:"slot,omitempty"`  // number in the paper, where everybody has the same
	Stem       string        `json:"stem"`            // "" while it is not to be told
	Kind       question.Kind `json:"kind"`
	N          int           `json:"n"`        // attempts whose paper had it and in which it is marked
	Answered   int           `json:"answered"` // of those, with an answer; marks of 0 without one are in n
	Paired     int           `json:"paired"`   // of those, marked to the end: discrimination is over these
	Max        float64       `json:"max"`      // points
	statistics.Item
	Choices *ItemChoices      `json:"choices,omitempty"`                                  // of items with options
	Time    *statistics.Times `json:"time,omitempty"`                                     // seconds
	Flags   []statistics.Flag `json:"flags" enum:"negative,too_hard,too_easy,distractor"` // from flagFrom attempts on
	Hidden  bool              `json:"hidden,omitempty"`                                   // fewer people than may be told to whom does not see the rows
}

// ItemChoices is the option analysis of an item by thirds of the totals, the lowest first.
type ItemChoices struct {
	Takers  statistics.Thirds `json:"takers"`
	None    statistics.Thirds `json:"none"`
	Options []OptionFigures   `json:"options"`
}

// OptionFigures says who chose an option.
type OptionFigures struct {
	Label  string            `json:"label"` // A, B, ...; true and false
	Text   string            `json:"text"`  // "" while it is not to be told
	Right  bool              `json:"right"` // false while it is not to be told
	Chosen statistics.Thirds `json:"chosen"`
}

// measurement is a tally's attempts measured.
type measurement struct {
	figures statistics.Tally
	of      *tally
	points  float64
	scale   bool // papers are worth different totals: everything is out of 100
	took    []float32
	max     []float64 // points of the items
}

// measure takes the attempts in, one by one.
func (t *tally) measure(which Which, within func(path []string) bool) *measurement {
	m := &measurement{of: t, max: make([]float64, len(t.versions))}
	for i := range t.taken {
		if a := &t.taken[i]; which.takes(a) && within(a.path) {
			m.scale = m.scale || m.points != 0 && m.points != a.points
			m.points = a.points
		}
	}
	if m.scale {
		m.points = 100
	}
	marks := []statistics.Mark{}
	for i := range t.taken {
		a := &t.taken[i]
		if !which.takes(a) || !within(a.path) {
			continue
		}
		factor := 1.0
		if m.scale && a.points > 0 {
			factor = 100 / a.points
		}
		one := statistics.Attempt{Partial: a.score == nil}
		marks = marks[:0]
		for _, fact := range a.slots {
			place := t.places[fact.place]
			fraction := t.marks[fact.mark]
			if fraction == pendingMark {
				one.Partial = true
				continue
			}
			kind := t.contents[t.versions[place.item]].Kind
			mark := statistics.Mark{Item: place.item, Place: place.place, Earned: fraction * place.points * factor, Max: place.points * factor,
				Answer: statistics.Answer(fact.answered), Chosen: fact.chosen, Seconds: float64(fact.seconds),
				Options: kind == question.Single || kind == question.Multiple || kind == question.TrueFalse}
			m.max[place.item] = max(m.max[place.item], mark.Max)
			marks = append(marks, mark)
		}
		one.Marks, one.Total = marks, statistics.TotalOf(marks)
		if len(a.slots) == 0 && a.score != nil {
			one.Total = *a.score * factor
		}
		m.figures.Add(one)
		if a.took > 0 {
			m.took = append(m.took, a.took)
		}
	}
	return m
}

func (m *measurement) quiz() QuizFigures {
	return QuizFigures{Quiz: m.figures.Quiz(), Points: m.points, Time: statistics.TimesOf(m.took)}
}

// items gives the items that anybody had, the hardest first.
func (m *measurement) items() []ItemFigures {
	figures, choices, times, counts := m.figures.Figures(), m.figures.Choices(), m.figures.Times(), m.figures.Counts()
	out := make([]ItemFigures, 0, len(figures))
	for i, f := range figures {
		if counts[i].N == 0 {
			continue
		}
		version := m.of.versions[i]
		c, number, given := m.of.marked(version)
		one := ItemFigures{QuestionID: question.WholeOf(question.QuestionOf(version)), Version: version, Number: numberOf(version), Stem: c.Stem, Kind: c.Kind,
			N: counts[i].N, Answered: counts[i].Answered, Paired: counts[i].Paired, Max: m.max[i], Item: f, Time: times[i],
			Choices: choicesOf(c, choices[i]), Flags: []statistics.Flag{}, Given: given}
		if given {
			one.Choices.unjudged()
		} else {
			one.RandomGuess = randomGuess(c)
			if one.N >= flagFrom {
				one.Flags = append(one.Flags, statistics.FlagsOf(one.Item, choices[i], rightOf(c))...)
			}
		}
		if number != one.Number {
			one.Key = number
		}
		if m.of.numbers != nil {
			one.Slot = m.of.numbers[i]
		}
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b ItemFigures) int {
		return cmp.Or(cmp.Compare(facilityOf(a.Item), facilityOf(b.Item)), cmp.Compare(a.Version, b.Version))
	})
	return out
}

// marked gives an item as it is marked now, with the number of the version whose key that is: what takers saw, with the
// rights and weights of the key. given says that everybody earns it.
func (t *tally) marked(version string) (c question.Content, number int, given bool) {
	c, number = t.contents[version], numberOf(version)
	now, regraded := t.keys[version]
	key, known := t.contents[now.version]
	switch {
	case !regraded:
		return c, number, false
	case now.version == "":
		return c, number, true
	case !known || key.Kind != c.Kind:
		return c, number, false // marks nothing; see keyed
	}
	c.Truth, c.Partial, c.Options = key.Truth, key.Partial, slices.Clone(c.Options)
	for i := range c.Options {
		option := &c.Options[i]
		option.Right, option.Weight = false, 0
		if at := slices.IndexFunc(key.Options, func(o question.Option) bool { return o.ID == option.ID }); at >= 0 {
			option.Right, option.Weight = key.Options[at].Right, key.Options[at].Weight
		}
	}
	return c, numberOf(now.version), false
}

// facilityOf orders items; one without points comes last.
func facilityOf(f statistics.Item) float64 {
	if f.Facility == nil {
		return 2
	}
	return *f.Facility
}

// randomGuess gives what guessing earns on average where that is defined: of a single choice the mean weight of its options, of
// true and false a half.
func randomGuess(c question.Content) *float64 {
	guess := 0.5
	switch c.Kind {
	case question.TrueFalse:
	case question.Single:
		sum := 0.0
		for _, option := range c.Options {
			switch {
			case c.Partial == question.ByWeight:
				sum += option.Weight
			case option.Right:
				sum++
			}
		}
		if len(c.Options) == 0 {
			return nil
		}
		guess = sum / float64(len(c.Options))
	default:
		return nil
	}
	return &guess
}

// rightOf says of each option, as chosenBits numbers them, whether it belongs to the key.
func rightOf(c question.Content) []bool {
	if c.Kind == question.TrueFalse {
		return []bool{c.Truth, !c.Truth}
	}
	right := make([]bool, len(c.Options))
	for i, option := range c.Options {
		right[i] = option.Right
	}
	return right
}

// unjudged takes away what is right.
func (c *ItemChoices) unjudged() {
	if c != nil {
		for i := range c.Options {
			c.Options[i].Right = false
		}
	}
}

func choicesOf(c question.Content, counted *statistics.Choices) *ItemChoices {
	if counted == nil {
		return nil
	}
	out := &ItemChoices{Takers: counted.Takers, None: counted.None, Options: []OptionFigures{}}
	for i, right := range rightOf(c) {
		option := OptionFigures{Right: right}
		if c.Kind == question.TrueFalse {
			option.Label = []string{"true", "false"}[i]
		} else {
			option.Label, option.Text = string(rune('A'+i)), c.Options[i].Text
		}
		if i < len(counted.Options) {
			option.Chosen = counted.Options[i]
		}
		out.Options = append(out.Options, option)
	}
	return out
}
