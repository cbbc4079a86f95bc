// Package org keeps the organisation tree: 党委 (committee), 党总支 (general branch), 党支部
// (branch) and 党小组 (group), of any depth.
//
// The whole tree is held in memory as an immutable Tree and follows the change feed. Acts that
// change its shape (create, move, abolish) hold one lease, so that two of them together can make
// no cycle and no orphan. Documents of other packages carry org_path (root first, own node last);
// after a move their owners repair it by a job.
package org
