// Counter compares the evidence of one person at a counter: a login in their app, the
// chip of their card, the code in their app, what they share from their electronic
// identity card, and the text printed on the card. It says where they agree, which value
// counts where they differ, and what each of them proves and does not prove.
//
//	counter                        the person level2, with everything in order
//	counter -reissued              their number was issued anew after the card was made
//	counter -card namesake         they bring another person's card
//	counter -clone                 the card is a copy; -used: the code was shown before
//	counter -decline               they share nothing
//	counter -page                  the same as a page, at http://127.0.0.1:8092
//
// Everything runs in this process: the reference platform, and a card in software. The
// comparing part (compare.go) uses the SDK's public packages alone, to be copied.
//
// # What is compared
//
// Numbers by vneid.History.Match, so that a cancelled number or an old CMND is seen as the
// same person's; names by vneid.CompareNames; dates by vneid.Date.Agrees; places by
// vneid.Address.SameProvince. Where values differ, the electronic identity card counts
// before the card and its chip (Law 26/2023/QH15 Art. 33.2); login and code come from the
// register behind it, which counts as the next best (inferred). Text that nobody signed
// is compared and decides nothing.
//
// # Exit status
//
//	0  one person, verified
//	1  something was refused, or it is several people's
//	2  not settled: something could not be verified, or a clerk has to look
//
// Without -reveal the terminal shows how values compare, and no values.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"

	"github.com/vneid-sdk/vneid-go/examples/internal/serve"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// The exit statuses.
const (
	passed  = 0
	refused = 1
	unknown = 2
)

// run is main without the process around it.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("counter", flag.ContinueOnError)
	f.SetOutput(stderr)
	v := visit{Person: "level2"}
	f.StringVar(&v.Person, "person", v.Person, "who comes: a handle of the invented people")
	f.StringVar(&v.Card, "card", "", "whose card they bring (default: their own)")
	f.BoolVar(&v.Reissued, "reissued", false, "their number was issued anew after the card was made")
	f.BoolVar(&v.Clone, "clone", false, "the card is a copy")
	f.BoolVar(&v.Used, "used", false, "the code was shown before")
	f.BoolVar(&v.Decline, "decline", false, "they share nothing from their electronic identity card")
	lang := f.String("lang", string(ui.Vi), "language: vi or en")
	reveal := f.Bool("reveal", false, "print the values, too")
	page := f.Bool("page", false, "serve a page instead")
	addr := f.String("addr", "127.0.0.1:8092", "with -page: address to listen on")
	if f.Parse(args) != nil {
		return unknown
	}
	if *lang != string(ui.Vi) && *lang != string(ui.En) || f.NArg() > 0 || !v.possible() {
		fmt.Fprintln(stderr, "counter: -person and -card are invented people with a card; -lang is vi or en")
		return unknown
	}
	if *page {
		return servePage(ctx, *addr, stdout, stderr)
	}
	found, err := v.collect(ctx)
	if err != nil {
		fmt.Fprintln(stderr, "counter:", err)
		return unknown
	}
	c := compare(found)
	if err := c.write(stdout, ui.Lang(*lang), *reveal); err != nil {
		return unknown
	}
	return c.status()
}

func servePage(ctx context.Context, addr string, stdout, stderr io.Writer) int {
	l, err := serve.Listen(addr, false)
	var h http.Handler
	if err == nil {
		h, err = newPage("http://" + l.Addr().String())
	}
	if err == nil {
		fmt.Fprintf(stdout, "%s\n\nMở / open  http://%s\n", ui.Banner, l.Addr())
		err = serve.Run(ctx, l, h)
	}
	if err != nil {
		fmt.Fprintln(stderr, "counter:", err)
		return unknown
	}
	return passed
}
