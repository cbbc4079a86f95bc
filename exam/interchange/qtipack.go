package interchange

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"qiming/exam/question"
	"qiming/internal/fault"
)

// qtiPack writes a package of QTI: imsmanifest.xml, items/, stimuli/, media/. Category, tags, difficulty, source and the
// file's own name of a question stand in the metadata of the manifest; what QTI cannot say, in a comment of the item.
type qtiPack struct{ version qtiVersion }

// qtiWriter writes one package.
type qtiWriter struct {
	version qtiVersion
	open    Opener
	files   map[string]*File // by id; nil where it could not be had
	shown   []string         // ids that the current item shows
	out     *zip.Writer
	failed  error // a file could not be read or written
}

// take fetches a file once.
func (w *qtiWriter) take(id string) (File, bool) {
	f, known := w.files[id]
	if !known {
		got, err := openFile(w.open, id)
		switch {
		case err == nil:
			w.failed = errors.Join(w.failed, w.store(mediaPath(got), got.Data))
			got.Data = nil // written; only its name is needed from here on
			f = &got
		case !fault.Is(err, fault.NotFound):
			w.failed = err
		}
		w.files[id] = f
	}
	if f == nil {
		return File{}, false
	}
	if !slices.Contains(w.shown, id) {
		w.shown = append(w.shown, id)
	}
	return *f, true
}

// qtiFile is an entry of the manifest.
type qtiFile struct {
	id, path string
	kind     string
	item     *Item // whose metadata stand with it; nil for none
	media    []string
	needs    string // a stimulus
}

func (f qtiPack) pack(out io.Writer, items []Item, open Opener) ([]Problem, error) {
	z := zip.NewWriter(out)
	w := &qtiWriter{version: f.version, open: open, files: map[string]*File{}, out: z}
	var entries []qtiFile
	var lost []Problem
	for i, item := range items {
		at := place{row: i + 1, unit: QTI.unit()}
		if words := qtiLost(item.Content); len(words) > 0 {
			lost = append(lost, at.problem(Warning, "", "export.own", "what", strings.Join(words, "、"), "row", i+1))
		}
		more, err := w.question(i, item)
		if err != nil {
			return lost, err
		}
		if w.failed != nil {
			return lost, w.failed
		}
		entries = append(entries, more...)
		missing := 0
		for _, id := range shown(item) {
			if w.files[id] == nil {
				missing++
			}
		}
		if missing > 0 {
			lost = append(lost, at.problem(Warning, "", "export.files", "format", string(f.version.format), "what", "图片、音频等文件", "count", missing, "row", i+1))
		}
	}
	var names []string
	for id, file := range w.files {
		if file != nil {
			names = append(names, id)
		}
	}
	slices.Sort(names)
	for _, id := range names {
		file := *w.files[id]
		entries = append(entries, qtiFile{id: "M" + id, path: mediaPath(file), kind: "webcontent"})
	}
	if err := w.store("imsmanifest.xml", w.manifest(entries)); err != nil {
		return lost, err
	}
	return lost, z.Close()
}

func (w *qtiWriter) store(name string, data []byte) error {
	f, err := w.out.Create(name)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	return err
}

// question writes the files of one question.
func (w *qtiWriter) question(i int, item Item) ([]qtiFile, error) {
	question.Prepare(&item.Content)
	w.shown = nil
	name := qtiName(i)
	if item.Content.Kind == question.Material {
		return w.materialFiles(name, item)
	}
	n := w.item(name, item.Content, item.Points, nil)
	entry := qtiFile{id: name, path: "items/" + name + ".xml", kind: w.version.itemKind, item: &item, media: w.shown}
	back, err := parseQTI(w.version.document(n))
	if err != nil {
		return nil, err
	}
	it := w.reader().item(back, qtiResource{path: entry.path, meta: metaOf(metadataNode(item))}, 1)
	if it.read(); !alike(item, it.record().Item) { // not as the package will be read
		n.note(item, back.canonical())
	}
	return []qtiFile{entry}, w.store(entry.path, w.version.document(n))
}

// note puts the question itself at the beginning of a document that says less.
func (n *xmlNode) note(item Item, texts ...string) {
	n.kids = slices.Insert(n.kids, 0, &xmlNode{name: xmlComment, text: wholeText(item, texts...)})
}

// reader gives a package that knows the files written so far.
func (w *qtiWriter) reader() *qtiPackage {
	p := newQTIPackage()
	for _, id := range w.shown {
		p.marks[mediaPath(*w.files[id])] = id
	}
	return p
}

