package exam

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"iter"
	"maps"
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strconv"

	"qiming/exam/question"
)

// Slot is one place of a paper.
type Slot struct {
	Number  int     // from 1
	Version string  // id of the question version
	Points  float64 // what it is worth
	pool    int     // of the blueprint, that it was drawn from
	order   uint64  // decides the order of the options; 0 = the author's order
}

// Part is a section as it stands in a paper: slots From to To, both counted in. An empty one has From > To.
type Part struct {
	ID           string `json:"id"`
	Title        string `json:"title"`
	Instructions string `json:"instructions,omitempty"`
	Limit        int    `json:"limit,omitempty"` // seconds of its own, 0 = none
	From         int    `json:"from"`
	To           int    `json:"to"`
}

// Paper is what one taker gets.
type Paper struct {
	Slots    []Slot
	Parts    []Part
	Negative bool // an item may cost points; see Settings
	Rule     BehaviourRule
}

// Points gives the total of the paper.
func (p Paper) Points() float64 {
	sum := 0.0
	for _, s := range p.Slots {
		sum += s.Points
	}
	return hundredths(sum)
}

// Versions gives the ids of the question versions, in the order of the slots.
func (p Paper) Versions() []string {
	ids := make([]string, len(p.Slots))
	for i, s := range p.Slots {
		ids[i] = s.Version
	}
	return ids
}

// OptionOrder says which of n options stands where: result[place] is an index into the author's
// options. nil means the author's order.
func (s Slot) OptionOrder(n int) []int {
	if s.order == 0 || n < 2 {
		return nil
	}
	var seed [32]byte
	for i := range 8 {
		seed[i] = byte(s.order >> (8 * i))
	}
	d := dice{rand.NewChaCha8(seed)}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	shuffle(d, order)
	return order
}

// Seed gives the seed of an attempt's paper: HMAC-SHA256 over quiz, member and number, in hex.
func Seed(key []byte, quizID, memberID string, number int) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(quizID + "\x00" + memberID + "\x00" + strconv.Itoa(number)))
	return hex.EncodeToString(mac.Sum(nil))
}

// dice is the source of a draw: ChaCha8 (C2SP chacha8rand) and our own way from its bits to
// numbers, so that a seed means the same paper on every platform and with every Go release.
type dice struct{ src *rand.ChaCha8 }

func newDice(seed string) dice {
	return dice{rand.NewChaCha8(sha256.Sum256([]byte("qiming paper 1\x00" + seed)))}
}

// below gives a number in [0, n), each equally likely (Lemire 2019).
func (d dice) below(n int) int {
	bound := uint64(n)
	hi, lo := bits.Mul64(d.src.Uint64(), bound)
	if lo < bound {
		for least := -bound % bound; lo < least; {
			hi, lo = bits.Mul64(d.src.Uint64(), bound)
		}
	}
	return int(hi)
}

// shuffle is Fisher and Yates's.
func shuffle[T any](d dice, list []T) {
	for i := len(list) - 1; i > 0; i-- {
		j := d.below(i + 1)
		list[i], list[j] = list[j], list[i]
	}
}

// Draw gives the paper of a seed. It is a pure function: the same version and seed give the same
// paper on every machine. No question stands in a paper twice, also where pools overlap; where a
// version cannot be filled (publishing refuses such a one), what can be filled is.
func Draw(v QuizVersion, seed string) Paper { return newBlueprint(v).draw(seed) }

// blueprint is a version made ready for many draws. It is read-only and safe for concurrent use.
type blueprint struct {
	version QuizVersion
	pools   []pool
	order   []int                // pools in the order of drawing: the one with the least choice first
	parts   map[string][]float64 // of materials: the shares of their items, by version
}

// pool is a FrozenPool whose questions have become numbers; a question has the same number in all pools,
// and questions that exclude each other have one.
type pool struct {
	section  int
	count    int
	points   float64
	items    []int32
	versions []string // parallel to items
	levels   []int    // ends of the stretches of items that are drawn from one after the other
}

func newBlueprint(v QuizVersion) *blueprint {
	b := &blueprint{version: v, parts: map[string][]float64{}}
	numbers := map[string]int32{}
	for s, section := range v.Sections {
		for _, frozen := range section.Pools {
			p := pool{section: s, count: frozen.Count, points: frozen.Points, versions: frozen.Versions, items: make([]int32, len(frozen.Versions))}
			for i, version := range frozen.Versions {
				id := question.QuestionOf(version)
				if shared, excluded := frozen.Excludes[version]; excluded {
					id = shared
				}
				n, ok := numbers[id]
				if !ok {
					n = int32(len(numbers))
					numbers[id] = n
				}
				p.items[i] = n
			}
			p.levels = frozen.levels()
			maps.Copy(b.parts, frozen.Parts)
			b.order = append(b.order, len(b.pools))
			b.pools = append(b.pools, p)
		}
	}
	slices.SortStableFunc(b.order, func(i, j int) int {
		return (len(b.pools[i].items) - b.pools[i].count) - (len(b.pools[j].items) - b.pools[j].count)
	})
	return b
}

