// Package policies decides who may do what: a role, an object and an action, in words.
//
// A grant is a role held at an organisation node; it reaches the node's subtree. Whoever
// belongs to a member holds the role member at the own node without a grant. Casbin decides
// from model.conf and policy.csv, both part of the program; the whole role x action matrix is
// the golden file testdata/matrix.golden. The scopes follow the defaults of the domain: the
// three administrators each hold one third (configuration, accounts and policy, logs), exclude
// one another, and see no business data.
package policies
