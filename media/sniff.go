package media

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/gabriel-vasile/mimetype"

	"qiming/internal/fault"
)

// Class groups types by what a page does with them.
type Class string

// The classes.
const (
	Image    Class = "image"
	Audio    Class = "audio"
	Video    Class = "video"
	Document Class = "document" // to be saved, or opened by its own program
)

// allowed is a type that may be kept, and the largest file of it that may come in one request; 0 = it comes in parts
// only. What a browser would run, as SVG and HTML, is not among them.
type allowed struct {
	mime, extension string
	class           Class
	limit           int64 // bytes
}

// What may come in parts, in bytes; of a video a setting says it. A picture is decoded whole and stays small.
const (
	largeAudio    = 500 * mib
	largeDocument = 300 * mib
)

const mib = 1 << 20

func allowList() []allowed {
	return []allowed{
		{"image/png", ".png", Image, 10 * mib},
		{"image/jpeg", ".jpg", Image, 10 * mib},
		{"image/gif", ".gif", Image, 10 * mib},
		{"image/webp", ".webp", Image, 10 * mib},
		{"audio/mpeg", ".mp3", Audio, 30 * mib},
		{"audio/x-m4a", ".m4a", Audio, 30 * mib},
		{"audio/mp4", ".m4a", Audio, 30 * mib},
		{"audio/ogg", ".ogg", Audio, 30 * mib},
		{"audio/wav", ".wav", Audio, 30 * mib},
		{"video/mp4", ".mp4", Video, 0},
		{"video/webm", ".webm", Video, 0},
		{"application/pdf", ".pdf", Document, 30 * mib},
		{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx", Document, 30 * mib},
		{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx", Document, 30 * mib},
		{"application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx", Document, 30 * mib},
	}
}

const (
	largest    = 30 * mib
	sniffBytes = 64 << 10
)

// sniff says what a file is by its first bytes; its name and what a client says of it count for nothing.
// A type that may not be kept is fault.Invalid, "media.type_refused"; in parts, where videos may come, "media.film_refused".
func sniff(head []byte, parts bool) (allowed, error) {
	found := mimetype.Detect(head)
	for _, a := range allowList() {
		if found.Is(a.mime) && (parts || a.limit > 0) {
			return a, nil
		}
	}
	name, _, _ := strings.Cut(found.String(), ";")
	key := "media.type_refused"
	if parts {
		key = "media.film_refused"
	}
	return allowed{}, fault.New(fault.Invalid, key, "files of type %s are not taken", name).With("type", cmp.Or(found.Extension(), name))
}

// Kind is what a file is by its content.
type Kind struct {
	Type          string // media type
	Extension     string // with the dot
	Class         Class
	Width, Height int // of a picture
}

// Identify says what a whole file is, and refuses what Upload would: the same faults. A picture is to be cleaned before.
func Identify(data []byte) (Kind, error) {
	if len(data) == 0 {
		return Kind{}, errEmpty()
	}
	found, err := sniff(data[:min(len(data), sniffBytes)], false)
	if err != nil {
		return Kind{}, err
	}
	if err := found.fits(int64(len(data)), found.limit); err != nil {
		return Kind{}, err
	}
	kind := Kind{Type: found.mime, Extension: found.extension, Class: found.class}
	if found.class == Image {
		full, err := decode(bytes.NewReader(data))
		if err != nil {
			return Kind{}, err
		}
		kind.Width, kind.Height = full.Bounds().Dx(), full.Bounds().Dy()
	}
	return kind, nil
}

// Extension gives the ending of the name of a file of a type, with the dot; "" of one that is not kept.
func Extension(mediaType string) string {
	for _, a := range allowList() {
		if a.mime == mediaType {
			return a.extension
		}
	}
	return ""
}

// ID gives the id that a content has, or would have, once it is kept; of a picture that is cleaned.
func ID(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])[:idLength]
}

// fits refuses a file of too many bytes.
func (a allowed) fits(size, limit int64) error {
	if size > limit {
		return fault.New(fault.Invalid, "media.too_large", "%d bytes of %s", size, a.mime).With("max_mib", limit/mib)
	}
	return nil
}

// limitOf gives how large a file of a type may be that comes in parts.
func (l *Library) limitOf(a allowed) int64 {
	switch a.class {
	case Video:
		return l.Largest()
	case Audio:
		return largeAudio
	case Document:
		return largeDocument
	}
	return a.limit
}

// Largest is the largest file of all, in bytes.
func (l *Library) Largest() int64 {
	if l.Video <= 0 {
		return DefaultLarge
	}
	return min(l.Video, maxLargest)
}

func errEmpty() error { return fault.New(fault.Invalid, "media.empty", "the file is empty") }
