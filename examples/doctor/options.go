package main

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/sso"
)

type options struct {
	cfg        sso.Config
	registered string
	wire       string // "", vnconnect or envelope
	authURL    string
	tokenURL   string
	userURL    string
	proxy      bool
	roots      *x509.CertPool // nil: the system's
	timeout    time.Duration
	lang       ui.Lang
	json       bool
	trace      bool
	ignored    []int           // lines of -env that set what no flag is called
	spare      *rsa.PrivateKey // for the Envelope wire
}

// raw is the command line before files are read.
type raw struct {
	env, secret, key, ca string
	profile, scopes      string
	hosts                string
}

// parse reads the command line, then the file of -env for what it leaves open. What is
// wrong with them goes to stderr.
func parse(args []string, stderr io.Writer) (*options, bool) {
	o, r := &options{lang: ui.Vi}, &raw{}
	flags := flag.NewFlagSet("doctor", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		io.WriteString(stderr, "usage: doctor -issuer URL -client-id ID -redirect URL [flags], or doctor -env file [flags]\n")
		flags.PrintDefaults()
		io.WriteString(stderr, "exit status: 0 nothing stands in the way, 1 something does, 2 something could not be checked\n")
	}
	o.define(flags, r)
	if flags.Parse(args) != nil {
		return nil, false
	}
	err := o.environment(flags, r)
	if err == nil && flags.NArg() > 0 {
		err = errors.New("there are arguments that are no flags")
	}
	if err == nil {
		err = o.read(r)
	}
	if err != nil {
		fmt.Fprintf(stderr, "doctor: %v\n", err)
		return nil, false
	}
	return o, true
}

func (o *options) define(flags *flag.FlagSet, r *raw) {
	flags.StringVar(&r.env, "env", "", "`file` with lines such as VNEID_ISSUER=https://…")
	flags.StringVar(&o.cfg.Issuer, "issuer", "", "the provider's identifier, a `URL`")
	flags.StringVar(&o.cfg.ClientID, "client-id", "", "what the provider calls this site")
	flags.StringVar(&r.secret, "secret-file", "", "`file` with the client secret")
	flags.StringVar(&r.key, "key-file", "", "`file` with the private key that authenticates the client (PEM, PKCS #8)")
	flags.StringVar(&o.cfg.KeyID, "key-id", "", "the kid under which the provider has that key")
	flags.StringVar(&o.cfg.RedirectURL, "redirect-url", "", "where logins come back to, a `URL`")
	flags.StringVar(&o.cfg.RedirectURL, "redirect", "", "short for -redirect-url")
	flags.StringVar(&o.registered, "registered", "", "the redirect URI as the provider's papers spell it, to compare")
	flags.StringVar(&r.profile, "profile", "standard", "standard or fapi2")
	flags.BoolVar(&o.cfg.JARM, "jarm", false, "the provider signs authorization responses (JARM)")
	flags.StringVar(&r.scopes, "scopes", "profile vneid:id", "the scopes to ask for")
	flags.StringVar(&r.hosts, "hosts", "", "other hosts of the provider's endpoints (sso.Config.Hosts)")
	flags.StringVar(&o.wire, "wire", "", "a protocol before OpenID Connect: vnconnect or envelope")
	flags.StringVar(&o.authURL, "auth-url", "", "with -wire: the address of the login page")
	flags.StringVar(&o.tokenURL, "token-url", "", "with -wire: the address of the token endpoint")
	flags.StringVar(&o.userURL, "userinfo-url", "", "with -wire: the address of userinfo")
	flags.BoolVar(&o.proxy, "proxy", false, "go through the proxy of the environment, as a program with its own sso.Config.HTTP does")
	flags.StringVar(&r.ca, "ca-file", "", "trust the certificates of this `file` (PEM) instead of the system's")
	flags.DurationVar(&o.timeout, "timeout", 10*time.Second, "how long one call may take")
	flags.Func("lang", "`language` of the result: vi or en (default vi)", o.setLang)
	flags.BoolVar(&o.trace, "trace", false, "list the steps that the SDK made (sso.Config.Trace): no URL, message or person")
	flags.BoolVar(&o.json, "json", false, "one JSON object")
}

