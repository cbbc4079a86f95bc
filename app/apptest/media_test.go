package apptest

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"qiming/media"
)

func picture(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 700, 350))); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A picture goes from the trainer into a question, and from there to whoever may see the question: by links
// that are theirs alone and end.
func TestAPictureInAQuestion(t *testing.T) {
	c := newCollege(t)
	trainer, data := c.as("trainer"), picture(t)
	var up struct {
		File media.File `json:"file"`
		Text string     `json:"text"`
		Link media.Link `json:"link"`
	}
	trainer.Upload("/media", "党徽.png", data, nil).Want(201).JSON(&up)
	if up.File.Type != "image/png" || up.File.Width != 700 || up.Link.Thumb == "" || up.Text != "![](media:"+up.File.ID+")" {
		t.Fatalf("%+v", up)
	}
	var usage struct{ Used, Quota int64 }
	trainer.Do("GET", "/media/usage", nil).Want(200).JSON(&usage)
	if usage.Used <= int64(len(data)) || usage.Used > int64(len(data))*10 || usage.Quota != 20480<<20 {
		t.Errorf("%+v", usage)
	}
	trainer.Upload("/media", "x.png", []byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), nil).WantProblem(422, "media.type_refused")
	trainer.Upload("/media", "x.png", nil, nil).WantProblem(422, "media.empty")
	c.as("evaluator").Upload("/media", "x.png", data, nil).WantProblem(403, "request.forbidden")

	content := func(stem string) map[string]any {
		return map[string]any{"content": map[string]any{"kind": "single", "stem": stem, "options": []any{
			map[string]any{"id": "a", "text": "党徽 " + up.Text, "right": true}, map[string]any{"id": "b", "text": "其他", "right": false}}}}
	}
	trainer.Do("POST", "/questions", content("看图 ![](media:"+strings.Repeat("0", 32)+")")).WantProblem(422, "media.unknown")
	var q struct {
		ID    string      `json:"id"`
		Media media.Links `json:"media"`
	}
	trainer.Do("POST", "/questions", content("看图回答：")).Want(201).JSON(&q)
	trainer.Do("GET", "/questions/"+q.ID, nil).Want(200).JSON(&q)
	if len(q.Media) != 1 {
		t.Fatalf("%+v", q)
	}
	for _, to := range []string{"review", "published"} {
		trainer.Do("POST", "/questions/"+q.ID+"/status", map[string]any{"to": to}).Want(200)
	}
	quiz := c.publish(func(s map[string]any) { delete(s, "password") }, map[string]any{"question_id": q.ID, "points": 2})

	var sheet struct {
		Media media.Links `json:"media"`
	}
	member := c.as("member1")
	member.Do("POST", "/exams/"+quiz+"/attempts", map[string]any{}).Want(201).JSON(&sheet)
	link := sheet.Media[up.File.ID]
	if link.URL == "" || link.Type != "image/png" || link.Width != 700 {
		t.Fatalf("%+v", sheet)
	}
	path := func(url string) string { return strings.TrimPrefix(url, "/api/v1") }
	whole := member.Do("GET", path(link.URL), nil).Want(200)
	if whole.Text != string(data) || whole.Header.Get("Content-Type") != "image/png" || !strings.Contains(whole.Header.Get("Content-Security-Policy"), "sandbox") ||
		!strings.HasPrefix(whole.Header.Get("Content-Disposition"), "inline") || !strings.HasPrefix(whole.Header.Get("Cache-Control"), "private") {
		t.Errorf("%d bytes, %v", len(whole.Text), whole.Header)
	}
	if part := member.Do("GET", path(link.URL), nil, "Range: bytes=1-3").Want(206); part.Text != "PNG" || !strings.HasPrefix(part.Header.Get("Content-Range"), "bytes 1-3/") {
		t.Errorf("%q %v", part.Text, part.Header)
	}
	if head := member.Do("HEAD", path(link.URL), nil).Want(200); head.Text != "" || head.Header.Get("Content-Length") != strconv.Itoa(len(data)) || head.Header.Get("Content-Type") != "image/png" {
		t.Errorf("%d bytes, %v", len(head.Text), head.Header)
	}
	member.Do("GET", path(link.URL), nil, "If-None-Match: "+whole.Header.Get("ETag")).Want(304)
	member.Do("GET", path(link.URL), nil, "Range: bytes=99999999-").Want(416)
	if small := member.Do("GET", path(link.Thumb), nil).Want(200); len(small.Text) >= len(data)*10 || small.Text == whole.Text {
		t.Errorf("the thumbnail is %d bytes", len(small.Text))
	}
	// What was given to one is of no use to another, nor for another file, nor later.
	c.as("member2").Do("GET", path(link.URL), nil).WantProblem(404, "media.not_found")
	c.Client(t).Do("GET", path(link.URL), nil).WantProblem(404, "media.not_found")
	member.Do("GET", path(strings.Replace(link.URL, "&v=", "&v=480", 1)), nil).WantProblem(404, "media.not_found")
	c.Clock.Advance(36 * time.Minute) // five minutes after the end of the attempt
	member.refresh(t)
	member.Do("GET", path(link.URL), nil).WantProblem(403, "media.link_over")
}

