package spreadsheet

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Line is a row of a table and where it stands in the file, from 1. Cells are valid until the next one is read.
type Line struct {
	Number int
	Cells  []string
}

// headBytes is what is looked at to know an encoding and a separator.
const headBytes = 64 << 10

// Stream reads the rows of a table of any length one by one: CSV in the encodings of Read; XLSX within the bounds of Read, whole.
// Blank lines are left out. Faults as of Read, and *OpenQuote behind the last row.
func Stream(r io.Reader) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		in := bufio.NewReaderSize(r, headBytes)
		head, err := in.Peek(headBytes)
		switch {
		case err != nil && !errors.Is(err, io.EOF):
			yield(Line{}, err)
		case len(bytes.TrimSpace(head)) == 0:
			yield(Line{}, unreadable("import.empty", "no content"))
		case bytes.HasPrefix(head, []byte("PK\x03\x04")):
			streamWorkbook(in, yield)
		default:
			streamText(in, head, yield)
		}
	}
}

func streamWorkbook(r io.Reader, yield func(Line, error) bool) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err == nil {
		var rows [][]string
		if rows, err = Read(data); err == nil {
			for i, cells := range rows {
				if len(cells) > 0 && !yield(Line{Number: i + 1, Cells: cells}, nil) {
					return
				}
			}
			return
		}
	}
	yield(Line{}, err)
}

func streamText(in *bufio.Reader, head []byte, yield func(Line, error) bool) {
	text := bufio.NewReaderSize(&textReader{in: in}, headBytes)
	start, err := text.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) {
		yield(Line{}, unreadable("import.unreadable", "%v", err))
		return
	}
	comma := separator(string(start))
	lines := &lineReader{in: text, comma: byte(comma)}
	r := csv.NewReader(lines)
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = comma, -1, true, true
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			if lines.open != nil {
				yield(Line{}, lines.open)
			}
			return
		}
		if err != nil {
			yield(Line{}, unreadable("import.unreadable", "%v", err))
			return
		}
		number, _ := r.FieldPos(0)
		if !yield(Line{Number: number, Cells: record}, nil) {
			return
		}
	}
}

// textReader gives text as UTF-8. The first byte that is not ASCII decides the encoding, wherever it comes.
type textReader struct {
	in      *bufio.Reader
	decoded io.Reader // nil until it is decided
	started bool
}

// Read gives the next piece.
func (t *textReader) Read(p []byte) (int, error) {
	if t.decoded != nil {
		return t.decoded.Read(p)
	}
	if _, err := t.in.Peek(1); err != nil {
		return 0, err
	}
	head, err := t.in.Peek(t.in.Buffered())
	if err != nil {
		return 0, err
	}
	if !t.started {
		t.started = true
		if t.decoded = marked(t.in, head); t.decoded != nil {
			return t.decoded.Read(p)
		}
	}
	plain := bytes.IndexFunc(head, func(r rune) bool { return r >= utf8.RuneSelf })
	switch plain {
	case 0:
		if t.decoded, err = guessed(t.in); err != nil {
			return 0, err
		}
		return t.decoded.Read(p)
	case -1:
		plain = len(head)
	}
	if bytes.IndexByte(head[:plain], 0) >= 0 {
		return 0, errors.New("binary")
	}
	return t.in.Read(p[:min(len(p), plain)])
}

// marked goes by a byte order mark; nil where there is none.
func marked(in *bufio.Reader, head []byte) io.Reader {
	switch {
	case bytes.HasPrefix(head, []byte{0xFF, 0xFE}), bytes.HasPrefix(head, []byte{0xFE, 0xFF}):
		return transform.NewReader(in, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder())
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		return transform.NewReader(in, unicode.UTF8BOM.NewDecoder())
	}
	return nil
}

// guessed takes what is valid UTF-8 for that, and else for GB18030.
func guessed(in *bufio.Reader) (io.Reader, error) {
	head, err := in.Peek(headBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	whole := head
	for cut := 1; cut < utf8.UTFMax && !utf8.Valid(whole) && len(head) == headBytes; cut++ { // a character may go on behind it
		whole = head[:len(head)-cut]
	}
	if utf8.Valid(whole) {
		return in, nil
	}
	return transform.NewReader(in, simplifiedchinese.GB18030.NewDecoder()), nil
}
