package api

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"qiming/exam"
	"qiming/internal/store"
	"qiming/policies"
)

func (a *API) queueList(ctx context.Context, actor policies.Actor, in *ByID) (*Listed[exam.QueueItem], error) {
	items, err := a.Exams.Marking.Queue(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	for i := range items {
		if items[i].Media, err = a.links(ctx, actor, a.mediaUntil(), items[i]); err != nil {
			return nil, err
		}
	}
	return list(items), nil
}

type queueShowInput struct {
	ByID
	Paging
	Question string `path:"question" maxLength:"64"`
	State    string `query:"state" enum:"pending,marked,auto" default:"pending"`
}

func (a *API) queueShow(ctx context.Context, actor policies.Actor, in *queueShowInput) (*Listed[exam.QueueAnswer], error) {
	list := func() (store.Page[exam.QueueAnswer], error) {
		if in.State == "auto" {
			return a.Exams.Marking.Automatic(ctx, actor, in.ID, in.Question, in.Limit, in.After)
		}
		return a.Exams.Marking.Answers(ctx, actor, in.ID, in.Question, in.State == "marked", in.Limit, in.After)
	}
	page, err := list()
	if err != nil {
		return nil, err
	}
	for i := range page.Items {
		if page.Items[i].Media, err = a.links(ctx, actor, a.mediaUntil(), nil, page.Items[i].Response); err != nil {
			return nil, err
		}
	}
	return listPage(page, func(q exam.QueueAnswer) exam.QueueAnswer { return q }), nil
}

type queueClaimInput struct {
	ByID
	Question string `path:"question" maxLength:"64"`
	Body     struct {
		Most  int    `json:"most,omitempty" minimum:"1" maximum:"50" default:"20" doc:"How many answers to hold"`
		Round int    `json:"round,omitempty" minimum:"0" maximum:"3" doc:"Of those that wait for a first, second or third mark alone; 0 = any"`
		Tab   string `json:"tab,omitempty" maxLength:"64" doc:"Of the queue, named by itself: tabs of one evaluator hold different answers"`
		Take  bool   `json:"take,omitempty" doc:"What other tabs of the evaluator hold goes to this one"`
	}
}

// QueueClaimed is what an evaluator holds of a question in a tab, and who holds the rest.
type QueueClaimed struct {
	exam.Claimed
	Others []InHands `json:"others" doc:"Answers that others mark just now"`
}

// InHands is how many answers an evaluator holds.
type InHands struct {
	Name    string `json:"name"`
	Answers int    `json:"answers"`
}

func (a *API) queueClaim(ctx context.Context, actor policies.Actor, in *queueClaimInput) (*Answer[QueueClaimed], error) {
	claimed, err := a.Exams.Marking.Claim(ctx, actor, in.ID, in.Question, exam.ClaimAsk(in.Body))
	if err != nil {
		return nil, err
	}
	for i := range claimed.Items {
		if claimed.Items[i].Media, err = a.links(ctx, actor, a.mediaUntil(), nil, claimed.Items[i].Response); err != nil {
			return nil, err
		}
	}
	names, err := a.Accounts.Names(ctx, slices.Collect(maps.Keys(claimed.Others))...)
	if err != nil {
		return nil, err
	}
	out := QueueClaimed{Claimed: claimed, Others: []InHands{}}
	for id, n := range claimed.Others {
		out.Others = append(out.Others, InHands{Name: names[id], Answers: n})
	}
	slices.SortFunc(out.Others, func(a, b InHands) int { return cmp.Or(b.Answers-a.Answers, cmp.Compare(a.Name, b.Name)) })
	return answer(out), nil
}

type queueUnclaimInput struct {
	ByID
	Question string `path:"question" maxLength:"64"`
	Tab      string `query:"tab" maxLength:"64" doc:"That gives back what it holds"`
}

func (a *API) queueUnclaim(ctx context.Context, actor policies.Actor, in *queueUnclaimInput) (*Nothing, error) {
	return &Nothing{}, a.Exams.Marking.Unclaim(ctx, actor, in.ID, in.Question, in.Tab)
}

type attemptMarkInput struct {
	ByID
	Body struct {
		AttemptKey string           `json:"attempt_key" maxLength:"64"`
		Slot       int              `json:"slot" minimum:"1"`
		Mark       float64          `json:"mark" minimum:"0" doc:"Points"`
		Comment    string           `json:"comment,omitempty" maxLength:"1000"`
		Rubric     []exam.Judgement `json:"rubric,omitempty" maxItems:"10" doc:"Criterion by criterion; sums to the mark"`
		Tab        string           `json:"tab,omitempty" maxLength:"64" doc:"That holds the answer"`
		Seen       int              `json:"seen,omitempty" minimum:"0" doc:"Which mark was seen there, as the answer or the mark before told; absent = none"`
		Revise     bool             `json:"revise,omitempty" doc:"Decides alone about what several evaluators have marked"`
	}
}

// Marked is a mark that stands.
type Marked struct {
	Seen int `json:"seen" doc:"Which mark it is; who changes it says so"`
}

func (a *API) attemptMark(ctx context.Context, actor policies.Actor, in *attemptMarkInput) (*Answer[Marked], error) {
	b := in.Body
	seen, err := a.Exams.Marking.Mark(ctx, actor, in.ID, exam.MarkAsk{Key: b.AttemptKey, Slot: b.Slot, Points: b.Mark, Comment: b.Comment, Rubric: b.Rubric, Tab: b.Tab, Seen: b.Seen, Revise: b.Revise})
	if err != nil {
		return nil, err
	}
	return answer(Marked{Seen: seen}), nil
}

// Decided is an attempt after an evaluator's decision.
type Decided struct {
	AttemptID string     `json:"attempt_id"`
	State     exam.State `json:"state"`
	Score     *float64   `json:"score,omitempty"`
	Percent   *float64   `json:"percent,omitempty"`
	Late      int        `json:"late"`
}

func decided(at exam.Attempt, err error) (*Answer[Decided], error) {
	if err != nil {
		return nil, err
	}
	return answer(Decided{AttemptID: at.ID, State: at.State, Score: at.Score, Percent: at.Percent, Late: at.Late}), nil
}

type attemptAdmitInput struct {
	ByID
	Body struct {
		Seq    int    `json:"seq" minimum:"1" doc:"The late answer's step"`
		Reason string `json:"reason" minLength:"1" maxLength:"1000"`
	}
}

func (a *API) attemptAdmit(ctx context.Context, actor policies.Actor, in *attemptAdmitInput) (*Answer[Decided], error) {
	return decided(a.Exams.Marking.Admit(ctx, actor, in.ID, in.Body.Seq, in.Body.Reason))
}

type attemptVoidInput struct {
	ByID
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"1000"`
	}
}

func (a *API) attemptVoid(ctx context.Context, actor policies.Actor, in *attemptVoidInput) (*Answer[Decided], error) {
	return decided(a.Exams.Marking.Void(ctx, actor, in.ID, in.Body.Reason))
}
