package exam

import (
	"time"

	"qiming/exam/question"
	"qiming/media"
)

// Sheet is what a taker works on.
type Sheet struct {
	Attempt       SheetAttempt  `json:"attempt"`
	Session       string        `json:"session"` // to be given with every save; "" where this session does not answer
	ServerTime    time.Time     `json:"server_time"`
	Sections      []Part        `json:"sections"`
	Items         []SheetItem   `json:"items"`           // none once the attempt has ended: the review decides then
	Answers       []SheetAnswer `json:"answers"`         // with empty responses once it has ended and the review shows none
	Checks        []Checked     `json:"checks"`          // what the taker learnt of items while answering
	LastClientSeq int64         `json:"last_client_seq"` // of this session
	Resumed       bool          `json:"resumed"`
	Media         media.Links   `json:"media,omitempty"` // how to get at the files that texts show, by id
}

// MediaUntil says how long the links of a sheet hold: to the end of the attempt, for its pictures are
// fetched when their item is turned to.
func (s Sheet) MediaUntil() time.Time {
	const least, most, after = 15 * time.Minute, 12 * time.Hour, 5 * time.Minute
	until := s.ServerTime.Add(2 * time.Hour)
	if s.Attempt.Deadline != nil {
		until = s.Attempt.Deadline.Add(after)
	}
	if until.Before(s.ServerTime.Add(least)) {
		return s.ServerTime.Add(least)
	}
	if until.After(s.ServerTime.Add(most)) {
		return s.ServerTime.Add(most)
	}
	return until
}

// SheetAttempt is the head of a sheet.
type SheetAttempt struct {
	ID        string     `json:"id"`
	QuizID    string     `json:"quiz_id"`
	Title     string     `json:"title"`
	Number    int        `json:"number"`
	State     State      `json:"state"`
	StartedAt time.Time  `json:"started_at"`
	Deadline  *time.Time `json:"deadline,omitempty"`
	GraceEnd  *time.Time `json:"grace_end,omitempty"`
	EndedAt   *time.Time `json:"ended_at,omitempty"`
	Ending    State      `json:"ending,omitempty"` // submitted, expired, abandoned: once it has ended
	Held      *Pause     `json:"held,omitempty"`
	Collected *string    `json:"collected,omitempty"` // why it was taken in, where it was
	Limits    []Reached  `json:"limits,omitempty"`    // warnings, and what handed it in
	Watermark string     `json:"watermark,omitempty"` // what stands over the page, where the quiz wants it
	Points    float64    `json:"points"`
	Behaviour Behaviour  `json:"behaviour" enum:"deferred,immediate,retry"`
	Tries     int        `json:"tries,omitempty"`   // of an item, where it may be checked
	Penalty   float64    `json:"penalty,omitempty"` // share of an item that each try before costs
	Here
}

// SheetItem is an item as its taker sees it: no key, no explanation.
type SheetItem struct {
	Slot            int           `json:"slot"`
	Points          float64       `json:"points"`
	Item            question.Item `json:"item"`
	QuestionVersion string        `json:"question_version"`
}

// SheetAnswer is what the server has for a slot.
type SheetAnswer struct {
	Slot      int               `json:"slot"`
	Response  question.Response `json:"response"`
	Seq       int               `json:"seq"`
	ClientSeq int64             `json:"client_seq"`
	At        time.Time         `json:"at"`
	Receipt   string            `json:"receipt"`
	Late      bool              `json:"late,omitempty"` // it counts, being admitted
}

// present gives the items of a paper; contents are parallel to its slots.
func (p Paper) present(contents []question.Content) []SheetItem {
	items := make([]SheetItem, len(p.Slots))
	for i, slot := range p.Slots {
		items[i] = SheetItem{Slot: slot.Number, Points: slot.Points, QuestionVersion: slot.Version,
			Item: slot.present(contents[i])}
	}
	return items
}

func (s Slot) present(c question.Content) question.Item {
	return question.Present(c, s.OptionOrder(question.Shuffled(c)))
}

// sheet gives the attempt as the session sees it.
func (a *Attempt) sheet(title string, s sitting, session string, now time.Time) Sheet {
	clock := a.clock(s, now)
	sheet := Sheet{
		Attempt: SheetAttempt{ID: a.ID, QuizID: a.QuizID, Title: title, Number: a.Number, State: a.State,
			StartedAt: a.StartedAt, Deadline: clock.Deadline, GraceEnd: clock.GraceEnd, EndedAt: a.EndedAt, Ending: a.Ending, Held: a.heldFor(), Collected: a.collected(), Limits: a.told(s), Points: s.paper.Points(),
			Behaviour: s.paper.Rule.Behaviour, Tries: s.paper.Rule.Tries, Penalty: s.paper.Rule.Penalty, Here: a.here(s, now)},
		ServerTime: now, Sections: s.paper.Parts, Items: []SheetItem{}, Answers: []SheetAnswer{}, Checks: []Checked{},
	}
	if session == a.Session {
		sheet.Session = session
	}
	current := ""
	for i := range a.Steps {
		step := &a.Steps[i]
		switch {
		case step.Kind == StepStart, step.Kind == StepTakeover:
			current = step.Session
		case (step.Kind == StepAnswer || step.Kind == StepSection) && current == session:
			sheet.LastClientSeq = max(sheet.LastClientSeq, step.ClientSeq)
		}
	}
	v := Replay(a.Steps, len(s.paper.Slots))
	for i, step := range v.Answers {
		if step == nil || step.Response == nil {
			continue
		}
		sheet.Answers = append(sheet.Answers, SheetAnswer{Slot: i + 1, Response: *step.Response, Seq: step.Seq,
			ClientSeq: step.ClientSeq, At: step.At, Receipt: step.Receipt, Late: step.Late})
	}
	if a.State.Running() && s.contents != nil {
		sheet.Items = s.paper.present(s.contents)
		for slot := 1; slot <= len(s.paper.Slots) && len(v.Checks) > 0; slot++ {
			if c := a.checked(s, v, slot); c != nil {
				sheet.Checks = append(sheet.Checks, *c)
			}
		}
	}
	return sheet
}
