package question

import (
	"strconv"
	"strings"
)

// A material is drawn as one, but its items are places of a paper like any others: each is answered,
// marked and counted by itself. In a paper they are versions of their own, "QUESTION@3~2" being the second
// item of the third version, and belong to a question of their own, "QUESTION~2".

const subMark = "~"

// SubID names the n-th sub-question, from 1, of a version or of a question.
func SubID(id string, n int) string { return id + subMark + strconv.Itoa(n) }

// splitSub takes a name of SubID apart; n is 0 where it is none.
func splitSub(id string) (whole string, n int) {
	whole, digits, ok := strings.Cut(id, subMark)
	if !ok {
		return id, 0
	}
	if n, _ = strconv.Atoi(digits); n < 1 {
		return id, 0
	}
	return whole, n
}

// QuestionOf gives the question of a version, or of a sub-question of one.
func QuestionOf(versionID string) string {
	whole, n := splitSub(versionID)
	if i := strings.LastIndexByte(whole, '@'); i >= 0 {
		whole = whole[:i]
	}
	if n > 0 {
		return SubID(whole, n)
	}
	return whole
}

// WholeOf gives the question of the bank that a question, or a sub-question, belongs to.
func WholeOf(questionID string) string {
	whole, _ := splitSub(questionID)
	return whole
}

// sub gives the n-th sub-question as a version; what it does not explain itself, the material does. ok is
// false where there is none.
func (v Version) sub(n int) (out Version, ok bool) {
	if n < 1 || n > len(v.Content.Subs) {
		return Version{}, false
	}
	out = v
	out.ID, out.QuestionID = SubID(v.ID, n), SubID(v.QuestionID, n)
	out.Content = v.Content.Subs[n-1].Content
	out.Content.Passage, out.Content.Difficulty = v.Content.Stem, v.Content.Difficulty
	if out.Content.Explanation == "" {
		out.Content.Explanation = v.Content.Explanation
	}
	if out.Content.Source == "" {
		out.Content.Source = v.Content.Source
	}
	return out, true
}
