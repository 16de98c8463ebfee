// Command quickstart runs the SDK's main job on this machine, in one process, with
// nothing but Go installed:
//
//	go run ./examples/quickstart
//	go run ./examples/quickstart -lang en
//
// It starts the reference platform and a small relying party on loopback, logs an
// invented citizen in over HTTP through the platform's own pages, draws a fresh
// code and reads it back, reads a photo of a card whose code another tool signed,
// reads and verifies the chip of an emulated card, asks the citizen for a driving
// licence with their consent, and shows what is refused and why. It ends with a table:
// the evidence, the verdict, what proves it, and the reason. Anything unexpected ends it
// with status 1 and a line that says what.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
)

func main() {
	lang := flag.String("lang", string(ui.Vi), "language: vi or en")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *lang != string(ui.Vi) && *lang != string(ui.En) {
		fmt.Fprintln(os.Stderr, "quickstart: -lang is vi or en")
		os.Exit(2)
	}
	rows, err := tell(ctx)
	show(os.Stdout, ui.Lang(*lang), rows)
	if err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}
