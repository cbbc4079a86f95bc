// Package integrity looks for signs in the answers of an exam that deserve a person's look: members with the same
// wrong answers (similarity), and answers faster than their items take others (pace). Evidence, not punishment: each
// sign comes with what chance alone would show. The package is pure: it takes values and returns values.
package integrity
