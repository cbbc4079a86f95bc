package interchange

import (
	"strings"
	"unicode"
)

// math writes an equation of Word as TeX; one with parts that have no TeX here, as words with a warning.
func (w *docxWalker) math(n *xmlNode) string {
	known := true
	tex := strings.TrimSpace(texOf(n, &known))
	if !known || strings.Contains(tex, `\)`) {
		text := n.words()
		w.note("docx.formula", "text", shorten(text))
		return text
	}
	if tex == "" {
		return ""
	}
	return `\(` + tex + `\)`
}

func texOf(n *xmlNode, known *bool) string {
	part := func(name string) string { return texAll(n.child(name), known) }
	value := func(name, none string) string {
		for _, k := range n.kids {
			if strings.HasSuffix(k.name, "Pr") {
				if c := k.child(name); c != nil {
					return c.attr("val")
				}
			}
		}
		return none
	}
	switch n.name {
	case "oMath", "oMathPara", "e", "num", "den", "sup", "sub", "deg", "fName", "lim", "box":
		return texAll(n, known)
	case "r":
		return texWords(n.child("t").exact())
	case "f":
		if value("type", "") == "lin" {
			return part("num") + "/" + part("den")
		}
		return `\frac{` + part("num") + "}{" + part("den") + "}"
	case "sSup":
		return braced(part("e")) + "^{" + part("sup") + "}"
	case "sSub":
		return braced(part("e")) + "_{" + part("sub") + "}"
	case "sSubSup":
		return braced(part("e")) + "_{" + part("sub") + "}^{" + part("sup") + "}"
	case "rad":
		if deg := part("deg"); deg != "" {
			return `\sqrt[` + deg + "]{" + part("e") + "}"
		}
		return `\sqrt{` + part("e") + "}"
	case "d":
		var parts []string
		for _, e := range n.all("e") {
			parts = append(parts, texAll(e, known))
		}
		return `\left` + delimiter(value("begChr", "(")) + strings.Join(parts, ",") + `\right` + delimiter(value("endChr", ")"))
	case "nary":
		sign := map[string]string{"∑": `\sum`, "∏": `\prod`, "∫": `\int`, "": `\int`}[value("chr", "")]
		if sign == "" {
			*known = false
		}
		return sign + "_{" + part("sub") + "}^{" + part("sup") + "}{" + part("e") + "}"
	case "func":
		return part("fName") + "{" + part("e") + "}"
	case "bar", "acc":
		return `\overline{` + part("e") + "}"
	case "limLow":
		return braced(part("e")) + "_{" + part("lim") + "}"
	}
	if !strings.HasSuffix(n.name, "Pr") && n.name != "" && n.name != "bookmarkStart" && n.name != "bookmarkEnd" && n.name != "proofErr" {
		*known = false
	}
	return texAll(n, known)
}

func texAll(n *xmlNode, known *bool) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	for _, k := range n.kids {
		b.WriteString(texOf(k, known))
	}
	return b.String()
}

func braced(s string) string {
	if len([]rune(s)) == 1 {
		return s
	}
	return "{" + s + "}"
}

func delimiter(s string) string {
	switch s {
	case "(", ")", "[", "]", "|":
		return s
	case "{", "}":
		return `\` + s
	}
	return "."
}

// texWords writes the words of an equation: signs by their commands, Chinese as text.
func texWords(s string) string {
	var b strings.Builder
	han := false
	for _, r := range s {
		if is := unicode.Is(unicode.Han, r) || r > 0x3000 && r < 0x3030; is != han {
			if is {
				b.WriteString(`\text{`)
			} else {
				b.WriteString("}")
			}
			han = is
		}
		switch r {
		case '%', '#', '&', '_', '{', '}', '$':
			b.WriteString(`\` + string(r))
		case '\\':
			b.WriteString(`\backslash `)
		case '×':
			b.WriteString(`\times `)
		case '÷':
			b.WriteString(`\div `)
		case '≤':
			b.WriteString(`\le `)
		case '≥':
			b.WriteString(`\ge `)
		case '≠':
			b.WriteString(`\ne `)
		case '±':
			b.WriteString(`\pm `)
		case 'π':
			b.WriteString(`\pi `)
		case '∞':
			b.WriteString(`\infty `)
		case '−':
			b.WriteString("-")
		default:
			b.WriteRune(r)
		}
	}
	if han {
		b.WriteString("}")
	}
	return b.String()
}
