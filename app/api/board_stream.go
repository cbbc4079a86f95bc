package api

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"

	"qiming/exam"
	"qiming/internal/fault"
	"qiming/policies"
)

// A stream ends by itself before the server's write timeout would cut it; the browser then goes on from the last
// event. streamBeat is how long it may be silent, and how often the session is looked at: signing out ends it.
const (
	streamFor  = uploadTimeout - 30*time.Second
	streamBeat = 5 * time.Second
	streamGap  = 500 * time.Millisecond // at most two events a second
)

type boardStreamInput struct {
	ByID
	LastEventID string `header:"Last-Event-ID" maxLength:"64"`
}

// boardStream sends what a board is told as server-sent events named "rows". It reaches its reader through a pipe
// of the HTTP server, not through huma's sse package, whose writer holds everything back until the handler returns.
func (a *API) boardStream(ctx context.Context, actor policies.Actor, in *boardStreamInput) (*huma.StreamResponse, error) {
	board, err := a.Exams.Boards.Open(ctx, actor, in.ID, in.LastEventID)
	if err != nil {
		return nil, err
	}
	c := callOf(ctx)
	return &huma.StreamResponse{Body: func(hctx huma.Context) {
		token, _ := credentials(hctx)
		hctx.SetHeader("Content-Type", "text/event-stream")
		hctx.SetHeader("Cache-Control", "no-store")
		hctx.SetHeader("X-Accel-Buffering", "no") // nginx
		still := func(ctx context.Context) bool {
			identity, err := a.Sessions.Authenticate(ctx, token, c.address)
			return err == nil && a.Policies.Allowed(identity.Actor, policies.AttemptWatch) || fault.Is(err, fault.Unavailable)
		}
		humafiber.Unwrap(hctx).Context().SetBodyStreamWriter(func(w *bufio.Writer) {
			defer board.Close()
			a.streamBoard(w, board, still)
		})
	}}, nil
}

// streamBoard writes events until the reader is gone, the session or the server ends, or it is time to begin anew.
func (a *API) streamBoard(w *bufio.Writer, board *exam.Board, still func(context.Context) bool) {
	ctx, cancel := context.WithTimeout(context.Background(), streamFor) // the request's context ended with its handler
	defer cancel()
	go func() {
		select {
		case <-a.closing:
			cancel()
		case <-ctx.Done():
		}
	}()
	if _, err := fmt.Fprint(w, "retry: 1000\n\n"); err != nil || w.Flush() != nil {
		return
	}
	checked := a.Clock.Now()
	for ctx.Err() == nil {
		wait, done := context.WithTimeout(ctx, streamBeat)
		event, err := board.Next(wait)
		done()
		if now := a.Clock.Now(); now.Sub(checked) >= streamBeat || err != nil {
			if !still(ctx) {
				return
			}
			checked = now
		}
		switch {
		case err == nil:
			data, err := json.Marshal(event)
			if err != nil {
				return
			}
			_, err = fmt.Fprintf(w, "id: %s\nevent: rows\ndata: %s\n\n", event.ID, data)
			if err != nil {
				return
			}
		case errors.Is(err, context.DeadlineExceeded):
			if _, err := fmt.Fprint(w, ": still here\n\n"); err != nil {
				return
			}
		default:
			return
		}
		if w.Flush() != nil {
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(streamGap):
		}
	}
}

type orderInput struct {
	ByID
	Body struct {
		Act      exam.OrderKind `json:"act" enum:"extend,pause,resume,collect,message"`
		Minutes  int            `json:"minutes,omitempty" minimum:"1" maximum:"1440" doc:"extend"`
		Reason   string         `json:"reason,omitempty" maxLength:"2000" doc:"extend, pause, collect"`
		Text     string         `json:"text,omitempty" maxLength:"2000" doc:"message"`
		Attempts []string       `json:"attempts,omitempty" maxItems:"500" doc:"These attempts"`
		Org      string         `json:"org,omitempty" maxLength:"64" doc:"Those of an organisation with its subtree"`
		All      bool           `json:"all,omitempty" doc:"All that run"`
	}
}

func (a *API) orderGive(ctx context.Context, actor policies.Actor, in *orderInput) (*Answer[exam.Ordered], error) {
	b := in.Body
	done, err := a.Exams.Boards.Order(ctx, actor, in.ID, exam.Order{Act: b.Act, Minutes: b.Minutes, Reason: b.Reason, Text: b.Text,
		Target: exam.Target{Attempts: b.Attempts, Org: b.Org, All: b.All}})
	if err != nil {
		return nil, err
	}
	return answer(done), nil
}

type noticeReadInput struct {
	ByID
	Notice string `path:"notice" maxLength:"64"`
}

func (a *API) noticeRead(ctx context.Context, actor policies.Actor, in *noticeReadInput) (*Nothing, error) {
	return &Nothing{}, a.Exams.Attempts.ReadNotice(ctx, actor, in.ID, in.Notice)
}
