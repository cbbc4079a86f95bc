package demo

import (
	"context"
	"fmt"

	"golang.org/x/sync/errgroup"

	"qiming/app/account"
	"qiming/app/member"
	"qiming/app/org"
	"qiming/exam"
	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/policies"
)

// MaxTakers is the most members of one rehearsal.
const MaxTakers = 20_000

// RehearsalCode is the node where rehearsal members live, apart from the demo organisation's figures.
// RehearsalCode is the code of the branch whose members take rehearsals.
const RehearsalCode = "YL"

// Rehearsal is what a load rehearsal works with.
type Rehearsal struct {
	QuizID   string   `json:"quiz_id"`
	Logins   []string `json:"logins"`
	Password string   `json:"password"`
}

// Rehearse makes takers accounts and a quiz of items questions that all of them may take now. The
// accounts stay for the next rehearsal; the quiz is new each time. With quizID the takers are
// members of the demo organisation, and it must be open to them.
func (d *Demo) Rehearse(ctx context.Context, takers, items int, quizID string) (Rehearsal, error) {
	if takers < 1 || takers > MaxTakers {
		return Rehearsal{}, fault.Bad("rehearsal.invalid", []fault.Field{{Path: "takers", Key: "out_of_range", Params: map[string]any{"min": 1, "max": MaxTakers}}})
	}
	if quizID != "" {
		logins := make([]string, 0, takers)
		for i := memberCount; i > 0 && len(logins) < takers; i-- {
			logins = append(logins, fmt.Sprintf("D%05d", i))
		}
		return Rehearsal{QuizID: quizID, Logins: logins, Password: Password}, nil
	}
	if items < 1 || items > 60 {
		return Rehearsal{}, fault.Bad("rehearsal.invalid", []fault.Field{{Path: "items", Key: "out_of_range", Params: map[string]any{"min": 1, "max": 60}}})
	}
	node, err := d.rehearsalNode(ctx)
	if err != nil {
		return Rehearsal{}, err
	}
	logins, err := d.rehearsalMembers(ctx, node, takers)
	if err != nil {
		return Rehearsal{}, err
	}
	quiz, err := d.rehearsalQuiz(ctx, node, items)
	return Rehearsal{QuizID: quiz, Logins: logins, Password: Password}, err
}

func (d *Demo) rehearsalNode(ctx context.Context) (org.Node, error) {
	tree, err := d.Orgs.Tree(ctx)
	if err != nil {
		return org.Node{}, err
	}
	if n, ok := tree.Lookup(RehearsalCode); ok {
		return n, nil
	}
	return d.Orgs.Create(ctx, root(), org.Draft{Name: "压力演练党支部", ShortName: "压力演练", Code: RehearsalCode, Kind: org.Branch, Order: 99})
}

// rehearsalMembers makes what lacks of the members and their accounts, all with one password hash:
// hashing thousands would take minutes, and a sign-in costs the same.
func (d *Demo) rehearsalMembers(ctx context.Context, node org.Node, n int) ([]string, error) {
	have := map[string]string{}
	err := d.Members.Each(ctx, root(), member.Filter{Org: node.ID}, func(m member.Member) error {
		have[m.Number] = m.ID
		return nil
	})
	if err != nil {
		return nil, err
	}
	hash, err := d.Accounts.Hash(ctx, Password)
	if err != nil {
		return nil, err
	}
	logins := make([]string, n)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(64)
	for i := range n {
		logins[i] = fmt.Sprintf("YL%05d", i+1)
		g.Go(func() error {
			number := logins[i]
			id := have[number]
			name := fmt.Sprintf("演练%05d", i+1)
			if id == "" {
				saved, err := d.Members.Create(ctx, root(), member.Draft{Number: number, Name: name, Stage: member.Full, OrgID: node.ID, Standing: member.Normal})
				if err != nil {
					return err
				}
				id = saved.Member.ID
			}
			_, err := d.Accounts.Seed(ctx, account.Draft{Login: number, Name: name, MemberID: id}, hash)
			return err
		})
	}
	return logins, g.Wait()
}

// rehearsalQuiz publishes a quiz of items objective questions drawn from the whole demo bank.
func (d *Demo) rehearsalQuiz(ctx context.Context, node org.Node, items int) (string, error) {
	tree, err := d.Orgs.Tree(ctx)
	if err != nil {
		return "", err
	}
	bank, ok := tree.Lookup("CJ")
	if !ok {
		return "", fault.New(fault.Conflict, "rehearsal.no_demo", "the demo organisation is not there")
	}
	rule := &question.Rule{Kinds: []question.Kind{question.Single, question.Multiple, question.TrueFalse, question.Blanks}}
	draft := exam.Draft{
		Title: "压力演练 " + d.Clock.Now().In(organisationZone).Format("01-02 15:04:05"), Settings: exam.DefaultSettings(),
		Sections: []exam.Section{{ID: "s1", Shuffle: true, Entries: []exam.Entry{{Rule: rule, Count: items, Points: 5}}}},
		Audience: exam.Audience{Orgs: []string{node.ID}},
	}
	draft.Settings.Limit = 3600
	return d.publish(ctx, tree.Path(bank.ID), draft)
}

// publish makes a quiz of the node with the path and publishes it.
func (d *Demo) publish(ctx context.Context, path []string, draft exam.Draft) (string, error) {
	actor := root()
	actor.Grants = []policies.Grant{{Role: policies.Trainer, OrgID: path[0]}}
	quiz, err := d.Exams.Quizzes.Create(ctx, actor, draft.Title, path)
	if err != nil {
		return "", err
	}
	if quiz, err = d.Exams.Quizzes.Save(ctx, actor, quiz.ID, quiz.Rev, draft); err != nil {
		return "", err
	}
	_, err = d.Exams.Quizzes.Publish(ctx, actor, quiz.ID, quiz.Rev)
	return quiz.ID, err
}
