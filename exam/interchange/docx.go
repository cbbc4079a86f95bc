package interchange

import (
	"path"
	"slices"
	"strings"
)

// docx reads papers as trainers write them in Word, WPS and LibreOffice: numbered stems below headings that name the
// kind, options A. B. C., 答案 and 解析 below each question or in a key at the end. A row is a paragraph.
//
// Paragraphs (docxbody.go) with the numbers that Word writes itself (docxnumber.go) become lines, lines questions
// (docxlines.go), a key answers them (docxkey.go), and a question becomes a record as a row of a table does
// (docxdraft.go).
type docx struct{}

func (docx) name() Format { return DOCX }

func (docx) detect(src Source) bool {
	return isZip(src.Data) && entryNamed(src.Data, "word/document.xml", func(name string) bool {
		return strings.HasPrefix(name, "word/document") && strings.HasSuffix(name, ".xml")
	})
}

const maxDocument = 64 << 20 // bytes of the text of a document

// documentPart gives the path of the text: as the relations of the package say, else the usual one.
func documentPart(a archive) string {
	for _, r := range relations(a, "_rels/.rels", "") {
		if strings.HasSuffix(r.kind, "/officeDocument") && strings.HasSuffix(r.target, ".xml") && !strings.HasPrefix(r.target, "xl/") && !strings.HasPrefix(r.target, "ppt/") && a.entries[r.target] != nil {
			return r.target
		}
	}
	if a.entries["word/document.xml"] != nil {
		return "word/document.xml"
	}
	return ""
}

type relation struct{ id, kind, target string }

// relations reads a .rels part; targets are paths within the package, those outside are left out.
func relations(a archive, part, base string) (out []relation) {
	data, found, err := a.read(part, 4<<20)
	if !found || err != nil {
		return nil
	}
	root, err := parseXML(data)
	if err != nil {
		return nil
	}
	for _, r := range root.all("Relationship") {
		if r.attr("TargetMode") == "External" {
			continue
		}
		target := strings.ReplaceAll(r.attr("Target"), `\`, "/")
		if strings.HasPrefix(target, "/") {
			target = path.Clean(target[1:])
		} else {
			target = path.Join(base, target)
		}
		out = append(out, relation{r.attr("Id"), r.attr("Type"), target})
	}
	return out
}

func (f docx) read(src Source) Parsed {
	a, bad := openArchive(src.Data, DOCX)
	if bad != nil {
		return Parsed{Problems: []Problem{*bad}}
	}
	part := documentPart(a)
	if part == "" {
		return unreadable(DOCX, "file.broken", "format", "DOCX", "reason", "no word/document.xml")
	}
	data, _, err := a.read(part, maxDocument)
	if err != nil {
		return unreadable(DOCX, "file.broken", "format", "DOCX", "reason", shorten(err.Error()))
	}
	folder := path.Dir(part)
	w := &docxWalker{archive: a, targets: map[string]string{}, said: map[string]bool{}}
	for _, r := range relations(a, path.Join(folder, "_rels", path.Base(part)+".rels"), folder) {
		w.targets[r.id] = r.target
	}
	for _, name := range w.numbers.read(a, folder) {
		w.problems = append(w.problems, fileProblem(Warning, "docx.part", "name", name))
	}
	if w.r, err = readXML(data); err != nil {
		return xmlProblem(DOCX, err)
	}
	if err := w.read(); err != nil {
		return xmlProblem(DOCX, w.r.because(err))
	}
	out := paperOf(w.blocks)
	out.Problems = append(out.Problems, w.problems...)
	out.Files = w.media.files
	lost := w.lost
	for i := range out.Records { // what was lost in a paragraph belongs to the question that it stands in
		r := &out.Records[i]
		for len(lost) > 0 && (i+1 == len(out.Records) || lost[0].Row < out.Records[i+1].Item.Row) {
			if lost[0].Row >= r.Item.Row {
				r.Problems = append(r.Problems, lost[0])
			}
			lost = lost[1:]
		}
	}
	if len(out.Records) > MaxRows {
		return unreadable(DOCX, "file.too_many_rows", "max", MaxRows)
	}
	return out
}

// docxWalker reads the text of a document once, element by element.
type docxWalker struct {
	archive  archive
	r        xmlReader
	targets  map[string]string // of relations, by id
	numbers  numbering
	media    embedded
	blocks   []docxBlock
	count    int // paragraphs so far
	depth    int
	lost     []Problem       // of a paragraph
	problems []Problem       // of the document
	said     map[string]bool // of these
}

// docxBlock is a paragraph, or a table.
type docxBlock struct {
	number  int    // of the paragraph in the document, from 1; of a table's first
	text    string // with the number that Word writes itself; line breaks within the paragraph are \n
	heading int    // outline level from 1; 0 for none
	auto    bool   // the number is Word's own
	rows    []docxRow
}

type docxRow struct {
	number int
	cells  []string
}

// note warns of a thing of the paragraph at hand.
func (w *docxWalker) note(code string, params ...any) {
	p := place{row: max(w.count, 1), unit: DOCX.unit()}.problem(Warning, "", code, params...)
	if len(w.lost) < maxListed && !slices.ContainsFunc(w.lost[max(0, len(w.lost)-20):], func(have Problem) bool { return have.Message == p.Message }) {
		w.lost = append(w.lost, p)
	}
}

// once warns of a thing of the document.
func (w *docxWalker) once(code string, params ...any) {
	if !w.said[code] {
		w.said[code] = true
		w.problems = append(w.problems, fileProblem(Warning, code, params...))
	}
}
