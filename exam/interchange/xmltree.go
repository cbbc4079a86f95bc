package interchange

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// xmlNode is an element with what stands in it. Name and attributes are without namespaces.
type xmlNode struct {
	name  string
	attrs []xml.Attr
	text  string // its own, joined
	kids  []*xmlNode
	notes []string // comments
}

// Limits of an element that is read whole.
const (
	maxXMLDepth = 64
	maxXMLNodes = 200_000
	maxXMLAttr  = 64 << 10 // bytes
)

var (
	errDoctype  = errors.New("xml: a DOCTYPE or an entity is declared")
	errXMLDepth = fmt.Errorf("xml: deeper than %d", maxXMLDepth)
	errXMLNodes = fmt.Errorf("xml: more than %d elements in one", maxXMLNodes)
	errXMLAttr  = fmt.Errorf("xml: an attribute is longer than %d bytes", maxXMLAttr)
)

// xmlReader goes through a document. It never looks at anything outside it: declarations of types and entities
// are refused, so that nothing is expanded.
type xmlReader struct{ d *xml.Decoder }

func newXMLReader(text string) xmlReader {
	d := xml.NewDecoder(strings.NewReader(text))
	d.Entity = xml.HTMLEntity // single characters: &nbsp;
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }
	return xmlReader{d}
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
	root := &xmlNode{name: start.Name.Local, attrs: start.Copy().Attr}
	stack, texts, count := []*xmlNode{root}, []*strings.Builder{{}}, 0
	for len(stack) > 0 {
		t, err := r.token()
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return nil, err
		}
		top := len(stack) - 1
		switch t := t.(type) {
		case xml.StartElement:
			if len(stack) == maxXMLDepth {
				return nil, errXMLDepth
			}
			if count++; count > maxXMLNodes {
				return nil, errXMLNodes
			}
			kid := &xmlNode{name: t.Name.Local, attrs: t.Copy().Attr}
			stack[top].kids = append(stack[top].kids, kid)
			stack, texts = append(stack, kid), append(texts, &strings.Builder{})
		case xml.EndElement:
			stack[top].text = texts[top].String()
			stack, texts = stack[:top], texts[:top]
		case xml.CharData:
			texts[top].Write(t)
		case xml.Comment:
			stack[top].notes = append(stack[top].notes, string(t))
		}
	}
	return root, nil
}

// xmlProblem words why a document cannot be read.
func xmlProblem(f Format, r xmlReader, err error) Parsed {
	line, _ := r.d.InputPos()
	switch {
	case errors.Is(err, errDoctype):
		return unreadable(f, "xml.doctype")
	case errors.Is(err, errXMLDepth), errors.Is(err, errXMLNodes), errors.Is(err, errXMLAttr):
		return unreadable(f, "xml.large", "line", line)
	}
	if e := new(xml.SyntaxError); errors.As(err, &e) {
		return unreadable(f, "xml.syntax", "line", e.Line, "reason", shorten(e.Msg))
	}
	return unreadable(f, "xml.syntax", "line", line, "reason", shorten(err.Error()))
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

// child gives the first element of a name below n; of nothing, nothing.
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

// all gives the elements of a name right below n.
func (n *xmlNode) all(name string) (out []*xmlNode) {
	if n != nil {
		for _, kid := range n.kids {
			if kid.name == name {
				out = append(out, kid)
			}
		}
	}
	return out
}

func (n *xmlNode) attr(name string) string {
	if n != nil {
		for _, a := range n.attrs {
			if a.Name.Local == name {
				return a.Value
			}
		}
	}
	return ""
}

// value gives the trimmed text of the element at a path.
func (n *xmlNode) value(path ...string) string {
	if found := n.child(path...); found != nil {
		return strings.TrimSpace(found.text)
	}
	return ""
}

// texts gives all that n says, comments left out: what a fingerprint is taken of.
func (n *xmlNode) texts() []string {
	out := []string{"<" + n.name}
	for _, a := range n.attrs {
		out = append(out, a.Name.Local+"="+a.Value)
	}
	out = append(out, n.text)
	for _, kid := range n.kids {
		out = append(out, kid.texts()...)
	}
	return append(out, ">")
}
