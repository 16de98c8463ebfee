package ops

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// Metrics are the figures of a server. A nil one counts nothing.
type Metrics struct {
	registry *prometheus.Registry
	handler  http.Handler

	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	refused  *prometheus.CounterVec
	running  prometheus.Gauge
	store    *prometheus.HistogramVec
	failed   *prometheus.CounterVec

	mu     sync.RWMutex
	routes map[string]bool
	kinds  map[kind]figures
}

// maxRoutes bounds the routes that figures tell apart. Patterns come from the program
// and not from callers; this holds if one day they did not.
const maxRoutes = 400

// NewMetrics makes the figures: those of requests, of the store (Store), of the process
// and of the Go runtime.
func NewMetrics(version string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(), routes: map[string]bool{}, kinds: map[kind]figures{},
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "vneid_http_requests_total", Help: "Requests answered."}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "vneid_http_request_seconds", Help: "Time to answer a request.",
			Buckets: []float64{.001, .005, .025, .1, .5, 2.5}}, []string{"route"}),
		refused: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "vneid_http_refused_total", Help: "Requests and connections refused at a limit."}, []string{"limit"}),
		running: prometheus.NewGauge(prometheus.GaugeOpts{Name: "vneid_http_requests_running", Help: "Requests being answered."}),
		store: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "vneid_store_seconds", Help: "Time of a transaction of the store.",
			Buckets: []float64{.0001, .0005, .0025, .01, .05, .25, 1}}, []string{"operation"}),
		failed: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "vneid_store_errors_total", Help: "Transactions that the store could not do."}, []string{"operation"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "vneid_build_info", Help: "1; the label says which version runs.", ConstLabels: prometheus.Labels{"version": version}})
	build.Set(1)
	m.registry.MustRegister(m.requests, m.seconds, m.refused, m.running, m.store, m.failed, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	for _, op := range []string{opUpdate, opView, opSweep} { // so that a figure is there before it happens
		m.store.WithLabelValues(op)
		m.failed.WithLabelValues(op)
	}
	for _, limit := range []string{"requests", "connections"} {
		m.refused.WithLabelValues(limit)
	}
	m.handler = promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 4, Timeout: 10 * time.Second})
	return m
}

// ServeHTTP implements http.Handler.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) { m.handler.ServeHTTP(w, r) }

// Gauge is one figure that is read when somebody asks.
type Gauge struct{ Name, Help string }

// Watch adds figures that read gives when somebody asks, in the order of gauges. It is
// asked at most once a second; after an error the figures are missing.
func (m *Metrics) Watch(gauges []Gauge, read func(context.Context) ([]float64, error)) {
	w := &watch{read: read}
	for _, g := range gauges {
		w.descs = append(w.descs, prometheus.NewDesc(g.Name, g.Help, nil, nil))
	}
	m.registry.MustRegister(w)
}

// Signatures adds counters of what the platform signed and verified: what its answers
// cost at the very least.
func (m *Metrics) Signatures(read func() []platform.Operation) {
	for i, op := range read() {
		m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "vneid_signatures_total", Help: "Signatures made and checked.", ConstLabels: prometheus.Labels{"verb": op.Verb, "alg": op.Alg},
		}, func() float64 { return float64(read()[i].Count) }))
	}
}

type watch struct {
	descs []*prometheus.Desc
	read  func(context.Context) ([]float64, error)

	mu   sync.Mutex
	at   time.Time
	last []float64
}

// Describe implements prometheus.Collector.
func (w *watch) Describe(to chan<- *prometheus.Desc) {
	for _, d := range w.descs {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (w *watch) Collect(to chan<- prometheus.Metric) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if time.Since(w.at) >= time.Second {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		w.at = time.Now()
		var err error
		if w.last, err = w.read(ctx); err != nil {
			w.last = nil
		}
	}
	for i, v := range w.last {
		if i < len(w.descs) {
			to <- prometheus.MustNewConstMetric(w.descs[i], prometheus.GaugeValue, v)
		}
	}
}

func (m *Metrics) refuse(limit string) {
	if m != nil {
		m.refused.WithLabelValues(limit).Inc()
	}
}

func (m *Metrics) begin() (end func()) {
	if m == nil {
		return func() {}
	}
	m.running.Inc()
	return m.running.Dec
}

func (m *Metrics) request(r *http.Request, status int, took time.Duration) {
	if m == nil {
		return
	}
	f := m.of(kind{method(r), route(r), min(max(status/100, 1), 5)})
	f.requests.Inc()
	f.seconds.Observe(took.Seconds())
}

// kind is what figures tell requests apart by.
type kind struct {
	method, route string
	class         int // of the status
}

// figures are those of one kind of request, looked up once.
type figures struct {
	requests prometheus.Counter
	seconds  prometheus.Observer
}

func (m *Metrics) of(k kind) figures {
	m.mu.RLock()
	f, known := m.kinds[k]
	m.mu.RUnlock()
	if known {
		return f
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.routes[k.route] {
		if len(m.routes) == maxRoutes {
			k.route = "other"
		} else {
			m.routes[k.route] = true
		}
	}
	f = figures{m.requests.WithLabelValues(k.method, k.route, strconv.Itoa(k.class)+"xx"), m.seconds.WithLabelValues(k.route)}
	if k.route != "other" {
		m.kinds[k] = f
	}
	return f
}
