package knowledge

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"qiming/internal/fault"
	"qiming/knowledge/wordlist"
	"qiming/media"
	"qiming/search"
)

// Kind is what an article is.
type Kind string

// The kinds.
const (
	Essay      Kind = "article"    // 文章
	Regulation Kind = "regulation" // 制度法规: number, issuer and dates count
	FAQ        Kind = "faq"        // 常见问题: the title asks, the text answers
	Term       Kind = "term"       // 术语: the title is the term, the text explains it
)

// Kinds gives every kind there is.
func Kinds() []Kind { return []Kind{Essay, Regulation, FAQ, Term} }

// Limits of a content, in characters unless said otherwise.
const (
	MaxTitle       = 200
	MaxSummary     = 500
	MaxBody        = 100_000
	MaxTags        = 20
	MaxTag         = 40
	MaxLabel       = 200 // of a source, an issuer, an attachment
	MaxURL         = 500
	MaxNumber      = 100
	MaxAliases     = 20
	MaxAttachments = 20
	MaxReplaces    = 20
	MaxAudience    = 100 // nodes
	maxReason      = 500
)

// Source says where an article is from.
type Source struct {
	Label    string `bson:"label,omitempty" json:"label,omitempty"`       // 来源: "新华社"
	URL      string `bson:"url,omitempty" json:"url,omitempty"`           // of the original; http or https
	Official bool   `bson:"official,omitempty" json:"official,omitempty"` // 权威发布: issued by whom it names, checked by the reviewer
}

// Law is what a regulation has beside its text. Dates are days, 2026-12-31; "" = not said.
type Law struct {
	Number    string   `bson:"number,omitempty" json:"number,omitempty"`       // 文号: 中组发〔2008〕3号
	Issuer    string   `bson:"issuer,omitempty" json:"issuer,omitempty"`       // 发布机关
	Issued    string   `bson:"issued,omitempty" json:"issued,omitempty"`       // 发布日期
	Effective string   `bson:"effective,omitempty" json:"effective,omitempty"` // 施行日期: the first day
	Expires   string   `bson:"expires,omitempty" json:"expires,omitempty"`     // 有效期至: the last day
	Replaces  []string `bson:"replaces,omitempty" json:"replaces,omitempty"`   // regulations whose place it takes, by id
}

// Attachment is a file that belongs to an article.
type Attachment struct {
	ID   string `bson:"id" json:"id"` // of media
	Name string `bson:"name" json:"name"`
}

// Content is what an author writes, and what a version keeps.
type Content struct {
	Kind        Kind         `bson:"kind" json:"kind" enum:"article,regulation,faq,term"`
	Title       string       `bson:"title" json:"title"`
	Summary     string       `bson:"summary,omitempty" json:"summary,omitempty"`
	Body        string       `bson:"body" json:"body"` // Markdown
	CategoryID  string       `bson:"category_id,omitempty" json:"category_id,omitempty"`
	Tags        []string     `bson:"tags,omitempty" json:"tags,omitempty"`
	Aliases     []string     `bson:"aliases,omitempty" json:"aliases,omitempty"` // of a term: other names
	Source      Source       `bson:"source" json:"source"`
	Audience    Audience     `bson:"audience" json:"audience"`
	Cover       string       `bson:"cover,omitempty" json:"cover,omitempty"` // a picture of media
	Attachments []Attachment `bson:"attachments,omitempty" json:"attachments,omitempty"`
	Confirm     bool         `bson:"confirm,omitempty" json:"confirm,omitempty"`   // readers are asked to confirm that they read it
	Comments    bool         `bson:"comments,omitempty" json:"comments,omitempty"` // readers may comment; off by default: an organisation answers for what stands under its texts
	Law         *Law         `bson:"law,omitempty" json:"law,omitempty"`           // of a regulation
}

