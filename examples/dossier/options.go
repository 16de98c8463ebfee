package main

import (
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/asking"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
)

// options are the flags.
type options struct {
	lang         ui.Lang
	json, reveal bool
	pins         string
	files        []string
	pin, client  string
	example      string
	now          time.Time // decides whether a duty to keep has ended
}

func parse(args []string, stderr io.Writer) (*options, bool) {
	o := &options{now: time.Now()}
	f := flag.NewFlagSet("dossier", flag.ContinueOnError)
	f.SetOutput(stderr)
	lang := f.String("lang", string(ui.Vi), "language: vi or en")
	f.BoolVar(&o.json, "json", false, "print JSON")
	f.BoolVar(&o.reveal, "reveal", false, "print what the documents say, too")
	f.StringVar(&o.pins, "pins", "", "`FILE` with the keys that the auditor trusts")
	f.StringVar(&o.pin, "pin", "", "write a pins file for the test platform at `URL`")
	f.StringVar(&o.client, "client", asking.Client, "with -pin: what the platform calls the relying party")
	f.StringVar(&o.example, "example", "", "make an invented customer's files in `DIR`, and print their dossier")
	if f.Parse(args) != nil {
		return nil, false
	}
	o.lang, o.files = ui.Lang(*lang), f.Args()
	if o.example != "" && o.pins == "" && len(o.files) == 0 {
		o.pins = filepath.Join(o.example, "pins.json")
	}
	modes := 0
	for _, on := range []bool{o.pin != "", o.example != "", len(o.files) > 0} {
		if on {
			modes++
		}
	}
	if o.lang != ui.Vi && o.lang != ui.En || modes != 1 || o.pin == "" && o.pins == "" {
		fmt.Fprintln(stderr, "dossier: give -pins and evidence files, or -pin, or -example; -lang is vi or en")
		return nil, false
	}
	return o, true
}
