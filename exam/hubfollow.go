package exam

import (
	"cmp"
	"context"
	"strconv"
	"strings"
	"time"

	"qiming/internal/store"
)

// look brings the rows up to date.
func (h *hub) look(ctx context.Context) error {
	d, now := h.desk, h.desk.clock.Now()
	if now.Sub(h.renewedAt) >= renewEvery || now.Before(h.renewedAt) {
		err := put(ctx, d.watching, h.quizID, &watched{Meta: store.Meta{ID: h.quizID}}, func(w *watched) { w.Until = now.Add(watchedFor) })
		if err != nil {
			return err
		}
		h.renewedAt = now
	}
	if h.due == nil || now.Sub(h.rosterAt) >= rosterEvery || now.Before(h.rosterAt) {
		if err := h.roll(ctx); err != nil {
			return err
		}
		h.rosterAt = now
	}
	if err := h.followAttempts(ctx); err != nil {
		return err
	}
	if err := h.followReadings(ctx); err != nil {
		return err
	}
	heard, err := d.heardOf(ctx, h.quizID, now)
	if err != nil {
		return err
	}
	return h.number(ctx, heard, now)
}

// roll reads who is due.
func (h *hub) roll(ctx context.Context) error {
	state, err := h.desk.quiz(ctx, h.quizID)
	if err != nil {
		return err
	}
	b, err := h.desk.blueprint(ctx, h.quizID, state.quiz.Number)
	if err != nil {
		return err
	}
	due, err := h.desk.roster.Due(ctx, b.version.Audience)
	if err != nil {
		return err
	}
	h.due = make(map[string]Taker, len(due))
	for _, t := range due {
		h.due[t.MemberID] = t
	}
	return nil
}

// feed reads the ids that changed since a position; all gives everything, from a position before it.
func feed[T any](ctx context.Context, c store.Collection[T], since *string, prefix string, all func() error, some func(ids []string) error) error {
	if *since == "" {
		head, err := store.Head(ctx, c)
		if err == nil {
			err = all()
		}
		if err == nil {
			*since = cmp.Or(head, "0")
		}
		return err
	}
	const most = 1000
	for {
		changes, err := c.Changes(ctx, *since, most)
		if err != nil || len(changes) == 0 {
			return err
		}
		var ids []string
		for _, change := range changes {
			if strings.HasPrefix(change.ID, prefix) {
				ids = append(ids, change.ID)
			}
		}
		if err := some(ids); err != nil {
			return err
		}
		*since = changes[len(changes)-1].Seq
		if len(changes) < most {
			return nil
		}
	}
}

func (h *hub) followAttempts(ctx context.Context) error {
	d := h.desk
	take := func(a *Attempt) error {
		f, err := d.factsOf(ctx, a)
		if err == nil {
			h.attempts[a.ID] = a.onBoard(len(f.paper.Slots))
		}
		return err
	}
	return feed(ctx, d.attempts.Collection, &h.since, h.quizID+":", func() error {
		clear(h.attempts)
		return d.ofQuiz(ctx, h.quizID, "", take)
	}, func(ids []string) error {
		found, err := d.attempts.GetMany(ctx, ids)
		if err != nil {
			return err
		}
		for _, id := range ids {
			a, ok := found[id]
			if !ok {
				delete(h.attempts, id)
				continue
			}
			if err := a.unpack(); err != nil {
				return err
			}
			if err := take(&a); err != nil {
				return err
			}
		}
		return nil
	})
}

func (h *hub) followReadings(ctx context.Context) error {
	d := h.desk
	return feed(ctx, d.readings, &h.readSince, h.quizID+":", func() error {
		for r, err := range d.readings.Find(ctx, store.Query[reading]{Index: "quiz", Eq: map[string]any{"quiz_id": h.quizID}}) {
			if err != nil {
				return err
			}
			h.reads[r.ID] = r
		}
		return nil
	}, func(ids []string) error {
		found, err := d.readings.GetMany(ctx, ids)
		for id, r := range found {
			h.reads[id] = r
		}
		return err
	})
}

// number compares the rows with those before and numbers what changed.
func (h *hub) number(ctx context.Context, heard map[string]time.Time, now time.Time) error {
	state, err := h.desk.quiz(ctx, h.quizID)
	if err != nil {
		return err
	}
	latest := make(map[string]BoardRow, len(h.due))
	number := func(id string) int { n, _ := strconv.Atoi(id[strings.LastIndexByte(id, ':')+1:]); return n }
	for id, row := range h.attempts {
		if row.State == BoardState(Void) {
			continue
		}
		if other, ok := latest[row.MemberID]; ok && number(other.AttemptID) > number(id) {
			continue
		}
		row.Read, row.Away = h.reads[id].Notice, h.reads[id].sum().Away
		row.Told = newestFor(state.notices, id, row.path, row.started, row.EndedAt)
		row.touch(heard[id], now)
		latest[row.MemberID] = row
	}
	orgs := map[string]bool{}
	for member, t := range h.due {
		row, ok := latest[member]
		if !ok {
			row = BoardRow{MemberID: member, State: BoardAbsent}
		}
		row.Name, row.path = t.Name, t.Path
		latest[member] = row
	}
	for member, row := range latest {
		if _, ok := h.due[member]; !ok {
			if t, err := h.desk.taker(ctx, member); err == nil {
				row.Name, row.path = t.Name, t.Path
			}
		}
		if n := len(row.path); n > 0 {
			row.OrgID = row.path[n-1]
			orgs[row.OrgID] = true
		}
		latest[member] = row
	}
	ids := make([]string, 0, len(orgs))
	for id := range orgs {
		ids = append(ids, id)
	}
	names, err := h.desk.roster.Names(ctx, ids)
	if err != nil {
		return err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	next, any := h.seq+1, h.seq == 0
	for member, row := range latest {
		row.OrgName = names[row.OrgID]
		if have, ok := h.rows[member]; !ok || have.gone || !have.row.same(&row) {
			h.rows[member] = &numbered{row: row, seq: next}
			any = true
		}
	}
	for member, have := range h.rows {
		if _, ok := latest[member]; !ok && !have.gone {
			have.gone, have.seq, any = true, next, true
		}
	}
	if any {
		h.seq = next
		close(h.changed)
		h.changed = make(chan struct{})
	}
	return nil
}
