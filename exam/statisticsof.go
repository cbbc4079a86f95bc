package exam

import (
	"context"
	"iter"
	"slices"

	"qiming/exam/statistics"
	"qiming/policies"
)

// StatisticsAsk says which statistics of a quiz are meant.
type StatisticsAsk struct {
	Org   string // a node with its subtree; "" = all that is reached
	Which Which  // of a member's attempts; "" = the first
}

// Sight is what an actor may see besides statistics.
type Sight struct {
	Bank policies.Scope // questions with their keys
	Rows policies.Scope // results of members by name

	// Unreleased is whose quizzes' scores one may see before they are released: those that one marks, or releases.
	Unreleased policies.Scope
}

// veils says whether the scores of a quiz are not told before their release. Source: exam-rules section 4.
func (s Sight) veils(q Quiz) bool { return !s.Unreleased.Covers(q.OrgPath) }

// summary is a quiz summed up for whoever asks.
type summary struct {
	tally  *tally // as it is told
	within func(path []string) bool
	nodes  []Node
	st     Statistics
	hidden map[string]bool         // nodes of which nothing is told
	scores map[string]bool         // nodes of whose scores nothing is told
	sees   func(orgID string) bool // whose rows are seen
	every  bool                    // all rows are
	items  *tally                  // of which figures of items are told
}

// summarise counts the rows that the actor reaches. Whom the small groups hide is decided over all of them, whatever part is
// asked for: one could ask for part after part.
func (s *Results) summarise(ctx context.Context, actor policies.Actor, quizID string, ask StatisticsAsk, sight Sight) (*summary, error) {
	t, within, err := s.reached(ctx, actor, quizID, "")
	if err != nil {
		return nil, err
	}
	var roots []string
	if !actor.Scope.Everywhere() && !actor.Scope.Covers(t.quiz.OrgPath) {
		roots = actor.Scope
	}
	nodes, err := s.roster.Nodes(ctx, roots)
	if err != nil {
		return nil, err
	}
	paths := make(map[string][]string, len(nodes))
	for _, n := range nodes {
		paths[n.ID] = n.Path
	}
	told := t.as(sight)
	out := &summary{tally: told, items: told, within: within, nodes: nodes, st: Summarise(told.reachedRows(within), nodes)}
	out.every = sight.Rows.Covers(t.quiz.OrgPath) || !slices.ContainsFunc(t.rows, func(r Row) bool { return within(r.OrgPath) && !sight.Rows.Covers(r.OrgPath) })
	out.sees = func(orgID string) bool { return out.every || sight.Rows.Covers(paths[orgID]) }
	out.hidden = smallGroups(out.st.ByOrg, (*OrgCount).concerned, out.sees)
	out.scores = smallGroups(out.st.ByOrg, (*OrgCount).marked, out.sees)
	few := func(n int, every bool) bool { return n > 0 && n < leastTold && !every }
	tooFew, fewMarked := few(max(out.st.Due, out.st.Taken), out.every), few(out.st.Marked, out.every)
	if ask.Org != "" {
		if _, out.within, err = s.reached(ctx, actor, quizID, ask.Org); err != nil {
			return nil, err
		}
		out.nodes = slices.DeleteFunc(slices.Clone(nodes), func(n Node) bool { return !slices.Contains(n.Path, ask.Org) })
		out.st = Summarise(told.reachedRows(out.within), out.nodes)
		tooFew, fewMarked = out.hidden[ask.Org], out.scores[ask.Org]
	}
	if out.st.Which = ask.Which; ask.Which == "" {
		out.st.Which = WhichFirst
	}
	// One could ask for part after part, and way after way: what is not released is counted in one whole alone.
	part := slices.ContainsFunc(t.rows, func(r Row) bool { return within(r.OrgPath) && !out.within(r.OrgPath) })
	if !part && out.st.Which == WhichFirst && sight.Bank.Covers(t.quiz.OrgPath) {
		out.items = t
	}
	for i := range out.st.ByOrg {
		switch c := &out.st.ByOrg[i]; {
		case out.hidden[c.OrgID]:
			c.hide()
		case out.scores[c.OrgID]:
			c.hideScores()
		}
	}
	if tooFew {
		out.st.hide()
	} else if fewMarked {
		out.st.hideScores()
	}
	return out, nil
}

