package interchange

import (
	"bytes"
	"context"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/media"
	"qiming/policies"
)

// File is a picture, a sound or a document that the texts of questions show by ![what is seen](media:ID).
type File struct {
	ID   string // that the media library gives its content
	Name string
	Kind media.Kind
	Data []byte
}

// Files keeps what questions show; *media.Library.
type Files interface {
	// Upload keeps a file for an organisation, within its quota.
	Upload(ctx context.Context, orgID, name string, r io.Reader) (media.File, error)
	// Get describes a kept file, or gives fault.NotFound.
	Get(ctx context.Context, id string) (media.File, error)
	// Open reads it.
	Open(ctx context.Context, f media.File, variant string, piece media.Range) (io.ReadCloser, error)
}

// Opener gives a file that an export takes along; fault.NotFound where it is not kept any more.
type Opener func(id string) (File, error)

// Limits of the files that one question file brings along.
const (
	maxMediaFiles  = 2_000
	maxMediaBytes  = 128 << 20
	maxMediaPixels = 1_000_000_000 // in all: each picture is decoded once
)

// embedded collects the files that a question file brings along.
type embedded struct {
	files  map[string]File // by id
	bytes  int64
	pixels int64
}

// add takes a file in and gives its id. What the media library would refuse, or is too much, is fault.Invalid.
func (e *embedded) add(name string, data []byte) (id string, err error) {
	if data, err = media.Clean(data); err != nil {
		return "", err
	}
	id = media.ID(data)
	if _, known := e.files[id]; known {
		return id, nil
	}
	if len(e.files) >= maxMediaFiles || e.bytes+int64(len(data)) > maxMediaBytes || e.pixels > maxMediaPixels {
		return "", fault.New(fault.Invalid, "media.many", "more than %d files or %d bytes", maxMediaFiles, maxMediaBytes)
	}
	kind, err := media.Identify(data)
	if err != nil {
		return "", err
	}
	if e.files == nil {
		e.files = map[string]File{}
	}
	e.files[id] = File{ID: id, Name: media.Named(name, kind.Extension), Kind: kind, Data: data}
	e.bytes += int64(len(data))
	e.pixels += int64(kind.Width) * int64(kind.Height)
	return id, nil
}

func (p Parsed) fileBytes() (n int) {
	for _, f := range p.Files {
		n += len(f.Data)
	}
	return n
}

// mediaText is what shows a file within a text.
func mediaText(alt, id string) string { return "![" + altText(alt) + "](media:" + id + ")" }

// lostText stands where a file could not be taken.
func lostText(alt, name string) string {
	if alt = altText(alt); alt == "" {
		alt = altText(path.Base(name))
	}
	return "［" + alt + "］"
}

func altText(s string) string {
	s = strings.Join(strings.Fields(strings.NewReplacer("[", "［", "]", "］").Replace(s)), " ")
	if r := []rune(s); len(r) > 100 {
		s = string(r[:100])
	}
	return s
}

// refusedFile words why a file was not taken: a warning, the question stays.
func (at place) refusedFile(column, name string, err error) Problem {
	name = shorten(path.Base(name))
	switch fault.KeyOf(err) {
	case "media.type_refused":
		kind := ""
		if f, ok := err.(*fault.Fault); ok {
			kind, _ = f.Params["type"].(string)
		}
		return at.problem(Warning, column, "media.type", "name", name, "type", kind)
	case "media.too_large", "media.picture_large":
		return at.problem(Warning, column, "media.large", "name", name)
	case "media.many":
		return at.problem(Warning, column, "media.many", "name", name, "max", maxMediaFiles, "max_mib", maxMediaBytes>>20)
	case "media.not_found":
		return at.problem(Warning, column, "media.missing", "name", name)
	}
	return at.problem(Warning, column, "media.broken", "name", name)
}

var mediaMark = regexp.MustCompile(`!\[([^\]\n]*)\]\(media:([0-9a-f]{32})\)`)

