package interchange

import (
	"strings"
	"unicode"
)

// parseQTI reads a document in the names of QTI 2: "qti-simple-choice" of QTI 3 is simpleChoice.
func parseQTI(data []byte) (*xmlNode, error) {
	root, err := parseXML(data)
	if err == nil {
		root.oldNames()
	}
	return root, err
}

func (n *xmlNode) oldNames() {
	if rest, found := strings.CutPrefix(n.name, "qti-"); found {
		n.name = camel(rest)
	}
	for i := range n.attrs {
		n.attrs[i].name = camel(n.attrs[i].name)
	}
	for _, kid := range n.kids {
		kid.oldNames()
	}
}

func camel(name string) string {
	if !strings.Contains(name, "-") {
		return name
	}
	var b strings.Builder
	up := false
	for _, r := range name {
		switch {
		case r == '-':
			up = true
		case up:
			b.WriteRune(unicode.ToUpper(r))
			up = false
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func kebab(name string) string {
	var b strings.Builder
	for _, r := range name {
		if unicode.IsUpper(r) {
			b.WriteByte('-')
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// el makes an element; attrs are names and values in turn, empty values are left out.
func el(name string, attrs []string, kids ...*xmlNode) *xmlNode {
	n := &xmlNode{name: name, kids: kids}
	for i := 0; i+1 < len(attrs); i += 2 {
		if attrs[i+1] != "" {
			n.attrs = append(n.attrs, attribute{attrs[i], attrs[i+1]})
		}
	}
	return n
}

func words(s string) *xmlNode { return &xmlNode{text: s} }

func (n *xmlNode) add(kids ...*xmlNode) *xmlNode {
	for _, k := range kids {
		if k != nil {
			n.kids = append(n.kids, k)
		}
	}
	return n
}
