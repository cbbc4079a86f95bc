package exam

import (
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"qiming/exam/question"
	"qiming/internal/fault"
)

// walkthrough is an attempt with a step of every kind.
func walkthrough(t testing.TB) (*world, *taking) {
	w := newWorld(t)
	ids := append(w.singles("一", 2), w.questions("简答", short("谈谈"))...)
	q := w.quiz(fixed(2, ids...), func(d *Draft) { d.Settings.ManualRelease = true })
	m := w.start(q, "m1", "phone")
	m.save(1, choose("a"))
	m.save(3, question.Response{Text: "第一稿"})
	pc, err := w.tryStart(q, "m1", "pc", Begin{Takeover: true, Device: "pc"})
	w.ok(err)
	pc.save(2, choose("b"))
	pc.save(3, question.Response{Text: "第二稿"})
	w.clock.Advance(31 * time.Minute)
	late := pc.save(2, choose("a"))
	_, err = w.Marking.Admit(w.ctx, w.author(), pc.sheet.Attempt.ID, late.Seq, "断网")
	w.ok(err)
	a := pc.stored()
	w.ok(w.mark(q.ID, a.Blind, 3, 1.5, "不错"))
	_, err = w.Releases.Release(w.ctx, w.author(), q.ID, WaveWish{})
	w.ok(err)
	return w, pc
}

func TestEveryStepIsInTheChain(t *testing.T) {
	w, m := walkthrough(t)
	a := m.stored()
	kinds := map[StepKind]bool{}
	for _, s := range a.Steps {
		kinds[s.Kind] = true
	}
	if len(kinds) != 7 || *a.Score != 5.5 || a.State != Released || a.Ending != Expired {
		t.Fatalf("kinds %v, score %v, %s", kinds, *a.Score, a.State)
	}
	chain, err := w.Attempts.Receipts(w.ctx, m.actor, a.ID)
	w.ok(err)
	text, err := json.Marshal(chain)
	w.ok(err)
	read, err := ParseChain(text)
	w.ok(err)
	key := w.keys.Key("receipt")
	if broken := read.Verify(key); broken != 0 {
		t.Fatalf("broken at %d", broken)
	}
	if read.Verify([]byte("another server")) != 1 {
		t.Fatal("another key verifies")
	}
	v, err := w.Attempts.VerifyChain(w.ctx, read)
	w.ok(err)
	if !v.OK || !v.Kept {
		t.Fatalf("%+v", v)
	}
	// A prefix that was exported earlier holds by itself and is kept.
	early := read
	early.Steps = read.Steps[:3]
	early.Head = early.Steps[2].Receipt
	if v, err := w.Attempts.VerifyChain(w.ctx, early); err != nil || !v.OK || !v.Kept {
		t.Fatalf("prefix %+v %v", v, err)
	}
}

func TestTamperingIsFound(t *testing.T) {
	w, m := walkthrough(t)
	a := m.stored()
	key := w.keys.Key("receipt")
	tamper := map[string]func(*Chain){
		"another hash":      func(c *Chain) { c.Steps[3].ResponseHash = HashResponse(choose("d")) },
		"another slot":      func(c *Chain) { c.Steps[3].Slot = 1 },
		"another time":      func(c *Chain) { c.Steps[3].At = c.Steps[3].At.Add(time.Millisecond) },
		"another kind":      func(c *Chain) { c.Steps[3].Kind = StepAnswer + "x" },
		"late made in time": func(c *Chain) { c.Steps[3].Late = !c.Steps[3].Late },
		"another receipt":   func(c *Chain) { c.Steps[3].Receipt = c.Steps[2].Receipt },
		"a step left out": func(c *Chain) {
			c.Steps = append(c.Steps[:3:3], c.Steps[4:]...)
		},
		"a step left out and numbered anew": func(c *Chain) {
			c.Steps = append(c.Steps[:3:3], c.Steps[4:]...)
			for i := range c.Steps {
				c.Steps[i].Seq = i + 1
			}
			c.Steps[3].Prev = c.Steps[2].Receipt
		},
	}
	for name, change := range tamper {
		c := a.Chain()
		change(&c)
		if broken := c.Verify(key); broken != 4 {
			t.Errorf("%s: broken at %d, want 4", name, broken)
		}
	}
	for name, change := range map[string]func(*Chain){
		"another member":  func(c *Chain) { c.MemberID = "m2" },
		"another attempt": func(c *Chain) { c.AttemptID, c.Number = AttemptID(c.QuizID, c.MemberID, 2), 2 },
		"no steps":        func(c *Chain) { c.Steps = nil },
	} {
		c := a.Chain()
		change(&c)
		if broken := c.Verify(key); broken != 1 {
			t.Errorf("%s: broken at %d, want 1", name, broken)
		}
	}
	c := a.Chain()
	c.Head = c.Steps[0].Receipt
	if c.Verify(key) != len(c.Steps) {
		t.Error("a head that is not the last receipt holds")
	}
}

