package exam

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/policies"
)

// Correctable is a question of a quiz, as far as a regrade is concerned.
type Correctable struct {
	QuestionID string        `json:"question_id"`
	Stem       string        `json:"stem"`
	Kind       question.Kind `json:"kind"`
	Used       []int         `json:"used"` // numbers of the versions that stand in papers of the quiz, the newest first
	Live       int           `json:"live"` // number of the published version of the bank; 0 = none (retired)
	Newer      bool          `json:"newer"`
}

// mostCorrectable bounds a list of questions.
const mostCorrectable = 100

// Questions gives the questions of the quiz's versions, those with a newer version in the bank first; text narrows
// by the stem.
func (s *Regrades) Questions(ctx context.Context, actor policies.Actor, quizID, text string) ([]Correctable, error) {
	q, err := s.seen(ctx, actor, quizID)
	if err != nil {
		return nil, err
	}
	used := map[string][]string{} // versions by question
	for number := q.Number; number > 0; number-- {
		b, err := s.blueprint(ctx, quizID, number)
		if fault.Is(err, fault.NotFound) {
			continue // numbers of versions may have holes
		}
		if err != nil {
			return nil, err
		}
		for _, p := range b.pools {
			for _, whole := range p.versions {
				for id := range b.places(whole, p.points) {
					if question := question.QuestionOf(id); !slices.Contains(used[question], id) {
						used[question] = append(used[question], id)
					}
				}
			}
		}
	}
	live, err := s.live(ctx, q, used)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, versions := range used {
		ids = append(ids, versions[0])
	}
	versions, err := s.bank.GetVersions(ctx, ids)
	if err != nil {
		return nil, err
	}
	list := []Correctable{}
	for id, of := range used {
		v := versions[of[0]]
		if text != "" && !strings.Contains(v.Content.Stem, text) {
			continue
		}
		c := Correctable{QuestionID: id, Stem: v.Content.Stem, Kind: v.Content.Kind, Live: numberOf(live[id])}
		for _, version := range of {
			c.Used = append(c.Used, numberOf(version))
		}
		c.Newer = c.Live > slices.Max(c.Used)
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b Correctable) int {
		return cmp.Or(cmp.Compare(rank(b.Newer), rank(a.Newer)), strings.Compare(a.Stem, b.Stem), strings.Compare(a.QuestionID, b.QuestionID))
	})
	return list[:min(len(list), mostCorrectable)], nil
}

func rank(b bool) int {
	if b {
		return 1
	}
	return 0
}

// live gives the published versions of questions, and of items of materials, that the quiz's organisation may use.
func (s *Regrades) live(ctx context.Context, q Quiz, used map[string][]string) (map[string]string, error) {
	var wholes []string
	for id := range used {
		wholes = append(wholes, question.WholeOf(id))
	}
	candidates, err := s.bank.Candidates(ctx, wholes, q.OrgPath)
	if err != nil {
		return nil, err
	}
	live := map[string]string{}
	for id := range used {
		if c, ok := candidates[question.WholeOf(id)]; ok {
			live[id] = c.VersionID + strings.TrimPrefix(id, question.WholeOf(id)) // "Q@3" and "~2"
		}
	}
	return live, nil
}

// numberOf gives the number of a question version; 0 where it is none.
func numberOf(version string) int {
	_, number, _ := question.ParseVersionID(question.WholeOf(version))
	return number
}

// RegradePreview is what a regrade would do, or still has to.
type RegradePreview struct {
	Version string        `json:"version,omitempty"` // that would mark
	Totals  RegradeTotals `json:"totals"`
	Rows    []RegradeRow  `json:"rows"` // the greatest changes first
	More    int           `json:"more"` // rows that are left out
}

// mostRows bounds a preview.
const mostRows = 500

// RegradeWish is what somebody asks for.
type RegradeWish struct {
	QuestionID string     `json:"question_id" maxLength:"64"`
	Way        RegradeWay `json:"way" enum:"key,full,drop"`
	Reason     string     `json:"reason,omitempty" maxLength:"4000"`
}

// Preview says whose result a regrade would change, and by how much. Nothing is written.
func (s *Regrades) Preview(ctx context.Context, actor policies.Actor, quizID string, wish RegradeWish, sight Sight) (RegradePreview, error) {
	q, err := s.seen(ctx, actor, quizID)
	if err != nil {
		return RegradePreview{}, err
	}
	r, err := s.wished(ctx, q, wish)
	if err != nil {
		return RegradePreview{}, err
	}
	return s.preview(ctx, &r, sight.veils(q))
}

