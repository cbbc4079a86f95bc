package interchange

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"qiming/exam/question"
)

// promise checks what holds for any bytes: no panic, every record accounted for, what is accepted is
// valid, every problem has a message, and what was accepted survives an export.
func promise(t *testing.T, data []byte, f Format) {
	p := Read(Source{Name: "fuzz", Data: data, Format: f})
	r, outcomes := account(p, book{}, question.MaxDepth)
	if !r.Accounted() {
		t.Fatalf("not accounted: %d questions, %d imported, %d duplicates, %d refused", r.Questions, r.Imported, r.Duplicates, r.Refused())
	}
	for _, q := range append(append([]Problem{}, r.Problems...), r.Warnings...) {
		if q.Message == "" || q.Message == q.Code || !utf8.ValidString(q.Message) {
			t.Fatalf("a problem without a message: %+v", q)
		}
	}
	var items []Item
	for i, rec := range p.Records {
		if outcomes[i] != Fresh {
			continue
		}
		if bad := question.Validate(rec.Item.Content); len(bad) > 0 {
			t.Fatalf("accepted, but the bank refuses it: %+v %+v", bad, rec.Item.Content)
		}
		items = append(items, rec.Item)
	}
	var out bytes.Buffer
	if _, err := Write(&out, JSON, items, nil); err != nil {
		t.Fatal(err)
	}
	back := Read(Source{Data: out.Bytes(), Format: JSON})
	for i, rec := range back.Records {
		if rec.Refused() || question.StemKey(rec.Item.Content) != question.StemKey(items[i].Content) {
			t.Fatalf("did not survive: %+v %+v", rec.Problems, items[i])
		}
	}
}

func seeds(f *testing.F, pattern string, more ...string) {
	files, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, s := range more {
		f.Add([]byte(s))
	}
}

// accepted gives what a file holds without an error.
func accepted(p Parsed) (items []Item) {
	for _, rec := range p.Records {
		if !rec.Refused() {
			items = append(items, rec.Item)
		}
	}
	return items
}

func FuzzCSV(f *testing.F) {
	seeds(f, "*.csv", threeRows, "题干;答案;A;B\n\"x;A;1;2\n\"y\"\"z\";B;1;2\n", "\xff\xfe\x98\x98", "题干\t答案\nx____y\ta/b|c\\/d")
	f.Fuzz(func(t *testing.T, data []byte) { promise(t, data, CSV) })
}

func FuzzJSON(f *testing.F) {
	seeds(f, "*.json", `{"a|b|c":"b"}`, `[{"题干":"x","选项":["a","b"],"答案":"A"}]`, `{"format":"qiming.questions","version":1,"questions":[{"content":{"kind":"blanks","stem":"____","blanks":[{"accept":["1"]}]}}]}`)
	f.Fuzz(func(t *testing.T, data []byte) { promise(t, data, JSON) })
}

func FuzzGIFT(f *testing.F) {
	seeds(f, "*.gift", "::t::x{=a ~%50%b#c}", "x{#=1:2 =3..4####g}", "a{=b}c{#1}d", "// [tag:x] [qiming {\"difficulty\":3}]\ny{T}")
	f.Fuzz(func(t *testing.T, data []byte) {
		promise(t, data, GIFT)
		p := Read(Source{Data: data, Format: GIFT})
		items := accepted(p)
		var out bytes.Buffer
		if _, err := Write(&out, GIFT, items, nil); err != nil {
			t.Fatal(err)
		}
		back := Read(Source{Data: out.Bytes(), Format: GIFT})
		if len(items) > 0 && len(back.Records) != len(items) {
			t.Fatalf("%d questions became %d:\n%s", len(items), len(back.Records), out.String())
		}
		sorted := sorted(items)
		for i, rec := range back.Records {
			want := sorted[i].Content
			if len(items) > 0 && (rec.Refused() || rec.Item.Content.Kind != want.Kind || rec.Item.Content.Stem != want.Stem || compare(want, rec.Item.Content) != same) {
				t.Fatalf("changed: %+v\n%+v\n%+v\n%s", rec.Problems, want, rec.Item.Content, out.String())
			}
		}
	})
}

func FuzzAiken(f *testing.F) {
	seeds(f, "*.aiken", "q\nA. a\nB) b\nANSWER: B\n解析：x\n", "ANSWER: A", "A. x\nB. y\nANSWER: A,B")
	f.Fuzz(func(t *testing.T, data []byte) { promise(t, data, Aiken) })
}

func FuzzXLSX(f *testing.F) {
	var b bytes.Buffer
	if _, err := Write(&b, XLSX, specimens()[:3], nil); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) { promise(t, data, XLSX) })
}

// FuzzDetect gives any bytes to detection.
func FuzzDetect(f *testing.F) {
	seeds(f, "*", threeRows)
	f.Fuzz(func(t *testing.T, data []byte) { promise(t, data, Auto) })
}

