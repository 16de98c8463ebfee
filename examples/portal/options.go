package main

import (
	"bytes"
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"flag"
	"os"

	"github.com/vneid-sdk/vneid-go/examples/internal/testkeys"
)

// TestSecret is what the test platform registered for this site. It protects
// nothing but a test.
const TestSecret = "portal-secret-for-tests-only"

// options are the flags that say whom to log in with, and how.
type options struct {
	issuer, client, redirect   string
	profile, wire              string
	secretFile, keyFile, keyID string
}

func (o *options) define(f *flag.FlagSet) {
	f.StringVar(&o.issuer, "issuer", "http://127.0.0.1:8088", "the provider")
	f.StringVar(&o.client, "client-id", "", "what the provider calls this site (default: as the test platform does)")
	f.StringVar(&o.redirect, "redirect", "", "where logins come back to (default: http://ADDR/callback)")
	f.StringVar(&o.profile, "profile", "standard", "standard or fapi2")
	f.StringVar(&o.wire, "wire", "", "vnconnect or envelope: a protocol before OpenID Connect, instead of a profile")
	f.StringVar(&o.secretFile, "secret-file", "", "file with the client secret (default: that of the test platform)")
	f.StringVar(&o.keyFile, "key-file", "", "PEM file (PKCS #8) with this site's private key, instead of the test platform's")
	f.StringVar(&o.keyID, "key-id", "", "the kid under which the provider has its public half")
}

// config turns the flags into a configuration.
func (o *options) config() (Config, error) {
	cfg := Config{Issuer: o.issuer, ClientID: o.client, RedirectURL: o.redirect, ClientSecret: TestSecret}
	switch mode := Mode(o.profile); {
	case o.wire != "" && o.profile != "standard":
		return Config{}, errors.New("-profile has no meaning with -wire")
	case o.wire != "":
		cfg.Mode = Mode(o.wire)
		if !cfg.Mode.old() {
			return Config{}, errors.New("-wire is vnconnect or envelope")
		}
	case mode == FAPI2:
		cfg.Mode = FAPI2
	case o.profile != "standard":
		return Config{}, errors.New("-profile is standard or fapi2")
	}
	if cfg.ClientID == "" {
		cfg.ClientID = cfg.Mode.testClient()
	}
	if o.secretFile != "" {
		data, err := os.ReadFile(o.secretFile)
		if err != nil {
			return Config{}, err
		}
		cfg.ClientSecret = string(bytes.TrimSpace(data))
		cfg.ScanID, cfg.ScanSecret = cfg.ClientID, cfg.ClientSecret
	}
	if err := o.keys(&cfg); err != nil {
		return Config{}, err
	}
	return cfg, nil
}

// keys reads the private key of the mode, if it has one.
func (o *options) keys(cfg *Config) (err error) {
	switch {
	case cfg.Mode != FAPI2 && cfg.Mode != Envelope:
		if o.keyFile != "" || o.keyID != "" {
			return errors.New("-key-file and -key-id go with -profile fapi2 and -wire envelope")
		}
	case o.keyFile != "":
		cfg.KeyID = o.keyID
		cfg.Key, err = readKey(o.keyFile)
	case cfg.Mode == FAPI2:
		cfg.Key, cfg.KeyID = testkeys.Signing(), testkeys.ID
	default:
		cfg.Key, err = testkeys.Envelope()
	}
	return err
}

// readKey reads a private key that signs or, for Envelope, decrypts.
func readKey(name string) (crypto.Signer, error) {
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, errors.New("-key-file holds no PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("-key-file holds no PKCS #8 private key") // the cause could quote it
	}
	k, ok := key.(crypto.Signer)
	if !ok {
		return nil, errors.New("-key-file holds a key of no use here")
	}
	return k, nil
}
