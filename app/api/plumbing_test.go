package api

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/keyring"
	"qiming/policies"
)

// tokens are the sessions of these tests: the token says who it is.
type tokens map[string]Identity

func (t tokens) Authenticate(_ context.Context, token, _ string) (Identity, error) {
	if identity, ok := t[token]; ok {
		return identity, nil
	}
	return Identity{}, fault.New(fault.Unauthenticated, "session.expired", "no such session")
}

type alive struct{ err error }

func (a alive) Ping(context.Context) error { return a.err }

type harness struct {
	*API
	url string
	log *bytes.Buffer
}

type echoInput struct {
	Body struct {
		Name  string   `json:"name" minLength:"2" maxLength:"10"`
		Count int      `json:"count,omitempty" maximum:"5"`
		Tags  []string `json:"tags,omitempty"`
	}
}

type echoed struct {
	Name  string   `json:"name"`
	Tags  []string `json:"tags"`
	Scope []string `json:"scope"`
}

// testTable has a row for each kind of thing the plumbing decides.
func testTable(a *API) {
	echo := func(_ context.Context, actor policies.Actor, in *echoInput) (*Answer[echoed], error) {
		return answer(echoed{Name: in.Body.Name, Tags: in.Body.Tags, Scope: actor.Scope}), nil
	}
	fail := func(_ context.Context, _ policies.Actor, in *ByID) (*Nothing, error) {
		switch in.ID {
		case "panic":
			panic("boom: secret 42")
		case "unknown":
			return nil, errors.New("dial tcp: secret host")
		}
		return nil, fault.New(fault.Code(in.ID), "thing."+in.ID, "text of %s", in.ID).With("n", 3)
	}
	upload1 := func(_ context.Context, _ policies.Actor, in *Upload) (*Answer[int64], error) {
		return answer(in.RawBody.Data().File.Size), nil
	}
	write := func(_ context.Context, _ policies.Actor, in *struct{ IfMatch }) (*Revised[string], error) {
		rev, err := in.Rev()
		if err != nil {
			return nil, err
		}
		return revised(rev+1, "ok"), nil
	}
	route(a, get, "/version", policies.SiteRead, 200, "Version", a.versionShow)
	route(a, post, "/public", policies.SessionSignIn, 200, "Public write", echo)
	route(a, post, "/questions", policies.QuestionWrite, 201, "Write", echo)
	route(a, post, "/password", policies.AccountOwn, 200, "Password", echo, whileMustChange())
	route(a, get, "/faults/{id}", policies.SiteRead, 204, "Faults", fail)
	route(a, get, "/bench", policies.AccountOwn, 200, "Authorised", a.versionShow)
	route(a, post, "/files", policies.AccountOwn, 200, "File", upload1, upload())
	route(a, put, "/shared", policies.AccountOwn, 200, "Shared", write)
}

func start(t testing.TB, change func(*Deps)) *harness {
	t.Helper()
	keys, err := keyring.Open(filepath.Join(t.TempDir(), "key"))
	if err != nil {
		t.Fatal(err)
	}
	authorizer, err := policies.New()
	if err != nil {
		t.Fatal(err)
	}
	log := &bytes.Buffer{}
	deps := Deps{
		Log: slog.New(slog.NewJSONHandler(log, nil)), Clock: ident.NewManual(time.Date(2026, 3, 5, 6, 0, 0, 0, time.UTC)),
		Keys: keys, Policies: authorizer, Store: alive{}, Version: "test",
		Limits: RateLimits{Account: 5, Address: 5},
		Sessions: tokens{
			"trainer": {Actor: policies.Actor{AccountID: "a1", SessionID: "s1", Grants: []policies.Grant{{Role: policies.Trainer, OrgID: "branch1"}}}},
			"plain":   {Actor: policies.Actor{AccountID: "a2", SessionID: "s2"}},
			"fresh":   {Actor: policies.Actor{AccountID: "a3", SessionID: "s3", Grants: []policies.Grant{{Role: policies.Trainer, OrgID: "branch1"}}}, MustChange: true},
		},
		Client: fstest.MapFS{"dist-missing.html": {Data: []byte("客户端尚未构建")}},
	}
	if change != nil {
		change(&deps)
	}
	a, err := build(deps, testTable)
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- a.Serve(ln) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := a.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		<-done
	})
	return &harness{API: a, url: "http://" + ln.Addr().String(), log: log}
}

