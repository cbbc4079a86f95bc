package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"qiming/app/account"
	"qiming/app/api"
	"qiming/app/web"
	"qiming/internal/fault"
	"qiming/internal/ident"
	"qiming/internal/keyring"
	"qiming/internal/store"
	"qiming/media"
	"qiming/policies"
)

// Deps is what an application does not make itself.
type Deps struct {
	Clock    ident.Clock
	Log      *slog.Logger
	Version  string
	Accounts account.Settings // rules of sign-in; account.DefaultSettings but in tests
}

// App is the application: open after New, serving during Run, gone after Close.
type App struct {
	Config
	api.Services

	Keys     *keyring.Ring
	Files    media.Bucket
	Policies *policies.Authorizer
	API      *api.API

	deps      Deps
	db        *store.DB
	installed store.Collection[installation]
	zone      *time.Location
	ln        net.Listener
}

// keyFile holds the server's secret, in the data directory.
const keyFile = "key"

// New opens the data and puts the services together. It does not listen: commands that only work on
// the data stop here. Several processes may have the same data open at once.
func New(ctx context.Context, config Config, deps Deps) (*App, error) {
	a := &App{Config: config, deps: deps}
	if err := a.open(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *App) open(ctx context.Context) (err error) {
	if err := os.MkdirAll(a.Data, 0o700); err != nil {
		return fmt.Errorf("the data directory cannot be made: %w", err)
	}
	if a.zone, err = a.Place.zone(); err != nil {
		return err
	}
	fresh := false // the key file
	if a.Key != "" {
		a.Keys, err = keyring.Parse(a.Key)
	} else {
		path := filepath.Join(a.Data, keyFile)
		_, missing := os.Lstat(path)
		fresh = errors.Is(missing, fs.ErrNotExist)
		a.Keys, err = keyring.Open(path)
	}
	if err != nil {
		return err
	}
	if a.Policies, err = policies.New(); err != nil {
		return err
	}
	if a.Files, err = media.Open(ctx, a.media()); err != nil {
		return err
	}
	if a.db, err = store.Open(ctx, a.database(), a.deps.Clock); err != nil {
		return err
	}
	a.services()
	a.defineInstallation()
	if err = a.startStore(ctx); err != nil {
		return err
	}
	if err = a.checkKey(ctx, fresh); err != nil {
		return err
	}
	a.API, err = api.New(api.Deps{
		Log: a.deps.Log, Clock: a.deps.Clock, Keys: a.Keys, Policies: a.Policies, Sessions: sessions{a.Accounts}, Store: a.db,
		Client: web.Files(), Proxies: a.Proxies, Zone: a.zone, Version: a.deps.Version, Demo: a.Demo, Services: a.Services,
		Files:  media.PublicOrigin(a.media()),
		Limits: api.RateLimits{Account: a.RateAccount, Address: a.RateAddress},
	})
	return err
}

// startStore waits a little for a database that is starting itself, or that several processes of ours
// prepare at once.
func (a *App) startStore(ctx context.Context) error {
	const tries = 5
	for try := 1; ; try++ {
		err := a.db.Start(ctx)
		if !fault.Is(err, fault.Unavailable) || try == tries {
			return err
		}
		a.deps.Log.Warn("the database is not ready", "try", try, "error", err)
		select {
		case <-ctx.Done():
			return err
		case <-time.After(time.Second):
		}
	}
}

// Listen binds the address, so that a port in use is an error before anything else happens, and
// gives the URL of the server.
func (a *App) Listen(ctx context.Context) (url string, err error) {
	var lc net.ListenConfig
	if a.ln, err = lc.Listen(ctx, "tcp", a.Config.Listen); err != nil {
		return "", fmt.Errorf("cannot listen on %s: %w", a.Config.Listen, err)
	}
	return address(a.ln), nil
}

// address gives a URL that works on this machine.
func address(ln net.Listener) string {
	host, port, err := net.SplitHostPort(ln.Addr().String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// Run serves until ctx ends, then stops in order: no new connections, running requests finish, jobs
// end, the trail is written out. Listen must have been called. Close still closes the data.
func (a *App) Run(ctx context.Context) error {
	if err := a.Trail.Ready(ctx); err != nil {
		return err
	}
	private, err := a.startPrivate(ctx)
	if err != nil {
		return err
	}
	jobs, stopJobs := context.WithCancel(context.WithoutCancel(ctx)) // jobs outlive the requests
	defer stopJobs()
	var g errgroup.Group
	failed, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	g.Go(func() error {
		err := a.API.Serve(a.ln)
		fail(err)
		return err
	})
	g.Go(func() error { return a.Jobs.Run(jobs) })
	g.Go(func() error { return a.Exams.Boards.Run(jobs) })
	g.Go(func() error { return a.Media.Run(jobs) })
	g.Go(func() error { return a.Finder.Run(jobs) })
	g.Go(func() error { // ffmpeg is asked, and may take seconds to answer
		if films, err := a.Media.Films(jobs); err == nil && films.Problem != "" && jobs.Err() == nil {
			a.deps.Log.Warn("videos play as they are uploaded: there is no ffmpeg that serves", "problem", films.Problem)
		}
		return nil
	})
	a.deps.Log.Info("serving", "address", a.ln.Addr().String(), "version", a.deps.Version)

	<-failed.Done()

	a.deps.Log.Info("stopping", "reason", fmt.Sprint(context.Cause(failed)))
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.Drain)
	defer cancel()
	stopped := a.API.Shutdown(drain)
	stopJobs()
	err = errors.Join(stopped, g.Wait(), a.Trail.Close(drain), private(drain))
	a.deps.Log.Info("stopped")
	return err
}

// Close closes the data. Call it once nothing runs any more.
func (a *App) Close() error {
	if a.db == nil {
		return nil
	}
	db := a.db
	a.db = nil
	return db.Close()
}

// Document gives the OpenAPI document, without any data.
func Document(version string) ([]byte, error) {
	authorizer, err := policies.New()
	if err != nil {
		return nil, err
	}
	a, err := api.New(api.Deps{
		Log: slog.New(slog.DiscardHandler), Clock: ident.System{}, Policies: authorizer, Client: web.Files(), Zone: time.UTC, Version: version,
	})
	if err != nil {
		return nil, err
	}
	return a.Document()
}
