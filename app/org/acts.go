package org

import (
	"context"
	"time"

	"qiming/app/audit"
	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

func object(id string) string { return "org:" + id }

func (s *Service) today() string { return s.deps.Clock.Now().In(s.deps.Zone).Format(time.DateOnly) }

// checkPlace says whether a node of the kind may stand under the parent.
func checkPlace(tree *Tree, kind Kind, parentID string) error {
	parent := Node{}
	if parentID != "" {
		var ok bool
		if parent, ok = tree.Node(parentID); !ok {
			return notFound(parentID)
		}
		if parent.Abolished != "" {
			return fault.New(fault.Conflict, "org.abolished", "%s is abolished", parentID).With("name", parent.Label())
		}
	}
	if !kind.MayStandUnder(parent.Kind) {
		return fault.New(fault.Invalid, "org.kind_place", "%s under %q", kind, parent.Kind).
			With("kind", kind).With("parent", parent.Kind)
	}
	return nil
}

// Create adds a node. A root needs a scope that reaches everywhere. Faults: "org.invalid",
// "org.kind_place", "org.abolished", "org.not_found" (the parent), Exists with index "code".
func (s *Service) Create(ctx context.Context, actor policies.Actor, d Draft) (Node, error) {
	d.trim()
	if err := fault.Bad("org.invalid", d.check(s.today())); err != nil {
		return Node{}, err
	}
	node := Node{Meta: store.Meta{ID: ident.New()}, ParentID: d.ParentID}
	d.onto(&node)
	err := s.deps.Trail.Act(ctx, audit.By(actor, "org.create", object(node.ID), node.Label()), func() error {
		return s.shape(ctx, func(ctx context.Context, tree *Tree) error {
			if d.ParentID == "" && !actor.Scope.Everywhere() {
				return fault.New(fault.Forbidden, "org.root", "a root needs the whole installation")
			}
			if d.ParentID != "" {
				if _, err := visible(tree, actor, d.ParentID); err != nil {
					return err
				}
			}
			if err := checkPlace(tree, d.Kind, d.ParentID); err != nil {
				return err
			}
			return s.nodes.Insert(ctx, &node)
		})
	})
	return node, err
}

// Edit changes what people fill in, but not the parent. rev is the revision that the editor saw
// (0 = any). The kind may change where parent and children allow it.
func (s *Service) Edit(ctx context.Context, actor policies.Actor, id string, rev int64, d Draft) (Node, error) {
	d.trim()
	if err := fault.Bad("org.invalid", d.check(s.today())); err != nil {
		return Node{}, err
	}
	var out Node
	err := s.deps.Trail.Act(ctx, audit.By(actor, "org.edit", object(id), d.Name), func() error {
		return s.shape(ctx, func(ctx context.Context, tree *Tree) error {
			node, err := visible(tree, actor, id)
			if err != nil {
				return err
			}
			if d.Kind != node.Kind {
				if err := checkPlace(tree, d.Kind, node.ParentID); err != nil {
					return err
				}
				for _, child := range tree.Children(id) {
					if c, _ := tree.Node(child); !c.Kind.MayStandUnder(d.Kind) {
						return fault.New(fault.Invalid, "org.kind_place", "%s under %s", c.Kind, d.Kind).
							With("kind", c.Kind).With("parent", d.Kind)
					}
				}
			}
			out, err = s.nodes.Update(ctx, id, func(n *Node) error {
				if err := n.seenAt(rev); err != nil {
					return err
				}
				d.onto(n)
				return nil
			})
			return err
		})
	})
	return out, err
}

// seenAt refuses an act on another revision than the one that the actor saw; 0 takes any.
func (n *Node) seenAt(rev int64) error {
	if rev != 0 && n.Rev != rev {
		return fault.New(fault.Conflict, "request.stale", "revision %d, not %d", n.Rev, rev)
	}
	return nil
}

// Move puts the node and all below it under another parent ("" = root). The paths that documents
// of other packages carry follow by their repair jobs. rev is the revision that the actor saw (0 = any).
// Faults: "org.cycle", "org.kind_place", "request.stale".
func (s *Service) Move(ctx context.Context, actor policies.Actor, id string, rev int64, parentID string) (Node, error) {
	tree, err := s.Tree(ctx)
	if err != nil {
		return Node{}, err
	}
	entry := audit.By(actor, "org.move", object(id), tree.Names(id)[id]).With("to", tree.FullName(parentID))
	var out Node
	err = s.deps.Trail.Act(ctx, entry, func() error {
		return s.shape(ctx, func(ctx context.Context, tree *Tree) error {
			node, err := visible(tree, actor, id)
			if err != nil {
				return err
			}
			if parentID == "" && !actor.Scope.Everywhere() {
				return fault.New(fault.Forbidden, "org.root", "a root needs the whole installation")
			}
			if parentID != "" {
				if _, err := visible(tree, actor, parentID); err != nil {
					return err
				}
			}
			if tree.reaches(parentID, id) {
				return fault.New(fault.Conflict, "org.cycle", "%s stands below %s", parentID, id)
			}
			if err := checkPlace(tree, node.Kind, parentID); err != nil {
				return err
			}
			out, err = s.nodes.Update(ctx, id, func(n *Node) error {
				if err := n.seenAt(rev); err != nil {
					return err
				}
				n.ParentID = parentID
				return nil
			})
			return err
		})
	})
	return out, err
}

// Abolish ends a node that has no members and no existing nodes below it. It stays in the tree,
// marked with the date, because history refers to it.
func (s *Service) Abolish(ctx context.Context, actor policies.Actor, id string) (Node, error) {
	tree, err := s.Tree(ctx)
	if err != nil {
		return Node{}, err
	}
	var out Node
	err = s.deps.Trail.Act(ctx, audit.By(actor, "org.abolish", object(id), tree.Names(id)[id]), func() error {
		return s.shape(ctx, func(ctx context.Context, tree *Tree) error {
			if _, err := visible(tree, actor, id); err != nil {
				return err
			}
			living := 0
			for _, child := range tree.Children(id) {
				if c, _ := tree.Node(child); c.Abolished == "" {
					living++
				}
			}
			occupants := 0
			for _, o := range s.occupants {
				n, err := o.CountAt(ctx, id)
				if err != nil {
					return err
				}
				occupants += n
			}
			if living+occupants > 0 {
				return fault.New(fault.Conflict, "org.not_empty", "%d nodes, %d members", living, occupants).
					With("nodes", living).With("members", occupants)
			}
			out, err = s.nodes.Update(ctx, id, func(n *Node) error {
				if n.Abolished != "" {
					return store.ErrUnchanged
				}
				n.Abolished = s.today()
				return nil
			})
			return err
		})
	})
	return out, err
}

// Existing gives the node where it exists and is not abolished: for those who put something there.
func (s *Service) Existing(ctx context.Context, id string) (Node, error) {
	tree, err := s.Tree(ctx)
	if err != nil {
		return Node{}, err
	}
	n, ok := tree.Node(id)
	if !ok {
		return Node{}, notFound(id)
	}
	if n.Abolished != "" {
		return Node{}, fault.New(fault.Conflict, "org.abolished", "%s is abolished", id).With("name", n.Label())
	}
	return n, nil
}
