package oidcprovider

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/resource"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// TestATokenOfTheProviderOpensAnAPI: the provider issues an RFC 9068 token bound to
// the client's key, package sso carries it, package resource lets it in, under a nonce
// of its own, and lets nothing in that was changed.
func TestATokenOfTheProviderOpensAnAPI(t *testing.T) {
	s := newParty(t)
	p := start(t, s.srv, s.strict(t, "caller", ecKey(t)))
	s.cfg.DPoPKey = ecKey(t)
	s.cfg.Scopes, s.cfg.Sessions = nil, nil // this provider's tokens for an API do not open userinfo, which a scope would need
	s.open(t, p.issuer)
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	defer srv.Close()
	var refusal error
	conf := resource.Config{
		Issuer: p.issuer, Audience: "https://api.example/", URL: srv.URL, Nonces: true,
		Need:    resource.Need{Assurance: vneid.Assurance{Level: 2, Auth: 3}, Bound: true},
		Refused: func(_ *http.Request, err error) { refusal = err },
	}
	api, err := resource.New(conf)
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("GET /records", api.Require(resource.Need{}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, _ := resource.FromContext(r.Context())
		fmt.Fprintf(w, "records of %s for %s", token.Subject(), token.Client())
	})))
	where, session, err := s.client.Begin(t.Context(), sso.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	id, err := s.client.Finish(t.Context(), session, newBrowser(t, s, p.issuer).returns(where, s.cfg.RedirectURL))
	if err != nil {
		t.Fatal(err)
	}
	calls, err := s.client.Access(id.Tokens(), nowhere, srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second has the nonce at once
		res, err := calls.Get(srv.URL + "/records")
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if string(text) != "records of dung for caller" {
			t.Errorf("%d %s %v", res.StatusCode, text, refusal)
		}
	}
	access := accessOf(t, id.Tokens())
	if strings.Count(access, ".") != 2 {
		t.Fatal("the access token is no JWT")
	}
	prover, err := oauth.NewProver(s.cfg.DPoPKey, nil)
	if err != nil {
		t.Fatal(err)
	}
	holder := oauth.Party{HTTP: oauth.HTTP(nil, srv.URL), Prover: prover}
	present := func(token string) int {
		t.Helper()
		a, err := holder.Get(t.Context(), srv.URL+"/records", token)
		if err != nil {
			t.Fatal(err)
		}
		return a.Status
	}
	for name, bad := range map[string]struct {
		change func(string) string
		want   vneid.Kind
	}{
		"another signature":     {part(2, flip), vneid.ErrSignature},
		"for another API":       {says(1, "aud", "https://other.example/"), vneid.ErrSignature},
		"with a scope":          {says(1, "scope", "records"), vneid.ErrSignature},
		"for any key":           {says(1, "cnf", nil), vneid.ErrSignature},
		"of another issuer":     {says(1, "iss", "https://evil.example"), vneid.ErrUntrusted},
		"of another type":       {says(0, "typ", "JWT"), vneid.ErrMalformed},
		"by nobody":             {unsigned, vneid.ErrUntrusted},
		"by the attacker's key": {again(ecKey(t)), vneid.ErrMalformed}, // nor has it the type
	} {
		if status := present(access); status != http.StatusOK {
			t.Errorf("the twin: %d %v", status, refusal)
		}
		if status := present(bad.change(access)); status != http.StatusUnauthorized || !errors.Is(refusal, bad.want) {
			t.Errorf("%s: %d %v, want %v", name, status, refusal, bad.want)
		}
	}
	thief, err := oauth.NewProver(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	holder.Prover = thief
	if status := present(access); status != http.StatusUnauthorized || !errors.Is(refusal, vneid.ErrMismatch) {
		t.Errorf("by another key: %d %v", status, refusal)
	}
	holder.Prover = nil
	if status := present(access); status != http.StatusUnauthorized || !errors.Is(refusal, vneid.ErrUntrusted) {
		t.Errorf("as a bearer token: %d %v", status, refusal)
	}
}
