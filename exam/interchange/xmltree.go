package interchange

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// xmlNode is an element with what stands in it, in its order. Name and attributes are without namespaces. One without a
// name is a text, one of xmlComment a comment.
type xmlNode struct {
	name  string
	attrs []attribute
	kids  []*xmlNode
	text  string
}

type attribute struct{ name, value string }

const xmlComment = "!"

const schemaInstance = "http://www.w3.org/2001/XMLSchema-instance"

// Limits of an element that is read whole.
const (
	maxXMLDepth = 64
	maxXMLNodes = 200_000
	maxXMLAttr  = 64 << 10 // bytes
)

// xmlError is why a document cannot be read, by the code of its problem.
type xmlError struct {
	code   string
	params []any
}

func (e *xmlError) Error() string { return e.code }

var (
	errDoctype  = errors.New("xml: a DOCTYPE or an entity is declared")
	errXMLDepth = fmt.Errorf("xml: deeper than %d", maxXMLDepth)
	errXMLNodes = fmt.Errorf("xml: more than %d elements in one", maxXMLNodes)
	errXMLAttr  = fmt.Errorf("xml: an attribute is longer than %d bytes", maxXMLAttr)
)

// xmlReader goes through a document. It never looks at anything outside it: declarations of types and entities
// are refused, so that nothing is expanded.
type xmlReader struct{ d *xml.Decoder }

// readXML begins to read a document.
func readXML(data []byte) (xmlReader, error) {
	text, known := decodeXML(data)
	if !known {
		return xmlReader{}, &xmlError{code: "xml.charset"}
	}
	return newXMLReader(text), nil
}

func newXMLReader(text string) xmlReader {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Entity = xml.HTMLEntity // single characters: &nbsp;
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	return xmlReader{d}
}

// parseXML reads a document whole. Its errors are *xmlError.
func parseXML(data []byte) (*xmlNode, error) {
	r, err := readXML(data)
	if err != nil {
		return nil, err
	}
	start, err := r.next()
	if err != nil {
		return nil, r.because(err)
	}
	root, err := r.element(start)
	if err != nil {
		return nil, r.because(err)
	}
	return root, nil
}

// next gives the next beginning of an element, or io.EOF; ends are passed over.
func (r xmlReader) next() (xml.StartElement, error) {
	for {
		t, err := r.token()
		if err != nil {
			return xml.StartElement{}, err
		}
		if start, ok := t.(xml.StartElement); ok {
			return start, nil
		}
	}
}

func (r xmlReader) token() (xml.Token, error) {
	t, err := r.d.Token()
	if _, ok := t.(xml.Directive); ok {
		return nil, errDoctype
	}
	return t, err
}

// element reads an element to its end.
func (r xmlReader) element(start xml.StartElement) (*xmlNode, error) {
	root, err := newNode(start)
	if err != nil {
		return nil, err
	}
	open, count := []*xmlNode{root}, 0
	for len(open) > 0 {
		t, err := r.token()
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return nil, err
		}
		top := open[len(open)-1]
		switch t := t.(type) {
		case xml.StartElement:
			if len(open) == maxXMLDepth {
				return nil, errXMLDepth
			}
			kid, err := newNode(t)
			if err != nil {
				return nil, err
			}
			top.kids = append(top.kids, kid)
			open = append(open, kid)
		case xml.EndElement:
			open = open[:len(open)-1]
			continue
		case xml.CharData:
			top.kids = append(top.kids, &xmlNode{text: string(t)})
		case xml.Comment:
			top.kids = append(top.kids, &xmlNode{name: xmlComment, text: strings.TrimSpace(string(t))})
		}
		if count++; count > maxXMLNodes {
			return nil, errXMLNodes
		}
	}
	return root, nil
}

func newNode(t xml.StartElement) (*xmlNode, error) {
	n := &xmlNode{name: t.Name.Local}
	for _, a := range t.Attr {
		switch {
		case len(a.Value) > maxXMLAttr:
			return nil, errXMLAttr
		case a.Name.Space == "xmlns", a.Name.Local == "xmlns", a.Name.Space == schemaInstance:
		default:
			n.attrs = append(n.attrs, attribute{a.Name.Local, a.Value})
		}
	}
	return n, nil
}

// because names why a document cannot be read.
func (r xmlReader) because(err error) *xmlError {
	line, _ := r.d.InputPos()
	switch {
	case errors.Is(err, errDoctype):
		return &xmlError{code: "xml.doctype"}
	case errors.Is(err, errXMLDepth), errors.Is(err, errXMLNodes), errors.Is(err, errXMLAttr):
		return &xmlError{"xml.large", []any{"line", line}}
	}
	reason := err.Error()
	if e := new(xml.SyntaxError); errors.As(err, &e) {
		line, reason = e.Line, e.Msg
	}
	return &xmlError{"xml.syntax", []any{"line", line, "reason", shorten(reason)}}
}

