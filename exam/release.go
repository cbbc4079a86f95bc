package exam

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

// Releases shows results to the members of a quiz whose scores wait for it: all at once, or in waves by organisation
// or by name, now or at a time.
type Releases struct{ *desk }

// mostChosen is the longest list of organisations, or of members, that one wave names.
const mostChosen = 500

// Preview counts what a release would do now; it writes nothing.
func (s *Releases) Preview(ctx context.Context, actor policies.Actor, quizID string, wish WaveWish) (WavePreview, error) {
	out := WavePreview{ByOrg: []WaveOrg{}}
	if _, err := s.seen(ctx, actor, quizID); err != nil {
		return out, err
	}
	if err := s.check(ctx, wish); err != nil {
		return out, err
	}
	byOrg := map[string]*WaveOrg{}
	err := s.ofQuiz(ctx, quizID, "", func(a *Attempt) error {
		path, err := s.place(ctx, a)
		if err != nil || !wish.takes(a.MemberID, path) || len(path) == 0 {
			return err
		}
		id := path[len(path)-1]
		if byOrg[id] == nil {
			byOrg[id] = &WaveOrg{OrgID: id}
		}
		byOrg[id].add(a)
		out.add(a)
		return nil
	})
	if err != nil {
		return out, err
	}
	for _, one := range byOrg {
		if one.WaveCount != (WaveCount{}) {
			out.ByOrg = append(out.ByOrg, *one)
		}
	}
	ids := make([]string, len(out.ByOrg))
	for i, one := range out.ByOrg {
		ids[i] = one.OrgID
	}
	names, err := s.roster.Names(ctx, ids)
	for i := range out.ByOrg {
		out.ByOrg[i].Name = names[out.ByOrg[i].OrgID]
	}
	slices.SortFunc(out.ByOrg, func(a, b WaveOrg) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.OrgID, b.OrgID)) })
	return out, err
}

// check refuses a wish for organisations or members that do not exist, or for a time that is over.
func (s *Releases) check(ctx context.Context, wish WaveWish) error {
	var fields []fault.Field
	for path, list := range map[string][]string{"orgs": wish.Orgs, "members": wish.Members} {
		if len(list) > mostChosen {
			fields = append(fields, fault.Field{Path: path, Key: "too_many", Params: map[string]any{"max": mostChosen}})
		}
	}
	if len(fields) == 0 {
		names, err := s.roster.Names(ctx, wish.Orgs)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(wish.Orgs, func(id string) bool { return names[id] == "" }) {
			fields = append(fields, fault.Field{Path: "orgs", Key: "unknown"})
		}
		for _, id := range wish.Members {
			_, err := s.taker(ctx, id)
			if fault.Is(err, fault.NotFound) {
				fields = append(fields, fault.Field{Path: "members", Key: "unknown"})
				break
			}
			if err != nil {
				return err
			}
		}
	}
	if wish.At != nil && wish.At.Before(s.clock.Now()) {
		fields = append(fields, fault.Field{Path: "at", Key: "past"})
	}
	if len(fields) > 0 {
		return fault.Bad("release.invalid", fields)
	}
	return nil
}

// Release shows the results of all attempts that are marked among those whom the wish takes in, now or at its time;
// what is marked later waits for another release. A crash leaves the wave planned, and the sweep goes on.
func (s *Releases) Release(ctx context.Context, actor policies.Actor, quizID string, wish WaveWish) (Wave, error) {
	q, err := s.seen(ctx, actor, quizID)
	if err != nil {
		return Wave{}, err
	}
	if err := s.check(ctx, wish); err != nil {
		return Wave{}, err
	}
	w := Wave{Meta: store.Meta{ID: ident.New()}, QuizID: quizID, Orgs: wish.Orgs, Members: wish.Members, At: s.clock.Now(), State: WavePlanned, By: actor.AccountID, ByName: actor.Name}
	if wish.At != nil {
		w.At = *wish.At
	}
	detail := []string{"at", w.At.UTC().Format(time.RFC3339)}
	if len(w.Orgs) > 0 {
		detail = append(detail, "orgs", strings.Join(w.Orgs, " "))
	}
	if len(w.Members) > 0 {
		detail = append(detail, "members", strconv.Itoa(len(w.Members)))
	}
	err = s.recorded(ctx, actor, "quiz.release", &q, func() error {
		if err := s.waves.Insert(ctx, &w); err != nil || wish.At != nil {
			return err
		}
		w, err = s.carryOut(ctx, w)
		return err
	}, detail...)
	return w, err
}