func (o *options) setLang(s string) error {
	if s != string(ui.Vi) && s != string(ui.En) {
		return errors.New("neither vi nor en")
	}
	o.lang = ui.Lang(s)
	return nil
}

// environment fills in what the command line did not say. Values are taken byte for
// byte after =, for a blank at the end of a URL is what is being looked for.
func (o *options) environment(flags *flag.FlagSet, r *raw) error {
	if r.env == "" {
		return nil
	}
	data, err := os.ReadFile(r.env)
	if err != nil {
		return errors.New("-env: the file cannot be read")
	}
	said := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { said[f.Name] = true })
	said["redirect-url"] = said["redirect-url"] || said["redirect"]
	said["redirect"] = said["redirect-url"]
	for i, line := range strings.Split(string(data), "\n") {
		line = strings.TrimSuffix(line, "\r")
		name, value, ok := strings.Cut(line, "=")
		name, mine := strings.CutPrefix(strings.TrimPrefix(strings.TrimSpace(name), "export "), "VNEID_")
		switch {
		case strings.TrimSpace(line) == "", strings.HasPrefix(strings.TrimSpace(line), "#"), !mine && ok:
			continue
		case !ok:
			return fmt.Errorf("-env: line %d is not NAME=value", i+1)
		}
		if n := len(value); n >= 2 && (value[0] == '"' || value[0] == '\'') && value[n-1] == value[0] {
			value = value[1 : n-1]
		}
		name = strings.ReplaceAll(strings.ToLower(name), "_", "-")
		switch {
		case name == "client-secret":
			if !said["secret-file"] {
				o.cfg.ClientSecret = value
			}
		case name == "env" || flags.Lookup(name) == nil:
			o.ignored = append(o.ignored, i+1) // the server may have more to set, or a name is misspelled
		case !said[name] && flags.Set(name, value) != nil:
			return fmt.Errorf("-env: line %d has a value that the flag does not take", i+1)
		}
	}
	return nil
}

// read turns names of files into what they hold. No error quotes it.
func (o *options) read(r *raw) error {
	switch {
	case o.cfg.RedirectURL == "" || o.cfg.ClientID == "":
		return errors.New("-client-id and -redirect are needed; see -help")
	case o.cfg.Issuer == "" && o.wire == "":
		return errors.New("-issuer is needed, or -wire with its three addresses; see -help")
	case o.wire != "" && o.wire != "vnconnect" && o.wire != "envelope":
		return errors.New("-wire is neither vnconnect nor envelope")
	case o.wire != "" && (o.authURL == "" || o.tokenURL == "" || o.userURL == ""):
		return errors.New("-wire needs -auth-url, -token-url and -userinfo-url")
	case o.timeout <= 0:
		return errors.New("-timeout is not above 0")
	}
	o.cfg.Scopes, o.cfg.Hosts = strings.Fields(r.scopes), strings.Fields(strings.ReplaceAll(r.hosts, ",", " "))
	switch r.profile {
	case "standard":
	case "fapi2":
		o.cfg.Profile = sso.FAPI2
	default:
		return errors.New("-profile is neither standard nor fapi2")
	}
	if r.secret != "" {
		data, err := os.ReadFile(r.secret)
		if err != nil {
			return errors.New("-secret-file: the file cannot be read")
		}
		o.cfg.ClientSecret = string(bytes.TrimRight(data, "\r\n"))
	}
	if r.ca != "" {
		data, err := os.ReadFile(r.ca)
		o.roots = x509.NewCertPool()
		if err != nil || !o.roots.AppendCertsFromPEM(data) {
			return errors.New("-ca-file: no certificate can be read from the file")
		}
	}
	if r.key == "" {
		return nil
	}
	key, err := privateKey(r.key)
	o.cfg.Key = key
	return err
}

func privateKey(file string) (crypto.Signer, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, errors.New("-key-file: the file cannot be read")
	}
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if key, err := x509.ParsePKCS8PrivateKey(block.Bytes); err == nil {
			if s, ok := key.(crypto.Signer); ok {
				return s, nil
			}
		}
	}
	return nil, errors.New("-key-file: no PKCS #8 private key in the file")
}

// secrets are what must not be shown, wherever it comes from.
func (o *options) secrets() []string {
	return slices.DeleteFunc([]string{o.cfg.ClientSecret}, func(s string) bool { return s == "" })
}
