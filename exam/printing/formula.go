package printing

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// officeMath writes TeX as Office Math (ECMA-376, part 1, 22.1): formulas that Word and others set, and that can be
// edited there. ok is false where the formula is not closed or holds a command that is not known here.
func officeMath(tex string) (xml string, ok bool) {
	p := texParser{rest: tex}
	content := p.list("")
	if p.failed || p.rest != "" || content == "" {
		return "", false
	}
	return "<m:oMath>" + content + "</m:oMath>", true
}

// texParser reads TeX from left to right; what it cannot read fails the whole formula.
type texParser struct {
	rest   string
	style  string // properties of the runs at hand
	depth  int
	failed bool
}

const maxTeXDepth = 40

// mathNode is one thing of a formula: a sign, that joins its neighbours in a run, or a structure.
type mathNode struct {
	sign, style string
	xml         string
	big         string // an n-ary operator, which takes limits and an operand
	below       bool   // a name that takes its limit below: lim, max
}

func (n mathNode) content() string {
	switch {
	case n.big != "":
		return mathRun(n.big, "")
	case n.sign != "":
		return mathRun(n.sign, n.style)
	}
	return n.xml
}

func mathRun(text, style string) string {
	if style != "" {
		style = "<m:rPr>" + style + "</m:rPr>"
	}
	return `<m:r>` + style + `<w:rPr><w:rFonts w:ascii="Cambria Math" w:hAnsi="Cambria Math"/></w:rPr><m:t xml:space="preserve">` + escaped(text) + `</m:t></m:r>`
}

// next gives the token at hand: a command with its backslash, or one character; spaces between are nothing.
func (p *texParser) next() string {
	p.rest = strings.TrimLeft(p.rest, " \t\r\n")
	if p.rest == "" {
		return ""
	}
	if p.rest[0] != '\\' {
		_, n := utf8.DecodeRuneInString(p.rest)
		return p.rest[:n]
	}
	n := 1
	for n < len(p.rest) && (p.rest[n]|0x20) >= 'a' && (p.rest[n]|0x20) <= 'z' {
		n++
	}
	if n == 1 && len(p.rest) > 1 {
		_, size := utf8.DecodeRuneInString(p.rest[1:])
		n += size
	}
	return p.rest[:n]
}

func (p *texParser) take() string {
	token := p.next()
	p.rest = p.rest[len(token):]
	return token
}

func (p *texParser) fail() mathNode {
	p.failed, p.rest = true, ""
	return mathNode{}
}

// list reads up to a token that closes what is open ("" = the end of the formula), which stays.
func (p *texParser) list(closing string) string {
	if p.depth++; p.depth > maxTeXDepth {
		p.fail()
	}
	defer func() { p.depth-- }()
	var b strings.Builder
	run, style := "", ""
	flush := func() {
		if run != "" {
			b.WriteString(mathRun(run, style))
		}
		run = ""
	}
	for !p.failed {
		switch token := p.next(); token {
		case "", closing, "}", `\right`, `\end`, "&", `\\`:
			if token != closing && token != "&" && token != `\\` || token == "" && closing != "" {
				p.fail()
			}
			flush()
			return b.String()
		default:
			n := p.scripted(p.atom())
			if n.sign == "" {
				flush()
				b.WriteString(n.xml)
				continue
			}
			if n.style != style {
				flush()
				style = n.style
			}
			run += n.sign
		}
	}
	return ""
}

// argument reads a group or one atom.
func (p *texParser) argument() string {
	if p.next() == "" {
		p.fail()
	}
	return p.atom().content()
}

// group reads what stands between two tokens, the first of which is at hand.
func (p *texParser) group(opening, closing string) string {
	p.rest = p.rest[len(opening):]
	content := p.list(closing)
	if p.take() != closing {
		p.fail()
	}
	return content
}

