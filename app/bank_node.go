package app

import (
	"context"
	"fmt"
	"slices"

	"qiming/app/demo"
	"qiming/app/org"
	"qiming/internal/fault"
	"qiming/policies"
)

// FirstOrg is the name of the organisation that BankNode makes; people rename it.
const FirstOrg = "本组织"

// BankNode finds the organisation node whose bank the command line means: by id, code or name, or
// the root where nothing is said. On an empty installation the root is made first, so that a bank can be
// imported before anything else is there. Fault: "org.not_found".
func (a *App) BankNode(ctx context.Context, text string) (string, error) {
	tree, err := a.Orgs.Tree(ctx)
	if err != nil {
		return "", err
	}
	if text != "" {
		if node, ok := tree.Node(text); ok {
			return node.ID, nil
		}
		if node, ok := tree.Lookup(text); ok {
			return node.ID, nil
		}
		return "", fault.New(fault.NotFound, "org.not_found", "no organisation node has the id, code or name %q", text)
	}
	roots := slices.DeleteFunc(slices.Clone(tree.Children("")), func(id string) bool {
		node, _ := tree.Node(id)
		return node.Code == demo.RehearsalCode
	})
	switch len(roots) {
	case 1:
		return roots[0], nil
	case 0:
		console := policies.Actor{AccountID: "console", Name: "命令行", Address: "console", Scope: policies.Scope{policies.Everywhere}}
		node, err := a.Orgs.Create(ctx, console, org.Draft{Name: FirstOrg, Kind: org.Committee})
		return node.ID, err
	}
	return "", fmt.Errorf("there are %d root organisations: say which with --org", len(roots))
}