type reply struct {
	*http.Response
	text    string
	problem Problem
}

// do sends a request; headers are "Name: value".
func (h *harness) do(t testing.TB, method, path, body string, headers ...string) reply {
	t.Helper()
	req, err := http.NewRequest(method, h.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		req.Header.Add(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	r := reply{Response: res, text: string(text)}
	if res.Header.Get("Content-Type") == problemType {
		if err := json.Unmarshal(text, &r.problem); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
	}
	return r
}

func TestGateDecidesWhoMay(t *testing.T) {
	h := start(t, func(d *Deps) { d.Limits = RateLimits{} })
	csrf := func(session string) string { return "X-CSRF-Token: " + h.csrfToken(session) }
	const good = `{"name":"启明"}`
	for _, c := range []struct {
		name, path string
		headers    []string
		status     int
		code       string
	}{
		{"nobody", "/questions", nil, 401, "session.required"},
		{"unknown session", "/questions", []string{"Authorization: Bearer x"}, 401, "session.expired"},
		{"bearer", "/questions", []string{"Authorization: Bearer trainer"}, 201, ""},
		{"cookie without token", "/questions", []string{"Cookie: qm_session=trainer"}, 403, "request.csrf"},
		{"cookie with another's token", "/questions", []string{"Cookie: qm_session=trainer", csrf("s2")}, 403, "request.csrf"},
		{"cookie with token", "/questions", []string{"Cookie: qm_session=trainer", csrf("s1")}, 201, ""},
		{"cookie with token from another site", "/questions", []string{"Cookie: qm_session=trainer", csrf("s1"), "Sec-Fetch-Site: cross-site"}, 403, "request.cross_site"},
		{"cookie with token from another origin", "/questions", []string{"Cookie: qm_session=trainer", csrf("s1"), "Origin: http://evil.example"}, 403, "request.cross_site"},
		{"cookie with token from our origin", "/questions", []string{"Cookie: qm_session=trainer", csrf("s1"), "Origin: " + h.url}, 201, ""},
		{"no role", "/questions", []string{"Authorization: Bearer plain"}, 403, "request.forbidden"},
		{"password first", "/questions", []string{"Authorization: Bearer fresh"}, 403, "account.must_change_password"},
		{"the password itself", "/password", []string{"Authorization: Bearer fresh"}, 200, ""},
		{"public write", "/public", nil, 200, ""},
		{"public write with a dead cookie", "/public", []string{"Cookie: qm_session=gone"}, 200, ""},
		{"public write from another site", "/public", []string{"Sec-Fetch-Site: cross-site"}, 403, "request.cross_site"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := h.do(t, "POST", "/api/v1"+c.path, good, append(c.headers, "Content-Type: application/json")...)
			if r.StatusCode != c.status || r.problem.Code != c.code {
				t.Fatalf("%d %q, want %d %q: %s", r.StatusCode, r.problem.Code, c.status, c.code, r.text)
			}
			if c.code != "" && (r.problem.RequestID == "" || r.problem.RequestID != r.Header.Get("X-Request-ID")) {
				t.Fatalf("request id: %s", r.text)
			}
		})
	}
	r := h.do(t, "POST", "/api/v1/questions", good, "Authorization: Bearer trainer")
	if want := `{"name":"启明","tags":[],"scope":["branch1"]}`; strings.TrimSpace(r.text) != want {
		t.Errorf("%s, want %s", r.text, want)
	}
}

func TestProblems(t *testing.T) {
	h := start(t, func(d *Deps) { d.Limits = RateLimits{} })
	for code, want := range map[string]int{
		"invalid": 422, "unauthenticated": 401, "forbidden": 403, "not_found": 404, "exists": 409,
		"conflict": 409, "too_many": 429, "unavailable": 503, "no_such_code": 500,
	} {
		r := h.do(t, "GET", "/api/v1/faults/"+code, "")
		if r.StatusCode != want || r.problem.Status != want || r.problem.Code != "thing."+code || r.problem.Params["n"] != 3.0 {
			t.Errorf("%s: %d %s", code, r.StatusCode, r.text)
		}
	}
	for _, id := range []string{"panic", "unknown"} {
		h.log.Reset()
		r := h.do(t, "GET", "/api/v1/faults/"+id, "")
		if r.StatusCode != 500 || r.problem.Code != "server.internal" || strings.Contains(r.text, "secret") {
			t.Errorf("%s: %d %s", id, r.StatusCode, r.text)
		}
		if id := r.problem.RequestID; id == "" || !strings.Contains(h.log.String(), id) || !strings.Contains(h.log.String(), "secret") {
			t.Errorf("the log must hold the cause under the request id: %s", h.log)
		}
	}
	r := h.do(t, "POST", "/api/v1/public", `{"name":"x","count":9,"hunter2":"hunter3"}`)
	if r.StatusCode != 422 || r.problem.Code != "request.invalid" || strings.Contains(r.text, "hunter3") {
		t.Fatalf("%d %s", r.StatusCode, r.text)
	}
	got := map[string]string{}
	for _, f := range r.problem.Errors {
		got[f.Path] = f.Key
	}
	for path, key := range map[string]string{"name": "too_short", "count": "too_large", "hunter2": "unknown"} {
		if got[path] != key {
			t.Errorf("%s: %q, want %q", path, got[path], key)
		}
	}
	if r := h.do(t, "POST", "/api/v1/public", `{}`); len(r.problem.Errors) != 1 || r.problem.Errors[0].Path != "name" || r.problem.Errors[0].Key != "required" {
		t.Errorf("%s", r.text)
	}
	if r := h.do(t, "POST", "/api/v1/public", `{"name":`); r.StatusCode != 400 || r.problem.Code != "request.malformed" {
		t.Errorf("%d %s", r.StatusCode, r.text)
	}
	if r := h.do(t, "GET", "/api/v1/nothing", ""); r.StatusCode != 404 || r.problem.Code != "request.unknown_route" {
		t.Errorf("%d %s", r.StatusCode, r.text)
	}
	if r := h.do(t, "DELETE", "/api/v1/public", ""); r.StatusCode != 405 || r.problem.Code != "request.method" || !strings.Contains(r.Header.Get("Allow"), "POST") {
		t.Errorf("%d %q %s", r.StatusCode, r.Header.Get("Allow"), r.text)
	}
}

func TestBodyLimits(t *testing.T) {
	h := start(t, nil)
	form := func(size int) string {
		return "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.xlsx\"\r\n\r\n" + strings.Repeat("x", size) + "\r\n--b--\r\n"
	}
	bearer := "Authorization: Bearer plain"
	if r := h.do(t, "POST", "/api/v1/files", form(3<<20), bearer, "Content-Type: multipart/form-data; boundary=b"); r.StatusCode != 200 || strings.TrimSpace(r.text) != "3145728" {
		t.Errorf("3 MiB to an upload row: %d %s", r.StatusCode, r.text)
	}
	// The header alone decides: a client that goes on writing may find the connection closed before it reads.
	conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := fmt.Fprintf(conn, "POST /api/v1/public HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n", bodyLimit+1); err != nil {
		t.Fatal(err)
	}
	r, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r.Body)
	if err != nil || r.StatusCode != 413 || !strings.Contains(string(text), "request.too_large") {
		t.Errorf("above 1 MiB elsewhere: %d %s %v", r.StatusCode, text, err)
	}
	if r := h.do(t, "POST", "/api/v1/public", `{"name":"ab"}`+strings.Repeat(" ", bodyLimit-100)); r.StatusCode >= 300 {
		t.Errorf("just below 1 MiB: %d %s", r.StatusCode, r.text)
	}
}

