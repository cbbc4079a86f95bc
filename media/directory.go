package media

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"qiming/internal/fault"
)

// directory keeps an object in one file KEY.obj: a line of JSON, padded to headerSize, then the
// content. One file, so that one rename puts description and content in place together.
type directory struct{ root string }

const (
	suffix     = ".obj" // tells objects from what a crash left half written
	partial    = ".part-"
	headerSize = 1024
)

type header struct {
	Type     string    `json:"type"`
	SHA256   string    `json:"sha256"`
	Size     int64     `json:"size"`
	StoredAt time.Time `json:"stored_at"`
}

func openDirectory(root string) (Bucket, error) {
	if err := os.MkdirAll(root, 0o700); err != nil {
		return nil, fmt.Errorf("media: %w", err)
	}
	return &directory{root: root}, nil
}

func (d *directory) path(key string) string {
	return filepath.Join(d.root, filepath.FromSlash(key)+suffix)
}

func (d *directory) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) (Object, error) {
	if err := checkKey(key); err != nil {
		return Object{}, err
	}
	path := d.path(key)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return Object{}, unavailable(err)
	}
	file, err := os.CreateTemp(filepath.Dir(path), partial)
	if err != nil {
		return Object{}, unavailable(err)
	}
	defer os.Remove(file.Name())
	defer file.Close()
	object, err := fill(file, key, contextReader{ctx, r}, size, contentType)
	if err != nil {
		return Object{}, err
	}
	if err := errors.Join(file.Sync(), file.Close(), os.Rename(file.Name(), path), syncFolder(filepath.Dir(path))); err != nil {
		return Object{}, unavailable(err)
	}
	return object, nil
}

func (d *directory) Join(ctx context.Context, key string, parts []string, want Object, seen func(int64)) (Object, error) {
	joined := newJoined(ctx, d, parts, seen)
	defer joined.Close()
	want.Key = key
	return d.Put(ctx, key, verify(joined, want), want.Size, want.Type)
}

// fill writes the content after the room for the header, then the header.
func fill(file *os.File, key string, r io.Reader, size int64, contentType string) (Object, error) {
	if _, err := file.Seek(headerSize, io.SeekStart); err != nil {
		return Object{}, unavailable(err)
	}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(file, sum), r)
	if err != nil {
		return Object{}, unavailable(err)
	}
	if size >= 0 && n != size {
		return Object{}, wrongSize(key, n, size)
	}
	info, err := file.Stat()
	if err != nil {
		return Object{}, unavailable(err)
	}
	h := header{Type: contentType, SHA256: hex.EncodeToString(sum.Sum(nil)), Size: n, StoredAt: info.ModTime().UTC().Truncate(time.Millisecond)}
	line, err := json.Marshal(h)
	if err != nil || len(line) > headerSize-1 {
		return Object{}, fault.New(fault.Invalid, "media.type", "media type of %d bytes", len(contentType))
	}
	padded := append(line, strings.Repeat(" ", headerSize-1-len(line))+"\n"...)
	if _, err := file.WriteAt(padded, 0); err != nil {
		return Object{}, unavailable(err)
	}
	return h.object(key), nil
}

func (h header) object(key string) Object {
	return Object{Key: key, Size: h.Size, Type: h.Type, SHA256: h.SHA256, StoredAt: h.StoredAt}
}

func (d *directory) open(key string) (*os.File, Object, error) {
	if err := checkKey(key); err != nil {
		return nil, Object{}, err
	}
	file, err := os.Open(d.path(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, Object{}, notFound(key)
	}
	if err != nil {
		return nil, Object{}, unavailable(err)
	}
	var h header
	line, err := bufio.NewReaderSize(io.LimitReader(file, headerSize), headerSize).ReadSlice('\n')
	if err == nil {
		err = json.Unmarshal(line, &h)
	}
	if err != nil {
		file.Close()
		return nil, Object{}, fault.New(fault.Unavailable, "media.corrupt", "%s has no header: %v", key, err)
	}
	return file, h.object(key), nil
}

func (d *directory) Get(_ context.Context, key string, piece Range) (io.ReadCloser, Object, error) {
	file, object, err := d.open(key)
	if err != nil {
		return nil, Object{}, err
	}
	if err := piece.check(object.Size); err != nil {
		file.Close()
		return nil, Object{}, err
	}
	length := piece.Length
	if length == 0 {
		length = object.Size - piece.Offset
	}
	reader := &section{SectionReader: io.NewSectionReader(file, headerSize+piece.Offset, length), file: file}
	if piece.covers(object.Size) {
		return verify(reader, object), object, nil
	}
	return reader, object, nil
}

// section is a piece of a file that closes the file.
type section struct {
	*io.SectionReader
	file *os.File
}

// Close closes the file.
func (s *section) Close() error { return s.file.Close() }

func (d *directory) Stat(_ context.Context, key string) (Object, error) {
	file, object, err := d.open(key)
	if err != nil {
		return Object{}, err
	}
	return object, file.Close()
}

func (d *directory) Delete(_ context.Context, key string) error {
	if err := checkKey(key); err != nil {
		return err
	}
	err := os.Remove(d.path(key))
	if errors.Is(err, fs.ErrNotExist) {
		return notFound(key)
	}
	if err == nil {
		err = syncFolder(filepath.Dir(d.path(key)))
	}
	return unavailable(err)
}

func (d *directory) List(ctx context.Context, prefix string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		var keys []string
		folder := filepath.Join(d.root, filepath.FromSlash(prefix[:strings.LastIndexByte(prefix, '/')+1]))
		err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) { // removed while we walk
				return nil
			}
			if err != nil || entry.IsDir() {
				return err
			}
			name, err := filepath.Rel(d.root, path)
			key, kept := strings.CutSuffix(filepath.ToSlash(name), suffix)
			if kept && strings.HasPrefix(key, prefix) {
				keys = append(keys, key)
			}
			return err
		})
		if err != nil {
			yield(Object{}, unavailable(err))
			return
		}
		slices.Sort(keys)
		for _, key := range keys {
			object, err := d.Stat(ctx, key)
			if fault.Is(err, fault.NotFound) {
				continue
			}
			if !yield(object, err) || err != nil {
				return
			}
		}
	}
}

// contextReader ends a long copy when the request ends.
type contextReader struct {
	ctx context.Context
	io.Reader
}

// Read fails once the context has ended.
func (r contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.Reader.Read(p)
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// unavailable says of a failure of the machine or the network that it is one; what is a fault already stays as it is.
func unavailable(err error) error {
	switch {
	case err == nil || fault.CodeOf(err) != "":
		return err
	case errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG):
		return fault.Wrap(fault.Unavailable, "media.full", err)
	}
	return fault.Wrap(fault.Unavailable, "media.unavailable", err)
}
