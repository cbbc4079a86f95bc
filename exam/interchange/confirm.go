package interchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// lock is held by the import that is writing to a bank, so that two files at once cannot both bring
// the same question. The id is the organisation node.
type lock struct {
	store.Meta `bson:",inline"`
	ImportID   string    `bson:"import_id" json:"import_id"`
	Done       int       `bson:"done,omitempty" json:"done,omitempty"` // of the act at hand
	All        int       `bson:"all,omitempty" json:"all,omitempty"`
	Until      time.Time `bson:"until" json:"until"` // after it another import may take over
}

const lockLife = 3 * time.Minute // the largest file is written in one

// hold takes the lock of a bank for an import: fault.Conflict, "import.busy", while another has it.
func (s *Service) hold(ctx context.Context, m Import) (release func(), err error) {
	mine := lock{Meta: store.Meta{ID: m.OrgID}, ImportID: m.ID, Until: s.clock.Now().Add(lockLife)}
	fresh := mine
	if err = s.locks.Insert(ctx, &fresh); fault.Is(err, fault.Exists) {
		_, err = s.locks.Update(ctx, m.OrgID, func(l *lock) error {
			if l.ImportID != "" && l.ImportID != m.ID && s.clock.Now().Before(l.Until) {
				return fault.New(fault.Conflict, "import.busy", "import %s is writing to the bank of %s", l.ImportID, m.OrgID)
			}
			l.ImportID, l.Until, l.Done, l.All = mine.ImportID, mine.Until, 0, 0
			return nil
		})
	}
	if err != nil {
		return nil, err
	}
	return func() {
		_, _ = s.locks.Update(context.WithoutCancel(ctx), m.OrgID, func(l *lock) error { // a lock left behind runs out
			if l.ImportID != m.ID {
				return store.ErrUnchanged
			}
			l.ImportID = ""
			return nil
		})
	}, nil
}

// Progress is how far the confirm or the undo of an import is, in questions. All is 0 before it is known and after
// the act has ended.
type Progress struct {
	State State `json:"state" enum:"previewed,confirming,confirmed,undoing,undone"`
	Done  int   `json:"done"`
	All   int   `json:"all"`
}

// Progress tells how far an import is that some process is writing.
func (s *Service) Progress(ctx context.Context, actor policies.Actor, id string) (Progress, error) {
	m, err := s.Get(ctx, actor, id)
	if err != nil {
		return Progress{}, err
	}
	out := Progress{State: m.State}
	l, err := s.locks.Get(ctx, m.OrgID)
	if err == nil && l.ImportID == m.ID {
		out.Done, out.All = l.Done, l.All
	}
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return out, err
}

// tell keeps fifty times how far an import is, and its lock alive. That a line of progress is lost stops nothing.
func (s *Service) tell(ctx context.Context, m Import, progress func(done, all int)) func(done, all int) {
	return func(done, all int) {
		if done == all || done%max(all/50, 1) == 0 {
			_, _ = s.locks.Update(ctx, m.OrgID, func(l *lock) error {
				if l.ImportID != m.ID || l.All == all && l.Done >= done {
					return store.ErrUnchanged
				}
				l.Done, l.All, l.Until = done, all, s.clock.Now().Add(lockLife)
				return nil
			})
		}
		if progress != nil {
			progress(done, all)
		}
	}
}

// Confirm writes the new questions of a previewed import as one batch. What is new is decided again,
// once, at this moment; from then on the decision stands, so that an interrupted confirm goes on where
// it was. Confirming a confirmed import changes nothing. progress may be nil.
func (s *Service) Confirm(ctx context.Context, actor policies.Actor, id string, progress func(done, all int)) (Import, error) {
	m, err := s.Get(ctx, actor, id)
	if err != nil || m.State == Confirmed {
		return m, err
	}
	if m.State != Previewed && m.State != Confirming {
		return m, errState(m, string(Previewed))
	}
	release, err := s.hold(ctx, m)
	if err != nil {
		return m, err
	}
	defer release()
	p, err := s.records(ctx, m)
	if err != nil {
		return m, err
	}
	if m.State == Previewed {
		m, err = s.decide(ctx, actor, m, p)
	} else {
		err = s.storeFiles(ctx, m, p)
	}
	if err != nil {
		return m, err
	}
	return s.write(ctx, actor, m, p, progress)
}

// decide fixes what a confirm will write. The files come first: where there is no room for them, the import stays
// as it was.
func (s *Service) decide(ctx context.Context, actor policies.Actor, m Import, p Parsed) (_ Import, err error) {
	if _, err := s.look(ctx, actor, &m, p); err != nil {
		return m, err
	}
	if m.Report.Imported == 0 && m.Report.Questions == 0 {
		return m, fault.New(fault.Conflict, "import.nothing", "the file of import %s holds no questions", m.ID)
	}
	if err := s.storeFiles(ctx, m, p); err != nil {
		return m, err
	}
	fresh := m
	act := question.Act{Action: "import.confirm", Object: "import:" + m.ID, Name: m.File,
		Detail: map[string]string{"sha256": m.SHA256, "new": strconv.Itoa(m.Report.Imported), "questions": strconv.Itoa(m.Report.Questions)}}
	err = s.trail.Act(ctx, actor, act, func() error {
		m, err = s.imports.Update(ctx, m.ID, func(o *Import) error {
			if o.State != Previewed && o.State != Confirming {
				return errState(*o, string(Previewed))
			}
			if o.State == Previewed {
				o.State, o.Report, o.Codes, o.Outcomes, o.AccountID = Confirming, fresh.Report, fresh.Codes, fresh.Outcomes, actor.AccountID
			}
			return nil
		})
		return err
	})
	return m, err
}

