// Package audit keeps the trail: who did what to which object, from where, when, and how it
// ended. It is append-only and hash-chained: every entry carries an HMAC over the entry before
// it and its own text, so that a changed, missing or inserted entry shows in Verify.
//
// Several processes append to one chain. A head document carries the last number, the last hash
// and the group of entries that was appended last. Replacing the head is the durable
// acknowledgement of the whole group (one write for up to 256 entries); the entries are then
// written as documents of their own, and whoever appends next first writes what a crash left out.
package audit
