package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/kiosk"
	"github.com/vneid-sdk/vneid-go/examples/internal/redeem"
	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// needs are the words of -need.
var needs = map[string]document.Kind{
	"identity": "", "licence": document.DriverLicence, "vehicle": document.VehicleRegistration, "health-card": document.HealthInsurance,
}

func (o *options) setNeed(s string) (err error) {
	kind, ok := needs[s]
	if !ok {
		return errors.New("neither identity, licence, vehicle nor health-card")
	}
	o.need = kind
	return nil
}

// trust checks that the flags name whom to trust in one way.
func (o *options) trust() error {
	switch {
	case (o.bundle == "") != (o.bundleKey == ""):
		return errors.New("-bundle needs -bundle-key, and the reverse")
	case o.bundle != "" && (o.issuer != "" || o.keys != "" || o.jwks != ""):
		return errors.New("-bundle excludes -issuer, -keys and -jwks")
	case o.issuer == "" && (o.keys != "" || o.jwks != ""):
		return errors.New("-keys and -jwks need -issuer: whose keys they are")
	case o.issuer != "" && (o.keys == "") == (o.jwks == ""):
		return errors.New("-issuer needs either -keys or -jwks")
	case o.redeem != "" && (o.client == "" || o.secret == ""), o.redeem == "" && o.client+o.secret != "":
		return errors.New("-redeem, -client and -secret need each other")
	}
	return nil
}

// verifier is nil when no issuer was named: then only unsigned text can be read.
func (o *options) verifier(ctx context.Context) (*qr.Verifier, error) {
	cfg := qr.Config{Audience: o.audience, AcceptUnchecked: o.acceptUnchecked, Document: o.need, Now: o.clock}
	switch {
	case o.bundle != "":
		b, err := kiosk.Open(ctx, o.bundle, o.bundleKey, o.clock)
		if err != nil {
			return nil, err
		}
		cfg.Issuers, cfg.Keys, cfg.Status, cfg.Signs = b.Issuers(vneid.UseQR), b, b, b.Kinds(vneid.UseQR)
	case o.issuer != "":
		keys, err := o.keySet()
		if err != nil {
			return nil, err
		}
		cfg.Issuers, cfg.Keys = []string{o.issuer}, keys
		cfg.Signs = map[string][]document.Kind{o.issuer: {o.need}} // who names both says so
	default:
		return nil, nil
	}
	if err := o.once(&cfg); err != nil {
		return nil, err
	}
	return qr.New(cfg)
}

// once says where codes that were used are remembered, and who is asked.
func (o *options) once(cfg *qr.Config) error {
	if o.used == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return errors.New("there is no cache folder for used codes; name one with -used")
		}
		o.used = filepath.Join(cache, "vneid-scan-qr", "used")
	}
	cfg.Replay = usedCodes{dir: o.used, now: o.clock}
	if o.redeem != "" {
		secret, err := os.ReadFile(o.secret)
		if err != nil {
			return fmt.Errorf("-secret: %w", err)
		}
		cfg.Redeem = redeem.At(strings.TrimSuffix(o.redeem, "/"), o.client, strings.TrimSpace(string(secret)))
	}
	return nil
}

// advice is what to do about a bundle that does not open; "" for wrong usage.
func (o *options) advice(err error) string {
	if !errors.As(err, new(vneid.Kind)) {
		return ""
	}
	vi, en := vneid.Advice(err)
	return ui.Text{Vi: vi, En: en}.In(o.lang) + "\n"
}
