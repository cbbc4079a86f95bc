package exam

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/spreadsheet"
	"qiming/policies"
)

// The headings of a workbook of paper results.
const (
	headID     = "人员标识"
	headName   = "姓名"
	headOrg    = "组织"
	headLabel  = "卷别"
	headDay    = "考试日期"
	headAbsent = "缺考"
	headTotal  = "总分"
)

var (
	itemHead  = regexp.MustCompile(`^第?(\d{1,3})题?$`)
	cellPath  = regexp.MustCompile(`^cells\[(\d+)\]$`)
	headNames = map[string]string{headID: headID, "标识": headID, headName: headName, "名字": headName, headOrg: headOrg, "支部": headOrg, "所在组织": headOrg,
		headLabel: headLabel, "试卷": headLabel, headDay: headDay, "日期": headDay, headAbsent: headAbsent, "是否缺考": headAbsent, headTotal: headTotal, "得分": headTotal, "成绩": headTotal}
)

// headingOf gives the heading of a field of PaperResult.
func headingOf(path string) string {
	if m := cellPath.FindStringSubmatch(path); m != nil {
		n, _ := strconv.Atoi(m[1]) // digits
		return fmt.Sprintf("第%d题", n+1)
	}
	return map[string]string{"sat_at": headDay, "total": headTotal, "label": headLabel}[path]
}

// Template gives a workbook for the members who are due and in the actor's reach below org ("" = all): a row
// for each, and a second sheet that says what the cells of each paper of a version (0 = the published one) take.
func (s *Entries) Template(ctx context.Context, actor policies.Actor, quizID string, version int, org string) (title string, content []byte, err error) {
	hall, err := s.room(ctx, actor, quizID, version)
	if err != nil {
		return "", nil, err
	}
	takers, err := s.reach(ctx, actor, hall, org, "")
	if err != nil {
		return "", nil, err
	}
	if len(takers) > maxPaperRows {
		return "", nil, fault.New(fault.Invalid, "import.too_many_rows", "%d members", len(takers)).With("max", maxPaperRows)
	}
	rows := make([]PaperRow, len(takers))
	if err := s.nameRows(ctx, rows, takers); err != nil {
		return "", nil, err
	}
	notes := [][]any{{headLabel, "题号", "题型", "分值", "填写"}}
	items := 0
	for _, label := range Labels {
		paper, err := s.slots(ctx, quizID, label, hall.version.Number)
		if err != nil {
			return "", nil, err
		}
		items = max(items, len(paper.Slots))
		for _, slot := range paper.Slots {
			notes = append(notes, []any{label, slot.Number, slotKind(slot), slot.Points, slotNote(slot)})
		}
	}
	head := []any{headID, headName, headOrg, headLabel, headDay, headAbsent}
	for i := range items {
		head = append(head, fmt.Sprintf("第%d题", i+1))
	}
	table := [][]any{append(head, headTotal)}
	for i, t := range takers {
		table = append(table, []any{t.MemberID, t.Name, rows[i].OrgName})
	}
	content, err = spreadsheet.XLSX("成绩", table, spreadsheet.Named{Name: "说明", Table: notes})
	return hall.version.Title, content, err
}

func slotKind(slot PaperSlot) string {
	return map[string]string{"single": "单选", "multiple": "多选", "truefalse": "判断", "blanks": "填空", "short": "简答", "numerical": "计算", "matching": "连线",
		"ordering": "排序", "cloze": "完形填空", "essay": "论述"}[string(slot.Kind)]
}

func slotNote(slot PaperSlot) string {
	const marked = "；只有得分时写“2分”"
	last := 'A' + max(slot.Options, 1) - 1
	switch slot.Kind {
	case question.TrueFalse:
		return "√ 或 ×" + marked
	case question.Single:
		return fmt.Sprintf("卷面上的一个字母 A–%c", last) + marked
	case question.Multiple:
		return fmt.Sprintf("卷面上选中的字母 A–%c，每个写一次，如 AC", last) + marked
	case question.Ordering:
		return fmt.Sprintf("按先后顺序写全 A–%c 各一次", last) + marked
	case question.Matching:
		return fmt.Sprintf("左栏的题号加右栏的字母 A–%c，如 1B2A；或按左栏顺序只写字母，如 BA", last) + marked
	}
	if slot.Waits {
		return "得分；不填则等待评阅"
	}
	return "得分；未得分写 0"
}

// paperTable is a workbook that was read; the rows have their members still to be found.
type paperTable struct{ rows []paperRow }

type paperRow struct {
	line          int
	id, name, org string
	away          bool
	result        PaperResult
	bad           []fault.Field // Path is a heading
}

// absent says whether nothing is to be entered for the row.
func (r paperRow) absent() bool {
	return r.away || r.result.Total == nil && !slices.ContainsFunc(r.result.Cells, func(c string) bool { return c != "" })
}

