package exam

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// Limits of an account's snippets.
const (
	MaxSnippets = 50
	MaxSnippet  = 200 // characters
)

// Snippets are the comments that an evaluator uses again and again (常用评语), in the evaluator's own order. The id is
// the account.
type Snippets struct {
	store.Meta `bson:",inline"`
	Texts      []string `bson:"texts" json:"texts"`
}

// Snippets gives the actor's own; of one who has none the revision is 0.
func (s *Marking) Snippets(ctx context.Context, actor policies.Actor) (Snippets, error) {
	own, err := s.snippets.Get(ctx, actor.AccountID)
	if fault.Is(err, fault.NotFound) {
		return Snippets{Texts: []string{}}, nil
	}
	return own, err
}

// SetSnippets puts a list in the place of the actor's own. rev is the revision that the actor saw, 0 where there was none;
// another one is fault.Conflict, "snippet.stale". Texts are trimmed; one that is empty, too long or there twice, or more of
// them than MaxSnippets, are fault.Invalid, "snippet.invalid".
func (s *Marking) SetSnippets(ctx context.Context, actor policies.Actor, rev int64, texts []string) (Snippets, error) {
	texts, err := tidySnippets(texts)
	if err != nil {
		return Snippets{}, err
	}
	stale := fault.New(fault.Conflict, "snippet.stale", "snippets of %s were changed meanwhile", actor.AccountID)
	if rev == 0 {
		own := Snippets{Meta: store.Meta{ID: actor.AccountID}, Texts: texts}
		if err := s.snippets.Insert(ctx, &own); fault.Is(err, fault.Exists) {
			return own, stale
		} else if err != nil {
			return own, err
		}
		return own, nil
	}
	own, err := s.snippets.Update(ctx, actor.AccountID, func(own *Snippets) error {
		if own.Rev != rev {
			return stale
		}
		own.Texts = texts
		return nil
	})
	if fault.Is(err, fault.NotFound) {
		err = stale
	}
	return own, err
}

func tidySnippets(texts []string) ([]string, error) {
	var wrong []fault.Field
	if len(texts) > MaxSnippets {
		wrong = append(wrong, fault.Field{Path: "texts", Key: "too_many", Params: map[string]any{"max": MaxSnippets}})
	}
	out, seen := make([]string, len(texts)), map[string]bool{}
	for i, text := range texts {
		out[i] = strings.TrimSpace(text)
		path := fmt.Sprintf("texts[%d]", i)
		switch {
		case out[i] == "":
			wrong = append(wrong, fault.Field{Path: path, Key: "required"})
		case utf8.RuneCountInString(out[i]) > MaxSnippet:
			wrong = append(wrong, fault.Field{Path: path, Key: "too_long", Params: map[string]any{"max": MaxSnippet}})
		case seen[out[i]]:
			wrong = append(wrong, fault.Field{Path: path, Key: "duplicate"})
		}
		seen[out[i]] = true
	}
	return out, fault.Bad("snippet.invalid", wrong)
}
