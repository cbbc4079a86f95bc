package knowledge

import (
	"bytes"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/net/html"
)

// LeftOut is HTML of an author that readers do not get: a tag such as <iframe>, or the name of an attribute such as style.
type LeftOut struct {
	What  string `json:"what"`
	Line  int    `json:"line" minimum:"1"` // of the text, where it stands first
	Times int    `json:"times" minimum:"1"`
}

// maxLeftOut is how many different ones are named, maxOpen how many elements of an author stand within each other; more are left out.
const (
	maxLeftOut = 50
	maxOpen    = 100
)

// A tag that has no end.
var void = []string{"br", "hr", "img"}

// What is within these is not for readers.
var silent = []string{"script", "style", "iframe", "noscript", "noembed", "noframes"}

// markup takes the HTML of an author into a text: what the policy allows is kept, closed where its paragraph or list ends, so that
// it changes nothing beyond; the rest is left out and noted. Words between tags stay.
type markup struct {
	source  []byte
	leftOut []LeftOut
	at      int // up to here lines were counted
	line    int
	depth   int // elements of the author that are open
}

// lineOf gives the line at which an offset stands.
func (m *markup) lineOf(offset int) int {
	if offset < m.at || m.line == 0 {
		m.at, m.line = 0, 1
	}
	m.line += bytes.Count(m.source[m.at:offset], []byte{'\n'})
	m.at = offset
	return m.line
}

func (m *markup) leave(what string, line int) {
	if at := slices.IndexFunc(m.leftOut, func(one LeftOut) bool { return one.What == what }); at >= 0 {
		m.leftOut[at].Times++
	} else if len(m.leftOut) < maxLeftOut {
		m.leftOut = append(m.leftOut, LeftOut{what, line, 1})
	}
}

// within puts clean HTML in the place of the author's in a node and all below it.
func (m *markup) within(parent ast.Node) {
	var open []string
	for n := parent.FirstChild(); n != nil; {
		next := n.NextSibling()
		switch n := n.(type) {
		case *ast.RawHTML:
			if n.Segments.Len() > 0 {
				parent.ReplaceChild(parent, n, exactly(m.clean(n.Segments.Value(m.source), m.lineOf(n.Segments.At(0).Start), &open)))
			}
		case *ast.HTMLBlock:
			raw := n.Lines().Value(m.source)
			if n.HasClosure() {
				raw = append(raw, n.ClosureLine.Value(m.source)...)
			}
			start := n.ClosureLine.Start
			if n.Lines().Len() > 0 {
				start = n.Lines().At(0).Start
			}
			parent.ReplaceChild(parent, n, exactly(m.clean(raw, m.lineOf(start), &open)))
		case *ast.Image: // its words are an attribute
		default:
			m.within(n)
		}
		n = next
	}
	if len(open) > 0 {
		parent.AppendChild(parent, exactly(m.closing(open)))
	}
}

// exactly is HTML that is written as it is.
func exactly(code string) *ast.String {
	n := ast.NewString([]byte(code))
	n.SetCode(true)
	return n
}

func (m *markup) closing(open []string) string {
	m.depth -= len(open)
	var b strings.Builder
	for _, name := range slices.Backward(open) {
		b.WriteString("</" + name + ">")
	}
	return b.String()
}

// clean gives what is kept of a piece of HTML that begins at a line. open are the elements that are open before and after it.
func (m *markup) clean(raw []byte, line int, open *[]string) string {
	var b strings.Builder
	mute := false
	for z := html.NewTokenizer(bytes.NewReader(raw)); z.Next() != html.ErrorToken; {
		here := line
		line += bytes.Count(z.Raw(), []byte{'\n'})
		comment := bytes.HasPrefix(z.Raw(), []byte("<!--"))
		token := z.Token()
		switch token.Type {
		case html.TextToken:
			if !mute {
				b.WriteString(token.String())
			}
		case html.EndTagToken:
			if at := lastIndex(*open, token.Data); at >= 0 {
				b.WriteString(m.closing((*open)[at:]))
				*open = (*open)[:at]
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			tag := m.tag(token, here)
			if b.WriteString(tag); tag == "" || slices.Contains(void, token.Data) {
				break
			}
			if token.Type == html.SelfClosingTagToken {
				b.WriteString("</" + token.Data + ">")
			} else {
				*open = append(*open, token.Data)
				m.depth++
			}
		case html.CommentToken:
			if !comment {
				m.leave("<"+token.Data[:min(1, len(token.Data))]+"…>", here)
			}
		}
		mute = token.Type == html.StartTagToken && slices.Contains(silent, token.Data)
	}
	return b.String()
}

func lastIndex(list []string, what string) int {
	for at, one := range slices.Backward(list) {
		if one == what {
			return at
		}
	}
	return -1
}

// tag gives a tag as the policy allows it, addresses first; "" where it does not.
func (m *markup) tag(token html.Token, line int) string {
	token.Type = html.StartTagToken
	slices.SortStableFunc(token.Attr, func(a, b html.Attribute) int { return address(b) - address(a) })
	kept := policy.Sanitize(token.String())
	if kept == "" || m.depth >= maxOpen && !slices.Contains(void, token.Data) {
		m.leave("<"+token.Data+">", line)
		return ""
	}
	z := html.NewTokenizer(strings.NewReader(kept))
	z.Next()
	has := z.Token().Attr
	for _, attr := range token.Attr {
		if !slices.ContainsFunc(has, func(a html.Attribute) bool { return a.Key == attr.Key }) {
			m.leave(attr.Key, line)
		}
	}
	return kept
}

func address(a html.Attribute) int {
	if a.Key == "src" || a.Key == "href" {
		return 1
	}
	return 0
}

// wordsOf gives the words between the tags of HTML that readers see, each run of them by itself.
func wordsOf(raw []byte) string {
	var words []string
	m := markup{source: raw}
	for z := html.NewTokenizer(strings.NewReader(m.clean(raw, 1, new([]string)))); z.Next() != html.ErrorToken; {
		token := z.Token()
		if s := strings.TrimSpace(token.Data); token.Type == html.TextToken && s != "" {
			words = append(words, s)
		}
	}
	return strings.Join(words, " ")
}
