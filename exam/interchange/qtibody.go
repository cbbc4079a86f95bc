package interchange

import (
	"slices"
	"strings"
	"unicode"

	"qiming/exam/question"
)

// segment is a stretch of an item's body: text with the gaps inside it, and the interaction that ends it.
type segment struct {
	text  string
	gaps  []*xmlNode // textEntryInteraction, inlineChoiceInteraction, gap, in order; the text marks each
	block *xmlNode   // an interaction on its own; nil in the last stretch
}

// bodyReader turns XHTML into our texts: words, line breaks, pictures and formulas.
type bodyReader struct {
	item     *qtiItem
	segments []segment
	gaps     []*xmlNode
	out      strings.Builder
	line     bool // something stands on the current line
	space    bool // a space is due before the next word
}

// body reads the children of an element; what stops says are interactions end a stretch.
func (it *qtiItem) body(n *xmlNode) []segment {
	r := &bodyReader{item: it}
	r.children(n)
	r.flush(nil)
	return r.segments
}

// plain reads an element that holds no interaction.
func (it *qtiItem) plain(nodes ...*xmlNode) string {
	r := &bodyReader{item: it}
	for _, n := range nodes {
		r.children(n)
		r.newline()
	}
	return tidyText(r.out.String())
}

func (r *bodyReader) flush(block *xmlNode) {
	r.segments = append(r.segments, segment{text: tidyText(r.out.String()), gaps: r.gaps, block: block})
	r.out.Reset()
	r.gaps, r.line, r.space = nil, false, false
}

func (r *bodyReader) children(n *xmlNode) {
	if n == nil {
		return
	}
	for _, k := range n.kids {
		r.node(k)
	}
}

func (r *bodyReader) write(s string) {
	if s == "" {
		return
	}
	if r.space && r.line {
		r.out.WriteByte(' ')
	}
	r.out.WriteString(s)
	r.line, r.space = true, false
}

// words writes text with its spaces collapsed as a browser would. A no-break space is no space here.
func (r *bodyReader) words(s string) {
	blank := func(c rune) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' }
	for s != "" {
		i := strings.IndexFunc(s, blank)
		if i < 0 {
			r.write(s)
			return
		}
		r.write(s[:i])
		r.space = true
		s = strings.TrimLeftFunc(s[i:], blank)
	}
}

// newline begins a new line unless one has just begun.
func (r *bodyReader) newline() {
	if r.line {
		r.out.WriteByte('\n')
	}
	r.line, r.space = false, false
}

func (r *bodyReader) node(n *xmlNode) {
	switch n.name {
	case "":
		r.words(n.text)
	case xmlComment, "feedbackInline", "feedbackBlock", "templateInline", "templateBlock", "catalogInfo", "companionMaterialsInfo", "stylesheet", "script", "style", "colgroup":
	case "rubricBlock":
		if view := n.attr("view"); view == "" || strings.Contains(view, "candidate") {
			r.block(n)
		}
	case "br":
		r.out.WriteByte('\n')
		r.line, r.space = false, false
	case "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "ol", "dl", "dt", "dd", "table", "section", "article", "address", "figure", "figcaption", "caption", "prompt", "contentBody", "hr", "details", "summary":
		r.block(n)
	case "pre":
		r.newline()
		r.write(strings.Trim(n.exact(), "\n"))
		r.newline()
	case "li":
		r.newline()
		r.write("•")
		r.space = true
		r.children(n)
		r.newline()
	case "tr":
		r.newline()
		for i, cell := range n.all("td", "th") {
			if i > 0 {
				r.write(" |")
				r.space = true
			}
			r.children(cell)
		}
		r.newline()
	case "sup", "sub":
		r.write(script(n.name, n.words()))
	case "rt", "rp": // the reading of a ruby
		r.write("(" + strings.Trim(n.words(), "()（）") + ")")
	case "img":
		r.write(r.item.media(n.attr("src"), n.attr("alt")))
	case "audio", "video":
		src := n.attr("src")
		if src == "" {
			src = n.child("source").attr("src")
		}
		r.write(r.item.media(src, first(n.attr("ariaLabel"), n.attr("title"))))
	case "object":
		if strings.HasPrefix(n.attr("type"), "text/") {
			r.newline()
			r.write(r.item.included(n.attr("data")))
			r.newline()
			return
		}
		r.write(r.item.media(n.attr("data"), first(n.words(), n.attr("label"))))
	case "math":
		r.write(r.item.formula(n))
	case "textEntryInteraction", "inlineChoiceInteraction", "gap":
		if r.line && r.space {
			r.out.WriteByte(' ')
		}
		r.out.WriteString(question.Gap)
		r.line, r.space = true, false
		r.gaps = append(r.gaps, n)
	case "printedVariable", "include":
		r.item.once("qti.part", "what", n.name)
	default:
		if strings.HasSuffix(n.name, "Interaction") {
			r.flush(n)
			return
		}
		r.children(n)
	}
}

func (r *bodyReader) block(n *xmlNode) {
	r.newline()
	r.children(n)
	r.newline()
}

func first(texts ...string) string {
	for _, s := range texts {
		if s = strings.TrimSpace(s); s != "" {
			return s
		}
	}
	return ""
}

// script writes what stands higher or lower than its line: x², CO₂, and x^(n+1) where there are no such signs.
func script(name, s string) string {
	const plain, high, low = "0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"
	signs, mark := []rune(high), "^"
	if name == "sub" {
		signs, mark = []rune(low), "_"
	}
	var b strings.Builder
	for _, c := range s {
		i := strings.IndexRune(plain, c)
		if i < 0 {
			if len([]rune(s)) > 1 {
				s = "(" + s + ")"
			}
			return mark + s
		}
		b.WriteRune(signs[i])
	}
	return b.String()
}

// formula writes MathML by the TeX that it carries, else by its words.
func (it *qtiItem) formula(n *xmlNode) string {
	for _, a := range n.within("annotation") {
		tex := strings.TrimSpace(a.exact())
		if enc := strings.ToLower(a.attr("encoding")); tex != "" && !strings.Contains(tex, `\)`) && slices.Contains([]string{"application/x-tex", "tex", "latex", "application/x-latex"}, enc) {
			return `\(` + tex + `\)`
		}
	}
	text := strings.Map(func(c rune) rune {
		if unicode.IsSpace(c) {
			return -1
		}
		return c
	}, mathWords(n))
	it.once("qti.formula", "text", shorten(text))
	return text
}

// mathWords is the text of MathML without its annotations, with the usual signs for fractions and powers.
func mathWords(n *xmlNode) string {
	parts := make([]string, 0, len(n.kids))
	for _, k := range n.kids {
		switch k.name {
		case "annotation", "annotationXml", "annotation-xml":
		case "":
			parts = append(parts, k.text)
		default:
			parts = append(parts, mathWords(k))
		}
	}
	elements := slices.DeleteFunc(slices.Clone(parts), func(s string) bool { return strings.TrimSpace(s) == "" })
	if len(elements) == 2 {
		switch n.name {
		case "mfrac":
			return elements[0] + "/" + elements[1]
		case "msup":
			return elements[0] + "^" + elements[1]
		case "msub":
			return elements[0] + "_" + elements[1]
		}
	}
	if n.name == "msqrt" {
		return "√(" + strings.Join(parts, "") + ")"
	}
	return strings.Join(parts, "")
}
