package api

import (
	"context"
	"slices"

	"qiming/app/org"
	"qiming/internal/fault"
	"qiming/policies"
)

// OrgRow is a node of the tree.
type OrgRow struct {
	org.Node
	InScope bool `json:"in_scope" doc:"False for the nodes above, shown for orientation only"`
	Members *int `json:"members,omitempty" doc:"At the node and below it; only when asked for"`
}

type orgListInput struct {
	Counts bool `query:"counts" doc:"Count members too"`
}

// orgList gives the nodes that the actor reaches and those above them, parents first.
func (a *API) orgList(ctx context.Context, actor policies.Actor, in *orgListInput) (*Listed[OrgRow], error) {
	tree, err := a.Orgs.Tree(ctx)
	if err != nil {
		return nil, err
	}
	above := map[string]bool{}
	for _, id := range actor.Scope {
		for _, step := range tree.Path(id) {
			above[step] = true
		}
	}
	var rows []OrgRow
	for _, n := range tree.All() {
		row := OrgRow{Node: n, InScope: tree.Covers(actor.Scope, n.ID)}
		if !row.InScope && !above[n.ID] {
			continue
		}
		if in.Counts && row.InScope {
			count, err := a.Members.CountIn(ctx, n.ID)
			if err != nil {
				return nil, err
			}
			row.Members = &count
		}
		rows = append(rows, row)
	}
	return list(rows), nil
}

// OrgPage is one node with its place and figures.
type OrgPage struct {
	Node     org.Node `json:"node"`
	Path     []OrgRef `json:"path"`
	Children []OrgRef `json:"children"`
	Members  int      `json:"members" doc:"At the node and below it"`
	Here     int      `json:"members_here" doc:"Right at the node"`
}

func (a *API) orgShow(ctx context.Context, actor policies.Actor, in *ByID) (*Revised[OrgPage], error) {
	tree, err := a.Orgs.Tree(ctx)
	if err != nil {
		return nil, err
	}
	node, ok := tree.Node(in.ID)
	if !ok || !tree.Covers(actor.Scope, in.ID) && !slices.Contains(actor.OrgPath, in.ID) {
		return nil, fault.New(fault.NotFound, "org.not_found", "%s", in.ID)
	}
	page := OrgPage{Node: node}
	place, err := a.orgPlace(ctx, tree.Path(in.ID))
	if err != nil {
		return nil, err
	}
	page.Path = place.Path
	names := tree.Names(tree.Children(in.ID)...)
	for _, id := range tree.Children(in.ID) {
		page.Children = append(page.Children, OrgRef{ID: id, Name: names[id]})
	}
	if page.Members, err = a.Members.CountIn(ctx, in.ID); err != nil {
		return nil, err
	}
	if page.Here, err = a.Members.CountAt(ctx, in.ID); err != nil {
		return nil, err
	}
	return revised(node.Rev, page), nil
}
