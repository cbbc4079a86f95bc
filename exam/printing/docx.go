package printing

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"qiming/exam/question"
)

// Placement says where the right answers of a paper that holds them stand.
type Placement string

// The places.
const (
	Beneath Placement = "beneath" // each under its item
	AtEnd   Placement = "end"     // on a key sheet of their own
)

// Picture is a file that the texts show, ready to embed.
type Picture struct {
	Type          string // image/png, image/jpeg or image/gif
	Data          []byte
	Width, Height int // pixels
}

// Word says how a Word file is made.
type Word struct {
	Keys     Placement          // of a paper that holds keys; "" = beneath
	Sheet    bool               // with an answer sheet
	Pictures map[string]Picture // by the id of the file
	Sounds   map[string]bool    // files that are to be played, by id
	Others   map[string]string  // other files that paper cannot show, by id: "图片“图.png”"
}

// WriteWord writes the paper as a Word file (Office Open XML, ECMA-376): A4, 仿宋 text and 黑体 heads, the
// number of the page in the footer. Formulas stand as their TeX source: Word has no TeX, and turning it into
// OMML would need a formula engine. The same paper always gives the same bytes.
func WriteWord(w io.Writer, p Paper, word Word) error {
	d := &docx{word: word, used: map[string]string{}}
	d.paper(p)
	z := zip.NewWriter(w)
	parts := []struct{ name, text string }{
		{"[Content_Types].xml", contentTypes},
		{"_rels/.rels", packageRels},
		{"word/document.xml", documentOpen + d.body.String() + documentClose},
		{"word/styles.xml", styles},
		{"word/settings.xml", settings},
		{"word/footer1.xml", strings.Replace(footer, "{title}", escaped(p.Head.Footer), 1)},
		{"word/_rels/document.xml.rels", d.rels()},
	}
	for _, part := range parts {
		if err := put(z, part.name, []byte(part.text)); err != nil {
			return err
		}
	}
	for _, file := range d.files {
		if err := put(z, "word/"+file.name, file.data); err != nil {
			return err
		}
	}
	return z.Close()
}

// put adds a part without a time, so that equal papers are equal files.
func put(z *zip.Writer, name string, data []byte) error {
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// docx collects the body of the document and the pictures that it shows.
type docx struct {
	word  Word
	body  bytes.Buffer
	used  map[string]string // id of a file to its relationship
	files []struct {
		name string
		data []byte
	}
	drawn int
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(clean(text))) // a Builder takes everything
	return b.String()
}

// clean drops what XML 1.0 cannot hold.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF || r == '\uFFFD' {
			return -1
		}
		return r
	}, text)
}

func (d *docx) paper(p Paper) {
	d.heads(p.Head)
	if d.word.Sheet {
		d.paragraph("Facts", "", p.Head.SheetNote)
	}
	for _, section := range p.Sections {
		d.paragraph("Heading1", "", section.Heading)
		if section.Instructions != "" {
			d.paragraph("Note", `<w:keepNext/>`, section.Instructions)
		}
		for _, item := range section.Items {
			d.item(item)
			if item.Key != nil && d.word.Keys != AtEnd {
				d.key("", *item.Key)
			}
		}
	}
	if d.word.Sheet {
		d.sheet(p)
	}
	if p.Keyed && d.word.Keys == AtEnd {
		d.pageTitle(p.Head.KeyTitle, p.Head)
		for _, section := range p.Sections {
			d.paragraph("Heading1", "", section.Heading)
			for _, item := range section.Items {
				if item.Key != nil {
					d.key(fmt.Sprintf("%d. ", item.Number), *item.Key)
				}
			}
		}
	}
}

func (d *docx) heads(h Head) {
	if h.Organisation != "" {
		d.paragraph("Organisation", "", h.Organisation)
	}
	d.paragraph("Title", "", h.Name)
	d.paragraph("Facts", "", strings.Join(h.Facts, "　　"))
	fields := make([]string, len(h.Fields))
	for i, field := range h.Fields {
		fields[i] = field + "：" + rule + "__"
	}
	d.paragraph("Facts", "", strings.Join(fields, "　"))
}

func (d *docx) pageTitle(title string, h Head) {
	d.paragraph("Title", `<w:pageBreakBefore/>`, title)
	d.paragraph("Facts", "", h.Name)
}

