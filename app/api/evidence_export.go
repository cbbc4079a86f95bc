package api

import (
	"context"
	"fmt"
	"strings"

	"qiming/app/audit"
	"qiming/exam"
	"qiming/internal/spreadsheet"
	"qiming/policies"
)

// evidenceExport gives the attempts with signs, limits or notes as a workbook: signs, notes, pairs. It is recorded.
func (a *API) evidenceExport(ctx context.Context, actor policies.Actor, in *ByID) (*File, error) {
	title, err := a.Exams.Integrity.Title(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	var e exam.Evidence
	err = a.Trail.Act(ctx, audit.By(actor, "evidence.export", "quiz:"+in.ID, title), func() error {
		e, err = a.Exams.Integrity.Export(ctx, actor, in.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	signs, notes := a.evidenceTables(e)
	content, err := spreadsheet.XLSX("迹象", signs, spreadsheet.Named{Name: "处理记录", Table: notes}, spreadsheet.Named{Name: "雷同", Table: pairTable(e)})
	return file(title+" 诚信迹象.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", content), err
}

var signalNames = map[exam.SignalKind]string{
	exam.SignalAway: "离开页面次数", exam.SignalAwaySeconds: "离开页面秒数", exam.SignalPastes: "粘贴次数", exam.SignalTakeovers: "转到别处作答次数", exam.SignalDevices: "另用设备数",
	exam.SignalAddresses: "更换网络次数", exam.SignalParallel: "别处同时打开次数", exam.SignalFast: "作答过快的题（比例）", exam.SignalEven: "作答节奏均匀程度", exam.SignalStill: "无操作作答（比例）",
	exam.SignalSimilar: "错得一样的考生",
}

var limitNames = map[exam.LimitAct]string{exam.LimitFlag: "标出", exam.LimitWarn: "提醒", exam.LimitHandIn: "收卷"}

var decisionNames = map[exam.EvidenceDecision]string{"": "备注", exam.NoConcern: "无须处理", exam.FollowUp: "继续核实", exam.TalkHeld: "已谈话"}

func (a *API) evidenceTables(e exam.Evidence) (signs, notes [][]any) {
	head, base := []any{"姓名", "组织", "次数", "水印编号"}, []any{"全体中达到列出值的比例", nil, nil, nil}
	for _, b := range e.Bases {
		head, base = append(head, signalNames[b.Kind]), append(base, b.Rate)
	}
	signs = [][]any{append(head, "达到的限度", "最近处理"), append(base, nil, nil)}
	notes = [][]any{{"姓名", "组织", "时间", "处理", "内容", "处理人"}}
	for _, row := range e.Rows {
		line := []any{row.Name, row.OrgName, row.Number, row.Mark}
		for _, s := range row.Signals {
			line = append(line, s.Value)
		}
		var limits []string
		for _, l := range row.Limits {
			limits = append(limits, fmt.Sprintf("%s %d：%s", signalNames[l.Signal], l.From, limitNames[l.Act]))
		}
		last := ""
		for _, n := range row.Notes {
			last = decisionNames[n.Decision]
			notes = append(notes, []any{row.Name, row.OrgName, n.At.In(a.Zone).Format("2006-01-02 15:04"), last, n.Text, n.Name})
		}
		signs = append(signs, append(line, strings.Join(limits, "；"), last))
	}
	return signs, notes
}

func pairTable(e exam.Evidence) [][]any {
	table := [][]any{{"考生甲", "组织", "考生乙", "组织", "都答错", "错得一样", "偶然约", "整场偶然出现这样的对"}}
	for _, p := range e.Pairs {
		table = append(table, []any{p.A.Name, p.A.OrgName, p.B.Name, p.B.OrgName, p.Both, p.Shared, p.Expected, p.Chance})
	}
	return table
}
