package apptest

import (
	"net/url"
	"sync"
	"testing"
	"time"

	"qiming/app"
	"qiming/internal/peer"
)

// Two processes on one database: an attempt goes on at either, its session is taken over at either,
// both sweeps together end it once and at its deadline, and the trail stays one whole chain.
func TestTwoProcessesHoldOneExam(t *testing.T) {
	t.Run("sqlite", func(t *testing.T) { twoProcesses(t, "") })
	t.Run("mongodb", func(t *testing.T) {
		if testing.Short() {
			t.Skip("-short: not checked that two processes hold one exam on a MongoDB-wire server")
		}
		twoProcesses(t, peer.MongoDB(t))
	})
}

func twoProcesses(t *testing.T, db string) {
	data := t.TempDir()
	at := func(c *app.Config) { c.Data, c.DB = data, db }
	c := newCollege(t, at)
	second := StartAt(t, c.Clock, data, at)
	quiz := c.publish(func(map[string]any) {}, map[string]any{"question_id": c.single, "points": 4}, map[string]any{"question_id": c.short, "points": 6})

	first := c.as("member1")
	other := *first
	other.url = second.URL // a cookie knows no port

	var sheet, again sheetBody
	begin := map[string]any{"password": "先锋2026"}
	begun := c.Clock.Now()
	first.Do("POST", "/exams/"+quiz+"/attempts", begin).Want(201).JSON(&sheet)
	other.Do("POST", "/exams/"+quiz+"/attempts", begin).Want(200).JSON(&again) // resumed, not begun twice
	if again.Attempt.ID != sheet.Attempt.ID {
		t.Fatalf("two attempts: %s and %s", sheet.Attempt.ID, again.Attempt.ID)
	}
	path := "/attempts/" + url.PathEscape(sheet.Attempt.ID)
	saved := other.Do("POST", path+"/answers", answersBody(sheet.Session, 1, 1, map[string]any{"choices": []string{"a"}})).Want(200)
	repeat := first.Do("POST", path+"/answers", answersBody(sheet.Session, 1, 1, map[string]any{"choices": []string{"a"}})).Want(200)
	if receiptsOf(t, saved) != receiptsOf(t, repeat) {
		t.Errorf("the same save at the other process is another answer: %s, %s", saved.Text, repeat.Text)
	}

	// A second device signs in at the second process and takes over there; the first hears of it at its own.
	phone := second.SignIn(t, "member1", Password)
	var taken sheetBody
	phone.Do("POST", path+"/takeover", nil).Want(200).JSON(&taken)
	first.Do("POST", path+"/answers", answersBody(sheet.Session, 2, 1, map[string]any{"choices": []string{"b"}})).WantProblem(409, "attempt.other_session")
	phone.Do("POST", path+"/answers", answersBody(taken.Session, 1, 2, map[string]any{"text": "增强党性。"})).Want(200)

	c.Clock.Advance(31 * time.Minute) // the limit is 30
	var sweeps sync.WaitGroup
	for _, s := range []*Server{c.Server, second} {
		sweeps.Go(func() {
			if _, err := s.Exams.Sweep(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	sweeps.Wait()
	var look struct {
		Attempt struct {
			State   string    `json:"state"`
			EndedAt time.Time `json:"ended_at"`
		} `json:"attempt"`
		Answers []struct{ Slot int } `json:"answers"`
	}
	for _, client := range []*Client{first, phone} {
		client.Do("GET", path+"?view=1", nil).Want(200).JSON(&look)
		if want := begun.Add(30 * time.Minute); look.Attempt.State != "grading" || !look.Attempt.EndedAt.Equal(want) || len(look.Answers) != 2 {
			t.Errorf("%+v, want it ended at its deadline %v with both answers", look, want)
		}
	}
	for _, s := range []*Server{c.Server, second} {
		if report, err := s.Trail.Verify(t.Context()); err != nil || !report.OK {
			t.Errorf("the trail of two writers: %+v %v", report, err)
		}
	}
}
