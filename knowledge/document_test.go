package knowledge

import (
	"reflect"
	"testing"
)

// Search takes in what is published, as it was published, and nothing else.
func TestSearchTakesInWhatIsPublished(t *testing.T) {
	w, ctx := newWorld(t), t.Context()
	top, err := w.PutCategory(ctx, author, "a", Category{Name: "制度"})
	if err != nil {
		t.Fatal(err)
	}
	sub, err := w.PutCategory(ctx, author, "a", Category{Name: "考勤", ParentID: top.ID})
	if err != nil {
		t.Fatal(err)
	}
	c := Content{Kind: Regulation, Title: "考勤办法", Summary: "谁管考勤", Body: "# 总则\n\n**第一条** 按时到岗。\n\n![图](media:" + pictureID + ")", CategoryID: sub.ID, Tags: []string{"考勤"},
		Source: Source{Label: "办公室", Official: true}, Audience: Audience{Orgs: []string{"a"}}, Law: &Law{Number: "1号", Issuer: "办公室", Effective: "2026-01-01", Expires: "2027-12-31"}}
	a := w.publish(w.create("a", c))
	changed := c
	changed.Title = "还没有批准"
	if a, err = w.Save(ctx, author, a.ID, a.Rev, changed); err != nil {
		t.Fatal(err)
	}
	draft, gone := w.create("a", essay("草稿")), w.publish(w.create("a", essay("下架")))
	w.take(reviewer, gone, Order{Step: Withdraw, Note: "过时"})
	got, err := w.SearchDocuments(ctx, []string{draft.ID, "none", a.ID, gone.ID})
	if err != nil {
		t.Fatal(err)
	}
	want := []Document{{ID: a.ID, Kind: Regulation, OrgID: "a", Title: "考勤办法", Text: "谁管考勤\n总则\n第一条 按时到岗。\n图", Audience: []string{"org:a"}, Category: []string{top.ID, sub.ID},
		Tags: []string{"考勤"}, Source: "办公室", Official: true, PublishedAt: a.Published.At, Files: []Attachment{{ID: pictureID}}, Number: "1号", EffectiveAt: "2026-01-01", ExpiresAt: "2027-12-31"}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}
