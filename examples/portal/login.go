package main

import (
	"crypto"
	"errors"
	"log/slog"
	"net/url"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Config says which provider to use and who this site is there.
type Config struct {
	Issuer       string
	ClientID     string
	ClientSecret string // of modes that have one
	RedirectURL  string

	Mode  Mode
	Key   crypto.Signer // FAPI2
	KeyID string

	// ScanID and ScanSecret are for the redeeming of QR codes, which knows no keys
	// (project format). No ID: those of the test platform.
	ScanID, ScanSecret string

	Log *slog.Logger     // nil: nothing is logged
	Now func() time.Time // nil: time.Now
}

// Mode is the way that people log in.
type Mode string

// The modes.
const (
	Standard Mode = ""
	FAPI2    Mode = "fapi2"
)

// testClient is what the test platform calls this site.
func (m Mode) testClient() string {
	if m == Standard {
		return "portal"
	}
	return "portal-" + string(m)
}

// name is how the pages call it.
func (m Mode) name() ui.Text {
	if m == FAPI2 {
		return same("FAPI 2.0 (PAR, private_key_jwt, DPoP)")
	}
	return same("OpenID Connect")
}

// own returns the origin of this site.
func (c *Config) own() (string, error) {
	u, err := url.Parse(c.RedirectURL)
	if err != nil || u.Host == "" {
		return "", errors.New("the redirect URL is no absolute URL")
	}
	return u.Scheme + "://" + u.Host, nil
}

// login is what package sso is told. The addresses of this site come from its own
// configuration, never from a request.
func (c *Config) login(s *site) sso.Config {
	to := sso.Config{
		Issuer: c.Issuer, ClientID: c.ClientID, RedirectURL: c.RedirectURL,
		Scopes: []string{"profile", "vneid:id"}, Need: vneid.Assurance{Level: 1, Auth: 1},
		// The cookie is a ticket; the session, which has tokens, stays here.
		Sessions:  sso.NewMemorySessions(0, c.Now),
		LogoutURL: s.origin + "/left",
		ErrorPage: s.refusal, Now: c.Now,
	}
	if c.Mode == FAPI2 {
		to.Profile, to.Key, to.KeyID = sso.FAPI2, c.Key, c.KeyID
		return to
	}
	to.ClientSecret = c.ClientSecret
	return to
}
