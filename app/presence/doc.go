// Package presence says who else has an object open in an editor, so that two authors learn of each
// other before one of them saves. It is a courtesy and decides nothing: what keeps writes apart are the
// revisions of the objects.
package presence
