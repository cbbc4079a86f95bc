package interchange

import (
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode"
)

// node is an element of a QTI document in the names of QTI 2: "qti-simple-choice" of QTI 3 is simpleChoice. A node
// without a name is a text, one named "!" a comment of our own.
type node struct {
	name  string
	attrs []attribute
	kids  []*node
	text  string
}

type attribute struct{ name, value string }

const ownComment = "qiming "

// parseNode reads a document into nodes.
func parseNode(data []byte) (*node, error) {
	r, err := xmlOf(data)
	if err != nil {
		return nil, err
	}
	return r.nodes(nil)
}

// xmlOf begins to read a document.
func xmlOf(data []byte) (xmlReader, error) {
	text, known := decodeXML(data)
	if !known {
		return xmlReader{}, errors.New("编码认不出")
	}
	return newXMLReader(text), nil
}

// nodes reads the document, and hands every element that is complete to take: one that it takes is not kept.
func (r xmlReader) nodes(take func(*node) bool) (*node, error) {
	root := &node{}
	open := []*node{root}
	var counts []int // nodes kept when an open element began
	count := 0
	for {
		token, err := r.token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if count++; count > maxXMLNodes {
			return nil, errXMLNodes
		}
		top := open[len(open)-1]
		switch t := token.(type) {
		case xml.StartElement:
			if len(open) > maxXMLDepth {
				return nil, errXMLDepth
			}
			n := &node{name: oldName(t.Name.Local)}
			for _, a := range t.Attr {
				switch {
				case len(a.Value) > maxXMLAttr:
					return nil, errXMLAttr
				case a.Name.Space == "xmlns", a.Name.Local == "xmlns", a.Name.Space == schemaInstance:
				default:
					n.attrs = append(n.attrs, attribute{camel(a.Name.Local), a.Value})
				}
			}
			top.kids = append(top.kids, n)
			open, counts = append(open, n), append(counts, count-1)
		case xml.EndElement:
			open = open[:len(open)-1]
			if parent := open[len(open)-1]; take != nil && take(top) {
				parent.kids = parent.kids[:len(parent.kids)-1]
				count = counts[len(counts)-1]
			}
			counts = counts[:len(counts)-1]
		case xml.CharData:
			if len(open) > 1 {
				top.kids = append(top.kids, &node{text: string(t)})
			}
		case xml.Comment:
			if text := strings.TrimSpace(string(t)); len(open) > 1 && strings.HasPrefix(text, ownComment) {
				top.kids = append(top.kids, &node{name: "!", text: strings.TrimPrefix(text, ownComment)})
			}
		}
	}
	for _, n := range root.kids {
		if n.name != "" && n.name != "!" {
			return n, nil
		}
	}
	return nil, errors.New("没有内容")
}

// oldName gives the QTI 2 name of an element.
func oldName(name string) string {
	rest, found := strings.CutPrefix(name, "qti-")
	if !found {
		return name
	}
	return camel(rest)
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

func (n *node) attr(name string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.attrs {
		if a.name == name {
			return a.value
		}
	}
	return ""
}

// kid gives the first child of a name, or nil.
func (n *node) kid(name string) *node {
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name == name {
			return k
		}
	}
	return nil
}

// list gives the children of the names.
func (n *node) list(names ...string) []*node {
	var out []*node
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name != "" && slices.Contains(names, k.name) {
			out = append(out, k)
		}
	}
	return out
}

// within gives the descendants of a name, in the order of the document.
func (n *node) within(name string) []*node {
	var out []*node
	if n == nil {
		return nil
	}
	for _, k := range n.kids {
		if k.name == name {
			out = append(out, k)
		}
		out = append(out, k.within(name)...)
	}
	return out
}

// words gives the text of an element with all that is inside, its spaces collapsed.
func (n *node) words() string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	n.gather(&b)
	return strings.Join(strings.Fields(b.String()), " ")
}

func (n *node) gather(b *strings.Builder) {
	if n.name == "" {
		b.WriteString(n.text)
	}
	for _, k := range n.kids {
		k.gather(b)
	}
}

// canonical writes an element so that only a change of what it says changes it: our comments, the order of
// attributes and the spaces between elements do not count.
func (n *node) canonical(b *strings.Builder) {
	switch n.name {
	case "!":
		return
	case "":
		if text := strings.Join(strings.Fields(n.text), " "); text != "" {
			b.WriteString(text + "\n")
		}
		return
	}
	b.WriteString("<" + n.name)
	attrs := slices.Clone(n.attrs)
	slices.SortFunc(attrs, func(x, y attribute) int { return strings.Compare(x.name, y.name) })
	for _, a := range attrs {
		if a.name != "toolVersion" {
			b.WriteString(" " + a.name + "=" + a.value + "\n")
		}
	}
	b.WriteString(">")
	for _, k := range n.kids {
		k.canonical(b)
	}
	b.WriteString("</>")
}

// el makes an element; attrs are names and values in turn, empty values are left out.
func el(name string, attrs []string, kids ...*node) *node {
	n := &node{name: name, kids: kids}
	for i := 0; i+1 < len(attrs); i += 2 {
		if attrs[i+1] != "" {
			n.attrs = append(n.attrs, attribute{attrs[i], attrs[i+1]})
		}
	}
	return n
}

func words(s string) *node { return &node{text: s} }

func (n *node) add(kids ...*node) *node {
	for _, k := range kids {
		if k != nil {
			n.kids = append(n.kids, k)
		}
	}
	return n
}
