package rehearse

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// usage is what the server spent during a phase.
type usage struct {
	known      bool // false where the server is elsewhere or tells nothing
	cpuSeconds float64
	rssMiB     float64 // the largest seen
}

// meter reads the server's own process figures from /metrics once a second.
type meter struct {
	c      *client
	cancel context.CancelFunc
	done   sync.WaitGroup

	begun, last float64 // CPU seconds
	before      float64 // of earlier processes, when the server was restarted in between
	rss         float64
	seen        bool
}

// watchServer starts metering; where there is not just one server, on this machine, it gives a meter that knows nothing.
func watchServer(ctx context.Context, c *client) *meter {
	ctx, cancel := context.WithCancel(ctx)
	m := &meter{c: c, cancel: cancel}
	if len(c.bases) > 1 || !local(c.bases[0]) {
		return m
	}
	m.sample(ctx)
	m.begun = m.last
	m.done.Add(1)
	go func() {
		defer m.done.Done()
		for sleep(ctx, time.Second) {
			m.sample(ctx)
		}
	}()
	return m
}

func (m *meter) stop() usage {
	m.cancel()
	m.done.Wait()
	if !m.seen {
		return usage{}
	}
	m.sample(context.Background())
	return usage{known: true, cpuSeconds: m.before + m.last - m.begun, rssMiB: m.rss / (1 << 20)}
}

func (m *meter) sample(ctx context.Context) {
	cpu, rss, ok := m.read(ctx)
	if !ok {
		return
	}
	if m.seen && cpu < m.last { // restarted: the count began anew
		m.before += m.last
	}
	m.seen, m.last, m.rss = true, cpu, max(m.rss, rss)
}

func (m *meter) read(ctx context.Context) (cpu, rss float64, ok bool) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, m.c.bases[0]+"/metrics", nil)
	if err != nil {
		return 0, 0, false
	}
	res, err := m.c.http.Do(req)
	if err != nil {
		return 0, 0, false
	}
	defer res.Body.Close()
	lines := bufio.NewScanner(res.Body)
	for lines.Scan() {
		name, value, _ := strings.Cut(lines.Text(), " ")
		switch name {
		case "process_cpu_seconds_total":
			cpu, err = strconv.ParseFloat(value, 64)
			ok = err == nil
		case "process_resident_memory_bytes":
			rss, _ = strconv.ParseFloat(value, 64)
		}
	}
	return cpu, rss, ok
}

func local(base string) bool {
	u, err := url.Parse(base)
	if err != nil {
		return false
	}
	if u.Hostname() == "localhost" {
		return true
	}
	ip := net.ParseIP(u.Hostname())
	return ip != nil && ip.IsLoopback()
}