func TestRateLimits(t *testing.T) {
	h := start(t, nil) // 5 a second, 50 at once
	clock := h.Clock.(*ident.Manual)
	for range 50 {
		if r := h.do(t, "GET", "/api/v1/version", ""); r.StatusCode != 200 {
			t.Fatalf("within the burst: %d %s", r.StatusCode, r.text)
		}
	}
	r := h.do(t, "GET", "/api/v1/version", "")
	if r.StatusCode != 429 || r.Header.Get("Retry-After") != "1" || r.problem.Code != "request.too_many" {
		t.Fatalf("%d %q %s", r.StatusCode, r.Header.Get("Retry-After"), r.text)
	}
	if r := h.do(t, "GET", "/api/v1/version", "", "Authorization: Bearer plain"); r.StatusCode != 200 {
		t.Errorf("an account does not pay for its address: %d", r.StatusCode)
	}
	clock.Advance(200 * time.Millisecond)
	if r := h.do(t, "GET", "/api/v1/version", ""); r.StatusCode != 200 {
		t.Errorf("after a fifth of a second: %d", r.StatusCode)
	}
}

// Guessing tokens costs what asking without one costs.
func TestGuessedTokensAreLimited(t *testing.T) {
	for name, header := range map[string]string{"bearer": "Authorization: Bearer guess", "cookie": "Cookie: " + sessionCookie + "=guess"} {
		h := start(t, nil)
		for n := range 60 {
			want := 401
			if n >= 50 {
				want = 429
			}
			if r := h.do(t, "PUT", "/api/v1/shared", "", header+strconv.Itoa(n)); r.StatusCode != want {
				t.Fatalf("%s %d: %d %s", name, n, r.StatusCode, r.text)
			}
		}
	}
}

