package org

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"qiming/policies"
)

// Tree is the whole organisation at one moment. It never changes; callers share it and its slices.
type Tree struct {
	nodes    map[string]Node
	children map[string][]string // by parent, in order; "" holds the roots
	paths    map[string][]string
	shape    string
}

// newTree builds the tree. A node whose parent is missing, or that stands in a cycle (neither is
// made by this package, but a restored or hand-edited database may hold it), becomes a root, so
// that it stays in sight.
func newTree(nodes []Node) *Tree {
	t := &Tree{nodes: make(map[string]Node, len(nodes)), children: map[string][]string{}, paths: map[string][]string{}}
	for _, n := range nodes {
		t.nodes[n.ID] = n
	}
	slices.SortFunc(nodes, func(a, b Node) int {
		return cmp.Or(cmp.Compare(a.Order, b.Order), cmp.Compare(a.Code, b.Code), cmp.Compare(a.ID, b.ID))
	})
	for _, n := range nodes {
		parent := n.ParentID
		if _, ok := t.nodes[parent]; !ok || t.reaches(parent, n.ID) {
			parent = ""
		}
		t.children[parent] = append(t.children[parent], n.ID)
	}
	var walk func(id string, path []string)
	walk = func(id string, path []string) {
		path = append(path[:len(path):len(path)], id)
		t.paths[id] = path
		for _, child := range t.children[id] {
			walk(child, path)
		}
	}
	for _, root := range t.children[""] {
		walk(root, nil)
	}
	sum := sha256.New()
	ids := make([]string, 0, len(t.paths))
	for id := range t.paths {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		sum.Write([]byte(strings.Join(t.paths[id], "/") + "\n"))
	}
	t.shape = hex.EncodeToString(sum.Sum(nil)[:12])
	return t
}

// reaches says whether going up from id one meets other.
func (t *Tree) reaches(id, other string) bool {
	for range len(t.nodes) + 1 {
		if id == other {
			return true
		}
		n, ok := t.nodes[id]
		if !ok {
			return false
		}
		id = n.ParentID
	}
	return true // a cycle above
}

// Node gives a node.
func (t *Tree) Node(id string) (Node, bool) { n, ok := t.nodes[id]; return n, ok }

// Len is the number of nodes, abolished ones included.
func (t *Tree) Len() int { return len(t.nodes) }

// Path gives the ids from the root to the node, itself last; nil for an unknown node.
func (t *Tree) Path(id string) []string { return t.paths[id] }

// Children gives the ids right below the node, in order; of "" the roots.
func (t *Tree) Children(id string) []string { return t.children[id] }

// Subtree gives the node and everything below it, parents first; nil for an unknown node.
func (t *Tree) Subtree(id string) []string {
	if _, ok := t.nodes[id]; !ok {
		return nil
	}
	ids := []string{id}
	for i := 0; i < len(ids); i++ {
		ids = append(ids, t.children[ids[i]]...)
	}
	return ids
}

// Names gives the labels of the nodes that exist.
func (t *Tree) Names(ids ...string) map[string]string {
	names := make(map[string]string, len(ids))
	for _, id := range ids {
		if _, ok := t.nodes[id]; ok {
			names[id] = t.Label(id)
		}
	}
	return names
}

// Label names a node where it stands by itself: a group with the branch that it is of, for every branch has
// a first group.
func (t *Tree) Label(id string) string {
	n := t.nodes[id]
	if parent, ok := t.nodes[n.ParentID]; ok && n.Kind == Group {
		return parent.Label() + " " + n.Label()
	}
	return n.Label()
}

// FullName joins the labels from the root to the node.
func (t *Tree) FullName(id string) string {
	var parts []string
	for _, step := range t.paths[id] {
		parts = append(parts, t.nodes[step].Label())
	}
	return strings.Join(parts, " / ")
}

// All gives every node, parents before children, siblings in order.
func (t *Tree) All() []Node {
	nodes := make([]Node, 0, len(t.nodes))
	var walk func(string)
	walk = func(id string) {
		for _, child := range t.children[id] {
			nodes = append(nodes, t.nodes[child])
			walk(child)
		}
	}
	walk("")
	return nodes
}

// Covers says whether the scope reaches the node.
func (t *Tree) Covers(scope policies.Scope, id string) bool {
	path, ok := t.paths[id]
	return ok && scope.Covers(path)
}

// Shape names the hierarchy: it changes whenever any path does.
func (t *Tree) Shape() string { return t.shape }

// Lookup finds an existing node by code, full name or short name; an ambiguous name finds none.
func (t *Tree) Lookup(text string) (Node, bool) {
	var found []Node
	for _, n := range t.nodes {
		if n.Abolished != "" {
			continue
		}
		if n.Code == text && text != "" {
			return n, true
		}
		if n.Name == text || n.ShortName == text {
			found = append(found, n)
		}
	}
	if text == "" || len(found) != 1 {
		return Node{}, false
	}
	return found[0], true
}
