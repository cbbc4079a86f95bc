package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding"
	"encoding/hex"
	"fmt"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// join makes a file of the parts of an upload. What the file's content forbids, and what does not fit into the quota, is said
// in the upload; all else is tried again.
func (l *Library) join(ctx context.Context, id string, progress func(float64)) error {
	u, err := l.uploads.Get(ctx, id)
	switch {
	case fault.Is(err, fault.NotFound) || err == nil && u.State == Kept: // ended, or a crash stopped us after the last write
		return l.dropParts(ctx, id)
	case err != nil || u.State != Joining:
		return err
	}
	f, err := l.joined(ctx, u, progress)
	if fault.Is(err, fault.Invalid) {
		refusal := err
		if fault.KeyOf(err) != "media.quota" { // room can be made; the rest stays as it is
			if err := l.dropParts(ctx, id); err != nil {
				return err
			}
		}
		_, err = l.uploads.Update(ctx, id, func(u *Incoming) error {
			u.State, u.Refusal, u.Params = Refused, fault.KeyOf(refusal), paramsOf(refusal)
			return nil
		})
		return err
	}
	if err != nil {
		return err
	}
	if _, err := l.uploads.Update(ctx, id, func(u *Incoming) error {
		u.State, u.FileID = Kept, f.ID
		return nil
	}); err != nil {
		return err
	}
	return l.dropParts(ctx, id)
}

func (l *Library) joined(ctx context.Context, u Incoming, progress func(float64)) (File, error) {
	var keys []string
	var last part
	for p, err := range l.parts.Find(ctx, store.Query[part]{Index: "upload", Eq: map[string]any{"upload": u.ID}}) {
		if err != nil {
			return File{}, err
		}
		keys, last = append(keys, p.Key), p
	}
	if last.end() != u.Length {
		return File{}, fmt.Errorf("media: upload %s has %d of %d bytes", u.ID, last.end(), u.Length)
	}
	sum := sha256.New()
	if err := sum.(encoding.BinaryUnmarshaler).UnmarshalBinary(last.Sum); err != nil {
		return File{}, err
	}
	f := File{SHA256: hex.EncodeToString(sum.Sum(nil)), Size: u.Length}
	data, sizes, err := l.examineJoined(ctx, &f, keys)
	if err != nil {
		return File{}, err
	}
	f.Name, f.Orgs = Named(u.Name, Extension(f.Type)), []string{u.OrgID}
	out, err := l.admit(ctx, f, func() error {
		if err := l.putVariants(ctx, f, sizes); err != nil {
			return err
		}
		if data != nil {
			_, err := l.Bucket.Put(ctx, contentKey(f.ID), bytes.NewReader(data), f.Size, f.Type)
			return err
		}
		seen := func(n int64) { progress(float64(n) / float64(u.Length)) }
		_, err := l.Bucket.Join(ctx, contentKey(f.ID), keys, Object{Size: f.Size, Type: f.Type, SHA256: f.SHA256}, seen)
		return err
	})
	if err != nil {
		return out, err
	}
	if err := l.Refer(ctx, shelfOf(u.OrgID), []string{out.ID}); err != nil { // it stays until somebody deletes it
		return out, err
	}
	return out, l.awaitFilm(ctx, out)
}

// examineJoined says what the parts are, once they are one; of a picture it gives the cleaned content.
func (l *Library) examineJoined(ctx context.Context, f *File, keys []string) (data []byte, sizes []made, err error) {
	head, err := readHead(newJoined(ctx, l.Bucket, keys, nil), f.Size)
	if err != nil {
		return nil, nil, err
	}
	kind, err := sniff(head, true)
	if err != nil {
		return nil, nil, err
	}
	if err := kind.fits(f.Size, l.limitOf(kind)); err != nil {
		return nil, nil, err
	}
	f.Meta = store.Meta{ID: f.SHA256[:idLength]}
	f.Type, f.Class = kind.mime, kind.class
	if kind.class != Image {
		return nil, nil, nil
	}
	if data, err = readAll(newJoined(ctx, l.Bucket, keys, nil)); err != nil { // at most what a picture may have
		return nil, nil, err
	}
	return f.picture(data)
}
