package media

import (
	"context"
	"errors"
	"io"

	"qiming/internal/fault"
)

// joinedReader reads objects one after the other; each is compared with its checksum as any whole object is.
type joinedReader struct {
	ctx     context.Context
	bucket  Bucket
	keys    []string
	seen    func(int64) // told how many bytes were read; nil = nobody
	read    int64
	current io.ReadCloser
}

func newJoined(ctx context.Context, bucket Bucket, keys []string, seen func(int64)) *joinedReader {
	return &joinedReader{ctx: ctx, bucket: bucket, keys: keys, seen: seen}
}

// Read reads.
func (j *joinedReader) Read(p []byte) (int, error) {
	for {
		if err := j.ctx.Err(); err != nil {
			return 0, err
		}
		if j.current == nil {
			if len(j.keys) == 0 {
				return 0, io.EOF
			}
			r, _, err := j.bucket.Get(j.ctx, j.keys[0], Range{})
			if err != nil {
				return 0, err
			}
			j.current, j.keys = r, j.keys[1:]
		}
		n, err := j.current.Read(p)
		j.read += int64(n)
		if n > 0 && j.seen != nil {
			j.seen(j.read)
		}
		if errors.Is(err, io.EOF) {
			if err = j.Close(); n == 0 && err == nil {
				continue
			}
		}
		return n, err
	}
}

// Close closes the object that is open.
func (j *joinedReader) Close() error {
	if j.current == nil {
		return nil
	}
	current := j.current
	j.current = nil
	return current.Close()
}

// readHead reads the first bytes of what has so many.
func readHead(r io.ReadCloser, size int64) ([]byte, error) {
	defer r.Close()
	head := make([]byte, min(size, sniffBytes))
	_, err := io.ReadFull(r, head)
	return head, unavailable(err)
}

func readAll(r io.ReadCloser) ([]byte, error) {
	defer r.Close()
	data, err := io.ReadAll(r)
	return data, unavailable(err)
}

// paramsOf gives the values of a fault's message.
func paramsOf(err error) map[string]any {
	var f *fault.Fault
	if errors.As(err, &f) {
		return f.Params
	}
	return nil
}
