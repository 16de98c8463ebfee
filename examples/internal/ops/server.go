package ops

import (
	"context"
	"errors"
	"log"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// Serving says how a listener is served. Zero values are safe.
type Serving struct {
	Conns   int           // connections at a time; 0: 1024
	Drain   time.Duration // from the end of ctx until no new request is taken
	Grace   time.Duration // for those under way then; 0: 10 s
	Log     *slog.Logger  // nil: none
	Metrics *Metrics      // nil: none
}

// Run answers requests until ctx ends. Then it says so at /readyz, goes on for Drain,
// takes no more, and gives those under way Grace to finish; whoever is not finished then
// is cut off, which is an error.
func (s Serving) Run(ctx context.Context, l net.Listener, h *Handler) error {
	srv := s.server(h)
	done := make(chan error, 1)
	go func() { done <- srv.Serve(s.limit(l)) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	h.Stop()
	if s.Drain > 0 {
		wait := time.NewTimer(s.Drain)
		defer wait.Stop()
		select {
		case err := <-done:
			return err
		case <-wait.C:
		}
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), orElse(s.Grace, 10*time.Second))
	defer cancel()
	err := srv.Shutdown(grace)
	if err != nil {
		err = errors.Join(errors.New("some requests did not end in time"), srv.Close())
	}
	if end := <-done; !errors.Is(end, http.ErrServerClosed) {
		return end
	}
	return err
}

func (s Serving) server(h http.Handler) *http.Server {
	return &http.Server{
		Handler: h, ErrorLog: log.New(discreet{s.Log}, "", 0),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 20 * time.Second, WriteTimeout: 30 * time.Second,
		IdleTimeout: time.Minute, MaxHeaderBytes: 32 << 10,
	}
}

func orElse[T comparable](v, other T) T {
	var zero T
	if v == zero {
		return other
	}
	return v
}

// discreet keeps of what net/http says only what names nobody: its texts quote
// addresses of callers and what a panic was about.
type discreet struct{ log *slog.Logger }

// Write implements io.Writer.
func (d discreet) Write(text []byte) (int, error) {
	if d.log == nil {
		return len(text), nil
	}
	what := "other"
	for _, known := range []string{"http: Accept error", "http: superfluous response.WriteHeader", "http: TLS handshake error", "http: response.WriteHeader on hijacked"} {
		if strings.HasPrefix(string(text), known) {
			what = known
		}
	}
	d.log.Warn("server", "what", what)
	return len(text), nil
}

// limit bounds the connections. One too many is answered 503 and closed at once,
// instead of waiting where nobody tells it anything.
func (s Serving) limit(l net.Listener) net.Listener {
	return &limited{Listener: l, most: int64(orElse(s.Conns, 1024)), metrics: s.Metrics}
}

type limited struct {
	net.Listener
	most    int64
	open    atomic.Int64
	metrics *Metrics
}

const busy = "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 16\r\n\r\nbusy, try again\n"

// Accept implements net.Listener.
func (l *limited) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if l.open.Add(1) <= l.most {
			return &counted{Conn: c, open: &l.open}, nil
		}
		l.open.Add(-1)
		l.metrics.refuse("connections")
		_ = c.SetDeadline(time.Now().Add(50 * time.Millisecond)) // it fits any buffer
		_, _ = c.Write([]byte(busy))
		_ = c.Close()
	}
}

// counted is a connection that makes room once.
type counted struct {
	net.Conn
	open *atomic.Int64
	over atomic.Bool
}

// Close implements net.Conn.
func (c *counted) Close() error {
	if c.over.CompareAndSwap(false, true) {
		c.open.Add(-1)
	}
	return c.Conn.Close()
}
