// Dossier prints a customer's dossier for an auditor: what documents a relying party was
// given, with whose consent, and what it may still do with them. It verifies all of it
// again, offline, as of the moment when it was received.
//
//	dossier -pins pins.json evidence.json…      one customer's evidence files
//	dossier -pin http://127.0.0.1:8088 > pins.json   the test platform's keys, to be compared with what it says by another way
//	dossier -example DIR                        an invented customer's files, made with a platform of its own, and their dossier
//
// Evidence files are what share.Records.Evidence returns, as JSON: examples/portal lets
// its customers download theirs. They bring keys along, which verify nothing: signatures
// are checked with the keys of the pins file alone, which the auditor has from elsewhere:
//
//	{"client": "portal-share",
//	 "platform": {"issuer": "https://…", "keys": [JWK…]},
//	 "issuers": [{"issuer": "https://…/issuer/police", "kinds": ["driver-licence"], "keys": [JWK…]}]}
//
// # What stands in it
//
// For each file a verdict and its reason; what it proves, line by line; the receipt; and
// what the relying party added, which nobody signed: a record of a face match, the day
// when consent was withdrawn, a law's duty to keep the file. The program says when a
// duty has ended, or none stands against a withdrawal. Without -reveal it tells which
// claims there are and not what they say.
//
// A dossier proves what was received then. It authenticates nobody now, and is not
// offered to third parties (Decree 69/2024/NĐ-CP Art. 19.4). The formats are the
// project's, not VNeID's.
//
// # Exit status
//
//	0  every file was verified, and may be kept
//	1  a file was refused, is another person's, or has to be deleted
//	2  nothing of that, but something could not be checked; also wrong usage
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
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
	o, ok := parse(args, stderr)
	if !ok {
		return unknown
	}
	status, err := o.run(ctx, stdout)
	if err != nil {
		io.WriteString(stderr, "dossier: "+err.Error()+"\n")
		return unknown
	}
	return status
}

func (o *options) run(ctx context.Context, out io.Writer) (int, error) {
	if o.pin != "" {
		return passed, writePins(ctx, out, o.pin, o.client)
	}
	if o.example != "" {
		if err := o.makeExample(ctx); err != nil {
			return unknown, err
		}
	}
	verifier, err := readPins(o.pins)
	if err != nil {
		return unknown, err
	}
	d := o.open(ctx, verifier)
	if o.json {
		return d.status(), d.writeJSON(out, o)
	}
	return d.status(), d.write(out, o)
}
