package api

import (
	"context"
	"fmt"

	"qiming/app/audit"
	"qiming/exam"
	"qiming/internal/spreadsheet"
	"qiming/policies"
)

type marksExportInput struct {
	ByID
	ResultFilter
	Format string     `query:"format" enum:"xlsx,csv" default:"xlsx" doc:"csv: the table that qiming exam stats reads"`
	Which  exam.Which `query:"attempts" enum:"first,all,best,last" default:"all" doc:"which of a member's attempts"`
}

// marksExport gives every mark of every item as a file: what was earned, and who gave it when and why. It is recorded.
func (a *API) marksExport(ctx context.Context, actor policies.Actor, in *marksExportInput) (*File, error) {
	title, err := a.Exams.Results.Title(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	var sheet exam.Marksheet
	entry := audit.By(actor, "marks.export", "quiz:"+in.ID, title).With("format", in.Format).With("attempts", string(in.Which))
	err = a.Trail.Act(ctx, entry, func() error {
		sheet, err = a.Exams.Results.Marksheet(ctx, actor, in.ID, in.filter(), in.Which, a.sight(actor))
		return err
	})
	if err != nil {
		return nil, err
	}
	if in.Format == "csv" {
		content, err := spreadsheet.CSV(plainMarks(sheet))
		return file(title+" 小题分.csv", "text/csv; charset=utf-8", content), err
	}
	records, err := a.markRecords(ctx, sheet)
	if err != nil {
		return nil, err
	}
	content, err := spreadsheet.XLSX("小题分", marksTable(sheet), spreadsheet.Named{Name: "题目", Table: columnTable(sheet)}, spreadsheet.Named{Name: "评分记录", Table: records})
	return file(title+" 小题分.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", content), err
}

func columnName(n int) string { return fmt.Sprintf("第%d题", n+1) }

// plainMarks is the table of learners and items that qiming exam stats reads. An empty cell is an item that was not in the
// paper. Attempts that are not marked to the end have no total, and are left out.
func plainMarks(sheet exam.Marksheet) [][]any {
	head, most := []any{"learner"}, []any{"max"}
	for i, column := range sheet.Columns {
		head, most = append(head, columnName(i)), append(most, column.Points)
	}
	table := [][]any{head, most}
	for _, row := range sheet.Rows {
		if row.Score == nil {
			continue
		}
		table = append(table, append([]any{row.Name + "（" + row.OrgName + "）"}, cells(row.Marks)...))
	}
	return table
}

func cells(marks []*float64) []any {
	out := make([]any, len(marks))
	for i, mark := range marks {
		out[i] = known(mark)
	}
	return out
}

// roundedCells are marks as they are shown.
func roundedCells(marks []*float64) []any {
	out := make([]any, len(marks))
	for i, mark := range marks {
		out[i] = known(inFiles(mark))
	}
	return out
}

// marksTable is for offices.
func marksTable(sheet exam.Marksheet) [][]any {
	head, most := []any{"组织", "姓名", "第几次", "得分", "百分制", "是否合格", "待阅题数"}, []any{"", "满分", nil, nil, nil, nil, nil}
	for i, column := range sheet.Columns {
		head, most = append(head, columnName(i)), append(most, column.Points)
	}
	table := [][]any{head, most}
	for _, row := range sheet.Rows {
		line := []any{row.OrgName, row.Name, row.Attempt, known(row.Score), known(row.Percent), nil, row.Pending}
		if row.Passed != nil {
			line[5] = yes(*row.Passed)
		}
		table = append(table, append(line, roundedCells(row.Marks)...))
	}
	return table
}

func columnTable(sheet exam.Marksheet) [][]any {
	table := [][]any{{"题号", "题干", "满分"}}
	for i, column := range sheet.Columns {
		table = append(table, []any{columnName(i), column.Stem, column.Points})
	}
	return table
}

// markRecords lists the steps that gave marks.
func (a *API) markRecords(ctx context.Context, sheet exam.Marksheet) ([][]any, error) {
	var ids []string
	for _, row := range sheet.Rows {
		for _, record := range row.Records {
			ids = append(ids, record.By)
		}
	}
	names, err := a.Accounts.Names(ctx, ids...)
	if err != nil {
		return nil, err
	}
	table := [][]any{{"组织", "姓名", "第几次", "题号", "类型", "给分", "经手人", "时间", "说明"}}
	for _, row := range sheet.Rows {
		for _, record := range row.Records {
			table = append(table, []any{row.OrgName, row.Name, row.Attempt, columnName(record.Column), recordName(record), known(record.Points), names[record.By], a.localTime(&record.At), record.Note})
		}
	}
	return table, nil
}

func recordName(record exam.MarkRecord) string {
	switch {
	case record.Appeal:
		return "申诉改分"
	case record.Kind == exam.StepRegrade:
		return "更正后重评"
	case record.Kind == exam.StepMark && record.By == "":
		return "定分"
	case record.Kind == exam.StepAuto:
		return "自动评分"
	}
	return "阅卷"
}
