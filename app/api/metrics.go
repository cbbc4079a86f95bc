package api

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics counts requests by route template and status. No label names a person.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
	running  prometheus.Gauge
	routes   sync.Map // routeKey -> observed
}

type routeKey struct {
	method, route string
	status        int
}

type observed struct {
	count    prometheus.Counter
	duration prometheus.Observer
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "qiming_http_requests_total", Help: "Requests by route template and status.",
		}, []string{"method", "route", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "qiming_http_request_duration_seconds", Help: "Time to answer by route template.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"method", "route"}),
		running: prometheus.NewGauge(prometheus.GaugeOpts{Name: "qiming_http_requests_running", Help: "Requests being answered."}),
	}
	m.registry.MustRegister(m.requests, m.duration, m.running,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) observe(method, route string, status int, took time.Duration) {
	key := routeKey{method, route, status}
	found, ok := m.routes.Load(key)
	if !ok {
		found, _ = m.routes.LoadOrStore(key, observed{
			count:    m.requests.WithLabelValues(method, route, strconv.Itoa(status)),
			duration: m.duration.WithLabelValues(method, route),
		})
	}
	o := found.(observed)
	o.count.Inc()
	o.duration.Observe(took.Seconds())
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// serve shows the metrics to the machine and its private network only, and never through a proxy.
func (m *metrics) serve() fiber.Handler {
	show := adaptor.HTTPHandler(m.handler())
	return func(c *fiber.Ctx) error {
		peer := peerAddress(c)
		if c.Get("X-Forwarded-For") != "" || !(peer.IsLoopback() || peer.IsPrivate()) {
			return fiber.NewError(http.StatusNotFound)
		}
		return show(c)
	}
}
