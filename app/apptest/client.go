package apptest

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"strconv"
	"strings"
	"testing"

	"qiming/app/api"
)

// Client speaks to a server as one browser: cookies, and the CSRF token with every write.
type Client struct {
	t    testing.TB
	url  string
	http *http.Client
	csrf string
}

// Client gives a browser that nobody is signed in on.
func (s *Server) Client(t testing.TB) *Client {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &Client{t: t, url: s.URL, http: &http.Client{Jar: jar}}
}

// SignIn gives a browser on which the account is signed in.
func (s *Server) SignIn(t testing.TB, login, password string) *Client {
	t.Helper()
	c := s.Client(t)
	var me struct {
		CSRF string `json:"csrf"`
	}
	c.Do("POST", "/session", map[string]string{"login": login, "password": password}).Want(200).JSON(&me)
	if me.CSRF == "" {
		t.Fatal("signing in gave no CSRF token")
	}
	c.csrf = me.CSRF
	return c
}

// Reply is an answer, read whole.
type Reply struct {
	*http.Response
	Text    string
	Cut     error       // why the body ended before its time; only WantCut lets it pass
	Problem api.Problem // where the answer is one

	t testing.TB
}

// Do sends body as JSON (nil: none) to a path below /api/v1. Headers are "Name: value".
func (c *Client) Do(method, path string, body any, headers ...string) Reply {
	c.t.Helper()
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		reader = bytes.NewReader(text)
		headers = append([]string{"Content-Type: application/json"}, headers...)
	}
	return c.send(method, "/api/v1"+path, reader, headers)
}

// Get asks for any path of the server.
func (c *Client) Get(path string, headers ...string) Reply {
	c.t.Helper()
	return c.send("GET", path, nil, headers)
}

// Upload sends a file and more fields as a form to a path below /api/v1.
func (c *Client) Upload(path, name string, content []byte, fields map[string]string) Reply {
	c.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for field, value := range fields {
		if err := form.WriteField(field, value); err != nil {
			c.t.Fatal(err)
		}
	}
	part, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		c.t.Fatal(err)
	}
	return c.send("POST", "/api/v1"+path, &body, []string{"Content-Type: " + form.FormDataContentType()})
}

func (c *Client) send(method, path string, body io.Reader, headers []string) Reply {
	c.t.Helper()
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.url+path, body)
	if err != nil {
		c.t.Fatal(err)
	}
	if c.csrf != "" && method != "GET" {
		request.Header.Set("X-CSRF-Token", c.csrf)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Set(name, value)
	}
	response, err := c.http.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	text, cut := io.ReadAll(response.Body)
	reply := Reply{Response: response, Text: string(text), Cut: cut, t: c.t}
	if response.Header.Get("Content-Type") == "application/problem+json" && method != "HEAD" {
		if err := json.Unmarshal(text, &reply.Problem); err != nil {
			c.t.Fatalf("%s %s: a problem that is none: %v\n%s", method, path, err, text)
		}
	}
	return reply
}

// Want fails the test where the status is another.
func (r Reply) Want(status int) Reply {
	r.t.Helper()
	if r.StatusCode != status || r.Cut != nil {
		r.t.Fatalf("%s %s: %d %v, want %d: %s", r.Request.Method, r.Request.URL.Path, r.StatusCode, r.Cut, status, r.Text)
	}
	return r
}

// WantCut fails the test where the body is whole.
func (r Reply) WantCut() Reply {
	r.t.Helper()
	if r.Cut == nil {
		r.t.Fatalf("%s %s: %d with a whole body of %d bytes", r.Request.Method, r.Request.URL.Path, r.StatusCode, len(r.Text))
	}
	return r
}

// WantProblem fails the test where the answer is another than the problem.
func (r Reply) WantProblem(status int, code string) Reply {
	r.t.Helper()
	if r.StatusCode != status || r.Problem.Code != code {
		r.t.Fatalf("%s %s: %d %q, want %d %q: %s", r.Request.Method, r.Request.URL.Path, r.StatusCode, r.Problem.Code, status, code, r.Text)
	}
	return r
}

// JSON decodes the answer.
func (r Reply) JSON(into any) Reply {
	r.t.Helper()
	if err := json.Unmarshal([]byte(r.Text), into); err != nil {
		r.t.Fatalf("%s %s: %v\n%s", r.Request.Method, r.Request.URL.Path, err, r.Text)
	}
	return r
}

// Rev gives the revision that the answer's ETag names.
func (r Reply) Rev() int64 {
	r.t.Helper()
	rev, err := strconv.ParseInt(strings.Trim(r.Header.Get("ETag"), `"`), 10, 64)
	if err != nil {
		r.t.Fatalf("%s %s: no revision in ETag %q", r.Request.Method, r.Request.URL.Path, r.Header.Get("ETag"))
	}
	return rev
}
