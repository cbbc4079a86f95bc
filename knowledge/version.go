package knowledge

import (
	"context"

	"qiming/internal/fault"
	"qiming/internal/store"
	"qiming/policies"
)

// lostRaces bounds how many numbers taken by versions that no article took are stepped over.
const lostRaces = 50

// addVersion makes a version of the draft and gives its number; a draft that is the latest version already has its number.
// A number that is taken belongs to a step that lost its race or its process: the next one is used.
func (s *Articles) addVersion(ctx context.Context, a Article, note string) (int, error) {
	if a.Number > 0 {
		last, err := s.versions.Get(ctx, VersionID(a.ID, a.Number))
		if err != nil || last.Content.same(a.Draft) {
			return a.Number, err
		}
	}
	for number := a.Number + 1; number <= a.Number+lostRaces; number++ {
		v := Version{Meta: store.Meta{ID: VersionID(a.ID, number)}, ArticleID: a.ID, Number: number, Follows: a.Number, Content: a.Draft, Writers: a.Writers, Note: note}
		if err := s.Files.Refer(ctx, "article:"+v.ID, a.Draft.Files()); err != nil {
			return 0, err
		}
		if err := s.versions.Insert(ctx, &v); !fault.Is(err, fault.Exists) {
			return number, err
		}
	}
	return 0, errStale(a.ID)
}

// Versions gives the history of an article that the actor's permission reaches, newest first.
func (s *Articles) Versions(ctx context.Context, actor policies.Actor, id string) ([]Version, error) {
	a, err := s.Get(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	out, want := []Version{}, a.Number
	for v, err := range s.versions.Find(ctx, store.Query[Version]{Index: "article", Eq: map[string]any{"article_id": id}, Desc: true}) {
		if err != nil {
			return nil, err
		}
		if v.Number == want {
			out, want = append(out, v), v.Follows
		}
	}
	return out, nil
}

// Version gives one of them.
func (s *Articles) Version(ctx context.Context, actor policies.Actor, id string, number int) (Version, error) {
	versions, err := s.Versions(ctx, actor, id)
	if err != nil {
		return Version{}, err
	}
	for _, v := range versions {
		if v.Number == number {
			return v, nil
		}
	}
	return Version{}, fault.New(fault.NotFound, "article.version_not_found", "no version %d of article %s", number, id)
}
