package exam

import (
	"qiming/exam/question"
	"time"

	"qiming/internal/fault"
)

// A quiz in which a section has a limit of its own is taken section by section: one goes on to the next by
// hand or when its time is over, and never back. What comes for a section that is left is late, like what
// comes after the end. The sheet carries the items of all sections from the start, so that a taker without a
// network goes on in time: losing no answer weighs more than hiding what comes from one who reads the traffic.

// stage is a section as time goes through it.
type stage struct {
	part     int           // index into Paper.Parts
	from, to int           // its slots
	limit    time.Duration // 0 = none of its own
}

// stagesOf gives the sections of a paper that have items, where any of them has a limit; nil = the taker
// goes to and fro. extra multiplies the limits (Override.Extra).
func stagesOf(p Paper, extra float64) []stage {
	var list []stage
	timed := false
	for i, part := range p.Parts {
		if part.From > part.To {
			continue
		}
		limit := scaled(part.Limit, extra)
		timed = timed || limit > 0
		list = append(list, stage{part: i, from: part.From, to: part.To, limit: limit})
	}
	if !timed {
		return nil
	}
	return list
}

// progress is how far a taker is.
type progress struct {
	at    int       // index into the stages
	since time.Time // when that stage began, later by what the taker gained in it
}

// progress follows the stages to now: the steps say when the taker went on, the limits when the time did.
func (a *Attempt) progress(stages []stage, now time.Time) progress {
	p := progress{since: a.StartedAt}
	pass := func(until time.Time) {
		for p.at+1 < len(stages) {
			end := stages[p.at].end(p.since)
			if end == nil || end.After(until) {
				return
			}
			p = progress{at: p.at + 1, since: *end}
		}
	}
	var held *time.Time
	for i := range a.Steps {
		step := &a.Steps[i]
		switch step.Kind {
		case StepSection:
			pass(step.At)
			if p.at+1 < len(stages) && step.Ref == stages[p.at+1].part+1 {
				p = progress{at: p.at + 1, since: step.At}
			}
		case StepPause:
			pass(step.At)
			held = &step.At
		case StepResume:
			if held != nil {
				p.since = p.since.Add(step.At.Sub(*held))
			}
			held = nil
		case StepExtend:
			if held == nil {
				pass(step.At)
			}
			p.since = p.since.Add(seconds(step.Ref))
		}
	}
	if held == nil {
		pass(now)
	}
	return p
}

// end gives when a stage that began at since is over; nil = never by itself.
func (s stage) end(since time.Time) *time.Time {
	if s.limit == 0 {
		return nil
	}
	end := since.Add(s.limit)
	return &end
}

// clock gives the ends of the attempt: those of the sitting with what was gained or, where the sections' limits
// end it sooner, theirs. A held one ends only where the quiz was closed by hand.
func (a *Attempt) clock(s sitting, now time.Time) Clock {
	c := s.clock.shift(a.gained())
	if a.held() != nil {
		c.Deadline, c.GraceEnd = nil, nil
	} else if end := a.stagesEnd(s.stages, now); end != nil {
		c = c.until(*end)
	}
	if s.closedAt != nil {
		c = c.until(*s.closedAt)
	}
	return c
}

// stagesEnd gives when the limits of the sections that are left end the attempt; nil = never.
func (a *Attempt) stagesEnd(stages []stage, now time.Time) *time.Time {
	if stages == nil {
		return nil
	}
	p := a.progress(stages, now)
	end := p.since
	for _, stage := range stages[p.at:] {
		if stage.limit == 0 {
			return nil
		}
		end = end.Add(stage.limit)
	}
	return &end
}

// Here says which section is being answered, and until when.
type Here struct {
	Section         int        `json:"section,omitempty"`          // from 1, as in sections; 0 = the taker goes to and fro
	SectionDeadline *time.Time `json:"section_deadline,omitempty"` // nil = that of the attempt
}

func (a *Attempt) here(s sitting, now time.Time) Here {
	if s.stages == nil || !a.State.Running() {
		return Here{}
	}
	p := a.progress(s.stages, now)
	h := Here{Section: s.stages[p.at].part + 1}
	if end := s.stages[p.at].end(p.since); end != nil && a.held() == nil {
		h.SectionDeadline = a.clock(s, now).earlierOf(*end)
	}
	return h
}

// lateFor says whether an answer to the slot is late at now because its section is over. One to a section
// that has not begun is fault.Invalid ("attempt.section_ahead").
func (a *Attempt) lateFor(s sitting, slot int, now time.Time) (bool, error) {
	if s.stages == nil {
		return false, nil
	}
	p := a.progress(s.stages, now)
	stage := s.stages[p.at]
	if slot > stage.to {
		return false, fault.New(fault.Invalid, "attempt.section_ahead", "slot %d is after section %d", slot, stage.part+1).With("slot", slot).With("section", stage.part+1)
	}
	end := stage.end(p.since)
	return slot < stage.from || end != nil && !now.Before(*end), nil
}

// goOn notes that the taker goes on to a section; over = the attempt takes no answers any more. Going on to
// where one is, or was, changes nothing and is acknowledged by the last step. A section is never skipped
// ("attempt.section_ahead").
func (a *Attempt) goOn(s sitting, answer Answer, over bool, now time.Time) (*Step, error) {
	if s.stages == nil {
		return nil, fault.New(fault.Invalid, "attempt.no_sections", "the paper is not taken section by section")
	}
	p := a.progress(s.stages, now)
	next := min(p.at+1, len(s.stages)-1)
	switch to := answer.Section; {
	case to > s.stages[next].part+1:
		return nil, fault.New(fault.Invalid, "attempt.section_ahead", "section %d, at %d", to, s.stages[p.at].part+1).
			With("section", s.stages[p.at].part+1)
	case over || to <= s.stages[p.at].part+1:
		return &a.Steps[len(a.Steps)-1], nil
	}
	return a.add(s.key, Step{Kind: StepSection, At: now, Ref: answer.Section, ClientSeq: answer.ClientSeq, ClientAt: answer.ClientAt}), nil
}

// limit gives how long an attempt may take: its limit, or the limits of all sections together where these are
// shorter; 0 = any time.
func (v *QuizVersion) limit(a Allowance) time.Duration {
	sum := time.Duration(0)
	for _, section := range v.Sections {
		items := 0
		for _, p := range section.Pools {
			items += p.Count
		}
		switch limit := scaled(section.Limit, a.Extra); {
		case items == 0:
		case limit == 0:
			return a.Limit
		default:
			sum += limit
		}
	}
	if a.Limit > 0 && (sum == 0 || a.Limit < sum) {
		return a.Limit
	}
	return sum
}

// seat puts together what the rules of an attempt need besides the contents.
func (d *desk) seat(b *blueprint, paper Paper, allowance Allowance, started time.Time, closedAt *time.Time) sitting {
	settings := b.version.Settings
	return sitting{clock: ClockOf(allowance, settings, started, nil), closedAt: closedAt, paper: paper, stages: stagesOf(paper, allowance.Extra), during: settings.Review.During,
		pass: settings.PassPercent, manual: settings.ManualRelease, awards: settings.Certificate != nil, auto: settings.AutoMark, second: settings.Second, limits: withLastWord(settings.Limits), key: d.receiptKey, keys: map[string]question.Content{}}
}
