package interchange

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"qiming/exam/question"
)

// The real question banks: every row is imported, a duplicate, or a named problem. The figures were
// checked row by row; see the comments for what each class is.
func TestRealFiles(t *testing.T) {
	tests := []struct {
		file       string
		format     Format
		questions  int
		imported   int
		duplicates int
		kinds      map[question.Kind]int
		problems   map[string]int
		warnings   map[string]int
		sources    int
	}{
		{"exam_master_881.csv", CSV, 881, 850, 7,
			map[question.Kind]int{question.Single: 465, question.Multiple: 385},
			map[string]int{
				"stem.missing":       18, // the cell is empty
				"answer.beyond":      1,  // ACE with four options
				"options.same":       1,  // 历史性 twice, both right
				"duplicate.variant":  3,
				"duplicate.conflict": 1, // stems cut to the same half sentence, with contradictory keys
			},
			map[string]int{"duplicate.stem": 11}, 0},
		{"xxqg_mixed_2861.json", JSON, 2861, 2580, 244,
			map[question.Kind]int{question.Single: 2437, question.TrueFalse: 143},
			map[string]int{
				"text.cut":          27, // an option ends in the remains of percent-encoding; 14 of them are the right answer
				"answer.missing":    1,
				"options.same":      1, // 小时 twice: the digits are lost
				"duplicate.variant": 8,
			},
			map[string]int{"duplicate.stem": 214, "options.hole": 1}, 705},
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			p := Read(Source{Name: tt.file, Data: realFile(t, tt.file)})
			r, _ := account(p, book{}, question.MaxDepth)
			if !r.Accounted() || r.Exit() != ExitAccounted {
				t.Errorf("not every row is accounted for: %d questions, %d imported, %d duplicates, %d refused", r.Questions, r.Imported, r.Duplicates, r.Refused())
			}
			if r.Format != tt.format || r.Questions != tt.questions || r.Imported != tt.imported || r.Duplicates != tt.duplicates {
				t.Errorf("got %s %d questions, %d imported, %d duplicates", r.Format, r.Questions, r.Imported, r.Duplicates)
			}
			if d := cmp.Diff(tt.kinds, r.ByKind); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(tt.problems, codes(r.Problems)); d != "" {
				t.Error(d)
			}
			if d := cmp.Diff(tt.warnings, codes(r.Warnings)); d != "" {
				t.Error(d)
			}
			sources := 0
			for _, rec := range p.Records {
				if strings.Contains(rec.Item.Content.Stem, "\u00a0") {
					t.Errorf("row %d keeps non-breaking spaces", rec.Item.Row)
				}
				if rec.Item.Content.Source != "" {
					sources++
				}
			}
			if sources != tt.sources {
				t.Errorf("%d sources taken from stems, want %d", sources, tt.sources)
			}
		})
	}
}

// realNames are the real files of questions.
var realNames = []string{"exam_master_881.csv", "xxqg_mixed_2861.json"}

// realItems gives the questions of a real file that a bank would take.
func realItems(t *testing.T, name string) (items []Item) {
	t.Helper()
	p := Read(Source{Name: name, Data: realFile(t, name)})
	_, outcomes := account(p, book{}, question.MaxDepth)
	for i, r := range p.Records {
		if outcomes[i] == Fresh {
			items = append(items, r.Item)
		}
	}
	return items
}

// A real bank survives every export.
func TestRealFilesRoundTrip(t *testing.T) {
	for _, name := range realNames {
		items := realItems(t, name)
		for i := range items {
			items[i].Tags, items[i].Category = []string{"真题"}, []string{"党史", "第" + letter(i%5) + "章"}
		}
		for _, f := range wholeFormats() {
			t.Run(name+" as "+string(f), func(t *testing.T) { roundTrip(t, f, items) })
		}
	}
}

func codes(list []Problem) map[string]int {
	out := map[string]int{}
	for _, p := range list {
		out[p.Code]++
	}
	return maps.Clone(out)
}
