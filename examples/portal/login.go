package main

import (
	"crypto"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/legacy"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Config says which provider to use and who this site is there.
type Config struct {
	Issuer       string
	ClientID     string
	ClientSecret string // of modes that have one
	RedirectURL  string

	Mode  Mode
	Key   crypto.Signer // FAPI2: signs; Envelope: an RSA key that decrypts
	KeyID string

	// ScanID and ScanSecret are for the redeeming of QR codes, which knows no keys
	// (project format). No ID: those of the test platform.
	ScanID, ScanSecret string

	// HotelKey, HotelKeyID and HotelID are the client that notifies stays. No key: that
	// of the test platform.
	HotelKey            crypto.Signer
	HotelKeyID, HotelID string

	// Asking is the client that asks for documents. No Key: that of the test platform.
	Asking Asking

	Log *slog.Logger     // nil: nothing is logged
	Now func() time.Time // nil: time.Now
}

// Mode is the way that people log in.
type Mode string

// The modes: two profiles of OpenID Connect, and the two wires before it.
const (
	Standard  Mode = ""
	FAPI2     Mode = "fapi2"
	VNConnect Mode = "vnconnect"
	Envelope  Mode = "envelope"
)

// old reports whether the mode is a wire before OpenID Connect: nobody signs what it
// says, and there are no tokens and no logout at the provider.
func (m Mode) old() bool { return m == VNConnect || m == Envelope }

// testClient is what the test platform calls this site.
func (m Mode) testClient() string {
	if m == Standard {
		return "portal"
	}
	return "portal-" + string(m)
}

// name is how the pages call it.
func (m Mode) name() ui.Text {
	switch m {
	case FAPI2:
		return same("FAPI 2.0 (PAR, private_key_jwt, DPoP)")
	case VNConnect:
		return ui.Text{Vi: "VNConnect (giao thức cũ, không có chữ ký)", En: "VNConnect (an old protocol, nothing is signed)"}
	case Envelope:
		return ui.Text{Vi: "Phong bì mã hóa (giao thức cũ, không có chữ ký)", En: "encrypted envelope (an old protocol, nothing is signed)"}
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
		Issuer: c.Issuer, ClientID: c.ClientID, ClientSecret: c.ClientSecret, RedirectURL: c.RedirectURL,
		// The cookie is a ticket; the session, which has tokens, stays here.
		Sessions:  sso.NewMemorySessions(0, c.Now),
		ErrorPage: s.refusal, Now: c.Now,
	}
	if c.Mode.old() {
		to.Wire, to.Accept = c.wire(), sso.TransportOnly
		return to
	}
	to.Scopes, to.Need = []string{"profile", "vneid:id"}, vneid.Assurance{Level: 1, Auth: 1}
	to.LogoutURL = s.origin + "/left"
	if c.Mode == FAPI2 {
		to.Profile, to.Key, to.KeyID, to.ClientSecret = sso.FAPI2, c.Key, c.KeyID, ""
	}
	return to
}

// wire is the old protocol. The paths are the test platform's: a deployment has its
// own, from the contract, and may differ in more (see legacy.Deployment).
func (c *Config) wire() sso.Wire {
	at := func(path string) string { return strings.TrimSuffix(c.Issuer, "/") + path }
	if c.Mode == VNConnect {
		return legacy.VNConnect{Deployment: legacy.Deployment{
			AuthURL: at("/oauth2/authorize"), TokenURL: at("/oauth2/token"), UserinfoURL: at("/oauth2/userinfo"),
		}}.Wire()
	}
	key, _ := c.Key.(crypto.Decrypter) // nil, or another sort of key: New says so
	subjects := make([]byte, 32)       // of this run: a real site keeps it as long as its accounts
	rand.Read(subjects)
	return legacy.Envelope{
		Deployment: legacy.Deployment{AuthURL: at("/auth"), TokenURL: at("/auth/token"), UserinfoURL: at("/auth/userinfo")},
		Key:        key, SubjectKey: subjects,
	}.Wire()
}
