package interchange

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

func proposals(p Parsed) string {
	var out []string
	for _, c := range p.Columns {
		f := string(c.Proposed)
		if c.Field != FieldIgnore {
			f = "=" + string(c.Field)
		}
		out = append(out, f)
	}
	return strings.Join(out, " ")
}

// agreed is the mapping of a user who takes what is proposed.
func agreed(p Parsed) Mapping {
	m := Mapping{}
	for _, c := range p.Columns {
		if c.Proposed != FieldIgnore {
			m["#"+strconv.Itoa(c.Index+1)] = c.Proposed
		}
	}
	return m
}

func TestByExample(t *testing.T) {
	const stems = "支部党员大会一般多久召开一次？\x00党小组会一般多久召开一次？\x00支部委员会会议一般多久召开一次？"
	stem := strings.Split(stems, "\x00")
	tests := []struct {
		name, file string
		want       string
		questions  int
	}{
		{"letters, after an unknown heading", "壹,贰,叁,肆,伍\n" + stem[0] + ",每季度,每月,每年,A\n" + stem[1] + ",每月,每年,每周,A\n" + stem[2] + ",每月,每周,每年,A\n", "stem option_a option_b option_c answer", 3},
		{"no heading at all", stem[0] + ",每季度,每月,每年,A\n" + stem[1] + ",每月,每年,每周,A\n" + stem[2] + ",每月,每周,每年,A\n", "stem option_a option_b option_c answer", 3},
		{"the text of the option, a number and a reason", "甲,乙,丙,丁,戊,己\n1," + stem[0] + ",每季度,每月,每季度,见支部工作条例第十一条\n2," + stem[1] + ",每年,每月,每月,见支部工作条例第十二条\n3," + stem[2] + ",每周,每月,每月,见支部工作条例第十三条\n",
			"number stem option_a option_b answer explanation", 3},
		{"options in one cell", "甲,乙,丙\n" + stem[0] + ",A.每季度 B.每月,A\n" + stem[1] + ",A.每年 B.每月,B\n", "stem options answer", 2},
		{"stem|options", `[{"tm":"` + stem[0] + `|每季度|每月","da":"每季度"},{"tm":"` + stem[1] + `|每年|每月","da":"每月"}]`, "stem_options answer", 2},
		{"right and wrong, with kinds", "甲,乙,丙\n判断," + stem[0][:12] + "每月开一次。,错\n判断," + stem[1][:12] + "每月开一次。,对\n判断," + stem[2][:12] + "每月开会。,对\n", "kind stem answer", 3},
		{"JSON with keys of its own", `[{"tm":"` + stem[0] + `","xx":["每季度","每月"],"da":"A"},{"tm":"` + stem[1] + `","xx":["每年","每月"],"da":"B"}]`, "stem option_a option_b answer", 2},
		{"nothing to go by", "甲,乙\n1.5,2.5\n3.5,2.5\n", " ", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := Source{Name: "t.csv", Data: []byte(tt.file)}
			first := Read(src)
			if got := proposals(first); got != tt.want || len(first.Records) > 0 {
				t.Fatalf("proposed %q, %d records", got, len(first.Records))
			}
			if tt.questions == 0 {
				return
			}
			src.Mapping = agreed(first)
			second := Read(src)
			if len(second.Records) != tt.questions || slices.ContainsFunc(second.Records, func(r Record) bool { return len(r.Problems) > 0 }) {
				t.Errorf("%d records: %+v", len(second.Records), second.Records)
			}
		})
	}
}

// The real files say what they are also without their headings.
func TestRealFilesByExample(t *testing.T) {
	head, rows, _ := strings.Cut(string(realFile(t, "exam_master_881.csv")), "\n")
	unknown := strings.Repeat(",未知", strings.Count(head, ","))
	known := Read(Source{Name: "t.csv", Data: []byte(head + "\n" + rows)})
	for name, file := range map[string]string{"unknown headings": "未知" + unknown + "\n" + rows, "no headings": rows} {
		first := Read(Source{Name: "t.csv", Data: []byte(file)})
		if got := proposals(first); got != "number stem option_a option_b option_c option_d option_e answer  kind" {
			t.Fatalf("%s: proposed %q", name, got)
		}
		if second := Read(Source{Name: "t.csv", Data: []byte(file), Mapping: agreed(first)}); len(second.Records) != len(known.Records) {
			t.Errorf("%s: %d records, %d with their headings", name, len(second.Records), len(known.Records))
		}
	}
}
