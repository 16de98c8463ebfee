package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/vneid-sdk/vneid-go/examples/internal/serve"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/examples/internal/verdict"
	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// row is one line of the table.
type row struct {
	Evidence ui.Text
	Verdict  verdict.Verdict
	Proof    ui.Text // what proves it, or what was looked at
	About    ui.Text // who, masked; empty where nothing was proven
	Err      error   // the refusal
}

// chapter is one piece of evidence and what has to come of it.
type chapter struct {
	name string
	want error // the kind of the refusal; nil: verified or, for card text, read
	tell func(context.Context) (row, error)
}

// tell runs every chapter. It returns the rows so far with the first surprise.
func tell(ctx context.Context) ([]row, error) {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	w, err := newWorld(ctx)
	if err != nil {
		return nil, err
	}
	defer w.wait()
	defer stop()
	return play(ctx, []chapter{
		{"login", nil, w.logIn},
		{"fresh code", nil, w.freshCode},
		{"the same code again", vneid.ErrReplayed, w.usedCode},
		{"photo of a card", nil, w.photo},
		{"chip of a card", nil, w.chip},
		{"data request", nil, w.dataRequest},
		{"card text", nil, w.cardText},
		{"forged code", vneid.ErrSignature, w.forgedCode},
		{"expired code", vneid.ErrExpired, w.expiredCode},
		{"code of a stranger", vneid.ErrUntrusted, w.strangersCode},
		{"copy of the chip", vneid.ErrUntrusted, w.copiedChip},
		{"the answer at another party", vneid.ErrMismatch, w.elsewhere},
		{"a citizen who declines", vneid.ErrDenied, w.declined},
	})
}

// play runs chapters up to the first that comes out otherwise than it must.
func play(ctx context.Context, chapters []chapter) ([]row, error) {
	var rows []row
	for _, c := range chapters {
		r, err := c.tell(ctx)
		if err != nil {
			return rows, fmt.Errorf("%s: %w", c.name, err)
		}
		if c.want == nil && r.Err != nil {
			return rows, fmt.Errorf("%s was refused: %w", c.name, r.Err)
		}
		if c.want != nil && !errors.Is(r.Err, c.want) {
			return rows, fmt.Errorf("%s should have been refused as %q, got %v", c.name, c.want, r.Err)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// world is the platform and the relying party, each on its own loopback port.
type world struct {
	site  *web.Site
	party *party
	ended []chan error
	codes *qr.Verifier // remembers which codes were used
	code  string       // the fresh code, to be shown twice

	evidence share.Evidence // of the data request
}

func newWorld(ctx context.Context) (*world, error) {
	forPlatform, err := serve.Listen("127.0.0.1:0", false)
	if err != nil {
		return nil, err
	}
	forParty, err := serve.Listen("127.0.0.1:0", false)
	if err != nil {
		return nil, errors.Join(err, forPlatform.Close())
	}
	issuer, home := "http://"+forPlatform.Addr().String(), "http://"+forParty.Addr().String()
	w := &world{}
	asking, err := web.Asking(home + "/callback")
	if err == nil {
		w.site, err = web.New(ctx, web.Config{Issuer: issuer, Clients: []platform.Client{web.Portal(home + "/callback"), asking}, PasswordRounds: 1})
	}
	if err == nil {
		w.party, err = newParty(issuer, home)
	}
	if err != nil {
		return nil, errors.Join(err, forPlatform.Close(), forParty.Close())
	}
	run := func(f func() error) {
		end := make(chan error, 1)
		w.ended = append(w.ended, end)
		go func() { end <- f() }()
	}
	run(func() error { return serve.Run(ctx, forPlatform, w.site) })
	run(func() error { return serve.Run(ctx, forParty, w.party) })
	return w, nil
}

// wait lets the servers finish.
func (w *world) wait() {
	for _, end := range w.ended {
		<-end
	}
}
