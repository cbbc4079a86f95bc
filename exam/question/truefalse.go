package question

import "qiming/internal/fault"

// trueFalse is 判断题.
type trueFalse struct{ undivided }

func (trueFalse) prepare(*Content) {}

func (trueFalse) uses() fields { return usesTruth }

func (trueFalse) validate(Content) []fault.Field { return nil }

func (trueFalse) shuffled(Content) int          { return 0 }
func (trueFalse) present(Content, []int, *Item) {}
func (trueFalse) reveal(c Content, key *Key)    { key.Truth = &c.Truth }
func (trueFalse) right(c Content) Response      { return Response{Truth: &c.Truth} }

func (trueFalse) Check(_ Content, r Response) error {
	var p problems
	r.Truth = nil
	p.foreign(r)
	return p.refused()
}

func (trueFalse) Answered(r Response) bool { return r.Truth != nil }

func (trueFalse) Mark(c Content, r Response) Mark {
	if r.Truth != nil && *r.Truth == c.Truth {
		return Mark{Fraction: 1}
	}
	return Mark{}
}
