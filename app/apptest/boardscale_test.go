package apptest

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"qiming/app/member"
	"qiming/exam"
	"qiming/exam/question"
	"qiming/policies"
)

// BenchmarkBoardStreams is ten seconds of 2,000 takers, of whom a hundred a second save through the service, while boards
// watch over connections of their own. It prints the bytes that a board is sent in a second, after the first event with all rows;
// what the heap and the stacks hold for each board, its client's side included; and the time of a save.
func BenchmarkBoardStreams(b *testing.B) {
	const takers, boards, seconds, saves = 2000, 50, 10, 100
	c := newCollege(b)
	ctx := b.Context()
	var batch []question.NewQuestion
	var entries []map[string]any
	for i := range 50 {
		batch = append(batch, question.NewQuestion{Content: question.Content{Kind: question.Single, Stem: fmt.Sprintf("第 %d 题", i),
			Options: []question.Option{{ID: "a", Text: "甲", Right: true}, {ID: "b", Text: "乙"}}}})
		entries = append(entries, map[string]any{"question_id": question.BatchItemID("scale", i), "points": 2})
	}
	_, err := c.Bank.InsertBatch(ctx, Everywhere(), question.Batch{ID: "scale", OrgID: c.committee, Status: question.Published}, batch)
	c.ok(err)
	quiz := c.publish(func(s map[string]any) { s["password"] = "" }, entries...)
	actors, sheets := make([]policies.Actor, takers), make([]exam.Sheet, takers)
	var group errgroup.Group
	group.SetLimit(32)
	for i := range takers {
		group.Go(func() error {
			saved, err := c.Members.Create(ctx, Everywhere(), member.Draft{Name: fmt.Sprintf("考生%d", i), Stage: member.Full, OrgID: c.branches[i%2]})
			if err != nil {
				return err
			}
			actors[i] = policies.Actor{AccountID: fmt.Sprint(i), MemberID: saved.Member.ID, SessionID: fmt.Sprint(i)}
			sheets[i], err = c.Exams.Attempts.Start(ctx, actors[i], quiz, exam.Begin{Device: "phone"})
			return err
		})
	}
	c.ok(group.Wait())

	trainer := c.as("trainer")
	for b.Loop() {
		watching, leave := context.WithCancel(ctx)
		before := held()
		var sent atomic.Int64
		first := make(chan struct{}, boards)
		for range boards {
			req, err := http.NewRequestWithContext(watching, http.MethodGet, c.URL+"/api/v1/quizzes/"+quiz+"/board", nil)
			c.ok(err)
			res, err := trainer.http.Do(req)
			c.ok(err)
			if res.StatusCode != http.StatusOK {
				b.Fatal(res.Status)
			}
			go func() {
				defer res.Body.Close()
				_, _ = io.Copy(counter{&sent, first}, res.Body)
			}()
		}
		for range boards {
			<-first
		}
		time.Sleep(2 * time.Second) // all rows have come
		whole := sent.Load()
		each := (held() - before) / boards
		var spent time.Duration
		begun := time.Now()
		for n := range seconds * saves {
			time.Sleep(time.Until(begun.Add(time.Duration(n) * time.Second / saves)))
			i, at := n%takers, time.Now()
			_, err := c.Exams.Attempts.Save(ctx, actors[i], sheets[i].Attempt.ID, sheets[i].Session,
				[]exam.Answer{{ClientSeq: at.UnixNano(), Slot: 1 + n*7%50, Response: question.Response{Choices: []string{"a"}}}})
			c.ok(err)
			spent += time.Since(at)
		}
		took := time.Since(begun)
		b.ReportMetric(float64(whole)/boards/1024, "KiB-first/board")
		b.ReportMetric(float64(sent.Load()-whole)/boards/1024/took.Seconds(), "KiB/s/board")
		b.ReportMetric(each/1024, "KiB-held/board")
		b.ReportMetric(float64(spent.Microseconds())/seconds/saves, "µs/save")
		b.ReportMetric(seconds*saves/took.Seconds(), "saves/s")
		leave()
	}
}

// counter counts what it is given, and tells once that anything came.
type counter struct {
	n     *atomic.Int64
	first chan<- struct{}
}

func (c counter) Write(p []byte) (int, error) {
	c.n.Add(int64(len(p)))
	select {
	case c.first <- struct{}{}:
	default:
	}
	return len(p), nil
}

// held gives the bytes of the heap and the stacks that are in use.
func held() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc + m.StackInuse)
}
