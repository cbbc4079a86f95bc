package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"qiming/exam"
	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/policies"
)

// planned is an exam of the demo organisation, in days from today.
type planned struct {
	name         string // key of the mark
	opens        int
	closes       int
	draft        exam.Draft
	takers       int // how many of the audience take it
	mark         int // how many of the answers to each short question evaluators mark; -1 = all
	release      bool
	publishedDay int
}

func rule(kinds []question.Kind, tags ...string) *question.Rule {
	return &question.Rule{Kinds: kinds, TagsAny: tags}
}

var (
	singles   = []question.Kind{question.Single}
	multiples = []question.Kind{question.Multiple}
	truths    = []question.Kind{question.TrueFalse}
	gaps      = []question.Kind{question.Blanks}
	shorts    = []question.Kind{question.Short}
)

// calendar are the exams: marked and released, waiting for evaluators, open now, coming; one to practise with, and
// one in sections.
func (d *Demo) calendar(ctx context.Context, nodes tree) ([]planned, error) {
	category := func(names ...string) []string {
		c, ok, err := d.Bank.FindCategory(ctx, nodes["CJ"].ID, names)
		if err != nil || !ok {
			return nil
		}
		return []string{c.ID}
	}
	rules, history := category("党章党规"), category("党史知识")
	if rules == nil || history == nil {
		return nil, fmt.Errorf("the demo categories are not there")
	}
	in := func(r *question.Rule, categories []string) *question.Rule { r.CategoryIDs = categories; return r }
	section := func(id, title, instructions string, entries ...exam.Entry) exam.Section {
		return exam.Section{ID: id, Title: title, Instructions: instructions, Shuffle: true, Entries: entries}
	}
	all := exam.Audience{Orgs: []string{nodes["CJ"].ID}, Stages: []string{"full", "probationary"}}
	settings := func(minutes int, manual bool) exam.Settings {
		s := exam.DefaultSettings()
		s.Limit, s.ManualRelease = minutes*60, manual
		return s
	}
	doubled := settings(30, true)
	doubled.Second = &exam.Second{Share: 0.4, Differs: 15}
	retake := settings(30, false)
	retake.Attempts = 2
	watched := settings(40, true)
	watched.Watermark, watched.Limits = true, []exam.SignalLimit{{Signal: exam.SignalAway, From: 3, Act: exam.LimitWarn}, {Signal: exam.SignalAway, From: 6, Act: exam.LimitFlag}}
	practice := settings(0, false)
	practice.Attempts, practice.Behaviour, practice.Review.During = 0, exam.Retry, practice.Review.Closed
	return []planned{
		{name: "released", publishedDay: -45, opens: -40, closes: -33, takers: 180, mark: -1, release: true, draft: exam.Draft{
			Title: "支部工作条例应知应会测试", Intro: "全体党员参加，闭卷。成绩由党委统一公布。", Settings: doubled, Audience: all,
			Sections: []exam.Section{
				section("s1", "一、单项选择题", "每题只有一个正确选项。", exam.Entry{Rule: in(rule(singles), rules), Count: 8, Points: 5}),
				section("s2", "二、多项选择题", "多选、错选不得分；标明“漏选得部分分”的除外。", exam.Entry{Rule: in(rule(multiples), rules), Count: 6, Points: 5}),
				section("s3", "三、判断题", "", exam.Entry{Rule: in(rule(truths), rules), Count: 4, Points: 5}),
				section("s4", "四、简答题", "写要点即可。", exam.Entry{Rule: in(rule(shorts, "组织关系"), rules), Count: 1, Points: 10}),
			}}},
		{name: "marking", publishedDay: -8, opens: -7, closes: -1, takers: 48, mark: 20, draft: exam.Draft{
			Title: "组织生活与发展党员业务测试", Intro: "面向全体党员，含简答题，由阅卷人评阅后公布成绩。", Settings: watched, Audience: all,
			Sections: []exam.Section{
				section("s1", "一、单项选择题", "", exam.Entry{Rule: in(rule(singles), rules), Count: 6, Points: 5}),
				section("s2", "二、填空题", "每空单独计分。", exam.Entry{Rule: in(rule(gaps), rules), Count: 4, Points: 5}),
				section("s3", "三、简答题", "写要点即可，注意结合本支部实际。", exam.Entry{Rule: in(rule(shorts, "表决", "主题党日"), rules), Count: 2, Points: 25}),
			}}},
		{name: "open", publishedDay: -3, opens: -2, closes: 5, takers: 90, draft: exam.Draft{
			Title: "党章党规应知应会测试", Intro: "每人两次机会，取最高分。交卷后即可查看得分，截止后公布解析。", Settings: retake, Audience: all,
			Sections: []exam.Section{
				section("s1", "一、单项选择题", "", exam.Entry{Rule: in(rule(singles), rules), Count: 8, Points: 4}),
				section("s2", "二、多项选择题", "", exam.Entry{Rule: in(rule(multiples), rules), Count: 5, Points: 6}),
				section("s3", "三、判断题", "", exam.Entry{Rule: in(rule(truths), rules), Count: 4, Points: 5}),
				section("s4", "四、填空题", "", exam.Entry{Rule: in(rule(gaps), rules), Count: 3, Points: 6}),
			}}},
		{name: "coming", publishedDay: -1, opens: 3, closes: 10, draft: exam.Draft{
			Title: "党史知识专题测试", Intro: "围绕党的历史重要会议和重大事件，每人一次机会。", Settings: settings(20, false), Audience: all,
			Sections: []exam.Section{
				section("s1", "一、选择与判断", "", exam.Entry{Rule: in(rule([]question.Kind{question.Single, question.TrueFalse}), history), Count: 5, Points: 16}),
				section("s2", "二、填空题", "", exam.Entry{Rule: in(rule(gaps), history), Count: 1, Points: 20}),
			}}},
		{name: "practice", publishedDay: -2, opens: -1, closes: 30, draft: exam.Draft{
			Title: "党务知识逐题练习", Intro: "不限次数。答完一题可以马上检查，答错了可以重答。", Settings: practice, Audience: all,
			Sections: []exam.Section{
				section("s1", "一、选择与判断", "", exam.Entry{Rule: in(rule([]question.Kind{question.Single, question.TrueFalse}), rules), Count: 4, Points: 6}),
				section("s2", "二、计算、连线、排序与完形填空", "连线和排序不用拖动，点按即可。",
					exam.Entry{Rule: rule([]question.Kind{question.Numerical}), Count: 1, Points: 6}, exam.Entry{Rule: rule([]question.Kind{question.Matching}), Count: 1, Points: 6},
					exam.Entry{Rule: rule([]question.Kind{question.Ordering}), Count: 1, Points: 6}, exam.Entry{Rule: rule([]question.Kind{question.Cloze}), Count: 1, Points: 6}),
			}}},
		{name: "sections", publishedDay: -2, opens: -1, closes: 14, draft: exam.Draft{
			Title: "党务骨干分段测试", Intro: "分两部分，各自限时。论述题可以附上手写稿的照片。", Settings: settings(0, true), Audience: all,
			Sections: []exam.Section{
				{ID: "s1", Title: "一、单项选择题", Instructions: "限时 10 分钟，进入下一部分后不能返回。", Shuffle: true, Limit: 600, Entries: []exam.Entry{{Rule: in(rule(singles), rules), Count: 8, Points: 5}}},
				{ID: "s2", Title: "二、材料与论述", Limit: 2400, Entries: []exam.Entry{{Rule: rule([]question.Kind{question.Material}), Count: 1, Points: 30}, {Rule: rule([]question.Kind{question.Essay}), Count: 1, Points: 30}}},
			}}},
	}, nil
}

