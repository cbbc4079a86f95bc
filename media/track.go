package media

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"slices"

	"qiming/internal/fault"
)

// Subtitles of a video are variants of it, one of each language: who may see the video may read them, and they go with it.
const (
	trackPrefix = "subtitles-"
	vttType     = "text/vtt; charset=utf-8"
	maxTracks   = 10
)

var langForm = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}$`)

// Tracks gives the languages in which a video has subtitles (BCP 47), in their order.
func (f File) Tracks() (langs []string) {
	for _, v := range f.Variants {
		if lang, found := cutTrack(v.Name); found {
			langs = append(langs, lang)
		}
	}
	return langs
}

func cutTrack(name string) (lang string, found bool) {
	if len(name) <= len(trackPrefix) || name[:len(trackPrefix)] != trackPrefix {
		return "", false
	}
	return name[len(trackPrefix):], true
}

// Subtitle gives a video on a shelf subtitles in a language, in place of those that it has. Faults: what ParseSubtitles refuses;
// "subtitle.no_video", "subtitle.lang", "subtitle.tracks" (Params max).
func (l *Library) Subtitle(ctx context.Context, orgID, id, lang string, r io.Reader) (Item, error) {
	item, err := l.OnShelf(ctx, orgID, id)
	if err != nil {
		return Item{}, err
	}
	switch langs := item.Tracks(); {
	case item.Class != Video:
		return Item{}, fault.New(fault.Invalid, "subtitle.no_video", "%s is a %s", id, item.Class)
	case !langForm.MatchString(lang):
		return Item{}, fault.New(fault.Invalid, "subtitle.lang", "%q is no language", lang)
	case len(langs) >= maxTracks && !slices.Contains(langs, lang):
		return Item{}, fault.New(fault.Invalid, "subtitle.tracks", "%d languages are there", len(langs)).With("max", maxTracks)
	}
	data, err := io.ReadAll(io.LimitReader(contextReader{ctx, r}, maxSubtitles+1))
	if err != nil {
		return Item{}, unavailable(err)
	}
	cues, err := ParseSubtitles(data)
	if err != nil {
		return Item{}, err
	}
	data = WriteSubtitles(cues)
	track := made{Variant{Name: trackPrefix + lang, Type: vttType, Size: int64(len(data))}, data}
	if err := l.addVariant(ctx, item.File, track); err != nil {
		return Item{}, err
	}
	return l.OnShelf(ctx, orgID, id)
}

// Unsubtitle takes the subtitles of a language away.
func (l *Library) Unsubtitle(ctx context.Context, orgID, id, lang string) (Item, error) {
	item, err := l.OnShelf(ctx, orgID, id)
	if err != nil {
		return Item{}, err
	}
	if !slices.Contains(item.Tracks(), lang) {
		return Item{}, notFound(id + " " + lang)
	}
	if err := l.dropVariant(ctx, item.ID, trackPrefix+lang); err != nil {
		return Item{}, err
	}
	return l.OnShelf(ctx, orgID, id)
}

// addVariant keeps something that was made of a file, in place of what has its name.
func (l *Library) addVariant(ctx context.Context, f File, v made) error {
	if _, err := l.Bucket.Put(ctx, derivedKey(f.ID, v.Name), bytes.NewReader(v.data), v.Size, v.Type); err != nil {
		return err
	}
	return l.derive(ctx, f.ID, func(f *File) { f.Variants = append(withoutVariant(f.Variants, v.Name), v.Variant) })
}

// dropVariant removes what was made of a file; its object last, for what names it is gone by then.
func (l *Library) dropVariant(ctx context.Context, id, name string) error {
	if err := l.derive(ctx, id, func(f *File) { f.Variants = withoutVariant(f.Variants, name) }); err != nil {
		return err
	}
	if err := l.Bucket.Delete(ctx, derivedKey(id, name)); err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	return nil
}

func withoutVariant(list []Variant, name string) []Variant {
	return slices.DeleteFunc(slices.Clone(list), func(v Variant) bool { return v.Name == name })
}

// derive changes what a file has besides itself, and counts it for each of its organisations.
func (l *Library) derive(ctx context.Context, id string, change func(*File)) error {
	var grown int64
	f, err := l.files.Update(ctx, id, func(f *File) error {
		if f.Gone {
			return notFound(id)
		}
		change(f)
		before := f.Derived
		f.Derived = 0
		for _, v := range f.Variants {
			f.Derived += v.Size
		}
		grown = f.Derived - before
		return nil
	})
	if err != nil || grown == 0 {
		return err
	}
	for _, orgID := range f.Orgs {
		if err := l.burden(ctx, orgID, grown); err != nil {
			return err
		}
	}
	return nil
}
