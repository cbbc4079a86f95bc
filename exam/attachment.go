package exam

import (
	"context"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"qiming/internal/fault"
	"qiming/media"
	"qiming/policies"
)

// maxAttached is how many files may be uploaded for one attempt, those taken out of answers again included.
const maxAttached = 60

func attachmentsOf(attemptID string) string { return "attempt:" + attemptID }

// Attach keeps a file that an answer to the slot may then name. It counts against the quota of the quiz's
// organisation, and is called by its type alone: evaluators do not learn names from it. Refused besides what
// media.Library.Upload refuses: "attempt.no_attachments" where the item takes none, "attempt.too_many_files",
// "attempt.ended", "attempt.other_session".
func (s *Attempts) Attach(ctx context.Context, actor policies.Actor, id, session string, slot int, name string, r io.Reader) (media.File, error) {
	now := s.clock.Now()
	f, err := s.own(ctx, actor, id)
	if err != nil {
		return media.File{}, err
	}
	if slot < 1 || slot > len(f.paper.Slots) {
		return media.File{}, fault.New(fault.NotFound, "attempt.no_slot", "slot %d", slot).With("slot", slot)
	}
	a, err := s.attempts.Get(ctx, id)
	if err != nil {
		return media.File{}, noAttempt(id, err)
	}
	if a, _, _, err = s.settled(ctx, a, now); err != nil {
		return media.File{}, err
	}
	switch {
	case !a.State.Running() || a.State == PastDue:
		return media.File{}, fault.New(fault.Conflict, "attempt.ended", "the attempt has ended")
	case a.Session != session:
		return media.File{}, a.otherSession()
	case a.held() != nil:
		return media.File{}, errHeld(a.held().At)
	}
	contents, err := s.contents(ctx, Paper{Slots: f.paper.Slots[slot-1 : slot]})
	if err != nil {
		return media.File{}, err
	}
	if contents[0].Attachments == 0 {
		return media.File{}, fault.New(fault.Invalid, "attempt.no_attachments", "slot %d takes no files", slot)
	}
	held, err := s.files.Shown(ctx, attachmentsOf(id))
	if err != nil {
		return media.File{}, err
	}
	if len(held) >= maxAttached {
		return media.File{}, fault.New(fault.TooMany, "attempt.too_many_files", "%d files", len(held)).With("max", maxAttached)
	}
	state, err := s.quiz(ctx, f.quizID)
	if err != nil {
		return media.File{}, err
	}
	file, err := s.files.Upload(ctx, state.quiz.OrgID, "附件"+strings.ToLower(filepath.Ext(name)), r)
	if err != nil {
		return media.File{}, err
	}
	return file, s.files.Refer(ctx, attachmentsOf(id), []string{file.ID})
}

// attached refuses files that were not uploaded for the attempt: nobody gets at a file by naming it.
func (s *Attempts) attached(ctx context.Context, id string, files []string) error {
	held, err := s.files.Shown(ctx, attachmentsOf(id))
	if err != nil {
		return err
	}
	for _, file := range files {
		if !slices.Contains(held, file) {
			return fault.New(fault.Invalid, "attempt.file_unknown", "file %s was not uploaded for the attempt", file).With("id", file)
		}
	}
	return nil
}