// xmlProblem words why a document is no file of a format: err is an *xmlError.
func xmlProblem(f Format, err error) Parsed {
	e := new(xmlError)
	errors.As(err, &e)
	return unreadable(f, e.code, e.params...)
}

// isXML says whether data begins as a document does.
func isXML(data []byte) bool {
	head := decode(data[:min(len(data), 4096)])
	return strings.HasPrefix(strings.TrimLeft(head, "\ufeff \t\n"), "<")
}

var xmlDeclared = regexp.MustCompile(`^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']`)

// decodeXML gives a document as UTF-8, by its byte order mark, by what it declares, or by what it looks like.
// Characters that XML does not allow are left out. known is false where the declared encoding is none of ours.
func decodeXML(data []byte) (text string, known bool) {
	declared := ""
	if m := xmlDeclared.FindSubmatch(bytes.TrimPrefix(data[:min(len(data), 1024)], []byte("\xef\xbb\xbf"))); m != nil {
		declared = strings.ToLower(string(m[1]))
	}
	known = true
	convert := func(out []byte, err error) string {
		known = err == nil
		return unify(string(out))
	}
	switch declared {
	case "", "utf-8", "utf8", "utf-16", "us-ascii", "ascii":
		text = decode(data)
	case "gb2312", "gbk", "gb18030", "cp936", "x-gbk":
		if utf8.Valid(data) { // declared wrongly: an editor converted it
			text = decode(data)
		} else {
			text = convert(simplifiedchinese.GB18030.NewDecoder().Bytes(data))
		}
	case "big5":
		text = convert(traditionalchinese.Big5.NewDecoder().Bytes(data))
	case "iso-8859-1", "latin1", "windows-1252":
		text = convert(charmap.Windows1252.NewDecoder().Bytes(data))
	default:
		text, known = decode(data), utf8.Valid(data)
	}
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r >= ' ' && r != '\ufffe' && r != '\uffff' {
			return r
		}
		return -1
	}, text), known
}

// child gives the first element at a path below n; of nothing, nothing.
func (n *xmlNode) child(path ...string) *xmlNode {
	for _, name := range path {
		var found *xmlNode
		if n != nil {
			for _, kid := range n.kids {
				if kid.name == name {
					found = kid
					break
				}
			}
		}
		n = found
	}
	return n
}

// all gives the elements of the names right below n.
func (n *xmlNode) all(names ...string) (out []*xmlNode) {
	if n != nil {
		for _, kid := range n.kids {
			if slices.Contains(names, kid.name) {
				out = append(out, kid)
			}
		}
	}
	return out
}

// within gives the descendants of a name, in the order of the document.
func (n *xmlNode) within(name string) (out []*xmlNode) {
	if n != nil {
		for _, kid := range n.kids {
			if kid.name == name {
				out = append(out, kid)
			}
			out = append(out, kid.within(name)...)
		}
	}
	return out
}

func (n *xmlNode) attr(name string) string {
	if n != nil {
		for _, a := range n.attrs {
			if a.name == name {
				return a.value
			}
		}
	}
	return ""
}

// exact gives the text of an element with all that is inside, to the letter.
func (n *xmlNode) exact() string {
	var b strings.Builder
	if n != nil {
		n.gather(&b)
	}
	return b.String()
}

func (n *xmlNode) gather(b *strings.Builder) {
	if n.name == "" {
		b.WriteString(n.text)
	}
	for _, kid := range n.kids {
		kid.gather(b)
	}
}

// value gives the trimmed text of the element at a path.
func (n *xmlNode) value(path ...string) string { return strings.TrimSpace(n.child(path...).exact()) }

// words gives the text of the element at a path, its spaces collapsed.
func (n *xmlNode) words(path ...string) string {
	return strings.Join(strings.Fields(n.child(path...).exact()), " ")
}

// notes gives the comments right below n that begin with a mark, without it.
func (n *xmlNode) notes(mark string) (out []string) {
	for _, kid := range n.all(xmlComment) {
		if rest, ok := strings.CutPrefix(kid.text, mark); ok {
			out = append(out, rest)
		}
	}
	return out
}

// canonical writes an element so that only a change of what it says changes it, for fingerprints: comments, the order of
// attributes and the spaces between elements do not count.
func (n *xmlNode) canonical() string {
	var b strings.Builder
	n.canon(&b)
	return b.String()
}

func (n *xmlNode) canon(b *strings.Builder) {
	switch {
	case n.name == xmlComment:
		return
	case n.name == "":
		if strings.TrimSpace(n.text) != "" {
			b.WriteString(n.text + "\n")
		}
		return
	}
	b.WriteString("<" + n.name)
	attrs := slices.SortedFunc(slices.Values(n.attrs), func(x, y attribute) int { return strings.Compare(x.name, y.name) })
	for _, a := range attrs {
		b.WriteString(" " + a.name + "=" + a.value + "\n")
	}
	b.WriteString(">")
	for _, kid := range n.kids {
		kid.canon(b)
	}
	b.WriteString("</>")
}
