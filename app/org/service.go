package org

import (
	"context"
	"errors"
	"sync"
	"time"

	"qiming/app/audit"
	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

// follow is how old the tree in memory may be while another process changes it.
const follow = time.Second

// leaseTime is how long an act that changes the shape may take.
const leaseTime = 15 * time.Second

const leaseID = "shape"

// lease is held by an act that changes the shape of the tree.
type lease struct {
	store.Meta `bson:",inline"`
	Holder     string    `bson:"holder" json:"holder"`
	Until      time.Time `bson:"until" json:"until"`
}

// Trail is what the package needs of the audit trail.
type Trail interface {
	Act(ctx context.Context, e audit.Entry, fn func() error) error
}

// Occupants tells whether something lives at a node, so that it cannot be abolished: the members.
type Occupants interface {
	CountAt(ctx context.Context, orgID string) (int, error)
}

// Deps is what the service needs.
type Deps struct {
	DB    *store.DB
	Clock ident.Clock
	Trail Trail
	Zone  *time.Location // the organisation's: decides what day it is
}

// Service keeps the tree.
type Service struct {
	deps   Deps
	nodes  store.Collection[Node]
	leases store.Collection[lease]

	mu        sync.Mutex
	tree      *Tree
	since     string
	polled    time.Time
	occupants []Occupants

	shaping sync.Mutex // acts of this process one after the other
}

// New declares the collections; call it before the database starts.
func New(deps Deps) *Service {
	return &Service{deps: deps,
		nodes: store.Define[Node](deps.DB, store.Spec{Name: "orgs", Version: 1, Indexes: []store.Index{
			{Name: "code", Fields: []string{"code"}, Unique: true},
		}}),
		leases: store.Define[lease](deps.DB, store.Spec{Name: "org_leases", Version: 1}),
	}
}

// Occupy registers who may live at nodes. It is called while the application is put together.
func (s *Service) Occupy(o Occupants) { s.occupants = append(s.occupants, o) }

// Tree gives the tree as it is, at most a second behind another process.
func (s *Service) Tree(ctx context.Context) (*Tree, error) {
	now := s.deps.Clock.Now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.tree != nil && now.Sub(s.polled) < follow && !now.Before(s.polled) {
		return s.tree, nil
	}
	if s.tree != nil {
		changes, err := s.nodes.Changes(ctx, s.since, 1)
		if err != nil {
			return nil, err
		}
		if len(changes) == 0 {
			s.polled = now
			return s.tree, nil
		}
	}
	return s.load(ctx, now)
}

// fresh gives the tree as the database holds it now.
func (s *Service) fresh(ctx context.Context) (*Tree, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.load(ctx, s.deps.Clock.Now())
}

func (s *Service) load(ctx context.Context, now time.Time) (*Tree, error) {
	since, err := store.Head(ctx, s.nodes) // before the read: what comes in between is read twice
	if err != nil {
		return nil, err
	}
	var nodes []Node
	for n, err := range s.nodes.Find(ctx, store.Query[Node]{}) {
		if err != nil {
			return nil, err
		}
		nodes = append(nodes, n)
	}
	s.tree, s.since, s.polled = newTree(nodes), since, now
	return s.tree, nil
}

// Path gives the ids from the root to the node, itself last; fault.NotFound for an unknown node.
func (s *Service) Path(ctx context.Context, id string) ([]string, error) {
	tree, err := s.Tree(ctx)
	if err != nil {
		return nil, err
	}
	if path := tree.Path(id); path != nil {
		return path, nil
	}
	return nil, notFound(id)
}

// Subtree gives the node and everything below it, parents first.
func (s *Service) Subtree(ctx context.Context, id string) ([]string, error) {
	tree, err := s.Tree(ctx)
	if err != nil {
		return nil, err
	}
	if ids := tree.Subtree(id); ids != nil {
		return ids, nil
	}
	return nil, notFound(id)
}

// Names gives the labels of the nodes that exist.
func (s *Service) Names(ctx context.Context, ids ...string) (map[string]string, error) {
	tree, err := s.Tree(ctx)
	if err != nil {
		return nil, err
	}
	return tree.Names(ids...), nil
}

func notFound(id string) error { return fault.New(fault.NotFound, "org.not_found", "node %q", id) }

// visible gives the node where the actor's scope reaches it.
func visible(tree *Tree, actor policies.Actor, id string) (Node, error) {
	n, ok := tree.Node(id)
	if !ok || !tree.Covers(actor.Scope, id) {
		return Node{}, notFound(id)
	}
	return n, nil
}

// errHeld says that another process is changing the shape.
var errHeld = errors.New("org: the shape is being changed")

// shape runs fn while nobody else changes the shape of the tree, with the tree as it is now.
func (s *Service) shape(ctx context.Context, fn func(ctx context.Context, tree *Tree) error) error {
	s.shaping.Lock()
	defer s.shaping.Unlock()
	holder := ident.New()
	take := func(l *lease) error {
		now := s.deps.Clock.Now()
		if l.Holder != "" && now.Before(l.Until) {
			return errHeld
		}
		l.Holder, l.Until = holder, now.Add(leaseTime)
		return nil
	}
	_, err := s.leases.Update(ctx, leaseID, take)
	if fault.Is(err, fault.NotFound) {
		if err = s.leases.Insert(ctx, &lease{Meta: store.Meta{ID: leaseID}}); err == nil || fault.Is(err, fault.Exists) {
			_, err = s.leases.Update(ctx, leaseID, take)
		}
	}
	if errors.Is(err, errHeld) {
		return fault.New(fault.Conflict, "org.busy", "somebody else changes the tree")
	}
	if err != nil {
		return err
	}
	defer func() {
		_, _ = s.leases.Update(context.WithoutCancel(ctx), leaseID, func(l *lease) error {
			if l.Holder != holder {
				return store.ErrUnchanged
			}
			l.Holder = ""
			return nil
		})
	}()
	bounded, cancel := context.WithTimeout(ctx, leaseTime-time.Second)
	defer cancel()
	tree, err := s.fresh(bounded)
	if err != nil {
		return err
	}
	if err := fn(bounded, tree); err != nil {
		return err
	}
	_, err = s.fresh(ctx)
	return err
}