func TestIfMatch(t *testing.T) {
	h := start(t, nil)
	bearer := "Authorization: Bearer plain"
	if r := h.do(t, "PUT", "/api/v1/shared", "", bearer); r.StatusCode != 422 || r.problem.Code != "request.if_match" {
		t.Errorf("%d %s", r.StatusCode, r.text)
	}
	if r := h.do(t, "PUT", "/api/v1/shared", "", bearer, `If-Match: "7"`); r.StatusCode != 200 || r.Header.Get("ETag") != `"8"` {
		t.Errorf("%d %s %s", r.StatusCode, r.Header.Get("ETag"), r.text)
	}
}

func TestForwardedAddress(t *testing.T) {
	for _, c := range []struct {
		name    string
		proxies []string
		headers []string
		address string
	}{
		{"untrusted peer", nil, []string{"X-Forwarded-For: 203.0.113.9"}, "127.0.0.1"},
		{"trusted peer", []string{"127.0.0.0/8"}, []string{"X-Forwarded-For: 203.0.113.9"}, "203.0.113.9"},
		{"the client lies", []string{"127.0.0.1", "10.0.0.0/8"}, []string{"X-Forwarded-For: 1.2.3.4, 203.0.113.9, 10.1.1.1"}, "203.0.113.9"},
		{"no header", []string{"127.0.0.1"}, nil, "127.0.0.1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := start(t, func(d *Deps) { d.Proxies = c.proxies })
			h.do(t, "GET", "/healthz", "", c.headers...)
			if want := `"address":"` + c.address + `"`; !strings.Contains(h.log.String(), want) {
				t.Errorf("%s not in %s", want, h.log)
			}
		})
	}
	if _, err := parseProxies([]string{"office"}); err == nil {
		t.Error("a proxy that is no address must be refused")
	}
}