// List gives the waves of a quiz, the newest first.
func (s *Releases) List(ctx context.Context, actor policies.Actor, quizID string) ([]Wave, error) {
	if _, err := s.seen(ctx, actor, quizID); err != nil {
		return nil, err
	}
	list := []Wave{}
	for w, err := range s.waves.Find(ctx, store.Query[Wave]{Index: "quiz", Eq: map[string]any{"quiz_id": quizID}}) {
		if err != nil {
			return nil, err
		}
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b Wave) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID)) })
	return list, nil
}

// Cancel calls off a wave whose time has not come.
func (s *Releases) Cancel(ctx context.Context, actor policies.Actor, quizID, id string) (Wave, error) {
	q, err := s.seen(ctx, actor, quizID)
	if err != nil {
		return Wave{}, err
	}
	w, err := s.waves.Get(ctx, id)
	if fault.Is(err, fault.NotFound) || err == nil && w.QuizID != quizID {
		return w, fault.New(fault.NotFound, "release.not_found", "release %s", id)
	}
	if err != nil {
		return w, err
	}
	err = s.recorded(ctx, actor, "quiz.cancel_release", &q, func() error {
		w, err = s.waves.Update(ctx, id, func(w *Wave) error {
			if w.State == WavePlanned && !w.At.After(s.clock.Now()) {
				return WaveDone.To(WaveCancelled) // it is being carried out
			}
			if err := w.State.To(WaveCancelled); err != nil {
				return err
			}
			w.State = WaveCancelled
			return nil
		})
		return err
	}, "at", w.At.UTC().Format(time.RFC3339))
	return w, err
}

// resumeWaves carries out the waves whose time has come.
func (d *desk) resumeWaves(ctx context.Context) error {
	for w, err := range d.waves.Find(ctx, store.Query[Wave]{Index: "state", Eq: map[string]any{"state": string(WavePlanned)}, To: d.clock.Now().Add(time.Millisecond)}) {
		if err == nil {
			_, err = d.carryOut(ctx, w)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// carryOut releases what a wave takes in. It is idempotent, and safe in several processes at once.
func (d *desk) carryOut(ctx context.Context, w Wave) (Wave, error) {
	now, wish := d.clock.Now(), w.wish()
	var ids []string
	pending := 0
	for _, state := range []State{Grading, Graded} {
		err := d.ofQuiz(ctx, w.QuizID, state, func(a *Attempt) error {
			path, err := d.place(ctx, a)
			switch {
			case err != nil || !wish.takes(a.MemberID, path):
				return err
			case state == Grading:
				pending++
			default:
				ids = append(ids, a.ID)
			}
			return nil
		})
		if err != nil {
			return w, err
		}
	}
	var released atomic.Int64
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(sweepers)
	for _, id := range ids {
		group.Go(func() error {
			shown := false
			_, err := d.attempts.Update(gctx, id, func(a *Attempt) error {
				if shown = a.State == Graded; !shown {
					return store.ErrUnchanged // marked anew or released meanwhile
				}
				return a.release(sitting{key: d.receiptKey}, w.By, now)
			})
			if err == nil && shown {
				released.Add(1)
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return w, err
	}
	done := int(released.Load())
	_, err := d.quizzes.Update(ctx, w.QuizID, func(q *Quiz) error {
		if done == 0 && (q.ReleasedAt != nil || !wish.whole()) {
			return store.ErrUnchanged // nothing was left to release: the day of the release stays
		}
		q.ReleasedAt = &now
		return nil
	})
	if err != nil && !fault.Is(err, fault.NotFound) {
		return w, err
	}
	d.forget(w.QuizID)
	return d.waves.Update(ctx, w.ID, func(w *Wave) error {
		if w.State.To(WaveDone) != nil {
			return store.ErrUnchanged // another process was quicker
		}
		w.State, w.DoneAt, w.Released, w.Pending = WaveDone, &now, done, pending
		return nil
	})
}
