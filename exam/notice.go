package exam

import (
	"context"
	"slices"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

// notice is what a proctor tells takers: those of Attempts, those of an organisation with its subtree, or (with
// neither) all. Only attempts that ran when it was sent show it.
type notice struct {
	store.Meta `bson:",inline"`
	QuizID     string    `bson:"quiz_id" json:"quiz_id"`
	Attempts   []string  `bson:"attempts,omitempty" json:"attempts,omitempty"`
	OrgID      string    `bson:"org_id,omitempty" json:"org_id,omitempty"`
	Text       string    `bson:"text" json:"text"`
	By         string    `bson:"by" json:"by"` // account
	At         time.Time `bson:"at" json:"at"`
}

// maxNotices is how many a quiz may send in all.
const maxNotices = 200

// Notice is a message of the proctor's as its taker sees it.
type Notice struct {
	ID   string    `json:"id"`
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

// noticesFor gives the messages to an attempt, oldest first.
func noticesFor(list []notice, a *Attempt) []Notice {
	var out []Notice
	for i := range list {
		if n := &list[i]; n.isFor(a.ID, a.OrgPath, a.StartedAt, a.EndedAt) {
			out = append(out, Notice{ID: n.ID, Text: n.Text, At: n.At})
		}
	}
	return out
}

func (n *notice) isFor(attempt string, path []string, started time.Time, ended *time.Time) bool {
	ran := !n.At.Before(started) && (ended == nil || n.At.Before(*ended))
	return ran && (n.OrgID == "" || slices.Contains(path, n.OrgID)) && (len(n.Attempts) == 0 || slices.Contains(n.Attempts, attempt))
}

// newestFor gives the id of the newest message to an attempt, "" = none.
func newestFor(list []notice, attempt string, path []string, started time.Time, ended *time.Time) string {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].isFor(attempt, path, started, ended) {
			return list[i].ID
		}
	}
	return ""
}

// reading notes which message a taker has read last, and what the taker's pages noticed; its id is the attempt's.
type reading struct {
	store.Meta `bson:",inline"`
	QuizID     string             `bson:"quiz_id" json:"quiz_id"`
	Notice     string             `bson:"notice" json:"notice"`
	At         time.Time          `bson:"at" json:"at"` // of the message that was read
	Pages      map[string]Noticed `bson:"pages,omitempty" json:"pages,omitempty"`
}

// ReadNotice notes that the taker has read a message and those before it. It is idempotent.
func (s *Attempts) ReadNotice(ctx context.Context, actor policies.Actor, id, noticeID string) error {
	f, err := s.own(ctx, actor, id)
	if err != nil {
		return err
	}
	state, err := s.quiz(ctx, f.quizID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(state.notices, func(n notice) bool { return n.ID == noticeID })
	if i < 0 {
		return fault.New(fault.NotFound, "notice.not_found", "notice %s", noticeID)
	}
	at := state.notices[i].At
	_, err = s.readings.Update(ctx, id, func(r *reading) error {
		if !r.At.Before(at) {
			return store.ErrUnchanged
		}
		r.Notice, r.At = noticeID, at
		return nil
	})
	if fault.Is(err, fault.NotFound) {
		err = s.readings.Insert(ctx, &reading{Meta: store.Meta{ID: id}, QuizID: f.quizID, Notice: noticeID, At: at})
	}
	if fault.Is(err, fault.Exists) {
		err = nil // another tab
	}
	return err
}

// tell sends a message.
func (d *desk) tell(ctx context.Context, actor policies.Actor, quizID string, o Order) (*Notice, error) {
	n, err := d.notices.Count(ctx, store.Query[notice]{Index: "quiz", Eq: map[string]any{"quiz_id": quizID}})
	if err != nil {
		return nil, err
	}
	if n >= maxNotices {
		return nil, fault.New(fault.TooMany, "notice.too_many", "%d messages", n).With("max", maxNotices)
	}
	defer d.forget(quizID)
	sent := notice{Meta: store.Meta{ID: ident.New()}, QuizID: quizID, Attempts: o.Attempts, OrgID: o.Org, Text: o.Text, By: actor.AccountID, At: d.clock.Now()}
	if err := d.notices.Insert(ctx, &sent); err != nil {
		return nil, err
	}
	return &Notice{ID: sent.ID, Text: sent.Text, At: sent.At}, nil
}
