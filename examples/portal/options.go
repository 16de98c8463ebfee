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
	profile                    string
	secretFile, keyFile, keyID string
}

func (o *options) define(f *flag.FlagSet) {
	f.StringVar(&o.issuer, "issuer", "http://127.0.0.1:8088", "the provider")
	f.StringVar(&o.client, "client-id", "", "what the provider calls this site (default: as the test platform does)")
	f.StringVar(&o.redirect, "redirect", "", "where logins come back to (default: http://ADDR/callback)")
	f.StringVar(&o.profile, "profile", "standard", "standard or fapi2")
	f.StringVar(&o.secretFile, "secret-file", "", "file with the client secret (default: that of the test platform)")
	f.StringVar(&o.keyFile, "key-file", "", "PEM file (PKCS #8) with this site's private key, instead of the test platform's")
	f.StringVar(&o.keyID, "key-id", "", "the kid under which the provider has its public half")
}

// config turns the flags into a configuration.
func (o *options) config() (Config, error) {
	cfg := Config{Issuer: o.issuer, ClientID: o.client, RedirectURL: o.redirect, ClientSecret: TestSecret}
	switch o.profile {
	case "standard":
	case "fapi2":
		cfg.Mode = FAPI2
	default:
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
	return cfg, o.keys(&cfg)
}

// keys reads the private key of the mode, if it has one.
func (o *options) keys(cfg *Config) error {
	if cfg.Mode != FAPI2 {
		if o.keyFile != "" || o.keyID != "" {
			return errors.New("-key-file and -key-id go with -profile fapi2")
		}
		return nil
	}
	if o.keyFile == "" {
		cfg.Key, cfg.KeyID = testkeys.Signing(), testkeys.ID
		return nil
	}
	data, err := os.ReadFile(o.keyFile)
	if err != nil {
		return err
	}
	block, _ := pem.Decode(data)
	if block == nil {
		return errors.New("-key-file holds no PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return errors.New("-key-file holds no PKCS #8 private key") // the cause could quote it
	}
	signer, ok := key.(crypto.Signer)
	if !ok {
		return errors.New("-key-file holds a key that cannot sign")
	}
	cfg.Key, cfg.KeyID = signer, o.keyID
	return nil
}
