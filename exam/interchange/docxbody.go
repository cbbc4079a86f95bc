package interchange

import (
	"encoding/xml"
	"io"
	"path"
	"strconv"
	"strings"
)

// read walks over the document.
func (w *docxWalker) read() error {
	for {
		start, err := w.r.next()
		if err == nil {
			err = w.body(start)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// each hands the children of the open element to take, which must consume each (or skip it), and its text to words.
func (w *docxWalker) each(take func(xml.StartElement) error, words func(string)) error {
	if w.depth++; w.depth > maxXMLDepth {
		return errXMLDepth
	}
	defer func() { w.depth-- }()
	for {
		token, err := w.r.token()
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		if err != nil {
			return err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := take(t); err != nil {
				return err
			}
		case xml.EndElement:
			return nil
		case xml.CharData:
			if words != nil {
				words(string(t))
			}
		}
	}
}

// skip passes over an element. It holds no stack: what is skipped may be nested deeply.
func (w *docxWalker) skip() error { return w.r.d.Skip() }

func attrOf(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// body takes blocks wherever they stand: in the body, in content controls, in inserted text.
func (w *docxWalker) body(t xml.StartElement) error {
	switch t.Name.Local {
	case "p":
		p, err := w.paragraph()
		if err == nil {
			w.blocks = append(w.blocks, p)
		}
		return err
	case "tbl":
		return w.table()
	case "sectPr", "del", "moveFrom", "sdtPr", "Fallback":
		return w.skip()
	}
	return w.each(w.body, nil)
}

// table takes the rows of a table as texts. A table within a cell is text of that cell.
func (w *docxWalker) table() error {
	b := docxBlock{number: w.count + 1}
	var cell *strings.Builder
	var inside func(xml.StartElement) error
	inside = func(t xml.StartElement) error {
		switch t.Name.Local {
		case "tr":
			b.rows = append(b.rows, docxRow{number: w.count + 1})
		case "tc":
			cell = &strings.Builder{}
			if err := w.each(inside, nil); err != nil {
				return err
			}
			if n := len(b.rows); n > 0 && len(b.rows[n-1].cells) < maxColumns {
				b.rows[n-1].cells = append(b.rows[n-1].cells, tidyText(cell.String()))
			}
			cell = &strings.Builder{}
			return nil
		case "p":
			p, err := w.paragraph()
			if cell != nil && p.text != "" {
				if cell.Len() > 0 {
					cell.WriteByte('\n')
				}
				cell.WriteString(p.text)
			}
			return err
		case "tbl":
			outer, kept := cell, len(w.blocks)
			if err := w.table(); err != nil {
				return err
			}
			if len(w.blocks) > kept {
				inner := w.blocks[kept]
				w.blocks = w.blocks[:kept]
				if outer != nil {
					outer.WriteString("\n" + inner.rowsText())
				}
			}
			cell = outer
			return nil
		case "tblPr", "tblGrid", "trPr", "tcPr", "del", "moveFrom", "Fallback":
			return w.skip()
		}
		return w.each(inside, nil)
	}
	if err := w.each(inside, nil); err != nil {
		return err
	}
	w.blocks = append(w.blocks, b)
	return nil
}

// rowsText writes a table inside a text: a line a row.
func (b docxBlock) rowsText() string {
	out := make([]string, 0, len(b.rows))
	for _, r := range b.rows {
		out = append(out, strings.ReplaceAll(strings.Join(r.cells, " | "), "\n", " "))
	}
	return strings.Join(out, "\n")
}

// run is the look of a stretch of text that says something here.
type docxRun struct {
	underline, hidden bool
	align             string // superscript, subscript
}

// docxText collects the text of a paragraph.
type docxText struct {
	strings.Builder
	gap  []rune // underlined spaces at the end, not yet written
	open bool   // the text at the end is underlined
}

// Marks around an underlined text: where a gap shows its answer. They are of Unicode's private use area.
const (
	underOpen  = '\ue010'
	underClose = '\ue011'
)

func (p *docxText) put(s string, r docxRun) {
	switch {
	case s == "" || r.hidden:
		return
	case r.underline && strings.Trim(s, " \u00a0\u3000\t_＿") == "":
		if !p.open {
			p.gap = append(p.gap, []rune(s)...)
			return
		}
	case r.underline:
		if !p.open {
			p.settle()
			p.WriteRune(underOpen)
			p.open = true
		}
	default:
		p.settle()
	}
	if r.align == "superscript" || r.align == "subscript" {
		s = script(map[string]string{"superscript": "sup", "subscript": "sub"}[r.align], s)
	}
	p.WriteString(s)
}

// settle ends an underlined text, and writes underlined spaces as a gap.
func (p *docxText) settle() {
	if p.open {
		p.WriteRune(underClose)
		p.open = false
	}
	if len(p.gap) >= 2 {
		p.WriteString("____")
	} else {
		p.WriteString(string(p.gap))
	}
	p.gap = nil
}

// paragraph reads a paragraph with all that is inside.
func (w *docxWalker) paragraph() (docxBlock, error) {
	w.count++
	b := docxBlock{number: w.count}
	var text docxText
	var list listPlace
	boxes := []string{}
	var inside func(xml.StartElement) error
	inside = func(t xml.StartElement) error {
		switch t.Name.Local {
		case "pPr":
			return w.each(func(t xml.StartElement) error {
				switch t.Name.Local {
				case "pStyle":
					list.style = attrOf(t, "val")
				case "outlineLvl":
					if n, err := strconv.Atoi(attrOf(t, "val")); err == nil && n >= 0 && n < 9 {
						b.heading = n + 1
					}
				case "numPr":
					return w.each(func(t xml.StartElement) error {
						switch t.Name.Local {
						case "ilvl":
							list.level, _ = strconv.Atoi(attrOf(t, "val"))
						case "numId":
							list.num, list.named = attrOf(t, "val"), true
						}
						return w.skip()
					}, nil)
				}
				return w.skip()
			}, nil)
		case "r":
			return w.run(&text, &boxes, inside)
		case "oMath":
			n, err := w.r.element(t)
			if err == nil {
				text.settle()
				text.WriteString(w.math(n))
			}
			return err
		case "del", "moveFrom", "Fallback", "instrText", "sdtPr", "rt":
			return w.skip()
		case "p": // within a text box
			p, err := w.paragraph()
			boxes = append(boxes, p.text)
			return err
		case "drawing", "pict", "object":
			return w.drawing(&text, &boxes)
		}
		return w.each(inside, nil)
	}
	if err := w.each(inside, nil); err != nil {
		return b, err
	}
	text.settle()
	b.text = tidyText(joinLines(append([]string{text.String()}, boxes...)...))
	label, heading := w.numbers.label(list)
	if b.heading == 0 {
		b.heading = heading
	}
	if label != "" && b.text != "" {
		b.text, b.auto = label+" "+b.text, true
	}
	return b, nil
}

// run reads a run. What a run holds besides text is read as in a paragraph.
func (w *docxWalker) run(text *docxText, boxes *[]string, rest func(xml.StartElement) error) error {
	var look docxRun
	return w.each(func(t xml.StartElement) error {
		switch t.Name.Local {
		case "rPr":
			return w.each(func(t xml.StartElement) error {
				on := attrOf(t, "val") != "0" && attrOf(t, "val") != "false" && attrOf(t, "val") != "none"
				switch t.Name.Local {
				case "u":
					look.underline = on
				case "vanish":
					look.hidden = on
				case "vertAlign":
					look.align = attrOf(t, "val")
				}
				return w.skip()
			}, nil)
		case "t":
			keep := attrOf(t, "space") == "preserve"
			var s strings.Builder
			err := w.each(func(xml.StartElement) error { return w.skip() }, func(words string) { s.WriteString(words) })
			out := s.String()
			if !keep {
				out = strings.Trim(out, " \t\r\n")
			}
			text.put(strings.ReplaceAll(out, "\n", " "), look)
			return err
		case "tab", "ptab":
			text.put("\t", look)
		case "br", "cr":
			text.put("\n", docxRun{})
		case "noBreakHyphen":
			text.put("-", look)
		case "sym":
			text.put(symbol(attrOf(t, "font"), attrOf(t, "char")), look)
		case "footnoteReference", "endnoteReference":
			w.once("docx.notes")
		case "instrText":
			var s strings.Builder
			err := w.each(func(xml.StartElement) error { return w.skip() }, func(words string) { s.WriteString(words) })
			if code := strings.TrimSpace(s.String()); strings.HasPrefix(strings.ToUpper(code), "EQ ") {
				w.note("docx.formula", "text", shorten(code))
			}
			return err
		case "delText", "delInstrText", "annotationRef", "lastRenderedPageBreak":
		default:
			return restIn(w, t, text, boxes, rest)
		}
		return w.skip()
	}, nil)
}

func restIn(w *docxWalker, t xml.StartElement, text *docxText, boxes *[]string, rest func(xml.StartElement) error) error {
	if t.Name.Local == "drawing" || t.Name.Local == "pict" || t.Name.Local == "object" {
		return w.drawing(text, boxes)
	}
	return rest(t)
}

// symbol gives the character that a symbol font shows: ticks, crosses and boxes.
func symbol(font, char string) string {
	n, err := strconv.ParseUint(char, 16, 32)
	if err != nil {
		return ""
	}
	switch code := n & 0xff; {
	case font == "Wingdings" && (code == 0xfc || code == 0xfe), font == "Wingdings 2" && (code == 0x50 || code == 0x52), font == "Symbol" && code == 0xd6:
		return "√"
	case font == "Wingdings" && (code == 0xfb || code == 0xfd), font == "Wingdings 2" && (code == 0x4f || code == 0x51), font == "Symbol" && code == 0xb4:
		return "×"
	case n < 0xf000:
		return string(rune(n))
	}
	return ""
}

// drawing takes the picture of a drawing, and the paragraphs of a text box.
func (w *docxWalker) drawing(text *docxText, boxes *[]string) error {
	alt, embed, formula := "", "", false
	var inside func(xml.StartElement) error
	inside = func(t xml.StartElement) error {
		switch t.Name.Local {
		case "docPr":
			alt = first(attrOf(t, "descr"), alt)
		case "blip":
			embed = first(attrOf(t, "embed"), embed)
		case "imagedata":
			embed, alt = first(attrOf(t, "id"), embed), first(alt, attrOf(t, "title"))
		case "OLEObject":
			formula = strings.Contains(attrOf(t, "ProgID"), "Equation")
		case "Fallback", "del", "moveFrom":
			return w.skip()
		case "p":
			p, err := w.paragraph()
			*boxes = append(*boxes, p.text)
			return err
		}
		return w.each(inside, nil)
	}
	if err := w.each(inside, nil); err != nil {
		return err
	}
	if formula {
		w.note("docx.formula", "text", "MathType")
	}
	if embed != "" {
		text.settle()
		text.WriteString(w.picture(embed, alt))
	}
	return nil
}

// picture takes a picture of the document along.
func (w *docxWalker) picture(id, alt string) string {
	name := w.targets[id]
	err := errNoFile(id)
	if name != "" {
		data, found, failed := w.archive.read(name, MaxFile)
		if found {
			mark := ""
			if err = failed; err == nil {
				if mark, err = w.media.add(name, data); err == nil {
					return mediaText(alt, mark)
				}
			}
		}
	}
	w.lost = append(w.lost, place{row: w.count, unit: DOCX.unit()}.refusedFile("", first(path.Base(name), id), err))
	return lostText(alt, first(path.Base(name), id))
}
