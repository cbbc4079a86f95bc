package interchange

import (
	"encoding/xml"
	"slices"
	"strings"

	"qiming/exam/question"
)

// qtiVersion is a version of QTI as it is written.
type qtiVersion struct {
	format                Format
	kebab                 bool   // names of QTI 3: qti-simple-choice
	prefix                string // of the elements of the metadata
	namespace, schema     string
	manifest, packageXSD  string
	lomXSD                string
	schemaName, schemaNo  string
	itemKind, stimuliKind string
	templates, suffix     string // of the addresses of responseProcessing templates
}

const lomNS = "http://ltsc.ieee.org/xsd/LOM"

func qti22() qtiVersion {
	return qtiVersion{format: QTI22,
		namespace: "http://www.imsglobal.org/xsd/imsqti_v2p2", schema: "http://www.imsglobal.org/xsd/qti/qtiv2p2/imsqti_v2p2.xsd",
		manifest: "http://www.imsglobal.org/xsd/imscp_v1p1", packageXSD: "http://www.imsglobal.org/xsd/qti/qtiv2p2/qtiv2p2_imscpv1p2_v1p0.xsd",
		lomXSD: "http://www.imsglobal.org/xsd/imsmd_loose_v1p3p2.xsd", schemaName: "QTIv2.2 Package", schemaNo: "1.0.0",
		itemKind: "imsqti_item_xmlv2p2", stimuliKind: "imsqti_stimulus_xmlv2p2", templates: "http://www.imsglobal.org/question/qti_v2p2/rptemplates/"}
}

func qti30() qtiVersion {
	return qtiVersion{format: QTI30, kebab: true,
		namespace: "http://www.imsglobal.org/xsd/imsqtiasi_v3p0", schema: "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqti_asiv3p0_v1p0.xsd",
		manifest: "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1", packageXSD: "https://purl.imsglobal.org/spec/qti/v3p0/schema/xsd/imsqtiv3p0_imscpv1p2_v1p0.xsd",
		lomXSD: "https://purl.imsglobal.org/spec/md/v1p3/schema/xsd/imsmd_loose_v1p3p2.xsd", schemaName: "QTI Package", schemaNo: "3.0.0",
		itemKind: "imsqti_item_xmlv3p0", stimuliKind: "imsqti_stimulus_xmlv3p0", templates: "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/", suffix: ".xml"}
}

// document writes a node as a document of its own.
func (v qtiVersion) document(n *xmlNode) []byte {
	var b strings.Builder
	b.WriteString(xml.Header)
	head := el(n.name, []string{"xmlns", v.namespace, "xmlns:xsi", schemaInstance, "xsi:schemaLocation", v.namespace + " " + v.schema})
	head.attrs = append(head.attrs, n.attrs...)
	head.kids = n.kids
	v.print(&b, head, 0)
	b.WriteByte('\n')
	return []byte(b.String())
}

// plainElement says whether an element has its name from HTML, not from QTI.
func plainElement(name string) bool {
	switch name {
	case "p", "br", "img", "object", "audio", "ul", "li", "div":
		return true
	}
	return false
}

// laidOut says whether the children of an element stand on lines of their own: no text does between them.
func laidOut(n *xmlNode) bool {
	switch n.name {
	case "p", "prompt", "simpleChoice", "inlineChoice", "simpleAssociableChoice", "value", "baseValue", "feedbackInline", "li", "gapText":
		return false
	}
	return !slices.ContainsFunc(n.kids, func(k *xmlNode) bool { return k.name == "" })
}

func (v qtiVersion) print(b *strings.Builder, n *xmlNode, depth int) {
	switch n.name {
	case "":
		escapeXML(b, n.text)
		return
	case xmlComment:
		b.WriteString("<!-- " + ownMark + commentText(n.text) + " -->")
		return
	}
	if n.name == "lom" {
		v.prefix = "imsmd:"
	}
	name := v.prefix + n.name
	if v.kebab && !plainElement(name) {
		name = "qti-" + kebab(name)
	}
	b.WriteString("<" + name)
	for _, a := range n.attrs {
		key := a.name
		if v.kebab && !strings.Contains(key, ":") {
			key = kebab(key)
		}
		b.WriteString(" " + key + `="`)
		escapeXML(b, a.value)
		b.WriteString(`"`)
	}
	if len(n.kids) == 0 {
		b.WriteString("/>")
		return
	}
	b.WriteString(">")
	indent := "\n" + strings.Repeat("  ", min(depth+1, 12))
	for _, k := range n.kids {
		if laidOut(n) {
			b.WriteString(indent)
		}
		v.print(b, k, depth+1)
	}
	if laidOut(n) {
		b.WriteString(indent[:len(indent)-2])
	}
	b.WriteString("</" + name + ">")
}

func escapeXML(b *strings.Builder, s string) {
	_ = xml.EscapeText(b, []byte(s)) // a builder does not fail
}

// commentText keeps JSON within a comment of XML: two hyphens, and what XML does not know, by their codes.
func commentText(s string) string {
	s = strings.ReplaceAll(s, "--", `-\u002d`)
	return strings.Map(func(r rune) rune {
		if r == '\ufffe' || r == '\uffff' || r < ' ' && r != '\n' && r != '\t' {
			return '\ufffd'
		}
		return r
	}, s)
}

// xhtml writes one of our texts: lines, and the files that it shows.
func (w *qtiWriter) xhtml(s string) (out []*xmlNode) {
	for i, line := range strings.Split(s, "\n") {
		if i > 0 {
			out = append(out, el("br", nil))
		}
		for {
			m := mediaMark.FindStringSubmatchIndex(line)
			if m == nil {
				break
			}
			if m[0] > 0 {
				out = append(out, words(line[:m[0]]))
			}
			out = append(out, w.file(line[m[2]:m[3]], line[m[4]:m[5]]))
			line = line[m[1]:]
		}
		if line != "" {
			out = append(out, words(line))
		}
	}
	return out
}

// file shows a file of the package, or its mark where the file could not be had.
func (w *qtiWriter) file(alt, id string) *xmlNode {
	f, ok := w.take(id)
	if !ok {
		return words("![" + alt + "](media:" + id + ")")
	}
	src := "../" + mediaPath(f)
	switch {
	case strings.HasPrefix(f.Kind.Type, "image/"):
		n := el("img", []string{"src", src})
		n.attrs = append(n.attrs, attribute{"alt", alt}) // required, also where it is empty
		return n
	case w.version.kebab && strings.HasPrefix(f.Kind.Type, "audio/"):
		return el("audio", []string{"src", src, "controls", "controls", "title", alt})
	}
	n := el("object", []string{"data", src, "type", f.Kind.Type})
	if alt != "" {
		n.add(words(alt))
	}
	return n
}

func mediaPath(f File) string { return "media/" + f.ID + f.Kind.Extension }

func (w *qtiWriter) paragraph(s string) *xmlNode { return el("p", nil, w.xhtml(s)...) }

// withGaps writes a stem with an element for each gap.
func (w *qtiWriter) withGaps(stem string, gaps []*xmlNode) *xmlNode {
	p := el("p", nil)
	parts := strings.Split(stem, question.Gap)
	for i, part := range parts {
		p.add(w.xhtml(part)...)
		if i < len(gaps) && i < len(parts)-1 {
			p.add(gaps[i])
		}
	}
	return p
}