// Files gives the ids of the media that a content shows, each once.
func (c Content) Files() []string {
	ids := media.In(c.Body)
	add := func(id string) {
		if id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	add(c.Cover)
	for _, a := range c.Attachments {
		add(a.ID)
	}
	return ids
}

// Texts gives everything that readers read, for the list of words.
func (c Content) Texts() []wordlist.Text {
	texts := []wordlist.Text{{Path: "title", Text: c.Title}, {Path: "summary", Text: c.Summary}, {Path: "body", Text: c.Body}, {Path: "source.label", Text: c.Source.Label}}
	list := func(path string, values []string) {
		for i, value := range values {
			texts = append(texts, wordlist.Text{Path: fmt.Sprintf("%s[%d]", path, i), Text: value})
		}
	}
	list("tags", c.Tags)
	list("aliases", c.Aliases)
	for i, a := range c.Attachments {
		texts = append(texts, wordlist.Text{Path: fmt.Sprintf("attachments[%d].name", i), Text: a.Name})
	}
	if c.Law != nil {
		texts = append(texts, wordlist.Text{Path: "law.number", Text: c.Law.Number}, wordlist.Text{Path: "law.issuer", Text: c.Law.Issuer})
	}
	return slices.DeleteFunc(texts, func(t wordlist.Text) bool { return t.Text == "" })
}

// same compares two prepared contents.
func (c Content) same(other Content) bool {
	x, err1 := json.Marshal(c)
	y, err2 := json.Marshal(other)
	return errors.Join(err1, err2) == nil && bytes.Equal(x, y)
}

// problems collects what is wrong with an input.
type problems []fault.Field

func (p *problems) add(path, key string) { *p = append(*p, fault.Field{Path: path, Key: key}) }

func (p *problems) most(path, key string, limit int) {
	*p = append(*p, fault.Field{Path: path, Key: key, Params: map[string]any{"max": limit}})
}

func (p *problems) length(path, s string, limit int) {
	if utf8.RuneCountInString(s) > limit {
		p.most(path, "too_long", limit)
	}
}

// list tidies short texts and drops empty and repeated ones.
func (p *problems) list(path string, values []string, limit, length int) []string {
	var out []string
	for i, value := range values {
		value = tidy(value)
		p.length(fmt.Sprintf("%s[%d]", path, i), value, length)
		if value != "" && !slices.Contains(out, value) {
			out = append(out, value)
		}
	}
	if len(out) > limit {
		p.most(path, "too_many", limit)
	}
	return out
}

func (p *problems) day(path, s string) {
	if _, err := time.Parse(time.DateOnly, s); s != "" && err != nil {
		p.add(path, "date.invalid")
	}
}

// tidy trims a line and drops what cannot be seen.
func tidy(s string) string { return strings.TrimSpace(strings.ReplaceAll(clean(s), "\n", " ")) }

// clean unifies line ends and drops broken UTF-8, control characters, byte order marks and what turns the direction of writing: a
// reviewer would read other words than stand there.
func clean(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\ufeff', r == '\u200b':
			return -1
		}
		return r
	}, s)
}

