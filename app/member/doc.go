// Package member keeps the register of members (党员) and of those on the way to membership.
//
// Identity number, phone and address are sealed with AES-256-GCM and bound to their document; the
// identity number is unique through a keyed hash (blind index). Lists, files and exports carry the
// masked number only; the whole one is revealed one at a time, and recorded. Imports are a dry run
// first, one batch when confirmed, and can be undone.
package member
