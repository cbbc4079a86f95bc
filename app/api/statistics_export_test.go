package api

import (
	"reflect"
	"testing"

	"qiming/exam"
)

func TestTheTopicsInTheWorkbook(t *testing.T) {
	half := 0.5
	for name, c := range map[string]struct {
		st   exam.Statistics
		of   exam.Mastery
		want [][]any
	}{
		"told": {
			exam.Statistics{}, exam.Mastery{N: 12, Topics: []exam.MasteryTopic{{Share: &half}, {Name: "党章"}}, ByOrg: []exam.MasteryOrg{{Name: "机关党委", N: 10, Shares: []*float64{&half, nil}}, {Name: "一支部", Hidden: true}}},
			[][]any{{"组织", "人数", "未分类（得分率）", "党章（得分率）"}, {"全部", 12, 0.5, nil}, {"机关党委", 10, 0.5, nil}, {"一支部", untold}},
		},
		"of too few": {exam.Statistics{}, exam.Mastery{Hidden: true}, [][]any{{"组织", "人数"}, {"全部", untold}}},
		"not out":    {exam.Statistics{Taken: 12, Unreleased: 12}, exam.Mastery{Topics: []exam.MasteryTopic{{Name: "党章"}}}, [][]any{{"组织", "人数"}, {"全部", unreleased}}},
	} {
		if got := masteryTable(c.st, c.of); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestTheWorkbookSaysWhatIsNotOut(t *testing.T) {
	none := exam.Statistics{Due: 20, Taken: 12, Unreleased: 12, ByOrg: []exam.OrgCount{{Name: "一支部", Due: 20, Taken: 12}}}
	if got := quizTable("测试", none); !reflect.DeepEqual(got[len(got)-1], []any{"成绩", unreleased}) || len(got) != 6 {
		t.Errorf("%v", got)
	}
	if got := coverageTable(none)[1]; !reflect.DeepEqual(got, []any{"一支部", 20, 12, 0, 0, unreleased}) {
		t.Errorf("%v", got)
	}
	part := none
	part.Unreleased, part.Marked, part.ByOrg = 7, 5, []exam.OrgCount{{Name: "一支部", Due: 20, Taken: 12, Marked: 5}}
	if got := quizTable("测试", part); !reflect.DeepEqual(got[5], []any{"成绩", "已公布 5 份，共 12 份；以下按已公布的统计"}) || len(got) < 15 {
		t.Errorf("%v", got)
	}
	if got := coverageTable(part)[1]; got[5] != 5 {
		t.Errorf("%v", got)
	}
}
