package knowledge

import (
	"bytes"
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	ghtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"

	"qiming/media"
)

// Heading is a heading of a text, in the order of the text.
type Heading struct {
	Level int    `json:"level" minimum:"2" maximum:"6"` // the title of the page is 1
	Text  string `json:"text"`
	ID    string `json:"id"` // the anchor
}

// Rendered is a text as safe HTML. Pictures have addresses of the form media:ID until With gives them links.
type Rendered struct {
	HTML     string
	Headings []Heading
	LeftOut  []LeftOut
}

// engine is Markdown as CommonMark with tables, strike-through, bare links, tasks and footnotes. HTML of authors is kept as far
// as policy allows; a line break is a line break, as those who write Chinese expect.
var engine = goldmark.New(
	goldmark.WithExtensions(
		extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignAttribute)),
		extension.Strikethrough, extension.Linkify, extension.TaskList,
		extension.NewFootnote(extension.WithFootnoteIDPrefix("note-")),
	),
	goldmark.WithParserOptions(
		parser.WithAutoHeadingID(),
		parser.WithInlineParsers(util.Prioritized(emphasis{}, 450)), // before goldmark's own, at 500
	),
	goldmark.WithRendererOptions(ghtml.WithHardWraps(), renderer.WithNodeRenderers(util.Prioritized(tasks{}, 400))),
)

var (
	anchorForm = regexp.MustCompile(`^h-[\p{L}\p{N}-]+$`)
	noteForm   = regexp.MustCompile(`^note-fn(ref)?\d*:\d+$`)
)

// policy is what may stand in the HTML of a text: everything else is taken out.
var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "strong", "em", "del", "code", "pre", "blockquote",
		"ul", "li", "table", "thead", "tbody", "tr", "sup", "section",
		"b", "i", "u", "s", "ins", "mark", "small", "sub", "kbd", "q", "cite", "div", "dl", "dt", "dd", "details", "summary",
		"figure", "figcaption", "caption", "tfoot", "ruby", "rt", "rp") // of authors who write HTML
	p.AllowAttrs("id").Matching(anchorForm).OnElements("h2", "h3", "h4", "h5", "h6")
	p.AllowAttrs("id").Matching(noteForm).OnElements("li", "sup")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^footnote(s|-ref|-backref)$`)).OnElements("a", "section")
	p.AllowAttrs("align").Matching(regexp.MustCompile(`^(left|center|right)$`)).OnElements("td", "th", "p", "div")
	p.AllowAttrs("colspan", "rowspan").Matching(regexp.MustCompile(`^[1-9]\d?$`)).OnElements("td", "th")
	p.AllowElements("td", "th", "ol")
	p.AllowAttrs("start").Matching(regexp.MustCompile(`^\d{1,9}$`)).OnElements("ol")
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^task$`)).OnElements("span")
	p.AllowNoAttrs().OnElements("span")
	p.AllowAttrs("href").OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto", "media")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.RequireNoFollowOnFullyQualifiedLinks(true)
	p.RequireNoReferrerOnFullyQualifiedLinks(true)
	p.AddTargetBlankToFullyQualifiedLinks(true)
	p.AllowAttrs("src").Matching(regexp.MustCompile(`^media:[0-9a-f]{32}$`)).OnElements("img")
	p.AllowAttrs("alt").OnElements("img")
	return p
}()

// nested finds lines that begin with more marks of quotations and lists than anybody means; nesting takes the square of its depth.
var nested = regexp.MustCompile(`(?m)^((?:[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t])){20})(?:[ \t]*(?:>|[-+*][ \t]|\d{1,9}[.)][ \t]))+`)

// maxLinks is how many links a line may have: where they are not closed each is looked for to the end of the line. Those beyond are text.
const maxLinks = 200

// readable gives the source as it is parsed.
func readable(source string) []byte {
	source = nested.ReplaceAllString(strings.ToValidUTF8(source, "\uFFFD"), "$1")
	if strings.Count(source, "](") > maxLinks {
		lines := strings.SplitAfter(source, "\n")
		for i, line := range lines {
			if parts := strings.SplitN(line, "](", maxLinks+2); len(parts) > maxLinks+1 {
				rest := strings.ReplaceAll(parts[maxLinks+1], "](", `]\(`)
				lines[i] = strings.Join(parts[:maxLinks+1], "](") + `]\(` + rest
			}
		}
		source = strings.Join(lines, "")
	}
	return []byte(source)
}

// Render gives a text of Markdown as safe HTML. It never fails: whatever is no Markdown is text.
func Render(source string) Rendered {
	src := readable(source)
	doc := engine.Parser().Parse(text.NewReader(src), parser.WithContext(parser.NewContext(parser.WithIDs(&anchors{taken: map[string]bool{}, last: map[string]int{}}))))
	out := Rendered{Headings: []Heading{}, LeftOut: []LeftOut{}}
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		heading, ok := n.(*ast.Heading)
		if !ok || !entering {
			return ast.WalkContinue, nil
		}
		heading.Level = min(heading.Level+1, 6)
		id, _ := heading.AttributeString("id")
		anchor, _ := id.([]byte)
		if words := plain(heading, src); words != "" && len(anchor) > 0 {
			out.Headings = append(out.Headings, Heading{Level: heading.Level, Text: words, ID: string(anchor)})
		}
		return ast.WalkSkipChildren, nil
	})
	authors := markup{source: src, leftOut: out.LeftOut}
	authors.within(doc)
	out.LeftOut = authors.leftOut
	var b bytes.Buffer
	if err := engine.Renderer().Render(&b, src, doc); err != nil {
		return Rendered{HTML: "<p>" + html.EscapeString(string(src)) + "</p>", Headings: []Heading{}, LeftOut: []LeftOut{}}
	}
	out.HTML = policy.Sanitize(b.String())
	return out
}

