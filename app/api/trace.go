package api

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"qiming/exam/interchange"
	"qiming/internal/ident"
)

// newCall begins the record of a request.
func (a *API) newCall(c *fiber.Ctx) *call {
	cl := &call{id: ident.New(), now: a.Clock.Now(), userAgent: c.Get(fiber.HeaderUserAgent), route: "-", lang: interchange.Chinese}
	if strings.HasPrefix(c.Get(fiber.HeaderAcceptLanguage), "en") {
		cl.lang = interchange.English
	}
	cl.address, cl.secure = a.proxies.client(c)
	c.SetUserContext(context.WithValue(c.UserContext(), callKey{}, cl))
	c.Set("X-Request-ID", cl.id)
	return cl
}

// trace surrounds every request: id, panics, metrics, one line in the log. The line has the path
// but never the query, which may carry what is nobody's business.
func (a *API) trace(c *fiber.Ctx) (err error) {
	cl := a.newCall(c)
	watch := ident.StartStopwatch()
	a.metrics.running.Inc()
	defer func() {
		if r := recover(); r != nil {
			cl.cause = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
			c.Response().ResetBody()
			err = a.writeProblem(c, newProblem(cl, http.StatusInternalServerError, "server.internal", ""))
		}
		a.metrics.running.Dec()
		a.finish(c, cl, watch.Elapsed())
	}()
	if err := c.Next(); err != nil {
		return a.fiberError(c, err)
	}
	return nil
}

func (a *API) finish(c *fiber.Ctx, cl *call, took time.Duration) {
	if a.draining.Load() {
		c.Response().SetConnectionClose()
	}
	sent := c.Response().Header.ContentLength()
	if !c.Response().IsBodyStream() { // asking a stream for its body would read it into memory
		compress(c)
		sent = len(c.Response().Body())
	}
	status := c.Response().StatusCode()
	a.metrics.observe(c.Method(), cl.route, status, took)
	level := slog.LevelInfo
	attrs := []slog.Attr{
		slog.String("id", cl.id), slog.String("method", c.Method()), slog.String("path", c.Path()),
		slog.Int("status", status), slog.Float64("ms", float64(took.Microseconds())/1000),
		slog.Int("bytes", sent), slog.String("address", cl.address),
	}
	if cl.actor.AccountID != "" {
		attrs = append(attrs, slog.String("account", cl.actor.AccountID))
	}
	if cl.cause != nil {
		level = slog.LevelError
		attrs = append(attrs, slog.String("error", cl.cause.Error()))
	}
	a.Log.LogAttrs(c.UserContext(), level, "request", attrs...)
}

// compressFrom is the size of an answer, in bytes, from which gzip is worth its time. Answers that
// carry a secret (the CSRF token) are smaller.
const compressFrom = 4 << 10

func compress(c *fiber.Ctx) {
	response := c.Response()
	body := response.Body()
	if len(body) < compressFrom || len(response.Header.ContentEncoding()) > 0 ||
		!strings.HasPrefix(string(response.Header.ContentType()), "application/json") ||
		!c.Request().Header.HasAcceptEncoding("gzip") {
		return
	}
	response.SetBodyRaw(fasthttp.AppendGzipBytesLevel(nil, body, fasthttp.CompressBestSpeed))
	response.Header.SetContentEncoding("gzip")
	response.Header.Add(fiber.HeaderVary, fiber.HeaderAcceptEncoding)
}

// watching is how long one answer with a file may take: a video is fetched as it is watched.
const watching = 4 * time.Hour

// headerReceived gives the paths that take files more room and time than the others, and those that give them more time.
func (a *API) headerReceived(header *fasthttp.RequestHeader) fasthttp.RequestConfig {
	path, _, _ := strings.Cut(string(header.RequestURI()), "?")
	for _, pattern := range a.uploads {
		if matches(pattern, path) {
			return fasthttp.RequestConfig{MaxRequestBodySize: uploadLimit, ReadTimeout: uploadTimeout}
		}
	}
	if strings.HasPrefix(path, FilesPath) {
		return fasthttp.RequestConfig{WriteTimeout: watching}
	}
	return fasthttp.RequestConfig{}
}

func matches(pattern, path string) bool {
	for pattern != "" {
		segment, rest, more := strings.Cut(strings.TrimPrefix(pattern, "/"), "/")
		got, left, moreGot := strings.Cut(strings.TrimPrefix(path, "/"), "/")
		if more != moreGot || got == "" || segment != got && !strings.HasPrefix(segment, "{") {
			return false
		}
		pattern, path = rest, left
	}
	return true
}
