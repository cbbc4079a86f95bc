package statistics

// Flag is a reason to look at an item (exam-rules section 5).
type Flag string

// The flags.
const (
	Negative   Flag = "negative"   // those who do well in the rest do worse in it
	TooHard    Flag = "too_hard"   // facility below 0.1
	TooEasy    Flag = "too_easy"   // facility above 0.95
	Distractor Flag = "distractor" // a wrong option was chosen more often than a right one
)

// Flags gives all there are.
func Flags() []Flag { return []Flag{Negative, TooHard, TooEasy, Distractor} }

// The limits of facility; an item on a limit is not flagged.
const (
	LeastFacility = 0.1
	MostFacility  = 0.95
)

// FlagsOf gives the flags of an item, in the order of Flags. right says of each option whether it belongs to the key; an item
// of several right options is flagged where a wrong one was chosen more often than the right one that was chosen least.
func FlagsOf(f Item, c *Choices, right []bool) []Flag {
	var flags []Flag
	if f.Discrimination != nil && *f.Discrimination < 0 {
		flags = append(flags, Negative)
	}
	if f.Facility != nil && *f.Facility < LeastFacility {
		flags = append(flags, TooHard)
	}
	if f.Facility != nil && *f.Facility > MostFacility {
		flags = append(flags, TooEasy)
	}
	if c != nil && c.beaten(right) {
		flags = append(flags, Distractor)
	}
	return flags
}

// beaten says whether a wrong option was chosen more often than a right one.
func (c *Choices) beaten(right []bool) bool {
	least, most := -1, 0
	for i, isRight := range right {
		n := 0
		if i < len(c.Options) {
			n = c.Options[i].All()
		}
		if !isRight {
			most = max(most, n)
		} else if least < 0 || n < least {
			least = n
		}
	}
	return least >= 0 && most > least
}
