package oidcprovider

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func nowhere(context.Context, *sso.Tokens) error { return nil }

// accessOf reads the access token out of the JSON that a program would store.
func accessOf(t *testing.T, tokens *sso.Tokens) string {
	t.Helper()
	b, err := json.Marshal(tokens)
	var in struct{ Access string }
	if err == nil {
		err = json.Unmarshal(b, &in)
	}
	if err != nil || in.Access == "" {
		t.Fatal("no access token", err)
	}
	return in.Access
}

// bearer is a relying party of OpenID Connect without FAPI at a provider that rotates
// refresh tokens.
func bearer(c *sso.Config, reg object) { standard("client_secret_basic")(c, reg) }

// TestTokensLiveOn: userinfo through Access, introspection, refresh, revocation.
func TestTokensLiveOn(t *testing.T) {
	for name, set := range map[string]func(*sso.Config, object){"FAPI2": level, "Standard": bearer} {
		t.Run(name, func(t *testing.T) {
			s, p := here(t, set)
			bound := s.cfg.Profile == sso.FAPI2
			b := newBrowser(t, s, p.issuer)
			if _, page := b.get(s.srv.URL + "/home"); page != "home of Lê Văn Dũng" {
				t.Fatal(page, s.refusal())
			}
			first := s.identity().Tokens()
			me := func(tokens *sso.Tokens) (int, string) {
				t.Helper()
				api, err := s.client.Access(tokens, nowhere, p.issuer)
				if err != nil {
					t.Fatal(err)
				}
				res, err := api.Get(p.issuer + "/me")
				if err != nil {
					t.Fatal(err)
				}
				defer res.Body.Close()
				text, _ := io.ReadAll(res.Body)
				return res.StatusCode, string(text)
			}
			if status, text := me(first); status != http.StatusOK || !strings.Contains(text, `"sub":"dung"`) {
				t.Errorf("userinfo as an API: %d %s", status, text)
			}
			seen, err := s.client.Introspect(t.Context(), accessOf(t, first))
			if err != nil {
				t.Fatal(err)
			}
			if seen.Subject() != "dung" || seen.Client() != "portal" || (seen.Thumbprint() != "") != bound || !slices.Contains(seen.Scopes(), "vneid:id") {
				t.Errorf("introspected: %s, %s, %q, %v", seen.Subject(), seen.Client(), seen.Thumbprint(), seen.Scopes())
			}
			second, err := s.client.Refresh(t.Context(), first, nil) // its session keeps them
			if err != nil {
				t.Fatal(err)
			}
			if accessOf(t, second) == accessOf(t, first) {
				t.Error("the access token stayed")
			}
			if status, _ := me(second); status != http.StatusOK {
				t.Errorf("after the refresh: %d", status)
			}
			if err := s.client.Revoke(t.Context(), second); err != nil {
				t.Fatal(err)
			}
			if status, _ := me(second); status != http.StatusUnauthorized {
				t.Errorf("after the revocation: %d", status)
			}
			if _, err := s.client.Introspect(t.Context(), accessOf(t, second)); !errors.Is(err, vneid.ErrRevoked) {
				t.Errorf("introspected after the revocation: %v", err)
			}
			if _, err := s.client.Refresh(t.Context(), second, nil); !errors.Is(err, vneid.ErrExpired) {
				t.Errorf("refreshed after the revocation: %v", err)
			}
		})
	}
}

// TestASpentRefreshTokenEndsTheLogin: the provider rotates, and takes a second use of
// the first token for theft (RFC 9700 §4.14.2).
func TestASpentRefreshTokenEndsTheLogin(t *testing.T) {
	s, p := here(t, bearer)
	newBrowser(t, s, p.issuer).get(s.srv.URL + "/home")
	first := s.identity().Tokens()
	// A thief has the tokens and none of this process's memory of what became of them.
	stolen, err := json.Marshal(first)
	copied := new(sso.Tokens)
	if err = errors.Join(err, json.Unmarshal(stolen, copied)); err != nil {
		t.Fatal(err)
	}
	thief, err := sso.New(s.cfg)
	if err != nil {
		t.Fatal(err)
	}
	second, err := s.client.Refresh(t.Context(), first, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := thief.Refresh(t.Context(), copied, nowhere); !errors.Is(err, vneid.ErrExpired) {
		t.Errorf("a spent token: %v", err)
	}
	if _, err := s.client.Refresh(t.Context(), second, nil); !errors.Is(err, vneid.ErrExpired) {
		t.Errorf("its successor: %v", err)
	}
}

// stops lets the browser look at where a redirect would lead.
func (b *browser) stops() {
	b.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
}

// TestALogoutReachesEverySite: a person is logged in at two sites of one provider
// session. The logout at the first goes by the provider (RP-Initiated Logout) and comes
// back; the provider tells the second (Back-Channel Logout).
func TestALogoutReachesEverySite(t *testing.T) {
	for name, set := range map[string][]func(*sso.Config, object){
		"signed": nil, "by PS256": {by("PS256")}, "encrypted": {sealed(t, ecKey(t), "ECDH-ES+A256KW", "A256GCM")},
	} {
		t.Run(name, func(t *testing.T) {
			a, z := newParty(t), newParty(t)
			clients := []object{a.strict(t, "first", ecKey(t), set...), z.strict(t, "second", ecKey(t), set...)}
			p := start(t, a.srv, clients...)
			a.open(t, p.issuer)
			z.open(t, p.issuer)
			b := newBrowser(t, a, p.issuer)
			for _, s := range []*party{a, z} {
				if _, page := b.get(s.srv.URL + "/home"); page != "home of Lê Văn Dũng" {
					t.Fatal(page, s.refusal())
				}
			}
			if a.identity().SessionID() == "" || z.identity().SessionID() == a.identity().SessionID() {
				t.Errorf("sid: %q and %q", a.identity().SessionID(), z.identity().SessionID())
			}
			tokens := a.identity().Tokens()
			p.heard()
			if status, page := b.post(a.srv.URL + "/logout"); status != http.StatusOK || page != "bye" {
				t.Fatalf("%d %s %v", status, page, a.refusal())
			}
			end := p.asked("/session/end")
			if len(end) != 1 || (end[0].Form.Get("id_token_hint") == "") != (len(a.cfg.Decrypt) > 0) || end[0].Form.Get("state") == "" {
				t.Errorf("to the provider: %v", end)
			}
			told := p.heard()
			if n := count(told, "backchannel.success"); n != 2 {
				t.Errorf("told %d sites: %v", n, told)
			}
			if _, err := a.client.Introspect(t.Context(), accessOf(t, tokens)); !errors.Is(err, vneid.ErrRevoked) {
				t.Errorf("the tokens of the login live on: %v", err)
			}
			b.stops()
			for _, s := range []*party{a, z} {
				if status, page := b.get(s.srv.URL + "/home"); status != http.StatusSeeOther && status != http.StatusFound {
					t.Errorf("still logged in: %d %s", status, page)
				}
			}
		})
	}
}

func count(list []any, what string) (n int) {
	for _, x := range list {
		if x == what {
			n++
		}
	}
	return n
}
