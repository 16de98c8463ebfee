// Command portal is the web site of a relying party: it logs citizens in with
// VNeID, asks for account level 2 where a page needs it, calls an API for them, links
// the accounts it had before, and checks QR codes. It uses the SDK's public packages
// alone, so that it can be copied.
//
//	go run ./examples/platform      # in one terminal
//	go run ./examples/portal        # in another; then open http://127.0.0.1:8090
//
// The defaults fit examples/platform, and so do these ways to log in:
//
//	portal -profile fapi2           # FAPI 2.0: pushed requests, keys instead of secrets
//	portal -wire vnconnect          # before OpenID Connect (sso/legacy): nothing is signed,
//	portal -wire envelope           # so there are no tokens, and no accounts are linked
//
// For another provider:
//
//	portal -issuer https://… -client-id … -secret-file … -redirect https://…/callback
//	portal -profile fapi2 -key-file key.pem -key-id … (and the same without -secret-file)
//
// # Pages
//
//	/              what there is, and who is logged in
//	/login         begins a login (sso.Client.Login)
//	/callback      ends it (sso.Client.Callback)
//	/profile       who logged in, and what proves it (sso.Client.Require)
//	/level2        the same, for account level 2 and authentication level 2 only
//	/papers        what the portal's own API answers for the person (sso.Client.Access)
//	/papers/full   the same where the API wants a stronger login (sso.Client.StepUp)
//	/api/papers    that API (sso/resource), for access tokens of the provider
//	/rental        asks for a driving licence and the residence, with a purpose (vneid/share)
//	/receipts      what the person agreed to: view, download, fetch again, give up
//	/rental/events the platform tells of withdrawals and locks (vneid/share/events, POST)
//	/account       the account that somebody had here, linked to the login (sso/link)
//	/counter       a clerk's page: the person's telephone asks, no browser (sso/ciba)
//	/hotel         a reception files the evening's stay notices (vneid/services/stays)
//	/logout        ends the session, here and at the provider (POST)
//	/left          where the provider sends the browser back to (sso.Client.LoggedOut)
//	/backchannel   the provider calls it when somebody logged out there (POST)
//	/scan          checks a code: typed, pasted, from a USB scanner, by the telephone's
//	               camera or in a picture, which the answer shows with an outline
//
// Pictures are read in memory and forgotten: a photo of an identity card is
// sensitive personal data. Sessions lie in memory too, with the tokens they have;
// programs of several processes keep them in a database (vneid/vneidredis/ssoredis).
package main

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/vneid-sdk/vneid-go/examples/internal/serve"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "portal:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("portal", flag.ExitOnError)
	addr := flags.String("addr", "127.0.0.1:8090", "address to listen on")
	expose := flags.Bool("expose", false, "allow an address that other machines can reach")
	var o options
	o.define(flags)
	flags.Parse(args)

	cfg, err := o.config()
	if err != nil {
		return err
	}
	l, err := serve.Listen(*addr, *expose)
	if err != nil {
		return err
	}
	defer l.Close()
	if cfg.RedirectURL == "" {
		cfg.RedirectURL = "http://" + l.Addr().String() + "/callback"
	}
	cfg.Log = slog.New(slog.NewTextHandler(os.Stderr, nil))
	site, err := New(cfg)
	if err != nil {
		return err
	}
	fmt.Printf("Mở / open  http://%s   (provider %s)\n", l.Addr(), cfg.Issuer)
	return serve.Run(ctx, l, site)
}
