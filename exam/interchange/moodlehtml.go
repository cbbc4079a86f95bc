package interchange

import (
	"encoding/base64"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"qiming/exam/question"
	"qiming/media"
)

var xmlSpecial = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "\t", "&#9;", "\n", "&#10;")

func xmlText(s string) string { return xmlSpecial.Replace(s) }

// cdata wraps HTML, in which ">" of a text is always &gt;.
func cdata(s string) string {
	if s == "" {
		return ""
	}
	return "<![CDATA[" + strings.ReplaceAll(s, "]]>", "]]&gt;") + "]]>"
}

var (
	htmlSpecial = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\n", "<br>", "  ", " &nbsp;")
	superscript = regexp.MustCompile(`\\\(\{\}([\^_])\{([^{}\\<>&]*)\}\\\)`)
)

// html gives a text as HTML, and the <file> elements of what it shows.
func (w *moodleWriter) html(s string) (body, files string, err error) {
	if s == "" {
		return "", "", nil
	}
	inner, files, err := w.inline(s)
	return "<p>" + inner + "</p>", files, err
}

// inline is html without a paragraph.
func (w *moodleWriter) inline(s string) (body, files string, err error) {
	var b, attached strings.Builder
	names := map[string]string{} // of the files in this text -> id
	words := func(s string) {
		s = htmlSpecial.Replace(s)
		b.WriteString(superscript.ReplaceAllStringFunc(s, func(mark string) string {
			m := superscript.FindStringSubmatch(mark)
			tag := map[string]string{"^": "sup", "_": "sub"}[m[1]]
			return "<" + tag + ">" + m[2] + "</" + tag + ">"
		}))
	}
	from := 0
	for _, m := range mediaMark.FindAllStringSubmatchIndex(s, -1) {
		words(s[from:m[0]])
		from = m[1]
		alt, id := s[m[2]:m[3]], s[m[4]:m[5]]
		f, err := w.file(id)
		if err != nil {
			return "", "", err
		}
		if f.ID == "" {
			words(lostText(alt, id[:8]))
			continue
		}
		name := f.Name
		if other, taken := names[name]; taken && other != id {
			name = id[:8] + "-" + name
		}
		if _, again := names[name]; !again {
			names[name] = id
			attached.WriteString(fileElement(name, f))
		}
		b.WriteString(shownFile(f, name, alt))
	}
	words(s[from:])
	return b.String(), attached.String(), nil
}

func fileElement(name string, f File) string {
	return "<file name=\"" + xmlText(name) + "\" path=\"/\" encoding=\"base64\">" + base64.StdEncoding.EncodeToString(f.Data) + "</file>"
}

// marked gives a plain text with Markdown marks of its files, and their elements.
func (w *moodleWriter) marked(s string) (text, files string, err error) {
	text = mediaMark.ReplaceAllStringFunc(s, func(mark string) string {
		m := mediaMark.FindStringSubmatch(mark)
		f, bad := w.file(m[2])
		if bad != nil {
			err = bad
		}
		if f.ID == "" {
			return lostText(m[1], m[2][:8])
		}
		name := f.ID[:8] + f.Kind.Extension // apart from the names of the left side
		files += fileElement(name, f)
		return "![" + m[1] + "](" + pluginFile + name + ")"
	})
	return text, files, err
}

// shownFile gives the HTML that shows a file, as far as Moodle can.
func shownFile(f File, name, alt string) string {
	src := pluginFile + url.PathEscape(name)
	switch f.Kind.Class {
	case media.Image:
		return `<img src="` + src + `" alt="` + html.EscapeString(alt) + `">`
	case media.Audio:
		return `<audio controls title="` + html.EscapeString(alt) + `" src="` + src + `"></audio>`
	}
	return `<a href="` + src + `">` + html.EscapeString(alt) + `</a>`
}