// wished makes a regrade of a wish. Refused: "regrade.question" where the quiz has it not, "regrade.no_version"
// where the bank has no published version of it.
func (s *Regrades) wished(ctx context.Context, q Quiz, wish RegradeWish) (Regrade, error) {
	if !slices.Contains([]RegradeWay{ByKey, ForAll, Without}, wish.Way) {
		return Regrade{}, fault.Bad("regrade.invalid", []fault.Field{{Path: "way", Key: "unknown"}})
	}
	r := Regrade{QuizID: q.ID, QuestionID: wish.QuestionID, Way: wish.Way, State: RegradeAsked}
	var mine string // a version of it that stands in papers
	for number := q.Number; number > 0 && mine == ""; number-- {
		b, err := s.blueprint(ctx, q.ID, number)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return r, err
		}
		for _, p := range b.pools {
			for _, whole := range p.versions {
				if question.QuestionOf(whole) != question.WholeOf(wish.QuestionID) {
					continue
				}
				for id := range b.places(whole, p.points) {
					if question.QuestionOf(id) == wish.QuestionID {
						mine = id
					}
				}
			}
		}
	}
	if mine == "" {
		return r, fault.New(fault.NotFound, "regrade.question", "question %s is not in quiz %s", wish.QuestionID, q.ID)
	}
	ids := []string{mine}
	if wish.Way == ByKey {
		live, err := s.live(ctx, q, map[string][]string{wish.QuestionID: nil})
		if err != nil {
			return r, err
		}
		if r.Version = live[wish.QuestionID]; r.Version == "" {
			return r, fault.New(fault.Conflict, "regrade.no_version", "question %s has no published version", wish.QuestionID)
		}
		ids = append(ids, r.Version)
	}
	versions, err := s.bank.GetVersions(ctx, ids)
	if fault.Is(err, fault.NotFound) { // the material has fewer items now
		return r, fault.New(fault.Conflict, "regrade.no_version", "version %s is gone", r.Version)
	}
	if err != nil {
		return r, err
	}
	if wish.Way == ByKey && versions[r.Version].Content.Kind != versions[mine].Content.Kind {
		return r, fault.New(fault.Conflict, "regrade.kind", "version %s is of another kind", r.Version)
	}
	r.Stem = beginning(versions[mine].Content.Stem, 80)
	return r, nil
}

// beginning gives the first runes of a text.
func beginning(text string, n int) string {
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	return string([]rune(text)[:n]) + "…"
}

// place gives the slot of the question in an attempt's paper, 0 = none.
func place(p Paper, questionID string) int {
	for _, slot := range p.Slots {
		if question.QuestionOf(slot.Version) == questionID {
			return slot.Number
		}
	}
	return 0
}

// preview weighs a regrade on every attempt of its quiz: as things are, or, once it is applied, as they were before it. veils says
// that scores which are not released are not told.
func (s *Regrades) preview(ctx context.Context, r *Regrade, veils bool) (RegradePreview, error) {
	out := RegradePreview{Version: r.Version, Rows: []RegradeRow{}}
	now := s.clock.Now()
	err := s.ofQuiz(ctx, r.QuizID, "", func(a *Attempt) error {
		if r.State == RegradeApplied && !a.rewind(r.ID) {
			return nil
		}
		f, err := s.factsOf(ctx, a)
		if err != nil {
			return err
		}
		slot := place(f.paper, r.QuestionID)
		if slot == 0 {
			return nil
		}
		sit, _, err := s.sitting(ctx, f, now, true)
		if err != nil {
			return err
		}
		if err := s.loadKeys(ctx, sit, append(versionsOf(a.Steps), r.keys()...)); err != nil {
			return err
		}
		row, shown, err := out.Totals.weigh(a, sit, r.step(slot, "", now), veils && a.State != Released)
		if shown {
			out.Rows = append(out.Rows, row)
		}
		return err
	})
	if err != nil {
		return out, err
	}
	slices.SortStableFunc(out.Rows, func(a, b RegradeRow) int { return cmp.Compare(b.weight(), a.weight()) })
	if n := len(out.Rows); n > mostRows {
		out.Rows, out.More = out.Rows[:mostRows], n-mostRows
	}
	return out, s.nameRows(ctx, out.Rows)
}

func (r *Regrade) keys() []string {
	if r.Version == "" {
		return nil
	}
	return []string{r.Version}
}

// weight orders rows: what stands in the way, whoever fails or passes now, then by the change. It knows no more than the row tells.
func (r *RegradeRow) weight() float64 {
	switch {
	case r.Unfit:
		return math.MaxFloat64
	case r.Again:
		return 2000
	case r.Change != nil:
		return math.Abs(*r.Change)
	case r.From == nil || r.To == nil:
		return -1
	case r.From.Passed != r.To.Passed:
		return 1000 + math.Abs(r.To.Percent-r.From.Percent)
	}
	return math.Abs(r.To.Percent - r.From.Percent)
}

func (s *Regrades) nameRows(ctx context.Context, rows []RegradeRow) error {
	var orgs []string
	at := make([]string, len(rows))
	for i := range rows {
		t, err := s.taker(ctx, rows[i].MemberID)
		if fault.Is(err, fault.NotFound) { // has left
			continue
		}
		if err != nil {
			return err
		}
		rows[i].Name, at[i] = t.Name, own(t.Path)
		orgs = append(orgs, at[i])
	}
	names, err := s.roster.Names(ctx, orgs)
	for i := range rows {
		rows[i].OrgName = names[at[i]]
	}
	return err
}

// own gives the last node of a path, "" where there is none.
func own(path []string) string {
	if len(path) == 0 {
		return ""
	}
	return path[len(path)-1]
}
