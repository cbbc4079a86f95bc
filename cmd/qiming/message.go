package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"qiming/internal/fault"
)

// sentence says to a person at a terminal what went wrong; the key stays, for a search in the manual.
func sentence(err error) string {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return err.Error()
	}
	text := f.Text
	if text == "" {
		text = map[fault.Code]string{
			fault.Invalid: "the input breaks a rule", fault.Unauthenticated: "nobody is signed in", fault.Forbidden: "this is not allowed",
			fault.NotFound: "there is no such thing", fault.Exists: "it exists already", fault.Conflict: "the present state does not allow it",
			fault.TooMany: "too many tries; wait a while", fault.Unavailable: "the data cannot be reached or written",
		}[f.Code]
	} else if f.Code == fault.NotFound {
		text = "there is no such thing: " + text
	}
	var before string // what a command says around the fault
	if whole, inner := err.Error(), f.Error(); strings.HasSuffix(whole, inner) {
		before = strings.TrimSuffix(whole, inner)
	}
	out := fmt.Sprintf("%s%s (%s)", before, text, f.Key)
	if f.Cause != nil {
		out += ": " + f.Cause.Error()
	}
	for _, field := range f.Fields {
		out += fmt.Sprintf("\n  %s: %s", field.Path, rule(field))
	}
	return out
}

// rule puts the usual keys of a field into words.
func rule(field fault.Field) string {
	words := map[string]string{
		"required": "must not be empty", "too_long": "is too long", "choice": "is none of the choices", "unknown": "is not known",
		"text.control":  "holds control characters",
		"account.login": "must be 2 to 64 letters, digits or . _ @ - and begin with a letter or digit",
	}[field.Key]
	if words == "" {
		words = "is not accepted"
	}
	for _, name := range slices.Sorted(maps.Keys(field.Params)) {
		words += fmt.Sprintf(", %s %v", name, field.Params[name])
	}
	return words + " (" + field.Key + ")"
}
