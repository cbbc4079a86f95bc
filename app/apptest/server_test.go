package apptest

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"qiming/app"
	"qiming/internal/ident"
	"qiming/policies"
)

func TestDocumentCoversEveryRoute(t *testing.T) {
	s := Start(t)
	var document struct {
		OpenAPI string                                `json:"openapi"`
		Paths   map[string]map[string]json.RawMessage `json:"paths"`
	}
	s.Client(t).Get("/openapi.json").Want(200).JSON(&document)
	if !strings.HasPrefix(document.OpenAPI, "3.1") {
		t.Errorf("OpenAPI %q", document.OpenAPI)
	}
	operations := 0
	for _, methods := range document.Paths {
		operations += len(methods)
	}
	if want := len(s.API.Routes()); operations != want {
		t.Errorf("%d operations are documented, the table has %d rows", operations, want)
	}
	for _, route := range s.API.Routes() {
		raw, ok := document.Paths[route.Path][strings.ToLower(route.Method)]
		if !ok {
			t.Errorf("%s %s is not documented", route.Method, route.Path)
			continue
		}
		var operation struct {
			Summary   string                     `json:"summary"`
			Responses map[string]json.RawMessage `json:"responses"`
			Security  []map[string][]string      `json:"security"`
		}
		if err := json.Unmarshal(raw, &operation); err != nil {
			t.Fatal(err)
		}
		success := false
		for status := range operation.Responses {
			success = success || status[0] == '2'
		}
		if operation.Summary == "" || !success || !strings.Contains(string(operation.Responses["default"]), "application/problem+json") {
			t.Errorf("%s %s: summary %q, responses %s", route.Method, route.Path, operation.Summary, raw)
		}
		if public := s.Policies.Holds(policies.Public, route.Permission); public != (len(operation.Security) == 0) {
			t.Errorf("%s %s: public %v, but security %v", route.Method, route.Path, public, operation.Security)
		}
	}
}

// The document that the client is typed from is the one that the server serves.
func TestDocumentNeedsNoData(t *testing.T) {
	s := Start(t)
	document, err := app.Document("test")
	if err != nil {
		t.Fatal(err)
	}
	if served := s.Client(t).Get("/openapi.json").Want(200).Text; served != string(document) {
		t.Error("the printed document is not the served one")
	}
}

// An array is never null in our JSON; the types of the client rely on it.
func TestDocumentHasNoNullableArrays(t *testing.T) {
	document, err := app.Document("test")
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(document), `["array","null"]`) {
		t.Error("an array may be null")
	}
}

func TestSessionInABrowser(t *testing.T) {
	s := Start(t)
	s.Account(t, "lijing", policies.Grant{Role: policies.SecurityAdmin, OrgID: policies.Everywhere})
	c := s.Client(t)
	c.Do("GET", "/session", nil).WantProblem(401, "session.required")
	reply := c.Do("POST", "/session", map[string]string{"login": "lijing", "password": Password}).Want(200)
	cookies := reply.Cookies()
	if len(cookies) != 1 || !cookies[0].HttpOnly || cookies[0].SameSite != http.SameSiteLaxMode || cookies[0].Secure || cookies[0].Path != "/" {
		t.Fatalf("%v", reply.Header["Set-Cookie"])
	}
	if strings.Contains(s.Log.String(), cookies[0].Value) || strings.Contains(s.Log.String(), Password) {
		t.Error("the log holds a secret")
	}
	c.Do("GET", "/session", nil).Want(200)
	c.Do("DELETE", "/session", nil).WantProblem(403, "request.csrf")

	c = s.SignIn(t, "lijing", Password)
	c.Do("DELETE", "/session", nil).Want(204)
	c.Do("GET", "/session", nil).Want(401)
}

func TestCookieIsSecureBehindTLS(t *testing.T) {
	s := Start(t, func(c *app.Config) { c.Proxies = []string{"127.0.0.1"} })
	s.Account(t, "lijing")
	reply := s.Client(t).Do("POST", "/session", map[string]string{"login": "lijing", "password": Password},
		"X-Forwarded-For: 203.0.113.7", "X-Forwarded-Proto: https").Want(200)
	if cookies := reply.Cookies(); len(cookies) != 1 || !cookies[0].Secure {
		t.Errorf("%v", reply.Header["Set-Cookie"])
	}
	if reply.Header.Get("Strict-Transport-Security") == "" {
		t.Error("no Strict-Transport-Security")
	}
}

// Two processes on one database: a session begun at one is known to the other, and its end too.
func TestTwoProcessesShareSessions(t *testing.T) {
	data := t.TempDir()
	one := Start(t, func(c *app.Config) { c.Data = data })
	two := StartAt(t, one.Clock, data)
	one.Account(t, "lijing", policies.Grant{Role: policies.SecurityAdmin, OrgID: policies.Everywhere})
	c := one.SignIn(t, "lijing", Password)
	elsewhere := *c
	elsewhere.url = two.URL // a cookie knows no port
	elsewhere.Do("GET", "/accounts", nil).Want(200)
	elsewhere.Do("DELETE", "/session", nil).Want(204) // the CSRF token is good at both
	c.Do("GET", "/session", nil).Want(401)
	report, err := two.Trail.Verify(t.Context())
	if err != nil || !report.OK {
		t.Errorf("the chain after two writers: %+v %v", report, err)
	}
}

func TestStopIsClean(t *testing.T) {
	s := Start(t)
	s.Client(t).Get("/readyz").Want(200)
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := http.Get(s.URL + "/healthz"); err == nil {
		t.Error("it still answers")
	}
}

func TestStartRefusesWhatCannotWork(t *testing.T) {
	for name, change := range map[string]func(*app.Config){
		"unknown database": func(c *app.Config) { c.DB = "postgres://x" },
		"unknown files":    func(c *app.Config) { c.Media = "ftp://x" },
		"unknown zone":     func(c *app.Config) { c.Zone = "Asia/Qiming" },
		"short key":        func(c *app.Config) { c.Key = "abcd" },
		"proxy":            func(c *app.Config) { c.Proxies = []string{"office"} },
	} {
		config := app.Defaults(t.TempDir())
		change(&config)
		if a, err := app.New(t.Context(), config, deps(ident.System{}, io.Discard)); err == nil {
			t.Errorf("%s: it started", name)
			_ = a.Close()
		}
	}
}
