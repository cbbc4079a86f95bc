package demo

import (
	"context"
	"math/rand/v2"
	"time"

	"qiming/exam"
	"qiming/internal/ident"
	"qiming/policies"
)

// marker is an evaluator of the demo organisation with a hand of an own: points of ten above the others, and how far single
// marks stray from that.
type marker struct {
	login         string
	leans, strays float64
}

func markers() []marker {
	return []marker{{"evaluator", 0, 0.6}, {"evaluator2", -0.5, 0.9}, {"evaluator3", 0.2, 0.7}}
}

// evaluate marks short answers, as far as the plan goes, and releases. Evaluators take turns, a few answers at a time.
func (d *Demo) evaluate(ctx context.Context, clock *ident.Manual, quizID string, p planned) error {
	queue, err := d.Exams.Marking.Queue(ctx, root(), quizID)
	if err != nil {
		return err
	}
	const turn = 10
	for _, item := range queue {
		left := p.mark - item.Marked
		if p.mark < 0 {
			left = 3 * item.Pending // as many as there may be
		}
		for idle := 0; left > 0 && idle < len(markers()); {
			for _, m := range markers() {
				n, err := d.markSome(ctx, clock, quizID, item, m, min(left, turn))
				if err != nil {
					return err
				}
				left -= n
				if idle++; n > 0 {
					idle = 0
				}
				if left <= 0 {
					break
				}
			}
		}
	}
	if p.release {
		_, err = d.Exams.Releases.Release(ctx, root(), quizID, exam.WaveWish{})
	}
	return err
}

// markSome lets an evaluator mark up to n answers to a question, and says how many.
func (d *Demo) markSome(ctx context.Context, clock *ident.Manual, quizID string, item exam.QueueItem, m marker, n int) (int, error) {
	account, err := d.Accounts.ByLogin(ctx, m.login)
	if err != nil {
		return 0, err
	}
	who := policies.Actor{AccountID: account.ID, MemberID: account.MemberID, Name: account.Name, Scope: root().Scope}
	held, err := d.Exams.Marking.Claim(ctx, who, quizID, item.QuestionID, exam.ClaimAsk{Most: n})
	if err != nil {
		return 0, err
	}
	rnd := rand.New(rand.NewPCG(uint64(clock.Now().Unix()), uint64(len(m.login))))
	for _, a := range held.Items {
		clock.Advance(time.Duration(20+rnd.IntN(40)) * time.Second)
		share := float64(len([]rune(a.Response.Text))) / float64(max(1, len([]rune(item.Model))))
		own := min(1, share) + (m.leans+m.strays*rnd.NormFloat64())/10
		points := float64(int(max(0, min(1, own))*item.Points*2)) / 2
		comment := "要点基本完整。"
		if share < 0.6 {
			comment = "缺少要点，请对照解析补充学习。"
		}
		if _, err := d.Exams.Marking.Mark(ctx, who, quizID, exam.MarkAsk{Key: a.AttemptKey, Slot: a.Slot, Points: points, Comment: comment}); err != nil {
			return 0, err
		}
	}
	return len(held.Items), d.Exams.Marking.Unclaim(ctx, who, quizID, item.QuestionID, "")
}
