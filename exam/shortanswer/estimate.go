package shortanswer

import (
	"math"
	"strings"

	"qiming/search"
)

// Item is a question with what is known of its right answer.
type Item struct {
	Question string
	Model    string         // where there are no points, they are proposed from it
	Points   []search.Point // of the author; weights beside each other
	Synonyms [][]string     // groups of phrases that mean the same
}

// Answer is one answer. Mark is an evaluator's, as a fraction 0..1 of the points; nil = not marked.
type Answer struct {
	Text string
	Mark *float64
}

// Estimate is the mark that an answer may get.
type Estimate struct {
	Fraction   float64             // 0..1 of the points of the item
	First      float64             // 0..1 by the key alone
	Confidence float64             // 0..1
	Points     []search.PointMatch // what of the key was found, parallel to Item.Points or to what was proposed
	Like       int                 // answers of the same analysed form that evaluators marked
	Marked     int                 // answers that evaluators marked, of all questions that teach
}

// guess is the expected error that is as good as none known: above that of marks that lie anywhere (0.29), below that of
// the toss of a coin between all and nothing (0.5).
const guess = 0.4

// Reading is the answers to one question, analysed: all of them at once, for what is usual among them tells about each.
type Reading struct {
	answers []Answer
	matches []search.Match
	said    []float64 // shares of the key that are said
	first   []float64 // marks by the key
	forms   []string  // analysed forms
	model   string    // analysed form of the model answer
	like    *likeness
	near    []float64 // how like the nearest other answers are
	source  source
}

// Read analyses the answers to a question.
func Read(item Item, answers []Answer) *Reading {
	n := len(answers)
	r := &Reading{answers: answers, matches: make([]search.Match, n), said: make([]float64, n), first: make([]float64, n), forms: make([]string, n), model: form(search.Sentences(item.Model))}
	texts := make([][]search.Sentence, n)
	for i, a := range answers {
		texts[i] = search.Sentences(a.Text)
	}
	points := item.Points
	if len(points) == 0 {
		points, r.source = search.ProposePoints(item.Question, item.Model), proposed
		if len(points) == 0 {
			r.source = unknown
		}
	}
	matcher := search.NewMatcher(search.Key{Question: item.Question, Model: item.Model, Points: points, Synonyms: item.Synonyms}, search.NewPool(texts))
	for i, text := range texts {
		m := matcher.MatchSentences(text)
		r.matches[i], r.forms[i] = m, form(text)
		switch {
		case m.Blank:
		case r.source == written:
			r.said[i], r.first[i] = m.Share, m.Share
		case r.source == unknown:
			r.said[i], r.first[i] = unkeyed, likely(unkeyed, m)
		default:
			r.said[i] = (m.Coverage + m.Share) / 2
			r.first[i] = likely(r.said[i], m)
		}
	}
	r.like = newLikeness(texts, r.forms)
	r.near = r.like.near(r.forms)
	return r
}

// Estimates gives an estimate for each answer, in their order; of an answer that is marked it is near its mark. The
// lessons are those of all questions that the same people mark, this one's own too; nil is one without marks.
func (r *Reading) Estimates(lessons []*Lesson) []Estimate { return r.estimates(teach(lessons)) }

// unkeyed is what an answer is taken to say of a key that is not known.
const unkeyed = 0.4

// likely is the mark by points that nobody wrote for marking. They are one reading of one model answer: what says none of
// them may be right in other words, more so when many members use those words and take as many of them as others do
// (search.Match.Common, Usual, Longer). Of the figures the package says how they were found.
func likely(said float64, m search.Match) float64 {
	const none, all, common, usual, lifted = 0.4, 0.95, 0.4, 0.3, 0.7
	return min(max(none+(all-none)*said+(1-lifted*said)*(common*m.Common+usual*(m.Usual+m.Longer)), 0), 1)
}

// form is the analysed form of an answer: its terms in order. Answers of the same form say the same.
func form(sentences []search.Sentence) string {
	var b strings.Builder
	for _, s := range sentences {
		for _, t := range s.Tokens {
			if t.Kind != search.Pair && t.Kind != search.Function {
				b.WriteString(t.Term)
				b.WriteByte(0)
			}
		}
	}
	return b.String()
}

// estimates puts the marks together.
func (r *Reading) estimates(t taught) []Estimate {
	post := r.learn(t)
	out := make([]Estimate, len(r.answers))
	type kept struct {
		sum, squares float64
		n            int
	}
	same := map[string]kept{}
	marked := 0
	for i, a := range r.answers {
		if a.Mark != nil {
			k := same[r.forms[i]]
			same[r.forms[i]] = kept{k.sum + *a.Mark, k.squares + *a.Mark**a.Mark, k.n + 1}
			marked++
		}
	}
	doubts := r.doubts(post, marked)
	for i := range r.answers {
		fraction, sd := post.mean[i], doubts[i]
		switch k := same[r.forms[i]]; {
		case r.forms[i] == "":
		case k.n > 0:
			fraction = k.sum / float64(k.n)
			spread := max(k.squares/float64(k.n)-fraction*fraction, 0)
			sd = math.Sqrt((spread*float64(k.n) + formDoubt*formDoubt) / (float64(k.n) + 1))
			out[i].Like = k.n
		case r.forms[i] == r.model:
			fraction, sd = 1, formDoubt
		}
		out[i] = Estimate{Fraction: min(max(fraction, 0), 1), First: min(max(r.first[i], 0), 1), Confidence: min(max(1-sd/guess, 0), 1), Points: r.matches[i].Points, Like: out[i].Like, Marked: t.marked}
	}
	return out
}

// formDoubt is how far one evaluator's mark of an answer of the same form may be off.
const formDoubt = 0.1

// denied is what a denial before all that an answer says of the key adds to the doubt.
const denied = 0.12

// usualRoom is the mean room of estimates of all kinds of questions by that of one in the middle, roomPrior how many
// answers that weighs for.
const usualRoom, roomPrior = 0.62, 10

// doubts gives the standard deviations of the errors. Marks are bounded, so the nearer an estimate is to an end, the less
// room has its error beside those of the other answers; but an answer that says nothing of the key may be right in other
// words, as long as few marks tell.
func (r *Reading) doubts(post posterior, marked int) []float64 {
	otherwise := 0.4 * 3 / float64(3+marked)
	usual := usualRoom * 0.5 * (0.5 + otherwise)
	never := 0.01
	if r.source != written {
		never += otherwise / 8 // nobody wrote the key for marking
	}
	room, mean := make([]float64, len(r.answers)), usual*roomPrior/float64(len(r.answers)+roomPrior)
	for i, m := range post.mean {
		room[i] = (1-m)*(m+otherwise) + never
		mean += room[i] / float64(len(room)+roomPrior)
	}
	mean = max(mean, usual) // that all answers are sure makes none less so
	for i := range room {
		room[i] = math.Sqrt(post.variance[i]*room[i]/mean) + denied*r.matches[i].Denied
	}
	return room
}
