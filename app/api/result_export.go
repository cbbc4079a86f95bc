package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"slices"
	"strconv"

	"github.com/xuri/excelize/v2"

	"qiming/app/audit"
	"qiming/exam"
	"qiming/exam/interchange"
	"qiming/policies"
)

type resultExportInput struct {
	ByID
	ResultFilter
	Format string `query:"format" enum:"xlsx,csv" default:"xlsx"`
}

// resultExport gives the rows as a file. It is recorded.
func (a *API) resultExport(ctx context.Context, actor policies.Actor, in *resultExportInput) (*File, error) {
	title, err := a.Exams.Results.Title(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	var rows []exam.Row
	entry := audit.By(actor, "result.export", "quiz:"+in.ID, title).With("format", in.Format)
	err = a.Trail.Act(ctx, entry, func() error {
		rows, err = a.Exams.Results.All(ctx, actor, in.ID, in.filter())
		return err
	})
	if err != nil {
		return nil, err
	}
	table := resultTable(rows)
	if in.Format == "csv" {
		content, err := csvFile(table)
		return file(title+" 成绩.csv", "text/csv; charset=utf-8", content), err
	}
	content, err := xlsxFile(table)
	return file(title+" 成绩.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", content), err
}

// resultTable is for offices: Chinese headings, numbers as numbers.
func resultTable(rows []exam.Row) [][]any {
	table := [][]any{{"组织", "姓名", "应考", "状态", "考试次数", "得分", "百分制", "是否合格", "迟到作答"}}
	for _, r := range rows {
		line := []any{r.OrgName, r.Name, yes(r.Due), stateName(r.State), r.Attempts, nil, nil, nil, r.Late}
		if r.Score != nil {
			line[5] = *r.Score
		}
		if r.Percent != nil {
			line[6] = *r.Percent
		}
		if r.Passed != nil {
			line[7] = yes(*r.Passed)
		}
		table = append(table, line)
	}
	return table
}

func yes(b bool) string {
	if b {
		return "是"
	}
	return "否"
}

// stateName is what offices call a state.
func stateName(state string) string {
	names := map[string]string{exam.Absent: "缺考", string(exam.Open): "作答中", string(exam.PastDue): "待交卷", string(exam.Abandoned): "未交卷",
		string(exam.Grading): "待阅卷", string(exam.Graded): "已阅卷", string(exam.Released): "已发布", string(exam.Void): "作废"}
	if name, ok := names[state]; ok {
		return name
	}
	return state
}

// csvFile writes with a byte order mark, which Excel needs to read UTF-8. A text that a spreadsheet
// would take for a formula is led by an apostrophe.
func csvFile(table [][]any) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString("\ufeff")
	w := csv.NewWriter(&out)
	for _, row := range table {
		line := make([]string, len(row))
		for i, cell := range row {
			switch v := cell.(type) {
			case string:
				line[i] = interchange.Armour(v)
			case int:
				line[i] = strconv.Itoa(v)
			case float64:
				line[i] = strconv.FormatFloat(v, 'f', -1, 64)
			}
		}
		if err := w.Write(line); err != nil {
			return nil, err
		}
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

func xlsxFile(table [][]any) (content []byte, err error) {
	book := excelize.NewFile()
	defer func() {
		if closed := book.Close(); err == nil {
			err = closed
		}
	}()
	sheet := book.GetSheetName(0)
	for i, row := range table {
		row = slices.Clone(row)
		for j, v := range row {
			if text, ok := v.(string); ok {
				row[j] = interchange.Armour(text)
			}
		}
		cell, err := excelize.CoordinatesToCellName(1, i+1)
		if err != nil {
			return nil, err
		}
		if err := book.SetSheetRow(sheet, cell, &row); err != nil {
			return nil, err
		}
	}
	if err := book.SetColWidth(sheet, "A", "B", 24); err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
