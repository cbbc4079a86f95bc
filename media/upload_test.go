package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"qiming/internal/fault"
	"qiming/internal/peer"
	"qiming/internal/store"
)

// film gives what begins as an MP4 does, and goes on with noise.
func film(size int, seed uint64) []byte {
	noise := rand.NewChaCha8([32]byte{byte(seed)})
	data := make([]byte, size)
	_, _ = noise.Read(data)
	copy(data, "\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41")
	return data
}

func (s *shelf) create(length int, quotaOf string) Incoming {
	s.Helper()
	u, err := s.Create(s.ctx, "anna", quotaOf, `C:\录像\党课 第一讲.mp4`, "m-1", int64(length))
	s.ok(err)
	return u
}

// send sends the rest of data in parts of so many bytes.
func (s *shelf) send(u Incoming, data []byte, size int) Incoming {
	s.Helper()
	for u.Offset < int64(len(data)) {
		var err error
		u, err = s.Receive(s.ctx, "anna", u.ID, u.Offset, data[u.Offset:min(len(data), int(u.Offset)+size)])
		s.ok(err)
	}
	return u
}

func (s *shelf) content(id string) []byte {
	s.Helper()
	f, err := s.Get(s.ctx, id)
	s.ok(err)
	r, err := s.Open(s.ctx, f, "", Range{})
	s.ok(err)
	defer r.Close()
	data, err := io.ReadAll(r)
	s.ok(err)
	return data
}

func (s *shelf) state(id string) Incoming {
	s.Helper()
	u, err := s.Incoming(s.ctx, "anna", id)
	s.ok(err)
	return u
}

// On both buckets: parts of odd sizes become the file, once, and nothing of them stays.
func TestUploadInParts(t *testing.T) {
	peer.OnBuckets(t, "films", uploadInParts)
}

func uploadInParts(t *testing.T, bucket string) {
	s := newShelf(t, bucket, 0)
	data := film(3<<20+17, 1)
	u := s.create(len(data), "a")
	if u.State != Receiving || u.Name != "党课 第一讲.mp4" || u.Expires.Sub(monday) != uploadFor {
		t.Fatalf("%+v", u)
	}
	if u = s.send(u, data, 300_001); u.State != Joining || u.Offset != u.Length {
		t.Fatalf("%+v", u)
	}
	s.ok(s.Work(s.ctx))
	sum := sha256.Sum256(data)
	u = s.state(u.ID)
	f, err := s.Get(s.ctx, u.FileID)
	s.ok(err)
	if u.State != Kept || f.SHA256 != hex.EncodeToString(sum[:]) || f.Type != "video/mp4" || f.Class != Video || f.Name != "党课 第一讲.mp4" || f.IdleSince != nil {
		t.Fatalf("%+v\n%+v", u, f)
	}
	if !bytes.Equal(s.content(f.ID), data) {
		t.Error("another content")
	}
	again := s.send(s.create(len(data), "b"), data, 1<<20) // by another organisation: kept once, counted for both
	s.ok(s.Work(s.ctx))
	if again = s.state(again.ID); again.FileID != f.ID {
		t.Errorf("%+v", again)
	}
	for object, err := range s.Bucket.List(s.ctx, "uploads/") {
		t.Errorf("%s is left behind (%v)", object.Key, err)
	}
	checked, err := s.Check(s.ctx, nil)
	s.ok(err)
	if checked.Files != 1 || len(checked.Findings) != 0 {
		t.Errorf("%+v", checked)
	}
	if list, err := s.Uploads(s.ctx, "anna"); err != nil || len(list) != 0 {
		t.Errorf("%+v %v", list, err)
	}
}