// item writes an item; its paragraphs keep together as far as a page holds them.
func (d *docx) item(item Item) {
	if item.Passage != "" {
		d.paragraph("Note", `<w:keepNext/>`, item.PassageNote)
		d.paragraph("Passage", "", item.Passage)
	}
	const keep = `<w:keepNext/><w:keepLines/>`
	tail := [][3]string{{"Item", "", fmt.Sprintf("%d. %s%s", item.Number, item.Stem, item.Points)}}
	for _, row := range rows(item.Options, item.Columns) {
		tail = append(tail, [3]string{"Options", tabs(item.Columns), row})
	}
	for i := range max(len(item.Lefts), len(item.Rights)) {
		text := ""
		if i < len(item.Lefts) {
			text = item.Lefts[i].Mark + " " + item.Lefts[i].Text
		}
		text += "\t"
		if i < len(item.Rights) {
			text += item.Rights[i].Mark + ". " + item.Rights[i].Text
		}
		tail = append(tail, [3]string{"Options", tabs(2), text})
	}
	for _, gap := range item.Gaps {
		text := gap.Mark
		for _, option := range gap.Options {
			text += " " + marked(option) + "　"
		}
		tail = append(tail, [3]string{"Options", "", text})
	}
	for _, note := range item.Notes {
		tail = append(tail, [3]string{"Note", "", "（" + note + "）"})
	}
	if item.Reply != "" && !d.word.Sheet {
		tail = append(tail, [3]string{"Options", "", item.Reply})
	}
	for i, p := range tail {
		more := p[1] + `<w:keepLines/>`
		if i < len(tail)-1 {
			more = p[1] + keep
		}
		d.paragraph(p[0], more, p[2])
	}
	if d.word.Sheet {
		return // one place to write, or takers would not know which counts
	}
	for range item.Lines {
		d.paragraph("Writing", "", "")
	}
}

func marked(l Line) string {
	if l.Mark == "" {
		return l.Text
	}
	return l.Mark + ". " + l.Text
}

// rows puts options side by side, parted by tabs.
func rows(options []Line, columns int) []string {
	var list []string
	for i, o := range options {
		if columns < 2 || i%columns == 0 {
			list = append(list, marked(o))
			continue
		}
		list[len(list)-1] += "\t" + marked(o)
	}
	return list
}

// tabs sets the stops of columns over the width of the text, in twentieths of a point.
func tabs(columns int) string {
	if columns < 2 {
		return ""
	}
	const indent, textWidth = 420, 9638
	var b strings.Builder
	b.WriteString("<w:tabs>")
	for i := 1; i < columns; i++ {
		fmt.Fprintf(&b, `<w:tab w:val="left" w:pos="%d"/>`, indent+i*(textWidth-indent)/columns)
	}
	b.WriteString("</w:tabs>")
	return b.String()
}

func (d *docx) key(before string, k Key) {
	for i, line := range k.Lines {
		if i == 0 {
			line = before + line
		}
		d.paragraph("Key", `<w:keepLines/>`, line)
	}
}

// sheet writes a page to answer on: boxes for letters, lines for the rest.
func (d *docx) sheet(p Paper) {
	d.pageTitle(p.Head.SheetTitle, p.Head)
	fields := make([]string, len(p.Head.Fields))
	for i, field := range p.Head.Fields {
		fields[i] = field + "：" + rule + "__"
	}
	d.paragraph("Facts", "", strings.Join(fields, "　"))
	for _, section := range p.Sections {
		d.paragraph("Heading1", "", section.Heading)
		var boxes []Item
		flush := func() {
			for len(boxes) > 0 {
				n := min(10, len(boxes))
				d.boxes(boxes[:n])
				boxes = boxes[n:]
			}
		}
		for _, item := range section.Items {
			if item.Mark == Letters && item.Kind != question.Matching && item.Kind != question.Ordering {
				boxes = append(boxes, item)
				continue
			}
			flush()
			text := fmt.Sprintf("%d. %s%s%s", item.Number, rule, rule, rule)
			if item.Places > 1 {
				text = fmt.Sprintf("%d.", item.Number)
				for place := range item.Places {
					text += fmt.Sprintf("　(%d)%s", place+1, rule)
				}
			}
			if item.Reply != "" {
				text = fmt.Sprintf("%d. %s", item.Number, item.Reply)
			}
			if item.Lines > 0 {
				text = fmt.Sprintf("%d.", item.Number)
			}
			d.paragraph("Item", "", text)
			for range item.Lines {
				d.paragraph("Writing", "", "")
			}
		}
		flush()
	}
}

// boxes writes a table: numbers above, room for letters below.
func (d *docx) boxes(items []Item) {
	d.body.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders><w:top w:val="single" w:sz="4"/><w:left w:val="single" w:sz="4"/><w:bottom w:val="single" w:sz="4"/><w:right w:val="single" w:sz="4"/><w:insideH w:val="single" w:sz="4"/><w:insideV w:val="single" w:sz="4"/></w:tblBorders></w:tblPr><w:tblGrid>`)
	for range items {
		d.body.WriteString(`<w:gridCol w:w="960"/>`)
	}
	d.body.WriteString(`</w:tblGrid>`)
	for row := range 2 {
		d.body.WriteString(`<w:tr><w:trPr><w:cantSplit/></w:trPr>`)
		for _, item := range items {
			text := ""
			if row == 0 {
				text = fmt.Sprint(item.Number)
			}
			d.body.WriteString(`<w:tc><w:tcPr><w:tcW w:w="960" w:type="dxa"/></w:tcPr>`)
			d.paragraph("Box", "", text)
			d.body.WriteString(`</w:tc>`)
		}
		d.body.WriteString(`</w:tr>`)
	}
	d.body.WriteString(`</w:tbl>`)
	d.paragraph("Facts", "", "")
}
