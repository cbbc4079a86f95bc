package exam

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

// EvidenceDecision is what an officer decided on looking at the evidence of an attempt.
type EvidenceDecision string

// The decisions; "" = a note alone.
const (
	NoConcern EvidenceDecision = "no_concern"
	FollowUp  EvidenceDecision = "follow_up"
	TalkHeld  EvidenceDecision = "talk_held" // 已谈话: somebody talked with the taker about it
)

// EvidenceNote is what an officer wrote on the evidence of an attempt. Notes are only ever added, so that it stays
// known who judged what, and when; none changes a mark.
type EvidenceNote struct {
	store.Meta `bson:",inline" json:"-"`
	QuizID     string           `bson:"quiz_id" json:"-"`
	AttemptID  string           `bson:"attempt_id" json:"attempt_id"`
	By         string           `bson:"by" json:"-"` // account
	Name       string           `bson:"name" json:"name"`
	Decision   EvidenceDecision `bson:"decision,omitempty" json:"decision,omitempty" enum:"no_concern,follow_up,talk_held"`
	Text       string           `bson:"text,omitempty" json:"text,omitempty"`
	At         time.Time        `bson:"at" json:"at"`
}

const (
	maxNoteText = 1000 // runes
	maxNotesOne = 100  // of an attempt
)

// AddNote writes a note on the evidence of an attempt that the actor reaches. The same key again (of the page that
// sends it) is the same note. Refused: "note.invalid" with its fields, "note.too_many", "mark.own".
func (s *Integrity) AddNote(ctx context.Context, actor policies.Actor, quizID, attemptID, key string, decision EvidenceDecision, text string) (EvidenceNote, error) {
	q, whole, err := s.watches(ctx, actor, quizID)
	if err != nil {
		return EvidenceNote{}, err
	}
	a, err := s.attempts.Get(ctx, attemptID)
	if err != nil {
		return EvidenceNote{}, noAttempt(attemptID, err)
	}
	if a.QuizID != q.ID || !whole && !s.reaches(ctx, actor, &a) {
		return EvidenceNote{}, noAttempt(attemptID, nil)
	}
	if isOwn(actor, a.MemberID) {
		return EvidenceNote{}, fault.New(fault.Forbidden, "mark.own", "nobody decides about an own attempt")
	}
	text = strings.TrimSpace(text)
	var fields []fault.Field
	switch {
	case decision != "" && !slices.Contains([]EvidenceDecision{NoConcern, FollowUp, TalkHeld}, decision):
		fields = append(fields, fault.Field{Path: "decision", Key: "unknown"})
	case text == "" && decision != NoConcern: // what follows up, or was said, is put into words
		fields = append(fields, fault.Field{Path: "text", Key: "required"})
	case utf8.RuneCountInString(text) > maxNoteText:
		fields = append(fields, fault.Field{Path: "text", Key: "too_long", Params: map[string]any{"max": maxNoteText}})
	}
	if err := fault.Bad("note.invalid", fields); err != nil {
		return EvidenceNote{}, err
	}
	notes, err := s.notesOf(ctx, q.ID)
	if err != nil {
		return EvidenceNote{}, err
	}
	if n := len(notes[attemptID]); n >= maxNotesOne {
		return EvidenceNote{}, fault.New(fault.TooMany, "note.too_many", "%d notes", n).With("max", maxNotesOne)
	}
	id := ident.New()
	if key != "" {
		id = attemptID + ":" + actor.AccountID + ":" + key
		if have, err := s.evidenceNotes.Get(ctx, id); !fault.Is(err, fault.NotFound) {
			return have, err
		}
	}
	note := EvidenceNote{Meta: store.Meta{ID: id}, QuizID: q.ID, AttemptID: attemptID, By: actor.AccountID, Name: actor.Name, Decision: decision, Text: text, At: s.clock.Now()}
	act := question.Act{Action: "evidence.note", Object: "attempt:" + attemptID, Name: q.Title, Detail: map[string]string{"decision": string(decision), "text": text}}
	err = s.trail.Act(ctx, actor, act, func() error { return s.evidenceNotes.Insert(ctx, &note) })
	if fault.Is(err, fault.Exists) {
		return s.evidenceNotes.Get(ctx, id)
	}
	return note, err
}

// reaches says whether the taker of an attempt is in the actor's scope, as evidence shows it.
func (s *Integrity) reaches(ctx context.Context, actor policies.Actor, a *Attempt) bool {
	taker, err := s.taker(ctx, a.MemberID)
	if err != nil {
		taker.Path = a.OrgPath
	}
	return actor.Scope.Covers(taker.Path)
}

// notesOf gives the notes of a quiz by attempt, oldest first.
func (d *desk) notesOf(ctx context.Context, quizID string) (map[string][]EvidenceNote, error) {
	all := map[string][]EvidenceNote{}
	for n, err := range d.evidenceNotes.Find(ctx, store.Query[EvidenceNote]{Index: "quiz", Eq: map[string]any{"quiz_id": quizID}}) {
		if err != nil {
			return nil, err
		}
		all[n.AttemptID] = append(all[n.AttemptID], n)
	}
	return all, nil
}
