package exam

import (
	"cmp"
	"context"
	"slices"

	"qiming/exam/integrity"
	"qiming/internal/fault"
)

// weigh adds what only all attempts together say: norms, pairs, rates.
func (s *Integrity) weigh(ctx context.Context, quizID string, sights []*sight) (*Evidence, error) {
	reads, err := s.readingsOf(ctx, quizID)
	if err != nil {
		return nil, err
	}
	times := make([][]integrity.Timed, len(sights))
	for i, one := range sights {
		times[i] = one.times
	}
	norms := integrity.Norms(times)
	for _, one := range sights {
		seen := reads[one.attempt.ID].sum()
		for kind, value := range map[SignalKind]float64{SignalAway: float64(seen.Away), SignalAwaySeconds: float64(seen.Seconds), SignalPastes: float64(seen.Pastes),
			SignalFast: integrity.Fast(one.times, norms), SignalEven: integrity.Even(one.times)} {
			one.values[kind] = value
		}
		one.values[SignalStill] = integrity.Still(one.answered, seen.Touched)
	}
	hushed(sights)
	compared, pairs := similar(sights)
	for _, p := range pairs {
		compared[p.A].values[SignalSimilar]++
		compared[p.B].values[SignalSimilar]++
	}
	e := &Evidence{Attempts: len(sights), Compared: len(compared), Rows: []Evidenced{}, Pairs: []SimilarPair{}, Bases: []SignalBase{}, all: map[string]Evidenced{}}
	sorted := map[SignalKind][]float64{}
	for _, kind := range signalKinds() {
		list := make([]float64, len(sights))
		for i, one := range sights {
			list[i] = one.values[kind]
		}
		slices.Sort(list)
		sorted[kind] = list
		base := SignalBase{Kind: kind, From: kind.marked(), Rate: rate(list, kind.marked())}
		if n := len(list); n > 0 {
			base.Median = (list[(n-1)/2] + list[n/2]) / 2
			base.Marked = n - below(list, kind.marked())
		}
		e.Bases = append(e.Bases, base)
	}
	if err := s.rows(ctx, e, sights, sorted); err != nil {
		return nil, err
	}
	for _, p := range pairs {
		a, b := e.all[compared[p.A].attempt.ID], e.all[compared[p.B].attempt.ID]
		e.Pairs = append(e.Pairs, SimilarPair{A: a, B: b, Both: p.Both, Shared: p.Shared, Expected: p.Expected, Chance: p.Chance, SameOrg: a.OrgName == b.OrgName})
	}
	return e, nil
}

// rows makes the rows of the attempts.
func (s *Integrity) rows(ctx context.Context, e *Evidence, sights []*sight, sorted map[SignalKind][]float64) error {
	for _, one := range sights {
		a := &one.attempt
		taker, err := s.taker(ctx, a.MemberID)
		if fault.Is(err, fault.NotFound) {
			taker, err = Taker{MemberID: a.MemberID, Path: a.OrgPath}, nil
		}
		if err != nil {
			return err
		}
		row := Evidenced{AttemptID: a.ID, MemberID: a.MemberID, Name: taker.Name, Number: a.Number, Mark: s.watermark(a.ID), Signals: []Signal{}, Limits: one.limits, path: taker.Path, events: one.events}
		if n := len(taker.Path); n > 0 {
			names, err := s.roster.Names(ctx, taker.Path[n-1:])
			if err != nil {
				return err
			}
			row.OrgName = names[taker.Path[n-1]]
		}
		marked := len(one.limits) > 0
		for _, kind := range signalKinds() {
			signal := Signal{Kind: kind, Value: one.values[kind], Rate: rate(sorted[kind], one.values[kind]), Marked: one.values[kind] >= kind.marked()}
			marked = marked || signal.Marked
			row.Signals = append(row.Signals, signal)
		}
		e.all[a.ID] = row
		if marked {
			e.Rows = append(e.Rows, row)
		}
	}
	slices.SortStableFunc(e.Rows, func(a, b Evidenced) int {
		return cmp.Or(cmp.Compare(rarity(a), rarity(b)), cmp.Compare(a.Name, b.Name))
	})
	return nil
}

// rarity orders rows: those whose marked signals are met by the fewest takers come first.
func rarity(e Evidenced) float64 {
	p := 1.0
	for _, s := range e.Signals {
		if s.Marked {
			p *= s.Rate
		}
	}
	return p
}

// below counts the values of a sorted list below a value; rate gives the share that is not.
func below(sorted []float64, value float64) int {
	n, _ := slices.BinarySearch(sorted, value)
	return n
}

func rate(sorted []float64, value float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return float64(len(sorted)-below(sorted, value)) / float64(len(sorted))
}

// similar compares the first attempts that count.
func similar(sights []*sight) ([]*sight, []integrity.Pair) {
	first := map[string]*sight{}
	for _, one := range sights {
		a := &one.attempt
		if have := first[a.MemberID]; a.State.Counts() && (have == nil || a.Number < have.attempt.Number) {
			first[a.MemberID] = one
		}
	}
	var compared []*sight
	items, answers := map[string]int{}, map[string]integrity.Response{}
	for _, one := range sights {
		if first[one.attempt.MemberID] == one {
			compared = append(compared, one)
			for version := range one.wrong {
				if _, ok := items[version]; !ok {
					items[version] = len(items)
				}
			}
		}
	}
	table := make([][]integrity.Response, len(compared))
	for t, one := range compared {
		table[t] = make([]integrity.Response, len(items))
		for version, hash := range one.wrong {
			key := version + hash
			if answers[key] == 0 {
				answers[key] = integrity.Response(len(answers) + 1)
			}
			table[t][items[version]] = answers[key]
		}
	}
	return compared, integrity.Similar(table, similarChance, mostPairs)
}

// hushed takes the sign of stillness away where most takers have it: their pages could not tell, or did not.
func hushed(sights []*sight) {
	still := 0
	for _, one := range sights {
		if one.values[SignalStill] >= SignalStill.marked() {
			still++
		}
	}
	if 2*still >= len(sights) {
		for _, one := range sights {
			one.values[SignalStill] = 0
		}
	}
}
