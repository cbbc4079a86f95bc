package search

// Pool counts in how many answers to a question each term stands.
type Pool struct {
	answers int
	with    map[string]int
}

// NewPool makes a pool of answers.
func NewPool(answers []string) *Pool {
	p := &Pool{with: map[string]int{}}
	for _, a := range answers {
		set := termSet(a)
		if len(set) == 0 {
			continue
		}
		p.answers++
		for t := range set {
			p.with[t]++
		}
	}
	return p
}

// popularity gives the factor of a term's weight, 0..1: with no answers, all terms have the same.
func (p *Pool) popularity(t string) float64 {
	if p == nil {
		return 1
	}
	share := (float64(p.with[t]) + popularPrior/2) / (float64(p.answers) + popularPrior)
	return 1 - popularShare + popularShare*share
}