func TestReceiveRefuses(t *testing.T) {
	s := newShelf(t, "dir:"+t.TempDir(), 0)
	data := film(200_000, 2)
	u := s.create(len(data), "a")
	_, err := s.Receive(s.ctx, "anna", u.ID, 5, data[5:10])
	s.refused(err, "upload.offset")
	_, err = s.Receive(s.ctx, "bert", u.ID, 0, data)
	s.refused(err, "upload.unknown")
	_, err = s.Receive(s.ctx, "anna", "none", 0, data)
	s.refused(err, "upload.unknown")
	_, err = s.Receive(s.ctx, "anna", u.ID, 0, append(data, 1))
	s.refused(err, "upload.length")
	u, err = s.Receive(s.ctx, "anna", u.ID, 0, data[:100_000])
	s.ok(err)
	_, err = s.Receive(s.ctx, "anna", u.ID, 0, data[:100_000]) // the same again: the answer was lost
	s.refused(err, "upload.offset")
	if p := paramsOf(err); p["offset"] != int64(100_000) {
		t.Errorf("%v", p)
	}
	u = s.send(u, data, 50_000)
	_, err = s.Receive(s.ctx, "anna", u.ID, u.Offset, []byte("x"))
	s.refused(err, "upload.whole")
	s.refused(s.Abort(s.ctx, "bert", u.ID), "upload.unknown")

	other := s.create(len(data), "a")
	_, err = s.Receive(s.ctx, "anna", other.ID, 0, append([]byte("MZ\x90\x00\x03\x00\x00\x00"), data[8:]...))
	s.refused(err, "media.film_refused") // at the first part, not at the last
	s.ok(s.Abort(s.ctx, "anna", other.ID))
	_, err = s.Incoming(s.ctx, "anna", other.ID)
	s.refused(err, "upload.unknown")

	_, err = s.Create(s.ctx, "anna", "a", "x", "", 0)
	s.refused(err, "media.empty")
	_, err = s.Create(s.ctx, "anna", "a", "x", "", DefaultLarge+1)
	s.refused(err, "media.too_large")
	s.clock.Advance(uploadFor)
	_, err = s.Incoming(s.ctx, "anna", u.ID)
	s.refused(err, "upload.over")
}

// What is only seen of the whole is said in the upload, and nothing of it stays.
func TestJoinRefuses(t *testing.T) {
	s := newShelf(t, "dir:"+t.TempDir(), 0)
	for name, c := range map[string]struct {
		data []byte
		part int
		key  string
	}{
		"a program":         {append([]byte("MZ\x90\x00\x03\x00\x00\x00"), make([]byte, 5000)...), 3, "media.film_refused"},
		"a broken picture":  {dot(1)[:40], 3, "media.picture_broken"},
		"a picture, large":  {append(photo(10, 10), make([]byte, 10*mib)...), 5 << 20, "media.too_large"},
		"a film of a phone": {append([]byte("\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  "), make([]byte, 5000)...), 3, "media.film_refused"},
		"a page of the web": {[]byte("<!DOCTYPE html><html><script>alert(1)</script></html>"), 2, "media.film_refused"},
	} {
		u := s.create(len(c.data), "a")
		if c.key == "media.too_large" {
			_, err := s.Receive(s.ctx, "anna", u.ID, 0, c.data[:c.part])
			s.refused(err, c.key)
			s.ok(s.Abort(s.ctx, "anna", u.ID))
			continue
		}
		s.send(u, c.data, c.part)
		s.ok(s.Work(s.ctx))
		if u = s.state(u.ID); u.State != Refused || u.Refusal != c.key || u.Offset != 0 {
			t.Errorf("%s: %+v", name, u)
		}
		_, err := s.Finish(s.ctx, "anna", u.ID)
		s.refused(err, "upload.not_whole")
	}
	for object, err := range s.Bucket.List(s.ctx, "") {
		t.Errorf("%s is left behind (%v)", object.Key, err)
	}
	if used, _ := s.Used(s.ctx, "a"); used != 0 {
		t.Errorf("%d bytes are charged for nothing", used)
	}
}