// shown gives the ids of the files that an item shows.
func shown(item Item) []string { return media.In(item.Content.Texts()...) }

// settleFiles takes marks of files that neither the question file nor the library has out of the texts, with a
// warning: the bank would refuse the batch.
func (s *Service) settleFiles(ctx context.Context, p *Parsed) error {
	kept := map[string]bool{}
	for i := range p.Records {
		r := &p.Records[i]
		for _, id := range shown(r.Item) {
			if _, ok := p.Files[id]; ok {
				continue
			}
			if _, asked := kept[id]; !asked {
				_, err := s.files.Get(ctx, id)
				if err != nil && !fault.Is(err, fault.NotFound) {
					return err
				}
				kept[id] = err == nil
			}
			if !kept[id] {
				at := place{row: r.Item.Row, sheet: r.Item.Sheet, unit: p.Format.unit()}
				r.Problems = append(r.Problems, at.refusedFile("", id, errNoFile(id)))
				r.Item.Content = withoutFile(r.Item.Content, id)
				if !r.Refused() {
					r.stemKey = question.StemKey(r.Item.Content)
				}
			}
		}
	}
	return nil
}

func errNoFile(id string) error {
	return fault.New(fault.NotFound, "media.not_found", "no file %s", id)
}

// withoutFile gives a content with words where it showed a file.
func withoutFile(c question.Content, id string) question.Content {
	c = cloned(c)
	c.EachText(func(text *string) {
		*text = mediaMark.ReplaceAllStringFunc(*text, func(mark string) string {
			if m := mediaMark.FindStringSubmatch(mark); m[2] == id {
				return lostText(m[1], id[:8])
			}
			return mark
		})
	})
	return c
}

// cloned gives a content whose texts can be changed without changing the other's.
func cloned(c question.Content) question.Content {
	c.Options, c.Pairs, c.Subs = slices.Clone(c.Options), slices.Clone(c.Pairs), slices.Clone(c.Subs)
	for i := range c.Subs {
		c.Subs[i].Content = cloned(c.Subs[i].Content)
	}
	return c
}

// storeFiles keeps what the new questions of an import show, before the questions are written; it may run again.
func (s *Service) storeFiles(ctx context.Context, m Import, p Parsed) error {
	done := map[string]bool{}
	for i, r := range p.Records {
		if m.outcome(i) != Fresh {
			continue
		}
		for _, id := range shown(r.Item) {
			f, ok := p.Files[id]
			if !ok || done[id] {
				continue
			}
			if _, err := s.files.Upload(ctx, m.OrgID, f.Name, bytes.NewReader(f.Data)); err != nil {
				return err
			}
			done[id] = true
		}
	}
	return nil
}

// opener reads kept files for an export.
func (s *Service) opener(ctx context.Context) Opener {
	return func(id string) (File, error) {
		f, err := s.files.Get(ctx, id)
		if err != nil {
			return File{}, err
		}
		r, err := s.files.Open(ctx, f, "", media.Range{})
		if err != nil {
			return File{}, err
		}
		defer r.Close()
		data, err := io.ReadAll(r)
		kind := media.Kind{Type: f.Type, Extension: media.Extension(f.Type), Class: f.Class, Width: f.Width, Height: f.Height}
		return File{ID: id, Name: media.Named(f.Name, kind.Extension), Kind: kind, Data: data}, err
	}
}

// Embedded gives a file that the file of an import brings along, for the preview.
func (s *Service) Embedded(ctx context.Context, actor policies.Actor, importID, id string) (File, error) {
	m, err := s.Get(ctx, actor, importID)
	if err != nil {
		return File{}, err
	}
	p, err := s.records(ctx, m)
	if err != nil {
		return File{}, err
	}
	f, ok := p.Files[id]
	if !ok {
		return File{}, errNoFile(id)
	}
	return f, nil
}
