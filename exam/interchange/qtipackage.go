package interchange

import (
	"archive/zip"
	"io"
	"path"
	"slices"
	"strings"

	"qiming/exam/question"
)

// manifest reads imsmanifest.xml. Where there is none, or it names nothing of QTI, every document of the package counts. It
// gives what makes the package unreadable, or nil.
func (p *qtiPackage) manifest() *Parsed {
	name := ""
	for _, n := range p.archive.names {
		if isManifest(n) && (name == "" || len(n) < len(name)) {
			name = n
		}
	}
	if name != "" {
		if bad := p.listed(name); bad != nil {
			return bad
		}
	}
	if len(p.resources) == 0 {
		p.unlisted()
	}
	if len(p.resources) > MaxRows {
		bad := unreadable(QTI, "file.too_many_rows", "max", MaxRows)
		return &bad
	}
	return nil
}

// listed takes the resources that a manifest names, one after the other: its metadata may be long.
func (p *qtiPackage) listed(name string) *Parsed {
	data, err := p.bytes(name)
	if err != nil {
		bad := unreadable(QTI, "file.broken", "format", "QTI", "reason", "imsmanifest.xml: "+err.Error())
		return &bad
	}
	broken := func(err error) *Parsed {
		bad := xmlProblem(QTI, err)
		bad.Problems[0].Column = name
		return &bad
	}
	r, err := readXML(data)
	if err != nil {
		return broken(err)
	}
	for empty := true; ; empty = false {
		start, err := r.next()
		if err == io.EOF && !empty {
			return nil
		}
		if err != nil {
			return broken(r.because(err))
		}
		if start.Name.Local != "resource" || attrOf(start, "type") == "" { // LOM has resources too
			continue
		}
		n, err := r.element(start)
		if err != nil {
			return broken(r.because(err))
		}
		kind, href := strings.ToLower(n.attr("type")), first(n.attr("href"), n.child("file").attr("href"))
		switch {
		case strings.HasPrefix(kind, "imsqti_xmlv1"):
			bad := unreadable(QTI, "file.unsupported", "what", "QTI 1.2")
			return &bad
		case href != "" && len(p.resources) <= MaxRows && (strings.HasPrefix(kind, "imsqti_") || strings.HasPrefix(kind, "imsqtiasi_")):
			p.resources = append(p.resources, qtiResource{kind: kind, path: first(resolve(name, href), href), meta: metaOf(n.child("metadata"))}) // a path that is none is named when it is not found
		}
	}
}

// unlisted takes the documents of a package without a manifest, in the order of their names.
func (p *qtiPackage) unlisted() {
	for _, name := range slices.Sorted(slices.Values(p.archive.names)) {
		if kind := documentKind(p.archive.entries[name]); kind != "" {
			p.resources = append(p.resources, qtiResource{kind: kind, path: name})
		}
	}
	if len(p.resources) > 0 {
		p.out.Problems = append(p.out.Problems, fileProblem(Warning, "qti.no_manifest"))
	}
}

// documentKind tells from its beginning whether an entry is an item or a test of QTI; "" where it is neither.
func documentKind(f *zip.File) string {
	if !strings.EqualFold(path.Ext(f.Name), ".xml") {
		return ""
	}
	r, err := f.Open()
	if err != nil {
		return ""
	}
	defer r.Close()
	head := make([]byte, itemHead)
	n, _ := io.ReadFull(r, head) // what could be read tells
	switch root := itemRoot(head[:n]); {
	case strings.HasSuffix(root, "Test"), strings.HasSuffix(root, "-test"):
		return "imsqti_test"
	case root != "":
		return "imsqti_item"
	}
	return ""
}

