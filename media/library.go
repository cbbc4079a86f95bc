package media

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
)

// File is an upload that is kept: its id is the first 32 hexadecimal digits of the SHA-256 of its content, so
// that the same content is kept once, whoever uploads it.
type File struct {
	store.Meta `bson:",inline"`
	SHA256     string     `bson:"sha256" json:"sha256"`
	Type       string     `bson:"type" json:"type"` // as found by its content
	Class      Class      `bson:"class" json:"class" enum:"image,audio,video,document"`
	Size       int64      `bson:"size" json:"size"` // bytes
	Name       string     `bson:"name" json:"name"` // of the first upload
	Width      int        `bson:"width,omitempty" json:"width,omitempty"`
	Height     int        `bson:"height,omitempty" json:"height,omitempty"`
	Variants   []Variant  `bson:"variants,omitempty" json:"-"`
	Derived    int64      `bson:"derived,omitempty" json:"-"` // bytes of all that was made of it
	Film       Film       `bson:"film,omitempty" json:"film,omitempty" enum:"ready" doc:"Of a video: whether it is streamed"`
	Reading    Reading    `bson:"reading,omitempty" json:"reading,omitempty" enum:"text,none" doc:"Of a document that articles have: whether it has words for the search"`
	Orgs       []string   `bson:"orgs" json:"-"`                 // who uploaded it: it counts against the quota of each
	IdleSince  *time.Time `bson:"idle_since,omitempty" json:"-"` // nothing refers to it
	Gone       bool       `bson:"gone,omitempty" json:"-"`       // is being removed
}

// reference says that an object refers to a file; its id is "FILE|OBJECT".
type reference struct {
	store.Meta `bson:",inline"`
	FileID     string `bson:"file_id"`
	Object     string `bson:"object"` // "question:ID@3"
}

// usage is what the files of an organisation take, in bytes; its id is the organisation's.
type usage struct {
	store.Meta `bson:",inline"`
	Bytes      int64 `bson:"bytes"`
}

// Deps is what a Library stands on.
type Deps struct {
	DB     *store.DB
	Bucket Bucket
	Clock  ident.Clock
	Key    []byte // signs links
	Path   string // where the service answers its own links: "/files/", before the id
	Quota  int64  // bytes of an organisation; 0 = none
	Video  int64  // bytes that a video may have; 0 = DefaultLarge
	Log    *slog.Logger

	Encoder   *Encoder // makes videos ready; nil = they play as they came
	NoEncoder string   // why there is none, for the administrator
	Scratch   string   // directory where it works, on a disk with room for the largest video twice
}

// Library keeps uploads in a Bucket: each content once, of types that are allowed, within the quota of its
// organisation, for as long as something refers to it.
type Library struct {
	Deps
	files store.Collection[File]
	refs  store.Collection[reference]
	used  store.Collection[usage]

	uploads store.Collection[Incoming]
	parts   store.Collection[part]
	tasks   store.Collection[Task]
	wake    map[taskKind]chan struct{} // by lane: there is a new task
}

// New makes a library; its collections are declared here.
func New(deps Deps) *Library {
	return &Library{Deps: deps, wake: map[taskKind]chan struct{}{joinTask: make(chan struct{}, 1), textTask: make(chan struct{}, 1), videoTask: make(chan struct{}, 1)},
		files: store.Define[File](deps.DB, store.Spec{Name: "media_files", Version: 1, Indexes: []store.Index{{Name: "org", Fields: []string{"orgs"}}}}),
		refs: store.Define[reference](deps.DB, store.Spec{Name: "media_refs", Version: 1, Indexes: []store.Index{
			{Name: "file", Fields: []string{"file_id"}}, {Name: "object", Fields: []string{"object", "created_at"}}}}),
		used: store.Define[usage](deps.DB, store.Spec{Name: "media_usage", Version: 1}),
		uploads: store.Define[Incoming](deps.DB, store.Spec{Name: "media_uploads", Version: 1, Indexes: []store.Index{
			{Name: "owner", Fields: []string{"owner", "created_at"}}, {Name: "org", Fields: []string{"org_id"}}}}),
		parts: store.Define[part](deps.DB, store.Spec{Name: "media_parts", Version: 1, Indexes: []store.Index{{Name: "upload", Fields: []string{"upload", "offset"}}}}),
		tasks: store.Define[Task](deps.DB, store.Spec{Name: "media_tasks", Version: 1, Indexes: []store.Index{{Name: "due", Fields: []string{"kind", "state", "after"}}}}),
	}
}

const idLength = 32 // hexadecimal digits: 128 bits

var idForm = regexp.MustCompile(`^[0-9a-f]{32}$`)

// IsID says whether a text has the form of a file's id.
func IsID(id string) bool { return idForm.MatchString(id) }

func contentKey(id string) string { return "files/" + id[:2] + "/" + id }

// What is made of a file lies below a folder of its own.
const derivedPrefix = "derived/"

func derivedKey(id, name string) string { return derivedPrefix + id[:2] + "/" + id + "/" + name }

