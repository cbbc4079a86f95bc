package api

import (
	"context"
	"time"

	"qiming/app/finder"
	"qiming/internal/fault"
	"qiming/knowledge"
	"qiming/media"
	"qiming/policies"
	"qiming/search"
	"qiming/search/index"
)

// SearchHit is something that was found.
type SearchHit struct {
	Type       string             `json:"type" enum:"article,question" doc:"What it is kept as"`
	Kind       string             `json:"kind" enum:"article,regulation,faq,term,question"`
	ID         string             `json:"id"`
	OrgID      string             `json:"org_id"`
	OrgName    string             `json:"org_name"`
	Title      string             `json:"title" doc:"Empty of a question"`
	TitleMarks []search.Span      `json:"title_marks" doc:"Words that were looked for, in code points"`
	File       *SearchFile        `json:"file,omitempty" doc:"Where the words stand in a file of the article"`
	Extract    index.Extract      `json:"extract" doc:"The stretch of the text that says most of it"`
	Tags       []string           `json:"tags"`
	Source     string             `json:"source,omitempty"`
	Official   bool               `json:"official,omitempty"`
	At         time.Time          `json:"at" doc:"When it was published, or changed"`
	Standing   knowledge.Standing `json:"standing,omitempty" enum:"upcoming,in_force,expired,replaced" doc:"Of a regulation, today"`
}

// SearchFile is a file of an article in which something was found.
type SearchFile struct {
	ID    string        `json:"id"`
	Name  string        `json:"name"`
	Marks []search.Span `json:"marks" doc:"Words that were looked for, in code points"`
	Place int           `json:"place,omitempty" doc:"Page or slide from 1, second of a video; nothing of a document without pages"`
	Class media.Class   `json:"class" enum:"document,video"`
	Type  string        `json:"type" doc:"Media type"`
}

// SearchAnswer is what a search found.
type SearchAnswer struct {
	Total    int                            `json:"total"`
	Hits     []SearchHit                    `json:"hits"`
	Facets   map[index.Facet]map[string]int `json:"facets" doc:"Hits by kind, category, tag, source and official mark"`
	Spelling string                         `json:"spelling,omitempty" doc:"What may have been meant, where nothing was found"`

	CategoryNames map[string]string `json:"category_names" doc:"Names of the categories among the facets"`
}

type searchInput struct {
	Q        string   `query:"q" maxLength:"200" doc:"What is looked for: words, pinyin or initials; nothing gives the newest"`
	Kind     []string `query:"kind,explode" maxItems:"5" doc:"Any of these; also as a list with commas"`
	Category string   `query:"category" maxLength:"64" doc:"With all below it"`
	Tag      string   `query:"tag" maxLength:"40"`
	Source   string   `query:"source" maxLength:"200"`
	Official bool     `query:"official" doc:"Only what has the official mark"`
	From     string   `query:"from" maxLength:"10" doc:"Published on this day or later, 2026-12-31"`
	To       string   `query:"to" maxLength:"10" doc:"Published on this day or before"`
	Offset   int      `query:"offset" minimum:"0" maximum:"1000"`
	Limit    int      `query:"limit" minimum:"1" maximum:"50" default:"20"`
}

func (a *API) searchFind(ctx context.Context, actor policies.Actor, in *searchInput) (*Answer[SearchAnswer], error) {
	q := finder.Query{Text: in.Q, Kinds: oneOf[string](in.Kind), Category: in.Category, Tag: in.Tag, Source: in.Source, Official: in.Official, Offset: in.Offset, Limit: in.Limit}
	for _, day := range []struct {
		name, text string
		at         *time.Time
	}{{"from", in.From, &q.From}, {"to", in.To, &q.To}} {
		if day.text == "" {
			continue
		}
		at, err := time.Parse(time.DateOnly, day.text)
		if err != nil {
			return nil, fault.New(fault.Invalid, "search.day", "%s is no day: %q", day.name, day.text).With("field", day.name)
		}
		*day.at = at
	}
	found, err := a.Finder.Find(ctx, actor, q)
	if err != nil {
		return nil, err
	}
	a.noteSearch(ctx, actor, q, found.Total)
	var orgs, parts []string
	for _, hit := range found.Hits {
		orgs = append(orgs, hit.Document.OrgID)
		if hit.Document.Part != "" {
			parts = append(parts, hit.Document.Part)
		}
	}
	files, err := a.Media.Described(ctx, parts)
	if err != nil {
		return nil, err
	}
	names, err := a.Orgs.Names(ctx, orgs...)
	if err != nil {
		return nil, err
	}
	standings, err := a.standings(ctx, actor, found.Hits)
	if err != nil {
		return nil, err
	}
	out := SearchAnswer{Total: found.Total, Hits: []SearchHit{}, Facets: found.Facets, Spelling: found.Spelling, CategoryNames: found.CategoryNames}
	for _, hit := range found.Hits {
		d := hit.Document
		found := SearchHit{Type: d.Type, Kind: d.Kind, ID: d.ID, OrgID: d.OrgID, OrgName: names[d.OrgID], Title: d.Title, TitleMarks: hit.Title,
			Extract: hit.Extract, Tags: append([]string{}, d.Tags...), Source: d.Source, Official: d.Official, At: d.Date.UTC(), Standing: standings[d.ID]}
		if d.Part != "" {
			f := files[d.Part]
			found.Title, found.TitleMarks = d.Within, []search.Span{}
			found.File = &SearchFile{ID: d.Part, Name: d.Title, Marks: hit.Title, Place: d.PlaceAt(hit.Extract.At), Class: f.Class, Type: f.Type}
		}
		out.Hits = append(out.Hits, found)
	}
	return answer(out), nil
}

// standings says of the regulations among hits how they stand today.
func (a *API) standings(ctx context.Context, actor policies.Actor, hits []finder.Hit) (map[string]knowledge.Standing, error) {
	var ids []string
	for _, hit := range hits {
		if hit.Document.Kind == string(knowledge.Regulation) {
			ids = append(ids, hit.Document.ID)
		}
	}
	cited, err := a.Knowledge.Cite(ctx, actor, ids)
	out := make(map[string]knowledge.Standing, len(cited))
	for _, c := range cited {
		out[c.ID] = c.Standing
	}
	return out, err
}

// SearchSuggestion is a name that goes on from what was typed.
type SearchSuggestion struct {
	Type  string `json:"type" enum:"article,question"`
	Kind  string `json:"kind" enum:"article,regulation,faq,term,question"`
	ID    string `json:"id"`
	Title string `json:"title"`
}

type searchSuggestInput struct {
	Q     string `query:"q" maxLength:"60" doc:"What was typed so far: characters, pinyin or initials"`
	Limit int    `query:"limit" minimum:"1" maximum:"10" default:"8"`
}

func (a *API) searchSuggest(ctx context.Context, actor policies.Actor, in *searchSuggestInput) (*Listed[SearchSuggestion], error) {
	found, err := a.Finder.Suggest(ctx, actor, in.Q, in.Limit)
	if err != nil {
		return nil, err
	}
	out := make([]SearchSuggestion, len(found))
	for i, s := range found {
		out[i] = SearchSuggestion(s)
	}
	return list(out), nil
}
