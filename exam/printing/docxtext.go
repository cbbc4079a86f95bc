package printing

import (
	"cmp"
	"fmt"
	"strings"
)

// paragraph writes a paragraph of a style; more are properties of its own, in the order of the schema. Line
// breaks within the text stay.
func (d *docx) paragraph(style, more, text string) {
	fmt.Fprintf(&d.body, `<w:p><w:pPr><w:pStyle w:val="%s"/>%s</w:pPr>`, style, ordered(more))
	if text != "" {
		for _, span := range Spans(text) {
			d.span(span)
		}
	}
	d.body.WriteString(`</w:p>`)
}

// ordered puts paragraph properties into the order that the schema wants: keepNext, keepLines,
// pageBreakBefore, tabs.
func ordered(more string) string {
	var b strings.Builder
	for _, name := range []string{"<w:keepNext/>", "<w:keepLines/>", "<w:pageBreakBefore/>"} {
		if strings.Contains(more, name) {
			b.WriteString(name)
			more = strings.ReplaceAll(more, name, "")
		}
	}
	return b.String() + more
}

func (d *docx) span(s Span) {
	switch {
	case s.Media != "":
		d.media(s)
	case s.TeX != "":
		if s.Display {
			d.body.WriteString(`<w:r><w:br/></w:r>`)
		}
		if math, ok := officeMath(s.TeX); ok {
			d.body.WriteString(math)
		} else { // as it was written
			fmt.Fprintf(&d.body, `<w:r><w:rPr><w:rStyle w:val="Formula"/></w:rPr><w:t xml:space="preserve">%s</w:t></w:r>`, escaped(s.TeX))
		}
		if s.Display {
			d.body.WriteString(`<w:r><w:br/></w:r>`)
		}
	default:
		d.text(s.Text)
	}
}

func (d *docx) text(text string) {
	for i, line := range strings.Split(text, "\n") {
		if i > 0 {
			d.body.WriteString(`<w:r><w:br/></w:r>`)
		}
		for j, piece := range strings.Split(line, "\t") {
			if j > 0 {
				d.body.WriteString(`<w:r><w:tab/></w:r>`)
			}
			if piece != "" {
				fmt.Fprintf(&d.body, `<w:r><w:t xml:space="preserve">%s</w:t></w:r>`, escaped(piece))
			}
		}
	}
}

// The most that a picture takes of a page, in English Metric Units (914,400 an inch); a pixel is 1/96 inch.
const (
	emuPixel  = 9525
	emuWidth  = 5400000 // 15 cm
	emuHeight = 6480000 // 18 cm
)

// media shows a picture; what paper cannot show is named.
func (d *docx) media(s Span) {
	p, ok := d.word.Pictures[s.Media]
	if !ok || p.Width < 1 || p.Height < 1 {
		if d.word.Sounds[s.Media] {
			d.text("［录音：" + cmp.Or(s.Alt, "录音") + "，请播放］")
			return
		}
		name := d.word.Others[s.Media]
		if name == "" {
			name = "文件"
		}
		if s.Alt != "" {
			name += "，" + s.Alt
		}
		d.text("〔" + name + "，纸面不能呈现〕")
		return
	}
	rel, ok := d.used[s.Media]
	if !ok {
		extension := map[string]string{"image/jpeg": "jpg", "image/gif": "gif"}[p.Type]
		if extension == "" {
			extension = "png"
		}
		rel = fmt.Sprintf("rIdPicture%d", len(d.files)+1)
		d.used[s.Media] = rel
		d.files = append(d.files, struct {
			name string
			data []byte
		}{fmt.Sprintf("media/image%d.%s", len(d.files)+1, extension), p.Data})
	}
	width, height := p.Width*emuPixel, p.Height*emuPixel
	if width > emuWidth {
		width, height = emuWidth, int(int64(height)*emuWidth/int64(width))
	}
	if height > emuHeight {
		width, height = int(int64(width)*emuHeight/int64(height)), emuHeight
	}
	d.drawn++
	alt := escaped(s.Alt)
	fmt.Fprintf(&d.body, `<w:r><w:br/><w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="%d" cy="%d"/>`+
		`<wp:docPr id="%d" name="图%d" descr="%s"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">`+
		`<pic:pic><pic:nvPicPr><pic:cNvPr id="%d" name="图%d"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="%s"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>`+
		`<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%d" cy="%d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>`+
		`</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>`,
		max(width, 1), max(height, 1), d.drawn, d.drawn, alt, d.drawn, d.drawn, rel, max(width, 1), max(height, 1))
}

func (d *docx) rels() string {
	var b strings.Builder
	b.WriteString(xmlHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="rIdStyles" Type="` + officeRel + `styles" Target="styles.xml"/>` +
		`<Relationship Id="rIdSettings" Type="` + officeRel + `settings" Target="settings.xml"/>` +
		`<Relationship Id="rIdFooter" Type="` + officeRel + `footer" Target="footer1.xml"/>`)
	for i, file := range d.files {
		fmt.Fprintf(&b, `<Relationship Id="rIdPicture%d" Type="%simage" Target="%s"/>`, i+1, officeRel, file.name)
	}
	b.WriteString(`</Relationships>`)
	return b.String()
}
