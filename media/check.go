package media

import (
	"context"
	"io"

	"qiming/internal/fault"
	"qiming/internal/store"
)

// Finding is something that Check found wrong.
type Finding struct {
	ID   string `json:"id"`   // of the file, or the key of an object
	Code string `json:"code"` // missing, corrupt, size, stray, reference, usage
	Text string `json:"text"` // English
}

// Checked is the outcome of Check.
type Checked struct {
	Files    int       `json:"files"`
	Bytes    int64     `json:"bytes"`
	Findings []Finding `json:"findings"`
}

// Check reads every file whole and compares it with what was uploaded; it looks for references to files
// that are not there, and counts what each organisation uses. It changes nothing. seen is told of every
// file, for a progress bar; nil = nobody.
func (l *Library) Check(ctx context.Context, seen func(File)) (Checked, error) {
	out := Checked{Findings: []Finding{}}
	add := func(id, code, text string) { out.Findings = append(out.Findings, Finding{id, code, text}) }
	used := map[string]int64{}
	for f, err := range l.files.Find(ctx, store.Query[File]{}) {
		if err != nil {
			return out, err
		}
		out.Files, out.Bytes = out.Files+1, out.Bytes+f.Size
		for _, org := range f.Orgs {
			used[org] += f.Size
		}
		keys := []struct {
			key  string
			size int64
			sum  string
		}{{contentKey(f.ID), f.Size, f.SHA256}}
		if f.Thumb > 0 {
			keys = append(keys, struct {
				key  string
				size int64
				sum  string
			}{thumbKey(f.ID), f.Thumb, ""})
		}
		for _, k := range keys {
			object, err := l.read(ctx, k.key)
			switch {
			case f.Gone:
			case fault.Is(err, fault.NotFound):
				add(f.ID, "missing", k.key+" is not in the bucket")
			case fault.KeyOf(err) == "media.corrupt":
				add(f.ID, "corrupt", err.Error())
			case err != nil:
				return out, err
			case object.Size != k.size:
				add(f.ID, "size", "the bucket has another number of bytes")
			case k.sum != "" && object.SHA256 != k.sum:
				add(f.ID, "corrupt", "the content is not what its name says")
			}
		}
		if seen != nil {
			seen(f)
		}
	}
	for ref, err := range l.refs.Find(ctx, store.Query[reference]{}) {
		if err != nil {
			return out, err
		}
		if _, err := l.Get(ctx, ref.FileID); fault.Is(err, fault.NotFound) {
			add(ref.FileID, "reference", ref.Object+" shows a file that is not kept")
		} else if err != nil {
			return out, err
		}
	}
	for u, err := range l.used.Find(ctx, store.Query[usage]{}) {
		if err != nil {
			return out, err
		}
		if u.Bytes != used[u.ID] {
			add(u.ID, "usage", "the organisation's count differs from its files")
		}
	}
	return out, nil
}

// read reads an object to its end: its checksum is compared there.
func (l *Library) read(ctx context.Context, key string) (Object, error) {
	r, object, err := l.Bucket.Get(ctx, key, Range{})
	if err != nil {
		return object, err
	}
	defer r.Close()
	_, err = io.Copy(io.Discard, r)
	return object, err
}
