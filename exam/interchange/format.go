package interchange

import (
	"bytes"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Format names a file format.
type Format string

// The formats. Auto asks for detection by content.
const (
	Auto    Format = "auto"
	XLSX    Format = "xlsx"
	CSV     Format = "csv"
	JSON    Format = "json"
	GIFT    Format = "gift"
	Aiken   Format = "aiken"
	Moodle  Format = "moodle"  // XML
	Package Format = "package" // our JSON with the files that questions show, zipped
	QTI     Format = "qti"     // items and packages of QTI 2.1, 2.2 and 3.0
	QTI22   Format = "qti22"   // as it is written
	QTI30   Format = "qti30"
	DOCX    Format = "docx"
)

// unit is what a row of the format is called in messages.
func (f Format) unit() string {
	switch f {
	case JSON, Package, Moodle, QTI:
		return "题"
	case DOCX:
		return "段"
	}
	return "行"
}

// Limits of a file.
const (
	MaxFile    = 32 << 20 // bytes
	MaxCell    = 32_767   // characters of one cell or text
	MaxRows    = 100_000  // records of a file
	MaxUnzip   = 256 << 20
	maxColumns = 200
	maxSheets  = 50
)

// Source is a file to read.
type Source struct {
	Name    string // file name, for hints and the origin of questions
	Data    []byte
	Format  Format  // "" or Auto: detect
	Mapping Mapping // overrides of the guessed columns; nil = none
}

// format is what a file format does. Detection looks at the content first, at the name only where the
// content fits several.
type format interface {
	name() Format
	detect(src Source) bool
	read(src Source) Parsed
}

// writer is a format that can be exported. It gives what the format cannot carry, as warnings.
type writer interface {
	write(w io.Writer, items []Item) ([]Problem, error)
}

// packer is a format whose export takes along the files that the questions show.
type packer interface {
	pack(w io.Writer, items []Item, open Opener) ([]Problem, error)
}

// formats lists all, the most certain detection first.
func formats() []format {
	return []format{xlsx{}, docx{}, qti{}, packageFormat{}, jsonFormat{}, moodle{}, csvFormat{}, aiken{}, gift{}}
}

// Formats lists the names that Read takes.
func Formats() []Format {
	out := []Format{}
	for _, f := range formats() {
		out = append(out, f.name())
	}
	return out
}

// Read parses a file. It never fails: what is wrong stands in the result.
func Read(src Source) Parsed {
	switch {
	case len(src.Data) > MaxFile:
		return unreadable(src.Format, "file.too_large", "max_mib", MaxFile>>20)
	case len(bytes.TrimSpace(src.Data)) == 0:
		return unreadable(src.Format, "file.empty")
	}
	f, p := choose(src)
	if f == nil {
		return p
	}
	p = f.read(src)
	p.Format = f.name()
	for i := range p.Records {
		finish(&p.Records[i], p.Format.unit())
	}
	if len(p.Records) == 0 && !p.Unreadable() {
		p.Problems = append(p.Problems, fileProblem(Error, "file.no_questions"))
	}
	return p
}

// choose finds the format of a file, or says why there is none.
func choose(src Source) (format, Parsed) {
	if isZip(src.Data) { // a damaged document is no archive of another kind
		if _, refusal := openArchive(src.Data, zipKind(src.Name)); refusal != nil {
			return nil, Parsed{Format: src.Format, Problems: []Problem{*refusal}}
		}
	}
	if what := foreign(src); what != "" {
		return nil, unreadable(src.Format, "file.unsupported", "what", what)
	}
	if !isZip(src.Data) && !looksLikeText(src.Data) {
		return nil, unreadable(src.Format, "file.unknown")
	}
	for _, f := range formats() {
		if f.name() == src.Format {
			return f, Parsed{}
		}
	}
	if src.Format != "" && src.Format != Auto {
		return nil, unreadable(src.Format, "file.unsupported", "what", string(src.Format))
	}
	for _, f := range formats() {
		if f.detect(src) {
			return f, Parsed{}
		}
	}
	switch strings.ToLower(filepath.Ext(src.Name)) { // nothing certain: let the format named by the extension say what is wrong
	case ".csv", ".tsv":
		return csvFormat{}, Parsed{}
	case ".gift":
		return gift{}, Parsed{}
	case ".aiken":
		return aiken{}, Parsed{}
	case ".json":
		return jsonFormat{}, Parsed{}
	case ".xml":
		return moodle{}, Parsed{}
	}
	if len(src.Mapping) > 0 && !bytes.ContainsRune(src.Data, 0) {
		return csvFormat{}, Parsed{} // the user named columns: a table without a heading
	}
	return nil, unreadable(src.Format, "file.unknown")
}

// looksLikeText says whether the beginning of a file reads as text in some encoding: hardly anything in it
// is a control character or cannot be read.
func looksLikeText(data []byte) bool {
	text, bad := decode(data[:min(len(data), 16<<10)]), 0
	for _, r := range text {
		if r == utf8.RuneError || unicode.IsControl(r) && !strings.ContainsRune("\t\n\r\f\v", r) {
			bad++
		}
	}
	return 20*bad <= utf8.RuneCountInString(text)
}

// zipKind names the kind of an archive that cannot be opened, after its file's name.
func zipKind(name string) Format {
	switch ext := strings.ToLower(filepath.Ext(name)); ext {
	case ".xlsx", ".docx":
		return Format(ext[1:])
	}
	return "zip"
}

// foreign names a well-known kind of file that no reader takes, or gives "".
func foreign(src Source) string {
	has := func(prefix string) bool { return bytes.HasPrefix(src.Data, []byte(prefix)) }
	switch {
	case has("\xd0\xcf\x11\xe0"):
		return "Excel 97-2003 (.xls) / Word 97-2003 (.doc)"
	case has("%PDF"):
		return "PDF"
	case has("\x89PNG"), has("\xff\xd8\xff"), has("GIF8"):
		return "图片"
	case has("Rar!"), has("7z\xbc\xaf"), has("\x1f\x8b"):
		return "压缩包"
	case isZip(src.Data) && !slices.ContainsFunc(formats(), func(f format) bool { return f.detect(src) }):
		return "压缩包 (.zip)"
	case isXML(src.Data) && !isMoodle(src.Data) && itemRoot(src.Data) == "":
		return "XML / HTML"
	}
	return ""
}
