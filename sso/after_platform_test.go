package sso_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// registered is a relying party at the reference platform and somebody's login.
func registered(t *testing.T, p *vneidtest.Platform, cfg sso.Config) (*sso.Client, *sso.Tokens) {
	t.Helper()
	id, err := p.Login("level2", cfg)
	if err != nil {
		t.Fatal(err)
	}
	if id.Tokens() == nil || !id.Tokens().Refreshable() {
		t.Fatal("the platform gave no refresh token")
	}
	c, err := sso.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	p.Advance(time.Minute)
	return c, id.Tokens()
}

// parties are the three sorts of relying party.
func parties(t *testing.T) map[string]func(*vneidtest.Platform) sso.Config {
	const back = "https://portal.example/callback"
	bound := func(cfg sso.Config) sso.Config {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		cfg.DPoPKey = key
		return cfg
	}
	return map[string]func(*vneidtest.Platform) sso.Config{
		"Standard":          func(p *vneidtest.Platform) sso.Config { return p.SSO(back) },
		"Standard and DPoP": func(p *vneidtest.Platform) sso.Config { return bound(p.SSO(back)) },
		"FAPI2":             func(p *vneidtest.Platform) sso.Config { return bound(p.FAPI2(back)) },
		"FAPI2, encrypted":  func(p *vneidtest.Platform) sso.Config { return bound(p.Encrypt(p.FAPI2(back))) },
	}
}

func TestAfterALoginAtThePlatform(t *testing.T) {
	for name, party := range parties(t) {
		t.Run(name, func(t *testing.T) {
			p := vneidtest.New(t)
			c, first := registered(t, p, party(p))
			ctx := t.Context()
			var kept *sso.Tokens
			save := func(_ context.Context, t *sso.Tokens) error { kept = t; return nil }
			fresh, err := c.Refresh(ctx, first, save)
			if err != nil || kept != fresh || fresh.Bound() != (name != "Standard") {
				t.Fatal(err)
			}
			if again, err := c.Refresh(ctx, first, save); err != nil || again != fresh {
				t.Errorf("a late comer: %v", err)
			}
			h, err := c.Access(fresh, save, p.Issuer())
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				res, err := h.Get(p.Issuer() + "/userinfo")
				if err != nil {
					t.Fatal(err)
				}
				res.Body.Close()
				if res.StatusCode != 200 {
					t.Errorf("the resource server answers %d", res.StatusCode)
				}
				p.Advance(10 * time.Minute) // past the end of the access token
			}
			access := tokenOf(t, kept)
			i, err := c.Introspect(ctx, access)
			if err != nil || i.Subject() == "" || (i.Thumbprint() != "") != (name != "Standard") {
				t.Errorf("%v", err)
			}
			if err := c.Revoke(ctx, kept); err != nil {
				t.Error(err)
			}
			if _, err := c.Introspect(ctx, access); !errors.Is(err, vneid.ErrRevoked) {
				t.Errorf("after the revocation: %v", err)
			}
			if _, err := c.Refresh(ctx, kept, save); !errors.Is(err, vneid.ErrExpired) {
				t.Errorf("after the revocation: %v", err)
			}
		})
	}
}

// tokenOf is the access token, by the door that is meant for stores.
func tokenOf(t *testing.T, tokens *sso.Tokens) string {
	t.Helper()
	b, err := json.Marshal(tokens)
	if err != nil {
		t.Fatal(err)
	}
	var plain struct{ Access string }
	if err := json.Unmarshal(b, &plain); err != nil || plain.Access == "" {
		t.Fatal("no access token")
	}
	return plain.Access
}

// A11: the platform ends the family when a spent refresh token comes again.
func TestASpentRefreshTokenEndsTheLogin(t *testing.T) {
	p := vneidtest.New(t)
	cfg := parties(t)["Standard"](p)
	c, first := registered(t, p, cfg)
	nowhere := func(context.Context, *sso.Tokens) error { return nil }
	fresh, err := c.Refresh(t.Context(), first, nowhere)
	if err != nil {
		t.Fatal(err)
	}
	thief, err := sso.New(cfg) // knows the secret and an old copy of the tokens
	if err != nil {
		t.Fatal(err)
	}
	if _, err := thief.Refresh(t.Context(), first, nowhere); !errors.Is(err, vneid.ErrExpired) {
		t.Errorf("the thief gets %v", err)
	}
	if _, err := c.Refresh(t.Context(), fresh, nowhere); !errors.Is(err, vneid.ErrExpired) {
		t.Errorf("the family goes on: %v", err)
	}
}