// sorted gives the resources that may be items: first as the tests of the package name them.
func (p *qtiPackage) sorted() []qtiResource {
	at := map[string]int{}
	for i, r := range p.resources {
		if _, known := at[r.path]; !known {
			at[r.path] = i
		}
	}
	var order []int
	taken := map[int]bool{}
	for _, r := range p.resources {
		if !strings.Contains(r.kind, "_test") {
			continue
		}
		root, err := p.document(r.path)
		if err != nil {
			p.out.Problems = append(p.out.Problems, fileProblem(Warning, "qti.test_broken", "file", shorten(r.path)))
			continue
		}
		if root.name != "assessmentTest" {
			continue
		}
		t := testReader{pack: p, seen: map[string]bool{r.path: true}}
		t.walk(root, r.path, nil)
		for _, ref := range t.refs {
			i, known := at[ref.path]
			if !known {
				i = len(p.resources)
				p.resources = append(p.resources, qtiResource{path: ref.path, kind: "imsqti_item"})
				at[ref.path] = i
			}
			if !taken[i] {
				taken[i] = true
				order = append(order, i)
				p.resources[i].category = ref.category
			}
		}
		p.out.Problems = append(p.out.Problems, fileProblem(Warning, "qti.test", "title", shorten(first(root.attr("title"), r.path))))
	}
	for i, r := range p.resources {
		if !taken[i] && !strings.Contains(r.kind, "_test") && at[r.path] == i {
			order = append(order, i)
		}
	}
	out := make([]qtiResource, len(order))
	for i, n := range order {
		out[i] = p.resources[n]
	}
	return out
}

// testReader walks a test and its sections.
type testReader struct {
	pack *qtiPackage
	seen map[string]bool // files, against sections that hold themselves
	refs []struct {
		path     string
		category []string
	}
}

func (t *testReader) walk(n *xmlNode, file string, category []string) {
	for _, k := range n.kids {
		switch k.name {
		case "assessmentItemRef":
			if name := resolve(file, k.attr("href")); name != "" && len(t.refs) < MaxRows {
				t.refs = append(t.refs, struct {
					path     string
					category []string
				}{name, category})
			}
		case "assessmentSectionRef":
			name := resolve(file, k.attr("href"))
			if t.seen[name] {
				continue
			}
			t.seen[name] = true
			if root, err := t.pack.document(name); err == nil {
				t.walk(&xmlNode{kids: []*xmlNode{root}}, name, category)
			}
		case "assessmentSection":
			inner := category
			if title := k.attr("title"); title != "" && len(category) < question.MaxDepth {
				inner = append(slices.Clone(category), title)
			}
			t.walk(k, file, inner)
		case "testPart":
			t.walk(k, file, category)
		}
	}
}

// qtiMeta is what the manifest says of an item.
type qtiMeta struct {
	category, tags []string
	id, source     string
	difficulty     int
}

// difficulties are the words of LOM for 1..5.
var difficulties = []string{"very easy", "easy", "medium", "difficult", "very difficult"}

const ownCatalog = "qiming"

func metaOf(n *xmlNode) (m qtiMeta) {
	for _, lom := range n.within("lom") {
		general := lom.child("general")
		for _, k := range general.all("keyword") {
			for _, s := range k.within("string") {
				m.tags = append(m.tags, s.words())
			}
			for _, s := range k.within("langstring") {
				m.tags = append(m.tags, s.words())
			}
		}
		for _, id := range general.all("identifier") {
			if id.child("catalog").words() == ownCatalog {
				m.id = id.child("entry").exact()
			}
		}
		if value := lom.child("educational").child("difficulty").child("value").words(); value != "" {
			m.difficulty = slices.Index(difficulties, strings.ToLower(value)) + 1
		}
		for _, c := range lom.all("classification") {
			for _, path := range c.all("taxonPath", "taxonpath") {
				if path.child("source").words() != ownCatalog {
					continue
				}
				for _, taxon := range path.all("taxon") {
					m.category = append(m.category, taxon.child("entry").words())
				}
			}
		}
		for _, r := range lom.all("relation") {
			if r.child("kind").child("value").words() == "isbasedon" {
				m.source = r.child("resource").child("description").words()
			}
		}
	}
	return m
}
