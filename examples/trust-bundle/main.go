// Trust-bundle makes the file by which kiosks without a network know whom to trust:
// keys of issuers, their status lists, anchors and revocation lists of chips, signed
// by a key that each kiosk was given by hand (package vneid/trustbundle).
//
//	trust-bundle new-key -maker https://kiosks.example -out kiosk
//	trust-bundle make -key kiosk.key -pin kiosk.pin.json -platform http://127.0.0.1:8088 -out kiosk.bundle
//	trust-bundle show -pin kiosk.pin.json kiosk.bundle
//	trust-bundle verify -pin kiosk.pin.json kiosk.bundle
//
// The second makes a bundle of the reference platform as it runs. Anything else is
// named part by part, each from a file or an address:
//
//	-issuer https://issuer.example,qr+status,driver-licence,keys.json
//	-list https://issuer.example/status/1             fetched from there
//	-list https://issuer.example/status/1=list.jwt    from a file
//	-anchor csca.pem -crl csca.crl -label "provider: NAME"
//	-master list.ml,signers.pem
//
// new-key writes kiosk.key, which stays where bundles are made, and kiosk.pin.json,
// which goes to the kiosks with their programs; scan-qr and read-chip take it as
// -bundle-key. A bundle holds a week unless -days says otherwise, 31 days at most. Its
// sequence is the time of its making in seconds, so that each is higher than the one
// before.
//
// # Exit status
//
//	0  made; or verified (Đã xác minh)
//	1  refused (Không hợp lệ)
//	2  could not be checked or made: no such file, no answer, too old; wrong usage
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"time"

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

// program is where a command writes, in which language, and when it is.
type program struct {
	stdout, stderr io.Writer
	lang           ui.Lang
	now            func() time.Time
}

func (p *program) say(vi, en string) string { return ui.Text{Vi: vi, En: en}.In(p.lang) }

const usage = `usage: trust-bundle new-key -maker NAME -out FILE
       trust-bundle make -key FILE -pin FILE -out FILE [flags]
       trust-bundle show -pin FILE BUNDLE
       trust-bundle verify -pin FILE BUNDLE
`

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	p := &program{stdout: stdout, stderr: stderr, lang: ui.Vi, now: time.Now}
	commands := map[string]func(context.Context, []string) (int, error){"new-key": p.newKey, "make": p.make, "show": p.show, "verify": p.verify}
	if len(args) == 0 || commands[args[0]] == nil {
		io.WriteString(stderr, usage)
		return unknown
	}
	status, err := commands[args[0]](ctx, args[1:])
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintf(stderr, "trust-bundle: %v\n", err)
	}
	return status
}

// flags are those that every command has.
func (p *program) flags(name string) *flag.FlagSet {
	f := flag.NewFlagSet("trust-bundle "+name, flag.ContinueOnError)
	f.SetOutput(p.stderr)
	f.Func("lang", "`language`: vi or en (default vi)", func(s string) error {
		if p.lang = ui.Lang(s); p.lang != ui.Vi && p.lang != ui.En {
			return errors.New("neither vi nor en")
		}
		return nil
	})
	f.Func("now", "act as if it were this `time` (RFC 3339)", func(s string) error {
		at, err := time.Parse(time.RFC3339, s)
		p.now = func() time.Time { return at }
		return err
	})
	return f
}
