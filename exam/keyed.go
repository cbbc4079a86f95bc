package exam

import (
	"context"
	"errors"
	"fmt"

	"qiming/exam/question"
	"qiming/internal/fault"
)

// A regrade may put the key of a corrected question version in the place of the one that a paper was made with
// (StepRegrade). The paper stays what it was; only what marks it changes.

// lackingKeys says which versions of corrected keys a sitting has not loaded.
type lackingKeys []string

func (l lackingKeys) Error() string {
	return fmt.Sprintf("exam: corrected keys are not loaded: %v", []string(l))
}

// keyed gives the contents that mark the slots, parallel to them: corrected ones where a regrade says so. A key
// that an answer does not fit, for instance because the chosen option is gone, marks nothing: the paper's own stays.
// A mark that was given along a rubric counts as long as that rubric holds; where another holds now, the view loses
// the mark, and the answer waits for an evaluator again.
func (s sitting) keyed(v View) ([]question.Content, error) {
	contents := s.contents
	var lack lackingKeys
	for i, step := range v.Keys {
		if step == nil || step.Version == "" || i >= len(contents) || step.Version == s.paper.Slots[i].Version {
			continue
		}
		key, ok := s.keys[step.Version]
		if !ok {
			lack = append(lack, step.Version)
			continue
		}
		if !fits(s.contents[i], key, v.Answers[i]) {
			continue
		}
		if &contents[0] == &s.contents[0] {
			contents = append([]question.Content(nil), s.contents...)
		}
		contents[i] = key
	}
	for i, mark := range v.Marks {
		if mark == nil || len(mark.Rubric) == 0 || i >= len(contents) {
			continue
		}
		was, ok := s.keys[mark.Version]
		if mark.Version == s.paper.Slots[i].Version {
			was, ok = s.contents[i], true
		}
		if !ok {
			lack = append(lack, mark.Version)
		} else if !question.SameRubric(was.Rubric, contents[i].Rubric) {
			v.Marks[i] = nil
		}
	}
	if lack != nil {
		return nil, lack
	}
	return contents, nil
}

// holding gives the version whose content marks a slot, from index 0.
func (s sitting) holding(v View, i int) string {
	if key := v.key(i); key != nil && key.Version != "" && fits(s.contents[i], s.keys[key.Version], v.Answers[i]) {
		return key.Version
	}
	return s.paper.Slots[i].Version
}

// fits says whether the key of now may mark an answer that was given to was.
func fits(was, now question.Content, answer *Step) bool {
	if was.Kind != now.Kind {
		return false
	}
	return answer == nil || answer.Response == nil || question.Check(now, *answer.Response) == nil
}

// versionsOf gives the versions of corrected keys, and of rubrics that marks were given along, that stand in the steps.
func versionsOf(steps []Step) []string {
	var ids []string
	for i := range steps {
		if id := steps[i].Version; id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// loadKeys loads corrected keys into a sitting.
func (d *desk) loadKeys(ctx context.Context, s sitting, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	versions, err := d.bank.GetVersions(ctx, ids)
	if err != nil {
		return fault.Wrap(fault.Unavailable, "question.version_missing", err)
	}
	for id, v := range versions {
		s.keys[id] = v.Content
	}
	return nil
}

// rewrite updates an attempt by an act that may grade it. Corrected keys that came meanwhile are loaded, and the
// act is done again.
func (d *desk) rewrite(ctx context.Context, id string, s sitting, act func(*Attempt) error) (Attempt, error) {
	for {
		a, err := d.attempts.Update(ctx, id, act)
		var lack lackingKeys
		if !errors.As(err, &lack) {
			return a, err
		}
		if err := d.loadKeys(ctx, s, lack); err != nil {
			return a, err
		}
	}
}

// marking gives how an attempt that was read is marked, with the contents that mark it; the sitting's contents are loaded.
func (d *desk) marking(ctx context.Context, a *Attempt, s sitting) (View, []question.Content, Grade, error) {
	v := Replay(a.Steps, len(s.paper.Slots))
	if err := d.loadKeys(ctx, s, versionsOf(a.Steps)); err != nil {
		return v, nil, Grade{}, err
	}
	contents, err := s.keyed(v)
	if err != nil {
		return v, nil, Grade{}, err
	}
	return v, contents, GradePaper(s.paper, contents, v), nil
}
