package api

import (
	"context"

	"qiming/app/audit"
	"qiming/exam"
	"qiming/internal/spreadsheet"
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
		rows, err = a.Exams.Results.Told(ctx, actor, in.ID, in.filter(), a.sight(actor))
		return err
	})
	if err != nil {
		return nil, err
	}
	table := resultTable(rows)
	if in.Format == "csv" {
		content, err := spreadsheet.CSV(table)
		return file(title+" 成绩.csv", "text/csv; charset=utf-8", content), err
	}
	content, err := spreadsheet.XLSX("成绩", table)
	return file(title+" 成绩.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", content), err
}

// resultTable is for offices: Chinese headings, numbers as numbers.
func resultTable(rows []exam.Row) [][]any {
	table := [][]any{{"组织", "姓名", "应考", "状态", "考试次数", "得分", "百分制", "是否合格", "迟到作答", "补考百分制", "最终结果"}}
	for _, r := range rows {
		line := []any{r.OrgName, r.Name, yes(r.Due), stateName(r.State), r.Attempts, nil, nil, nil, r.Late, nil, finalName(r.Final)}
		switch {
		case r.Score != nil:
			line[5] = *r.Score
		case r.Veiled:
			line[5] = unreleased
		}
		if r.Percent != nil {
			line[6] = *inFiles(r.Percent)
		}
		if r.Passed != nil {
			line[7] = yes(*r.Passed)
		}
		if r.MadeUp != nil && r.MadeUp.Percent != nil {
			line[9] = *inFiles(r.MadeUp.Percent)
		}
		table = append(table, line)
	}
	return table
}

// inFiles rounds a percentage or a mark to two decimals; nil stays nil.
func inFiles(percent *float64) *float64 {
	if percent == nil {
		return nil
	}
	p := exam.Hundredths(*percent)
	return &p
}

// finalName is what offices call what a quiz and its make-ups came to.
func finalName(final exam.Final) string {
	return map[exam.Final]string{exam.FinalPassed: "合格", exam.FinalMadeUp: "补考合格", exam.FinalFailed: "未通过", exam.FinalAbsent: "缺考", exam.FinalPending: "待定"}[final]
}

func yes(b bool) string {
	if b {
		return "是"
	}
	return "否"
}

// stateName is what offices call a state.
func stateName(state string) string {
	names := map[string]string{exam.NotYet: "未考", exam.Absent: "缺考", string(exam.Open): "作答中", string(exam.PastDue): "待交卷", string(exam.Abandoned): "未交卷",
		string(exam.Grading): "待阅卷", string(exam.Graded): "已阅卷", string(exam.Released): "已发布", string(exam.Void): "作废"}
	if name, ok := names[state]; ok {
		return name
	}
	return state
}