// Upload keeps a file for an organisation. Refusals, all fault.Invalid: "media.empty", "media.too_large"
// (Params max_mib), "media.type_refused", "media.picture_broken", "media.picture_large", "media.quota"
// (Params used_mib, quota_mib).
func (l *Library) Upload(ctx context.Context, orgID, name string, r io.Reader) (File, error) {
	staged, err := os.CreateTemp("", "qiming-upload-")
	if err != nil {
		return File{}, unavailable(err)
	}
	defer os.Remove(staged.Name())
	defer staged.Close()
	f, sizes, err := examine(ctx, staged, r)
	if err != nil {
		return File{}, err
	}
	f.Name, f.Orgs = Named(name, Extension(f.Type)), []string{orgID}
	return l.admit(ctx, f, func() error {
		if err := l.putVariants(ctx, f, sizes); err != nil {
			return err
		}
		if _, err := staged.Seek(0, io.SeekStart); err != nil {
			return unavailable(err)
		}
		_, err := l.Bucket.Put(ctx, contentKey(f.ID), staged, f.Size, f.Type)
		return err
	})
}

func (l *Library) putVariants(ctx context.Context, f File, list []made) error {
	for _, v := range list {
		if _, err := l.Bucket.Put(ctx, derivedKey(f.ID, v.Name), bytes.NewReader(v.data), v.Size, v.Type); err != nil {
			return err
		}
	}
	return nil
}

// weight is what a file takes of a quota, in bytes.
func (f File) weight() int64 { return f.Size + f.Derived }

// admit takes a file into the library for its one organisation, unless it is there already: put stores its objects.
func (l *Library) admit(ctx context.Context, f File, put func() error) (File, error) {
	orgID := f.Orgs[0]
	kept, err := l.files.Get(ctx, f.ID)
	if err == nil && slices.Contains(kept.Orgs, orgID) && !kept.Gone && kept.IdleSince == nil && l.sound(ctx, kept) {
		return kept, nil
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		return File{}, err
	}
	owned := slices.Contains(kept.Orgs, orgID) // and paid for
	cost := f.weight()
	if kept.ID != "" {
		cost = kept.weight()
	}
	if !owned {
		if err := l.charge(ctx, orgID, cost); err != nil {
			return File{}, err
		}
	}
	out, added, err := l.keep(ctx, f, put)
	switch {
	case !owned && !added: // it failed, or another upload of the same was faster
		err = errors.Join(err, l.charge(context.WithoutCancel(ctx), orgID, -cost))
	case owned && added: // it was removed meanwhile
		err = errors.Join(err, l.charge(ctx, orgID, out.weight()))
	case added && out.weight() != cost: // more was made of it meanwhile
		err = errors.Join(err, l.burden(ctx, orgID, out.weight()-cost))
	}
	return out, err
}

// sound says whether the objects of a file are as they were uploaded. What is not is put anew by an upload of the same.
func (l *Library) sound(ctx context.Context, f File) bool {
	found, err := l.examineKept(ctx, f)
	return err == nil && len(found) == 0
}

// examine stages an upload and says what it is. A picture is cleaned.
func examine(ctx context.Context, staged *os.File, r io.Reader) (f File, sizes []made, err error) {
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(staged, sum), io.LimitReader(contextReader{ctx, r}, largest+1))
	if err != nil {
		return f, nil, unavailable(err)
	}
	if n == 0 {
		return f, nil, errEmpty()
	}
	head := make([]byte, min(n, sniffBytes))
	if _, err := staged.ReadAt(head, 0); err != nil {
		return f, nil, unavailable(err)
	}
	kind, err := sniff(head, false)
	if err != nil {
		return f, nil, err
	}
	if err := kind.fits(n, kind.limit); err != nil {
		return f, nil, err
	}
	f = File{SHA256: hex.EncodeToString(sum.Sum(nil)), Type: kind.mime, Class: kind.class, Size: n}
	f.Meta = store.Meta{ID: f.SHA256[:idLength]}
	if kind.class != Image {
		return f, nil, nil
	}
	data, err := io.ReadAll(io.NewSectionReader(staged, 0, n))
	if err != nil {
		return f, nil, unavailable(err)
	}
	if data, sizes, err = f.picture(data); err != nil {
		return f, nil, err
	}
	if _, err = staged.WriteAt(data, 0); err == nil {
		err = staged.Truncate(int64(len(data)))
	}
	return f, sizes, unavailable(err)
}

// picture cleans and measures a picture, and gives its content and its smaller sizes.
func (f *File) picture(data []byte) (clean []byte, sizes []made, err error) {
	if clean, err = Clean(data); err != nil {
		return nil, nil, err
	}
	p, err := look(clean)
	if err != nil {
		return nil, nil, err
	}
	kind, err := sniff(clean[:min(len(clean), sniffBytes)], false)
	if err != nil {
		return nil, nil, err
	}
	sum := sha256.Sum256(clean)
	*f = File{SHA256: hex.EncodeToString(sum[:]), Type: kind.mime, Class: Image, Size: int64(len(clean)), Width: p.width, Height: p.height}
	f.Meta = store.Meta{ID: f.SHA256[:idLength]}
	for _, size := range p.sizes {
		f.Variants = append(f.Variants, size.Variant)
		f.Derived += size.Size
	}
	return clean, p.sizes, nil
}

