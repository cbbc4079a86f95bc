package querylog

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/search"
)

// Limits of what is kept of searches in vain: whoever asks nonsense by the thousand pushes out old nonsense only.
const (
	missedFor = 180 * 24 * time.Hour // after the last time
	maxMissed = 10_000               // of all organisations together
)

// missed counts what was looked for in vain in an organisation; its id is organisation and key.
type missed struct {
	store.Meta `bson:",inline"`
	OrgID      string    `bson:"org_id"`
	Key        string    `bson:"key"` // see keyOf
	Q          string    `bson:"q"`   // as they were written last
	Times      int       `bson:"times"`
	First      time.Time `bson:"first"`
	Last       time.Time `bson:"last"`
}

// Missed is what was looked for in vain, by whatever organisations together.
type Missed struct {
	Key   string    `json:"key"`
	Q     string    `json:"q"`
	Times int       `json:"times"`
	First time.Time `json:"first"`
	Last  time.Time `json:"last"`
}

// keyOf names words by the terms that the index looks for, so that ways of writing them count together; "" where there
// are only signs.
func keyOf(q string) string {
	terms, _ := search.Cut(q)
	if len(terms) == 0 {
		return ""
	}
	sum := sha256.Sum256([]byte(strings.Join(terms, " ")))
	return hex.EncodeToString(sum[:12])
}

// Miss counts a search that found nothing for somebody of an organisation.
func (l *Log) Miss(ctx context.Context, orgID, q string) error {
	q = words(q)
	key := keyOf(q)
	if key == "" {
		return nil
	}
	now := l.clock.Now()
	id := orgID + ":" + key
	for {
		_, err := l.missed.Update(ctx, id, func(m *missed) error {
			m.Q, m.Last = q, now
			m.Times++
			return nil
		})
		if !fault.Is(err, fault.NotFound) {
			return err
		}
		err = l.missed.Insert(ctx, &missed{Meta: store.Meta{ID: id}, OrgID: orgID, Key: key, Q: q, Times: 1, First: now, Last: now})
		if !fault.Is(err, fault.Exists) {
			return err
		}
	}
}

// Missed gives what was looked for in vain since a time in the organisations that within says yes to, the most frequent
// first.
func (l *Log) Missed(ctx context.Context, since time.Time, within func(orgID string) (bool, error)) ([]Missed, error) {
	sums := map[string]*Missed{}
	for m, err := range l.missed.Find(ctx, store.Query[missed]{Index: "last", From: since, Desc: true}) {
		if err != nil {
			return nil, err
		}
		if yes, err := within(m.OrgID); err != nil {
			return nil, err
		} else if !yes {
			continue
		}
		sum := sums[m.Key]
		if sum == nil {
			sum = &Missed{Key: m.Key, Q: m.Q, First: m.First, Last: m.Last}
			sums[m.Key] = sum
		}
		sum.Times += m.Times
		if m.First.Before(sum.First) {
			sum.First = m.First
		}
	}
	out := make([]Missed, 0, len(sums))
	for _, sum := range sums {
		out = append(out, *sum)
	}
	slices.SortFunc(out, func(a, b Missed) int {
		return cmp.Or(cmp.Compare(b.Times, a.Times), b.Last.Compare(a.Last), cmp.Compare(a.Key, b.Key))
	})
	return out, nil
}

// Settle takes words out of what was looked for in vain, in the organisations that within says yes to.
func (l *Log) Settle(ctx context.Context, key string, within func(orgID string) (bool, error)) error {
	return l.deleteMissed(ctx, store.Query[missed]{Index: "last", Match: func(m *missed) bool { return m.Key == key }}, within)
}

// Sweep forgets searches in vain that are old or too many; a job calls it now and then.
func (l *Log) Sweep(ctx context.Context) error {
	every := func(string) (bool, error) { return true, nil }
	if err := l.deleteMissed(ctx, store.Query[missed]{Index: "last", To: l.clock.Now().Add(-missedFor)}, every); err != nil {
		return err
	}
	n, err := l.missed.Count(ctx, store.Query[missed]{Index: "last"})
	if err != nil || n <= maxMissed {
		return err
	}
	return l.deleteMissed(ctx, store.Query[missed]{Index: "last", Limit: n - maxMissed}, every)
}

func (l *Log) deleteMissed(ctx context.Context, q store.Query[missed], within func(orgID string) (bool, error)) error {
	var ids []string
	for m, err := range l.missed.Find(ctx, q) {
		if err != nil {
			return err
		}
		if yes, err := within(m.OrgID); err != nil {
			return err
		} else if yes {
			ids = append(ids, m.ID)
		}
	}
	for _, id := range ids {
		if err := l.missed.Delete(ctx, id); err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}
