package api

import (
	"testing"

	"qiming/exam"
)

func TestEverybodyCountsASubtreeOnce(t *testing.T) {
	root, branch := exam.MasteryOrg{OrgID: "r", N: 30}, exam.MasteryOrg{OrgID: "b", ParentID: "r", N: 12}
	other := exam.MasteryOrg{OrgID: "o", ParentID: "elsewhere", N: 7}
	for name, c := range map[string]struct {
		rows []exam.MasteryOrg
		want any
	}{
		"nobody":              {nil, 0},
		"a tree":              {[]exam.MasteryOrg{root, branch}, 30},
		"two trees":           {[]exam.MasteryOrg{root, branch, other}, 37},
		"a hidden branch":     {[]exam.MasteryOrg{root, {OrgID: "b", ParentID: "r", Hidden: true}}, 30},
		"a hidden tree":       {[]exam.MasteryOrg{{OrgID: "r", Hidden: true}, branch}, nil},
		"one hidden of trees": {[]exam.MasteryOrg{root, {OrgID: "o", ParentID: "elsewhere", Hidden: true}}, nil},
	} {
		if got := everybody(c.rows); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
