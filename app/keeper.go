package app

import (
	"bytes"
	"context"
	"io"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/media"
)

// keeper keeps the files of question imports among the other files.
type keeper struct{ files media.Bucket }

// Keep stores the file under a key of its own; its name stands in the import.
func (k keeper) Keep(ctx context.Context, _ string, data []byte) (string, error) {
	key := "question-imports/" + ident.New()
	_, err := k.files.Put(ctx, key, bytes.NewReader(data), int64(len(data)), "application/octet-stream")
	return key, err
}

// Load gives the file, whole and as it was stored.
func (k keeper) Load(ctx context.Context, key string) ([]byte, error) {
	r, object, err := k.files.Get(ctx, key, media.Range{})
	if fault.Is(err, fault.NotFound) {
		return nil, fault.Wrap(fault.NotFound, "import.file_lost", err)
	}
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data := bytes.NewBuffer(make([]byte, 0, object.Size))
	_, err = io.Copy(data, r)
	return data.Bytes(), err
}

// Drop removes the file; one that is gone already is no error.
func (k keeper) Drop(ctx context.Context, key string) error {
	err := k.files.Delete(ctx, key)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	return err
}