// keep puts the objects first and the document last: what a crash leaves in between is an object that no
// document names, which Collect removes. It says whether the file is new to its organisation.
func (l *Library) keep(ctx context.Context, f File, put func() error) (out File, added bool, err error) {
	if err := put(); err != nil {
		return File{}, false, err
	}
	now := l.Clock.Now()
	f.IdleSince = &now
	if err = l.files.Insert(ctx, &f); !fault.Is(err, fault.Exists) {
		return f, err == nil, err
	}
	out, err = l.files.Update(ctx, f.ID, func(kept *File) error {
		if kept.Gone {
			return errBusy(f.ID)
		}
		if added = !slices.Contains(kept.Orgs, f.Orgs[0]); added {
			kept.Orgs = append(kept.Orgs, f.Orgs[0])
		}
		if kept.IdleSince != nil {
			kept.IdleSince = &now // the days of grace begin anew
		}
		return nil
	})
	return out, added && err == nil, err
}

func errBusy(id string) error {
	return fault.New(fault.Unavailable, "media.busy", "file %s is being removed; try again", id)
}

// charge counts bytes against the quota of an organisation; negative ones are given back.
func (l *Library) charge(ctx context.Context, orgID string, size int64) error {
	return l.count(ctx, orgID, size, l.Quota)
}

// burden counts bytes that the service itself makes of a file: they are counted whether there is room or not.
func (l *Library) burden(ctx context.Context, orgID string, size int64) error {
	return l.count(ctx, orgID, size, 0)
}

func (l *Library) count(ctx context.Context, orgID string, size, quota int64) error {
	fresh := usage{Meta: store.Meta{ID: orgID}}
	if err := l.used.Insert(ctx, &fresh); err != nil && !fault.Is(err, fault.Exists) {
		return err
	}
	_, err := l.used.Update(ctx, orgID, func(u *usage) error {
		if size > 0 && quota > 0 && u.Bytes+size > quota {
			return errQuota(u.Bytes, size, quota)
		}
		u.Bytes = max(0, u.Bytes+size)
		return nil
	})
	return err
}

// Used gives the bytes that the files of an organisation take.
func (l *Library) Used(ctx context.Context, orgID string) (int64, error) {
	u, err := l.used.Get(ctx, orgID)
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	return u.Bytes, err
}

// Get describes a file; one that is not there, or is going, is fault.NotFound.
func (l *Library) Get(ctx context.Context, id string) (File, error) {
	if !IsID(id) {
		return File{}, notFound(id)
	}
	f, err := l.files.Get(ctx, id)
	if err == nil && f.Gone || fault.Is(err, fault.NotFound) {
		return File{}, notFound(id)
	}
	return f, err
}

// Open reads a file, or a variant of it (its name; "" = the file itself), or a piece of that.
func (l *Library) Open(ctx context.Context, f File, variant string, piece Range) (io.ReadCloser, error) {
	r, _, err := l.Bucket.Get(ctx, f.key(variant), piece)
	return r, err
}

// key gives where a file, or a variant of it, is kept.
func (f File) key(variant string) string {
	if variant == "" {
		return contentKey(f.ID)
	}
	return derivedKey(f.ID, variant)
}

// Stat describes the object of a file or of a variant of it.
func (l *Library) Stat(ctx context.Context, f File, variant string) (Object, error) {
	return l.Bucket.Stat(ctx, f.key(variant))
}

// Named gives the name under which a file is saved: the last part of the one that it came with, with the ending
// of its type (with the dot), so that no program takes it for something else.
func Named(name, extension string) string {
	name = tidyName(name)
	given := strings.ToLower(path.Ext(name))
	if given == extension || otherEndings[given] == extension {
		return name
	}
	isEnding := func(a allowed) bool { return a.extension == given }
	if otherEndings[given] != "" || slices.ContainsFunc(allowList(), isEnding) {
		name = strings.TrimSuffix(name, path.Ext(name))
	}
	return tidyName(name + extension)
}

// otherEndings are those that a type has besides the one of the allow list.
var otherEndings = map[string]string{".jpeg": ".jpg", ".mp4": ".m4a", ".oga": ".ogg", ".opus": ".ogg"}

// visible takes control characters and what else is not seen out of a text.
func visible(r rune) rune {
	if unicode.IsControl(r) && r != '\t' || unicode.Is(unicode.Cf, r) {
		return -1
	}
	return r
}

const maxName = 120 // characters

// tidyName keeps the last part of a name, without what is not to be seen.
func tidyName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.TrimSpace(strings.Map(visible, name))
	for utf8.RuneCountInString(name) > maxName {
		_, size := utf8.DecodeRuneInString(name)
		name = name[size:]
	}
	if name == "" || name == "." || name == "/" {
		return "file"
	}
	return name
}