// levels gives where the use of the pool's questions changes.
func (p FrozenPool) levels() []int {
	var ends []int
	for i := 1; i < min(len(p.Uses), len(p.Versions)); i++ {
		if p.Uses[i] != p.Uses[i-1] {
			ends = append(ends, i)
		}
	}
	return append(ends, len(p.Versions))
}

// spread puts the items of a material where the material stands, from slot first on.
func (b *blueprint) spread(slots []Slot, first int) []Slot {
	if len(b.parts) == 0 {
		return slots
	}
	drawn := slices.Clone(slots[first:])
	slots = slots[:first]
	for _, slot := range drawn {
		for version, points := range b.places(slot.Version, slot.Points) {
			slots = append(slots, Slot{Version: version, Points: points, pool: slot.pool})
		}
	}
	return slots
}

// places gives the versions that stand in a paper for one of a pool, with what each is worth of its points.
func (b *blueprint) places(version string, points float64) iter.Seq2[string, float64] {
	return func(yield func(string, float64) bool) {
		shares, ok := b.parts[version]
		if !ok {
			yield(version, points)
			return
		}
		for i, part := range apportion(points, shares) {
			if !yield(question.SubID(version, i+1), part) {
				return
			}
		}
	}
}

// apportion divides points among items by their shares in whole hundredths, as marks are given: those whose
// fraction is largest get the rest (Hamilton), and none gets nothing. What has not a hundredth for each is
// divided as it falls.
func apportion(points float64, shares []float64) []float64 {
	out := make([]float64, len(shares))
	whole := int(math.Round(100 * points))
	if whole < len(shares) {
		for i, share := range shares {
			out[i] = points * share
		}
		return out
	}
	parts, places, rest := make([]int, len(shares)), make([]int, len(shares)), whole
	for i, share := range shares {
		parts[i], places[i] = max(1, int(float64(whole)*share+1e-9)), i
		rest -= parts[i]
	}
	lost := func(i, j int) int {
		return cmp.Compare(float64(whole)*shares[i]-float64(parts[i]), float64(whole)*shares[j]-float64(parts[j]))
	}
	for ; rest > 0; rest-- {
		parts[slices.MaxFunc(places, lost)]++
	}
	for ; rest < 0; rest++ { // small shares took a hundredth each: from the largest
		parts[slices.Index(parts, slices.Max(parts))]--
	}
	for i, n := range parts {
		out[i] = float64(n) / 100
	}
	return out
}

// matched decides which questions a paper has.
func (b *blueprint) matched(d dice) *matching {
	m := newMatching(b.pools)
	for _, p := range b.order {
		for range b.pools[p].count {
			if !m.pick(d, p) && !m.fill(p) {
				break
			}
		}
	}
	return m
}

// fixed says whether all papers have the same questions in the same order.
func (b *blueprint) fixed() bool {
	return !slices.ContainsFunc(b.pools, func(p pool) bool { return len(p.items) > 1 || b.version.Sections[p.section].Shuffle })
}

func (b *blueprint) draw(seed string) Paper {
	d := newDice(seed)
	m := b.matched(d)
	paper := Paper{Slots: make([]Slot, 0, b.version.Items), Parts: make([]Part, len(b.version.Sections)), Negative: b.version.Settings.NegativeMarks,
		Rule: b.version.Settings.rule()}
	next := 0
	for s, section := range b.version.Sections {
		first := len(paper.Slots)
		for ; next < len(b.pools) && b.pools[next].section == s; next++ {
			for _, place := range m.taken[next] {
				paper.Slots = append(paper.Slots, Slot{Version: b.pools[next].versions[place], Points: b.pools[next].points, pool: next})
			}
		}
		if section.Shuffle {
			shuffle(d, paper.Slots[first:])
		}
		paper.Slots = b.spread(paper.Slots, first)
		paper.Parts[s] = Part{ID: section.ID, Title: section.Title, Instructions: section.Instructions, Limit: section.Limit, From: first + 1, To: len(paper.Slots)}
	}
	for i := range paper.Slots {
		paper.Slots[i].Number = i + 1
		if b.version.Settings.ShuffleOptions {
			paper.Slots[i].order = d.src.Uint64() | 1
		}
	}
	return paper
}
