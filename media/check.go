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
		out.Files, out.Bytes = out.Files+1, out.Bytes+f.weight()
		for _, org := range f.Orgs {
			used[org] += f.weight()
		}
		if !f.Gone {
			found, err := l.examineKept(ctx, f)
			if err != nil {
				return out, err
			}
			out.Findings = append(out.Findings, found...)
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

// examineKept reads the objects of a file and says what of them is not as it was uploaded.
func (l *Library) examineKept(ctx context.Context, f File) (list []Finding, err error) {
	add := func(code, text string) { list = append(list, Finding{f.ID, code, text}) }
	look := func(key string, size int64, sum string) error {
		object, err := l.read(ctx, key)
		switch {
		case fault.Is(err, fault.NotFound):
			add("missing", key+" is not in the bucket")
		case fault.KeyOf(err) == "media.corrupt":
			add("corrupt", err.Error())
		case err != nil:
			return err
		case object.Size != size:
			add("size", "the bucket has another number of bytes")
		case sum != "" && object.SHA256 != sum:
			add("corrupt", "the content is not what its name says")
		}
		return nil
	}
	if err := look(contentKey(f.ID), f.Size, f.SHA256); err != nil {
		return list, err
	}
	for _, v := range f.Variants {
		if err := look(derivedKey(f.ID, v.Name), v.Size, ""); err != nil {
			return list, err
		}
	}
	return list, nil
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