// organisationZone is China's time; the country has one zone.
var organisationZone = time.FixedZone("CST", 8*3600)

// exams makes the calendar with everything that happened in it so far.
func (d *Demo) exams(ctx context.Context, clock *ident.Manual, now time.Time, nodes tree, c *crowd) error {
	calendar, err := d.calendar(ctx, nodes)
	if err != nil {
		return err
	}
	tree, err := d.Orgs.Tree(ctx)
	if err != nil {
		return err
	}
	day := func(n int) time.Time { // nine in the morning of the organisation
		t := now.In(organisationZone).AddDate(0, 0, n)
		return time.Date(t.Year(), t.Month(), t.Day(), 9, 0, 0, 0, t.Location()).UTC()
	}
	for _, p := range calendar {
		made, err := d.marks.Get(ctx, seedID)
		if err != nil {
			return err
		}
		clock.Set(day(p.publishedDay))
		opens, closes := day(p.opens), day(p.closes)
		id := made.Quizzes[p.name]
		if id == "" {
			p.draft.Settings.Opens, p.draft.Settings.Closes = &opens, &closes
			if id, err = d.publish(ctx, tree.Path(nodes["CJ"].ID), p.draft); err != nil {
				return fmt.Errorf("exam %s: %w", p.name, err)
			}
			if _, err = d.marks.Update(ctx, seedID, func(m *mark) error { m.Quizzes[p.name] = id; return nil }); err != nil {
				return err
			}
		}
		clock.Set(opens.Add(20 * time.Minute))
		if err := d.sit(ctx, clock, now, id, p, c); err != nil {
			return fmt.Errorf("exam %s: %w", p.name, err)
		}
		if closes.Before(now) {
			clock.Set(closes.Add(24 * time.Hour))
			if lately := now.Add(-2 * time.Hour); lately.Before(clock.Now()) {
				clock.Set(lately)
			}
		}
		if err := d.evaluate(ctx, clock, id, p); err != nil {
			return fmt.Errorf("exam %s: %w", p.name, err)
		}
	}
	clock.Set(now)
	return nil
}

