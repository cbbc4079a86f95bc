package media

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/peer"
	"qiming/internal/store"
)

var monday = time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)

type shelf struct {
	*testing.T
	*Library
	ctx   context.Context
	clock *ident.Manual
}

func newShelf(t *testing.T, bucket string, quota int64) *shelf {
	t.Helper()
	s := &shelf{T: t, ctx: t.Context(), clock: ident.NewManual(monday)}
	b, err := Open(s.ctx, bucket)
	s.ok(err)
	db, err := store.Open(s.ctx, "sqlite:"+filepath.Join(t.TempDir(), "q.db"), s.clock)
	s.ok(err)
	t.Cleanup(func() { s.ok(db.Close()) })
	s.Library = New(Deps{DB: db, Bucket: b, Clock: s.clock, Key: []byte("key"), Path: "/files/", Quota: quota, Log: slog.New(slog.DiscardHandler)})
	s.ok(db.Start(s.ctx))
	return s
}

func (s *shelf) ok(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *shelf) refused(err error, key string) {
	s.Helper()
	if fault.KeyOf(err) != key {
		s.Errorf("%v, want %s", err, key)
	}
}

func photo(w, h int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	noise := rand.New(rand.NewPCG(1, 2))
	for y := range h {
		for x := range w {
			img.Set(x, y, color.RGBA{uint8(noise.IntN(256)), uint8(y), uint8(x), 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, nil); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func dot(seed uint8) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 3, 2))
	img.Set(1, 1, color.RGBA{seed, 2, 3, 128})
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func (s *shelf) upload(org, name string, data []byte) File {
	s.Helper()
	f, err := s.Upload(s.ctx, org, name, bytes.NewReader(data))
	s.ok(err)
	return f
}

func TestUploadKeepsContentOnce(t *testing.T) {
	s := newShelf(t, "dir:"+t.TempDir(), 0)
	data := photo(1200, 800)
	f := s.upload("a", `C:\照片\活动 现场.jpg`, data)
	if f.Type != "image/jpeg" || f.Class != Image || f.Width != 1200 || f.Height != 800 || f.Name != "活动 现场.jpg" || len(f.Variants) != 2 || len(f.ID) != idLength {
		t.Errorf("%+v", f)
	}
	again := s.upload("a", "other.png", data) // the name of a file says nothing
	elsewhere := s.upload("b", "other.jpg", data)
	if again.ID != f.ID || elsewhere.ID != f.ID || len(elsewhere.Orgs) != 2 || again.Type != "image/jpeg" {
		t.Errorf("%+v %+v", again, elsewhere)
	}
	for org, want := range map[string]int64{"a": f.weight(), "b": f.weight(), "c": 0} {
		if used, err := s.Used(s.ctx, org); err != nil || used != want {
			t.Errorf("%s uses %d, want %d (%v)", org, used, want, err)
		}
	}
	r, err := s.Open(s.ctx, f, "", Range{})
	s.ok(err)
	back, err := io.ReadAll(r)
	s.ok(err)
	if !bytes.Equal(back, data) {
		t.Error("another content came back")
	}
	r, err = s.Open(s.ctx, f, "480", Range{})
	s.ok(err)
	small, _, err := image.Decode(r)
	s.ok(err)
	if b := small.Bounds(); b.Dx() != thumbSide || b.Dy() != 320 {
		t.Errorf("thumbnail %v", b)
	}
	if small := s.upload("a", "dot.png", dot(1)); small.Variants != nil || small.Width != 3 || small.Height != 2 {
		t.Errorf("%+v", small)
	}
}

// What a browser would run, and what is not what it says, is not taken; nothing of it stays.
func TestUploadRefuses(t *testing.T) {
	s := newShelf(t, "dir:"+t.TempDir(), 0)
	huge := dot(9) // that says it is 16,777,219 pixels wide and 258 high
	huge[16], huge[22] = 1, 1
	binary.BigEndian.PutUint32(huge[29:], crc32.ChecksumIEEE(huge[12:29]))
	big := append(photo(10, 10), make([]byte, 10*mib)...)
	for _, c := range []struct {
		name string
		data []byte
		key  string
	}{
		{"empty.png", nil, "media.empty"},
		{"picture.png", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "media.type_refused"},
		{"picture.png", []byte("<!DOCTYPE html><html><script>alert(1)</script></html>"), "media.type_refused"},
		{"a.png", []byte("just words"), "media.type_refused"},
		{"a.exe", []byte("MZ\x90\x00\x03\x00\x00\x00"), "media.type_refused"},
		{"cut.png", dot(1)[:40], "media.picture_broken"},
		{"huge.png", huge, "media.picture_large"},
		{"big.jpg", big, "media.too_large"},
		{"bigger", make([]byte, largest+5), "media.type_refused"},
	} {
		_, err := s.Upload(s.ctx, "a", c.name, bytes.NewReader(c.data))
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", c.name, err)
		}
		s.refused(err, c.key)
	}
	if used, _ := s.Used(s.ctx, "a"); used != 0 {
		t.Errorf("%d bytes are charged for nothing", used)
	}
	for object, err := range s.Bucket.List(s.ctx, "") {
		t.Errorf("%s is left behind (%v)", object.Key, err)
	}
}

func TestQuota(t *testing.T) {
	one, two := dot(1), dot(2)
	s := newShelf(t, "dir:"+t.TempDir(), int64(len(one)+len(two)-1))
	s.upload("a", "1", one)
	_, err := s.Upload(s.ctx, "a", "2", bytes.NewReader(two))
	s.refused(err, "media.quota")
	s.upload("a", "1 again", one) // costs nothing
	s.upload("b", "2", two)       // another organisation's
	if used, _ := s.Used(s.ctx, "a"); used != int64(len(one)) {
		t.Errorf("%d", used)
	}
}

// Uploads of the same content at once leave one file that is charged once to each organisation.
func TestUploadsAtOnce(t *testing.T) {
	s := newShelf(t, "dir:"+t.TempDir(), 0)
	data := photo(600, 600)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if _, err := s.Upload(s.ctx, fmt.Sprint("org", i%4), "x", bytes.NewReader(data)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	checked, err := s.Check(s.ctx, nil)
	s.ok(err)
	if checked.Files != 1 || len(checked.Findings) != 0 {
		t.Errorf("%+v", checked)
	}
}

func TestCollect(t *testing.T) {
	s := newShelf(t, "dir:"+t.TempDir(), 0)
	shown, idle, freed := s.upload("a", "1", dot(1)), s.upload("a", "2", dot(2)), s.upload("a", "3", photo(700, 500))
	s.ok(s.Refer(s.ctx, "question:q@1", []string{shown.ID, freed.ID}))
	s.ok(s.Refer(s.ctx, "question:q@1", []string{shown.ID})) // again: nothing changes
	collect := func(removed int) Collected {
		t.Helper()
		c, err := s.Collect(s.ctx)
		s.ok(err)
		if c.Removed != removed {
			t.Errorf("%+v, want %d removed", c, removed)
		}
		return c
	}
	collect(0)
	s.clock.Advance(grace - time.Second)
	collect(0)
	s.clock.Advance(2 * time.Second)
	collect(1) // idle
	if _, err := s.Get(s.ctx, idle.ID); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	s.refused(s.Refer(s.ctx, "question:q@2", []string{idle.ID}), "media.unknown")
	s.ok(s.Release(s.ctx, "question:q@1"))
	s.ok(s.Refer(s.ctx, "question:q@2", []string{shown.ID}))
	collect(0)
	s.clock.Advance(grace + time.Second)
	if c := collect(1); c.Bytes != freed.weight() {
		t.Errorf("%+v", c)
	}
	if used, _ := s.Used(s.ctx, "a"); used != shown.Size {
		t.Errorf("%d bytes are charged, %d are kept", used, shown.Size)
	}
	s.upload("a", "3", photo(700, 500)) // comes back as new
	checked, err := s.Check(s.ctx, nil)
	s.ok(err)
	if checked.Files != 2 || len(checked.Findings) != 0 {
		t.Errorf("%+v", checked)
	}
}

// An object that no document names is a crash's leftover: removed once it is old, never before.
func TestCollectSweepsStrays(t *testing.T) {
	s := newShelf(t, "dir:"+t.TempDir(), 0)
	s.clock.Set(time.Now())
	id := strings.Repeat("ab", 16)
	_, err := s.Bucket.Put(s.ctx, contentKey(id), strings.NewReader("left"), 4, "image/png")
	s.ok(err)
	_, err = s.Bucket.Put(s.ctx, "question-imports/x", strings.NewReader("other"), 5, "text/plain")
	s.ok(err)
	if c, err := s.Collect(s.ctx); err != nil || c.Strays != 0 {
		t.Errorf("%+v %v", c, err)
	}
	s.clock.Advance(stray + time.Minute)
	if c, err := s.Collect(s.ctx); err != nil || c.Strays != 1 || c.Bytes != 4 {
		t.Errorf("%+v %v", c, err)
	}
	_, err = s.Bucket.Stat(s.ctx, "question-imports/x")
	s.ok(err)
}

func TestCheckFindsDamage(t *testing.T) {
	s := newShelf(t, "dir:"+t.TempDir(), 0)
	good, lost, other := s.upload("a", "1", dot(1)), s.upload("a", "2", dot(2)), s.upload("a", "3", dot(3))
	s.ok(s.Refer(s.ctx, "question:q@1", []string{good.ID}))
	s.ok(s.Bucket.Delete(s.ctx, contentKey(lost.ID)))
	_, err := s.Bucket.Put(s.ctx, contentKey(other.ID), bytes.NewReader(dot(4)), -1, "image/png")
	s.ok(err)
	_, err = s.used.Update(s.ctx, "a", func(u *usage) error { u.Bytes++; return nil })
	s.ok(err)
	s.ok(s.files.Delete(s.ctx, good.ID))
	checked, err := s.Check(s.ctx, nil)
	s.ok(err)
	got := map[string]string{}
	for _, f := range checked.Findings {
		got[f.Code] = f.ID
	}
	if got["missing"] != lost.ID || got["corrupt"] != other.ID || got["reference"] != good.ID || got["usage"] != "a" {
		t.Errorf("%+v", checked)
	}
}

// A file that is damaged while it is in use is mended by an upload of the same; it is not paid for again.
func TestUploadMendsDamage(t *testing.T) {
	s := newShelf(t, "dir:"+t.TempDir(), 0)
	f := s.upload("a", "图.png", photo(700, 500))
	s.ok(s.Refer(s.ctx, "question:q@1", []string{f.ID}))
	for _, key := range []string{f.key(""), f.key("480")} {
		used, err := s.Used(s.ctx, "a")
		s.ok(err)
		_, err = s.Bucket.Put(s.ctx, key, bytes.NewReader(dot(9)), -1, "image/png")
		s.ok(err)
		s.upload("a", "图.png", photo(700, 500))
		if checked, err := s.Check(s.ctx, nil); err != nil || len(checked.Findings) > 0 {
			t.Errorf("%s: %+v %v", key, checked, err)
		}
		if now, err := s.Used(s.ctx, "a"); err != nil || now != used {
			t.Errorf("%d bytes before, %d after, %v", used, now, err)
		}
	}
}

// The name of a kept file ends as its content says.
func TestNamed(t *testing.T) {
	for _, c := range []struct{ name, extension, want string }{
		{"图.png", ".png", "图.png"}, {"图.PNG", ".png", "图.PNG"}, {"图.jpeg", ".jpg", "图.jpeg"}, {"图.jpg", ".png", "图.png"},
		{"附件.html", ".pdf", "附件.html.pdf"}, {"章程1.2版", ".pdf", "章程1.2版.pdf"}, {"../a/b.svg", ".png", "b.svg.png"}, {"", ".mp3", "file.mp3"}, {"录音.mp4", ".m4a", "录音.mp4"},
	} {
		if got := Named(c.name, c.extension); got != c.want {
			t.Errorf("%q: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestLinks(t *testing.T) {
	s := newShelf(t, "dir:"+t.TempDir(), 0)
	f := s.upload("a", "三.jpg", photo(700, 500))
	links, err := s.Links(s.ctx, "anna", monday.Add(time.Minute), []string{f.ID, strings.Repeat("0", 32)})
	s.ok(err)
	if len(links) != 1 || links[f.ID].Width != 700 || links[f.ID].Name != "三.jpg" {
		t.Fatalf("%+v", links)
	}
	follow := func(viewer, link string, change func(url.Values)) error {
		t.Helper()
		u, err := url.Parse(link)
		s.ok(err)
		v := u.Query()
		if change != nil {
			change(v)
		}
		_, err = s.Follow(s.ctx, viewer, strings.TrimPrefix(u.Path, s.Path), v.Get("e"), v.Get("v"), v.Get("s"))
		return err
	}
	s.ok(follow("anna", links[f.ID].URL, nil))
	s.ok(follow("anna", links[f.ID].Thumb, nil))
	s.refused(follow("bert", links[f.ID].URL, nil), "media.not_found")
	s.refused(follow("anna", links[f.ID].URL, func(v url.Values) { v.Set("e", "99999999999") }), "media.not_found")
	s.refused(follow("anna", links[f.ID].URL, func(v url.Values) { v.Set("v", "480") }), "media.not_found")
	s.refused(follow("anna", strings.Replace(links[f.ID].URL, f.ID[:4], "ffff", 1), nil), "media.not_found")
	s.clock.Advance(2 * time.Minute)
	s.refused(follow("anna", links[f.ID].URL, nil), "media.link_over")
	if h := f.Headers(f.Type); h["Content-Type"] != "image/jpeg" || !strings.HasPrefix(h["Content-Disposition"], "inline") || !strings.Contains(h["Content-Security-Policy"], "sandbox") {
		t.Errorf("%v", h)
	}
	if h := (File{Class: Document, Name: "a.pdf", Type: "application/pdf"}).Headers("application/pdf"); !strings.HasPrefix(h["Content-Disposition"], "attachment") {
		t.Errorf("%v", h)
	}
}

// A browser fetches from the S3 server itself, by a URL that ends.
func TestLinksOfS3(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: links were not checked on S3")
	}
	host := peer.MinIO(t)
	s := newShelf(t, "s3://qiming:qiming-test@"+host+"/pictures?secure=false&public=http://"+host, 0)
	s.clock.Set(time.Now())
	f := s.upload("a", "图.png", dot(7))
	links, err := s.Links(s.ctx, "anna", s.clock.Now().Add(time.Minute), []string{f.ID})
	s.ok(err)
	get := func(link string, header string) (*http.Response, []byte) {
		t.Helper()
		req, err := http.NewRequestWithContext(s.ctx, http.MethodGet, link, nil)
		s.ok(err)
		if header != "" {
			req.Header.Set("Range", header)
		}
		res, err := http.DefaultClient.Do(req)
		s.ok(err)
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		s.ok(err)
		return res, body
	}
	res, body := get(links[f.ID].URL, "")
	if res.StatusCode != 200 || !bytes.Equal(body, dot(7)) || res.Header.Get("Content-Type") != "image/png" || !strings.HasPrefix(res.Header.Get("Content-Disposition"), "inline") {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
	if res, body := get(links[f.ID].URL, "bytes=1-3"); res.StatusCode != 206 || string(body) != "PNG" {
		t.Errorf("%d %q", res.StatusCode, body)
	}
	if res, _ := get(strings.Replace(links[f.ID].URL, "X-Amz-Expires=", "X-Amz-Expires=9", 1), ""); res.StatusCode != 403 {
		t.Errorf("a changed URL gives %d", res.StatusCode)
	}
	if _, err := Open(s.ctx, "s3://qiming:qiming-test@"+host+"/pictures?secure=false&public=files.example.org"); err == nil {
		t.Error("a public address without a scheme was taken")
	}
}

func TestPublicOrigin(t *testing.T) {
	for address, want := range map[string]string{
		"dir:/x": "", "s3://k:s@minio:9000/b": "", "s3://k:s@minio:9000/b?public=https://files.example.org": "https://files.example.org",
		"s3://k:s@minio:9000/b?public=http://127.0.0.1:9000/": "http://127.0.0.1:9000", "s3://k:s@minio:9000/b?public=x": "",
	} {
		if got := PublicOrigin(address); got != want {
			t.Errorf("%s: %q", address, got)
		}
	}
}

func TestTextsNameFiles(t *testing.T) {
	id := strings.Repeat("0a", 16)
	got := In("看图 ![党徽](media:"+id+")，![](media:"+id+")", "![x](media:zz) ![y](http://x/media:"+id+")", "[听](media:"+strings.Repeat("1", 32)+")")
	if len(got) != 2 || got[0] != id {
		t.Errorf("%v", got)
	}
}
