package apptest

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"math/rand/v2"
	"net/url"
	"strconv"
	"testing"
	"time"

	"qiming/app"
	"qiming/internal/peer"
	"qiming/media"
	"qiming/policies"
)

func b64(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }

// tus sends a request of the protocol.
func (c *Client) tus(method, path string, body []byte, headers ...string) Reply {
	c.t.Helper()
	if body != nil {
		headers = append([]string{"Content-Type: application/offset+octet-stream"}, headers...)
	}
	return c.send(method, path, bytes.NewReader(body), append([]string{"Tus-Resumable: 1.0.0"}, headers...))
}

func movie(size int) []byte {
	noise, data := rand.NewChaCha8([32]byte{9}), make([]byte, size)
	_, _ = noise.Read(data)
	copy(data, "\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41")
	return data
}

// A video comes in parts through two processes, over a lost answer and a new sign-in, and is watched by range.
func TestAVideoComesInParts(t *testing.T) {
	peer.OnBuckets(t, "videos", videoInParts)
}

func videoInParts(t *testing.T, bucket string) {
	folder := t.TempDir()
	at := func(c *app.Config) { c.Data, c.Media = folder, bucket }
	c := newCollege(t, at)
	second := StartAt(t, c.Clock, folder, at)
	trainer, data := c.as("trainer"), movie(1<<20)
	offset := func(n int) string { return "Upload-Offset: " + strconv.Itoa(n) }

	options := trainer.tus("OPTIONS", "/api/v1/uploads", nil).Want(204)
	if options.Header.Get("Tus-Version") != "1.0.0" || options.Header.Get("Tus-Max-Size") != strconv.Itoa(4<<30) || options.Header.Get("Tus-Extension") != "creation,termination,expiration,checksum" {
		t.Errorf("%v", options.Header)
	}
	length := "Upload-Length: " + strconv.Itoa(len(data))
	trainer.Do("POST", "/uploads", nil, length).WantProblem(412, "upload.version")
	c.as("member1").tus("POST", "/api/v1/uploads", nil, length).WantProblem(403, "request.forbidden")
	trainer.tus("POST", "/api/v1/uploads", nil, "Upload-Length: 5000000000").WantProblem(422, "media.too_large")
	trainer.tus("POST", "/api/v1/uploads", nil, "Upload-Length: -1").WantProblem(422, "upload.length")
	begun := trainer.tus("POST", "/api/v1/uploads", nil, length, "Upload-Metadata: filename "+b64("党课 第一讲.mp4")+",mark "+b64("m1")).Want(201)
	path := begun.Header.Get("Location")
	if expires, err := time.Parse(time.RFC1123, begun.Header.Get("Upload-Expires")); err != nil || !expires.After(c.Clock.Now().Add(6*24*time.Hour)) {
		t.Errorf("%v %v", begun.Header, err)
	}

	if r := trainer.tus("PATCH", path, data[:300_000], offset(0)).Want(204); r.Header.Get("Upload-Offset") != "300000" {
		t.Errorf("%v", r.Header)
	}
	trainer.tus("PATCH", path, data[:300_000], offset(0)).WantProblem(409, "upload.offset") // the answer was lost
	trainer.send("PATCH", path, bytes.NewReader(data[300_000:]), []string{"Tus-Resumable: 1.0.0", offset(300_000), "Content-Type: application/json"}).WantProblem(415, "request.media_type")
	sum := sha256.Sum256([]byte("another part"))
	trainer.tus("PATCH", path, data[300_000:400_000], offset(300_000), "Upload-Checksum: sha256 "+base64.StdEncoding.EncodeToString(sum[:])).WantProblem(460, "upload.checksum")
	trainer.tus("PATCH", path, data[300_000:400_000], offset(300_000), "Upload-Checksum: md4 eA==").WantProblem(400, "upload.algorithm")

	again := second.SignIn(t, "trainer", Password) // elsewhere, later
	var open struct{ Items []media.Incoming }
	again.Do("GET", "/uploads", nil).Want(200).JSON(&open)
	if len(open.Items) != 1 || open.Items[0].Offset != 300_000 || open.Items[0].Name != "党课 第一讲.mp4" || open.Items[0].Mark != "m1" {
		t.Fatalf("%+v", open.Items)
	}
	if head := again.tus("HEAD", path, nil).Want(200); head.Header.Get("Upload-Offset") != "300000" || head.Header.Get("Upload-Length") != strconv.Itoa(len(data)) || head.Header.Get("Cache-Control") != "no-store" || head.Text != "" {
		t.Errorf("%v %q", head.Header, head.Text)
	}
	c.Account(t, "clerk2", policies.Grant{Role: policies.Trainer, OrgID: c.committee})
	c.as("clerk2").tus("HEAD", path, nil).Want(404)
	c.as("clerk2").tus("PATCH", path, data[300_000:], offset(300_000)).WantProblem(404, "upload.unknown")
	sum = sha256.Sum256(data[300_000:])
	again.tus("PATCH", path, data[300_000:], offset(300_000), "Upload-Checksum: sha256 "+base64.StdEncoding.EncodeToString(sum[:])).Want(204)

	up := kept(t, again, path)
	var item struct {
		media.Item
		Link media.Link `json:"link"`
	}
	again.Do("GET", "/material/"+up.FileID, nil).Want(200).JSON(&item)
	if item.Class != media.Video || item.Size != int64(len(data)) || item.Link.URL == "" {
		t.Fatalf("%+v", item)
	}
	link, err := url.Parse(item.Link.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []struct {
		header string
		status int
		want   []byte
		part   string
	}{
		{"", 200, data, ""},
		{"bytes=0-1", 206, data[:2], "bytes 0-1/1048576"},
		{"bytes=1000000-", 206, data[1_000_000:], "bytes 1000000-1048575/1048576"},
		{"bytes=-10", 206, data[len(data)-10:], "bytes 1048566-1048575/1048576"},
		{"bytes=1048576-", 416, nil, "bytes */1048576"},
	} {
		got := again.Get(link.String(), "Range: "+r.header)
		if got.StatusCode != r.status || got.Header.Get("Content-Range") != r.part || r.want != nil && got.Text != string(r.want) {
			t.Errorf("%q: %d %v", r.header, got.StatusCode, got.Header)
		}
	}
	tag := again.Get(link.String(), "Range: bytes=0-1").Header.Get("ETag")
	again.Get(link.String(), "Range: bytes=0-1", "If-Range: "+tag).Want(206)
	again.Get(link.String(), "Range: bytes=0-1", `If-Range: "another"`).Want(200)
	c.as("clerk2").Get(link.String()).WantProblem(404, "media.not_found")

	again.Do("PATCH", "/material/"+up.FileID, map[string]string{"name": "第一讲"}).Want(200).JSON(&item)
	if item.Name != "第一讲.mp4" {
		t.Errorf("%q", item.Name)
	}
	again.Do("DELETE", "/material/"+up.FileID, nil).Want(204)
	again.Do("GET", "/material/"+up.FileID, nil).WantProblem(404, "media.not_found")
}

// kept waits until the parts of an upload are one file.
func kept(t testing.TB, c *Client, path string) media.Incoming {
	t.Helper()
	var u media.Incoming
	for end := time.Now().Add(20 * time.Second); u.State != media.Kept; time.Sleep(50 * time.Millisecond) {
		c.Get(path).Want(200).JSON(&u)
		if time.Now().After(end) || u.State == media.Refused {
			t.Fatalf("%+v", u)
		}
	}
	return u
}
