package api

import (
	"context"
	"strings"
	"time"

	"qiming/app/audit"
	"qiming/exam"
	"qiming/internal/spreadsheet"
	"qiming/policies"
)

// AllotmentFilter narrows who gets what.
type AllotmentFilter struct {
	Org  string `query:"org" maxLength:"64"`
	Q    string `query:"q" maxLength:"50" doc:"In the name"`
	Only bool   `query:"only" doc:"Those alone for whom anything differs from the quiz"`
}

func (f AllotmentFilter) filter() exam.AllotmentFilter {
	return exam.AllotmentFilter{Org: f.Org, Text: f.Q, Only: f.Only}
}

// Allotment is an exam.Allotment with the names of the nodes that its fields come from.
type Allotment struct {
	exam.Allotment
	Nodes map[string]string `json:"nodes,omitempty" doc:"Names of the organisations in from, by id"`
}

type allotmentListInput struct {
	ByID
	Paging
	AllotmentFilter
}

func (a *API) allotmentList(ctx context.Context, actor policies.Actor, in *allotmentListInput) (*Listed[Allotment], error) {
	page, total, err := a.Exams.Quizzes.AllotmentPage(ctx, actor, in.ID, in.filter(), in.Limit, in.After)
	if err != nil {
		return nil, err
	}
	named := make(map[string]map[string]string, len(page.Items))
	for _, one := range page.Items {
		if named[one.MemberID], err = a.sourceNames(ctx, one.From); err != nil {
			return nil, err
		}
	}
	out := listPage(page, func(one exam.Allotment) Allotment { return Allotment{one, named[one.MemberID]} })
	out.Body.Total = &total
	return out, nil
}

// sourceNames gives the names of the organisation nodes among sources.
func (a *API) sourceNames(ctx context.Context, from exam.Sources) (map[string]string, error) {
	var ids []string
	for _, keys := range []string{from.Opens, from.Closes, from.Limit, from.Attempts, from.Password} {
		for _, key := range strings.Fields(keys) {
			if id, ok := strings.CutPrefix(key, "org:"); ok {
				ids = append(ids, id)
			}
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return a.Orgs.Names(ctx, ids...)
}

type allotmentExportInput struct {
	ByID
	AllotmentFilter
	Format string `query:"format" enum:"xlsx,csv" default:"xlsx"`
}

// allotmentExport gives who gets what as a file. It is recorded.
func (a *API) allotmentExport(ctx context.Context, actor policies.Actor, in *allotmentExportInput) (*File, error) {
	quiz, err := a.Exams.Quizzes.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	var all []exam.Allotment
	entry := audit.By(actor, "override.export", "quiz:"+in.ID, quiz.Title).With("format", in.Format)
	err = a.Trail.Act(ctx, entry, func() error {
		all, err = a.Exams.Quizzes.Allotments(ctx, actor, in.ID, in.filter())
		return err
	})
	if err != nil {
		return nil, err
	}
	table := [][]any{{"组织", "姓名", "开始", "来源", "截止", "来源", "限时（分钟）", "来源", "倍数", "来源", "次数", "来源", "密码", "来源"}}
	for _, one := range all {
		names, err := a.sourceNames(ctx, one.From)
		if err != nil {
			return nil, err
		}
		from := func(keys string) string { return sourceWords(keys, names) }
		table = append(table, []any{one.OrgName, one.Name, a.localTime(one.Opens), from(one.From.Opens), a.localTime(one.Closes), from(one.From.Closes),
			numberOr(float64(one.Limit)/60, "不限"), from(one.From.Limit), numberOr(one.Extra, ""), from(one.From.Extra), numberOr(float64(one.Attempts), "不限"), from(one.From.Attempts),
			yes(one.Password), from(one.From.Password)})
	}
	if in.Format == "csv" {
		content, err := spreadsheet.CSV(table)
		return file(quiz.Title+" 时限.csv", "text/csv; charset=utf-8", content), err
	}
	content, err := spreadsheet.XLSX("时限", table)
	return file(quiz.Title+" 时限.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", content), err
}

func (a *API) localTime(t *time.Time) string {
	if t == nil {
		return "不限"
	}
	return t.In(a.Zone).Format("2006-01-02 15:04")
}

func numberOr(n float64, none string) any {
	if n == 0 {
		return none
	}
	return n
}

// sourceWords says for offices where a value comes from.
func sourceWords(keys string, names map[string]string) string {
	if keys == "" {
		return "试卷"
	}
	var words []string
	for _, key := range strings.Fields(keys) {
		switch id, org := strings.CutPrefix(key, "org:"); {
		case org:
			words = append(words, names[id])
		case key == exam.FromProfile:
			words = append(words, "本人档案")
		default:
			words = append(words, "本人例外")
		}
	}
	return strings.Join(words, "、")
}
