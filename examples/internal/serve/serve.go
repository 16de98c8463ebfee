// Package serve runs the web servers of the example programs: on loopback unless
// told otherwise, with time-outs and limits, until the program is interrupted.
package serve

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// ErrExposed is returned for an address that other machines can reach.
var ErrExposed = errors.New("the address is not on loopback: the test platform and its invented people are not for other machines; -expose overrides this")

// Listen opens addr, such as 127.0.0.1:8088, after checking that it is on
// loopback. With expose any address will do. Port 0 picks a free one.
func Listen(addr string, expose bool) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	if tcp, ok := l.Addr().(*net.TCPAddr); !expose && (!ok || !tcp.IP.IsLoopback()) {
		l.Close()
		return nil, ErrExposed
	}
	return l, nil
}

// Run answers requests until ctx ends, and then gives those under way five
// seconds to finish.
func Run(ctx context.Context, l net.Listener, h http.Handler) error {
	s := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       20 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    32 << 10,
	}
	done := make(chan error, 1)
	go func() { done <- s.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	err := s.Shutdown(grace)
	if end := <-done; !errors.Is(end, http.ErrServerClosed) {
		return end
	}
	return err
}
