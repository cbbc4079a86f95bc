package rehearse

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"
)

// The parts of the API's documents that a taker reads.
type sheet struct {
	Attempt struct {
		ID    string `json:"id"`
		State string `json:"state"`
	} `json:"attempt"`
	Session string   `json:"session"`
	Items   []slot   `json:"items"`
	Answers []answer `json:"answers"`
}

type slot struct {
	Slot int `json:"slot"`
	Item struct {
		Kind    string `json:"kind"`
		Options []struct {
			ID string `json:"id"`
		} `json:"options"`
		Blanks int `json:"blanks"`
	} `json:"item"`
}

type answer struct {
	Slot     int      `json:"slot"`
	Response response `json:"response"`
	Seq      int      `json:"seq"`
	Receipt  string   `json:"receipt"`
}

type response struct {
	Choices []string `json:"choices,omitempty"`
	Truth   *bool    `json:"truth,omitempty"`
	Texts   []string `json:"texts,omitempty"`
	Text    string   `json:"text,omitempty"`
}

type receipts struct {
	Receipts []struct {
		ClientSeq int64  `json:"client_seq"`
		Slot      int    `json:"slot"`
		Seq       int    `json:"seq"`
		Receipt   string `json:"receipt"`
	} `json:"receipts"`
}

// taker is one simulated member and what the server acknowledged to it.
type taker struct {
	n       int
	cfg     Config
	c       *client
	who     credentials
	rnd     *rand.Rand
	attempt string
	acked   map[int]answer // last acknowledged answer by slot
	done    bool           // handed in, acknowledged
	failed  error          // why it gave up
}

func newTaker(n int, cfg Config, c *client) *taker {
	return &taker{
		n: n, cfg: cfg, c: c, acked: map[int]answer{},
		rnd: rand.New(rand.NewPCG(uint64(cfg.Rand), uint64(n))),
	}
}

func (t *taker) signIn(ctx context.Context) {
	t.who, t.failed = t.c.signIn(ctx, t.cfg.Accounts[t.n])
}

// take starts, answers every item one by one and hands in.
func (t *taker) take(ctx context.Context) { t.failed = t.tryTake(ctx) }

func (t *taker) tryTake(ctx context.Context) error {
	var paper sheet
	if err := t.c.call(ctx, opStart, t.who, "POST", "/api/v1/exams/"+t.cfg.Quiz+"/attempts", map[string]any{}, &paper); err != nil {
		return err
	}
	t.attempt = paper.Attempt.ID
	for i, s := range paper.Items {
		if !sleep(ctx, t.pause()) {
			return ctx.Err()
		}
		r := t.choose(s)
		body := map[string]any{"session": paper.Session, "answers": []any{map[string]any{
			"client_seq": i + 1, "slot": s.Slot, "response": r, "client_at": time.Now().UTC().Format(time.RFC3339Nano),
		}}}
		var got receipts
		if err := t.c.call(ctx, opSave, t.who, "POST", "/api/v1/attempts/"+t.attempt+"/answers", body, &got); err != nil {
			return err
		}
		if len(got.Receipts) != 1 || got.Receipts[0].Receipt == "" || got.Receipts[0].Slot != s.Slot {
			return fmt.Errorf("slot %d: the server acknowledged %+v", s.Slot, got.Receipts)
		}
		t.acked[s.Slot] = answer{Slot: s.Slot, Response: r, Seq: got.Receipts[0].Seq, Receipt: got.Receipts[0].Receipt}
	}
	if !sleep(ctx, t.pause()) {
		return ctx.Err()
	}
	if err := t.c.call(ctx, opSubmit, t.who, "POST", "/api/v1/attempts/"+t.attempt+"/submit", map[string]any{"session": paper.Session}, nil); err != nil {
		return err
	}
	t.done = true
	return nil
}

// pause spreads think time by half to either side, as people do.
func (t *taker) pause() time.Duration {
	if t.cfg.Think == 0 {
		return 0
	}
	return t.cfg.Think/2 + time.Duration(t.rnd.Int64N(int64(t.cfg.Think)))
}

func (t *taker) choose(s slot) response {
	pick := func() string { return s.Item.Options[t.rnd.IntN(len(s.Item.Options))].ID }
	switch s.Item.Kind {
	case "single":
		return response{Choices: []string{pick()}}
	case "multiple":
		first := t.rnd.IntN(len(s.Item.Options) - 1)
		return response{Choices: []string{s.Item.Options[first].ID, s.Item.Options[first+1].ID}}
	case "truefalse":
		truth := t.rnd.IntN(2) == 0
		return response{Truth: &truth}
	case "blanks":
		texts := make([]string, s.Item.Blanks)
		for i := range texts {
			texts[i] = fmt.Sprintf("第%d题第%d空", s.Slot, i+1)
		}
		return response{Texts: texts}
	default:
		return response{Text: fmt.Sprintf("第 %d 位考生对第 %d 题的作答：理论联系实际，抓好落实。", t.n, s.Slot)}
	}
}

// lostAnswers reads the attempt back and counts acknowledged answers that are absent or different.
func (t *taker) lostAnswers(ctx context.Context) (int, error) {
	if t.attempt == "" {
		return 0, nil
	}
	var paper sheet
	if err := t.c.call(ctx, opRead, t.who, "GET", "/api/v1/attempts/"+t.attempt+"?view=true", nil, &paper); err != nil {
		return len(t.acked), err
	}
	have := map[int]answer{}
	for _, a := range paper.Answers {
		have[a.Slot] = a
	}
	lost := 0
	for slot, want := range t.acked {
		got, ok := have[slot]
		if !ok || got.Receipt != want.Receipt || !same(got.Response, want.Response) {
			lost++
		}
	}
	if t.done && (paper.Attempt.State == "open" || paper.Attempt.State == "created") {
		return lost, fmt.Errorf("attempt %s was handed in, but the server says %s", t.attempt, paper.Attempt.State)
	}
	return lost, nil
}

func same(a, b response) bool {
	x, _ := json.Marshal(a) // plain structs always marshal
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}