// spared says whether a member leaves an exam out: demo accounts have not taken what is open, so that a visitor can; evaluators do
// not take what three of them mark twice, for nobody would be left for the third mark of an own answer.
func spared(name, number string) bool {
	switch name {
	case "open":
		return number == "D00002" || number == "D00017"
	case "released":
		return number == "D00046" || number == "D00106" || number == "D00121"
	}
	return false
}

// sit lets members take the exam one after the other, each with an own skill.
func (d *Demo) sit(ctx context.Context, clock *ident.Manual, now time.Time, quizID string, p planned, c *crowd) error {
	taken := 0
	for i, number := range c.order {
		person := c.people[number]
		rnd := rand.New(rand.NewPCG(uint64(len(p.name)), uint64(i))) // each has an own: a cut run meets the same choices again
		// Every branch takes part, some more than others; the demo member always has a past.
		if taken >= p.takers {
			return nil
		}
		if spared(p.name, number) || person.stage != "full" && person.stage != "probationary" || number != "D00002" && rnd.IntN(100) < 18+i%15 {
			continue
		}
		taken++
		skill := 0.55 + 0.4*rnd.Float64()
		if err := d.take(ctx, clock, quizID, number, c, skill, rnd, signsOf(p.name, taken)); err != nil {
			return fmt.Errorf("%s: %w", number, err)
		}
		if local := clock.Now().In(organisationZone); local.Hour() >= 18 { // nobody sits at night
			clock.Advance(15 * time.Hour)
		}
		if clock.Now().After(now) {
			return fmt.Errorf("the sittings of %s run into the future", p.name)
		}
	}
	return nil
}

