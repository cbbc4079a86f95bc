package api

import (
	"log/slog"
	"syscall"
	"testing"
	"time"

	"github.com/valyala/fasthttp"
)

// BenchmarkAuthorisedGet is the price of the plumbing: one authorised request through everything
// but the network and the session's own document.
func BenchmarkAuthorisedGet(b *testing.B) {
	h := start(b, func(d *Deps) {
		d.Log = slog.New(slog.NewJSONHandler(discard{}, nil))
		d.Limits = RateLimits{}
	})
	handler := h.fiber.Handler()
	b.ReportAllocs()
	before := processorTime(b)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			var ctx fasthttp.RequestCtx
			ctx.Request.Header.SetMethod("GET")
			ctx.Request.SetRequestURI("/api/v1/bench")
			ctx.Request.Header.Set("Cookie", "qm_session=plain")
			handler(&ctx)
			if ctx.Response.StatusCode() != 200 {
				b.Fatalf("%d %s", ctx.Response.StatusCode(), ctx.Response.Body())
			}
		}
	})
	b.ReportMetric(float64((processorTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
}

// processorTime is what this process has used: the price of a request also on a busy machine.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		b.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// discard takes the log without keeping it, formatted all the same.
type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }
