// Package vneidtest is a fake VNeID for unit tests: a whole identity provider in
// the test's own process, on a loopback listener, ready in a few milliseconds.
//
//	func TestPortal(t *testing.T) {
//		vneid := vneidtest.New(t)
//		cfg := vneid.SSO("http://127.0.0.1:8080/callback")
//		portal := httptest.NewServer(NewPortal(cfg))   // your own handler
//		…
//		resp, err := vneid.Browser("level2").Get(portal.URL + "/login")
//	}
//
// Nothing is short-circuited: the browser follows redirects, types the person's
// number and password, confirms in the app, agrees on the consent page; tokens
// and codes are signed and verified as anywhere else.
//
// # People
//
// Everybody is invented and is called by a handle that says what is special
// about them. People lists them all; the ones most tests need:
//
//	level2          everything in order          level1          level 1 only
//	eid-locked      căn cước điện tử locked      account-locked  tài khoản locked
//	minor, infant   with guardians               ward            with a guardian
//	foreigner       no personal number           first-login     must change the password
//	expired-card    no-expiry                    old-cmnd        reissued
//
// # Breaking things
//
// Break switches a defect on by its name, such as "wrong-nonce", "jwks-down" or
// "qr-expired"; Faults lists the names. Advance moves the clock that the platform
// and the configurations from SSO and QR share, so nothing has to sleep.
//
// # Profiles
//
// SSO configures a Standard login and FAPI2 one by FAPI 2.0; Encrypt adds a key for
// encrypted tokens to either, API an API that their access tokens open. Both get
// refresh tokens. VNConnect and Envelope configure logins by the wires before OpenID
// Connect (package sso/legacy).
//
// # Counters
//
// CIBA lets a relying party begin logins itself (package sso/ciba); Approve and Refuse
// are the person's answer in the app.
//
// # Data requests
//
// Share configures a relying party that asks for documents (package vneid/share); Ask
// lets a person answer it. Conformance is the platform as a target of package sharetest.
//
// # Logouts
//
// BackchannelLogout registers the address that the platform calls when a session
// ends; LogOut ends all of a person's.
//
// # Services
//
// Services configures a client of vneid/services with the lodgings that it notifies
// stays for; Decide is the officer of its tickets, Inbox what people find in the app.
//
// # What it is not
//
// The platform's wire is this project's reading of OpenID Connect: VNeID has
// published no interface. Passing here is no approval to connect. Everything the
// platform shows or sends carries the words MÔI TRƯỜNG THỬ NGHIỆM – KHÔNG PHẢI
// VNeID.
package vneidtest

