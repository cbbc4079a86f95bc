package media

import (
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
	Document Class = "document" // to be saved, or opened by its own program
)

// allowed is a type that may be kept, and the largest file of it. What a browser would run, as SVG and
// HTML, is not among them.
type allowed struct {
	mime, extension string
	class           Class
	limit           int64 // bytes
}

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
// A type that may not be kept is fault.Invalid, "media.type_refused".
func sniff(head []byte) (allowed, error) {
	found := mimetype.Detect(head)
	for _, a := range allowList() {
		if found.Is(a.mime) {
			return a, nil
		}
	}
	name, _, _ := strings.Cut(found.String(), ";")
	return allowed{}, fault.New(fault.Invalid, "media.type_refused", "files of type %s are not taken", name).With("type", name)
}