func TestClient(t *testing.T) {
	none := start(t, nil)
	if r := none.do(t, "GET", "/", ""); r.StatusCode != 200 || !strings.Contains(r.text, "尚未构建") {
		t.Errorf("without a client: %d %s", r.StatusCode, r.text)
	}
	h := start(t, func(d *Deps) {
		d.Client = fstest.MapFS{
			"dist-missing.html":   {Data: []byte("missing")},
			"index.html":          {Data: []byte("<html>app")},
			"docs/index.html":     {Data: []byte("docs")},
			"assets/a-1a2b.js":    {Data: []byte("plain")},
			"assets/a-1a2b.js.br": {Data: []byte("small")},
		}
	})
	for _, c := range []struct {
		path, encoding string
		status         int
		text, cache    string
	}{
		{"/", "", 200, "<html>app", "no-cache"},
		{"/exam/abc", "", 200, "<html>app", "no-cache"},
		{"/docs", "", 200, "docs", "no-cache"},
		{"/assets/a-1a2b.js", "identity", 200, "plain", "public, max-age=31536000, immutable"},
		{"/assets/a-1a2b.js", "gzip, br", 200, "small", "public, max-age=31536000, immutable"},
		{"/assets/gone.js", "", 404, "", "no-store"},
		{"/api/v1/gone", "", 404, "", "no-store"},
		{"/../../etc/passwd", "", 200, "<html>app", "no-cache"},
	} {
		r := h.do(t, "GET", c.path, "", "Accept-Encoding: "+c.encoding)
		if r.StatusCode != c.status || c.text != "" && r.text != c.text || r.Header.Get("Cache-Control") != c.cache {
			t.Errorf("%s: %d %q %q", c.path, r.StatusCode, r.text, r.Header.Get("Cache-Control"))
		}
	}
	tag := h.do(t, "GET", "/", "").Header.Get("ETag")
	if r := h.do(t, "GET", "/", "", "If-None-Match: "+tag); r.StatusCode != 304 {
		t.Errorf("known page: %d", r.StatusCode)
	}
}

func TestProbes(t *testing.T) {
	h := start(t, nil)
	h.do(t, "GET", "/api/v1/faults/conflict?token=hidden", "")
	if strings.Contains(h.log.String(), "hidden") {
		t.Errorf("the log must not hold queries: %s", h.log)
	}
	r := h.do(t, "GET", "/metrics", "")
	if r.StatusCode != 200 || !strings.Contains(r.text, `qiming_http_requests_total{method="GET",route="/api/v1/faults/{id}",status="409"} 1`) {
		t.Errorf("%d %s", r.StatusCode, r.text)
	}
	if r := h.do(t, "GET", "/metrics", "", "X-Forwarded-For: 203.0.113.9"); r.StatusCode != 404 {
		t.Errorf("metrics through a proxy: %d", r.StatusCode)
	}
	if r := h.do(t, "GET", "/readyz", ""); r.StatusCode != 200 {
		t.Errorf("ready: %d", r.StatusCode)
	}
	sick := start(t, func(d *Deps) { d.Store = alive{errors.New("disk full")} })
	if r := sick.do(t, "GET", "/readyz", ""); r.StatusCode != 503 || strings.Contains(r.text, "disk") {
		t.Errorf("ready without a store: %d %s", r.StatusCode, r.text)
	}
	h.draining.Store(true)
	if r := h.do(t, "GET", "/readyz", ""); r.StatusCode != 503 || !r.Close {
		t.Errorf("ready while stopping: %d, close %v", r.StatusCode, r.Close)
	}
}

func TestSecurityHeaders(t *testing.T) {
	h := start(t, nil)
	for _, path := range []string{"/", "/api/v1/version", "/api/v1/gone", "/healthz", "/openapi.json"} {
		r := h.do(t, "GET", path, "")
		for name, part := range map[string]string{
			"Content-Security-Policy": "script-src 'self';", "X-Content-Type-Options": "nosniff",
			"Referrer-Policy": "same-origin", "Permissions-Policy": "camera=()", "X-Frame-Options": "DENY",
			"X-Server-Time": "1772690400000",
		} {
			if !strings.Contains(r.Header.Get(name), part) {
				t.Errorf("%s: %s = %q", path, name, r.Header.Get(name))
			}
		}
	}
}