// The quota counts what is on its way, and what was sent stays until there is room.
func TestUploadQuota(t *testing.T) {
	data := film(100_000, 3)
	s := newShelf(t, "dir:"+t.TempDir(), int64(len(data)+5000))
	u := s.create(len(data), "a")
	_, err := s.Create(s.ctx, "bert", "a", "x", "", 6000)
	s.refused(err, "media.quota")
	small := s.upload("a", "x.mp3", append([]byte("ID3\x03\x00\x00\x00\x00\x00\x0a"), make([]byte, 6000)...))
	s.send(u, data, 30_000)
	s.ok(s.Work(s.ctx))
	if u = s.state(u.ID); u.State != Refused || u.Refusal != "media.quota" || u.Offset != u.Length || u.Params["quota_mib"] == nil {
		t.Fatalf("%+v", u)
	}
	s.clock.Advance(time.Hour)
	s.ok(s.files.Delete(s.ctx, small.ID))
	s.ok(s.charge(s.ctx, "a", -small.Size))
	if u, err = s.Finish(s.ctx, "anna", u.ID); err != nil || u.State != Joining {
		t.Fatalf("%+v %v", u, err)
	}
	s.ok(s.Work(s.ctx))
	if u = s.state(u.ID); u.State != Kept || !bytes.Equal(s.content(u.FileID), data) {
		t.Errorf("%+v", u)
	}
}

