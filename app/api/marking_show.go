package api

import (
	"cmp"
	"context"
	"slices"

	"qiming/app/audit"
	"qiming/exam"
	"qiming/exam/statistics"
	"qiming/internal/spreadsheet"
	"qiming/policies"
)

// progressShow tells who looks after a quiz how far marking has come, and who marks.
func (a *API) progressShow(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[exam.Progress], error) {
	p, err := a.Exams.Results.Progress(ctx, actor, in.ID, a.sight(actor))
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, e := range p.Evaluators {
		ids = append(ids, e.By)
	}
	names, err := a.Accounts.Names(ctx, ids...)
	if err != nil {
		return nil, err
	}
	for i := range p.Evaluators {
		p.Evaluators[i].Name = names[p.Evaluators[i].By]
	}
	slices.SortStableFunc(p.Evaluators, func(a, b exam.EvaluatorProgress) int { return cmp.Compare(a.Name, b.Name) })
	for _, item := range p.Items {
		for i := range item.Claims {
			item.Claims[i].Name = names[item.Claims[i].By]
		}
	}
	return answer(p), nil
}

// consistencyShow tells who makes the quiz how far its evaluators agree, by name.
func (a *API) consistencyShow(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[exam.Consistency], error) {
	c, err := a.consistency(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return answer(c), nil
}

func (a *API) consistency(ctx context.Context, actor policies.Actor, quizID string) (exam.Consistency, error) {
	c, err := a.Exams.Results.Consistency(ctx, actor, quizID, a.sight(actor))
	if err != nil {
		return c, err
	}
	var ids []string
	for _, e := range c.Evaluators {
		ids = append(ids, e.By)
	}
	names, err := a.Accounts.Names(ctx, ids...)
	if err != nil {
		return c, err
	}
	for i := range c.Evaluators {
		c.Evaluators[i].Name = names[c.Evaluators[i].By]
	}
	for i := range c.Pairs {
		c.Pairs[i].A, c.Pairs[i].B = names[c.Pairs[i].ByA], names[c.Pairs[i].ByB]
	}
	slices.SortStableFunc(c.Evaluators, func(a, b exam.EvaluatorConsistency) int { return cmp.Compare(a.Name, b.Name) })
	return c, nil
}

// consistencyExport gives the report as a workbook. It is recorded, for it names evaluators.
func (a *API) consistencyExport(ctx context.Context, actor policies.Actor, in *ByID) (*File, error) {
	title, err := a.Exams.Results.Title(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	var c exam.Consistency
	err = a.Trail.Act(ctx, audit.By(actor, "consistency.export", "quiz:"+in.ID, title), func() error {
		c, err = a.consistency(ctx, actor, in.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	content, err := spreadsheet.XLSX("一致性", agreementTable(c), spreadsheet.Named{Name: "阅卷人", Table: severityTable(c)})
	return file(title+" 评分一致性.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", content), err
}

func agreementTable(c exam.Consistency) [][]any {
	table := [][]any{{"范围", "名称", "对数", "完全一致", "不超过允许分差", "平均差（占满分）", "差的标准差（占满分）", "平均差（分）", "差的标准差（分）", "相关系数 r", "二次加权 kappa", "kappa 档距（分）", "ICC(2,1)"}}
	line := func(scope, name string, g statistics.Agreement) {
		var grid any
		if g.Kappa.Value != nil {
			grid = g.Grid
		}
		table = append(table, []any{scope, name, g.N, known(g.Exact), known(g.Within), known(g.Mean), known(g.SD), known(g.MeanPoints), known(g.SDPoints), known(g.R.Value), known(g.Kappa.Value), grid, known(g.ICC.Value)})
	}
	line("全卷", "一评减二评", c.Quiz)
	line("全卷", "三评减一评、二评", c.Third)
	for _, i := range c.Items {
		line("题目", i.Stem, i.Agreement)
	}
	for _, p := range c.Pairs {
		line("阅卷人", p.A+"减"+p.B, p.Agreement)
	}
	return table
}

func severityTable(c exam.Consistency) [][]any {
	table := [][]any{{"阅卷人", "有他人同评的份数", "与他人之差（占满分）", "标准误（占满分）", "一评和二评份数", "引起三评", "三评已定且有远近", "其中离三评较远"}}
	for _, e := range c.Evaluators {
		table = append(table, []any{e.Name, e.Severity.N, known(e.Severity.Mean), known(e.Severity.SE), e.Marks, e.Apart, e.Decided, e.Farther})
	}
	return table
}
