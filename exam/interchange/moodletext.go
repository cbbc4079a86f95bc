package interchange

import (
	"encoding/base64"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"

	"qiming/internal/fault"
)

const pluginFile = "@@PLUGINFILE@@/"

// rich gives the text of an element as ours: <questiontext format="html"><text>…</text><file …>…</file>.
func (q *moodleQuestion) rich(n *xmlNode, f Field) string {
	if n == nil {
		return ""
	}
	text := n.child("text")
	if text == nil {
		text = &xmlNode{kids: n.all("")} // no <text>, as some write it: what stands between the elements
	}
	return q.markup(text.exact(), n, f)
}

// markup turns raw text in the format of n, whose files it shows, into ours.
func (q *moodleQuestion) markup(raw string, n *xmlNode, f Field) string {
	if strings.TrimSpace(raw) == "" {
		return ""
	}
	if utf8.RuneCountInString(raw) > maxRaw {
		q.fail(f.title(), "cell.long", "max", MaxCell)
		return shorten(raw[:1000])
	}
	h := htmlText{q: q, files: n, field: f}
	switch n.attr("format") {
	case "plain_text":
		return tidyText(h.marks(raw))
	case "markdown":
		return tidyText(h.marks(raw))
	case "html":
	default: // moodle_auto_format, or none: lines count
		raw = strings.ReplaceAll(strings.Trim(raw, " \t\n"), "\n", "<br>")
	}
	return tidyText(h.read(raw))
}

// maxRaw is the length of a text with its markup, in characters.
const maxRaw = 4 * MaxCell

// htmlText turns HTML into text with marks of files. What has no place in it is named by its question.
type htmlText struct {
	q     *moodleQuestion
	files *xmlNode // holds the <file> elements
	field Field

	out   strings.Builder
	space bool  // a space is due before the next word
	skip  int   // depth in script, style and the like
	pre   int   // depth in pre
	lists []int // of the open lists: the number of the next item, -1 without numbers
	cells int   // cells of the open row
	links []link
	math  int
}

type link struct {
	href string
	from int // where its words begin
}

func (h *htmlText) read(raw string) string {
	z := html.NewTokenizer(strings.NewReader(raw))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return h.out.String()
		case html.TextToken:
			if h.skip == 0 {
				h.words(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			h.start(z.Token())
		case html.EndTagToken:
			h.end(z.Token().Data)
		}
	}
}

func (h *htmlText) words(s string) {
	s = html.UnescapeString(s)
	if h.pre > 0 {
		h.out.WriteString(s)
		return
	}
	for _, r := range s {
		if r == ' ' || r == '\n' || r == '\t' {
			h.space = true
			continue
		}
		h.gap()
		h.out.WriteRune(r)
	}
}

// gap writes the space that is due.
func (h *htmlText) gap() {
	if h.space && h.out.Len() > 0 && !strings.HasSuffix(h.out.String(), "\n") {
		h.out.WriteByte(' ')
	}
	h.space = false
}

// line begins a new line unless one has begun.
func (h *htmlText) line() {
	h.space = false
	if s := h.out.String(); s != "" && !strings.HasSuffix(s, "\n") {
		h.out.WriteByte('\n')
	}
}

func (h *htmlText) start(t html.Token) {
	attr := func(name string) string {
		for _, a := range t.Attr {
			if a.Key == name {
				return a.Val
			}
		}
		return ""
	}
	if h.skip > 0 && !slices.Contains([]string{"script", "style", "template"}, t.Data) {
		return
	}
	switch t.Data {
	case "br", "hr":
		h.space = false
		h.out.WriteByte('\n')
	case "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section", "article", "figure", "figcaption", "dl", "dt", "dd":
		h.line()
	case "pre":
		h.line()
		h.pre++
	case "ul":
		h.line()
		h.lists = append(h.lists, -1)
	case "ol":
		h.line()
		h.lists = append(h.lists, 1)
	case "li":
		h.line()
		if n := len(h.lists); n > 0 && h.lists[n-1] > 0 {
			h.out.WriteString(strconv.Itoa(h.lists[n-1]) + ". ")
			h.lists[n-1]++
		} else {
			h.out.WriteString("• ")
		}
	case "table":
		h.q.drop("表格")
		h.line()
	case "tr":
		h.line()
		h.cells = 0
	case "td", "th":
		if h.cells++; h.cells > 1 {
			h.space = false
			h.out.WriteString(" | ")
		}
	case "script", "style", "template":
		if t.Type == html.StartTagToken {
			h.skip++
		}
		h.q.drop("脚本或样式")
	case "img":
		h.show(attr("src"), attr("alt"))
	case "audio", "video", "source":
		if src := attr("src"); src != "" {
			h.show(src, attr("title"))
		}
	case "a":
		h.gap()
		h.links = append(h.links, link{attr("href"), h.out.Len()})
	case "math":
		h.q.drop("MathML 公式")
	case "svg", "iframe", "object", "embed", "canvas", "form", "input", "select":
		h.q.drop("嵌入的内容")
	case "b", "strong", "i", "em", "u", "s", "del", "mark", "font":
		h.q.drop("加粗、下划线等样式")
	case "sup":
		h.gap()
		h.out.WriteString(`\({}^{`)
		h.math++
	case "sub":
		h.gap()
		h.out.WriteString(`\({}_{`)
		h.math++
	}
}

