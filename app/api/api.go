package api

import (
	"context"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humafiber"
	"github.com/gofiber/fiber/v2"

	"qiming/internal/ident"
	"qiming/internal/keyring"
	"qiming/policies"
)

// Identity is who holds a session.
type Identity struct {
	Actor      policies.Actor // Address and Scope are filled by this package
	MustChange bool           // the password must be changed before anything else
}

// Sessions says who holds a session token; fault.Unauthenticated where nobody does.
type Sessions interface {
	Authenticate(ctx context.Context, token, address string) (Identity, error)
}

// Store is what the readiness probe asks.
type Store interface {
	Ping(ctx context.Context) error
}

// Deps is what the API stands on.
type Deps struct {
	Log      *slog.Logger
	Clock    ident.Clock
	Keys     *keyring.Ring
	Policies *policies.Authorizer
	Sessions Sessions
	Store    Store
	Client   fs.FS          // the built client: index.html, assets/, docs/; or only the page that says it is missing
	Proxies  []string       // addresses or networks of trusted reverse proxies
	Limits   RateLimits     // requests per second
	Zone     *time.Location // the organisation's
	Version  string
	Demo     bool
	Files    string // origin that serves files to browsers directly; "" = none

	Services
}

// API is the HTTP side of the application.
type API struct {
	Deps

	fiber    *fiber.App
	huma     huma.API
	routes   []Route
	uploads  []string // paths (with {params}) that take large bodies
	limits   *limiter
	metrics  *metrics
	proxies  proxies
	policy   string                 // of content, for browsers
	document func() ([]byte, error) // the OpenAPI document, rendered once, when it is first asked for
	draining atomic.Bool
	closing  chan struct{} // closed when the server stops: streams end
}

const (
	prefix = "/api/v1"

	bodyLimit   = 1 << 20  // bytes of a request body
	uploadLimit = 32 << 20 // bytes of an uploaded file with its form

	requestTimeout = 30 * time.Second
	uploadTimeout  = 5 * time.Minute
)

// New builds the whole interface; it does not listen yet.
func New(deps Deps) (*API, error) { return build(deps, (*API).table) }

func build(deps Deps, table func(*API)) (*API, error) {
	trusted, err := parseProxies(deps.Proxies)
	if err != nil {
		return nil, err
	}
	a := &API{Deps: deps, proxies: trusted, metrics: newMetrics(), closing: make(chan struct{}), policy: contentPolicy(deps.Files)}
	a.limits = newLimiter(deps.Limits, deps.Clock)
	a.fiber = fiber.New(fiber.Config{
		AppName:               "qiming",
		Immutable:             true, // Fiber reuses its buffers; handlers keep strings
		UnescapePath:          true, // ids like "quiz:member:1" come with %3A from encodeURIComponent
		DisableStartupMessage: true,
		BodyLimit:             bodyLimit,
		ReadTimeout:           requestTimeout,
		WriteTimeout:          uploadTimeout,
		IdleTimeout:           75 * time.Second,
		ReadBufferSize:        16 << 10, // headers
		ReduceMemoryUsage:     true,     // a waiting connection holds no buffers: most wait most of the time
		ErrorHandler:          a.fiberError,
		RequestMethods:        []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"},
	})
	a.fiber.Server().HeaderReceived = a.headerReceived
	a.fiber.Use(a.trace, a.headers)
	a.probes()

	a.huma = humafiber.New(a.fiber, a.humaConfig())
	table(a)
	a.finishDocument()
	a.fiber.Use(prefix, a.unknownRoute)
	return a, a.serveClient()
}

// Serve answers requests from the listener until Shutdown.
func (a *API) Serve(ln net.Listener) error { return a.fiber.Listener(ln) }

// Shutdown stops accepting, lets running requests finish, and returns when they have or ctx ends.
func (a *API) Shutdown(ctx context.Context) error {
	if !a.draining.Swap(true) {
		close(a.closing)
	}
	return a.fiber.ShutdownWithContext(ctx)
}

// Document gives the OpenAPI 3.1 document as JSON.
func (a *API) Document() ([]byte, error) { return a.document() }

// Metrics shows the metrics, for the private listener.
func (a *API) Metrics() http.Handler { return a.metrics.handler() }

// Routes gives the route table in its order.
func (a *API) Routes() []Route { return a.routes }