// materialFiles writes a stimulus and an item for each sub-question.
func (w *qtiWriter) materialFiles(name string, item Item) ([]qtiFile, error) {
	c := item.Content
	stimulusPath := "stimuli/" + name + ".xml"
	stimulus := el("assessmentStimulus", []string{"identifier", name, "title", titleOf(c), "toolName", ourTool, "toolVersion", "1"},
		el("stimulusBody", nil, w.paragraph(c.Stem)))
	if w.version.kebab { // qti-assessment-stimulus has no tool
		stimulus.attrs = stimulus.attrs[:2]
	}
	entries := []qtiFile{{id: "S" + name, path: stimulusPath, kind: w.version.stimuliKind, media: w.shown}}
	shares := question.SubShares(c)
	var nodes []*xmlNode
	for i, sub := range c.Subs {
		w.shown = nil
		points := sub.Weight
		if item.Points > 0 {
			points = rounded(shares[i] * item.Points)
		}
		id := fmt.Sprintf("%s-%d", name, i+1)
		content := sub.Content
		ref := el("assessmentStimulusRef", []string{"identifier", name, "href", "../" + stimulusPath})
		nodes = append(nodes, w.item(id, content, points, ref))
		entries = append(entries, qtiFile{id: id, path: "items/" + id + ".xml", kind: w.version.itemKind, item: &item, media: w.shown, needs: "S" + name})
	}
	for _, e := range entries {
		for _, id := range e.media {
			if !slices.Contains(w.shown, id) {
				w.shown = append(w.shown, id)
			}
		}
	}
	back, texts := w.reader(), []string{}
	for i, n := range append([]*xmlNode{stimulus}, nodes...) {
		root, err := parseQTI(w.version.document(n))
		if err != nil {
			return nil, err
		}
		texts = append(texts, root.canonical())
		if i == 0 {
			back.docs[stimulusPath] = root
			continue
		}
		back.take(back.item(root, qtiResource{path: entries[i].path, meta: metaOf(metadataNode(item))}, 1))
	}
	if p := back.finish(); len(p.Records) != 1 || !alike(item, p.Records[0].Item) {
		stimulus.note(item, texts...)
	}
	if err := w.store(stimulusPath, w.version.document(stimulus)); err != nil {
		return nil, err
	}
	for i, n := range nodes {
		if err := w.store(entries[i+1].path, w.version.document(n)); err != nil {
			return nil, err
		}
	}
	return entries, nil
}

// manifest writes imsmanifest.xml.
func (w *qtiWriter) manifest(entries []qtiFile) []byte {
	v := w.version
	root := el("manifest", []string{"xmlns", v.manifest, "xmlns:imsmd", lomNS, "xmlns:xsi", schemaInstance,
		"xsi:schemaLocation", v.manifest + " " + v.packageXSD + " " + lomNS + " " + v.lomXSD, "identifier", "QIMING-QUESTIONS"},
		el("metadata", nil, el("schema", nil, words(v.schemaName)), el("schemaversion", nil, words(v.schemaNo))),
		el("organizations", nil))
	resources := el("resources", nil)
	for _, e := range entries {
		r := el("resource", []string{"identifier", e.id, "type", e.kind, "href", e.path})
		if e.item != nil {
			r.add(metadataNode(*e.item))
		}
		r.add(el("file", []string{"href", e.path}))
		if e.needs != "" {
			r.add(el("dependency", []string{"identifierref", e.needs}))
		}
		for _, id := range e.media {
			r.add(el("dependency", []string{"identifierref", "M" + id}))
		}
		resources.add(r)
	}
	var b strings.Builder
	b.WriteString(xml.Header)
	qtiVersion{}.print(&b, root.add(resources), 0)
	return append(bytes.TrimSpace([]byte(b.String())), '\n')
}

// metadataNode writes what the manifest says of a question, in the order of LOM; nil where there is nothing.
func metadataNode(item Item) *xmlNode {
	str := func(s string) *xmlNode {
		return el("string", []string{"xml:lang", "zh-CN"}, words(s))
	}
	vocabulary := func(name, value string) *xmlNode {
		return el(name, nil, el("source", nil, words("LOMv1.0")), el("value", nil, words(value)))
	}
	general := el("general", nil)
	if item.ExternalID != "" {
		general.add(el("identifier", nil, el("catalog", nil, words(ownCatalog)), el("entry", nil, words(item.ExternalID))))
	}
	general.add(el("title", nil, str(titleOf(item.Content))))
	for _, t := range item.Tags {
		general.add(el("keyword", nil, str(t)))
	}
	lom := el("lom", nil, general)
	if d := item.Content.Difficulty; d >= 1 && d <= len(difficulties) {
		lom.add(el("educational", nil, vocabulary("difficulty", difficulties[d-1])))
	}
	if item.Content.Source != "" {
		lom.add(el("relation", nil, vocabulary("kind", "isbasedon"), el("resource", nil, el("description", nil, str(item.Content.Source)))))
	}
	if len(item.Category) > 0 {
		path := el("taxonPath", nil, el("source", nil, str(ownCatalog)))
		for _, name := range item.Category {
			path.add(el("taxon", nil, el("entry", nil, str(name))))
		}
		lom.add(el("classification", nil, vocabulary("purpose", "discipline"), path))
	}
	return el("metadata", nil, lom)
}
