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

// records is an API for tokens of the provider, with nonces of its own.
type records struct {
	url     string
	refusal error // the last
}

func newRecords(t *testing.T, issuer string) *records {
	t.Helper()
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	r := &records{url: srv.URL}
	api, err := resource.New(resource.Config{
		Issuer: issuer, Audience: "https://api.example/", URL: srv.URL, Nonces: true,
		Need:    resource.Need{Assurance: vneid.Assurance{Level: 2, Auth: 3}, Bound: true},
		Refused: func(_ *http.Request, err error) { r.refusal = err },
	})
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle("GET /records", api.Require(resource.Need{}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, _ := resource.FromContext(r.Context())
		fmt.Fprintf(w, "records of %s for %s", token.Subject(), token.Client())
	})))
	return r
}

// present shows a token with a proof by a key, or with none.
func (r *records) present(t *testing.T, token string, by *oauth.Prover) int {
	t.Helper()
	holder := oauth.Party{HTTP: oauth.HTTP(nil, r.url), Prover: by}
	a, err := holder.Get(t.Context(), r.url+"/records", token)
	if err != nil {
		t.Fatal(err)
	}
	return a.Status
}

// caller logs in and returns the tokens, which are for the API.
func caller(t *testing.T) (*party, *provider, *sso.Tokens) {
	t.Helper()
	s := newParty(t)
	p := start(t, s.srv, s.strict(t, "caller", ecKey(t)))
	s.cfg.DPoPKey = ecKey(t)
	s.cfg.Scopes, s.cfg.Sessions = nil, nil // this provider's tokens for an API do not open userinfo, which a scope would need
	s.open(t, p.issuer)
	where, session, err := s.client.Begin(t.Context(), sso.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	id, err := s.client.Finish(t.Context(), session, newBrowser(t, s, p.issuer).returns(where, s.cfg.RedirectURL))
	if err != nil {
		t.Fatal(err)
	}
	return s, p, id.Tokens()
}

// TestATokenOfTheProviderOpensAnAPI: the provider issues an RFC 9068 token bound to
// the client's key, package sso carries it, package resource lets it in.
func TestATokenOfTheProviderOpensAnAPI(t *testing.T) {
	s, p, tokens := caller(t)
	api := newRecords(t, p.issuer)
	calls, err := s.client.Access(tokens, nowhere, api.url)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second has the nonce at once
		res, err := calls.Get(api.url + "/records")
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if string(text) != "records of dung for caller" {
			t.Errorf("%d %s %v", res.StatusCode, text, api.refusal)
		}
	}
}

// TestTokensThatOpenNoAPI: each with a proof by the right key, but for the last two.
func TestTokensThatOpenNoAPI(t *testing.T) {
	s, p, tokens := caller(t)
	api, access := newRecords(t, p.issuer), accessOf(t, tokens)
	if strings.Count(access, ".") != 2 {
		t.Fatal("the access token is no JWT")
	}
	own, err1 := oauth.NewProver(s.cfg.DPoPKey, nil)
	thief, err2 := oauth.NewProver(nil, nil)
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	same := func(token string) string { return token }
	for name, bad := range map[string]struct {
		change func(string) string
		by     *oauth.Prover
		want   vneid.Kind
	}{
		"another signature":     {part(2, flip), own, vneid.ErrSignature},
		"for another API":       {says(1, "aud", "https://other.example/"), own, vneid.ErrSignature},
		"with a scope":          {says(1, "scope", "records"), own, vneid.ErrSignature},
		"for any key":           {says(1, "cnf", nil), own, vneid.ErrSignature},
		"of another issuer":     {says(1, "iss", "https://evil.example"), own, vneid.ErrUntrusted},
		"of another type":       {says(0, "typ", "JWT"), own, vneid.ErrMalformed},
		"by nobody":             {unsigned, own, vneid.ErrUntrusted},
		"by the attacker's key": {again(ecKey(t)), own, vneid.ErrMalformed}, // nor has it the type
		"with another's proof":  {same, thief, vneid.ErrMismatch},
		"as a bearer token":     {same, nil, vneid.ErrUntrusted},
	} {
		if status := api.present(t, access, own); status != http.StatusOK {
			t.Errorf("the twin: %d %v", status, api.refusal)
		}
		if status := api.present(t, bad.change(access), bad.by); status != http.StatusUnauthorized || !errors.Is(api.refusal, bad.want) {
			t.Errorf("%s: %d %v, want %v", name, status, api.refusal, bad.want)
		}
	}
}
