package interchange

import (
	"slices"
	"strings"

	"qiming/exam/question"
)

// manifest reads imsmanifest.xml. It gives what makes the package unreadable, or nil.
func (p *qtiPackage) manifest() *Parsed {
	name := ""
	for _, n := range p.archive.names {
		if isManifest(n) && (name == "" || len(n) < len(name)) {
			name = n
		}
	}
	data, err := p.bytes(name)
	kinds := map[string]bool{}
	resource := func(r *node) bool {
		if r.name != "resource" || r.attr("type") == "" { // LOM has resources too
			return false
		}
		if len(p.resources) > MaxRows {
			return true
		}
		kind, href := strings.ToLower(r.attr("type")), r.attr("href")
		if href == "" {
			href = r.kid("file").attr("href")
		}
		kinds[kind] = true
		if !strings.HasPrefix(kind, "imsqti_") && !strings.HasPrefix(kind, "imsqtiasi_") || href == "" {
			return true
		}
		p.resources = append(p.resources, qtiResource{kind: kind, path: first(resolve(name, href), href), meta: metaOf(r.kid("metadata"))}) // a path that is none is named when it is not found
		return true
	}
	if err == nil {
		var r xmlReader
		if r, err = xmlOf(data); err == nil {
			_, err = r.nodes(resource)
		}
	}
	if err != nil {
		bad := unreadable(QTI, "file.broken", "format", "QTI", "reason", "imsmanifest.xml："+shorten(err.Error()))
		return &bad
	}
	for kind := range kinds {
		if strings.HasPrefix(kind, "imsqti_xmlv1") {
			bad := unreadable(QTI, "file.unsupported", "what", "QTI 1.2")
			return &bad
		}
	}
	if len(p.resources) > MaxRows {
		bad := unreadable(QTI, "file.too_many_rows", "max", MaxRows)
		return &bad
	}
	return nil
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
			p.out.Problems = append(p.out.Problems, fileProblem(Warning, "qti.test_broken", "file", shorten(r.path), "reason", shorten(err.Error())))
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

func (t *testReader) walk(n *node, file string, category []string) {
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
				t.walk(&node{kids: []*node{root}}, name, category)
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

func metaOf(n *node) (m qtiMeta) {
	for _, lom := range n.within("lom") {
		general := lom.kid("general")
		for _, k := range general.list("keyword") {
			for _, s := range k.within("string") {
				m.tags = append(m.tags, s.words())
			}
			for _, s := range k.within("langstring") {
				m.tags = append(m.tags, s.words())
			}
		}
		for _, id := range general.list("identifier") {
			if id.kid("catalog").words() == ownCatalog {
				m.id = id.kid("entry").exact()
			}
		}
		if value := lom.kid("educational").kid("difficulty").kid("value").words(); value != "" {
			m.difficulty = slices.Index(difficulties, strings.ToLower(value)) + 1
		}
		for _, c := range lom.list("classification") {
			for _, path := range c.list("taxonPath", "taxonpath") {
				if path.kid("source").words() != ownCatalog {
					continue
				}
				for _, taxon := range path.list("taxon") {
					m.category = append(m.category, taxon.kid("entry").words())
				}
			}
		}
		for _, r := range lom.list("relation") {
			if r.kid("kind").kid("value").words() == "isbasedon" {
				m.source = r.kid("resource").kid("description").words()
			}
		}
	}
	return m
}

// exact gives the text of an element to the letter.
func (n *node) exact() string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	n.gather(&b)
	return b.String()
}
