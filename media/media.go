// Package media keeps files: uploads and what was imported, as evidence and for undo.
//
// A Bucket holds objects by key. Two engines keep the same promises (contract_test.go):
// a local directory and an S3 server (MinIO). An object is whole or absent, never half;
// its SHA-256 is kept beside it and checked whenever the whole object is read.
//
// A Library keeps files that texts show. There are two ways in. Upload takes a file within one request, up to 30 MiB: a
// picture that is pasted into a text, what a taker attaches to an answer, what an import brings along. Uploads in parts
// (Create, Receive, Finish; the tus 1.0 protocol on the wire) are for the material of courses and articles: videos,
// recordings, books. They go on where they were after anything, and are joined to one file by a task (Run).
//
// Where there is ffmpeg (Encoder), another task makes videos ready: a poster, a copy without what a camera wrote of place and time,
// and renditions that are streamed (HLS). Without it, and until then, a video plays as it came.
package media

import (
	"context"
	"fmt"
	"io"
	"iter"
	"net/url"
	"regexp"
	"strings"
	"time"

	"qiming/internal/fault"
)

// Object describes a kept file.
type Object struct {
	Key      string    `json:"key"`
	Size     int64     `json:"size"`   // bytes
	Type     string    `json:"type"`   // media type, as it was given
	SHA256   string    `json:"sha256"` // of the content, hexadecimal
	StoredAt time.Time `json:"stored_at"`
}

// Range is a piece of an object: Length bytes from Offset; Length 0 reads to the end. The zero
// value is the whole object.
type Range struct{ Offset, Length int64 }

// covers says whether the piece is the whole of an object of so many bytes.
func (r Range) covers(size int64) bool { return r.Offset == 0 && (r.Length == 0 || r.Length == size) }

// Bucket keeps objects. A key must not be the folder of another ("a" and "a/b"): MinIO lists only one of
// them. Faults: NotFound "media.not_found"; Invalid "media.key" for a key that is
// none; Unavailable "media.corrupt" where the content no longer is what was stored.
type Bucket interface {
	// Put stores what r gives under key, in place of what was there. size is checked; -1 means
	// unknown. A failed Put leaves what was there.
	Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) (Object, error)
	// Get gives the content, or a piece of it. Where the content of a whole object is damaged, its reader gives a
	// fault instead of the last bytes; a piece is not compared.
	Get(ctx context.Context, key string, piece Range) (io.ReadCloser, Object, error)
	// Join makes one object of others, read in their order; want says its size, type and SHA-256. Where they are not that,
	// nothing is made. seen is told how many bytes were read; nil = nobody.
	Join(ctx context.Context, key string, parts []string, want Object, seen func(int64)) (Object, error)
	// Stat describes the object.
	Stat(ctx context.Context, key string) (Object, error)
	// Delete removes the object.
	Delete(ctx context.Context, key string) error
	// List gives the objects whose key begins with prefix, in key order. SHA256 and Type may be
	// empty there; Stat knows them.
	List(ctx context.Context, prefix string) iter.Seq2[Object, error]
}

// Open opens "dir:PATH" or "s3://KEY:SECRET@HOST:PORT/BUCKET?secure=false&region=R". The directory
// or the bucket is made where there is none.
func Open(ctx context.Context, address string) (Bucket, error) {
	if path, found := strings.CutPrefix(address, "dir:"); found && path != "" {
		return openDirectory(path)
	}
	if u, err := url.Parse(address); err == nil && u.Scheme == "s3" {
		return openS3(ctx, u)
	}
	scheme, _, _ := strings.Cut(address, ":") // never the whole: it holds a secret
	return nil, fmt.Errorf(`media: %q: an address is "dir:PATH" or "s3://KEY:SECRET@HOST:PORT/BUCKET"`, scheme)
}

// keyForm is what a key looks like: segments of letters, digits, "_" "-" ".", none of them hidden.
var keyForm = regexp.MustCompile(`^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$`)

const keyLimit = 200 // bytes

func checkKey(key string) error {
	if len(key) > keyLimit || !keyForm.MatchString(key) || strings.Contains(key+"/", suffix+"/") {
		return fault.New(fault.Invalid, "media.key", "%q is no key", key)
	}
	return nil
}

func (r Range) check(size int64) error {
	if r.Offset < 0 || r.Length < 0 || r.Offset > size || r.Offset+r.Length > size {
		return fault.New(fault.Invalid, "media.range", "%d+%d of %d bytes", r.Offset, r.Length, size)
	}
	return nil
}

func notFound(key string) error { return fault.New(fault.NotFound, "media.not_found", "%s", key) }

func wrongSize(key string, got, want int64) error {
	return fault.New(fault.Invalid, "media.size", "%s: %d bytes came, %d were announced", key, got, want)
}
