package rehearse

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// operation names what a request was for; the keys of the report's latency table.
type operation string

const (
	opSignIn operation = "sign_in"
	opStart  operation = "start"
	opSave   operation = "save"
	opSubmit operation = "submit"
	opRead   operation = "read_back"
)

// credentials are what a signed-in browser holds.
type credentials struct{ cookie, csrf string }

// client talks to the server as the web client does: session cookie, CSRF header, JSON.
type client struct {
	bases []string     // servers on one database; requests go round
	turn  atomic.Int64 // whose turn it is
	http  *http.Client
	retry time.Duration
	tally *tally
}

func newClient(urls []string, takers int, retry time.Duration) *client {
	bases := make([]string, len(urls))
	for i, u := range urls {
		bases[i] = strings.TrimRight(u, "/")
	}
	transport := &http.Transport{
		MaxIdleConns: takers + 64, MaxIdleConnsPerHost: takers + 64,
		IdleConnTimeout: 5 * time.Minute, ReadBufferSize: 2048, WriteBufferSize: 2048, DisableCompression: true,
	}
	return &client{bases: bases, http: &http.Client{Transport: transport, Timeout: 30 * time.Second}, retry: retry}
}

// base gives the server whose turn it is.
func (c *client) base() string { return c.bases[int(c.turn.Add(1))%len(c.bases)] }

func (c *client) close() { c.http.CloseIdleConnections() }

// statusError is an answer of the server that is no success.
type statusError struct {
	status int
	body   string
	after  time.Duration // of Retry-After
}

func (e *statusError) Error() string { return fmt.Sprintf("status %d: %s", e.status, e.body) }

// call makes one request and counts it. A dead server (no connection, 502, 503) is met again until
// the retry time is over; a rate limit is waited for. Only the final outcome is an error.
func (c *client) call(ctx context.Context, op operation, who credentials, method, path string, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	until := time.Now().Add(c.retry)
	for wait := 20 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		begun := time.Now()
		_, err := c.once(ctx, who, method, path, body, out)
		if err == nil {
			c.tally.ok(op, time.Since(begun))
			return nil
		}
		var status *statusError
		answered := errors.As(err, &status)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case answered && status.status == http.StatusTooManyRequests && status.after > 0 && status.after <= 10*time.Second:
			c.tally.throttled.Add(1)
			sleep(ctx, status.after)
			continue
		case (!answered || status.status == http.StatusBadGateway || status.status == http.StatusServiceUnavailable) && time.Now().Before(until):
			c.tally.retries.Add(1)
			sleep(ctx, wait)
			continue
		}
		c.tally.fail(op, err)
		return err
	}
}

func (c *client) once(ctx context.Context, who credentials, method, path string, body []byte, out any) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base()+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	if who.cookie != "" {
		req.Header.Set("Cookie", who.cookie)
		req.Header.Set("X-CSRF-Token", who.csrf)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	if res.StatusCode >= 300 {
		seconds, _ := strconv.Atoi(res.Header.Get("Retry-After")) // absent = 0
		return nil, &statusError{res.StatusCode, string(text[:min(len(text), 400)]), time.Duration(seconds) * time.Second}
	}
	if out != nil {
		return res, json.Unmarshal(text, out)
	}
	return res, nil
}

func (c *client) signIn(ctx context.Context, a Account) (credentials, error) {
	var me struct {
		CSRF string `json:"csrf"`
	}
	body, err := json.Marshal(map[string]string{"login": a.Login, "password": a.Password})
	if err != nil {
		return credentials{}, err
	}
	begun := time.Now()
	res, err := c.once(ctx, credentials{}, "POST", "/api/v1/session", body, &me)
	if err != nil {
		c.tally.fail(opSignIn, err)
		return credentials{}, err
	}
	c.tally.ok(opSignIn, time.Since(begun))
	var cookies []string
	for _, k := range res.Cookies() {
		cookies = append(cookies, k.Name+"="+k.Value)
	}
	return credentials{cookie: strings.Join(cookies, "; "), csrf: me.CSRF}, nil
}

// prepare asks a demo server, as its system administrator, for accounts and, where quiz is "", a quiz.
func (c *client) prepare(ctx context.Context, operator Account, takers, items int, quiz string) (string, []Account, error) {
	var got struct {
		QuizID   string   `json:"quiz_id"`
		Logins   []string `json:"logins"`
		Password string   `json:"password"`
	}
	body, err := json.Marshal(map[string]any{"takers": takers, "items": items, "quiz_id": quiz})
	if err != nil {
		return "", nil, err
	}
	long := *c.http
	long.Timeout = 10 * time.Minute
	slow := &client{bases: c.bases[:1], http: &long, tally: newTally()}
	who, err := slow.signIn(ctx, operator)
	if err != nil {
		return "", nil, err
	}
	if _, err := slow.once(ctx, who, "POST", "/api/v1/demo/rehearsal", body, &got); err != nil {
		return "", nil, err
	}
	accounts := make([]Account, len(got.Logins))
	for i, login := range got.Logins {
		accounts[i] = Account{login, got.Password}
	}
	return got.QuizID, accounts, nil
}