// plain gives the words of a node without their marks.
func plain(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			b.Write(util.UnescapePunctuations(util.ResolveEntityNames(util.ResolveNumericReferences(n.Segment.Value(source)))))
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.AutoLink:
			b.Write(n.Label(source))
		case *east.FootnoteLink:
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(b.String())
}

// Plain gives the words of a text without Markdown, block by block: for search and summaries.
func Plain(source string) string {
	src := readable(source)
	doc := engine.Parser().Parse(text.NewReader(src))
	var blocks []string
	add := func(s string) {
		if s = strings.TrimSpace(s); s != "" {
			blocks = append(blocks, s)
		}
	}
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n.Kind() {
		case ast.KindCodeBlock, ast.KindFencedCodeBlock:
			add(string(n.Lines().Value(src)))
			return ast.WalkSkipChildren, nil
		case ast.KindHTMLBlock:
			add(wordsOf(n.Lines().Value(src)))
			return ast.WalkSkipChildren, nil
		case ast.KindParagraph, ast.KindTextBlock, ast.KindHeading, east.KindTableCell:
			add(plain(n, src))
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	return strings.Join(blocks, "\n")
}

// anchors makes the ids of headings out of their words, Chinese ones too: each once.
type anchors struct {
	taken map[string]bool
	last  map[string]int // the number that the last heading of these words has
}

// Generate gives an id to a heading.
func (a *anchors) Generate(value []byte, _ ast.NodeKind) []byte {
	var b strings.Builder
	for _, r := range string(value) {
		switch {
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			b.WriteRune(unicode.ToLower(r))
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() > 90 {
			break
		}
	}
	base := strings.Trim(b.String(), "-")
	if base == "" {
		base = "s"
	}
	id := "h-" + base
	for n := max(2, a.last[base]+1); a.taken[id]; n++ {
		id, a.last[base] = "h-"+base+"-"+strconv.Itoa(n), n
	}
	a.taken[id] = true
	return []byte(id)
}

// Put notes an id that a heading has already; there is none: authors do not write attributes.
func (a *anchors) Put(value []byte) { a.taken[string(value)] = true }

// After the sanitiser an element has one form, and no text holds a bare < or quotation mark.
var (
	picture = regexp.MustCompile(`<img src="media:([0-9a-f]{32})"( alt="[^"]*")?/?>`)
	foreign = regexp.MustCompile(`<img(?: alt="([^"]*)")?/?>`) // of another site: without its address
	linked  = regexp.MustCompile(`<a href="media:([0-9a-f]{32})"[^>]*>`)
	broken  = regexp.MustCompile(`<a href="media:[^"]*"[^>]*>`)
	table   = regexp.MustCompile(`<(/?)table>`)
)

// With puts the links of a viewer into the HTML: pictures, sound and documents are each shown as what they are; one
// that has no link stands as its words, as do pictures of other sites. Tables stand in a frame that scrolls on a phone.
func (r Rendered) With(links media.Links) string {
	out := picture.ReplaceAllStringFunc(r.HTML, func(element string) string {
		m := picture.FindStringSubmatch(element)
		alt := strings.TrimSuffix(strings.TrimPrefix(m[2], ` alt="`), `"`)
		link, ok := links[m[1]]
		if !ok {
			return `<span class="lost">［` + alt + `］</span>`
		}
		url, name := html.EscapeString(link.URL), alt
		if name == "" {
			name = html.EscapeString(link.Name)
		}
		switch link.Class {
		case media.Image:
			size := ""
			if link.Width > 0 && link.Height > 0 {
				size = ` width="` + strconv.Itoa(link.Width) + `" height="` + strconv.Itoa(link.Height) + `"`
			}
			if link.Srcset != "" {
				size += ` srcset="` + html.EscapeString(link.Srcset) + `" sizes="(min-width: 1024px) 41rem, 100vw"`
			}
			return `<img src="` + url + `" alt="` + alt + `"` + size + ` loading="lazy" decoding="async">`
		case media.Audio:
			return `<audio controls preload="none" src="` + url + `" aria-label="` + name + `"></audio>`
		}
		return `<a href="` + url + `" class="file">` + name + `</a>`
	})
	out = foreign.ReplaceAllString(out, `<span class="lost">［${1}］</span>`)
	out = linked.ReplaceAllStringFunc(out, func(element string) string {
		if link, ok := links[linked.FindStringSubmatch(element)[1]]; ok {
			return `<a href="` + html.EscapeString(link.URL) + `" class="file">`
		}
		return `<a>`
	})
	out = broken.ReplaceAllString(out, `<a>`)
	return table.ReplaceAllStringFunc(out, func(element string) string {
		if element == "<table>" {
			return `<div class="sideways" tabindex="0"><table>`
		}
		return `</table></div>`
	})
}
