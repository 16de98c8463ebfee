// Read-chip reads the chip of a CCCD / Căn cước card and says what it is worth.
//
//	read-chip [flags]                      the card on a reader of this machine
//	read-chip [flags] -phone 127.0.0.1:0   the card on a telephone that relays its field
//	read-chip [flags] -dump FILE           what a terminal read before (-save)
//	read-chip [flags] -emulator level2     an invented person's card in software
//	read-chip -list                        the readers of this machine
//
// Before it reads it asks what for, and whether the holder agrees. Scripts that
// asked elsewhere say so with -yes and -purpose; what they say stands in the
// verdict as their word.
//
// A chip is opened with the six digits of its card access number, the last six of
// the personal number (-can), or with the three lines of its machine-readable zone
// (-mrz FILE); without either it asks. The portrait is read only if it is wanted
// (-portrait FILE), fingerprints never.
//
// Data counts as the issuer's only if its signature leads to a certificate that you
// trust: -anchor FILE, with -label for who vouches for it. The CSCA of the Vietnamese
// card is not public. An emulated card brings its own test anchor along. A machine
// without a network takes anchors and revocation lists from a trust bundle
// (examples/trust-bundle), under keys that were given to it by hand: -bundle FILE
// -bundle-key FILE. One that is too old lets nothing pass.
//
// # Exit status
//
//	0  verified, and the chip proved that it is the genuine one (Đã xác minh)
//	1  something was refused (Không hợp lệ)
//	2  it could not be checked (Chưa xác minh được): no anchor, the chip proved
//	   nothing, no card, consent refused; also wrong usage
//
// A dump proves no chip: whoever has it could have copied it.
//
// # What is shown and kept
//
// Without -reveal only the last digits of the personal number are shown. Nothing is
// written but what -save and -portrait name, readable by this user alone. Access
// numbers on the command line are seen by other users of the machine: leave -can
// out, and it asks.
//
// # Relaying
//
// With -phone it serves the WebSocket endpoint of package relay at the address and
// prints where a telephone has to connect and with which token. With -emulator
// besides it plays the telephone itself. Addresses other than loopback need
// -expose, and a proxy with TLS in front.
package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/vneid"
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

// run does one command. Questions and progress go to stderr, the verdict to stdout.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	o, ok := parse(args, stderr)
	if !ok {
		return unknown
	}
	t := newTerminal(stdin, stderr, o.lang)
	if o.list {
		return list(ctx, o, stdout, t)
	}
	r, err := check(ctx, o, t)
	if err != nil {
		t.say("read-chip: " + err.Error())
		if errors.As(err, new(vneid.Kind)) { // a bundle that does not open
			vi, en := vneid.Advice(err)
			t.say(ui.Text{Vi: vi, En: en}.In(o.lang))
		}
		return unknown
	}
	if err := r.keep(o); err != nil {
		t.say("read-chip: " + err.Error())
		return unknown
	}
	if o.json {
		err = r.writeJSON(stdout, o)
	} else {
		err = r.write(stdout, o)
	}
	if err != nil {
		t.say("read-chip: the result cannot be written")
		return unknown
	}
	return r.status
}

// check reads and verifies. Its error is a mistake of whoever runs the program;
// everything about the card is in the result.
func check(ctx context.Context, o *options, t *terminal) (*result, error) {
	s, err := o.source()
	if err != nil {
		return nil, err
	}
	cfg, err := o.trust(ctx, s)
	if err != nil {
		return nil, err
	}
	verifier, err := chip.New(cfg)
	if err != nil {
		return nil, err
	}
	if s.dump != nil {
		return verify(ctx, verifier, s, s.dump, chip.VerifyOptions{}), nil
	}
	consent, err := t.consent(o)
	if err != nil {
		return s.unread(err), nil
	}
	access, err := o.access(s, t)
	if err != nil {
		return nil, err
	}
	session := "read-chip"
	challenge, err := verifier.Challenge(session)
	if err != nil {
		return nil, err
	}
	dump, err := s.read(ctx, o, t, access, &challenge)
	if err != nil {
		return s.unread(err), nil
	}
	return verify(ctx, verifier, s, dump, chip.VerifyOptions{Session: session, Consent: consent}), nil
}
