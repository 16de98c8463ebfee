// Scan-qr reads citizen QR codes from pictures or text and says what they are
// worth.
//
//	scan-qr [flags] file…           pictures (JPEG, PNG, GIF, WebP) or files with the text of a code; - is standard input
//	scan-qr [flags] folder…         every picture in it and below, with a progress bar and a summary
//	scan-qr [flags] -text CODE
//
// Signed codes are verified with the issuer's keys, from a file or from where the
// issuer publishes them:
//
//	scan-qr -issuer https://issuer.example -keys issuer.jwks.json photo.jpg
//	scan-qr -issuer https://issuer.example -jwks https://issuer.example/qr/jwks.json photo.jpg
//
// A machine without a network uses a trust bundle (examples/trust-bundle), under keys
// that were given to it by hand:
//
//	scan-qr -bundle kiosk.bundle -bundle-key kiosk.pin.json photo.jpg
//
// With -need it inspects a single document instead of a person's identity: licence,
// vehicle or health-card. One that is not đã được xác thực, or was shown before the
// day since which it counts, does not pass: show the paper. Of an -issuer it is taken
// that it may sign the document; a bundle says who may.
//
// A one-time code passes once on this machine. That it was not used elsewhere only
// the issuer knows: -redeem asks it, and without it the result says so.
//
// The text printed on a card is shown as what it is: unsigned. A code of VNeID's
// own app cannot be checked by third parties without an official connection.
//
// With -csv each picture is a row of a table, with -json an object.
//
// # Exit status
//
//	0  every code was verified (Đã xác minh)
//	1  a code was refused (Không hợp lệ)
//	2  nothing was refused, but something could not be checked (Chưa xác minh
//	   được), asks for the paper, or has no signature (Chỉ đọc, chưa xác thực);
//	   also wrong usage
//
// # What is shown and kept
//
// Without -reveal only the last digits of the personal number are shown; names,
// dates and addresses stay out of terminals, logs and scroll-back buffers.
// Pictures are read in memory and never written. One-time codes that passed are
// remembered in a folder (-used) as hashes of their random identifiers, so that a
// second scan of the same code is refused.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	status := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
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
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	o, sources, ok := parse(args, stderr)
	if !ok {
		return unknown
	}
	verifier, err := o.verifier(ctx)
	if err != nil {
		io.WriteString(stderr, "scan-qr: "+err.Error()+"\n"+o.advice(err))
		return unknown
	}
	checker := checker{verifier: verifier, nonce: o.nonce, now: o.clock}
	write, err := o.writer(stdout)
	if err != nil {
		io.WriteString(stderr, "scan-qr: "+err.Error()+"\n")
		return unknown
	}
	status := passed
	progress := newProgress(stderr, len(sources), o.lang)
	for i, s := range sources {
		progress.show(i)
		r := checker.check(ctx, s, stdin)
		progress.clear()
		if write(r) != nil {
			io.WriteString(stderr, "scan-qr: the result cannot be written\n")
			return unknown
		}
		progress.count(r)
		status = worse(status, r.status())
	}
	if !o.json {
		progress.summary(stderr)
	}
	return status
}

// worse prefers a refusal over what could not be checked: somebody acted on the
// first, nobody on the second.
func worse(a, b int) int {
	switch {
	case a == refused || b == refused:
		return refused
	case a == unknown || b == unknown:
		return unknown
	}
	return passed
}
