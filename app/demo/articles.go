package demo

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"qiming/exam/question"
	"qiming/internal/ident"
	"qiming/knowledge"
	"qiming/knowledge/wordlist"
	"qiming/policies"
)

//go:embed articles/*.md
var articleFiles embed.FS

// prose is a file of articles: a line of JSON about the text, a line "---", and the text. Days count from today.
type prose struct {
	knowledge.Content
	Org          string   `json:"org"` // code of the owner; "" = the committee
	Category     []string `json:"category"`
	Day          int      `json:"day"`           // of the hand-in and what follows
	Stop         string   `json:"stop"`          // how far it has come: draft, review, scheduled, withdrawn; "" = published
	Note         string   `json:"note"`          // of the last step
	EffectiveDay int      `json:"effective_day"` // of a regulation; 0 = as the law says
	ExpiresDay   int      `json:"expires_day"`   // 0 = never
	Replaces     []string `json:"replaces"`      // names of files
	key          string
}

func proses() ([]prose, error) {
	names, err := fs.Glob(articleFiles, "articles/*.md")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var all []prose
	for _, name := range names {
		data, err := articleFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		head, body, found := bytes.Cut(data, []byte("\n---\n"))
		e := prose{key: strings.TrimSuffix(strings.TrimPrefix(name, "articles/"), ".md")}
		if err := json.Unmarshal(head, &e); err != nil || !found {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		e.Body = string(body)
		all = append(all, e)
	}
	return all, nil
}

// articles fills the knowledge base: articles of every kind and in every state, categories, words that do not pass.
func (d *Demo) articles(ctx context.Context, clock *ident.Manual, now time.Time, nodes tree) error {
	all, err := proses()
	if err != nil {
		return err
	}
	writer, err := d.actor(ctx, "trainer")
	if err != nil {
		return err
	}
	reviewer, err := d.actor(ctx, "evaluator")
	if err != nil {
		return err
	}
	if err := d.words(ctx, nodes["CJ"].ID); err != nil {
		return err
	}
	day := func(n int) time.Time { // nine in the morning of the organisation
		t := now.In(organisationZone).AddDate(0, 0, n)
		return time.Date(t.Year(), t.Month(), t.Day(), 9, 0, 0, 0, t.Location()).UTC()
	}
	slices.SortStableFunc(all, func(a, b prose) int { return a.Day - b.Day })
	for _, e := range all {
		made, err := d.marks.Get(ctx, seedID)
		if err != nil {
			return err
		}
		clock.Set(day(e.Day))
		if e.Org == "" {
			e.Org = "CJ"
		}
		id := made.Articles[e.key]
		if id == "" {
			if id, err = d.write(ctx, writer, now, nodes, made.Articles, e); err != nil {
				return fmt.Errorf("article %s: %w", e.key, err)
			}
			if _, err := d.marks.Update(ctx, seedID, func(m *mark) error {
				if m.Articles == nil {
					m.Articles = map[string]string{}
				}
				m.Articles[e.key] = id
				return nil
			}); err != nil {
				return err
			}
		}
		if err := d.bring(ctx, clock, day, writer, reviewer, id, e); err != nil {
			return fmt.Errorf("article %s: %w", e.key, err)
		}
	}
	clock.Set(day(-1))
	if err := d.discuss(ctx, clock, reviewer); err != nil {
		return err
	}
	clock.Set(now)
	return d.lead(ctx, nodes["CJ"].ID)
}

// places says which questions, by a tag and a part of the stem, rest on what.
var places = []struct {
	tag, stem string
	on        question.Passage // the article by the name of its file
}{
	{"三会一课", "", question.Passage{ArticleID: "01-meetings", Anchor: "h-多久一次", Text: "“三会一课”怎么开：次数、人员和记录 · 多久一次"}},
	{"主题党日", "", question.Passage{ArticleID: "02-themeday", Text: "主题党日六个环节：一份可以照着做的安排"}},
	{"党费计算", "", question.Passage{ArticleID: "07-dues", Text: "党费按什么标准交？"}},
	{"学时", "党员每年集中学习", question.Passage{ArticleID: "03-study-old", Anchor: "h-第二章-学时", Text: "启明局党委党员学习管理办法（试行） · 第二章 学时"}},
}

// lead files with questions what they rest on.
func (d *Demo) lead(ctx context.Context, orgID string) error {
	made, err := d.marks.Get(ctx, seedID)
	if err != nil {
		return err
	}
	for _, place := range places {
		place.on.ArticleID = made.Articles[place.on.ArticleID]
		for q, err := range d.Bank.All(ctx, root(), question.Filter{OrgID: orgID, Tags: []string{place.tag}, Text: place.stem}) {
			if err != nil {
				return err
			}
			if len(q.Passages) > 0 {
				continue
			}
			edit := question.Edit{CategoryID: q.CategoryID, Tags: q.Tags, Content: q.Content, ValidUntil: q.ValidUntil, Basis: q.Basis, Passages: []question.Passage{place.on}}
			if _, err := d.Bank.Save(ctx, root(), q.ID, q.Rev, edit); err != nil {
				return fmt.Errorf("question %s: %w", q.ID, err)
			}
		}
	}
	return nil
}

// actor is a demo account that may do anything: what it does carries its name.
func (d *Demo) actor(ctx context.Context, login string) (policies.Actor, error) {
	a, err := d.Accounts.ByLogin(ctx, login)
	actor := root()
	actor.AccountID, actor.Name = a.ID, a.Name
	return actor, err
}

// write makes the draft.
func (d *Demo) write(ctx context.Context, writer policies.Actor, now time.Time, nodes tree, made map[string]string, e prose) (string, error) {
	c := e.Content
	day := func(n int) string { return now.In(organisationZone).AddDate(0, 0, n).Format(time.DateOnly) }
	if c.Law != nil {
		if e.EffectiveDay != 0 {
			c.Law.Effective, c.Law.Issued = day(e.EffectiveDay), day(min(e.Day, e.EffectiveDay)-5)
		}
		if e.ExpiresDay != 0 {
			c.Law.Expires = day(e.ExpiresDay)
		}
		for _, key := range e.Replaces {
			c.Law.Replaces = append(c.Law.Replaces, made[key])
		}
	}
	for i, code := range c.Audience.Orgs {
		c.Audience.Orgs[i] = nodes[code].ID
	}
	var err error
	if c.CategoryID, err = d.shelve(ctx, nodes[e.Org].ID, e.Category); err != nil {
		return "", err
	}
	a, err := d.Knowledge.Create(ctx, writer, nodes[e.Org].ID, c)
	return a.ID, err
}

// shelve gives the category of a path, and makes what is not there of it.
func (d *Demo) shelve(ctx context.Context, orgID string, path []string) (string, error) {
	id := ""
	for _, name := range path {
		have, err := d.Knowledge.Categories(ctx, root(), orgID)
		if err != nil {
			return "", err
		}
		at := slices.IndexFunc(have, func(c knowledge.CategoryCount) bool { return c.ParentID == id && c.Name == name })
		if at >= 0 {
			id = have[at].ID
			continue
		}
		c, err := d.Knowledge.PutCategory(ctx, root(), orgID, knowledge.Category{ParentID: id, Name: name, Order: len(have)})
		if err != nil {
			return "", err
		}
		id = c.ID
	}
	return id, nil
}

// bring takes an article as far as it is to come.
func (d *Demo) bring(ctx context.Context, clock *ident.Manual, day func(int) time.Time, writer, reviewer policies.Actor, id string, e prose) error {
	var moment *time.Time
	if e.Stop == "scheduled" {
		at := day(2)
		moment = &at
	}
	for {
		a, err := d.Knowledge.Get(ctx, root(), id)
		if err != nil {
			return err
		}
		o := knowledge.Order{Rev: a.Rev, PublishAt: moment}
		actor := reviewer
		switch {
		case a.Status == knowledge.Draft && e.Stop != "draft":
			o.Step, actor = knowledge.HandIn, writer
			if e.Stop != "withdrawn" {
				o.Note = e.Note
			}
		case a.Status == knowledge.InReview && e.Stop != "review":
			o.Step = knowledge.Approve
		case a.Status == knowledge.Published && e.Stop == "withdrawn":
			o.Step, o.Note, o.PublishAt = knowledge.Withdraw, e.Note, nil
			clock.Set(day(e.Day + 35))
		default:
			return nil
		}
		if _, err := d.Knowledge.Take(ctx, actor, id, o); err != nil {
			return err
		}
	}
}

// words fills the list of words.
func (d *Demo) words(ctx context.Context, orgID string) error {
	have, err := d.WordList.Entries(ctx, []string{orgID})
	if err != nil || len(have) > 0 {
		return err
	}
	for _, e := range []wordlist.Entry{
		{Word: "书纪", Level: wordlist.Refuse, Why: "错别字", Replacement: "书记"},
		{Word: "必需严格", Level: wordlist.Warn, Why: "“必须”“必需”误用", Replacement: "必须严格"},
		{Word: "建国以来", Level: wordlist.Warn, Why: "规范表述", Replacement: "新中国成立以来"},
		{Word: "党费代收点", Level: wordlist.Warn, Why: "本局没有设立代收点", Exceptions: []string{"没有党费代收点"}},
	} {
		if _, err := d.WordList.Add(ctx, root(), orgID, e); err != nil {
			return err
		}
	}
	return nil
}