// FuzzTable tries the cells of a row in every writing.
func FuzzTable(f *testing.F) {
	f.Add("单选题", "题干", "甲", "乙", "A", "无", "漏选得0.5")
	f.Add("填空题", "x（ ）y", "", "", "a/b；c", "★★", "空1权重2；空2数值")
	f.Add("", "来源：x", "A.甲 B.乙", "", "甲、乙", "0.7", "")
	f.Fuzz(func(t *testing.T, kind, stem, a, b, answer, difficulty, settings string) {
		s := sheet{rows: []row{{number: 1, cells: []string{"题型", "题干", "A", "B", "答案", "难度", "作答设置"}}, {number: 2, cells: []string{kind, stem, a, b, answer, difficulty, settings}}}}
		p := records([]sheet{s}, nil, "行")
		for i := range p.Records {
			finish(&p.Records[i], "行")
		}
		r, outcomes := account(p, book{}, question.MaxDepth)
		if !r.Accounted() {
			t.Fatal("not accounted")
		}
		for i, rec := range p.Records {
			if outcomes[i] != Fresh {
				continue
			}
			if bad := question.Validate(rec.Item.Content); len(bad) > 0 {
				t.Fatalf("%+v", bad)
			}
			for _, f := range []Format{CSV, GIFT} {
				var out bytes.Buffer
				if _, err := Write(&out, f, []Item{rec.Item}, nil); err != nil {
					t.Fatal(err)
				}
				back := Read(Source{Data: out.Bytes(), Format: f})
				if len(back.Records) != 1 || back.Records[0].Refused() || compare(rec.Item.Content, back.Records[0].Item.Content) != same || back.Records[0].Item.Content.Stem != rec.Item.Content.Stem {
					t.Fatalf("%s changed it:\n%s\n%+v\n%+v", f, out.String(), rec.Item.Content, back)
				}
			}
		}
	})
}

func FuzzMoodle(f *testing.F) {
	seeds(f, "*.moodle.xml", quiz(trueQuestion), `<quiz><question type="multianswer"><questiontext><text>a{1:MC:=b~%50%c#d}e{:NM:=1:2}</text></questiontext></question></quiz>`)
	for _, item := range specimens() { // one a seed: small ones are varied faster
		var b bytes.Buffer
		if _, err := Write(&b, Moodle, []Item{item}, nil); err != nil {
			f.Fatal(err)
		}
		f.Add(b.Bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		promise(t, data, Moodle)
		p := Read(Source{Data: data, Format: Moodle})
		items := accepted(p)
		var out bytes.Buffer
		if _, err := Write(&out, Moodle, items, func(id string) (File, error) { return p.Files[id], nil }); err != nil {
			t.Fatal(err)
		}
		back := Read(Source{Data: out.Bytes(), Format: Moodle})
		if len(back.Records) != len(items) {
			t.Fatalf("%d questions became %d:\n%s", len(items), len(back.Records), out.String())
		}
		for i, want := range sorted(items) {
			if got := back.Records[i]; got.Refused() || !alike(want, got.Item) {
				t.Fatalf("changed: %+v\n%+v\n%+v\n%s", got.Problems, want, got.Item, out.String())
			}
		}
	})
}

func FuzzPackage(f *testing.F) {
	var b bytes.Buffer
	a, c := picture(f, 1), picture(f, 2)
	if _, err := Write(&b, Package, withPictures(a, c), shelf(f, a, c)); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) { promise(t, data, Package) })
}

// FuzzHTML gives any markup to the reader of Moodle's texts, and any text to its writer.
func FuzzHTML(f *testing.F) {
	f.Add("<p>a<b>c</b><br>x<sup>2</sup><a href='http://x'>y</a><img src='data:image/png;base64,AA'></p>")
	f.Add("a  b\n\n<&>\\({}^{2}\\)")
	f.Fuzz(func(t *testing.T, s string) {
		q := moodleQuestion{at: place{row: 1}, files: &embedded{}}
		h := htmlText{q: &q, files: &xmlNode{}}
		if out := h.read(s); len(out) > 20*len(s)+200 {
			t.Fatalf("%d bytes of %d", len(out), len(s))
		}
		if mediaMark.MatchString(s) {
			return
		}
		w := moodleWriter{files: map[string]File{}}
		if err := w.text("questiontext", s); err != nil {
			t.Fatal(err)
		}
		group, err := moodleGroup(strings.ToValidUTF8(w.b.String(), "?"))
		if err != nil && !strings.Contains(err.Error(), "illegal character") {
			t.Fatalf("%v: %q", err, w.b.String())
		}
		if err == nil && len(group) != 1 {
			t.Fatalf("%d elements", len(group))
		}
	})
}
