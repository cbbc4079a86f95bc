// Package fault is the one error type of Qiming.
//
// A fault carries a code (what class of trouble; one place maps it to HTTP), a stable
// key that the client translates ("attempt.closed"), parameters for that translation,
// fields for form errors, and an English text for the log. Anything that is not a
// *Fault is internal: it is logged and never shown.
package fault

import (
	"errors"
	"fmt"
)

// Code is the class of a fault. The set is closed.
type Code string

// The classes of faults and the HTTP status that app/api gives each.
const (
	Invalid         Code = "invalid"         // 422: the input breaks a rule; Fields say where
	Unauthenticated Code = "unauthenticated" // 401: nobody is signed in
	Forbidden       Code = "forbidden"       // 403: signed in, but may not do this
	NotFound        Code = "not_found"       // 404: absent, or not visible to the actor
	Exists          Code = "exists"          // 409: a unique key is taken; Params["index"] names it
	Conflict        Code = "conflict"        // 409: the state does not allow it, or a revision is stale
	TooMany         Code = "too_many"        // 429: a rate limit; Params["retry_after"] in seconds
	Unavailable     Code = "unavailable"     // 503: full disk, lost database, shutting down
)

// Field is one problem of an input: where it is and what is wrong.
type Field struct {
	Path   string         `json:"path"`             // "options[2].text", "blanks[0]"
	Key    string         `json:"key"`              // stable message key, "required"
	Params map[string]any `json:"params,omitempty"` // values for the message
}

// Fault is the error type.
type Fault struct {
	Code   Code
	Key    string         // stable message key, "quiz.shortage"
	Params map[string]any // values for the message; no secrets, they reach the client
	Fields []Field
	Text   string // English, for the log
	Cause  error
}

// Error gives the log text.
func (f *Fault) Error() string {
	s := string(f.Code) + " " + f.Key
	if f.Text != "" {
		s += ": " + f.Text
	}
	if f.Cause != nil {
		s += ": " + f.Cause.Error()
	}
	return s
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// New makes a fault; text is a format for the log.
func New(code Code, key, text string, args ...any) *Fault {
	return &Fault{Code: code, Key: key, Text: fmt.Sprintf(text, args...)}
}

// Wrap makes a fault with a cause.
func Wrap(code Code, key string, cause error) *Fault {
	return &Fault{Code: code, Key: key, Cause: cause}
}

// With sets one parameter and returns the fault.
func (f *Fault) With(name string, value any) *Fault {
	if f.Params == nil {
		f.Params = map[string]any{}
	}
	f.Params[name] = value
	return f
}

// Bad makes an Invalid fault out of field problems, or nil where there are none.
func Bad(key string, fields []Field) error {
	if len(fields) == 0 {
		return nil
	}
	return &Fault{Code: Invalid, Key: key, Fields: fields}
}

// CodeOf gives the code of err, or "" where err is nil or no fault.
func CodeOf(err error) Code {
	var f *Fault
	if errors.As(err, &f) {
		return f.Code
	}
	return ""
}

// KeyOf gives the key of err, or "" where err is nil or no fault.
func KeyOf(err error) string {
	var f *Fault
	if errors.As(err, &f) {
		return f.Key
	}
	return ""
}

// Is says whether err is a fault of the code.
func Is(err error, code Code) bool { return err != nil && CodeOf(err) == code }

// FieldsOf gives the field problems of err.
func FieldsOf(err error) []Field {
	var f *Fault
	if errors.As(err, &f) {
		return f.Fields
	}
	return nil
}
