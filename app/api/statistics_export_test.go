package api

import (
	"reflect"
	"testing"

	"qiming/exam"
)

func TestTheTopicsInTheWorkbook(t *testing.T) {
	half := 0.5
	for name, c := range map[string]struct {
		of   exam.Mastery
		want [][]any
	}{
		"told": {
			exam.Mastery{N: 12, Topics: []exam.MasteryTopic{{Share: &half}, {Name: "党章"}}, ByOrg: []exam.MasteryOrg{{Name: "机关党委", N: 10, Shares: []*float64{&half, nil}}, {Name: "一支部", Hidden: true}}},
			[][]any{{"组织", "人数", "未分类（得分率）", "党章（得分率）"}, {"全部", 12, 0.5, nil}, {"机关党委", 10, 0.5, nil}, {"一支部", untold}},
		},
		"of too few": {exam.Mastery{Hidden: true}, [][]any{{"组织", "人数"}, {"全部", untold}}},
	} {
		if got := masteryTable(c.of); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
