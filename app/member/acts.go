package member

import (
	"context"
	"slices"

	"qiming/app/audit"
	"qiming/app/org"
	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/store"
	"qiming/policies"
)

// place gives the path of a node where members may be put by the actor.
func place(tree *org.Tree, actor policies.Actor, orgID string) ([]string, error) {
	node, ok := tree.Node(orgID)
	if !ok || !tree.Covers(actor.Scope, orgID) {
		return nil, fault.New(fault.NotFound, "org.not_found", "%s", orgID)
	}
	if node.Abolished != "" {
		return nil, fault.New(fault.Conflict, "org.abolished", "%s", orgID).With("name", node.Label())
	}
	return tree.Path(orgID), nil
}

// write puts a checked draft into a member and seals what must be sealed.
func (s *Service) write(m *Member, d Draft, path []string) {
	m.Number, m.Name, m.Sex, m.Ethnicity, m.Native, m.Birth = d.Number, d.Name, d.Sex, d.Ethnicity, d.Native, d.Birth
	m.Education, m.Category, m.Stage, m.OrgID, m.OrgPath = d.Education, d.Category, d.Stage, d.OrgID, path
	m.Joined, m.FullSince, m.Post, m.Standing, m.LostSince = d.Joined, d.FullSince, d.Post, d.Standing, d.LostSince
	m.Mobile, m.MobileTo, m.Note = d.Mobile, d.MobileTo, d.Note
	if !masked(d.Identity) {
		m.IdentitySealed = s.keys.Seal("identity", object(m.ID), d.Identity)
		m.IdentityMasked, m.IdentityBlind = maskIdentity(d.Identity), ""
		if d.Identity != "" {
			m.IdentityBlind = s.blind(d.Identity)
		}
	}
	if !masked(d.Phone) {
		m.PhoneSealed, m.PhoneMasked = s.keys.Seal("identity", object(m.ID)+"/phone", d.Phone), maskPhone(d.Phone)
	}
	if !masked(d.Address) {
		m.AddressSealed = s.keys.Seal("identity", object(m.ID)+"/address", d.Address)
	}
}

// Saved is a written file, with what deserves a look.
type Saved struct {
	Member   Member        `json:"member"`
	Warnings []fault.Field `json:"warnings"`
}

// Create adds a member. Faults: "member.invalid" with fields, "org.not_found", Exists with index
// "identity" or "number".
func (s *Service) Create(ctx context.Context, actor policies.Actor, d Draft) (Saved, error) {
	d.tidy(s.today())
	problems, warnings := d.check(s.today())
	if masked(d.Identity) {
		problems = append(problems, fault.Field{Path: "identity", Key: "identity.characters"})
	}
	if err := fault.Bad("member.invalid", problems); err != nil {
		return Saved{}, err
	}
	tree, err := s.orgs.Tree(ctx)
	if err != nil {
		return Saved{}, err
	}
	path, err := place(tree, actor, d.OrgID)
	if err != nil {
		return Saved{}, err
	}
	m := Member{Meta: store.Meta{ID: ident.New()}}
	s.write(&m, d, path)
	err = s.trail.Act(ctx, audit.By(actor, "member.create", object(m.ID), m.Name), func() error { return s.members.Insert(ctx, &m) })
	s.held.Forget(m.ID)
	return Saved{Member: m, Warnings: warnings}, err
}

