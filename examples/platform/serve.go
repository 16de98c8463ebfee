package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ops"
	"github.com/vneid-sdk/vneid-go/examples/internal/serve"
	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/internal/personas/crowd"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// serveCmd runs the platform.
type serveCmd struct {
	stored

	Addr       string `help:"Address to listen on." default:"127.0.0.1:8088"`
	Expose     bool   `help:"Allow addresses that other machines can reach."`
	LabExposed bool   `help:"Let other machines reach the lab too: clock, defects and reset are then anybody's."`
	Issuer     string `help:"The platform's URL as browsers reach it: https, or http on loopback. If not given, http://ADDR." placeholder:"URL"`
	Portal     string `help:"Where logins of the clients of examples/portal return to." default:"http://127.0.0.1:8090/callback"`

	People int    `help:"How many generated people to begin with, beside the cast." default:"120"`
	Seed   uint64 `help:"Who they are." default:"1"`

	Metrics        string        `help:"Address for /metrics. If not given, they are at ADDR, if that is on loopback." placeholder:"HOST:PORT"`
	LogFormat      string        `help:"How the log on standard error is written: text or json." enum:"text,json" default:"text"`
	LogLevel       string        `help:"The least that is logged: info has a line for each request, warn those that failed, off nothing." enum:"info,warn,error,off" default:"info"`
	MaxRequests    int           `help:"Requests at a time; beyond it 503." default:"256"`
	MaxConnections int           `help:"Connections at a time; beyond it 503." default:"1024"`
	MaxRecords     int64         `help:"Records that strangers may cause; beyond it 503." default:"10000000"`
	Drain          time.Duration `help:"How long to go on after the signal to stop, with /readyz saying no." default:"0s"`
	Grace          time.Duration `help:"How long requests under way may take then." default:"10s"`
}

// Run implements the command.
func (c *serveCmd) Run(ctx context.Context, to output) (err error) {
	unhurried()
	l, err := serve.Listen(c.Addr, c.Expose)
	if err != nil {
		return err
	}
	defer l.Close()
	if c.Issuer == "" {
		c.Issuer = "http://" + l.Addr().String()
	}
	figures, err := c.listenFigures(l)
	if err != nil {
		return err
	}
	if figures != nil {
		defer figures.Close()
	}
	records, secret, err := c.openWithSecret(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, records.Close()) }() // with SQLite, the log goes into the file

	log, metrics := c.logger(to), ops.NewMetrics(version())
	site, err := c.site(ctx, metrics.Store(records), secret)
	if err != nil {
		return err
	}
	c.watch(metrics, site.Platform)
	h := ops.New(ops.Config{
		Requests: c.MaxRequests, Log: log, Metrics: metrics, Ready: ready(site.Platform), Figures: figures == nil && onLoopback(l),
	}, site)
	c.welcome(to.out)
	log.Info("start", "version", version(), "store", kind(c.Store))
	err = c.run(ctx, site.Platform, ops.Serving{Conns: c.MaxConnections, Drain: c.Drain, Grace: c.Grace, Log: log, Metrics: metrics}, l, h, figures)
	log.Info("stop", "clean", err == nil)
	return err
}

// unhurried lets 192 MiB of garbage gather before it is collected, unless GOGC says
// otherwise: of what a request allocates next to nothing stays.
func unhurried() {
	if os.Getenv("GOGC") == "" {
		ops.Garbage(192 << 20)
	}
}

// site makes the platform with its people and clients.
func (c *serveCmd) site(ctx context.Context, records platform.Store, secret []byte) (*web.Site, error) {
	clients, err := web.Portals(c.Portal)
	if err != nil {
		return nil, err
	}
	return web.New(ctx, web.Config{
		Issuer: c.Issuer, Clients: clients, Store: records, Secret: secret, MaxRecords: c.MaxRecords,
		People: crowd.Crowd{Seed: c.Seed}.People(0, c.People), Clock: new(platform.Clock), LabExposed: c.LabExposed,
	})
}

// run serves until ctx ends. What tells relying parties goes on until nobody can cause
// anything any more.
func (c *serveCmd) run(ctx context.Context, p *platform.Platform, s ops.Serving, l net.Listener, h *ops.Handler, figures net.Listener) error {
	beside, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	told, counted := make(chan error, 1), make(chan error, 1)
	go func() { told <- p.Work(beside) }()
	go func() {
		if figures == nil {
			counted <- nil
			return
		}
		counted <- serve.Run(beside, figures, h.Own())
	}()
	err := s.Run(ctx, l, h)
	stop()
	<-told
	return errors.Join(err, <-counted)
}

// listenFigures opens the listener of /metrics if it has one of its own.
func (c *serveCmd) listenFigures(main net.Listener) (net.Listener, error) {
	if c.Metrics == "" {
		return nil, nil
	}
	l, err := serve.Listen(c.Metrics, c.Expose)
	if err != nil {
		return nil, fmt.Errorf("-metrics: %w", err)
	}
	return l, nil
}

// watch adds the figures of the engine.
func (c *serveCmd) watch(m *ops.Metrics, p *platform.Platform) {
	m.Signatures(p.Operations)
	m.Watch([]ops.Gauge{
		{Name: "vneid_audit_sequence", Help: "Number of the audit log's last entry."},
		{Name: "vneid_calls_waiting", Help: "Calls to relying parties that are still to be made; counted up to 1000."},
		{Name: "vneid_calls_overdue_seconds", Help: "How long the first of them has been due."},
	}, func(ctx context.Context) ([]float64, error) {
		g, err := p.Gauges(ctx)
		return []float64{float64(g.AuditSeq), float64(g.Waiting), g.Overdue.Seconds()}, err
	})
}

// ready asks the store. Schema and keys are there since the platform was made.
func ready(p *platform.Platform) func(context.Context) error {
	return func(ctx context.Context) error {
		if _, err := p.Gauges(ctx); err != nil {
			return errors.New("the store does not answer") // the cause is not for strangers
		}
		return nil
	}
}

func (c *serveCmd) logger(to output) *slog.Logger {
	levels := map[string]slog.Level{"info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
	o := &slog.HandlerOptions{Level: levels[c.LogLevel]}
	switch {
	case c.LogLevel == "off":
		return slog.New(slog.DiscardHandler)
	case c.LogFormat == "json":
		return slog.New(slog.NewJSONHandler(to.log, o))
	}
	return slog.New(slog.NewTextHandler(to.log, o))
}

// kind is which sort of store a URL names: the rest may hold a password.
func kind(store string) string {
	if u, err := url.Parse(store); err == nil && u.Scheme != "" {
		return u.Scheme
	}
	return "sqlite"
}

func onLoopback(l net.Listener) bool {
	at, ok := l.Addr().(*net.TCPAddr)
	return ok && at.IP.IsLoopback()
}
