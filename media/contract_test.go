package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"qiming/internal/fault"
	"qiming/internal/peer"
)

// The contract of Bucket, on a directory and on a real MinIO server.
func TestBucket(t *testing.T) {
	peer.OnBuckets(t, "evidence", contract)
}

func contract(t *testing.T, address string) {
	ctx := t.Context()
	bucket, err := Open(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(ctx, address); err != nil {
		t.Fatalf("opening what is there already: %v", err)
	}
	put := func(t *testing.T, key, text string) Object {
		t.Helper()
		object, err := bucket.Put(ctx, key, strings.NewReader(text), int64(len(text)), "text/plain")
		if err != nil {
			t.Fatal(err)
		}
		return object
	}
	read := func(t *testing.T, key string, piece Range) string {
		t.Helper()
		r, _, err := bucket.Get(ctx, key, piece)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}

	t.Run("what was put is got", func(t *testing.T) {
		object := put(t, "imports/2026/bank.xlsx", "党史题库")
		sum := sha256.Sum256([]byte("党史题库"))
		want := Object{Key: "imports/2026/bank.xlsx", Size: 12, Type: "text/plain", SHA256: hex.EncodeToString(sum[:]), StoredAt: object.StoredAt}
		stat, err := bucket.Stat(ctx, object.Key)
		if err != nil || object != want || stat != want || object.StoredAt.IsZero() {
			t.Fatalf("%+v\n%+v\n%+v\n%v", object, stat, want, err)
		}
		if got := read(t, object.Key, Range{}); got != "党史题库" {
			t.Errorf("%q", got)
		}
	})
	t.Run("pieces", func(t *testing.T) {
		put(t, "piece", "0123456789")
		for _, c := range []struct {
			piece Range
			want  string
		}{
			{Range{0, 1}, "0"}, {Range{3, 4}, "3456"}, {Range{9, 1}, "9"}, {Range{4, 0}, "456789"}, {Range{10, 0}, ""},
		} {
			if got := read(t, "piece", c.piece); got != c.want {
				t.Errorf("%v: %q, want %q", c.piece, got, c.want)
			}
		}
		for _, piece := range []Range{{11, 0}, {9, 2}, {-1, 2}, {0, -1}} {
			if _, _, err := bucket.Get(ctx, "piece", piece); fault.KeyOf(err) != "media.range" {
				t.Errorf("%v: %v", piece, err)
			}
		}
	})
	t.Run("an empty object is an object", func(t *testing.T) {
		if object := put(t, "empty", ""); object.Size != 0 || read(t, "empty", Range{}) != "" {
			t.Errorf("%+v", object)
		}
	})
	t.Run("put replaces, a failed put does not", func(t *testing.T) {
		put(t, "twice", "first")
		put(t, "twice", "second")
		if _, err := bucket.Put(ctx, "twice", strings.NewReader("short"), 99, ""); fault.KeyOf(err) != "media.size" {
			t.Errorf("wrong size: %v", err)
		}
		broken := io.MultiReader(strings.NewReader("half"), failing{})
		if _, err := bucket.Put(ctx, "twice", broken, -1, ""); err == nil {
			t.Error("a failing reader must fail the put")
		}
		cancelled, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := bucket.Put(cancelled, "twice", strings.NewReader("late"), -1, ""); err == nil {
			t.Error("an ended context must fail the put")
		}
		if got := read(t, "twice", Range{}); got != "second" {
			t.Errorf("%q", got)
		}
	})
	t.Run("unknown size", func(t *testing.T) {
		object, err := bucket.Put(ctx, "unknown", strings.NewReader("any"), -1, "a/b")
		if err != nil || object.Size != 3 {
			t.Errorf("%+v %v", object, err)
		}
	})
	t.Run("absent", func(t *testing.T) {
		_, _, getErr := bucket.Get(ctx, "no/such", Range{})
		_, statErr := bucket.Stat(ctx, "no/such")
		for _, err := range []error{getErr, statErr, bucket.Delete(ctx, "no/such")} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%v", err)
			}
		}
	})
	t.Run("deleted is gone", func(t *testing.T) {
		put(t, "gone", "x")
		if err := bucket.Delete(ctx, "gone"); err != nil {
			t.Fatal(err)
		}
		if _, err := bucket.Stat(ctx, "gone"); !fault.Is(err, fault.NotFound) {
			t.Errorf("%v", err)
		}
	})
	t.Run("listing is in key order and by prefix", func(t *testing.T) {
		for _, key := range []string{"list/deep/a", "list/b", "list/a", "list/c", "listing"} {
			put(t, key, key)
		}
		if err := bucket.Delete(ctx, "list/c"); err != nil {
			t.Fatal(err)
		}
		var keys []string
		for object, err := range bucket.List(ctx, "list/") {
			if err != nil {
				t.Fatal(err)
			}
			keys = append(keys, object.Key)
		}
		if got := strings.Join(keys, " "); got != "list/a list/b list/deep/a" {
			t.Errorf("%q", got)
		}
		for object, err := range bucket.List(ctx, "list/") { // may end early
			if err != nil || object.Key != "list/a" {
				t.Fatalf("%+v %v", object, err)
			}
			break
		}
	})
	t.Run("parts are joined to one, and only to what they are said to be", func(t *testing.T) {
		var parts []string
		whole := bytes.Repeat([]byte("启明"), 3<<20)   // 18 MiB: more than S3 takes in one piece of a stream
		for i := 0; i < len(whole); i += 7<<20 + 1 { // parts of any size
			key := "uploads/u/" + strings.Repeat("0", 3) + string(rune('a'+i>>20))
			put(t, key, string(whole[i:min(len(whole), i+7<<20+1)]))
			parts = append(parts, key)
		}
		sum := sha256.Sum256(whole)
		want := Object{Size: int64(len(whole)), Type: "video/mp4", SHA256: hex.EncodeToString(sum[:])}
		seen := int64(0)
		object, err := bucket.Join(ctx, "joined", parts, want, func(n int64) { seen = n })
		if err != nil || object.Size != want.Size || object.SHA256 != want.SHA256 || object.Type != "video/mp4" || seen != want.Size {
			t.Fatalf("%+v %v, %d seen", object, err, seen)
		}
		if got := read(t, "joined", Range{}); got != string(whole) {
			t.Error("another content")
		}
		for name, c := range map[string]struct {
			parts []string
			want  Object
		}{
			"one is lacking":  {parts[1:], want},
			"one twice":       {append(parts[:1:1], parts...), want},
			"another content": {parts, Object{Size: want.Size, SHA256: strings.Repeat("0", 64)}},
			"one is gone":     {append(parts[:2:2], "uploads/u/none"), want},
		} {
			if _, err := bucket.Join(ctx, "wrong", c.parts, c.want, nil); err == nil {
				t.Errorf("%s: was joined", name)
			}
			if _, err := bucket.Stat(ctx, "wrong"); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: something is left: %v", name, err)
			}
		}
	})
	t.Run("keys that are none", func(t *testing.T) {
		for _, key := range []string{"", "/a", "a/", "a//b", "../a", "a/../b", ".hidden", "a/.b", "a b", "题库", "a.obj/b", "a.obj", strings.Repeat("k", 201)} {
			if _, err := bucket.Put(ctx, key, strings.NewReader("x"), 1, ""); fault.KeyOf(err) != "media.key" {
				t.Errorf("put %q: %v", key, err)
			}
			if _, _, err := bucket.Get(ctx, key, Range{}); fault.KeyOf(err) != "media.key" {
				t.Errorf("get %q: %v", key, err)
			}
		}
	})
	t.Run("concurrent puts leave one whole object", func(t *testing.T) {
		var wg sync.WaitGroup
		for i := range 8 {
			text := strings.Repeat(string(rune('a'+i)), 100_000)
			wg.Go(func() {
				if _, err := bucket.Put(ctx, "race", strings.NewReader(text), int64(len(text)), ""); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		text := read(t, "race", Range{}) // checksum and content belong together, or this fails
		if len(text) != 100_000 || strings.Trim(text, text[:1]) != "" {
			t.Errorf("%d bytes of a mixture", len(text))
		}
	})
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errors.New("the wire broke") }

// A damaged file is noticed by whoever reads it whole, and no temporary file is left behind.
func TestDirectoryNoticesDamage(t *testing.T) {
	root := t.TempDir()
	bucket, err := Open(t.Context(), "dir:"+root)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := bucket.Put(t.Context(), "a", strings.NewReader("evidence"), 8, ""); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, "a.obj")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, bytes.Replace(content, []byte("evidence"), []byte("evidenze"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	r, _, err := bucket.Get(t.Context(), "a", Range{})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := io.ReadAll(r); fault.KeyOf(err) != "media.corrupt" {
		t.Errorf("%v", err)
	}
	for _, piece := range []Range{{}, {Length: 8}} { // by one who reads no further than the announced size, too
		r, _, err := bucket.Get(t.Context(), "a", piece)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(io.LimitReader(r, 8)); fault.KeyOf(err) != "media.corrupt" || len(got) == 8 {
			t.Errorf("%+v: %q %v", piece, got, err)
		}
		r.Close()
	}
	if err := os.WriteFile(path, content[:100], 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := bucket.Stat(t.Context(), "a"); fault.KeyOf(err) != "media.corrupt" {
		t.Errorf("a cut header: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(root, partial+"*"))
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, address := range []string{"", "dir:", "ftp://x", "s3://host/bucket", "s3://key@host/bucket", "s3://key:topsecret@host"} {
		_, err := Open(t.Context(), address)
		if err == nil {
			t.Errorf("%q was opened", address)
		} else if strings.Contains(err.Error(), "topsecret") {
			t.Errorf("the error tells the secret: %v", err)
		}
	}
}
