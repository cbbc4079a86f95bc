package interchange

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"qiming/exam/question"
)

// whole carries, beside what a format can say of a question, the question itself: in a comment of GIFT, in
// the column 完整数据 of a table. It is written only where the format alone would give something else back,
// and it is believed only while what stands beside it is as it was written: an edit of the text wins.
type whole struct {
	Of      string           `json:"of"` // fingerprint of what stands beside it
	Points  float64          `json:"points,omitempty"`
	Content question.Content `json:"content"`
}

// ownMark begins a comment of XML that holds a whole.
const ownMark = "qiming "

// wholeText writes what is to stand beside texts.
func wholeText(item Item, texts ...string) string {
	text, err := json.Marshal(whole{Of: fingerprint(texts), Points: item.Points, Content: item.Content})
	if err != nil {
		return "" // a number that is none: the content is refused anyway
	}
	return string(text)
}

// takeWhole replaces what was read from texts by what the whole says of them. It says whether the whole
// was written for these texts.
func takeWhole(text string, item *Item, texts ...string) bool {
	var w whole
	if json.Unmarshal([]byte(text), &w) != nil || w.Of != fingerprint(texts) {
		return false
	}
	item.Points, item.Content = max(0, min(w.Points, 10_000)), w.Content
	return true
}

func fingerprint(texts []string) string {
	sum := sha256.New()
	for _, text := range texts {
		sum.Write([]byte(tidyText(text) + "\x00"))
	}
	return hex.EncodeToString(sum.Sum(nil)[:8])
}

// alike says whether a question that was read back is the one that was written.
func alike(written Item, read Item) bool {
	was, is := written.Content, read.Content
	question.Prepare(&was)
	question.Prepare(&is)
	a, err1 := json.Marshal(was)
	b, err2 := json.Marshal(is)
	return err1 == nil && err2 == nil && bytes.Equal(a, b) && written.Points == read.Points
}