func TestNamedDefectsOfThePlatformAfterTheLogin(t *testing.T) {
	nowhere := func(context.Context, *sso.Tokens) error { return nil }
	refresh := func(c *sso.Client, t *sso.Tokens) error {
		_, err := c.Refresh(context.Background(), t, nowhere)
		return err
	}
	introspect := func(c *sso.Client, access string) error {
		_, err := c.Introspect(context.Background(), access)
		return err
	}
	for fault, want := range map[string]vneid.Kind{
		"refresh-wrong-issuer": vneid.ErrUntrusted, "refresh-other-sub": vneid.ErrMismatch, "refresh-wrong-audience": vneid.ErrMismatch,
		"refresh-other-auth-time": vneid.ErrMismatch, "refresh-nonce": vneid.ErrMismatch,
		"introspect-down": vneid.ErrUnavailable, "introspect-inactive": vneid.ErrRevoked, "introspect-wrong-issuer": vneid.ErrUntrusted,
		"revoke-down": vneid.ErrUnavailable,
	} {
		for name, party := range parties(t) {
			p := vneidtest.New(t)
			c, first := registered(t, p, party(p))
			access := tokenOf(t, first)
			if err := introspect(c, access); err != nil {
				t.Fatalf("%s: the twin: %v", name, err)
			}
			p.Break(fault)
			var err error
			switch fault[:6] {
			case "refres":
				err = refresh(c, first)
			case "intros":
				err = introspect(c, access)
			default:
				err = c.Revoke(t.Context(), first)
			}
			for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
				if errors.Is(err, k) != (k == want) {
					t.Errorf("%s, %s: %v, want %v", name, fault, err, want)
				}
			}
		}
	}
}

// The modules about what follows a login, under the suite's names: replicated, not
// certified.
func TestConformanceAfterALoginAtThePlatform(t *testing.T) {
	run := 0
	for _, m := range platform.Modules() {
		play := map[bool]func(*testing.T, platform.Module) error{m.Later: playRefresh, m.Logout: playLogout}[true]
		if play == nil {
			continue
		}
		run++
		t.Run(m.Name, func(t *testing.T) {
			switch err := play(t, m); {
			case m.Passes && err != nil:
				t.Error(err)
			case !m.Passes && !errors.As(err, new(vneid.Kind)):
				t.Errorf("%s passed, or ended without a kind: %v", m.Fault, err)
			}
		})
	}
	if run < 7 {
		t.Errorf("only %d modules", run)
	}
}

// playRefresh refreshes the tokens of a login.
func playRefresh(t *testing.T, m platform.Module) error {
	p := vneidtest.New(t)
	cfg := configuration(p, m.Name)
	if cfg.Profile == sso.FAPI2 {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		cfg.DPoPKey = key
	}
	c, first := registered(t, p, cfg)
	if m.Fault != "" {
		p.Break(m.Fault)
	}
	_, err := c.Refresh(t.Context(), first, func(context.Context, *sso.Tokens) error { return nil })
	return err
}

// playLogout logs a person in and out at a portal, with the platform in between.
func playLogout(t *testing.T, m platform.Module) error {
	p := vneidtest.New(t)
	mux := http.NewServeMux()
	portal := httptest.NewServer(mux)
	defer portal.Close()
	cfg := p.SSO(portal.URL + "/callback")
	cfg.LogoutURL = portal.URL + "/"
	var refused error
	cfg.ErrorPage = func(w http.ResponseWriter, _ *http.Request, err error) {
		refused = err
		w.WriteHeader(http.StatusForbidden)
	}
	c, err := sso.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("/callback", c.Callback(nil))
	mux.Handle("/logout", c.Logout("/here-alone"))
	if strings.Contains(m.Name, "-backchannel-") {
		p.BackchannelLogout(cfg, portal.URL+"/told")
		told, err := c.BackchannelLogout(func(_ *http.Request, _ sso.Login, err error) { refused = err })
		if err != nil {
			t.Fatal(err)
		}
		mux.Handle("/told", told)
	}
	mux.Handle("GET /{$}", c.LoggedOut("/bye"))
	say := func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, "at "+r.URL.Path) }
	mux.HandleFunc("/bye", say)
	mux.HandleFunc("/here-alone", say)
	mux.Handle("/home", c.Require(sso.Ask{}, http.HandlerFunc(say)))

	b := p.Browser("level2")
	page := func(res *http.Response, err error) string {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		text, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	if text := page(b.Get(portal.URL + "/home")); text != "at /home" {
		t.Fatalf("not logged in: %s, %v", text, refused)
	}
	if m.Fault != "" {
		p.Break(m.Fault)
	}
	if text := page(b.Post(portal.URL+"/logout", "", nil)); refused == nil && text != "at /bye" {
		t.Errorf("the logout ends %q", text)
	}
	b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if text := page(b.Get(portal.URL + "/home")); text == "at /home" {
		t.Error("still logged in here")
	}
	return refused
}