// Who names a kept file in an answer gets no link of it, nor does who marks or reviews the answer.
func TestNobodyGetsAtAFileByNamingIt(t *testing.T) {
	c := newCollege(t)
	trainer := c.as("trainer")
	var up struct{ File media.File }
	trainer.Upload("/media", "私密.png", picture(t), nil).Want(201).JSON(&up)
	var q struct{ ID string }
	trainer.Do("POST", "/questions", map[string]any{"content": map[string]any{"kind": "short", "stem": "谈谈体会", "model": "体会"}}).Want(201).JSON(&q)
	for _, to := range []string{"review", "published"} {
		trainer.Do("POST", "/questions/"+q.ID+"/status", map[string]any{"to": to}).Want(200)
	}
	quiz := c.publish(func(s map[string]any) { delete(s, "password") }, map[string]any{"question_id": q.ID, "points": 2})
	member := c.as("member1")
	var sheet sheetBody
	member.Do("POST", "/exams/"+quiz+"/attempts", map[string]any{}).Want(201).JSON(&sheet)
	member.Do("POST", "/attempts/"+sheet.Attempt.ID+"/answers", map[string]any{"session": sheet.Session, "answers": []any{
		map[string]any{"client_seq": 1, "slot": 1, "response": map[string]any{"text": "看 ![x](media:" + up.File.ID + ")"}}}}).Want(200)
	if r := member.Do("GET", "/attempts/"+sheet.Attempt.ID, nil).Want(200); strings.Contains(r.Text, "/files/"+up.File.ID) {
		t.Errorf("the sheet links it: %s", r.Text)
	}
	member.Do("POST", "/attempts/"+sheet.Attempt.ID+"/submit", map[string]any{"session": sheet.Session}).Want(200)
	if r := member.Do("GET", "/attempts/"+sheet.Attempt.ID+"/review", nil).Want(200); strings.Contains(r.Text, "/files/"+up.File.ID) {
		t.Errorf("the review links it: %s", r.Text)
	}
	if r := c.as("evaluator").Do("GET", "/quizzes/"+quiz+"/queue/"+q.ID, nil).Want(200); !strings.Contains(r.Text, up.File.ID) || strings.Contains(r.Text, "/files/"+up.File.ID) {
		t.Errorf("the queue: %s", r.Text)
	}
}

