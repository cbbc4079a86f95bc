package api

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"qiming/app/audit"
	"qiming/exam"
	"qiming/exam/statistics"
	"qiming/internal/spreadsheet"
	"qiming/policies"
)

type statisticsExportInput struct {
	StatisticsOf
	Format string `query:"format" enum:"xlsx,csv" default:"xlsx" doc:"csv: the items alone"`
}

// statisticsExport gives what the page shows as a workbook: the quiz, its items, who chose what, coverage and topics by
// organisation. It is recorded.
func (a *API) statisticsExport(ctx context.Context, actor policies.Actor, in *statisticsExportInput) (*File, error) {
	title, err := a.Exams.Results.Title(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	var st exam.Statistics
	var mastery exam.Mastery
	entry := audit.By(actor, "statistics.export", "quiz:"+in.ID, title).With("format", in.Format)
	err = a.Trail.Act(ctx, entry, func() error {
		if st, err = a.Exams.Results.Statistics(ctx, actor, in.ID, in.ask(), a.sight(actor)); err != nil {
			return err
		}
		mastery, err = a.Exams.Results.Mastery(ctx, actor, in.ID, in.ask(), a.sight(actor))
		return err
	})
	if err != nil {
		return nil, err
	}
	if in.Format == "csv" {
		content, err := spreadsheet.CSV(itemTable(st))
		return file(title+" 试题统计.csv", "text/csv; charset=utf-8", content), err
	}
	content, err := spreadsheet.XLSX("概况", quizTable(title, st), spreadsheet.Named{Name: "试题", Table: itemTable(st)}, spreadsheet.Named{Name: "选项", Table: choiceTable(st)},
		spreadsheet.Named{Name: "组织", Table: coverageTable(st)}, spreadsheet.Named{Name: "知识点", Table: masteryTable(st, mastery)})
	return file(title+" 统计.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", content), err
}

// known is a cell of a figure; empty where it is not defined.
func known(x *float64) any {
	if x == nil {
		return nil
	}
	return *x
}

// untold is what stands for the figures of fewer people than may be told.
const untold = "人数过少，不显示"

// unreleased is what stands for the scores of those whose result is not out, where they are not told.
const unreleased = "成绩尚未公布"

func quizTable(title string, st exam.Statistics) [][]any {
	if st.Hidden {
		return [][]any{{"考试", title}, {"", untold}}
	}
	table := [][]any{{"考试", title}, {"应考", st.Due}, {"已考", st.Taken}, {"未考", st.NotYet}, {"缺考", st.Absent}}
	if st.FewMarked {
		return append(table, []any{"成绩", untold})
	}
	if st.Unreleased > 0 {
		if st.Marked == 0 {
			return append(table, []any{"成绩", unreleased})
		}
		table = append(table, []any{"成绩", fmt.Sprintf("已公布 %d 份，共 %d 份；以下按已公布的统计", st.Marked, st.Taken)})
	}
	q := st.Quiz
	return append(table, []any{"已评完", st.Marked}, []any{"合格", st.Passed}, []any{"补考合格", st.MadeUp}, []any{"统计口径", whichName(st.Which)}, []any{"作答份数", q.N}, []any{"满分", q.Points}, []any{"平均分", known(q.Mean)}, []any{"中位数", known(q.Median)},
		[]any{"标准差", known(q.SD)}, []any{"偏度", known(q.Skewness)}, []any{"峰度", known(q.Kurtosis)}, []any{"内部一致性系数（%）", known(q.CIC)},
		[]any{"误差率（%）", known(q.ErrorRatio)}, []any{"测量标准误", known(q.StandardError)})
}

func whichName(w exam.Which) string {
	return map[exam.Which]string{exam.WhichFirst: "首次作答", exam.WhichAll: "全部作答", exam.WhichBest: "最高分作答", exam.WhichLast: "末次作答"}[w]
}

func flagNames(flags []statistics.Flag) string {
	names := map[statistics.Flag]string{statistics.Negative: "区分度为负", statistics.TooHard: "过难", statistics.TooEasy: "过易", statistics.Distractor: "错项多于正确项"}
	list := make([]string, len(flags))
	for i, flag := range flags {
		list[i] = names[flag]
	}
	return strings.Join(list, "、")
}

// numberIn gives an item's number in the paper; empty where papers differ.
func numberIn(one exam.ItemFigures) any {
	if one.Slot == 0 {
		return nil
	}
	return one.Slot
}

// versionOf names a question's version, and whose key marks it where a regrade changed that.
func versionOf(one exam.ItemFigures) string {
	name := "第 " + strconv.Itoa(one.Number) + " 版"
	switch {
	case one.Given:
		name += "，全员得分"
	case one.Key != 0:
		name += "，按第 " + strconv.Itoa(one.Key) + " 版答案评分"
	}
	return name
}

func itemTable(st exam.Statistics) [][]any {
	table := [][]any{{"题号", "题干", "版本", "作答份数", "有作答", "满分", "得分率", "标准差", "随机猜测得分率", "有效权重（%）", "与其余题协方差", "得分方差", "其余题方差", "区分度（%）", "最大协方差", "区分效率（%）", "用时中位数（秒）", "提示"}}
	for _, one := range st.Items {
		stem := one.Stem
		if stem == "" {
			stem = one.Version
		}
		if one.Hidden {
			table = append(table, []any{numberIn(one), stem, versionOf(one), untold})
			continue
		}
		var seconds any
		if one.Time != nil {
			seconds = one.Time.Median
		}
		table = append(table, []any{numberIn(one), stem, versionOf(one), one.N, one.Answered, one.Max, known(one.Facility), known(one.SD), known(one.RandomGuess), known(one.Weight), known(one.Covariance),
			known(one.MarkVariance), known(one.OtherVariance), known(one.Discrimination), known(one.CovarianceMax), known(one.Efficiency), seconds, flagNames(one.Flags)})
	}
	return table
}

func choiceTable(st exam.Statistics) [][]any {
	table := [][]any{{"题号", "题干", "版本", "选项", "内容", "正确项", "低分组", "中分组", "高分组", "合计"}}
	row := func(one exam.ItemFigures, label, text, right string, n statistics.Thirds) {
		stem := one.Stem
		if stem == "" {
			stem = one.Version
		}
		table = append(table, []any{numberIn(one), stem, versionOf(one), label, text, right, n[0], n[1], n[2], n.All()})
	}
	for _, one := range st.Items {
		if one.Choices == nil {
			continue
		}
		for _, option := range one.Choices.Options {
			right := ""
			if option.Right {
				right = "是"
			}
			label := option.Label
			if name, ok := map[string]string{"true": "对", "false": "错"}[label]; ok {
				label = name
			}
			row(one, label, option.Text, right, option.Chosen)
		}
		row(one, "未选", "", "", one.Choices.None)
		row(one, "人数", "", "", one.Choices.Takers)
	}
	return table
}

func coverageTable(st exam.Statistics) [][]any {
	table := [][]any{{"组织", "应考", "已考", "未考", "缺考", "已评完", "合格", "补考合格", "平均（百分制）"}}
	for _, c := range st.ByOrg {
		switch {
		case c.Hidden:
			table = append(table, []any{c.Name, untold})
		case c.FewMarked:
			table = append(table, []any{c.Name, c.Due, c.Taken, c.NotYet, c.Absent, untold})
		case st.Unreleased > 0 && c.Marked == 0 && c.Taken > 0:
			table = append(table, []any{c.Name, c.Due, c.Taken, c.NotYet, c.Absent, unreleased})
		default:
			table = append(table, []any{c.Name, c.Due, c.Taken, c.NotYet, c.Absent, c.Marked, c.Passed, c.MadeUp, known(inFiles(c.Mean))})
		}
	}
	return table
}

func masteryTable(st exam.Statistics, m exam.Mastery) [][]any {
	head := []any{"组织", "人数"}
	switch {
	case m.Hidden:
		return [][]any{head, {"全部", untold}}
	case st.Unreleased > 0 && m.N == 0:
		return [][]any{head, {"全部", unreleased}}
	}
	total := []any{"全部", m.N}
	for _, topic := range m.Topics {
		name := topic.Name
		if name == "" {
			name = "未分类"
		}
		head, total = append(head, name+"（得分率）"), append(total, known(topic.Share))
	}
	table := [][]any{head, total}
	for _, c := range m.ByOrg {
		line := []any{c.Name, c.N}
		if c.Hidden {
			line = []any{c.Name, untold}
		}
		for _, share := range c.Shares {
			line = append(line, known(share))
		}
		table = append(table, line)
	}
	return table
}
