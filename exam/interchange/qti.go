package interchange

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"net/url"
	"path"
	"slices"
	"strings"

	"qiming/exam/question"
)

// qti reads IMS QTI 2.1, 2.2 and 3.0: an item, or a package with imsmanifest.xml. Writing is qtiPack.
//
// An item becomes the kind that its interactions say; several in one item, and items that refer to the same stimulus,
// become a material. Marking follows the usual templates and the usual forms written out (qtiscore.go); any other leaves
// the right answers, with a warning. What has no kind here is refused by name.
type qti struct{}

func (qti) name() Format { return QTI }

func (qti) detect(src Source) bool {
	if !isZip(src.Data) {
		return itemRoot(src.Data) != ""
	}
	return entryNamed(src.Data, "imsmanifest.xml", isManifest) || hasItems(src.Data)
}

// entryNamed says whether a zip file has an entry that fits; in one that cannot be opened, whether its bytes hold the name.
func entryNamed(data []byte, name string, fits func(name string) bool) bool {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return bytes.Contains(data, []byte(name))
	}
	return slices.ContainsFunc(z.File, func(f *zip.File) bool { return fits(f.Name) })
}

func isManifest(name string) bool {
	return strings.EqualFold(path.Base(strings.ReplaceAll(name, `\`, "/")), "imsmanifest.xml")
}

// hasItems says whether one of the first documents of a zip file without a manifest is of QTI.
func hasItems(data []byte) bool {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return false
	}
	return slices.ContainsFunc(z.File[:min(len(z.File), 200)], func(f *zip.File) bool { return documentKind(f) != "" })
}

const itemHead = 4096 // bytes in which a document says what it is

// itemRoot gives the root element of a document of QTI by its beginning; "" where it is none.
func itemRoot(data []byte) string {
	r := newXMLReader(decode(data[:min(len(data), itemHead)]))
	for {
		t, err := r.d.Token() // a DOCTYPE is refused by who reads the document
		if err != nil {
			return ""
		}
		if start, ok := t.(xml.StartElement); ok {
			name := start.Name.Local
			if slices.Contains([]string{"assessmentItem", "qti-assessment-item", "assessmentTest", "qti-assessment-test", "questestinterop"}, name) {
				return name
			}
			return ""
		}
	}
}

func (f qti) read(src Source) Parsed {
	p := newQTIPackage()
	if !isZip(src.Data) {
		return p.single(src)
	}
	a, bad := openArchive(src.Data, QTI)
	if bad != nil {
		return Parsed{Problems: []Problem{*bad}}
	}
	p.archive = a
	return p.read()
}

// qtiPackage is a package while it is read.
type qtiPackage struct {
	archive   archive
	resources []qtiResource       //
	docs      map[string]*xmlNode // stimuli that are known without a file, by path
	groups    map[string]*qtiGroup
	media     embedded
	marks     map[string]string // id of a file by its path
	out       Parsed
}

func newQTIPackage() *qtiPackage {
	return &qtiPackage{docs: map[string]*xmlNode{}, groups: map[string]*qtiGroup{}, marks: map[string]string{}}
}

type qtiResource struct {
	kind, path string
	meta       qtiMeta
	category   []string // from the sections of a test
}

func (p *qtiPackage) single(src Source) Parsed {
	root, err := parseQTI(src.Data)
	if err != nil {
		return xmlProblem(QTI, err)
	}
	switch root.name {
	case "questestinterop":
		return unreadable(QTI, "file.unsupported", "what", "QTI 1.2")
	case "assessmentItem":
	default:
		return unreadable(QTI, "qti.package")
	}
	p.take(p.item(root, qtiResource{}, 1))
	return p.finish()
}

// read gives the records of the package in the order of its test, else of its manifest.
func (p *qtiPackage) read() Parsed {
	if bad := p.manifest(); bad != nil {
		return *bad
	}
	count := 0
	for _, r := range p.sorted() {
		if count >= MaxRows {
			return unreadable(QTI, "file.too_many_rows", "max", MaxRows)
		}
		root, err := p.document(r.path)
		switch {
		case err == nil && root.name != "assessmentItem":
			continue // a stimulus, a section, something else
		case err == nil:
			count++
			p.take(p.item(root, r, count))
		default:
			count++
			it := p.item(&xmlNode{name: "assessmentItem"}, r, count)
			it.unreadable(r.path, err)
			p.out.Records = append(p.out.Records, Record{Item: it.item, Problems: it.problems})
		}
	}
	return p.finish()
}

// take reads an item at once, so that its document can go. One of a stimulus waits for the others.
func (p *qtiPackage) take(it *qtiItem) {
	key := it.stimuli()
	it.read()
	if key == "" {
		p.out.Records = append(p.out.Records, it.record())
		return
	}
	if p.groups[key] == nil {
		p.groups[key] = &qtiGroup{at: len(p.out.Records), refs: it.root.all("assessmentStimulusRef")}
		p.out.Records = append(p.out.Records, Record{})
	}
	it.canonical, it.root = it.root.canonical(), nil
	p.groups[key].items = append(p.groups[key].items, it)
}

// finish makes the materials.
func (p *qtiPackage) finish() Parsed {
	for _, g := range p.groups {
		p.out.Records[g.at] = p.material(g)
	}
	p.out.Files = p.media.files
	return p.out
}

// document parses a file of the package.
func (p *qtiPackage) document(name string) (*xmlNode, error) {
	data, err := p.bytes(name)
	if err != nil {
		return nil, err
	}
	return parseQTI(data)
}

func (p *qtiPackage) bytes(name string) ([]byte, error) {
	data, found, err := p.archive.read(name, MaxFile)
	if err == nil && !found {
		err = errNoEntry
	}
	return data, err
}

var errNoEntry = errors.New("不在包里")

// resolve gives the path within the package of a reference in a file; "" where it leaves the package.
func resolve(from, href string) string {
	href, _, _ = strings.Cut(href, "#")
	if u, err := url.Parse(href); err == nil && u.Scheme == "" && u.Host == "" {
		href = u.Path
	} else if err == nil {
		return ""
	}
	href = strings.ReplaceAll(strings.TrimSpace(href), `\`, "/")
	if href == "" || strings.HasPrefix(href, "/") {
		return ""
	}
	name := path.Join(path.Dir(from), href)
	if name == ".." || strings.HasPrefix(name, "../") {
		return ""
	}
	return name
}

// qtiGroup are the items of one stimulus.
type qtiGroup struct {
	at    int        // index of the record
	refs  []*xmlNode // of the first item
	items []*qtiItem
}

// material makes one question of the items of a stimulus.
func (p *qtiPackage) material(g *qtiGroup) Record {
	lead := g.items[0]
	texts, own := []string{}, ""
	stem := []string{}
	for _, ref := range g.refs {
		name := resolve(lead.file, ref.attr("href"))
		doc, known := p.docs[name]
		if !known {
			var err error
			if doc, err = p.document(name); err != nil {
				lead.unreadable(ref.attr("href"), err)
			}
		}
		if doc == nil {
			continue
		}
		reader := &qtiItem{pack: p, file: name, at: lead.at, column: lead.column}
		stem = append(stem, reader.plain(doc.child("stimulusBody")))
		lead.problems = append(lead.problems, reader.problems...)
		if notes := doc.notes(ownMark); len(notes) > 0 {
			own = notes[0]
		}
		texts = append(texts, doc.canonical())
	}
	c := question.Content{Kind: question.Material, Stem: strings.Join(stem, "\n"), Difficulty: lead.meta.difficulty, Source: lead.meta.source}
	points, weighted := 0.0, true
	var problems []Problem
	for _, it := range g.items {
		sub := it.item
		sub.Content.Difficulty, sub.Content.Source = 0, ""
		c.Subs = append(c.Subs, question.Sub{Weight: sub.Points, Content: sub.Content})
		points, weighted = points+sub.Points, weighted && sub.Points > 0
		problems = append(problems, it.problems...)
		texts = append(texts, it.canonical)
	}
	r := Record{Item: lead.item, Problems: problems}
	r.Item.Content, r.Item.Points = c, 0
	if weighted {
		r.Item.Points = rounded(points)
	}
	evenWeights(r.Item.Content.Subs)
	if own != "" && takeWhole(own, &r.Item, texts...) {
		r.Problems = mediaProblems(r.Problems)
	}
	return r
}

// mark gives the id of a file that a text shows.
func (p *qtiPackage) mark(name string, data []byte) (id string, err error) {
	if id, known := p.marks[name]; known {
		return id, nil
	}
	if data == nil {
		if data, err = p.bytes(name); err != nil {
			return "", errNoFile(path.Base(name))
		}
	}
	if id, err = p.media.add(name, data); err == nil && name != "" {
		p.marks[name] = id
	}
	return id, err
}

// media gives what a text shows for a file of the package, or a file written out in the reference itself.
func (it *qtiItem) media(src, alt string) string {
	var data []byte
	name := resolve(it.file, src)
	if head, body, ok := strings.Cut(src, ";base64,"); ok && strings.HasPrefix(head, "data:") {
		name = ""
		data, _ = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(body), "")) // nothing: named below
		src = strings.TrimPrefix(head, "data:")
	}
	var id string
	err := errNoFile(src)
	if name != "" || len(data) > 0 {
		id, err = it.pack.mark(name, data)
	}
	if err != nil {
		it.problems = append(it.problems, it.at.refusedFile(it.column, src, err))
		return lostText(alt, src)
	}
	return mediaText(alt, id)
}

// included gives the words of a page that an item shows inside its own text.
func (it *qtiItem) included(src string) string {
	name := resolve(it.file, src)
	root, err := it.pack.document(name)
	if err != nil || it.depth >= 3 {
		it.once("qti.part", "what", first(path.Base(src), "object"))
		return ""
	}
	page := &qtiItem{pack: it.pack, file: name, at: it.at, column: it.column, depth: it.depth + 1}
	body := root
	if b := root.child("body"); b != nil {
		body = b
	}
	out := page.plain(body)
	it.problems = append(it.problems, page.problems...)
	return out
}
