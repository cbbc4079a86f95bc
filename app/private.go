package app

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"time"
)

// startPrivate serves profiling on its own listener, where the operator asked for one. It gives
// the function that stops it.
func (a *App) startPrivate(ctx context.Context) (stop func(context.Context) error, err error) {
	if a.Private == "" {
		return func(context.Context) error { return nil }, nil
	}
	var lc net.ListenConfig
	ln, err := lc.Listen(ctx, "tcp", a.Private)
	if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", a.Private, err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	mux.Handle("/metrics", a.API.Metrics())
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := server.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			a.deps.Log.Error("private listener", "error", err)
		}
	}()
	return server.Shutdown, nil
}
