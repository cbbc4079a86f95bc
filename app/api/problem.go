package api

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"qiming/internal/fault"
)

// Problem is an RFC 9457 problem document. The client shows code in its own words, with params;
// title and detail are English, for people who read the wire.
type Problem struct {
	Type      string         `json:"type" doc:"Always about:blank; the code tells problems apart"`
	Title     string         `json:"title" doc:"The HTTP status in words"`
	Status    int            `json:"status" doc:"The HTTP status"`
	Code      string         `json:"code" doc:"Stable key of the problem" example:"attempt.closed"`
	Detail    string         `json:"detail,omitempty" doc:"What happened, in English"`
	Params    map[string]any `json:"params,omitempty" doc:"Values for the message"`
	Errors    []fault.Field  `json:"errors,omitempty" doc:"Problems of single fields"`
	RequestID string         `json:"request_id" doc:"To find the request in the server's log"`

	retryAfter int // seconds
}

// Error gives the code; Problem is an error so that Huma carries it.
func (p *Problem) Error() string { return p.Code }

// GetStatus gives the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// GetHeaders gives the headers that go with the problem.
func (p *Problem) GetHeaders() http.Header {
	if p.retryAfter == 0 {
		return nil
	}
	return http.Header{"Retry-After": {strconv.Itoa(p.retryAfter)}}
}

// ContentType is application/problem+json.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// status is the one place that maps fault codes to HTTP.
func status(code fault.Code) int {
	switch code {
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Exists, fault.Conflict:
		return http.StatusConflict
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// protocolStatus gives the status that a protocol wants for a fault (tus, of uploads); 0 = that of its code.
func protocolStatus(key string) int {
	switch key {
	case "upload.version":
		return http.StatusPreconditionFailed
	case "upload.over":
		return http.StatusGone
	case "upload.algorithm":
		return http.StatusBadRequest
	case "upload.checksum":
		return 460
	case "request.media_type":
		return http.StatusUnsupportedMediaType
	}
	return 0
}

// problem turns an error into what the client may see of it. What is no fault is internal: the
// client gets a request id, the log gets the error.
func (a *API) problem(c *call, err error) *Problem {
	var f *fault.Fault
	switch {
	case errors.As(err, &f):
	case errors.Is(err, context.DeadlineExceeded):
		f = fault.Wrap(fault.Unavailable, "server.timeout", err)
	default:
		c.cause = err
		return newProblem(c, http.StatusInternalServerError, "server.internal", "")
	}
	p := newProblem(c, cmp.Or(protocolStatus(f.Key), status(f.Code)), f.Key, f.Text)
	p.Params, p.Errors = f.Params, f.Fields
	if p.Status == http.StatusUnauthorized {
		p.Detail = "" // a stranger learns nothing of who has an account
	}
	if p.Status == http.StatusServiceUnavailable {
		c.cause, p.Detail = err, "" // a full disk and the like: worth a log line, none of the client's business
	}
	if f.Code == fault.TooMany {
		p.retryAfter = max(1, seconds(f.Params["retry_after"]))
	}
	return p
}

func newProblem(c *call, status int, code, detail string) *Problem {
	return &Problem{
		Type: "about:blank", Title: http.StatusText(status), Status: status,
		Code: code, Detail: detail, RequestID: c.id,
	}
}

func seconds(v any) int {
	switch n := v.(type) {
	case int:
		return n
	case int64:
		return int(n)
	case float64:
		return int(n)
	}
	return 1
}

// transformError turns Huma's own errors (validation, malformed bodies) into problems of our form.
func (a *API) transformError(ctx huma.Context, _ string, v any) (any, error) {
	model, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	p := newProblem(callOf(ctx.Context()), model.Status, requestCode(model.Status), "")
	p.Errors = fields(model.Errors)
	return p, nil
}

// requestCode names what is wrong with a request that no handler saw.
func requestCode(status int) string {
	switch status {
	case http.StatusNotFound:
		return "request.unknown_route"
	case http.StatusMethodNotAllowed:
		return "request.method"
	case http.StatusRequestEntityTooLarge:
		return "request.too_large"
	case http.StatusUnsupportedMediaType:
		return "request.media_type"
	case http.StatusRequestTimeout:
		return "request.timeout"
	case http.StatusRequestHeaderFieldsTooLarge:
		return "request.headers_too_large"
	case http.StatusInternalServerError:
		return "server.internal"
	case http.StatusBadRequest:
		return "request.malformed"
	}
	return "request.invalid"
}

// problemResponse documents problems in a row's responses.
func (a *API) problemResponse() *huma.Response {
	schemas := a.huma.OpenAPI().Components.Schemas
	return &huma.Response{
		Description: "Problem",
		Content:     map[string]*huma.MediaType{problemType: {Schema: schemas.Schema(typeOf[Problem](), true, "Problem")}},
	}
}

// fiberError answers what Fiber refuses before or after any handler.
func (a *API) fiberError(c *fiber.Ctx, err error) error {
	status := http.StatusInternalServerError
	var fe *fiber.Error
	if errors.As(err, &fe) {
		status = fe.Code
	}
	cl := fiberCall(c)
	if cl == nil { // refused while reading: trace has not run
		cl = a.newCall(c)
		a.secure(c)
	}
	if status == http.StatusInternalServerError {
		cl.cause = err
	}
	return a.writeProblem(c, newProblem(cl, status, requestCode(status), ""))
}

func (a *API) writeProblem(c *fiber.Ctx, p *Problem) error {
	for name, values := range p.GetHeaders() {
		c.Set(name, values[0])
	}
	c.Status(p.Status).Set(fiber.HeaderContentType, problemType)
	return jsonFormat().Marshal(c.Context(), p)
}

// unknownRoute answers what no row of the table does: 405 where the path has rows of other methods, else 404.
func (a *API) unknownRoute(c *fiber.Ctx) error {
	status, allowed := http.StatusNotFound, a.methodsOf(c.Path())
	if len(allowed) > 0 {
		status = http.StatusMethodNotAllowed
		c.Set(fiber.HeaderAllow, strings.Join(allowed, ", "))
	}
	return a.writeProblem(c, newProblem(fiberCall(c), status, requestCode(status), ""))
}