// take is one member's attempt: about ten minutes of the made-up clock.
func (d *Demo) take(ctx context.Context, clock *ident.Manual, quizID, number string, c *crowd, skill float64, rnd *rand.Rand, signs signs) error {
	pace := rand.New(rand.NewPCG(uint64(clock.Now().Unix()), 1))
	actor := policies.Actor{AccountID: "demo:" + number, MemberID: c.ids[number], Name: c.people[number].name, SessionID: "demo-" + number, Address: "192.0.2.1"}
	sheet, err := d.Exams.Attempts.Start(ctx, actor, quizID, exam.Begin{Device: "演示数据"})
	if fault.Is(err, fault.Conflict) {
		return nil // a cut run came this far
	}
	if err != nil {
		return err
	}
	ids := make([]string, len(sheet.Items))
	for i, item := range sheet.Items {
		ids[i] = item.QuestionVersion
	}
	versions, err := d.Bank.GetVersions(ctx, ids)
	if err != nil {
		return err
	}
	for first := 0; first < len(sheet.Items); first += 5 {
		from, whole := clock.Now(), time.Duration(60+rnd.IntN(60))*time.Second
		if signs.hurries {
			whole /= 8
		}
		if signs.roams {
			actor.Address = fmt.Sprintf("192.0.2.%d", 2+first)
		}
		clock.Advance(whole)
		var batch []exam.Answer
		for i := first; i < min(first+5, len(sheet.Items)); i++ {
			if rnd.IntN(60) == 0 {
				continue // skipped
			}
			content := versions[sheet.Items[i].QuestionVersion].Content
			batch = append(batch, exam.Answer{ClientSeq: int64(i + 1), Slot: sheet.Items[i].Slot, Response: reply(content, skill, rnd)})
		}
		if len(batch) == 0 {
			continue
		}
		answered(batch, from, whole, pace)
		if _, err := d.Exams.Attempts.Save(ctx, actor, sheet.Attempt.ID, sheet.Session, batch); err != nil {
			return err
		}
		if first == 0 {
			if actor, sheet.Session, err = signs.happen(ctx, d.Exams.Attempts, actor, sheet); err != nil {
				return err
			}
		}
	}
	clock.Advance(30 * time.Second)
	if _, err = d.Exams.Attempts.Submit(ctx, actor, sheet.Attempt.ID, sheet.Session); err == nil && signs.noted {
		err = d.note(ctx, quizID, sheet.Attempt.ID)
	}
	return err
}

// reply answers rightly with the probability of skill, less for hard items.
func reply(c question.Content, skill float64, rnd *rand.Rand) question.Response {
	right := rnd.Float64() < skill-0.07*float64(c.Difficulty-2)
	switch c.Kind {
	case question.Single:
		var good, bad []string
		for _, o := range c.Options {
			if o.Right {
				good = append(good, o.ID)
			} else {
				bad = append(bad, o.ID)
			}
		}
		if right {
			return question.Response{Choices: good}
		}
		return question.Response{Choices: []string{bad[rnd.IntN(len(bad))]}}
	case question.Multiple:
		var chosen []string
		for _, o := range c.Options {
			if o.Right && (right || rnd.IntN(4) > 0) || !o.Right && !right && rnd.IntN(3) == 0 {
				chosen = append(chosen, o.ID)
			}
		}
		return question.Response{Choices: chosen}
	case question.TrueFalse:
		truth := c.Truth == right
		return question.Response{Truth: &truth}
	case question.Blanks:
		texts := make([]string, len(c.Blanks))
		for i, b := range c.Blanks {
			texts[i] = b.Accept[0]
			if !right && rnd.IntN(2) == 0 {
				texts[i] = []string{"一周", "10", "半年", "记不清了"}[rnd.IntN(4)]
			}
		}
		return question.Response{Texts: texts}
	case question.Short, question.Essay:
		return question.Response{Text: essay(c.Model, right, rnd)}
	default: // pairs, sequences, numbers, gaps: known or not
		if right {
			return question.RightAnswer(c)
		}
		return question.Response{}
	}
}

// essay is the model answer as somebody remembers it.
func essay(model string, right bool, rnd *rand.Rand) string {
	text := []rune(model)
	if right {
		return string(text[:len(text)*(7+rnd.IntN(4))/10])
	}
	return string(text[:len(text)*(2+rnd.IntN(3))/10]) + "……其余要点记得不准确。"
}
