package apptest

import (
	"archive/zip"
	"bytes"
	"net/url"
	"strings"
	"testing"

	"qiming/media"
)

// slideshow is a PPTX of slides with a text each.
func slideshow(t *testing.T, texts ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	add := func(name, content string) {
		w, err := z.Create(name)
		if err == nil {
			_, err = w.Write([]byte(content))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var ids, rels strings.Builder
	add("[Content_Types].xml", `<Types/>`)
	for i, text := range texts {
		n := string(rune('1' + i))
		add("ppt/slides/slide"+n+".xml", `<p:sld xmlns:p="p" xmlns:a="a"><a:p><a:t>`+text+`</a:t></a:p></p:sld>`)
		ids.WriteString(`<p:sldId r:id="r` + n + `"/>`)
		rels.WriteString(`<Relationship Id="r` + n + `" Target="slides/slide` + n + `.xml"/>`)
	}
	add("ppt/presentation.xml", `<p:presentation xmlns:p="p" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">`+ids.String()+`</p:presentation>`)
	add("ppt/_rels/presentation.xml.rels", `<Relationships>`+rels.String()+`</Relationships>`)
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// Words in an attachment are found by who may read its article, name the file and the slide, and go with the article. The file is
// nobody else's.
func TestWordsOfAnAttachmentAreFound(t *testing.T) {
	l := newLibrary(t)
	var up struct{ File media.File }
	l.trainer.Upload("/media", "课件.pptx", slideshow(t, "开头", "龙场悟道与知行合一"), nil).Want(201).JSON(&up)
	a := l.publish(l.committee, map[string]any{"kind": "article", "title": "学习材料", "body": "见附件。", "audience": map[string]any{"members": true},
		"attachments": []any{map[string]any{"id": up.File.ID, "name": "专题课件"}}})
	member, nobody := l.as("member1"), l.Client(t)
	query := "q=" + url.QueryEscape("龙场悟道")
	until(t, member, query, 1)
	var found struct {
		Hits []struct {
			ID, Title string
			File      *struct {
				ID, Name, Class string
				Place           int
			}
			Extract struct{ Text string }
		}
	}
	member.Do("GET", "/search?"+query, nil).Want(200).JSON(&found)
	if h := found.Hits[0]; h.ID != a.ID || h.Title != "学习材料" || h.File == nil || h.File.ID != up.File.ID || h.File.Name != "专题课件" || h.File.Place != 2 || h.File.Class != "document" || !strings.Contains(h.Extract.Text, "知行合一") {
		t.Errorf("%+v %+v", h, h.File)
	}
	if f := search(nobody, query); f.Total != 0 || len(f.Hits) != 0 || f.Spelling != "" {
		t.Errorf("the public finds %+v", f)
	}
	var page struct {
		Attachments []struct {
			ID   string
			Link media.Link
		}
	}
	member.Do("GET", "/knowledge/"+a.ID, nil).Want(200).JSON(&page)
	path := strings.TrimPrefix(page.Attachments[0].Link.URL, "/api/v1")
	member.Do("GET", path, nil).Want(200)
	nobody.Do("GET", path, nil).WantProblem(404, "media.not_found")
	l.as("member2").Do("GET", strings.Replace(path, "&v=", "&v=text", 1), nil).WantProblem(404, "media.not_found")
	l.step(l.evaluator, a, "withdraw", map[string]any{"note": "过时"})
	until(t, member, query, 0)
}
