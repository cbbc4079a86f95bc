package interchange

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"qiming/exam/question"
)

// validity reads the last day on which a question holds, and keeps the basis and the passages within what the bank takes.
func validity(r *Record, at place) {
	if text := r.Item.ValidUntil; text != "" {
		date, ok := dateOf(text)
		if !ok {
			r.Problems = append(r.Problems, at.problem(Warning, FieldValidUntil.title(), "validity.unknown", "value", shorten(text)))
		}
		r.Item.ValidUntil = date
	}
	r.Item.Basis = tidyText(r.Item.Basis)
	if basis := []rune(r.Item.Basis); len(basis) > question.MaxSource {
		r.Item.Basis = string(basis[:question.MaxSource])
	}
	sound := question.SoundPassages(r.Item.Passages)
	if lost := len(r.Item.Passages) - len(sound); lost > 0 {
		r.Problems = append(r.Problems, at.problem(Warning, "passages", "passages.unknown", "n", lost))
	}
	r.Item.Passages = sound
}

// dateLayouts are how people and spreadsheets write a day.
var dateLayouts = []string{time.DateOnly, "2006-1-2", "2006/1/2", "2006.1.2", "2006年1月2日", "20060102", "01-02-06"}

// firstDay is day 0 of a spreadsheet's day numbers (1900 system); the numbers taken are of the years 2000 to 2100.
var firstDay = time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)

const firstNumber, lastNumber = 36_526, 73_415

// dateOf reads a day as 2026-12-31; 长期 is none. ok is false where the text is no day.
func dateOf(text string) (date string, ok bool) {
	text = strings.Join(strings.Fields(norm.NFKC.String(text)), "")
	switch text {
	case "", "长期", "长期有效", "永久", "无":
		return "", true
	}
	for _, layout := range dateLayouts {
		if day, err := time.Parse(layout, text); err == nil {
			return day.Format(time.DateOnly), true
		}
	}
	if n, err := strconv.Atoi(text); err == nil && n >= firstNumber && n <= lastNumber {
		return firstDay.AddDate(0, 0, n).Format(time.DateOnly), true
	}
	return "", false
}
