// Package question is the question bank: kinds of items (a file each) with validation, presentation
// and marking; the bank's service with categories, versions and review; normalisation of text answers.
//
// Words: an item is a question as it stands in a paper; a version is an immutable content of a
// question; a key is the right answer; a rule says which items a draw may take.
package question
