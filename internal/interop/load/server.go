package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// What the two processes agree on.
const (
	clientID  = "load"
	clientKid = "load-key"
	callback  = "https://rp.example/callback"
	scopes    = "openid profile vneid:id"
)

// serve is the other process: the platform's engine in memory, behind an http.Server
// with the limits of the real program. Its argument is the client's key set. The first
// line that it prints is its issuer and where its counters are.
func serve(keys string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	counters, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	p, err := platform.New(platform.Config{Issuer: "http://" + l.Addr().String()})
	if err != nil {
		return err
	}
	if err := p.Seed(ctx); err != nil {
		return err
	}
	if err := p.Register(ctx, platform.Client{
		ID: clientID, Name: "Load", Class: "state", Profile: platform.FAPI2, Keys: json.RawMessage(keys),
		RedirectURIs: []string{callback}, Scopes: []string{"profile", "vneid:id"}, SkipConsent: true,
	}); err != nil {
		return err
	}
	s := &http.Server{
		Handler: p.Handler(), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 20 * time.Second,
		WriteTimeout: 30 * time.Second, IdleTimeout: time.Minute, MaxHeaderBytes: 32 << 10,
	}
	go s.Serve(l)
	side := http.NewServeMux()
	side.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { json.NewEncoder(w).Encode(p.Operations()) })
	side.HandleFunc("GET /profile", pprof.Profile) // ?seconds=
	side.HandleFunc("GET /allocs", pprof.Handler("allocs").ServeHTTP)
	go http.Serve(counters, side)
	fmt.Printf("http://%s %s\n", l.Addr(), counters.Addr())
	<-ctx.Done()
	return nil
}