// Several requests, as through several processes, for one place: one is taken, and the content is what one of them sent.
func TestPartsAtOnce(t *testing.T) {
	s := newShelf(t, "dir:"+t.TempDir(), 0)
	data := film(1<<20, 4)
	u := s.create(len(data), "a")
	for u.Offset < u.Length {
		var wg sync.WaitGroup
		for size := range 6 {
			wg.Go(func() {
				end := min(u.Length, u.Offset+int64(20_000*(size+1)))
				if _, err := s.Receive(s.ctx, "anna", u.ID, u.Offset, data[u.Offset:end]); err != nil && fault.KeyOf(err) != "upload.offset" && fault.KeyOf(err) != "upload.whole" {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		u = s.state(u.ID)
	}
	s.ok(s.Work(s.ctx))
	if u = s.state(u.ID); u.State != Kept || !bytes.Equal(s.content(u.FileID), data) {
		t.Errorf("%+v", u)
	}
}

// What was not finished within its week goes, and what a crash left of a part.
func TestSweepUploads(t *testing.T) {
	s := newShelf(t, "dir:"+t.TempDir(), 0)
	s.clock.Set(time.Now())
	data := film(200_000, 5)
	u := s.create(len(data), "a")
	_, err := s.Receive(s.ctx, "anna", u.ID, 0, data[:90_000])
	s.ok(err)
	_, err = s.Bucket.Put(s.ctx, "uploads/lost/0000000000000000-x", strings.NewReader("x"), 1, "")
	s.ok(err)
	s.clock.Advance(uploadFor - time.Minute)
	if n, err := s.SweepUploads(s.ctx); n != 0 || err != nil {
		t.Errorf("%d %v", n, err)
	}
	s.state(u.ID)
	s.clock.Advance(2 * time.Minute)
	if n, err := s.SweepUploads(s.ctx); n != 1 || err != nil {
		t.Errorf("%d %v", n, err)
	}
	if c, err := s.Collect(s.ctx); err != nil || c.Strays != 1 {
		t.Errorf("%+v %v", c, err)
	}
	for object, err := range s.Bucket.List(s.ctx, "uploads/") {
		t.Errorf("%s is left behind (%v)", object.Key, err)
	}
	if n, err := s.uploads.Count(s.ctx, store.Query[Incoming]{}); n != 0 || err != nil {
		t.Errorf("%d %v", n, err)
	}
}

// full is a bucket on a disk that is full for a while.
type full struct {
	Bucket
	off bool
}

func (b *full) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) (Object, error) {
	if b.off {
		return Object{}, unavailable(&writeError{syscall.ENOSPC})
	}
	return b.Bucket.Put(ctx, key, r, size, contentType)
}

func (b *full) Join(ctx context.Context, key string, parts []string, want Object, seen func(int64)) (Object, error) {
	if b.off {
		return Object{}, unavailable(&writeError{syscall.ENOSPC})
	}
	return b.Bucket.Join(ctx, key, parts, want, seen)
}

type writeError struct{ error }

func (e *writeError) Unwrap() error { return e.error }

// A full disk loses nothing: the part is refused and can be sent again, and the joining is tried again by itself.
func TestUploadOnAFullDisk(t *testing.T) {
	s := newShelf(t, "dir:"+t.TempDir(), 0)
	disk := &full{Bucket: s.Bucket}
	s.Bucket = disk
	data := film(100_000, 6)
	u, err := s.Receive(s.ctx, "anna", s.create(len(data), "a").ID, 0, data[:70_000])
	s.ok(err)
	disk.off = true
	_, err = s.Receive(s.ctx, "anna", u.ID, 70_000, data[70_000:])
	s.refused(err, "media.full")
	if u = s.state(u.ID); u.Offset != 70_000 || u.State != Receiving {
		t.Errorf("%+v", u)
	}
	disk.off = false
	_, err = s.Receive(s.ctx, "anna", u.ID, 70_000, data[70_000:])
	s.ok(err)
	disk.off = true
	s.ok(s.Work(s.ctx))
	if u = s.state(u.ID); u.State != Joining {
		t.Errorf("%+v", u)
	}
	disk.off = false
	s.ok(s.Work(s.ctx)) // not yet: it waits a little
	if u = s.state(u.ID); u.State != Joining {
		t.Errorf("%+v", u)
	}
	s.clock.Advance(time.Minute)
	s.ok(s.Work(s.ctx))
	if u = s.state(u.ID); u.State != Kept || !bytes.Equal(s.content(u.FileID), data) {
		t.Errorf("%+v", u)
	}
	if used, _ := s.Used(s.ctx, "a"); used != u.Length {
		t.Errorf("%d bytes are charged", used)
	}
}

// The shelf shows what came in parts; what is shown somewhere is not removed from it.
func TestShelf(t *testing.T) {
	s := newShelf(t, "dir:"+t.TempDir(), 0)
	s.upload("a", "within a text.png", dot(3)) // not on the shelf
	var ids []string
	for n := range 3 {
		data := film(70_000, uint64(10+n))
		u := s.send(s.create(len(data), "a"), data, 70_000)
		s.ok(s.Work(s.ctx))
		ids = append(ids, s.state(u.ID).FileID)
		s.clock.Advance(time.Second)
	}
	page, err := s.Shelf(s.ctx, ShelfQuery{OrgID: "a", Limit: 2})
	s.ok(err)
	if len(page.Items) != 2 || page.Items[0].ID != ids[2] || page.Next == "" || page.Items[0].Work.State != Waiting {
		t.Errorf("%+v", page)
	}
	if page, err := s.Shelf(s.ctx, ShelfQuery{OrgID: "a", Class: Image, Limit: 5}); err != nil || len(page.Items) != 0 {
		t.Errorf("%+v %v", page, err)
	}
	if page, err := s.Shelf(s.ctx, ShelfQuery{OrgID: "a", Text: "党课", Limit: 5}); err != nil || len(page.Items) != 3 {
		t.Errorf("%+v %v", page, err)
	}
	s.ok(s.Refer(s.ctx, "article:x", ids[:1]))
	s.refused(s.Discard(s.ctx, "a", ids[0]), "media.in_use")
	s.refused(s.Discard(s.ctx, "b", ids[1]), "media.not_found")
	s.ok(s.Discard(s.ctx, "a", ids[1]))
	_, err = s.Get(s.ctx, ids[1])
	s.refused(err, "media.not_found")
	if item, err := s.Rename(s.ctx, "a", ids[0], "新名字.exe"); err != nil || item.Name != "新名字.exe.mp4" || len(item.Uses) != 1 {
		t.Errorf("%+v %v", item, err)
	}
	s.clock.Advance(30 * 24 * time.Hour)
	_, err = s.Collect(s.ctx)
	s.ok(err)
	if used, _ := s.Used(s.ctx, "a"); used != 140_000 {
		t.Errorf("%d", used)
	}
}