// A kept file that is damaged is never given out whole; an upload of the same mends it.
func TestADamagedFileIsNotGivenOut(t *testing.T) {
	c := newCollege(t)
	trainer := c.as("trainer")
	noise := make([]byte, 500<<10)
	_, _ = rand.NewChaCha8([32]byte{}).Read(noise)
	for name, data := range map[string][]byte{"小.png": picture(t), "大.pdf": append([]byte("%PDF-1.4\n"), noise...)} {
		var up struct {
			File media.File `json:"file"`
			Link media.Link `json:"link"`
		}
		trainer.Upload("/media", name, data, nil).Want(201).JSON(&up)
		objects, err := filepath.Glob(filepath.Join(c.Data, "media", "files", "*", up.File.ID+"*"))
		if err != nil || len(objects) != 1 {
			t.Fatalf("%v %v", objects, err)
		}
		kept, err := os.ReadFile(objects[0])
		if err != nil {
			t.Fatal(err)
		}
		kept[len(kept)-20] ^= 1
		if err := os.WriteFile(objects[0], kept, 0o600); err != nil {
			t.Fatal(err)
		}
		link := strings.TrimPrefix(up.Link.URL, "/api/v1")
		for _, header := range []string{"Range: bytes=0-", fmt.Sprintf("Range: bytes=0-%d", len(data)-1), "Accept: */*"} {
			if reply := trainer.Do("GET", link, nil, header); name == "小.png" {
				reply.WantProblem(503, "media.corrupt")
			} else if reply.WantCut(); len(reply.Text) >= len(data) {
				t.Errorf("%s: %d of %d bytes", header, len(reply.Text), len(data))
			}
		}
		trainer.Upload("/media", name, data, nil).Want(201)
		if r := trainer.Do("GET", link, nil).Want(200); r.Text != string(data) {
			t.Errorf("%d bytes", len(r.Text))
		}
	}
	if !strings.Contains(c.Log.String(), "file cut off") {
		t.Error("the log does not tell")
	}
}

// A photograph is served without what the camera wrote into it, in sizes that are its viewer's alone, by links that browsers know
// again for a while.
func TestSizesOfAPhotograph(t *testing.T) {
	c := newCollege(t)
	trainer := c.as("trainer")
	var up struct {
		File media.File `json:"file"`
		Text string     `json:"text"`
		Link media.Link `json:"link"`
	}
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 2400, 1200)), nil); err != nil {
		t.Fatal(err)
	}
	const place = "GPS 39.9042N 116.4074E"
	data := slices.Concat(photo.Bytes()[:2], []byte{0xff, 0xe1, 0, byte(len(place) + 8)}, []byte("Exif\x00\x00"+place), photo.Bytes()[2:], []byte(place))
	trainer.Upload("/media", "现场.jpg", data, nil).Want(201).JSON(&up)
	var id struct{ ID string }
	trainer.Do("POST", "/articles", map[string]any{"content": map[string]any{"kind": "article", "title": "现场", "body": up.Text, "cover": up.File.ID, "audience": map[string]any{}}}).Want(201).JSON(&id)
	shown := func() media.Link {
		var article struct {
			Media media.Links `json:"media"`
		}
		trainer.Do("GET", "/articles/"+id.ID, nil).Want(200).JSON(&article)
		return article.Media[up.File.ID]
	}
	link := shown()
	if link.Thumb == "" || !strings.Contains(link.Srcset, link.Thumb+" 480w, ") {
		t.Fatalf("%+v", link)
	}
	var urls []string
	for one := range strings.SplitSeq(link.Srcset, ", ") {
		url, _, _ := strings.Cut(one, " ")
		urls = append(urls, url)
	}
	for _, url := range append(urls, link.URL) {
		path := strings.TrimPrefix(url, "/api/v1")
		if r := trainer.Do("GET", path, nil).Want(200); !strings.HasPrefix(r.Header.Get("Content-Type"), "image/") || strings.Contains(r.Text, "GPS") || !strings.HasPrefix(r.Header.Get("Cache-Control"), "private") {
			t.Errorf("%s: %v", path, r.Header)
		}
		c.as("member1").Do("GET", path, nil).WantProblem(404, "media.not_found")
		c.Client(t).Do("GET", path, nil).WantProblem(404, "media.not_found")
	}
	if again := shown(); again.Srcset != link.Srcset {
		t.Errorf("%s, then %s", link.Srcset, again.Srcset)
	}
	c.Clock.Advance(46 * time.Minute)
	trainer.refresh(t)
	trainer.Do("GET", strings.TrimPrefix(link.Thumb, "/api/v1"), nil).WantProblem(403, "media.link_over")
}