func FuzzParseChain(f *testing.F) {
	w, m := walkthrough(f)
	a := m.stored()
	text, err := json.Marshal(a.Chain())
	w.ok(err)
	f.Add(text)
	f.Add([]byte(`{"steps":[{"seq":1}]}`))
	f.Add([]byte(`[]`))
	key := w.keys.Key("receipt")
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := ParseChain(text)
		if err != nil {
			return
		}
		// Only a prefix of what the server signed may hold. Another process of the fuzzer signed its own attempt with this key.
		if c.AttemptID == a.ID && c.Verify(key) == 0 {
			for i, l := range c.Steps {
				if l.Receipt != a.Steps[i].Receipt {
					t.Fatalf("a forged chain holds: %s", text)
				}
			}
		}
	})
}

// FuzzSteps plays arbitrary acts against an attempt and holds it to its invariants: steps are only
// added, numbered without holes, chained; the answer that counts is the last one in time; an
// acknowledged answer gives the same receipt when it is sent again.
func FuzzSteps(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
	f.Add([]byte{10, 10, 200, 40, 41, 42, 255, 3, 3, 3, 77})
	contents := []question.Content{single("一"), single("二"), short("三")}
	f.Fuzz(func(t *testing.T, acts []byte) {
		if len(acts) > 200 {
			acts = acts[:200]
		}
		key := []byte("key")
		end := monday.Add(time.Minute)
		s := sitting{clock: Clock{Deadline: &end}, contents: contents, pass: 60, key: key,
			paper: Paper{Slots: []Slot{{Number: 1, Version: "q1@1", Points: 1}, {Number: 2, Version: "q2@1", Points: 1}, {Number: 3, Version: "q3@1", Points: 1}}}}
		a := Attempt{Meta: metaOf(AttemptID("q", "m", 1)), QuizID: "q", MemberID: "m", Number: 1}
		now := monday
		if err := a.start(s, "s0", "", now); err != nil {
			t.Fatal(err)
		}
		rnd := rand.New(rand.NewPCG(uint64(len(acts)), 1))
		seq := map[string]int64{}
		want := map[int]question.Response{}
		for _, act := range acts {
			before := len(a.Steps)
			if _, err := a.settle(s, now); err != nil {
				t.Fatal(err)
			}
			session := []string{"s0", "s1"}[act>>7]
			switch act % 8 {
			case 0, 1, 2, 3: // save
				slot := int(act>>3)%3 + 1
				r := choose([]string{"a", "b", "c", "d"}[rnd.IntN(4)])
				if slot == 3 {
					r = question.Response{Text: "答"}
				}
				seq[session]++
				answer := []Answer{{ClientSeq: seq[session], Slot: slot, Response: r}}
				running := a.State == Open
				receipts, _, err := a.save(s, session, answer, now)
				if err != nil {
					if session == a.Session && !(fault.KeyOf(err) == "attempt.late_full" && a.lateOf(slot) == maxLate) {
						t.Fatalf("the answering session is refused: %v", err)
					}
					break
				}
				again, added, err := a.save(s, session, answer, now)
				if err != nil || added || again[0] != receipts[0] {
					t.Fatalf("sent again: %v %v %v", again, added, err)
				}
				if running {
					want[slot] = r
				}
			case 4:
				now = now.Add(time.Duration(act) * 100 * time.Millisecond)
			case 5:
				if _, err := a.takeover(s, session, "", now); err != nil {
					t.Fatal(err)
				}
			case 6:
				if act > 250 {
					_, _ = a.submit(s, session, now)
				}
			case 7:
				if !a.State.Running() {
					_ = a.mark(s, int(act>>3)%4, 1, "e", "", now)
				}
			}
			if len(a.Steps) < before {
				t.Fatal("a step is gone")
			}
		}
		if broken := a.Chain().Verify(key); broken != 0 {
			t.Fatalf("broken at %d", broken)
		}
		v := Replay(a.Steps, 3)
		for slot, r := range want {
			if v.Answers[slot-1] == nil || !v.Answers[slot-1].holds(r) {
				t.Fatalf("slot %d: the last answer in time is not the one that counts", slot)
			}
		}
		if a.State.Ended() && (a.EndedAt == nil || a.EndedAt.After(end)) {
			t.Fatalf("ended at %v", a.EndedAt)
		}
	})
}
