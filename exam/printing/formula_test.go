package printing

import (
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
)

var (
	mathFonts = regexp.MustCompile(`<w:rPr>.*?</w:rPr>`)
	mathRuns  = regexp.MustCompile(`<m:r>(?:<m:rPr>(.*?)</m:rPr>)?<m:t xml:space="preserve">(.*?)</m:t></m:r>`)
)

// short writes Office Math so that tables can hold it: runs as their words, styles before them.
func short(t *testing.T, math string) string {
	t.Helper()
	math = strings.TrimSuffix(strings.TrimPrefix(mathFonts.ReplaceAllString(math, ""), "<m:oMath>"), "</m:oMath>")
	math = mathRuns.ReplaceAllString(math, "$1$2")
	return strings.NewReplacer(`<m:sty m:val="p"/>`, "^", "<m:nor/>", "T:", "m:", "").Replace(math)
}

func TestOfficeMath(t *testing.T) {
	for tex, want := range map[string]string{
		`x+1`:                                   "x+1",
		`m=\frac{1}{2}`:                         "m=<f><num>1</num><den>2</den></f>",
		`\frac12`:                               "<f><num>1</num><den>2</den></f>",
		`x^2`:                                   "<sSup><e>x</e><sup>2</sup></sSup>",
		`x_{10}^{2}`:                            "<sSubSup><e>x</e><sub>10</sub><sup>2</sup></sSubSup>",
		`a^2_1`:                                 "<sSubSup><e>a</e><sub>1</sub><sup>2</sup></sSubSup>",
		`\sqrt{x}`:                              `<rad><radPr><degHide val="1"/></radPr><deg></deg><e>x</e></rad>`,
		`\sqrt[3]{x}`:                           "<rad><deg>3</deg><e>x</e></rad>",
		`\int_0^1 x^2\,dx`:                      `<nary><naryPr><chr val="∫"/><limLoc val="subSup"/><subHide val="0"/><supHide val="0"/></naryPr><sub>0</sub><sup>1</sup><e><sSup><e>x</e><sup>2</sup></sSup></e></nary>` + "\u2009dx",
		`\sum_i{a_i}`:                           `<nary><naryPr><chr val="∑"/><limLoc val="undOvr"/><subHide val="0"/><supHide val="1"/></naryPr><sub>i</sub><sup></sup><e><sSub><e>a</e><sub>i</sub></sSub></e></nary>`,
		`\lim_{x\to 0}\sin x`:                   "<limLow><e>^lim</e><lim>x→0</lim></limLow>^sinx",
		`\left( \frac{a}{b} \right]`:            `<d><dPr><begChr val="("/><endChr val="]"/></dPr><e><f><num>a</num><den>b</den></f></e></d>`,
		`\left. x \right|`:                      `<d><dPr><begChr val=""/><endChr val="|"/></dPr><e>x</e></d>`,
		`\overline{AB}`:                         `<bar><barPr><pos val="top"/></barPr><e>AB</e></bar>`,
		`\vec a`:                                "<acc><accPr><chr val=\"\u20d7\"/></accPr><e>a</e></acc>",
		`S=\pi r^2,\ 50\%`:                      "S=π<sSup><e>r</e><sup>2</sup></sSup>, 50%",
		`\text{共 } n \text{人}`:                  "T:共 nT:人",
		`\mathrm{d}x`:                           "^dx",
		`\begin{cases}1 & a\\ 2 & b\end{cases}`: `<d><dPr><begChr val="{"/><endChr val=""/></dPr><e><m><mPr><mcs><mc><mcPr><count val="2"/><mcJc val="left"/></mcPr></mc></mcs></mPr><mr><e>1</e><e>a</e></mr><mr><e>2</e><e>b</e></mr></m></e></d>`,
		`\begin{matrix}1\\2\\\end{matrix}`:      `<m><mPr><mcs><mc><mcPr><count val="1"/><mcJc val="center"/></mcPr></mc></mcs></mPr><mr><e>1</e></mr><mr><e>2</e></mr></m>`,
		`a<b \ne c`:                             "a&lt;b≠c",
		`H_2O \ge 0^\circ`:                      "<sSub><e>H</e><sub>2</sub></sSub>O≥<sSup><e>0</e><sup>∘</sup></sSup>",
	} {
		got, ok := officeMath(tex)
		if !ok || short(t, got) != want {
			t.Errorf("%s: %t\n got %s\nwant %s", tex, ok, short(t, got), want)
		}
		wellFormed(t, got)
	}
	// What is not closed, or not known, is no formula.
	for _, tex := range []string{"", " ", `\frac{1}{`, `\frac{1}`, `\notacmd{x}`, "x^", "x^2^3", "a}", `\left( x`, `\left( x \right`, "a & b", "{a & b}", `a \\ b`, `\sqrt[3{x}`, `\sqrt[a & b]{c}`, `\begin{cases} 1`, `\begin{cases}1\end{matrix}`, `\begin{tikz}1\end{tikz}`,
		`\text{a{b}}`, `\`, "$x$", strings.Repeat("{", maxTeXDepth) + "x" + strings.Repeat("}", maxTeXDepth)} {
		if got, ok := officeMath(tex); ok {
			t.Errorf("%q is set as %s", tex, got)
		}
	}
}

func wellFormed(t *testing.T, math string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(`<r xmlns:m="m" xmlns:w="w">` + math + `</r>`))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			t.Fatalf("%v: %s", err, math)
		}
	}
}

// Whatever is written, a formula is well-formed XML or none.
func FuzzOfficeMath(f *testing.F) {
	for _, seed := range []string{`\frac{1}{2}`, `\sum_{i=1}^n x_i^2`, `\left\{ x \right.`, `\begin{pmatrix}a&b\\c&d\end{pmatrix}`, `\sqrt[3]{x}<y`, `\text{共 <}`, `\vec{a}'`, "{{{", `\\&}`, "\x00\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, tex string) {
		if math, ok := officeMath(tex); ok {
			wellFormed(t, math)
		}
	})
}
