package rehearse

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Latency are percentiles of one kind of request, in milliseconds, as the taker saw them.
type Latency struct {
	N   int     `json:"n"`
	P50 float64 `json:"p50"`
	P95 float64 `json:"p95"`
	P99 float64 `json:"p99"`
	Max float64 `json:"max"`
}

// Report is the outcome of a rehearsal.
type Report struct {
	Takers       int                `json:"takers"`
	Completed    int                `json:"completed"`     // takers whose hand-in was acknowledged
	Requests     int                `json:"requests"`      // start, save and submit that succeeded
	Errors       int                `json:"errors"`        // requests that failed for good, of every phase
	LostAnswers  int                `json:"lost_answers"`  // acknowledged, but absent or different afterwards
	Retries      int                `json:"retries"`       // repeats after a dead server (--retry)
	Throttled    int                `json:"throttled"`     // waits for a rate limit
	DurationS    float64            `json:"duration_s"`    // of the phase from first start to last hand-in
	RateRPS      float64            `json:"rate_rps"`      // Requests / DurationS
	LatencyMS    map[string]Latency `json:"latency_ms"`    // by sign_in, start, save, submit, read_back
	ErrorSamples []string           `json:"error_samples"` // up to five different ones

	// Of the server, when it is on this machine: CPU over start, save and submit; the largest resident memory.
	CPUMSPerRequest *float64 `json:"server_cpu_ms_per_request,omitempty"`
	RSSMiB          *float64 `json:"server_rss_mib,omitempty"`
}

// OK says whether nothing was lost, nothing failed and everybody handed in.
func (r *Report) OK() bool {
	return r.LostAnswers == 0 && r.Errors == 0 && r.Completed == r.Takers
}

// Print writes the report for people.
func (r *Report) Print(w io.Writer) {
	fmt.Fprintf(w, "takers %d, completed %d, errors %d, lost answers %d", r.Takers, r.Completed, r.Errors, r.LostAnswers)
	fmt.Fprintf(w, ", retries %d, throttled %d\n", r.Retries, r.Throttled)
	fmt.Fprintf(w, "%d requests in %.1f s: %.1f/s\n", r.Requests, r.DurationS, r.RateRPS)
	fmt.Fprintf(w, "%-10s %8s %9s %9s %9s %9s\n", "ms", "n", "p50", "p95", "p99", "max")
	for _, op := range []operation{opSignIn, opStart, opSave, opSubmit, opRead} {
		if l, ok := r.LatencyMS[string(op)]; ok {
			fmt.Fprintf(w, "%-10s %8d %9.2f %9.2f %9.2f %9.2f\n", op, l.N, l.P50, l.P95, l.P99, l.Max)
		}
	}
	if r.CPUMSPerRequest != nil {
		fmt.Fprintf(w, "server: %.3f ms CPU a request, %.0f MiB resident at most\n", *r.CPUMSPerRequest, *r.RSSMiB)
	}
	for _, s := range r.ErrorSamples {
		fmt.Fprintln(w, "error:", s)
	}
}

// tally counts requests as they end.
type tally struct {
	retries, throttled atomic.Int64

	mu      sync.Mutex
	times   map[operation][]time.Duration
	failed  int
	samples []string
}

func newTally() *tally { return &tally{times: map[operation][]time.Duration{}} }

func (t *tally) ok(op operation, d time.Duration) {
	t.mu.Lock()
	t.times[op] = append(t.times[op], d)
	t.mu.Unlock()
}

func (t *tally) fail(op operation, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.failed++
	s := string(op) + ": " + err.Error()
	if len(t.samples) < 5 && !slices.Contains(t.samples, s) {
		t.samples = append(t.samples, s)
	}
}

func (t *tally) report(cfg Config, takers []*taker, took time.Duration, use usage, lost, unread int) *Report {
	r := &Report{
		Takers: cfg.Takers, LostAnswers: lost, Errors: t.failed, DurationS: round(took.Seconds()),
		Retries: int(t.retries.Load()), Throttled: int(t.throttled.Load()),
		LatencyMS: map[string]Latency{}, ErrorSamples: t.samples,
	}
	if r.ErrorSamples == nil {
		r.ErrorSamples = []string{}
	}
	for _, k := range takers {
		if k.done {
			r.Completed++
		}
	}
	for op, times := range t.times {
		r.LatencyMS[string(op)] = percentiles(times)
		if op == opStart || op == opSave || op == opSubmit {
			r.Requests += len(times)
		}
	}
	if unread > 0 {
		r.Errors = max(r.Errors, unread)
	}
	if took > 0 {
		r.RateRPS = round(float64(r.Requests) / took.Seconds())
	}
	if use.known && r.Requests > 0 {
		cpu, rss := round(use.cpuSeconds*1000/float64(r.Requests)), round(use.rssMiB)
		r.CPUMSPerRequest, r.RSSMiB = &cpu, &rss
	}
	return r
}

// percentiles are by nearest rank.
func percentiles(times []time.Duration) Latency {
	slices.Sort(times)
	at := func(p float64) float64 {
		i := min(int(p*float64(len(times))), len(times)-1)
		return round(float64(times[i]) / float64(time.Millisecond))
	}
	return Latency{N: len(times), P50: at(0.50), P95: at(0.95), P99: at(0.99), Max: at(1)}
}

func round(x float64) float64 { return float64(int64(x*1000+0.5)) / 1000 }
