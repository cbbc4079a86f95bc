// Package account keeps accounts: sign-in names and passwords, sessions, lockout, the roles that
// an account was granted, and preferences.
//
// Passwords are argon2id hashes (19 MiB, two passes: OWASP's minimum), computed by as many at once
// as there are cores. A session is an opaque token of which only the SHA-256 is stored. Failures
// are counted by sign-in name, whether an account of that name exists or not, and by address, so
// that neither the answer nor its time tells which names exist.
package account
