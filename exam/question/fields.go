package question

// fields is a set of the fields of a content.
type fields uint

const (
	usesOptions fields = 1 << iota // and whether they keep their order
	usesPartial
	usesTruth
	usesBlanks
	usesNumbers
	usesPairs
	usesKeepOrder
	usesModel
	usesRubric
	usesPoints
	usesSubs
)

// clear empties the fields that are not in the set.
func (f fields) clear(c *Content) {
	if f&usesOptions == 0 {
		c.Options = nil
	}
	if f&(usesOptions|usesKeepOrder) == 0 {
		c.KeepOrder = false
	}
	if f&usesPartial == 0 {
		c.Partial, c.PartialShare = "", 0
	}
	if f&usesTruth == 0 {
		c.Truth = false
	}
	if f&usesBlanks == 0 {
		c.Blanks, c.AnyOrder, c.MatchCase, c.Simplified = nil, false, false, false
	}
	if f&usesNumbers == 0 {
		c.Ranges, c.Units, c.UnitPenalty = nil, nil, 0
	}
	if f&usesPairs == 0 {
		c.Pairs = nil
	}
	if f&usesModel == 0 {
		c.Model = ""
	}
	if f&usesPoints == 0 {
		c.Points, c.Synonyms = nil, nil
	}
	if f&usesRubric == 0 {
		c.Rubric, c.Attachments = nil, 0
	}
	if f&usesSubs == 0 {
		c.Subs = nil
	}
}
