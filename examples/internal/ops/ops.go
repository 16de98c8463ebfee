// Package ops is what a server needs around its pages to be run by somebody: limits,
// health, figures, and a log. It knows nothing of what is served.
//
//	GET /healthz   200 while the process answers at all
//	GET /readyz    200 while Config.Ready agrees, 503 while it does not and once the
//	               server has begun to stop
//	GET /metrics   figures in the text format of Prometheus, if Config.Figures is set
//
// None of the three counts against the limits, is logged, or needs the site's host
// name: those who ask know the address and nothing else.
//
// # What is never written down
//
// The log has a line for each request: a number of our own, method, the pattern of the
// route, status, time taken, bytes answered. Neither it nor the figures ever hold a path,
// a query, a header, an address of a caller, or what a panic was about: paths carry
// tokens and numbers, and addresses are personal data. Of a pattern there are as many as
// routes, of a method seven, of a status five classes, so that no caller can make a
// figure grow.
//
// # Limits
//
// Config.Requests at a time, beyond them 503 at once with Retry-After; Config.Body bytes
// of a body; Config.Time for each request; Listen has the connections.
package ops

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"strings"
	"time"
)

// Config says how requests are served. Zero values are safe.
type Config struct {
	Requests int           // at a time; 0: 256
	Body     int64         // bytes; 0: 1 MiB
	Time     time.Duration // for one request; 0: 25 s

	Log     *slog.Logger // nil: none
	Metrics *Metrics     // nil: none

	// Ready says why requests cannot be answered now, in constant words; nil: they can.
	Ready func(context.Context) error

	// Figures serves /metrics here. Without it a listener of its own can: Metrics.
	Figures bool
}

// Handler serves a site.
type Handler struct {
	cfg   Config
	site  http.Handler
	own   *http.ServeMux
	asked map[string]bool // the paths of own
	slots chan struct{}
	gone  chan struct{} // closed when the server stops
}

// New puts a site behind limits, health, figures and the log.
func New(cfg Config, site http.Handler) *Handler {
	if cfg.Requests == 0 {
		cfg.Requests = 256
	}
	if cfg.Body == 0 {
		cfg.Body = 1 << 20
	}
	if cfg.Time == 0 {
		cfg.Time = 25 * time.Second
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	h := &Handler{cfg: cfg, site: site, own: http.NewServeMux(), slots: make(chan struct{}, cfg.Requests), gone: make(chan struct{})}
	h.asked = map[string]bool{"/healthz": true, "/readyz": true}
	h.own.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok") })
	h.own.HandleFunc("GET /readyz", h.ready)
	if cfg.Figures && cfg.Metrics != nil {
		h.own.Handle("GET /metrics", cfg.Metrics)
		h.asked["/metrics"] = true
	}
	return h
}

// Own serves health and figures alone, for a listener of their own.
func (h *Handler) Own() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", h.own)
	if h.cfg.Metrics != nil {
		mux.Handle("GET /metrics", h.cfg.Metrics)
	}
	return mux
}

// Stop makes /readyz say no from now on, so that nobody sends more.
func (h *Handler) Stop() {
	select {
	case <-h.gone:
	default:
		close(h.gone)
	}
}

// patience is how long readiness may take to find out.
const patience = 2 * time.Second

func (h *Handler) ready(w http.ResponseWriter, r *http.Request) {
	select {
	case <-h.gone:
		say(w, http.StatusServiceUnavailable, "stopping")
		return
	default:
	}
	if h.cfg.Ready != nil {
		ctx, cancel := context.WithTimeout(r.Context(), patience)
		defer cancel()
		if err := h.cfg.Ready(ctx); err != nil {
			say(w, http.StatusServiceUnavailable, err.Error())
			return
		}
	}
	say(w, http.StatusOK, "ready")
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	fmt.Fprintln(w, text)
}

// ServeHTTP implements http.Handler.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.asked[r.URL.Path] {
		h.own.ServeHTTP(w, r)
		return
	}
	began, id := time.Now(), number()
	out := &answer{ResponseWriter: w}
	out.Header().Set("X-Request-Id", id)
	ctx := &within{Context: r.Context(), until: began.Add(h.cfg.Time)}
	defer ctx.end()
	r = r.WithContext(ctx) // of ours, so that the muxes inside write the pattern into it
	defer h.note(r, out, id, began)
	select {
	case h.slots <- struct{}{}:
		defer func() { <-h.slots }()
	default:
		h.cfg.Metrics.refuse("requests")
		out.Header().Set("Retry-After", "1")
		say(out, http.StatusServiceUnavailable, "busy, try again")
		return
	}
	defer h.cfg.Metrics.begin()()
	r.Body = http.MaxBytesReader(out, r.Body, h.cfg.Body)
	h.site.ServeHTTP(out, r)
}

// note writes down how a request ended. A panic ends here: what it was about could be
// anybody's data, so that only its type and the place are kept.
func (h *Handler) note(r *http.Request, out *answer, id string, began time.Time) {
	what := recover()
	if what == http.ErrAbortHandler { // the answer is broken off on purpose
		defer panic(what)
	} else if what != nil {
		if out.status == 0 {
			out.Header().Set("Connection", "close")
			say(out, http.StatusInternalServerError, "internal error "+id)
		}
		h.cfg.Log.Error("panic", "id", id, "route", route(r), "type", fmt.Sprintf("%T", what), "at", place())
	}
	if out.status == 0 {
		out.status = http.StatusOK
	}
	took := time.Since(began)
	h.cfg.Metrics.request(r, out.status, took)
	level := slog.LevelInfo
	if out.status >= 500 {
		level = slog.LevelWarn
	}
	if ctx := context.WithoutCancel(r.Context()); h.cfg.Log.Enabled(ctx, level) {
		h.cfg.Log.LogAttrs(ctx, level, "request", slog.String("id", id), slog.String("method", method(r)), slog.String("route", route(r)),
			slog.Int("status", out.status), slog.Float64("ms", float64(took.Microseconds())/1000), slog.Int64("bytes", out.bytes))
	}
}

// number is what a request is called in the log and to the caller.
func number() string {
	var b [8]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// route is the pattern that fitted, without its method.
func route(r *http.Request) string {
	pattern := r.Pattern
	if i := strings.IndexByte(pattern, '/'); i > 0 {
		pattern = pattern[i:]
	}
	if pattern == "" || pattern == "/" {
		return "none"
	}
	return pattern
}

// method is one of those that are served, or another.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "other"
}

// place is where a panic began: functions and lines, no values.
func place() (at []string) {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(4, pcs[:])])
	for len(at) < 8 {
		f, more := frames.Next()
		if !strings.HasPrefix(f.Function, "runtime.") && f.Function != "" {
			at = append(at, fmt.Sprintf("%s:%d", f.Function, f.Line))
		}
		if !more {
			break
		}
	}
	return at
}

// answer counts what is answered.
type answer struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader implements http.ResponseWriter.
func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= 200 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(b)
	a.bytes += int64(n)
	return n, err
}

// Unwrap is for http.ResponseController.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
