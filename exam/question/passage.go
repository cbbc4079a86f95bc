package question

import (
	"context"
	"regexp"
	"slices"
	"unicode/utf8"

	"qiming/policies"
)

// Passage is a place of the knowledge base on which a question rests, and to which its explanation leads (出处). It is filed with
// the question and not versioned: when a regulation is replaced, the questions are led to the new one.
type Passage struct {
	ArticleID string `bson:"article_id" json:"article_id" maxLength:"64"`
	Anchor    string `bson:"anchor,omitempty" json:"anchor,omitempty" maxLength:"200"` // of a heading; "" = the whole
	Text      string `bson:"text" json:"text" maxLength:"1000"`                        // what people read: "党员学习管理办法 · 第二章 学时"
}

// Limits of passages; the text in characters.
const (
	MaxPassages    = 5
	MaxPassageText = 200
)

var (
	articleForm = regexp.MustCompile(`^[0-9a-z]{1,64}$`)
	anchorForm  = regexp.MustCompile(`^h-[\p{L}\p{N}-]{1,190}$`)
)

// passages tidies passages, drops repeated ones, and notes what is wrong.
func (p *problems) passages(list []Passage) []Passage {
	var out []Passage
	for i, one := range list {
		one.Text = tidy(one.Text)
		if !articleForm.MatchString(one.ArticleID) {
			p.add(at("passages", i, "article_id"), "unknown")
		}
		if one.Anchor != "" && !anchorForm.MatchString(one.Anchor) {
			p.add(at("passages", i, "anchor"), "unknown")
		}
		if one.Text == "" {
			p.add(at("passages", i, "text"), "required")
		}
		if utf8.RuneCountInString(one.Text) > MaxPassageText {
			p.addMax(at("passages", i, "text"), "too_long", MaxPassageText)
		}
		if !slices.ContainsFunc(out, func(o Passage) bool { return o.ArticleID == one.ArticleID && o.Anchor == one.Anchor }) {
			out = append(out, one)
		}
	}
	if len(out) > MaxPassages {
		p.addMax("passages", "too_many", MaxPassages)
	}
	return out
}

// SoundPassages gives those of passages that a question may have.
func SoundPassages(list []Passage) []Passage {
	var sound []Passage
	for _, one := range list {
		var p problems
		if tidied := p.passages([]Passage{one}); len(p) == 0 && len(sound) < MaxPassages {
			sound = append(sound, tidied...)
		}
	}
	return sound
}

// rests says whether the question rests on a passage of an article.
func (e *entry) rests(articleID string) bool {
	return slices.ContainsFunc(e.passages, func(p Passage) bool { return p.ArticleID == articleID })
}

// Passages gives those of questions by the question's id; for reviews, where the explanation is due.
func (b *Bank) Passages(ctx context.Context, ids []string) (map[string][]Passage, error) {
	if err := b.catalogue.mirror.Refresh(ctx, false); err != nil {
		return nil, err
	}
	b.catalogue.mu.RLock()
	defer b.catalogue.mu.RUnlock()
	out := map[string][]Passage{}
	for _, id := range ids {
		if e := b.catalogue.byID[id]; e != nil && len(e.passages) > 0 {
			out[id] = e.passages
		}
	}
	return out, nil
}

// Resting counts the questions, among those that the actor sees, that rest on an article.
func (b *Bank) Resting(ctx context.Context, actor policies.Actor, articleID string) (int, error) {
	l, err := b.List(ctx, actor, Filter{ArticleID: articleID}, 1, "")
	return l.Total, err
}
