package exam

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strconv"

	"qiming/exam/question"
	"qiming/policies"
)

// simulatedDraws is how many papers the report on equality draws.
const simulatedDraws = 1000

// Equality says how equal the papers of a quiz are: what simulated draws would score with takers who do as
// takers did on each item so far.
type Equality struct {
	Draws     int         `json:"draws"`
	Points    float64     `json:"points"` // of a paper
	Mean      float64     `json:"mean"`   // expected score, points
	SD        float64     `json:"sd"`     // of the expected scores, points
	Min       float64     `json:"min"`
	P5        float64     `json:"p5"`
	P95       float64     `json:"p95"`
	Max       float64     `json:"max"`
	Verdict   string      `json:"verdict" enum:"same,even,fair,uneven"` // by (P95 - P5) / Points: 0, up to 0.05, up to 0.1, above
	Buckets   []Bucket    `json:"buckets"`                              // of the expected scores, points
	Overlap   float64     `json:"overlap"`                              // share of items that two papers have in common, 0..1
	Exposure  float64     `json:"exposure"`                             // share of papers that have the item drawn most often among those not fixed, 0..1
	Questions int         `json:"questions"`                            // that may be drawn
	Measured  int         `json:"measured"`                             // of these: taken often enough that takers say more than the difficulty
	Entries   [][]float64 `json:"entries"`                              // by section and entry: sd of what it adds to the score, points
}

// The limits of the verdicts, of the distance between the 5th and the 95th percentile to the points.
const (
	evenSpread = 0.05
	fairSpread = 0.10
)

// simulate draws papers and adds up what items are expected to earn, 0..1 by version.
func simulate(b *blueprint, expect func(version string) float64) Equality {
	e := Equality{Draws: simulatedDraws, Points: b.version.Points, Buckets: []Bucket{}, Entries: [][]float64{}}
	expected := map[string]float64{}
	questions := map[string]bool{}
	for _, pool := range b.pools {
		for _, version := range pool.versions {
			questions[question.QuestionOf(version)] = true
			if _, known := expected[version]; known {
				continue // of another pool too
			}
			expected[version] = 0
			whole := cmp.Or(pool.points, 1)
			for part, points := range b.places(version, whole) {
				expected[version] += points / whole * expect(part)
			}
		}
	}
	e.Questions = len(questions)
	scores := make([]float64, e.Draws)
	byPool := make([]moments, len(b.pools))
	times := map[string]int{}
	var last map[string]bool
	shared, compared := 0, 0
	for i := range e.Draws {
		m := b.matched(newDice("equality " + strconv.Itoa(i)))
		now := map[string]bool{}
		for p, taken := range m.taken {
			sum := 0.0
			for _, place := range taken {
				version := b.pools[p].versions[place]
				sum += expected[version] * b.pools[p].points
				now[version] = true
				if b.pools[p].count < len(b.pools[p].items) {
					times[version]++
				}
				if last[version] {
					shared++
				}
			}
			scores[i] += sum
			byPool[p].add(sum)
		}
		if last != nil {
			compared += len(now)
		}
		last = now
	}
	e.summarise(scores)
	if compared > 0 {
		e.Overlap = float64(shared) / float64(compared)
	}
	for _, n := range times {
		e.Exposure = max(e.Exposure, float64(n)/float64(e.Draws))
	}
	for p := range b.pools {
		for len(e.Entries) <= b.pools[p].section {
			e.Entries = append(e.Entries, []float64{})
		}
		e.Entries[b.pools[p].section] = append(e.Entries[b.pools[p].section], hundredths(byPool[p].sd()))
	}
	return e
}