import (
	"context"
	"fmt"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// Platform is a running fake. Its methods end the test when they are called with
// a handle or a name that does not exist. It is safe for concurrent use.
type Platform struct {
	t      testing.TB
	engine *platform.Platform
	server *httptest.Server
	clock  platform.Clock
	replay *vneid.MemoryReplay

	mu       sync.Mutex
	clients  int
	declines map[string][]string // handle → scopes; an empty list declines everything
	chose    map[string]bool     // handle → has replaced the first password
}

// New starts a platform with all its people, and stops it when the test ends.
func New(t testing.TB) *Platform {
	t.Helper()
	p := &Platform{t: t, server: httptest.NewUnstartedServer(nil), declines: map[string][]string{}, chose: map[string]bool{}}
	p.replay = vneid.NewMemoryReplay(0, p.Now)
	var err error
	p.engine, err = platform.New(platform.Config{
		Issuer: "http://" + p.server.Listener.Addr().String(), Now: p.clock.Now, PasswordRounds: 1,
	})
	if err == nil {
		err = p.engine.Seed(context.Background())
	}
	if err != nil {
		p.server.Listener.Close()
		t.Fatalf("vneidtest: %v", err)
	}
	p.server.Config.Handler = p.engine.Handler()
	p.server.Start()
	t.Cleanup(p.server.Close)
	return p
}

// Issuer returns the platform's URL, which is its issuer identifier.
func (p *Platform) Issuer() string { return p.engine.Issuer() }

// SSO registers a relying party and returns its configuration. Change what the
// test is about (Need, Scopes, …); the scopes openid, profile, phone, email,
// vneid:id and vneid:card are registered, and / and /logged-out on the same host for
// Config.LogoutURL.
func (p *Platform) SSO(redirectURL string) sso.Config {
	p.t.Helper()
	c := p.registration(redirectURL)
	c.Secret = c.ID + "-secret-of-a-test"
	p.must(p.engine.Register(context.Background(), c))
	return p.configuration(c)
}

// registration is a new relying party without a way to authenticate.
func (p *Platform) registration(redirectURL string) platform.Client {
	p.mu.Lock()
	p.clients++
	id := fmt.Sprintf("relying-party-%d", p.clients)
	p.mu.Unlock()
	c := platform.Client{
		ID: id, Name: "Đơn vị thử nghiệm " + id, Class: "public-service", Sector: id, RedirectURIs: []string{redirectURL},
		Scopes: []string{"profile", "phone", "email", "vneid:id", "vneid:card"}, Redeem: true, Refresh: true,
	}
	if u, err := url.Parse(redirectURL); err == nil {
		c.LogoutURIs = []string{u.Scheme + "://" + u.Host + "/", u.Scheme + "://" + u.Host + "/logged-out"}
	}
	return c
}

func (p *Platform) configuration(c platform.Client) sso.Config {
	return sso.Config{
		Issuer: p.Issuer(), ClientID: c.ID, ClientSecret: c.Secret, RedirectURL: c.RedirectURIs[0],
		Scopes: []string{"profile", "vneid:id"}, Now: p.Now,
	}
}

// QR returns the configuration of a verifier of the platform's QR codes, which
// redeems one-time codes at the platform. Set AcceptUnchecked for card codes, and
// Document where a document is to be shown.
func (p *Platform) QR() qr.Config {
	p.t.Helper()
	c := p.SSO(p.Issuer() + "/nowhere")
	return qr.Config{
		Issuers: []string{p.Issuer()},
		Keys:    &jwks.Remote{URL: p.Issuer() + "/qr/jwks.json", Issuer: p.Issuer(), Uses: []vneid.Use{vneid.UseQR}, Now: p.Now},
		Replay:  p.replay, // as old as the platform, so that a code may be older than its verifier
		Signs: map[string][]document.Kind{
			p.Issuer(): {document.DriverLicence, document.VehicleRegistration, document.HealthInsurance},
		},
		Redeem: &redeemer{url: p.Issuer() + "/qr/redeem", client: c.ClientID, secret: c.ClientSecret},
		Now:    p.Now,
	}
}

// Code says which QR code to issue. The zero value is a dynamic one (mã QR định
// danh) for any verifier.
type Code struct {
	Kind            qr.Kind       // 0: qr.Dynamic, or qr.Document with Document
	Document        document.Kind // show this one instead of the person
	JWS             bool          // a compact JWS instead of VN1:
	Audience, Nonce string        // of a one-time code; empty: not bound
}

// IssueQR returns the text of a fresh QR code of a person. Who is locked, or has
// too low a level for the kind, gets a *vneid.LockError or *vneid.LevelError; whose
// document does not count yet a *qr.PaperError.
func (p *Platform) IssueQR(handle string, c Code) (string, error) {
	p.t.Helper()
	q := platform.CodeRequest{Kind: c.Kind, Document: c.Document, Audience: c.Audience, Nonce: c.Nonce, Holder: qr.HolderDevice}
	switch {
	case c.Kind == 0 && c.Document != "":
		q.Kind = qr.Document
	case c.Kind == 0:
		q.Kind = qr.Dynamic
	}
	if c.JWS {
		q.Profile = platform.JWS
	}
	return p.engine.IssueCode(context.Background(), p.known(handle), q)
}

// Now returns the platform's time. It is a clock for configurations.
func (p *Platform) Now() time.Time { return p.clock.Now() }

// Advance puts the platform's clock forward, and lets the platform repeat what it
// could not tell a relying party before.
func (p *Platform) Advance(d time.Duration) {
	p.clock.Advance(d)
	p.deliver()
}

// AnnounceKeys publishes the next keys of logins and QR codes, without using
// them yet.
func (p *Platform) AnnounceKeys() {
	p.t.Helper()
	p.must(p.engine.LoginKeys().Announce())
	p.must(p.engine.QRKeys().Announce())
}

// RotateKeys begins to sign with the announced keys, and announces some first if
// there are none. The former keys stay published until RetireKeys.
func (p *Platform) RotateKeys() {
	p.t.Helper()
	for _, k := range []*platform.Keys{p.engine.LoginKeys(), p.engine.QRKeys()} {
		if !k.Announced() {
			p.must(k.Announce())
		}
		p.must(k.Switch())
	}
}

// RetireKeys stops publishing the former keys.
func (p *Platform) RetireKeys() {
	p.t.Helper()
	p.must(p.engine.LoginKeys().Retire())
	p.must(p.engine.QRKeys().Retire())
}

// Fault is a defect that Break can switch on.
type Fault struct {
	Name  string // such as "wrong-nonce"
	About string // what is wrong while it is on
}

// Faults lists every defect by name.
func Faults() []Fault {
	var out []Fault
	for _, f := range platform.Faults() {
		out = append(out, Fault{f.Name, f.About})
	}
	return out
}

// Break switches a defect on. Several can be on at once.
func (p *Platform) Break(fault string) {
	p.t.Helper()
	p.must(p.engine.Break("", fault))
}

// Heal switches every defect off.
func (p *Platform) Heal() { p.engine.Heal("") }

func (p *Platform) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatalf("vneidtest: %v", err)
	}
}

// known returns the account of a handle.
func (p *Platform) known(handle string) string {
	p.t.Helper()
	if _, ok := personas.Get(handle); !ok {
		p.t.Fatalf("vneidtest: nobody has the handle %q; see People", handle)
	}
	return handle
}
