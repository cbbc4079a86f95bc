// Package app puts the application together: configuration, construction, the order of start
// and stop. It fills the small interfaces that the domains declare, and has no rules of its own.
package app
