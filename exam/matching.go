package exam

// matching gives questions to pools, each question to one pool at most; questions that exclude each other
// count as one. Where the questions of a
// pool are all taken, it moves others along an augmenting path (Kuhn 1955): whatever can be filled
// at all is filled.
type matching struct {
	pools []pool
	taken [][]int32     // by pool: places in pool.items, in the order of drawing
	owner map[int32]int // question -> pool
	seen  []bool        // pools on the path at hand
}

func newMatching(pools []pool) *matching {
	total := 0
	for _, p := range pools {
		total += p.count
	}
	return &matching{pools: pools, taken: make([][]int32, len(pools)), owner: make(map[int32]int, total)}
}

// pick gives pool p one more question that is free, each equally likely among those of the first level
// that has any; false where there is none.
func (m *matching) pick(d dice, p int) bool {
	from := 0
	for _, to := range m.pools[p].levels {
		if m.pickWithin(d, p, from, to) {
			return true
		}
		from = to
	}
	return false
}

// pickWithin is pick among the places from..to-1 of the pool.
func (m *matching) pickWithin(d dice, p, from, to int) bool {
	items := m.pools[p].items[from:to]
	if len(items) == 0 {
		return false
	}
	// Most pools are much larger than what is taken of them: guess first, then look.
	for range 4 {
		place := d.below(len(items))
		if _, taken := m.owner[items[place]]; !taken {
			m.take(p, int32(from+place))
			return true
		}
	}
	free := make([]int32, 0, len(items))
	for place, q := range items {
		if _, taken := m.owner[q]; !taken {
			free = append(free, int32(from+place))
		}
	}
	if len(free) == 0 {
		return false
	}
	m.take(p, free[d.below(len(free))])
	return true
}

func (m *matching) take(p int, place int32) {
	m.owner[m.pools[p].items[place]] = p
	m.taken[p] = append(m.taken[p], place)
}

// fill gives pool p one more question, moving questions of other pools if it must; false where
// that cannot be done without taking one away from another pool.
func (m *matching) fill(p int) bool {
	if m.seen == nil {
		m.seen = make([]bool, len(m.pools))
	}
	clear(m.seen)
	place, ok := m.free(p)
	if ok {
		m.take(p, place)
	}
	return ok
}

// free finds a question that pool p may take: one that nobody has, or one whose owner can take
// another instead.
func (m *matching) free(p int) (int32, bool) {
	m.seen[p] = true
	items := m.pools[p].items
	for place, q := range items {
		if _, taken := m.owner[q]; !taken {
			return int32(place), true
		}
	}
	for place, q := range items {
		r := m.owner[q]
		if m.seen[r] {
			continue
		}
		other, ok := m.free(r)
		if !ok {
			continue
		}
		for i, had := range m.taken[r] {
			if m.pools[r].items[had] == q {
				m.taken[r][i] = other
			}
		}
		m.owner[m.pools[r].items[other]] = r
		delete(m.owner, q)
		return int32(place), true
	}
	return 0, false
}

// Shortage says that the bank cannot fill an entry of a quiz.
type Shortage struct {
	Section int `json:"section"` // from 1
	Entry   int `json:"entry"`   // within the section, from 1
	Rule    int `json:"rule"`    // over the whole quiz, from 1: "rule 3 wants 10, the bank has 7"
	Wanted  int `json:"wanted"`
	Have    int `json:"have"`  // what is left for this entry once the entries before it are filled
	Pool    int `json:"pool"`  // what the bank holds for it alone, of questions that exclude each other one; above Have where entries want the same questions
	Found   int `json:"found"` // all that it may draw; above Pool where questions exclude each other
}

// shortages gives what is missing, in the order of the entries; none means that every draw is full.
func (b *blueprint) shortages() []Shortage {
	m := newMatching(b.pools)
	list := []Shortage{}
	entry, section := 0, -1
	for p := range b.pools {
		if b.pools[p].section != section {
			section, entry = b.pools[p].section, 0
		}
		entry++
		for len(m.taken[p]) < b.pools[p].count && m.fill(p) {
		}
		if have := len(m.taken[p]); have < b.pools[p].count {
			list = append(list, Shortage{Section: section + 1, Entry: entry, Rule: p + 1, Wanted: b.pools[p].count, Have: have, Pool: b.pools[p].distinct(), Found: len(b.pools[p].versions)})
		}
	}
	return list
}

// distinct counts the questions of the pool.
func (p pool) distinct() int {
	seen := make(map[int32]bool, len(p.items))
	for _, q := range p.items {
		seen[q] = true
	}
	return len(seen)
}
