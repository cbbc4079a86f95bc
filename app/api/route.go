package api

import (
	"context"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"qiming/policies"
)

// Route is a row of the table.
type Route struct {
	Method     string
	Path       string // with the prefix, parameters in braces
	Permission policies.Permission
	Status     int // of success
	Summary    string

	upload     bool
	mustChange bool // open to those who must change their password first
}

// option changes what few rows need.
type option func(*Route)

// upload lets a row take a body of up to 32 MiB (elsewhere 1 MiB) and five minutes.
func upload() option { return func(r *Route) { r.upload = true } }

// whileMustChange keeps a row open to an account that must change its password first.
func whileMustChange() option { return func(r *Route) { r.mustChange = true } }

// handler is what a row calls. The actor's Scope is what the row's permission reaches; the
// actor of a public row may be nobody (AccountID "").
type handler[I, O any] func(ctx context.Context, actor policies.Actor, in *I) (*O, error)

// route adds a row. I and O are Huma input and output structs: parameters by tag, payload in Body.
func route[I, O any](a *API, method, p string, perm policies.Permission, status int, summary string, h handler[I, O], opts ...option) {
	r := Route{Method: method, Path: prefix + p, Permission: perm, Status: status, Summary: summary}
	for _, set := range opts {
		set(&r)
	}
	a.routes = append(a.routes, r)
	limit := int64(bodyLimit)
	if r.upload {
		limit = uploadLimit
		a.uploads = append(a.uploads, r.Path)
	}
	op := huma.Operation{
		OperationID:   operationID(method, p),
		Method:        method,
		Path:          r.Path,
		Summary:       summary,
		Description:   "Permission: `" + string(perm) + "`.",
		Tags:          []string{strings.SplitN(strings.Trim(p, "/"), "/", 2)[0]},
		DefaultStatus: status,
		MaxBodyBytes:  limit,
		Middlewares:   huma.Middlewares{a.gate(r)},
		Responses:     map[string]*huma.Response{"default": a.problemResponse()},
	}
	if !a.Policies.Holds(policies.Public, perm) {
		op.Security = []map[string][]string{{"session": {}}, {"bearer": {}}}
	}
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		c := callOf(ctx)
		ctx, cancel := context.WithTimeout(ctx, r.timeout())
		defer cancel()
		out, err := h(ctx, c.actor, in)
		if err != nil {
			return nil, a.problem(c, err)
		}
		return out, nil
	})
}

func operationID(method, p string) string {
	words := strings.FieldsFunc(p, func(r rune) bool { return r == '/' || r == '{' || r == '}' || r == '.' })
	return strings.ToLower(method) + "-" + strings.Join(words, "-")
}

func (a *API) humaConfig() huma.Config {
	config := huma.DefaultConfig("Qiming 启明", a.Version)
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", "" // served by us
	config.CreateHooks = nil                                             // no $schema links in answers
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: sessionCookie},
		"bearer":  {Type: "http", Scheme: "bearer"},
	}
	config.Info.Description = "Learning and examination platform. Errors are RFC 9457 problems with a stable `code`. " +
		"Writes with a session cookie carry `X-CSRF-Token`; writes of shared objects carry `If-Match`."
	config.Formats = map[string]huma.Format{"application/json": jsonFormat(), "json": jsonFormat()}
	config.Transformers = []huma.Transformer{a.transformError}
	return config
}

// schemaName names types of other packages after the package too, so that exam.Version and
// question.Version are two schemas: ExamVersion and QuestionVersion, and their lists
// ListExamVersion and ListQuestionVersion.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Name() == "" {
		return title(huma.DefaultSchemaNamer(t, hint))
	}
	parts := strings.FieldsFunc(strings.ReplaceAll(t.Name(), "[]", "list["), func(r rune) bool {
		return strings.ContainsRune("[]*,", r)
	})
	parts[0] = t.PkgPath() + "." + parts[0]
	var name strings.Builder
	for _, part := range parts {
		pkg, base, qualified := cutLast(part, ".")
		if _, last, nested := cutLast(pkg, "/"); nested {
			pkg = last
		}
		if qualified && pkg != "api" && !strings.HasPrefix(strings.ToLower(base), pkg) {
			name.WriteString(title(pkg))
		}
		name.WriteString(title(base))
	}
	return name.String()
}

func cutLast(s, separator string) (before, after string, found bool) {
	if i := strings.LastIndex(s, separator); i >= 0 {
		return s[:i], s[i+len(separator):], true
	}
	return "", s, false
}

func title(s string) string {
	r, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[size:]
}

// finishDocument finishes the OpenAPI document once all rows are in. Slices are never null in
// our JSON (see jsonFormat), so the document must not say that they may be.
func (a *API) finishDocument() {
	for _, schema := range a.huma.OpenAPI().Components.Schemas.Map() {
		neverNull(schema)
	}
	for _, item := range a.huma.OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op == nil {
				continue
			}
			for _, parameter := range op.Parameters {
				neverNull(parameter.Schema)
			}
			for _, response := range op.Responses {
				for _, media := range response.Content {
					neverNull(media.Schema)
				}
			}
			if op.RequestBody != nil {
				for _, media := range op.RequestBody.Content {
					neverNull(media.Schema)
				}
			}
		}
	}
	a.document = sync.OnceValues(a.huma.OpenAPI().MarshalJSON)
}

func neverNull(s *huma.Schema) {
	if s == nil {
		return
	}
	if s.Type == huma.TypeArray {
		s.Nullable = false
	}
	neverNull(s.Items)
	for _, property := range s.Properties {
		neverNull(property)
	}
	if extra, ok := s.AdditionalProperties.(*huma.Schema); ok {
		neverNull(extra)
	}
}

// The methods of the table, short enough for a row.
const (
	get    = http.MethodGet
	post   = http.MethodPost
	put    = http.MethodPut
	patch  = http.MethodPatch
	remove = http.MethodDelete
)

// headerValue renders a number for a header.
func headerValue(n int64) string { return strconv.FormatInt(n, 10) }

// methodsOf gives the methods of the rows that a path belongs to, sorted.
func (a *API) methodsOf(path string) []string {
	parts := strings.Split(path, "/")
	var list []string
	for _, r := range a.routes {
		matches := slices.EqualFunc(strings.Split(r.Path, "/"), parts, func(want, got string) bool {
			return want == got || strings.HasPrefix(want, "{") && got != ""
		})
		if matches {
			list = append(list, r.Method)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