// Edit changes the file. rev is the revision that the editor saw (0 = any). Another org_id moves
// the member; the actor's scope must reach both nodes.
func (s *Service) Edit(ctx context.Context, actor policies.Actor, id string, rev int64, d Draft) (Saved, error) {
	d.tidy(s.today())
	problems, warnings := d.check(s.today())
	if err := fault.Bad("member.invalid", problems); err != nil {
		return Saved{}, err
	}
	before, err := s.Get(ctx, actor, id)
	if err != nil {
		return Saved{}, err
	}
	tree, err := s.orgs.Tree(ctx)
	if err != nil {
		return Saved{}, err
	}
	path, err := place(tree, actor, d.OrgID)
	if err != nil {
		return Saved{}, err
	}
	action := "member.edit"
	if d.OrgID != before.OrgID {
		action = "member.move"
	}
	entry := audit.By(actor, action, object(id), d.Name)
	if d.OrgID != before.OrgID {
		entry = entry.With("from", tree.FullName(before.OrgID)).With("to", tree.FullName(d.OrgID))
	}
	var m Member
	err = s.trail.Act(ctx, entry, func() error {
		m, err = s.members.Update(ctx, id, func(m *Member) error {
			if !actor.Scope.Covers(m.OrgPath) {
				return notFound(id)
			}
			if rev != 0 && m.Rev != rev {
				return fault.New(fault.Conflict, "request.stale", "revision %d, not %d", m.Rev, rev)
			}
			s.write(m, d, path)
			m.Edits++
			return nil
		})
		return err
	})
	s.held.Forget(id)
	return Saved{Member: m, Warnings: warnings}, err
}

// Revealed is what is sealed in a file, in clear.
type Revealed struct {
	Identity string `json:"identity"`
	Phone    string `json:"phone"`
	Address  string `json:"address"`
}

// Reveal opens the sealed fields of one file. The trail records it before anything is shown.
func (s *Service) Reveal(ctx context.Context, actor policies.Actor, id, reason string) (Revealed, error) {
	m, err := s.Get(ctx, actor, id)
	if err != nil {
		return Revealed{}, err
	}
	var out Revealed
	err = s.trail.Act(ctx, audit.By(actor, "member.reveal", object(id), m.Name).With("reason", reason), func() error {
		out, err = s.open(m)
		return err
	})
	if err != nil {
		return Revealed{}, err
	}
	return out, nil
}

func (s *Service) open(m Member) (out Revealed, err error) {
	if out.Identity, err = s.keys.Unseal("identity", object(m.ID), m.IdentitySealed); err != nil {
		return out, err
	}
	if out.Phone, err = s.keys.Unseal("identity", object(m.ID)+"/phone", m.PhoneSealed); err != nil {
		return out, err
	}
	out.Address, err = s.keys.Unseal("identity", object(m.ID)+"/address", m.AddressSealed)
	return out, err
}

// OwnContact gives the actor's own phone and address in clear: they are one's own.
func (s *Service) OwnContact(ctx context.Context, actor policies.Actor) (Revealed, error) {
	m, err := s.Own(ctx, actor)
	if err != nil {
		return Revealed{}, err
	}
	out, err := s.open(m)
	out.Identity = m.IdentityMasked
	return out, err
}

// pathRepair remembers for which shape of the tree every org_path was put right.
type pathRepair struct {
	store.Meta `bson:",inline"`
	Shape      string `bson:"shape" json:"shape"`
}

const pathRepairID = "paths"

// RepairPaths puts the org_path of every member right after the tree changed its shape. It is a
// periodic job: idempotent, and begun again after a crash. It gives how many it changed.
func (s *Service) RepairPaths(ctx context.Context) (int, error) {
	tree, err := s.orgs.Tree(ctx)
	if err != nil {
		return 0, err
	}
	done, err := s.paths.Get(ctx, pathRepairID)
	if fault.Is(err, fault.NotFound) {
		done = pathRepair{Meta: store.Meta{ID: pathRepairID}}
		err = s.paths.Insert(ctx, &done)
		if fault.Is(err, fault.Exists) {
			err = nil
		}
	}
	if err != nil || done.Shape == tree.Shape() {
		return 0, err
	}
	repaired := 0
	for m, err := range s.members.Find(ctx, store.Query[Member]{}) {
		if err != nil {
			return repaired, err
		}
		path := tree.Path(m.OrgID)
		if path == nil || slices.Equal(path, m.OrgPath) {
			continue
		}
		_, err := s.members.Update(ctx, m.ID, func(m *Member) error {
			if path := tree.Path(m.OrgID); path != nil {
				m.OrgPath = path
			}
			return nil
		})
		if err != nil && !fault.Is(err, fault.NotFound) {
			return repaired, err
		}
		s.held.Forget(m.ID)
		repaired++
	}
	_, err = s.paths.Update(ctx, pathRepairID, func(r *pathRepair) error { r.Shape = tree.Shape(); return nil })
	return repaired, err
}
