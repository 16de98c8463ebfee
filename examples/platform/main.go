// Command platform runs the reference platform: a stand-in for VNeID to build and
// test against, with invented people, login pages, QR codes and a test telephone.
//
//	go run ./examples/platform              # then open http://127.0.0.1:8088
//	go run ./examples/platform -addr 127.0.0.1:9000 -portal http://127.0.0.1:9001/callback
//
// It listens on loopback alone unless -expose is given, which shows the test
// telephone with its codes to whoever reaches the address, and needs -issuer with
// https. It keeps everything in memory, and forgets it when it stops (Ctrl-C). It knows
// one relying party, examples/portal, under one client for each way to log in; -portal
// changes where its logins return to.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/vneid-sdk/vneid-go/examples/internal/serve"
	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "platform:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("platform", flag.ExitOnError)
	addr := flags.String("addr", "127.0.0.1:8088", "address to listen on")
	expose := flags.Bool("expose", false, "allow an address that other machines can reach")
	issuer := flags.String("issuer", "", "the platform's URL as browsers reach it (default: http://ADDR)")
	portal := flags.String("portal", "http://127.0.0.1:8090/callback", "where logins of the client portal return to")
	flags.Parse(args)

	l, err := serve.Listen(*addr, *expose)
	if err != nil {
		return err
	}
	defer l.Close()
	if *issuer == "" {
		*issuer = "http://" + l.Addr().String()
	}
	clients, err := web.Portals(*portal)
	if err != nil {
		return err
	}
	site, err := web.New(ctx, web.Config{Issuer: *issuer, Clients: clients})
	if err != nil {
		return err
	}
	welcome(out, *issuer)
	ctx, stop := context.WithCancel(ctx)
	told := make(chan error, 1)
	go func() { told <- site.Platform.Work(ctx) }()
	err = serve.Run(ctx, l, site)
	stop()
	<-told
	return err
}

// welcome says what to open and whom to log in as.
func welcome(out io.Writer, issuer string) {
	fmt.Fprintf(out, "%s\n\nMở / open   %s\nMật khẩu chung / password of all   %s\n\n", platform.Banner, issuer, personas.Password)
	for _, p := range personas.All() {
		if p.Account.Level > 0 {
			fmt.Fprintf(out, "  %-14s  %-16s %s\n", p.Username(), p.Handle, p.About)
		}
	}
	fmt.Fprintf(out, "\nĐiện thoại thử nghiệm / test telephone   %s/phone\n", strings.TrimSuffix(issuer, "/"))
}
