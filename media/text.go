package media

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"time"

	"qiming/internal/extract"
	"qiming/internal/store"
)

// The words of a document are read by a task once an article has it, and kept as a variant; those of a video are its subtitles.
// They are for the search alone, which shows them to those who may read the article.

// Reading says what came of reading a document.
type Reading string

// The outcomes; "" = it was not read yet.
const (
	WithText    Reading = "text"
	WithoutText Reading = "none" // it is broken, protected or scanned
)

const (
	textName    = "text"
	articleRefs = "article:"
)

// wanted asks for the words of a document that an article refers to.
func (l *Library) wanted(ctx context.Context, f File, object string) error {
	if f.Reading != "" || !extract.Readable(f.Type) || !strings.HasPrefix(object, articleRefs) {
		return nil
	}
	return l.queue(ctx, textTask, f.ID)
}

// readText reads the words of a document.
func (l *Library) readText(ctx context.Context, id string) error {
	f, err := l.Get(ctx, id)
	if err != nil || f.Reading != "" {
		return ignoreAbsent(err)
	}
	var passages []extract.Passage
	if f.Size <= extract.MaxBytes {
		r, err := l.Open(ctx, f, "", Range{})
		if err != nil {
			return err
		}
		data, err := readAll(r)
		if err != nil {
			return err
		}
		if passages, err = extract.Read(ctx, f.Type, data); err != nil {
			return err
		}
	}
	if len(passages) == 0 {
		_, err := l.files.Update(ctx, id, func(f *File) error { f.Reading = WithoutText; return nil })
		return ignoreAbsent(err)
	}
	data, err := json.Marshal(passages)
	if err != nil {
		return err
	}
	text := made{Variant{Name: textName, Type: "application/json", Size: int64(len(data))}, data}
	if _, err := l.Bucket.Put(ctx, derivedKey(id, textName), bytes.NewReader(data), text.Size, text.Type); err != nil {
		return err
	}
	return ignoreAbsent(l.derive(ctx, id, func(f *File) {
		f.Reading, f.Variants = WithText, append(withoutVariant(f.Variants, textName), text.Variant)
	}))
}

// Passages gives the words of a document, or of a video by its subtitles; none where it has none or was not read yet.
func (l *Library) Passages(ctx context.Context, f File) ([]extract.Passage, error) {
	var passages []extract.Passage
	for _, v := range f.Variants {
		lang, track := cutTrack(v.Name)
		if !track && v.Name != textName {
			continue
		}
		r, err := l.Open(ctx, f, v.Name, Range{})
		if err != nil {
			return nil, err
		}
		data, err := readAll(r)
		if err != nil {
			return nil, err
		}
		if !track {
			err = json.Unmarshal(data, &passages)
			return passages, err
		}
		cues, err := ParseSubtitles(data)
		if err != nil {
			l.Log.Error("subtitles that were kept cannot be read", "file", f.ID, "lang", lang, "error", err)
			continue
		}
		for _, c := range cues {
			passages = append(passages, extract.Passage{Place: int(c.Start / time.Second), Text: c.Text})
		}
	}
	return passages, nil
}

// Changes gives the ids of changed files, as store.Collection does.
func (l *Library) Changes(ctx context.Context, since string, limit int) ([]store.Change, error) {
	return l.files.Changes(ctx, since, limit)
}

// Described gives files by their ids, as far as they are kept.
func (l *Library) Described(ctx context.Context, ids []string) (map[string]File, error) {
	files, err := l.files.GetMany(ctx, ids)
	for id, f := range files {
		if f.Gone {
			delete(files, id)
		}
	}
	return files, err
}
