// Package api serves the application over HTTP: Fiber carries, Huma types and documents.
//
// routes.go is the table of all routes; each row names its permission. A handler is a
// function of (context, actor, input) that gives an output or an error; it knows no
// HTTP. Everything that every request needs happens once, here, in this order: request
// id, clock, log and metrics (trace.go), who asks and whether they may (gate.go), input
// validation (Huma), the handler, and errors as RFC 9457 problems (problem.go).
//
// The package knows every domain; no domain knows it.
package api
