// Package extract reads the words of documents, for the search: PDF, Word and PowerPoint, page by page. What it is given may be
// broken or made to hurt: zip files are checked before they are unpacked, and PDF is read by PDFium within a WebAssembly machine
// that has so much memory and time and reaches nothing else.
package extract

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// Passage is the text of a page of a PDF, a slide, a subtitle, or of a document that has no pages.
type Passage struct {
	Place int    `json:"p,omitempty"` // page or slide from 1, second of a film; 0 = the whole
	Text  string `json:"t"`
}

// Types that can be read.
const (
	PDF  = "application/pdf"
	Word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	Show = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
)

// Limits of a document.
const (
	MaxBytes   = 100 << 20       // of the file
	MaxRunes   = 2_000_000       // of its text; the rest is left out
	MaxPages   = 5_000           //
	Patience   = 2 * time.Minute // for all of it; the rest is left out
	maxUnpack  = 512 << 20       // bytes, of a zip
	memorySize = 512 << 20       // bytes, of the machine that reads PDF
)

// Readable says whether documents of a media type can be read.
func Readable(mediaType string) bool {
	return mediaType == PDF || mediaType == Word || mediaType == Show
}

// Read gives the passages of a document that have words; none of what is broken, protected, scanned, too large or not a type that
// can be read. An error is that of ctx, or tells a defect of what reads.
func Read(ctx context.Context, mediaType string, data []byte) ([]Passage, error) {
	if len(data) > MaxBytes {
		return nil, nil
	}
	reading, stop := context.WithCancel(ctx)
	defer stop()
	var b book
	read := make(chan error, 1)
	go func() {
		defer func() {
			if p := recover(); p != nil {
				read <- fmt.Errorf("reading %s: %v", mediaType, p)
			}
		}()
		if mediaType == PDF {
			compiledPDFium() // without haste
		}
		ctx, stop := context.WithTimeout(reading, Patience)
		defer stop()
		switch mediaType {
		case PDF:
			readPDF(ctx, data, &b)
		case Word:
			readWord(ctx, data, &b)
		case Show:
			readShow(ctx, data, &b)
		}
		read <- nil
	}()
	select { // what reads cannot be interrupted everywhere: whoever ends ctx does not wait for it
	case <-ctx.Done():
		return nil, ctx.Err()
	case err := <-read:
		return b.passages, err
	}
}

// book collects passages within the limits.
type book struct {
	passages []Passage
	runes    int
}

// add takes a passage in; false = enough.
func (b *book) add(place int, text string) bool {
	text = tidy(text, MaxRunes-b.runes)
	if text != "" {
		b.passages = append(b.passages, Passage{place, text})
		b.runes += len([]rune(text))
	}
	return b.runes < MaxRunes && len(b.passages) < MaxPages
}

// tidy gives the lines of a text without what is not seen, at most so many characters.
func tidy(text string, most int) string {
	var lines []string
	for line := range strings.SplitSeq(strings.ToValidUTF8(text, ""), "\n") {
		line = strings.Map(func(r rune) rune {
			if r == unicode.ReplacementChar || r == 0xfffe || unicode.IsControl(r) && r != '\t' || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Co, r) {
				return -1
			}
			return r
		}, line)
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			lines = append(lines, line)
		}
	}
	out := []rune(strings.Join(lines, "\n"))
	return strings.TrimSpace(string(out[:min(len(out), max(0, most))]))
}