func (h *htmlText) end(name string) {
	switch name {
	case "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "section", "article", "figure", "figcaption", "dl", "dt", "dd", "li", "tr", "table":
		h.line()
	case "pre":
		h.pre = max(0, h.pre-1)
		h.line()
	case "ul", "ol":
		if n := len(h.lists); n > 0 {
			h.lists = h.lists[:n-1]
		}
		h.line()
	case "script", "style", "template":
		h.skip = max(0, h.skip-1)
	case "sup", "sub":
		if h.math > 0 {
			h.math--
			h.out.WriteString(`}\)`)
		}
	case "a":
		n := len(h.links)
		if n == 0 {
			return
		}
		last := h.links[n-1]
		h.links = h.links[:n-1]
		all := h.out.String()
		words := strings.TrimSpace(all[last.from:])
		switch {
		case strings.HasPrefix(last.href, pluginFile):
			h.out.Reset()
			h.out.WriteString(all[:last.from])
			h.show(last.href, words)
		case strings.HasPrefix(last.href, "http") && words != last.href && words != "":
			h.out.WriteString("（" + last.href + "）")
		}
	}
}

// show writes the mark of a file.
func (h *htmlText) show(src, alt string) {
	h.gap()
	h.out.WriteString(h.file(src, alt))
}

// file takes what src names in: a file beside the text, or data within it.
func (h *htmlText) file(src, alt string) string {
	name := strings.TrimSpace(src)
	var id string
	var err error
	switch {
	case strings.HasPrefix(name, pluginFile):
		name = strings.TrimPrefix(name, pluginFile)
		if i := strings.IndexAny(name, "?#"); i >= 0 {
			name = name[:i]
		}
		if plain, bad := url.PathUnescape(name); bad == nil {
			name = plain
		}
		id, err = h.q.attached(h.files, name)
	case strings.HasPrefix(name, "data:"):
		head, body, found := strings.Cut(name, ",")
		name = "image"
		if !found || !strings.HasSuffix(head, ";base64") {
			err = fault.New(fault.Invalid, "media.broken", "no base64")
		} else {
			id, err = h.q.encoded(name, body)
		}
	default:
		h.q.warn(h.field.title(), "media.remote", "name", shorten(name))
		return lostText(alt, name)
	}
	if err == nil {
		return mediaText(alt, id)
	}
	h.q.problems = append(h.q.problems, h.q.at.refusedFile(h.field.title(), name, err))
	return lostText(alt, name)
}

// marks replaces Markdown's ![alt](@@PLUGINFILE@@/name).
func (h *htmlText) marks(raw string) string {
	for from := 0; ; {
		i := strings.Index(raw[from:], "]("+pluginFile)
		if i < 0 {
			return raw
		}
		i += from
		open := strings.LastIndex(raw[:i], "![")
		end := strings.IndexByte(raw[i:], ')')
		if open < 0 || end < 0 {
			return raw
		}
		mark := h.file(raw[i+2:i+end], raw[open+2:i])
		raw, from = raw[:open]+mark+raw[i+end+1:], open+len(mark)
	}
}

// attachment is a <file> of an element, taken in when it is first shown.
type attachment struct {
	element *xmlNode
	taken   bool
	id      string
	err     error
}

// attached takes in a <file> of an element by name, once however often it is shown.
func (q *moodleQuestion) attached(n *xmlNode, name string) (id string, err error) {
	if q.attachments == nil {
		q.attachments = map[*xmlNode]map[string]*attachment{}
	}
	list := q.attachments[n]
	if list == nil {
		list = map[string]*attachment{}
		for _, f := range n.all("file") {
			one := &attachment{element: f}
			for _, known := range []string{f.attr("name"), strings.TrimPrefix(f.attr("path"), "/") + f.attr("name")} {
				if list[known] == nil {
					list[known] = one
				}
			}
		}
		q.attachments[n] = list
	}
	f := list[name]
	if f == nil {
		return "", errNoFile(path.Base(name))
	}
	if !f.taken {
		f.taken = true
		f.id, f.err = q.encoded(name, f.element.exact())
	}
	return f.id, f.err
}

// encoded takes in a file that is written in base64.
func (q *moodleQuestion) encoded(name, body string) (id string, err error) {
	data, err := unbase64(body)
	if err != nil {
		return "", err
	}
	return q.files.add(name, data)
}

func unbase64(s string) ([]byte, error) {
	s = strings.TrimRight(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s), "=")
	data, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, "media.broken", err)
	}
	return data, nil
}

// drop notes markup that has no place in our texts.
func (q *moodleQuestion) drop(what string) {
	if !slices.Contains(q.dropped, what) {
		q.dropped = append(q.dropped, what)
	}
}
