package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// vietnam is the time zone of everything shown.
var vietnam = time.FixedZone("UTC+7", 7*60*60)

type options struct {
	issuer, keys, jwks string
	audience, nonce    string
	acceptUnchecked    bool
	used               string
	need               document.Kind // "": a person's identity
	bundle, bundleKey  string
	redeem             string
	client, secret     string
	now                time.Time
	lang               ui.Lang
	json, csv, reveal  bool
	text               string
}

func (o *options) clock() time.Time {
	if o.now.IsZero() {
		return time.Now()
	}
	return o.now
}

// parse reads the command line. What is wrong with it goes to stderr.
func parse(args []string, stderr io.Writer) (*options, []source, bool) {
	o := &options{lang: ui.Vi}
	flags := flag.NewFlagSet("scan-qr", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		io.WriteString(stderr, "usage: scan-qr [flags] file or folder… (- for standard input), or scan-qr [flags] -text CODE\n")
		flags.PrintDefaults()
		io.WriteString(stderr, "exit status: 0 verified, 1 refused, 2 could not be checked or unsigned\n")
	}
	flags.StringVar(&o.issuer, "issuer", "", "accept codes of this `issuer`")
	flags.StringVar(&o.keys, "keys", "", "the issuer's keys: a JWKS `file`")
	flags.StringVar(&o.jwks, "jwks", "", "the issuer's keys: the `address` where it publishes them for codes")
	flags.StringVar(&o.audience, "audience", "", "who this verifier is; only codes made for it pass")
	flags.StringVar(&o.nonce, "nonce", "", "the challenge that the code must answer")
	flags.BoolVar(&o.acceptUnchecked, "accept-unchecked", false, "let card codes pass although nobody looked up whether they were revoked")
	flags.Func("need", "what is to be shown: identity, licence, vehicle or health-card (default identity)", o.setNeed)
	flags.StringVar(&o.bundle, "bundle", "", "check without a network: a trust bundle's `file`, instead of -issuer")
	flags.StringVar(&o.bundleKey, "bundle-key", "", "the pinned `file` with the keys of the bundle's maker")
	flags.StringVar(&o.redeem, "redeem", "", "ask this `issuer` whether a one-time code was used at another verifier")
	flags.StringVar(&o.client, "client", "", "the `name` under which -redeem asks")
	flags.StringVar(&o.secret, "secret", "", "`file` with the client's secret for -redeem")
	flags.StringVar(&o.used, "used", "", "`folder` that remembers one-time codes (default: in the user's cache)")
	flags.Func("now", "check as if it were this `time` (RFC 3339, or dd/MM/yyyy: noon in Vietnam)", o.setNow)
	flags.Func("lang", "`language` of the result: vi or en (default vi)", o.setLang)
	flags.BoolVar(&o.json, "json", false, "one JSON object for each source")
	flags.BoolVar(&o.csv, "csv", false, "a table with a row for each source")
	flags.BoolVar(&o.reveal, "reveal", false, "show personal data, not only the last digits of the number")
	flags.StringVar(&o.text, "text", "", "check this `code` instead of files; other users of the machine may see it")
	if flags.Parse(args) != nil {
		return nil, nil, false
	}
	sources, err := o.sources(flags.Args())
	if err == nil {
		err = o.trust()
	}
	if err != nil {
		fmt.Fprintf(stderr, "scan-qr: %v\n", err)
		flags.Usage()
		return nil, nil, false
	}
	return o, sources, true
}

func (o *options) sources(files []string) ([]source, error) {
	switch {
	case o.text != "" && len(files) > 0:
		return nil, errors.New("-text and files exclude each other")
	case o.text != "":
		return []source{{name: "-text", text: o.text}}, nil
	case len(files) == 0:
		return nil, errors.New("nothing to scan")
	}
	out, err := unfolded(files)
	if err == nil && len(out) == 0 {
		err = errors.New("no pictures in there")
	}
	return out, err
}

func (o *options) setNow(s string) (err error) {
	if o.now, err = time.Parse(time.RFC3339, s); err == nil {
		return nil
	}
	if o.now, err = time.ParseInLocation("02/01/2006", s, vietnam); err != nil {
		return errors.New("neither RFC 3339 nor dd/MM/yyyy")
	}
	o.now = o.now.Add(12 * time.Hour)
	return nil
}

func (o *options) setLang(s string) error {
	if s != string(ui.Vi) && s != string(ui.En) {
		return errors.New("neither vi nor en")
	}
	o.lang = ui.Lang(s)
	return nil
}

// keySet loads the keys of -issuer.
func (o *options) keySet() (vneid.KeySet, error) {
	if o.jwks != "" {
		return &jwks.Remote{URL: o.jwks, Issuer: o.issuer, Uses: []vneid.Use{vneid.UseQR}}, nil
	}
	doc, err := os.ReadFile(o.keys)
	if err != nil {
		return nil, fmt.Errorf("-keys: %w", err)
	}
	return jwks.Parse(doc, o.issuer, vneid.UseQR)
}