// clozeSigns are written as characters by number within a gap, so that none of them ends anything.
var clozeSigns = strings.NewReplacer(`\`, "&#92;", "}", "&#125;", "{", "&#123;", "~", "&#126;", "=", "&#61;", "%", "&#37;", "/", "&#47;", `"`, "&#34;")

// gapText gives a text within a gap of Moodle's embedded answers.
func (w *moodleWriter) gapText(s string) (body, files string, err error) {
	var b strings.Builder
	from := 0
	piece := func(s string) {
		b.WriteString(clozeSigns.Replace(strings.ReplaceAll(htmlSpecial.Replace(s), "#", "&#35;")))
	}
	for _, m := range mediaMark.FindAllStringIndex(s, -1) {
		piece(s[from:m[0]])
		shown, attached, err := w.inline(s[m[0]:m[1]])
		if err != nil {
			return "", "", err
		}
		b.WriteString(strings.NewReplacer("#", "&#35;", "~", "&#126;", "}", "&#125;").Replace(shown))
		files += attached
		from = m[1]
	}
	piece(s[from:])
	return b.String(), files, nil
}

// cloze writes a text with embedded answers: of a cloze, or of blanks.
func (w *moodleWriter) cloze(c question.Content) error {
	subs := c.Subs
	if c.Kind == question.Blanks {
		for _, b := range c.Blanks {
			subs = append(subs, question.Sub{Weight: b.Weight, Content: question.Content{Kind: question.Blanks, MatchCase: c.MatchCase, Blanks: []question.Blank{b}}})
		}
	}
	var body, files strings.Builder
	n, from := 0, 0
	text := func(s string) error {
		inner, attached, err := w.inline(s)
		body.WriteString(strings.ReplaceAll(inner, "{", "&#123;"))
		files.WriteString(attached)
		return err
	}
	for _, m := range giftGap.FindAllStringIndex(c.Stem, -1) {
		if n == len(subs) {
			break
		}
		if err := text(c.Stem[from:m[0]]); err != nil {
			return err
		}
		gap, attached, err := w.gap(subs[n])
		if err != nil {
			return err
		}
		body.WriteString(gap)
		files.WriteString(attached)
		from = m[1]
		n++
	}
	if err := text(c.Stem[from:]); err != nil {
		return err
	}
	w.b.WriteString("<questiontext format=\"html\"><text>" + cdata("<p>"+body.String()+"</p>") + "</text>" + files.String() + "</questiontext>\n")
	return nil
}

// gap writes one embedded answer.
func (w *moodleWriter) gap(sub question.Sub) (text, files string, err error) {
	weight := "1"
	if sub.Weight >= 1 && sub.Weight == float64(int(sub.Weight)) {
		weight = strconv.Itoa(int(sub.Weight))
	}
	c := sub.Content
	var parts []string
	add := func(mark, text, feedback string) {
		body, attached, bad := w.gapText(text)
		note, more, worse := w.gapText(feedback)
		for _, e := range []error{bad, worse} {
			if e != nil {
				err = e
			}
		}
		if files += attached + more; note != "" {
			body += "#" + note
		}
		parts = append(parts, mark+body)
	}
	kind := "SHORTANSWER"
	switch {
	case c.Kind == question.Single:
		kind = "MULTICHOICE"
		if !c.KeepOrder {
			kind = "MULTICHOICE_S"
		}
		for i, f := range moodleFractions(c) {
			mark := "%" + number(f) + "%"
			if f == 100 {
				mark = "="
			} else if f == 0 {
				mark = ""
			}
			add(mark, c.Options[i].Text, c.Options[i].Feedback)
		}
	case c.Kind == question.Numerical:
		kind = "NUMERICAL"
		for _, r := range c.Ranges {
			middle, tolerance := rangeMiddle(r)
			mark := "="
			if r.Weight > 0 && r.Weight < 1 {
				mark = "%" + number(100*r.Weight) + "%"
			}
			add(mark, middle+":"+tolerance, r.Feedback)
		}
	case len(c.Blanks) == 1 && c.Blanks[0].Number:
		kind = "NUMERICAL"
		for _, a := range c.Blanks[0].Accept {
			if a = giftDigits(a); a != "" {
				add("=", a+":"+number(c.Blanks[0].Tolerance), "")
			}
		}
	default:
		if c.MatchCase {
			kind = "SHORTANSWER_C"
		}
		for _, b := range c.Blanks[:min(1, len(c.Blanks))] {
			for _, a := range b.Accept {
				add("=", a, "")
			}
		}
	}
	return "{" + weight + ":" + kind + ":" + strings.Join(parts, "~") + "}", files, err
}