// prepare tidies a content, drops what its kind does not have, and gives what is wrong with it as a draft: what is lacking is not
// wrong yet.
func (c *Content) prepare() problems {
	var p problems
	if !slices.Contains(Kinds(), c.Kind) {
		p.add("kind", "unknown")
	}
	c.Title, c.Summary, c.Body = tidy(c.Title), tidy(c.Summary), clean(c.Body)
	p.length("title", c.Title, MaxTitle)
	p.length("summary", c.Summary, MaxSummary)
	p.length("body", c.Body, MaxBody)
	c.Tags = p.list("tags", c.Tags, MaxTags, MaxTag)
	var tags []string
	for _, tag := range c.Tags {
		if !search.HasTag(tags, tag) {
			tags = append(tags, tag)
		}
	}
	c.Tags = tags
	if c.Aliases = p.list("aliases", c.Aliases, MaxAliases, MaxTitle); c.Kind != Term {
		c.Aliases = nil
	}
	c.Source.Label, c.Source.URL = tidy(c.Source.Label), tidy(c.Source.URL)
	p.length("source.label", c.Source.Label, MaxLabel)
	p.length("source.url", c.Source.URL, MaxURL)
	if u := strings.ToLower(c.Source.URL); u != "" && !strings.HasPrefix(u, "https://") && !strings.HasPrefix(u, "http://") {
		p.add("source.url", "url.invalid")
	}
	p.audience(&c.Audience)
	if c.Cover != "" && !media.IsID(c.Cover) {
		p.add("cover", "unknown")
	}
	if len(c.Attachments) > MaxAttachments {
		p.most("attachments", "too_many", MaxAttachments)
	}
	for i := range c.Attachments {
		a := &c.Attachments[i]
		a.Name = tidy(a.Name)
		p.length(fmt.Sprintf("attachments[%d].name", i), a.Name, MaxLabel)
		if !media.IsID(a.ID) {
			p.add(fmt.Sprintf("attachments[%d].id", i), "unknown")
		}
	}
	if c.Kind != Regulation {
		c.Law = nil
	} else if c.Law == nil {
		c.Law = &Law{}
	}
	if c.Law != nil {
		p.law(c.Law)
	}
	return p
}

func (p *problems) audience(a *Audience) {
	if a.Public {
		*a = Audience{Public: true}
	}
	a.Orgs = p.list("audience.orgs", a.Orgs, MaxAudience, 64)
	for i, role := range a.Roles {
		if !role.Grantable() || role.Administrator() {
			p.add(fmt.Sprintf("audience.roles[%d]", i), "unknown")
		}
	}
	slices.Sort(a.Roles)
	a.Roles = slices.Compact(a.Roles)
}

func (p *problems) law(l *Law) {
	l.Number, l.Issuer = tidy(l.Number), tidy(l.Issuer)
	p.length("law.number", l.Number, MaxNumber)
	p.length("law.issuer", l.Issuer, MaxLabel)
	p.day("law.issued", l.Issued)
	p.day("law.effective", l.Effective)
	p.day("law.expires", l.Expires)
	if l.Effective != "" && l.Expires != "" && l.Expires < l.Effective {
		p.add("law.expires", "article.expires_before")
	}
	l.Replaces = p.list("law.replaces", l.Replaces, MaxReplaces, 64)
}

// lacking gives what a prepared content lacks to be handed in.
func (c Content) lacking() problems {
	var p problems
	if c.Title == "" {
		p.add("title", "required")
	}
	if strings.TrimSpace(c.Body) == "" && len(c.Attachments) == 0 {
		p.add("body", "required")
	}
	if len(c.Audience.Tokens("")) == 0 {
		p.add("audience", "required")
	}
	for i, a := range c.Attachments {
		if a.Name == "" {
			p.add(fmt.Sprintf("attachments[%d].name", i), "required")
		}
	}
	if c.Law != nil && c.Law.Issuer == "" {
		p.add("law.issuer", "required")
	}
	return p
}

// Standing says whether a regulation holds.
type Standing string

// The standings; "" of what is no regulation.
const (
	Upcoming Standing = "upcoming" // 尚未施行
	InForce  Standing = "in_force" // 现行有效
	Expired  Standing = "expired"  // 已过有效期
	Replaced Standing = "replaced" // 已被替代
)

// standing gives how the regulation stands on a day (2026-12-31) of the organisation. successors are the published regulations that
// take its place: it is replaced from the first day on which one of them holds.
func (l *Law) standing(today string, successors []*Law) Standing {
	switch {
	case l == nil:
		return ""
	case slices.ContainsFunc(successors, func(s *Law) bool { return s.Effective <= today }):
		return Replaced
	case l.Expires != "" && l.Expires < today:
		return Expired
	case l.Effective > today:
		return Upcoming
	}
	return InForce
}
