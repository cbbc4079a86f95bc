package api

import (
	"context"

	"qiming/exam"
	"qiming/exam/question"
	"qiming/policies"
)

type appealFileInput struct {
	ByID
	Body struct {
		Slot int    `json:"slot" minimum:"1"`
		Text string `json:"text" maxLength:"4000"`
	}
}

func appealAnswer(p exam.Appeal, err error) (*Answer[exam.Appeal], error) {
	if err != nil {
		return nil, err
	}
	return answer(p), nil
}

func (a *API) appealFile(ctx context.Context, actor policies.Actor, in *appealFileInput) (*Answer[exam.Appeal], error) {
	return appealAnswer(a.Exams.Appeals.File(ctx, actor, in.ID, in.Body.Slot, in.Body.Text))
}

// OwnAppeal names an appeal of an own attempt.
type OwnAppeal struct {
	ByID
	Slot int `path:"slot" minimum:"1"`
}

// Said is a message of a thread.
type Said struct {
	Text string `json:"text" maxLength:"4000"`
}

type appealAddInput struct {
	OwnAppeal
	Body Said
}

func (a *API) appealAdd(ctx context.Context, actor policies.Actor, in *appealAddInput) (*Answer[exam.Appeal], error) {
	return appealAnswer(a.Exams.Appeals.Add(ctx, actor, in.ID, in.Slot, in.Body.Text))
}

func (a *API) appealWithdraw(ctx context.Context, actor policies.Actor, in *OwnAppeal) (*Answer[exam.Appeal], error) {
	return appealAnswer(a.Exams.Appeals.Withdraw(ctx, actor, in.ID, in.Slot))
}

type appealListInput struct {
	Paging
	State string `query:"state" enum:"open,upheld,rejected,withdrawn,"`
	Quiz  string `query:"quiz" maxLength:"64"`
}

// AppealQueue is a piece of the queue with the counts of all of it.
type AppealQueue struct {
	List[exam.AppealLine]
	Counts map[string]int `json:"counts" doc:"By state"`
}

func (a *API) appealList(ctx context.Context, actor policies.Actor, in *appealListInput) (*Answer[AppealQueue], error) {
	page, counts, err := a.Exams.Appeals.List(ctx, actor, exam.AppealFilter{State: exam.AppealState(in.State), QuizID: in.Quiz}, in.Limit, in.After)
	if err != nil {
		return nil, err
	}
	out := AppealQueue{List: List[exam.AppealLine]{Items: page.Items, Next: page.Next}, Counts: map[string]int{}}
	for state, n := range counts {
		out.Counts[string(state)] = n
	}
	return answer(out), nil
}

func (a *API) appealShow(ctx context.Context, actor policies.Actor, in *ByID) (*Answer[exam.AppealSeen], error) {
	seen, err := a.Exams.Appeals.Get(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	var given []question.Response
	item := seen.Item
	if item.Response != nil {
		given, item.Response = append(given, *item.Response), nil
	}
	if seen.Media, err = a.links(ctx, actor, a.mediaUntil(), item, given...); err != nil {
		return nil, err
	}
	return answer(seen), nil
}

type appealAnswerInput struct {
	ByID
	Body Said
}

func (a *API) appealAnswer(ctx context.Context, actor policies.Actor, in *appealAnswerInput) (*Answer[exam.Appeal], error) {
	return appealAnswer(a.Exams.Appeals.Answer(ctx, actor, in.ID, in.Body.Text))
}

type appealDecideInput struct {
	ByID
	Body exam.AppealVerdict
}

func (a *API) appealDecide(ctx context.Context, actor policies.Actor, in *appealDecideInput) (*Answer[exam.Appeal], error) {
	return appealAnswer(a.Exams.Appeals.Decide(ctx, actor, in.ID, in.Body))
}
