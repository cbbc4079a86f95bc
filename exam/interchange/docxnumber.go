package interchange

import (
	"path"
	"strconv"
	"strings"
)

// numbering gives the numbers that Word writes itself: numbering.xml, and what styles.xml says of paragraphs.
type numbering struct {
	lists  map[string]*listKind // abstractNum by id
	nums   map[string]listUse   // num by id
	styles map[string]docxStyle
	counts map[string][]int // of a list, by level
	begun  map[string]bool  // nums that have restarted their list
}

type listKind struct{ levels [9]listLevel }

type listLevel struct {
	format, text string
	start        int
}

type listUse struct {
	list    string
	restart map[int]int // level: start
}

type docxStyle struct {
	based   string
	heading int
	num     string
	level   int
}

// listPlace is where a paragraph stands in a list.
type listPlace struct {
	style, num string
	named      bool // the paragraph itself names the list; "0" takes it out of the one of its style
	level      int
}

// read gives the parts of the package that stand there but cannot be read.
func (n *numbering) read(a archive, folder string) (broken []string) {
	n.lists, n.nums, n.styles = map[string]*listKind{}, map[string]listUse{}, map[string]docxStyle{}
	n.counts, n.begun = map[string][]int{}, map[string]bool{}
	open := func(name string) *xmlNode {
		root, err := part(a, path.Join(folder, name))
		if err != nil {
			broken = append(broken, name)
		}
		return root
	}
	if root := open("numbering.xml"); root != nil {
		for _, l := range root.all("abstractNum") {
			k := &listKind{}
			for i := range k.levels {
				k.levels[i] = listLevel{start: 1}
			}
			for _, lvl := range l.all("lvl") {
				i, err := strconv.Atoi(lvl.attr("ilvl"))
				if err != nil || i < 0 || i > 8 {
					continue
				}
				level := listLevel{format: lvl.child("numFmt").attr("val"), text: lvl.child("lvlText").attr("val"), start: 1}
				if start, err := strconv.Atoi(lvl.child("start").attr("val")); err == nil {
					level.start = start
				}
				k.levels[i] = level
			}
			n.lists[l.attr("abstractNumId")] = k
		}
		for _, num := range root.all("num") {
			use := listUse{list: num.child("abstractNumId").attr("val"), restart: map[int]int{}}
			for _, o := range num.all("lvlOverride") {
				level, err1 := strconv.Atoi(o.attr("ilvl"))
				start, err2 := strconv.Atoi(o.child("startOverride").attr("val"))
				if err1 == nil && err2 == nil && level >= 0 && level < 9 {
					use.restart[level] = start
				}
			}
			n.nums[num.attr("numId")] = use
		}
	}
	for _, s := range open("styles.xml").all("style") {
		style := docxStyle{based: s.child("basedOn").attr("val")}
		if lvl, err := strconv.Atoi(s.child("pPr").child("outlineLvl").attr("val")); err == nil && lvl >= 0 && lvl < 9 {
			style.heading = lvl + 1
		}
		style.num = s.child("pPr").child("numPr").child("numId").attr("val")
		style.level, _ = strconv.Atoi(s.child("pPr").child("numPr").child("ilvl").attr("val")) // 0 where there is none
		n.styles[s.attr("styleId")] = style
	}
	return broken
}

// part reads a part of the package; nil where there is none.
func part(a archive, name string) (*xmlNode, error) {
	data, found, err := a.read(name, 16<<20)
	if !found || err != nil {
		return nil, err
	}
	return parseXML(data)
}

// label gives the number of the next paragraph, "" where it has none, and the heading that its style is.
func (n *numbering) label(p listPlace) (label string, heading int) {
	for id, i := p.style, 0; id != "" && i < 20; i++ {
		s := n.styles[id]
		if heading == 0 {
			heading = s.heading
		}
		if !p.named && s.num != "" {
			p.num, p.level, p.named = s.num, s.level, true
		}
		id = s.based
	}
	use, known := n.nums[p.num]
	list := n.lists[use.list]
	if !known || list == nil || p.level < 0 || p.level > 8 {
		return "", heading
	}
	counts := n.counts[use.list]
	if counts == nil {
		counts = make([]int, 9)
		for i := range counts {
			counts[i] = list.levels[i].start - 1
		}
		n.counts[use.list] = counts
	}
	if !n.begun[p.num] {
		n.begun[p.num] = true
		for level, start := range use.restart {
			counts[level] = start - 1
		}
	}
	counts[p.level]++
	for i := p.level + 1; i < 9; i++ {
		counts[i] = list.levels[i].start - 1
	}
	level := list.levels[p.level]
	if level.format == "bullet" || level.format == "none" {
		return "", heading
	}
	label = level.text
	for i := range 9 {
		mark := "%" + strconv.Itoa(i+1)
		if strings.Contains(label, mark) {
			label = strings.ReplaceAll(label, mark, formatCount(max(counts[i], list.levels[i].start), list.levels[i].format))
		}
	}
	return strings.TrimSpace(label), heading
}

// formatCount writes a number as Word does.
func formatCount(n int, format string) string {
	switch {
	case n < 1 || n > 9999:
	case format == "upperLetter" && n <= 26:
		return string(rune('A' + n - 1))
	case format == "lowerLetter" && n <= 26:
		return string(rune('a' + n - 1))
	case strings.HasPrefix(format, "chinese"), strings.HasPrefix(format, "japanese"), strings.HasPrefix(format, "ideographTraditional") && n <= 10:
		return hanNumber(n)
	case format == "decimalEnclosedCircle" && n <= 20, format == "decimalEnclosedCircleChinese" && n <= 20:
		return string(rune('①' + n - 1))
	}
	return strconv.Itoa(n)
}

// hanNumber writes 1..99 as 一..九十九.
func hanNumber(n int) string {
	digits := []rune("零一二三四五六七八九")
	switch {
	case n < 10:
		return string(digits[n])
	case n >= 100:
		return strconv.Itoa(n)
	}
	out := "十"
	if n >= 20 {
		out = string(digits[n/10]) + out
	}
	if n%10 > 0 {
		out += string(digits[n%10])
	}
	return out
}
