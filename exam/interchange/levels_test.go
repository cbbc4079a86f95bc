package interchange

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"qiming/exam/question"
)

// Levels that cannot be are refused by the name of their criterion, row by row; good rows beside them stand.
func TestLevelsOfAFileAreChecked(t *testing.T) {
	levels := func(of string) string {
		return fmt.Sprintf(`{"content":{"kind":"essay","stem":"谈谈体会","rubric":[{"name":"观点","share":1,"levels":[%s]}]}}`, of)
	}
	data := fmt.Sprintf(`{"format":"qiming.questions","version":1,"questions":[%s]}`, strings.Join([]string{
		levels(`{"title":"好","share":1},{"title":"差","share":0.25}`),
		levels(`{"title":"好","share":0.9},{"title":"差","share":0}`),
		levels(`{"title":"好","share":1},{"title":"差","share":1}`),
		levels(`{"title":"好","share":1}`),
		levels(`{"title":"好","share":1},{"title":"","share":0}`),
		levels(`{"title":"好","share":1},{"title":"差","share":"a"}`),
	}, ","))
	p := Read(Source{Name: "a.json", Data: []byte(data)})
	for i, want := range []string{"", "levels.wrong", "levels.wrong", "levels.wrong", "levels.wrong", "field.invalid"} {
		r := p.Records[i]
		if got := strings.Join(codesOf(r), " "); got != want {
			t.Errorf("question %d: %q, want %q", i+1, got, want)
		}
		if want == "levels.wrong" && !strings.Contains(r.Problems[0].Message, "“观点”") {
			t.Errorf("question %d: %s", i+1, r.Problems[0].Message)
		}
	}
}

// What other programs will not see of a rubric is named; QTI shows it as text.
func TestLevelsAreNamedWhereTheyAreLost(t *testing.T) {
	item := Item{Content: question.Content{Kind: question.Essay, Stem: "谈谈体会", Rubric: []question.Criterion{{Name: "观点", Share: 1,
		Levels: []question.Level{{Title: "鲜明", Share: 1, Note: "切题"}, {Title: "含糊", Share: 0.5}}}}}}
	for _, f := range []Format{GIFT, Moodle, QTI22, QTI30} {
		var b bytes.Buffer
		lost, err := Write(&b, f, []Item{item}, nil)
		if err != nil || len(lost) != 1 || !strings.Contains(lost[0].Message, "评分等级") {
			t.Errorf("%s: %v %+v", f, err, lost)
		}
		if f != QTI22 && f != QTI30 {
			continue
		}
		files, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		var text strings.Builder
		for _, file := range files.File {
			r, err := file.Open()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(&text, r); err != nil {
				t.Fatal(err)
			}
		}
		if !strings.Contains(text.String(), "鲜明（100%）：切题") {
			t.Errorf("%s does not show the levels to those who mark", f)
		}
	}
}
