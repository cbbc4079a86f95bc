package question

import (
	"cmp"
	"fmt"
	"slices"

	"qiming/search"
)

// assignment gives texts to blanks that may be answered in any order: a maximum flow from blanks
// through accepted texts to the texts of the response. An accepted text is used once (红、黄、蓝 accepted
// in two gaps: 红 in both fills one), or as often as there are blanks that accept nothing else.
// Blanks are augmented by falling share; the fillable sets of blanks are a matroid, so the result
// earns the most that any assignment earns.
type assignment struct {
	blanks, texts int
	shares        []float64
	accepts       [][]int // by blank: entry of each accepted text
	edges         []edge
	from          [][]int // by node: indexes of its edges
	sink          int
	entries       int
}

type edge struct{ to, left int } // the reverse of edge i is edge i^1

// newAssignment prepares the flow; texts nil asks only which accepted text each blank may use.
func newAssignment(c Content, texts []string) *assignment {
	a := &assignment{blanks: len(c.Blanks), texts: len(texts), shares: BlankShares(c.Blanks)}
	type entry struct {
		pattern
		options search.NormalOptions
		uses    int // blanks that accept nothing else
	}
	var entries []entry
	index := map[string]int{}
	for _, b := range c.Blanks {
		o := blankOptions(c, b)
		own := make([]int, len(b.Accept))
		for j, accept := range b.Accept {
			p := compile(accept, o, b.Tolerance)
			id := fmt.Sprintf("%v %v %s", b.Number, p.tolerance, p.key)
			e, ok := index[id]
			if !ok {
				e = len(entries)
				index[id] = e
				entries = append(entries, entry{pattern: p, options: o})
			}
			own[j] = e
		}
		if len(own) > 0 && !slices.ContainsFunc(own, func(e int) bool { return e != own[0] }) {
			entries[own[0]].uses++
		}
		a.accepts = append(a.accepts, own)
	}
	a.entries = len(entries)
	a.sink = a.blanks + 2*a.entries + a.texts
	a.from = make([][]int, a.sink+1)
	for i, own := range a.accepts {
		for _, e := range own {
			a.connect(i, a.in(e), 1)
		}
	}
	for e, entry := range entries {
		uses := max(entry.uses, 1)
		a.connect(a.in(e), a.out(e), uses)
		if texts == nil {
			a.connect(a.out(e), a.sink, uses)
		}
		for t, text := range texts {
			if entry.accepts(normalResponse(text, entry.options)) {
				a.connect(a.out(e), a.text(t), 1)
			}
		}
	}
	for t := range texts {
		a.connect(a.text(t), a.sink, 1)
	}
	order := make([]int, a.blanks)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(a.shares[j], a.shares[i]) })
	for _, i := range order {
		a.augment(i, make([]bool, len(a.from)))
	}
	return a
}

func (a *assignment) in(e int) int   { return a.blanks + 2*e }
func (a *assignment) out(e int) int  { return a.blanks + 2*e + 1 }
func (a *assignment) text(t int) int { return a.blanks + 2*a.entries + t }

func (a *assignment) connect(from, to, capacity int) {
	a.from[from] = append(a.from[from], len(a.edges))
	a.from[to] = append(a.from[to], len(a.edges)+1)
	a.edges = append(a.edges, edge{to, capacity}, edge{from, 0})
}

// augment pushes one unit from node to the sink if it can.
func (a *assignment) augment(node int, seen []bool) bool {
	if node == a.sink {
		return true
	}
	seen[node] = true
	for _, i := range a.from[node] {
		if a.edges[i].left > 0 && !seen[a.edges[i].to] && a.augment(a.edges[i].to, seen) {
			a.edges[i].left--
			a.edges[i^1].left++
			return true
		}
	}
	return false
}

// solve gives for each blank the index of the accepted text that it uses, or -1.
func (a *assignment) solve() []int {
	out := make([]int, a.blanks)
	for blank := range out {
		out[blank] = slices.Index(a.accepts[blank], a.entryOf(blank))
	}
	return out
}

// entryOf gives the entry that the blank's unit flows to, or -1.
func (a *assignment) entryOf(blank int) int {
	for _, i := range a.from[blank] {
		if i%2 == 0 && a.edges[i^1].left > 0 {
			return (a.edges[i].to - a.blanks) / 2
		}
	}
	return -1
}

// marked gives for each text the blank that it fills, or -1.
func (a *assignment) marked() []int {
	out := make([]int, a.texts)
	for t := range out {
		out[t] = -1
	}
	taken := make([]bool, a.blanks)
	for t := range out {
		for _, i := range a.from[a.text(t)] {
			if i%2 == 0 || a.edges[i].left == 0 {
				continue // the edge to the sink, or an unused one; flow shows on the reverse edge
			}
			e := (a.edges[i].to - a.blanks - 1) / 2
			for blank := range taken { // all blanks of an entry accept its text alike
				if !taken[blank] && a.entryOf(blank) == e {
					taken[blank], out[t] = true, blank
					break
				}
			}
		}
	}
	return out
}
