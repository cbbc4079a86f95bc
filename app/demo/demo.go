// Package demo fills an empty server with a demo organisation: a committee, general branches,
// branches, three hundred made-up members, accounts for every role, questions and articles written by us, and
// exams that are open, coming, waiting for evaluators and released. It also prepares load rehearsals.
//
// Everything is made through the services, with a clock that walks from two months ago to today, so that it
// is as real as what people enter. Seeding is idempotent: a cut run goes on where it stopped.
package demo

import (
	"context"
	"errors"
	"time"

	"qiming/app/account"
	"qiming/app/member"
	"qiming/app/org"
	"qiming/exam"
	"qiming/exam/question"
	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/knowledge"
	"qiming/knowledge/wordlist"
	"qiming/policies"
)

// Password is that of every demo account. It exists on demo servers only.
const Password = "Qiming-demo-2026"

// Deps is what the demo is made with.
type Deps struct {
	DB       *store.DB
	Clock    ident.Clock
	Orgs     *org.Service
	Members  *member.Service
	Accounts *account.Service
	Bank     *question.Bank
	Exams    *exam.Engine

	Knowledge *knowledge.Articles
	WordList  *wordlist.List
}

// Demo makes demo data.
type Demo struct {
	Deps
	marks store.Collection[mark]
}

// mark remembers what was made, so that a second start makes nothing twice.
type mark struct {
	store.Meta `bson:",inline"`
	Holder     string            `bson:"holder" json:"holder"` // the process at work
	Until      time.Time         `bson:"until" json:"until"`   // its lease, by the machine's clock
	Done       bool              `bson:"done" json:"done"`
	Batch      string            `bson:"batch" json:"batch"`       // of the questions
	Quizzes    map[string]string `bson:"quizzes" json:"quizzes"`   // quiz ids by name
	Articles   map[string]string `bson:"articles" json:"articles"` // article ids by the name of their file
}

// New declares the collection; call it before the database starts.
func New(deps Deps) *Demo {
	return &Demo{Deps: deps, marks: store.Define[mark](deps.DB, store.Spec{Name: "demo", Version: 1})}
}

// Account is one that people can sign in with.
type Account struct {
	Login string
	Name  string
	Role  policies.Role
	Place string // what the role reaches
}

// root is who makes the demo: everything is within reach.
func root() policies.Actor {
	return policies.Actor{AccountID: "demo", Name: "演示数据", Scope: policies.Scope{policies.Everywhere}}
}

const (
	seedID = "seed"
	lease  = 30 * time.Second
)

// Seeded says whether the demo organisation is complete.
func (d *Demo) Seeded(ctx context.Context) (bool, error) {
	m, err := d.marks.Get(ctx, seedID)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return m.Done, err
}

// Seed makes the demo organisation as of now, on a clock that it may set. Where another process is at it,
// Seed waits for that. It gives the accounts to sign in with.
func (d *Demo) Seed(ctx context.Context, clock *ident.Manual, real ident.Clock) error {
	if err := d.empty(ctx); err != nil {
		return err
	}
	holder := ident.New()
	for {
		mine, done, err := d.claim(ctx, holder, real.Now())
		if err != nil || done {
			return err
		}
		if mine {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
	work, stop := context.WithCancel(ctx)
	defer stop()
	go d.hold(work, holder, real)

	now := real.Now()
	clock.Set(now.AddDate(0, 0, -60))
	nodes, err := d.organisation(ctx)
	if err != nil {
		return err
	}
	people, err := d.people(ctx, nodes, now)
	if err != nil {
		return err
	}
	if err := d.accounts(ctx, nodes, people); err != nil {
		return err
	}
	if err := d.questions(ctx, nodes); err != nil {
		return err
	}
	if err := d.articles(ctx, clock, now, nodes); err != nil {
		return err
	}
	if err := d.exams(ctx, clock, now, nodes, people); err != nil {
		return err
	}
	_, err = d.marks.Update(ctx, seedID, func(m *mark) error { m.Done = true; return nil })
	return err
}

// empty refuses a database in which there is something that the demo did not make.
func (d *Demo) empty(ctx context.Context) error {
	if _, err := d.marks.Get(ctx, seedID); !fault.Is(err, fault.NotFound) {
		return err
	}
	tree, err := d.Orgs.Tree(ctx)
	if err != nil {
		return err
	}
	accounts, err := d.Accounts.List(ctx, account.Filter{Limit: 1})
	if err != nil {
		return err
	}
	if len(tree.Children("")) > 0 || len(accounts.Items) > 0 {
		return errors.New("the database is in use: --demo fills an empty one only, for its passwords are known to everybody; name another place with --data or --db")
	}
	return nil
}

// claim takes the lease where nobody holds it.
func (d *Demo) claim(ctx context.Context, holder string, now time.Time) (mine, done bool, err error) {
	first := mark{Meta: store.Meta{ID: seedID}, Holder: holder, Until: now.Add(lease), Batch: ident.New(), Quizzes: map[string]string{}}
	err = d.marks.Insert(ctx, &first)
	if err == nil {
		return true, false, nil
	}
	if !fault.Is(err, fault.Exists) {
		return false, false, err
	}
	m, err := d.marks.Update(ctx, seedID, func(m *mark) error {
		if m.Done || now.Before(m.Until) {
			return store.ErrUnchanged
		}
		m.Holder, m.Until = holder, now.Add(lease)
		return nil
	})
	return m.Holder == holder && !m.Done, m.Done, err
}

// hold renews the lease until ctx ends.
func (d *Demo) hold(ctx context.Context, holder string, real ident.Clock) {
	ident.Every(ctx, lease/3, func() bool {
		_, _ = d.marks.Update(ctx, seedID, func(m *mark) error { // a missed renewal is met by the next
			if m.Holder != holder {
				return store.ErrUnchanged
			}
			m.Until = real.Now().Add(lease)
			return nil
		})
		return false
	})
}