// itemsBeside gives the figures of the items to somebody who knows the attempts of told too: the difference between the two is of no
// attempt, or of leastTold at least, lest it tells a mark. So it is with the attempts that are marked to the end, over which figures
// of totals are.
func (t *tally) itemsBeside(told *tally, which Which, within func(path []string) bool) []ItemFigures {
	items := t.measure(which, within).items()
	if t == told {
		return items
	}
	known := map[string]ItemFigures{}
	for _, item := range told.measure(which, within).items() {
		known[item.Version] = item
	}
	few := func(n int) bool { return n > 0 && n < leastTold }
	for i := range items {
		item := &items[i]
		switch of := known[item.Version]; {
		case few(item.N-of.N) && of.N == 0:
			item.hide()
		case few(item.N - of.N):
			*item = of
		case few(item.Paired - of.Paired):
			item.pairedAs(&of)
		}
	}
	return items
}

// pairedAs leaves of the figures of an item those that need no totals, and takes the others from the same item over fewer attempts.
func (f *ItemFigures) pairedAs(of *ItemFigures) {
	facility, guess := f.Facility, f.RandomGuess
	f.Paired, f.Item, f.Choices = of.Paired, of.Item, of.Choices
	f.Facility, f.RandomGuess = facility, guess
	f.Flags = slices.DeleteFunc(f.Flags, func(flag statistics.Flag) bool {
		return (flag == statistics.Negative || flag == statistics.Distractor) && !slices.Contains(of.Flags, flag)
	})
}

func (t *tally) reachedRows(within func(path []string) bool) iter.Seq[*Row] {
	return func(yield func(*Row) bool) {
		for i := range t.rows {
			if r := &t.rows[i]; within(r.OrgPath) && !yield(r) {
				return
			}
		}
	}
}

// Statistics counts a quiz for the actor's reach below a node. Before the release figures of scores are over what is out, to whom the
// rest is not told; those of the items are over all first attempts to their authors, who have wrong keys to find. While the quiz is open to anybody stems and keys are told only
// where sight.Bank covers it: a leader may be due to take it. Of fewer than leastTold people nothing is told to whom does not
// see the rows.
func (s *Results) Statistics(ctx context.Context, actor policies.Actor, quizID string, ask StatisticsAsk, sight Sight) (Statistics, error) {
	sum, err := s.summarise(ctx, actor, quizID, ask, sight)
	if err != nil {
		return Statistics{}, err
	}
	st := &sum.st
	if st.Hidden || st.FewMarked {
		return *st, nil
	}
	st.Quiz = sum.tally.measure(st.Which, sum.within).quiz()
	st.Items = sum.items.itemsBeside(sum.tally, st.Which, sum.within)
	told := sight.Bank.Covers(sum.tally.quiz.OrgPath)
	if !told {
		if told, err = s.over(ctx, quizID); err != nil {
			return Statistics{}, err
		}
	}
	for i := range st.Items {
		item := &st.Items[i]
		if !told {
			item.untell()
		}
		if item.N < leastTold && !sum.every {
			item.hide()
		}
	}
	return *st, nil
}

// untell leaves out what a taker must not know before the quiz is over.
func (f *ItemFigures) untell() {
	f.Stem = ""
	f.Choices.unjudged()
	if f.Choices != nil {
		for i := range f.Choices.Options {
			f.Choices.Options[i].Text = ""
		}
	}
	f.Flags = slices.DeleteFunc(f.Flags, func(flag statistics.Flag) bool { return flag == statistics.Distractor })
}

// hide leaves of an item what it is.
func (f *ItemFigures) hide() {
	*f = ItemFigures{QuestionID: f.QuestionID, Version: f.Version, Number: f.Number, Key: f.Key, Given: f.Given, Slot: f.Slot, Stem: f.Stem, Kind: f.Kind, Max: f.Max, Flags: []statistics.Flag{}, Hidden: true}
}
