package exam

import (
	"reflect"
	"testing"
	"time"

	"qiming/exam/question"
	"qiming/search"
)

func TestLogKeepsEveryField(t *testing.T) {
	steps := []Step{
		{Seq: 1, Kind: StepStart, At: monday, Session: "s", Note: "Chrome, Windows", Receipt: "r1"},
		{Seq: 2, Kind: StepAnswer, At: monday.Add(time.Millisecond), Slot: 3, Response: &question.Response{Choices: []string{"a", "c"}}, ClientSeq: 7,
			ClientAt: when(monday.Add(-time.Hour)), Receipt: "r2"},
		{Seq: 3, Kind: StepAnswer, At: monday, Slot: 200, Response: &question.Response{Truth: ptr(false)}, ClientSeq: 1 << 40, Late: true},
		{Seq: 4, Kind: StepAnswer, At: monday, Slot: 1, Response: &question.Response{Truth: ptr(true), Texts: []string{"", "二十大"}, Text: "理论"}},
		{Seq: 5, Kind: StepAnswer, At: monday, Slot: 1, Response: &question.Response{Text: "1.5", Unit: "km", Pairs: map[string]string{"l2": "r1", "l1": "r2"},
			Subs: []question.Response{{}, {Choices: []string{"b"}}, {Texts: []string{"x"}}}, Files: []string{"f1", "f2"}}},
		{Seq: 6, Kind: StepAnswer, At: monday, Slot: 1, Hash: "abc"},
		{Seq: 7, Kind: StepMark, At: monday, Slot: 1, Fraction: ptr(0.0), By: "e", Note: "评语"},
		{Seq: 8, Kind: StepAdmit, At: monday, Slot: 1, Ref: 3, By: "e", Note: "断网"},
		{Seq: 9, Kind: StepTakeover, At: monday, Session: "t"}, {Seq: 10, Kind: StepSubmit, At: monday},
		{Seq: 11, Kind: StepExpire, At: monday}, {Seq: 12, Kind: StepRelease, At: monday, By: "e"}, {Seq: 13, Kind: StepVoid, At: monday, Note: "n"},
		{Seq: 14, Kind: StepSection, At: monday, Ref: 2, ClientSeq: 9}, {Seq: 15, Kind: StepCheck, At: monday, Slot: 1, Ref: 2, Fraction: ptr(-0.5)},
		{Seq: 16, Kind: StepRegrade, At: monday, Slot: 1, By: "e", Note: "n", About: "q:1", Version: "q@2"},
		{Seq: 17, Kind: StepAuto, At: monday, Slot: 1, Ref: 5, Version: "q@2", Fraction: ptr(0.25), Found: &Found{Confidence: 0.875, Like: 300, Points: []FoundPoint{
			{}, {Earned: 0.5, Negated: true, Spans: []search.Span{{Start: 1, End: 300}, {Start: 301, End: 302}}, Denials: []search.Span{{Start: 0, End: 1}}}}}},
		{Seq: 18, Kind: StepMark, At: monday, Slot: 1, Fraction: ptr(0.75), By: "e", Version: "q@1", Rubric: []Judged{{Level: 2, Points: 1.67, Comment: "观点含糊"}, {Points: 0}}},
	}
	if covered := reflect.TypeFor[Step]().NumField(); covered != 19 {
		t.Errorf("Step has %d fields: the log must keep each, and this test show it", covered)
	}
	if covered := reflect.TypeFor[question.Response]().NumField(); covered != 8 {
		t.Errorf("Response has %d fields: the log must keep each, and this test show it", covered)
	}
	a := Attempt{Steps: steps[:5:5]}
	if err := a.pack(); err != nil {
		t.Fatal(err)
	}
	a.Steps = steps
	if err := a.pack(); err != nil { // only the new ones are added
		t.Fatal(err)
	}
	b := Attempt{Log: a.Log}
	if err := b.unpack(); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(b.Steps, steps) {
		t.Errorf("got %+v", b.Steps)
	}
	for cut := 1; cut < len(a.Log); cut++ { // cut anywhere, it is refused or ends with a whole step
		if got, err := (&logReader{}).read(a.Log[:cut]); err == nil && len(got) > 0 && !reflect.DeepEqual(got, steps[:len(got)]) {
			t.Fatalf("cut at %d: %+v", cut, got)
		}
	}
}

// TestLogReaderReadsAgain: what a reader gave of other logs leaves no trace in the next one's steps.
func TestLogReaderReadsAgain(t *testing.T) {
	r := question.Response{Choices: []string{"a"}, Pairs: map[string]string{"l": "r"}, Subs: []question.Response{{Text: "x"}}}
	full := Step{Kind: StepAnswer, At: monday, Slot: 1, Response: &r, ClientSeq: 7, ClientAt: when(monday), Session: "s", Late: true, Fraction: ptr(0.5), By: "e", Note: "n", Ref: 3,
		Hash: "h", Receipt: "r", About: "a", Version: "q@1", Found: &Found{Confidence: 0.5}, Rubric: []Judged{{Level: 1}}}
	log := func(n int, s Step) []byte {
		a := Attempt{}
		for i := range n {
			s.Seq = i + 1
			a.Steps = append(a.Steps, s)
		}
		if err := a.pack(); err != nil {
			t.Fatal(err)
		}
		return a.Log
	}
	var reader logReader
	for _, next := range [][]byte{log(3, full), log(90, Step{Kind: StepSubmit, At: monday}), log(200, full), log(2, Step{Kind: StepAnswer, At: monday, Response: &question.Response{Text: "y"}}), log(5, full)} {
		want, err := (&logReader{}).read(next)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := reader.read(next); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%v: %d steps are not those of a fresh reader: %+v", err, len(want), got)
		}
	}
	if _, err := reader.read(log(1, full)[:9]); err == nil {
		t.Error("a log that is cut off was read")
	}
	if got, err := reader.read(log(1, full)); err != nil || len(got) != 1 {
		t.Errorf("after a log that cannot be read: %v", err)
	}
}

func FuzzReadLog(f *testing.F) {
	a := Attempt{Steps: []Step{{Seq: 1, Kind: StepStart, At: monday, Session: "s"}, {Seq: 2, Kind: StepAnswer, At: monday, Slot: 1, Response: &question.Response{Texts: []string{"x"}}}}}
	if err := a.pack(); err != nil {
		f.Fatal(err)
	}
	f.Add(a.Log)
	f.Add([]byte{1, 1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x0f})
	f.Fuzz(func(t *testing.T, log []byte) {
		steps, err := (&logReader{}).read(log)
		if err != nil || len(steps) == 0 {
			return
		}
		again := Attempt{Steps: steps}
		if err := again.pack(); err != nil {
			t.Fatal(err)
		}
		read, err := (&logReader{}).read(again.Log)
		if err != nil || len(read) != len(steps) {
			t.Fatalf("%d steps became %d: %v", len(steps), len(read), err)
		}
	})
}
