package interchange

import (
	"bytes"
	"testing"

	"qiming/exam/question"
)

func TestDateOf(t *testing.T) {
	for text, want := range map[string]string{
		"2026-12-31": "2026-12-31", "2026/2/3": "2026-02-03", "２０２６年１月２日": "2026-01-02", "2026.1.2": "2026-01-02", "20260102": "2026-01-02",
		"12-31-26": "2026-12-31", "46387": "2026-12-31", "36526": "2000-01-01", "长期": "", "": "",
		"36525": "?", "73416": "?", "2026-02-30": "?", "明年": "?",
	} {
		got, ok := dateOf(text)
		if !ok {
			got = "?"
		}
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}

// The day and the basis come back from every format that can carry them.
func TestValidityRoundTrips(t *testing.T) {
	c := question.Content{Kind: question.TrueFalse, Stem: "对吗", Truth: true}
	question.Prepare(&c)
	item := Item{Content: c, ValidUntil: "2026-12-31", Basis: "《某条例》第一条"}
	for _, f := range []Format{JSON, XLSX, CSV} {
		var out bytes.Buffer
		if _, err := Write(&out, f, []Item{item}, nil); err != nil {
			t.Fatal(f, err)
		}
		p := Read(Source{Name: "x" + f.Extension(), Data: out.Bytes(), Format: f})
		if len(p.Records) != 1 || p.Records[0].Item.ValidUntil != item.ValidUntil || p.Records[0].Item.Basis != item.Basis || p.Records[0].Refused() {
			t.Errorf("%s: %+v", f, p)
		}
	}
	item.Passages = []question.Passage{{ArticleID: "dc53bo9ksducmrc0j0qg", Anchor: "h-第二章", Text: "学习管理办法 · 第二章"}, {ArticleID: "../x", Text: "别处"}}
	var out bytes.Buffer
	if _, err := Write(&out, JSON, []Item{item}, nil); err != nil {
		t.Fatal(err)
	}
	own := Read(Source{Name: "x.json", Data: out.Bytes(), Format: JSON})
	if r := own.Records[0]; len(r.Item.Passages) != 1 || r.Item.Passages[0] != item.Passages[0] || len(r.Problems) != 1 || r.Problems[0].Code != "passages.unknown" || r.Refused() {
		t.Errorf("%+v", r)
	}
	p := Read(Source{Name: "x.csv", Data: []byte("题干,答案,有效期至\n对吗,对,明年\n")})
	if len(p.Records) != 1 || len(p.Records[0].Problems) != 1 || p.Records[0].Problems[0].Code != "validity.unknown" || p.Records[0].Item.ValidUntil != "" {
		t.Errorf("%+v", p)
	}
}
