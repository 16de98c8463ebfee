package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/examples/internal/kiosk"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/vneid"
)

type options struct {
	reader, socket, dump, emulator, fault, phone string
	expose, list                                 bool
	can, mrz                                     string
	purpose                                      string
	yes                                          bool
	anchorFiles                                  []string
	label                                        string
	bundle, bundleKey                            string
	portrait, save                               string
	json, reveal                                 bool
	lang                                         ui.Lang
	now                                          time.Time
	within                                       time.Duration
}

func (o *options) clock() time.Time {
	if o.now.IsZero() {
		return time.Now()
	}
	return o.now
}

// parse reads the command line. What is wrong with it goes to stderr.
func parse(args []string, stderr io.Writer) (*options, bool) {
	o := &options{lang: ui.Vi}
	flags := flag.NewFlagSet("read-chip", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		io.WriteString(stderr, "usage: read-chip [flags]\n")
		flags.PrintDefaults()
		io.WriteString(stderr, "exit status: 0 verified and chip genuine, 1 refused, 2 could not be checked or chip not proven genuine\n")
	}
	flags.StringVar(&o.reader, "reader", "", "read from the reader of this `name` (default: whichever gets a card)")
	flags.StringVar(&o.socket, "socket", "", "where pcscd listens, if not in its usual `place`")
	flags.StringVar(&o.dump, "dump", "", "verify this `file`, which -save wrote, instead of reading a card")
	flags.StringVar(&o.emulator, "emulator", "", "read an emulated card of this invented `person`, such as level2")
	flags.StringVar(&o.fault, "fault", "", "give the emulated card a `fault` by its name in package chiptest; \"list\" lists them")
	flags.StringVar(&o.phone, "phone", "", "let a telephone relay its card: serve at this `address`")
	flags.BoolVar(&o.expose, "expose", false, "let -phone serve an address that is not on loopback")
	flags.BoolVar(&o.list, "list", false, "list the readers and end")
	flags.StringVar(&o.can, "can", "", "card access `number` (6 digits), or the personal number that ends in it")
	flags.StringVar(&o.mrz, "mrz", "", "open the chip with the machine-readable zone in this `file`")
	flags.StringVar(&o.purpose, "purpose", "", "what the data is read for")
	flags.BoolVar(&o.yes, "yes", false, "do not ask: the holder has agreed, which was recorded elsewhere; needs -purpose")
	flags.Func("anchor", "trust the CSCA certificates in this `file` (PEM, or DER of one); may be repeated", func(s string) error {
		o.anchorFiles = append(o.anchorFiles, s)
		return nil
	})
	flags.StringVar(&o.label, "label", "", "`who` vouches for -anchor: caller, test or provider, perhaps with a name: \"provider: NAME\"")
	flags.StringVar(&o.bundle, "bundle", "", "trust the anchors and revocation lists of a trust bundle's `file`, instead of -anchor")
	flags.StringVar(&o.bundleKey, "bundle-key", "", "the pinned `file` with the keys of the bundle's maker")
	flags.StringVar(&o.portrait, "portrait", "", "read the portrait too, and write it to this `file`")
	flags.StringVar(&o.save, "save", "", "write what was read to this `file` (JSON, personal data)")
	flags.BoolVar(&o.json, "json", false, "one JSON object")
	flags.BoolVar(&o.reveal, "reveal", false, "show personal data, not only the last digits of the number")
	flags.DurationVar(&o.within, "within", time.Minute, "how long reading may `take`, once there is a card")
	flags.Func("now", "check as if it were this `time` (RFC 3339)", func(s string) (err error) {
		o.now, err = time.Parse(time.RFC3339, s)
		return err
	})
	flags.Func("lang", "`language`: vi or en (default vi)", func(s string) error {
		if o.lang = ui.Lang(s); o.lang != ui.Vi && o.lang != ui.En {
			return errors.New("neither vi nor en")
		}
		return nil
	})
	if flags.Parse(args) != nil {
		return nil, false
	}
	if err := o.valid(flags.Args()); err != nil {
		fmt.Fprintf(stderr, "read-chip: %v\n", err)
		flags.Usage()
		return nil, false
	}
	return o, true
}

func (o *options) valid(rest []string) error {
	given := 0
	for _, s := range []string{o.reader, o.dump, o.emulator} {
		if s != "" {
			given++
		}
	}
	switch {
	case len(rest) > 0:
		return errors.New("there are no arguments beside flags")
	case given > 1:
		return errors.New("-reader, -dump and -emulator exclude each other")
	case o.phone != "" && (o.dump != "" || o.reader != ""):
		return errors.New("-phone excludes -dump and -reader")
	case o.fault != "" && o.emulator == "":
		return errors.New("-fault needs -emulator")
	case o.can != "" && o.mrz != "":
		return errors.New("-can and -mrz exclude each other")
	case o.yes && strings.TrimSpace(o.purpose) == "":
		return errors.New("-yes needs -purpose")
	case o.label != "" && len(o.anchorFiles) == 0:
		return errors.New("-label needs -anchor")
	case (o.bundle == "") != (o.bundleKey == ""):
		return errors.New("-bundle needs -bundle-key, and the reverse")
	case o.bundle != "" && len(o.anchorFiles) > 0:
		return errors.New("-bundle and -anchor exclude each other")
	case o.dump != "" && o.save != "":
		return errors.New("-save writes what was read; -dump reads nothing")
	}
	return nil
}

// trust says whose cards are genuine: by a bundle's word, or by the caller's.
func (o *options) trust(ctx context.Context, s *source) (cfg chip.Config, err error) {
	// What has proven no chip is let through and shown as just that: see judge.
	cfg = chip.Config{AcceptUnprovenChip: true, Now: o.clock}
	if o.bundle == "" {
		cfg.Anchors, err = o.anchors(s)
		return cfg, err
	}
	b, err := kiosk.Open(ctx, o.bundle, o.bundleKey, o.clock)
	if err == nil {
		err = b.Trust(&cfg)
	}
	return cfg, err
}

// anchors are the certificates that the caller trusts, and an emulated card's.
func (o *options) anchors(s *source) ([]chip.Anchor, error) {
	var out []chip.Anchor
	for _, file := range o.anchorFiles {
		certificates, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("-anchor: %w", err)
		}
		label := o.label
		if label == "" {
			label = "caller: " + filepath.Base(file)
		}
		out = append(out, chip.Anchor{Certificates: certificates, Country: "VN", Label: label})
	}
	if s.anchor != nil && len(out) == 0 {
		out = append(out, chip.Anchor{Certificates: s.anchor, Country: "VN", Label: "test"})
	}
	return out, nil
}

// access is what opens the chip: given, or known of the emulated card, or asked for.
func (o *options) access(s *source, t *terminal) (chip.Access, error) {
	if o.mrz != "" {
		text, err := os.ReadFile(o.mrz)
		if err != nil {
			return chip.Access{}, fmt.Errorf("-mrz: %w", err)
		}
		zone, err := chip.ParseMRZ(string(text))
		return zone.Access(), err
	}
	number := o.can
	if number == "" {
		number = s.can
	}
	if number == "" {
		number = t.ask(ui.Text{
			Vi: "Số CAN (6 số cuối của số định danh cá nhân), hoặc cả 12 số:",
			En: "Card access number (the last 6 digits of the personal number), or all 12 digits:",
		})
	}
	if len(number) == 12 {
		id, err := vneid.ParseCitizenID(number)
		if err != nil {
			return chip.Access{}, err
		}
		return chip.CANOf(id)
	}
	return chip.CAN(number)
}