// summarise fills in what the scores come to.
func (e *Equality) summarise(scores []float64) {
	var all moments
	for _, s := range scores {
		all.add(s)
	}
	slices.Sort(scores)
	n := len(scores)
	at := func(share float64) float64 { return scores[min(int(share*float64(n)), n-1)] }
	e.Mean, e.SD = hundredths(all.mean), hundredths(all.sd())
	e.Min, e.P5, e.P95, e.Max = hundredths(scores[0]), hundredths(at(0.05)), hundredths(at(0.95)), hundredths(scores[n-1])
	spread := 0.0
	if e.Points > 0 {
		spread = (at(0.95) - at(0.05)) / e.Points
	}
	switch {
	case scores[n-1]-scores[0] < 1e-9:
		e.Verdict = "same"
	case spread <= evenSpread+1e-9:
		e.Verdict = "even"
	case spread <= fairSpread+1e-9:
		e.Verdict = "fair"
	default:
		e.Verdict = "uneven"
	}
	const buckets = 10 // as many as a phone has room for
	low, high := math.Floor(scores[0]), math.Ceil(scores[n-1])
	width := max(high-low, 1) / buckets
	for i := range buckets {
		e.Buckets = append(e.Buckets, Bucket{From: hundredths(low + float64(i)*width), To: hundredths(low + float64(i+1)*width)})
	}
	for _, s := range scores {
		e.Buckets[min(int((s-low)/width), buckets-1)].Count++
	}
}

// moments is mean and variance in one pass (Welford 1962).
type moments struct{ n, mean, m2 float64 }

func (m *moments) add(x float64) {
	m.n++
	d := x - m.mean
	m.mean += d / m.n
	m.m2 += d * (x - m.mean)
}

// sd is with n-1; 0 below two values.
func (m *moments) sd() float64 {
	if m.n < 2 {
		return 0
	}
	return math.Sqrt(max(m.m2, 0) / (m.n - 1))
}

// Equality simulates the papers of a quiz as it is kept or, with a draft, as it is on screen.
func (s *Quizzes) Equality(ctx context.Context, actor policies.Actor, id string, draft *Draft) (Equality, error) {
	q, err := s.seen(ctx, actor, id)
	if err != nil {
		return Equality{}, err
	}
	if draft != nil {
		draft.tidy()
		q.Settings, q.Sections, q.Audience = draft.Settings, draft.Sections, draft.Audience
	}
	_, v, err := s.assemble(ctx, q)
	if err != nil {
		return Equality{}, err
	}
	b := newBlueprint(v)
	facility, known, err := s.facilities(ctx, b)
	if err != nil {
		return Equality{}, err
	}
	e := simulate(b, func(version string) float64 { return facility[version] })
	e.Measured = known
	return e, nil
}

// facilities gives what to expect of every item that may stand in a paper, by version, and of how many of the
// questions takers say more than their difficulty does.
func (d *desk) facilities(ctx context.Context, b *blueprint) (facility map[string]float64, known int, err error) {
	var ids []string
	var wholes []string
	for _, p := range b.pools {
		for _, version := range p.versions {
			wholes = append(wholes, version)
			for part := range b.places(version, p.points) {
				ids = append(ids, part)
			}
		}
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	versions, err := d.bank.GetVersions(ctx, ids)
	if err != nil {
		return nil, 0, err
	}
	quizzes, err := d.bank.UsedBy(ctx, questionsOf(wholes))
	if err != nil {
		return nil, 0, err
	}
	counts, err := d.measuredItems(ctx, quizzes)
	if err != nil {
		return nil, 0, err
	}
	facility = make(map[string]float64, len(ids))
	seen := map[string]bool{}
	for _, id := range ids {
		q := question.QuestionOf(id)
		facility[id] = counts[q].expected(versions[id].Content.Difficulty)
		if whole := question.WholeOf(q); counts[q].n >= presumedWeight && !seen[whole] {
			seen[whole] = true
			known++
		}
	}
	return facility, known, nil
}

// questionsOf gives the questions of versions, each once, in their order.
func questionsOf(versions []string) []string {
	var ids []string
	seen := map[string]bool{}
	for _, version := range versions {
		if id := question.QuestionOf(version); !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}