// readPaperTable reads a workbook. Its heading names a member and at least one item or the total.
func readPaperTable(up Upload) (paperTable, error) {
	rows, err := spreadsheet.Read(up.Data)
	if err != nil {
		return paperTable{}, err
	}
	for i, cells := range rows[:min(len(rows), spreadsheet.HeaderIn)] {
		columns, items := paperColumns(cells)
		if (columns[headID] < 0 && columns[headName] < 0) || (len(items) == 0 && columns[headTotal] < 0) {
			continue
		}
		var t paperTable
		for j, cells := range rows[i+1:] {
			if !slices.ContainsFunc(cells, func(c string) bool { return strings.TrimSpace(c) != "" }) {
				continue
			}
			if most := min(maxPaperRows, maxPaperCells/max(len(items), 1)); len(t.rows) == most {
				return paperTable{}, fault.New(fault.Invalid, "import.too_many_rows", "over %d", most).With("max", most)
			}
			t.rows = append(t.rows, readPaperRow(i+j+2, cells, columns, items, up))
		}
		return t, nil
	}
	return paperTable{}, fault.New(fault.Invalid, "paper_import.no_header", "no row with a name and an item or the total")
}

// paperColumns finds the columns; -1 = there is none. items holds the columns of items by their number.
func paperColumns(cells []string) (columns map[string]int, items map[int]int) {
	columns, items = map[string]int{}, map[int]int{}
	for _, head := range headNames {
		columns[head] = -1
	}
	for i, c := range cells {
		c = strings.Join(strings.Fields(norm.NFKC.String(c)), "")
		if head, ok := headNames[c]; ok && columns[head] < 0 {
			columns[head] = i
		}
		if m := itemHead.FindStringSubmatch(c); m != nil {
			if n, _ := strconv.Atoi(m[1]); n > 0 {
				items[n] = i
			}
		}
	}
	return columns, items
}

func readPaperRow(line int, cells []string, columns map[string]int, items map[int]int, up Upload) paperRow {
	at := func(i int) string {
		if i < 0 || i >= len(cells) {
			return ""
		}
		return spreadsheet.Disarm(strings.TrimSpace(strings.ToValidUTF8(cells[i], "")))
	}
	row := paperRow{line: line, id: at(columns[headID]), name: strings.Join(strings.Fields(at(columns[headName])), " "), org: at(columns[headOrg])}
	label := strings.ToUpper(strings.TrimSuffix(norm.NFKC.String(at(columns[headLabel])), "卷"))
	if label != "" && !slices.Contains(Labels, label) {
		row.bad = append(row.bad, fault.Field{Path: headLabel, Key: "paper.label"})
		label = ""
	}
	row.result.Label, row.result.SatAt = label, up.SatOn
	if text := at(columns[headDay]); text != "" {
		day, ok := dayOf(text, up.Zone)
		if !ok {
			row.bad = append(row.bad, fault.Field{Path: headDay, Key: "date.invalid"})
		}
		row.result.SatAt = day
	}
	for n, i := range items {
		for len(row.result.Cells) < n && at(i) != "" {
			row.result.Cells = append(row.result.Cells, "")
		}
		if at(i) != "" {
			row.result.Cells[n-1] = at(i)
		}
	}
	if text := at(columns[headTotal]); text != "" {
		total, err := strconv.ParseFloat(strings.TrimSuffix(norm.NFKC.String(text), "分"), 64)
		if err != nil {
			row.bad = append(row.bad, fault.Field{Path: headTotal, Key: "paper.number"})
		} else {
			row.result.Total = &total
		}
	}
	switch text := at(columns[headAbsent]); {
	case slices.Contains([]string{"", "否", "×", "0"}, text):
	case slices.Contains([]string{"是", "缺考", "√", "1", "缺"}, text):
		if !row.absent() {
			row.bad = append(row.bad, fault.Field{Path: headAbsent, Key: "paper.absent_with_result"})
		}
		row.away = true
	default:
		row.bad = append(row.bad, fault.Field{Path: headAbsent, Key: "paper.absent_word"})
	}
	return row
}

// dayOf reads a day as offices write it, or as a spreadsheet keeps it: days since 30 December 1899.
func dayOf(text string, zone *time.Location) (time.Time, bool) {
	text = norm.NFKC.String(text)
	if serial, err := strconv.ParseFloat(text, 64); err == nil && serial > 36526 && serial < 73051 { // the years 2000 to 2099
		return time.Date(1899, 12, 30+int(serial), 12, 0, 0, 0, zone), true
	}
	for _, layout := range []string{"2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "20060102"} {
		if day, err := time.ParseInLocation(layout, text, zone); err == nil {
			return day.Add(12 * time.Hour), true
		}
	}
	return time.Time{}, false
}

// people finds the members of a workbook.
type people struct {
	byID   map[string]Taker
	byName map[string][]Taker
}

func newPeople(takers []Taker) people {
	p := people{map[string]Taker{}, map[string][]Taker{}}
	for _, t := range takers {
		p.byID[t.MemberID] = t
		p.byName[t.Name] = append(p.byName[t.Name], t)
	}
	return p
}

// find gives the member of a row: by id, or by a name that only one has. The code says why there is none.
func (p people) find(row paperRow) (Taker, string) {
	if row.id != "" {
		t, ok := p.byID[row.id]
		switch {
		case !ok:
			return Taker{}, "paper.member_unknown"
		case row.name != "" && row.name != t.Name:
			return Taker{}, "paper.member_differs"
		}
		return t, ""
	}
	switch list := p.byName[row.name]; len(list) {
	case 0:
		return Taker{}, "paper.member_unknown"
	case 1:
		return list[0], ""
	}
	return Taker{}, "paper.member_ambiguous"
}
