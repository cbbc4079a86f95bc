package api

import (
	"context"
	"fmt"
	"slices"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/policies"
)

func articlesOf(passages []question.Passage) []string {
	ids := make([]string, len(passages))
	for i, p := range passages {
		ids[i] = p.ArticleID
	}
	return ids
}

// restsOn gives the articles of passages that one may read.
func (a *API) restsOn(ctx context.Context, actor policies.Actor, passages []question.Passage) ([]RestedUpon, error) {
	cited, err := a.Knowledge.Cite(ctx, actor, articlesOf(passages))
	if err != nil {
		return nil, err
	}
	anchors, err := a.Knowledge.Anchors(ctx, actor, articlesOf(passages))
	out := make([]RestedUpon, len(cited))
	for i, c := range cited {
		if out[i] = (RestedUpon{c, anchors[c.ID]}); out[i].Anchors == nil {
			out[i].Anchors = []string{}
		}
	}
	return out, err
}

// leads refuses passages that lead nowhere: fault.Invalid, "question.invalid" with "passage.no_article" or "passage.no_heading". Those
// that the question had before stay, whatever became of them: the author is told of them where they are shown.
func (a *API) leads(ctx context.Context, actor policies.Actor, passages, had []question.Passage) error {
	anchors, err := a.Knowledge.Anchors(ctx, actor, articlesOf(passages))
	if err != nil {
		return err
	}
	var wrong []fault.Field
	for i, p := range passages {
		name := map[string]any{"text": p.Text}
		known, there := anchors[p.ArticleID]
		switch {
		case slices.ContainsFunc(had, func(o question.Passage) bool { return o.ArticleID == p.ArticleID && o.Anchor == p.Anchor }):
		case !there:
			wrong = append(wrong, fault.Field{Path: fmt.Sprintf("passages[%d].article_id", i), Key: "passage.no_article", Params: name})
		case p.Anchor != "" && !slices.Contains(known, p.Anchor):
			wrong = append(wrong, fault.Field{Path: fmt.Sprintf("passages[%d].anchor", i), Key: "passage.no_heading", Params: name})
		}
	}
	return fault.Bad("question.invalid", wrong)
}
