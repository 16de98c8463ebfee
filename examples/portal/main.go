// Command portal is the web site of a relying party: it logs citizens in with
// VNeID, asks for account level 2 where a page needs it, and checks QR codes. It
// uses the SDK's public packages alone, so that it can be copied.
//
//	go run ./examples/platform      # in one terminal
//	go run ./examples/portal        # in another; then open http://127.0.0.1:8090
//
// The defaults fit examples/platform. For another provider:
//
//	portal -issuer https://… -client-id … -secret-file … -redirect https://…/callback
//
// # Pages
//
//	/          what there is
//	/login     begins a login (sso.Client.Login)
//	/callback  ends it (sso.Client.Callback)
//	/profile   who logged in, and what proves it (sso.Client.Require)
//	/level2    the same, for account level 2 and authentication level 2 only
//	/logout    ends the session (POST)
//	/scan      checks a code: typed, pasted, from a USB scanner, or a picture
//
// Pictures are read in memory and forgotten: a photo of an identity card is
// sensitive personal data.
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
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
	issuer := flags.String("issuer", "http://127.0.0.1:8088", "the provider")
	client := flags.String("client-id", "portal", "what the provider calls this site")
	secret := flags.String("secret-file", "", "file with the client secret (default: that of the test platform)")
	redirect := flags.String("redirect", "", "where logins come back to (default: http://ADDR/callback)")
	flags.Parse(args)

	cfg := Config{Issuer: *issuer, ClientID: *client, ClientSecret: TestSecret, RedirectURL: *redirect}
	if *secret != "" {
		data, err := os.ReadFile(*secret)
		if err != nil {
			return err
		}
		cfg.ClientSecret = string(bytes.TrimSpace(data))
	}
	l, err := serve.Listen(*addr, *expose)
	if err != nil {
		return err
	}
	defer l.Close()
	if cfg.RedirectURL == "" {
		cfg.RedirectURL = "http://" + l.Addr().String() + "/callback"
	}
	site, err := New(cfg)
	if err != nil {
		return err
	}
	fmt.Printf("Mở / open  http://%s   (provider %s)\n", l.Addr(), cfg.Issuer)
	return serve.Run(ctx, l, site)
}
