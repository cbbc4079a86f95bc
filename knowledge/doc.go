// Package knowledge is the knowledge base: articles, regulations, frequently asked questions and terms, with who may
// read them, review by a second person, versions, publishing at a set time, and withdrawal that leaves a trace.
//
// Words: the draft is what is being written; a version is an immutable content, made when the draft is handed in; the
// published content is what readers see, and stays until another version is approved in its place. A reader sees an
// article whose audience meets the reader's tokens; search filters by the same tokens. The desk is where authors and
// reviewers see everything of the organisations that their permission reaches.
package knowledge
