package apptest

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// stream is a board as a browser reads it.
type stream struct {
	events chan boardEvent
	close  func()
}

type boardEvent struct {
	ID    string `json:"-"`
	Whole bool   `json:"whole"`
	Title string `json:"title"`
	Rows  []struct {
		MemberID string `json:"member_id"`
		State    string `json:"state"`
		Answered int    `json:"answered"`
		Read     string `json:"read"`
	} `json:"rows"`
}

func (c *Client) board(quiz, lastID string) *stream {
	c.t.Helper()
	ctx, cancel := context.WithCancel(c.t.Context())
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.url+"/api/v1/quizzes/"+quiz+"/board", nil)
	if err != nil {
		c.t.Fatal(err)
	}
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	res, err := c.http.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	if kind := res.Header.Get("Content-Type"); res.StatusCode != 200 || kind != "text/event-stream" {
		c.t.Fatalf("%d %s", res.StatusCode, kind)
	}
	s := &stream{events: make(chan boardEvent, 100), close: cancel}
	c.t.Cleanup(cancel)
	go func() {
		defer close(s.events)
		defer res.Body.Close()
		lines := bufio.NewScanner(res.Body)
		lines.Buffer(nil, 1<<20)
		id := ""
		for lines.Scan() {
			name, value, _ := strings.Cut(lines.Text(), ": ")
			switch name {
			case "id":
				id = value
			case "data":
				e := boardEvent{ID: id}
				if json.Unmarshal([]byte(value), &e) == nil {
					s.events <- e
				}
			}
		}
	}()
	return s
}

func (s *stream) next(t *testing.T) boardEvent {
	t.Helper()
	select {
	case e, ok := <-s.events:
		if !ok {
			t.Fatal("the stream ended")
		}
		return e
	case <-time.After(20 * time.Second):
		t.Fatal("no event")
	}
	return boardEvent{}
}

// ended wants the stream to end by itself.
func (s *stream) ended(t *testing.T, why string) {
	t.Helper()
	deadline := time.After(20 * time.Second)
	for {
		select {
		case _, ok := <-s.events:
			if !ok {
				return
			}
		case <-deadline:
			t.Fatalf("the stream goes on after %s", why)
		}
	}
}

// A board over the wire: all rows and then what changes, on from the last event, and its ends.
func TestBoardStream(t *testing.T) {
	c := newCollege(t)
	quiz := c.publish(func(map[string]any) {}, map[string]any{"question_id": c.single, "points": 5})
	trainer, secretary, member := c.as("trainer"), c.as("secretary"), c.as("member1")
	member.Get("/api/v1/quizzes/"+quiz+"/board").WantProblem(403, "request.forbidden")
	c.as("evaluator").Do("POST", "/quizzes/"+quiz+"/orders", map[string]any{"act": "pause", "reason": "x", "all": true}).WantProblem(403, "request.forbidden")

	board, branch := trainer.board(quiz, ""), secretary.board(quiz, "")
	e := board.next(t)
	if !e.Whole || len(e.Rows) != 3 || e.Title != "三月测试" || e.Rows[0].State != "absent" {
		t.Fatalf("%+v", e)
	}
	if e := branch.next(t); len(e.Rows) != 2 { // members 1 and 3
		t.Fatalf("a secretary sees %+v", e)
	}
	var sheet sheetBody
	member.Do("POST", "/exams/"+quiz+"/attempts", map[string]any{"password": "先锋2026"}).Want(201).JSON(&sheet)
	if e = board.next(t); e.Whole || len(e.Rows) != 1 || e.Rows[0].State != "open" {
		t.Fatalf("%+v", e)
	}
	seen := e.ID
	attempt := "/attempts/" + url.PathEscape(sheet.Attempt.ID)
	secretary.Do("POST", "/quizzes/"+quiz+"/orders", map[string]any{"act": "pause", "reason": "停电", "all": true}).Want(200)
	if e = board.next(t); e.Rows[0].State != "paused" {
		t.Fatalf("%+v", e)
	}
	save := map[string]any{"session": sheet.Session, "answers": []any{map[string]any{"client_seq": 1, "slot": 1, "response": map[string]any{"choices": []string{"a"}}}}}
	member.Do("POST", attempt+"/answers", save).WantProblem(409, "attempt.paused")
	member.Do("POST", attempt+"/submit", map[string]any{"session": sheet.Session}).WantProblem(409, "attempt.paused")
	var clock struct {
		Held    *struct{ Reason string }
		Notices []struct{ ID, Text string }
	}
	member.Get("/api/v1" + attempt + "/clock").Want(200).JSON(&clock)
	if clock.Held == nil || clock.Held.Reason != "停电" {
		t.Fatalf("%+v", clock)
	}
	secretary.Do("POST", "/quizzes/"+quiz+"/orders", map[string]any{"act": "resume", "attempts": []string{sheet.Attempt.ID}}).Want(200)
	member.Do("POST", attempt+"/answers", save).Want(200)
	trainer.Do("POST", "/quizzes/"+quiz+"/orders", map[string]any{"act": "message", "text": "还有五分钟", "all": true}).Want(200)
	member.Get("/api/v1" + attempt + "/clock").Want(200).JSON(&clock)
	if len(clock.Notices) != 1 || clock.Notices[0].Text != "还有五分钟" {
		t.Fatalf("%+v", clock)
	}
	member.Do("POST", attempt+"/notices/"+clock.Notices[0].ID+"/read", nil).Want(204)

	// Another stream goes on from the last event that a first one had.
	board.close()
	again := trainer.board(quiz, seen)
	for e = again.next(t); len(e.Rows) != 1 || e.Rows[0].Answered != 1 || e.Rows[0].Read == ""; e = again.next(t) {
		if e.Whole {
			t.Fatal("began anew")
		}
	}

	// Signing out ends the stream at its next look, the others go on; stopping the server ends all.
	secretary.Do("DELETE", "/session", nil).Want(204)
	c.Clock.Advance(10 * time.Second)
	branch.ended(t, "signing out")
	member.Do("POST", attempt+"/submit", map[string]any{"session": sheet.Session}).Want(200)
	for e = again.next(t); e.Rows[0].State != "released"; e = again.next(t) {
	}
	stopped := make(chan error, 1)
	go func() { stopped <- c.Stop() }()
	again.ended(t, "the server's stop")
	if err := <-stopped; err != nil {
		t.Fatal(err)
	}
}