// write puts the questions that were decided on into the bank. It may run again at any time.
func (s *Service) write(ctx context.Context, actor policies.Actor, m Import, p Parsed, progress func(done, all int)) (Import, error) {
	base, err := s.base(ctx, actor, m.OrgID, m.CategoryID)
	if err != nil {
		return m, err
	}
	filing, err := s.fileUnder(ctx, actor, &m, p, base)
	if err != nil {
		return m, err
	}
	var items []question.NewQuestion
	for i, r := range p.Records {
		if m.outcome(i) != Fresh {
			continue
		}
		items = append(items, question.NewQuestion{CategoryID: filing[filingKey(r.Item.Category)], Tags: r.Item.Tags, Content: r.Item.Content,
			Origin: origin(m.File, r.Item), ExternalID: r.Item.ExternalID, Points: r.Item.Points,
			ValidUntil: r.Item.ValidUntil, Basis: r.Item.Basis, Passages: r.Item.Passages})
	}
	batch := question.Batch{ID: m.ID, OrgID: m.OrgID, Status: m.Status}
	told := s.tell(ctx, m, progress)
	batch.Progress = func(done int) { told(done, len(items)) }
	if len(items) > 0 {
		if _, err := s.bank.InsertBatch(ctx, actor, batch, items); err != nil {
			return m, err
		}
	}
	now := s.clock.Now()
	return s.imports.Update(ctx, m.ID, func(o *Import) error {
		if o.State != Confirming {
			return store.ErrUnchanged
		}
		o.State, o.ConfirmedAt = Confirmed, &now
		return nil
	})
}

func origin(file string, item Item) string {
	if item.Sheet != "" {
		return file + ":" + item.Sheet + ":" + strconv.Itoa(item.Row)
	}
	return file + ":" + strconv.Itoa(item.Row)
}

// Undo takes a confirmed import back: its questions that nobody changed and no quiz uses are removed,
// the others are named. Undoing again changes nothing.
func (s *Service) Undo(ctx context.Context, actor policies.Actor, id string) (Import, question.UndoOutcome, error) {
	none := question.UndoOutcome{Kept: []question.Refusal{}}
	m, err := s.Get(ctx, actor, id)
	if err != nil || m.State == Undone {
		return m, none, err
	}
	if m.State != Confirmed && m.State != Undoing && m.State != Confirming {
		return m, none, errState(m, string(Confirmed))
	}
	release, err := s.hold(ctx, m)
	if err != nil {
		return m, none, err
	}
	defer release()
	m, err = s.imports.Update(ctx, id, func(o *Import) error {
		if o.State == Undone {
			return store.ErrUnchanged
		}
		o.State = Undoing
		return nil
	})
	if err != nil {
		return m, none, err
	}
	out, err := s.bank.UndoBatch(ctx, actor, id, s.tell(ctx, m, nil))
	if err != nil {
		return m, none, err
	}
	if err := s.dropCategories(ctx, actor, m); err != nil {
		return m, none, err
	}
	m, err = s.imports.Update(ctx, id, func(o *Import) error {
		o.State = Undone
		o.Removed += out.Removed
		o.Kept = len(out.Kept)
		return nil
	})
	return m, out, err
}

// Resume finishes imports that a crash left in confirming or undoing, as the account that began them;
// a job calls it.
func (s *Service) Resume(ctx context.Context) error {
	var errs []error
	for _, state := range []State{Confirming, Undoing} {
		for m, err := range s.imports.Find(ctx, store.Query[Import]{Index: "state", Eq: map[string]any{"state": string(state)}}) {
			if err != nil {
				return err
			}
			if l, err := s.locks.Get(ctx, m.OrgID); err == nil && l.ImportID == m.ID && s.clock.Now().Before(l.Until) {
				continue // somebody is at it, or was until a moment ago
			}
			actor := policies.Actor{AccountID: m.AccountID, Name: m.Author, Scope: policies.Scope{m.OrgID}}
			if state == Confirming {
				_, err = s.Confirm(ctx, actor, m.ID, nil)
			} else {
				_, _, err = s.Undo(ctx, actor, m.ID)
			}
			if err != nil && fault.KeyOf(err) != "import.busy" {
				errs = append(errs, fmt.Errorf("import %s: %w", m.ID, err))
			}
		}
	}
	return errors.Join(errs...)
}

// Tidy removes previews that nobody confirmed within a week, and the files of old imports; a job calls it.
func (s *Service) Tidy(ctx context.Context) error {
	now := s.clock.Now()
	for _, state := range []State{Previewed, Confirmed, Undone} {
		life := fileLife
		if state == Previewed {
			life = previewLife
		}
		for m, err := range s.imports.Find(ctx, store.Query[Import]{Index: "state", Eq: map[string]any{"state": string(state)}}) {
			if err != nil {
				return err
			}
			if now.Sub(m.UpdatedAt) < life || m.FileKey == "" {
				continue
			}
			if err := s.keeper.Drop(ctx, m.FileKey); err != nil {
				return err
			}
			if state == Previewed {
				err = s.imports.Delete(ctx, m.ID)
			} else {
				_, err = s.imports.Update(ctx, m.ID, func(o *Import) error { o.FileKey = ""; return nil })
			}
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
		}
	}
	return nil
}

// mappingKey tells mappings apart in the cache.
func mappingKey(m Mapping) string {
	b, err := json.Marshal(m)
	if err != nil {
		return "" // a map of texts always marshals
	}
	return string(b)
}
