package apptest

import (
	"strings"
	"testing"

	"qiming/media"
)

// The page at which a reader is in a document is kept for the reader alone, and for no file that the article has not.
func TestThePageOfADocumentIsKept(t *testing.T) {
	l := newLibrary(t)
	var up struct{ File media.File }
	l.trainer.Upload("/media", "章程.pdf", []byte("%PDF-1.4\nbroken"), nil).Want(201).JSON(&up)
	a := l.publish(l.committee, map[string]any{"kind": "article", "title": "学习材料", "body": "见附件。", "audience": map[string]any{"members": true},
		"attachments": []any{map[string]any{"id": up.File.ID, "name": "章程"}}})
	at := "/knowledge/" + a.ID + "/files/" + up.File.ID + "/page"
	page := func(login string) int {
		var mine struct{ Pages map[string]int }
		l.as(login).Do("GET", "/knowledge/"+a.ID+"/mine", nil).Want(200).JSON(&mine)
		return mine.Pages[up.File.ID]
	}
	l.as("member1").Do("PUT", at, map[string]any{"page": 7}).Want(204)
	if mine, other := page("member1"), page("member2"); mine != 7 || other != 0 {
		t.Errorf("the reader is at %d, another at %d", mine, other)
	}
	l.as("member1").Do("PUT", at, map[string]any{"page": 0}).WantProblem(422, "request.invalid")
	l.as("member1").Do("PUT", strings.Replace(at, up.File.ID, strings.Repeat("0", 32), 1), map[string]any{"page": 7}).WantProblem(404, "media.not_found")
	l.Client(t).Do("PUT", at, map[string]any{"page": 7}).Want(401)
}
