// Package rules holds the rules of the repository as tests: which package may import which, where
// third-party engines are allowed, what every package must have. It has no code of its own.
package rules