// raw reads the words of a group as they stand.
func (p *texParser) raw() string {
	if p.next() != "{" {
		return p.fail().xml
	}
	end := strings.IndexByte(p.rest, '}')
	if end < 0 || strings.ContainsAny(p.rest[1:end], `{\`) {
		return p.fail().xml
	}
	words := p.rest[1:end]
	p.rest = p.rest[end+1:]
	return words
}

// scripted reads what stands above and below an atom.
func (p *texParser) scripted(n mathNode) mathNode {
	below, above, hasBelow, hasAbove := "", "", false, false
	for !p.failed {
		switch p.next() {
		case "_":
			if hasBelow {
				return p.fail()
			}
			p.take()
			below, hasBelow = p.argument(), true
			continue
		case "^":
			if hasAbove {
				return p.fail()
			}
			p.take()
			above, hasAbove = p.argument(), true
			continue
		case `\limits`, `\nolimits`:
			p.take()
			continue
		}
		break
	}
	base := "<m:e>" + n.content() + "</m:e>"
	sub, sup := "<m:sub>"+below+"</m:sub>", "<m:sup>"+above+"</m:sup>"
	switch {
	case n.big != "":
		place := "undOvr"
		if strings.Contains("∫∬∭∮", n.big) {
			place = "subSup"
		}
		return mathNode{xml: fmt.Sprintf(`<m:nary><m:naryPr><m:chr m:val="%s"/><m:limLoc m:val="%s"/><m:subHide m:val="%d"/><m:supHide m:val="%d"/></m:naryPr>%s%s<m:e>%s</m:e></m:nary>`,
			n.big, place, hidden(hasBelow), hidden(hasAbove), sub, sup, p.operand())}
	case n.below && hasBelow && !hasAbove:
		return mathNode{xml: "<m:limLow>" + base + "<m:lim>" + below + "</m:lim></m:limLow>"}
	case hasBelow && hasAbove:
		return mathNode{xml: "<m:sSubSup>" + base + sub + sup + "</m:sSubSup>"}
	case hasBelow:
		return mathNode{xml: "<m:sSub>" + base + sub + "</m:sSub>"}
	case hasAbove:
		return mathNode{xml: "<m:sSup>" + base + sup + "</m:sSup>"}
	}
	return n
}

func hidden(shown bool) int {
	if shown {
		return 0
	}
	return 1
}

// operand reads what an n-ary operator works on: the atom that follows, nothing at the end of a group.
func (p *texParser) operand() string {
	switch p.next() {
	case "", "}", "]", `\right`, `\end`, "&", `\\`:
		return ""
	}
	return p.scripted(p.atom()).content()
}

// atom reads one thing without what stands above and below it.
func (p *texParser) atom() mathNode {
	if p.depth++; p.depth > maxTeXDepth {
		return p.fail()
	}
	defer func() { p.depth-- }()
	if p.next() == "{" {
		return mathNode{xml: p.group("{", "}")}
	}
	token := p.take()
	switch token {
	case "}", "^", "_", "&", "#", "$", "%", `\`:
		return p.fail()
	case "~":
		return p.sign("\u00a0")
	case "'":
		return p.sign("′")
	case "-":
		return p.sign("−")
	case `\frac`, `\dfrac`, `\tfrac`:
		return mathNode{xml: "<m:f><m:num>" + p.argument() + "</m:num><m:den>" + p.argument() + "</m:den></m:f>"}
	case `\binom`:
		return mathNode{xml: fence("(", `<m:f><m:fPr><m:type m:val="noBar"/></m:fPr><m:num>`+p.argument()+"</m:num><m:den>"+p.argument()+"</m:den></m:f>", ")")}
	case `\sqrt`:
		return p.root()
	case `\left`:
		return p.fenced()
	case `\begin`:
		return p.environment()
	case `\text`, `\textrm`, `\mbox`, `\operatorname`:
		words := p.raw()
		if words == "" {
			return p.fail()
		}
		return mathNode{xml: mathRun(words, "<m:nor/>")}
	case `\displaystyle`, `\textstyle`, `\!`:
		return mathNode{}
	}
	if style, ok := mathStyles[token]; ok {
		outer := p.style
		p.style = style
		content := p.argument()
		p.style = outer
		return mathNode{xml: content}
	}
	if accent, ok := mathAccents[token]; ok {
		return mathNode{xml: fmt.Sprintf(`<m:acc><m:accPr><m:chr m:val="%s"/></m:accPr><m:e>%s</m:e></m:acc>`, accent, p.argument())}
	}
	if place, ok := mathBars[token]; ok {
		return mathNode{xml: fmt.Sprintf(`<m:bar><m:barPr><m:pos m:val="%s"/></m:barPr><m:e>%s</m:e></m:bar>`, place, p.argument())}
	}
	if sign, ok := mathBig[token]; ok {
		return mathNode{big: sign}
	}
	name := strings.TrimPrefix(token, `\`)
	if _, ok := mathNames[name]; ok && name != token {
		return mathNode{xml: mathRun(name, `<m:sty m:val="p"/>`), below: mathNames[name]}
	}
	if sign, ok := mathSigns[token]; ok {
		return p.sign(sign)
	}
	if name != token { // a command that is not known
		return p.fail()
	}
	return p.sign(token)
}

func (p *texParser) sign(s string) mathNode { return mathNode{sign: s, style: p.style} }

func (p *texParser) root() mathNode {
	degree, hide := "", `<m:radPr><m:degHide m:val="1"/></m:radPr>`
	if p.next() == "[" {
		degree, hide = p.group("[", "]"), ""
	}
	return mathNode{xml: "<m:rad>" + hide + "<m:deg>" + degree + "</m:deg><m:e>" + p.argument() + "</m:e></m:rad>"}
}

// fenced reads \left( … \right).
func (p *texParser) fenced() mathNode {
	open, known := fences[p.take()]
	content := p.group("", `\right`)
	closing, also := fences[p.take()]
	if !known || !also {
		return p.fail()
	}
	return mathNode{xml: fence(open, content, closing)}
}

func fence(open, content, closing string) string {
	return fmt.Sprintf(`<m:d><m:dPr><m:begChr m:val="%s"/><m:endChr m:val="%s"/></m:dPr><m:e>%s</m:e></m:d>`, open, closing, content)
}

// environment reads matrices and cases: rows of cells.
func (p *texParser) environment() mathNode {
	name := p.raw()
	kind, known := environments[strings.TrimSuffix(name, "*")]
	if !known {
		return p.fail()
	}
	if name == "array" {
		p.raw() // where the columns stand
	}
	var rows [][]string
	row := []string{}
	for !p.failed {
		row = append(row, p.list(`\end`))
		token := p.take()
		if token == "&" {
			continue
		}
		rows, row = append(rows, row), []string{}
		if token == `\end` {
			break
		}
	}
	if p.failed || p.raw() != name {
		return p.fail()
	}
	if last := rows[len(rows)-1]; len(rows) > 1 && len(last) == 1 && last[0] == "" {
		rows = rows[:len(rows)-1] // a last row that was closed too
	}
	columns := 0
	for _, row := range rows {
		columns = max(columns, len(row))
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<m:m><m:mPr><m:mcs><m:mc><m:mcPr><m:count m:val="%d"/><m:mcJc m:val="%s"/></m:mcPr></m:mc></m:mcs></m:mPr>`, columns, kind.justify)
	for _, row := range rows {
		b.WriteString("<m:mr>")
		for i := range columns {
			cell := ""
			if i < len(row) {
				cell = row[i]
			}
			b.WriteString("<m:e>" + cell + "</m:e>")
		}
		b.WriteString("</m:mr>")
	}
	b.WriteString("</m:m>")
	if kind.open == "" && kind.closing == "" {
		return mathNode{xml: b.String()}
	}
	return mathNode{xml: fence(kind.open, b.String(), kind.closing)}
}
