// Package search is how texts are compared and found: the normal form of a text, the analyzers, and what
// is built on them. It is the one place that knows Bleve.
//
// What lives here: Normalise and Digits, the normal form in which answers are marked; the analyzers, which
// cut a text into terms for everything that compares by meaning rather than by letter; Similar, an index in
// memory of short texts that tells near-duplicates; Matcher, which matches short answers against key points, with
// ProposePoints and the Tokens that both read. Package index below it is what is found, and evaluation measures that. All
// of them use the same terms, so that a question that is found, one that is a near-duplicate and an answer that is marked
// agree on what is alike.
//
// Words: a term is what an analyzer makes of a piece of text: a Chinese character, two neighbouring ones, a
// word or a number; a gram is a term of a short text as Similar keeps it.
package search
