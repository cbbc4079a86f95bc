package shortanswer

import (
	"strings"
	"testing"
)

// What is wrong is said by line and field, without words of the programming language.
func TestReadRecordsSaysWhatIsWrong(t *testing.T) {
	good := `{"qid":"1","question":"","answer":"","score":0,"max":1}`
	if records, err := ReadRecords(strings.NewReader("\ufeff" + good + "\n\n" + good)); err != nil || len(records) != 2 {
		t.Errorf("%d records, %v", len(records), err)
	}
	with := func(field, value string) string { // good with another value, or without the field
		for _, old := range []string{`"qid":"1"`, `"question":""`, `"answer":""`, `"score":0`, `"max":1`} {
			if strings.HasPrefix(old, `"`+field+`"`) {
				if value == "" {
					return strings.Replace(strings.Replace(good, old, "", 1), `{,`, `{`, 1)
				}
				return strings.Replace(good, old, `"`+field+`":`+value, 1)
			}
		}
		return ""
	}
	drop := func(field string) string {
		return strings.NewReplacer(",,", ",", ",}", "}").Replace(with(field, ""))
	}
	for bad, words := range map[string]string{
		"":                             "no answer in it",
		"x":                            "line 1: this is no complete JSON object",
		good + "\n" + good[:20]:        "line 2: this is no complete JSON object",
		"\n[1]":                        "line 2: this is no complete JSON object",
		"null":                         "line 1: this is no complete JSON object",
		drop("qid"):                    `line 1: "qid" is missing`,
		drop("question"):               `line 1: "question" is missing`,
		drop("answer"):                 `line 1: "answer" is missing`,
		drop("score"):                  `line 1: "score" is missing`,
		drop("max"):                    `line 1: "max" is missing`,
		with("answer", "null"):         `line 1: "answer" is missing`,
		with("answer", "[]"):           `line 1: "answer" must be a text in quotes`,
		with("qid", "7"):               `line 1: "qid" must be a text in quotes`,
		with("qid", `""`):              `line 1: "qid" is empty`,
		with("score", `"1"`):           `line 1: "score" must be a number without quotes`,
		with("score", "2"):             `line 1: "score" must be between 0 and "max" (1)`,
		with("score", "-1"):            `line 1: "score" must be between 0`,
		with("max", "0"):               `line 1: "max" must be above 0`,
		with("answer", "\"\xd6\xd0\""): `line 1: this is no text in UTF-8: save the file`,
		with("max", "1e999"):           `line 1: "max" must be a number`,
		strings.Repeat("x", 2<<20):     "line 1 is longer than 1024 KiB",
	} {
		_, err := ReadRecords(strings.NewReader(bad))
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%.80q: %v, want %s", bad, err, words)
			continue
		}
		for _, leak := range []string{"struct", "unmarshal", "bufio", "Go "} {
			if strings.Contains(err.Error(), leak) {
				t.Errorf("%.80q: %v", bad, err)
			}
		}
	}
}

func FuzzReadRecords(f *testing.F) {
	f.Add(`{"qid":"1","question":"q","answer":"a","score":1,"max":1}`)
	f.Add(`{"qid":[]}`)
	f.Fuzz(func(t *testing.T, s string) {
		records, err := ReadRecords(strings.NewReader(s))
		if (err == nil) != (len(records) > 0) {
			t.Fatalf("%d records, %v", len(records), err)
		}
		for _, r := range records {
			if r.QID == "" || !(r.Score >= 0 && r.Score <= r.Max) {
				t.Fatalf("%+v", r)
			}
		}
	})
}
