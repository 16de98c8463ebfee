package vneidtest_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// keeping gives a configuration a key of its own, so that several clients made of
// it are one party.
func keeping(t *testing.T, cfg sso.Config) sso.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Profile == sso.FAPI2 {
		cfg.DPoPKey = key
	}
	return cfg
}

// The modules of the OpenID Foundation's suite for relying parties that the platform
// plays: replicated, not certified. The criterion is the suite's: the relying party
// stops, or goes on where it must.
func TestModulesOfTheConformanceSuite(t *testing.T) {
	p := vneidtest.New(t)
	standard, fapi2, jarm := p.SSO(back), keeping(t, p.FAPI2(back)), keeping(t, p.FAPI2(back))
	jarm.JARM = true
	signed := p.Encrypt(p.SSO(back)) // with an encryption key userinfo is signed too
	signed.SignedUserinfo = true
	for _, m := range platform.Modules() {
		cfg := standard
		switch {
		case strings.Contains(m.Name, "-ensure-jarm-"):
			cfg = jarm
		case strings.HasPrefix(m.Name, "fapi2-"):
			cfg = fapi2
		case strings.HasSuffix(m.Name, "-userinfo-signed"):
			cfg = signed
		}
		t.Run(m.Name, func(t *testing.T) {
			defer p.Heal()
			twin, err := p.Login("level2", cfg)
			if err != nil {
				t.Fatalf("the twin does not pass: %v", err)
			}
			if m.Fault != "" {
				p.Break(m.Fault)
			}
			var done bool
			switch {
			case strings.Contains(m.Name, "-backchannel-"):
				p.Heal()
				done, err = toldOfLogout(t, p, m.Fault)
			case m.Logout:
				p.Heal()
				done, err = loggedOut(t, p, m.Fault)
			case m.Later:
				done, err = refreshed(t, cfg, twin)
			default:
				id, fail := p.Login("level2", cfg)
				done, err = !id.IsZero(), fail
			}
			var kind vneid.Kind
			if done != m.Passes || (err == nil) != m.Passes || err != nil && !errors.As(err, &kind) {
				t.Errorf("goes on: %v, %v", done, err)
			}
		})
	}
}

// refreshed renews the tokens of a login.
func refreshed(t *testing.T, cfg sso.Config, id *sso.Identity) (bool, error) {
	t.Helper()
	client, err := sso.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if !id.Tokens().Refreshable() {
		t.Fatal("the login gave no refresh token")
	}
	fresh, err := client.Refresh(t.Context(), id.Tokens(), func(context.Context, *sso.Tokens) error { return nil })
	return fresh != nil, err
}

// loggedOut logs a person in and out at a portal, with the fault in between, and
// tells whether they came back as they left.
func loggedOut(t *testing.T, p *vneidtest.Platform, fault string) (back bool, err error) {
	t.Helper()
	mux := http.NewServeMux()
	portal := httptest.NewServer(mux)
	defer portal.Close()
	cfg := p.SSO(portal.URL + "/callback")
	cfg.LogoutURL = portal.URL + "/logged-out"
	cfg.ErrorPage = func(w http.ResponseWriter, _ *http.Request, refused error) {
		err = refused
		w.WriteHeader(http.StatusForbidden)
	}
	client, fail := sso.New(cfg)
	if fail != nil {
		t.Fatal(fail)
	}
	mux.Handle("GET /login", client.Login(sso.Ask{Return: "/home"}))
	mux.Handle("GET /callback", client.Callback(nil))
	mux.Handle("POST /logout", client.Logout("/bye"))
	mux.Handle("GET /logged-out", client.LoggedOut("/bye"))
	mux.HandleFunc("GET /home", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("GET /bye", func(http.ResponseWriter, *http.Request) { back = true })
	browser := p.Browser("level2")
	visit := func(resp *http.Response, fail error) *http.Response {
		if fail != nil {
			t.Fatal(fail)
		}
		resp.Body.Close()
		return resp
	}
	if visit(browser.Get(portal.URL+"/login")).Request.URL.Path != "/home" {
		t.Fatalf("the login does not pass: %v", err)
	}
	if fault != "" {
		p.Break(fault)
	}
	visit(browser.PostForm(portal.URL+"/logout", nil))
	return back, err
}

func TestTokensLiveAndEndWithTheLogin(t *testing.T) {
	p := vneidtest.New(t)
	for name, cfg := range map[string]sso.Config{"Standard": p.SSO(back), "FAPI2": keeping(t, p.FAPI2(back))} {
		id, err := p.Login("level2", cfg)
		if err != nil {
			t.Fatal(err)
		}
		client, err := sso.New(cfg)
		if err != nil {
			t.Fatal(err)
		}
		ctx := t.Context()
		tokens := id.Tokens()
		for range 3 {
			if tokens, err = client.Refresh(ctx, tokens, func(context.Context, *sso.Tokens) error { return nil }); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		var plain struct{ Access string }
		if b, err := json.Marshal(tokens); err != nil || json.Unmarshal(b, &plain) != nil || tokens.Bound() != (cfg.Profile == sso.FAPI2) {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := client.Introspect(ctx, plain.Access); err != nil {
			t.Errorf("%s: introspection: %v", name, err)
		}
		if err := client.Revoke(ctx, tokens); err != nil {
			t.Errorf("%s: revocation: %v", name, err)
		}
		if seen, err := client.Introspect(ctx, plain.Access); err == nil {
			t.Errorf("%s: revoked, and yet %v", name, seen)
		}
		if fresh, err := client.Refresh(ctx, tokens, func(context.Context, *sso.Tokens) error { return nil }); err == nil || fresh != nil {
			t.Errorf("%s: revoked, and yet refreshed", name)
		}
	}
}
