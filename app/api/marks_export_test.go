package api

import (
	"testing"

	"qiming/exam"
)

// The table that statistics are made of has marks as they were earned, that of the offices as they are shown.
func TestMarksInFiles(t *testing.T) {
	third, whole := 5.0/3, 5.0
	sheet := exam.Marksheet{Columns: []exam.MarkColumn{{Points: 5}}, Rows: []exam.MarkRow{{Name: "甲", OrgName: "一支部", Attempt: 1, Score: &whole, Marks: []*float64{&third}}}}
	if got := plainMarks(sheet)[2][1]; got != third {
		t.Errorf("statistics get %v", got)
	}
	line := marksTable(sheet)[2]
	if got := line[len(line)-1]; got != 1.67 {
		t.Errorf("offices get %v", got)
	}
}
