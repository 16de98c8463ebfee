package matrix

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/login"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/resource"
	papers "github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/share/events"
	"github.com/vneid-sdk/vneid-go/vneid/trustbundle"
)

// provider answers in memory; what it answers with is the test's.
type provider struct {
	tokens, info string // id_token of the token endpoint; the userinfo response, "" for plain JSON
	exchanges    int
}

func (p *provider) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	w.Header().Set("Content-Type", "application/json")
	answer := func(o map[string]any) { _ = json.NewEncoder(w).Encode(o) }
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		answer(map[string]any{
			"issuer": issuer, "authorization_endpoint": issuer + "/authorize", "token_endpoint": issuer + "/token",
			"userinfo_endpoint": issuer + "/userinfo", "jwks_uri": issuer + "/jwks", "response_modes_supported": []string{"query", "jwt", "query.jwt"},
			"authorization_signing_alg_values_supported": []string{"ES256"},
		})
	case "/token":
		p.exchanges++
		answer(map[string]any{"access_token": access, "token_type": "Bearer", "id_token": p.tokens, "refresh_token": "r", "scope": "openid profile"})
	case "/userinfo":
		if p.info == "" {
			answer(map[string]any{"sub": person})
			break
		}
		w.Header().Set("Content-Type", "application/jwt")
		_, _ = w.WriteString(p.info)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
	return w.Result(), nil
}

// verifier offers an object of a sort and reports why it was refused, nil if it was
// taken.
type verifier struct {
	name  string
	takes []string
	offer func(t *testing.T, o *one, sort string) error

	// A refreshed ID token need have neither nonce nor at_hash (Core §12.2), so
	// nothing tells it from a signed userinfo response or JARM's that was stuffed with
	// exp, iat and sub. Nothing is read from it either but that the account is locked.
	plain bool
}

var verifiers = []verifier{
	{name: "sso: the ID token of a login", takes: []string{idToken}, offer: offerLogin},
	{name: "sso: the ID token of a counter (ciba)", takes: []string{counterToken}, offer: offerCounter},
	{name: "sso: the ID token of a refresh", takes: []string{idToken, counterToken}, offer: offerRefresh, plain: true},
	{name: "sso: the signed response (JARM)", takes: []string{response}, offer: offerResponse},
	{name: "sso: signed userinfo", takes: []string{userinfo}, offer: offerUserinfo},
	{name: "sso: back-channel logout", takes: []string{logoutToken}, offer: offerLogout},
	{name: "sso/resource: Bearer", takes: []string{accessToken}, offer: offerAccess},
	{name: "oauth: proof of possession", takes: []string{proof}, offer: offerProof},
	{name: "oauth: client assertion", takes: []string{assertion}, offer: offerAssertion},
	{name: "qr: signed code", takes: []string{code}, offer: offerCode},
	{name: "qr: a document's code", takes: []string{paperCode}, offer: offerPaper},
	{name: "trustbundle: a bundle", takes: []string{bundle}, offer: offerBundle},
	{name: "share: envelope", takes: []string{envelope}, offer: offerEnvelope},
	{name: "share: receipt", takes: []string{receipt}, offer: offerReceipt},
	{name: "share: document", takes: []string{document}, offer: offerDocument},
	{name: "share: status list", takes: []string{statusList}, offer: offerStatus},
	{name: "share: archived envelope", takes: []string{envelope}, offer: offerArchived},
	{name: "share/events: pushed event", takes: []string{event}, offer: offerEvent},
}

func relyingParty(t *testing.T, o *one, p *provider, change ...func(*sso.Config)) *sso.Client {
	t.Helper()
	c := sso.Config{
		Issuer: issuer, ClientID: client, RedirectURL: backURL, Scopes: []string{"profile"}, Keys: o, HTTP: &http.Client{Transport: p},
	}
	for _, f := range change {
		f(&c)
	}
	rp, err := sso.New(c)
	if err != nil {
		t.Fatal(err)
	}
	return rp
}

// begin starts a login and says what its answer must repeat.
func begin(t *testing.T, o *one, c *sso.Client) (*sso.Session, expected) {
	t.Helper()
	to, s, err := c.Begin(t.Context(), sso.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	return s, expected{audience: client, nonce: q.Get("nonce"), state: q.Get("state"), full: o.full}
}

func offerLogin(t *testing.T, o *one, sort string) error {
	p := &provider{}
	c := relyingParty(t, o, p)
	s, want := begin(t, o, c)
	p.tokens = o.make(t, sort, want)
	_, err := c.Finish(t.Context(), s, "code=x&state="+want.state)
	return err
}

func offerCounter(t *testing.T, o *one, sort string) error {
	c := relyingParty(t, o, &provider{})
	_, want := begin(t, o, c)
	token := o.make(t, sort, want)
	_, err := c.Identify(t.Context(), login.Tokens{ID: token, Access: access}, login.Expect{Begun: time.Now()}, seal.Own())
	return err
}

func offerRefresh(t *testing.T, o *one, sort string) error {
	p := &provider{}
	c := relyingParty(t, o, p)
	s, want := begin(t, o, c)
	p.tokens = o.honest().make(t, idToken, want)
	id, err := c.Finish(t.Context(), s, "code=x&state="+want.state)
	if err != nil {
		t.Fatal(err)
	}
	p.tokens = o.make(t, sort, want)
	_, err = c.Refresh(t.Context(), id.Tokens(), func(context.Context, *sso.Tokens) error { return nil })
	return err
}

func offerResponse(t *testing.T, o *one, sort string) error {
	p := &provider{}
	c := relyingParty(t, o, p, func(c *sso.Config) { c.JARM = true })
	s, want := begin(t, o, c)
	p.tokens = o.honest().make(t, idToken, want)
	_, err := c.Finish(t.Context(), s, "response="+o.make(t, sort, want))
	if err != nil && p.exchanges > 0 {
		t.Errorf("%s: %v, but its code was traded", sort, err)
	}
	return err
}

func offerUserinfo(t *testing.T, o *one, sort string) error {
	p := &provider{}
	c := relyingParty(t, o, p, func(c *sso.Config) { c.SignedUserinfo = true })
	s, want := begin(t, o, c)
	p.tokens, p.info = o.honest().make(t, idToken, want), o.make(t, sort, want)
	_, err := c.Finish(t.Context(), s, "code=x&state="+want.state)
	return err
}

func offerLogout(t *testing.T, o *one, sort string) error {
	c := relyingParty(t, o, &provider{})
	_, want := begin(t, o, c)
	var why error
	h, err := c.BackchannelLogout(func(_ *http.Request, _ sso.Login, err error) { why = err })
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodPost, "/logout", strings.NewReader("logout_token="+o.make(t, sort, want)))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if (w.Code == http.StatusOK) != (why == nil) {
		t.Errorf("%s: %d and %v", sort, w.Code, why)
	}
	return why
}

func offerAccess(t *testing.T, o *one, sort string) error {
	s, err := resource.New(resource.Config{Issuer: issuer, Audience: apiURL, URL: "https://api.example", Keys: o})
	if err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest(http.MethodGet, "/records", nil)
	r.Header.Set("Authorization", "Bearer "+o.make(t, sort, expected{audience: apiURL, full: o.full}))
	_, err = s.Verify(r, resource.Need{})
	return err
}

func offerProof(t *testing.T, o *one, sort string) error {
	want := expected{audience: apiURL, method: http.MethodGet, url: apiURL, nonce: "n", full: o.full}
	_, err := oauth.VerifyProof(o.make(t, sort, want), oauth.ProofRules{Method: want.method, URL: want.url, Access: access, Now: time.Now()})
	return err
}

func offerAssertion(t *testing.T, o *one, sort string) error {
	_, _, err := oauth.VerifyAssertion(o.make(t, sort, expected{audience: issuer, full: o.full}), oauth.AssertionRules{
		Client: client, Audience: issuer, Now: time.Now(),
		Verify: func(alg, _ string, input, sig []byte) error { return jws.Verify(alg, &o.key.PublicKey, input, sig) },
	})
	return err
}

func offerCode(t *testing.T, o *one, sort string) error {
	v, err := qr.New(qr.Config{Issuers: []string{issuer}, Keys: o, Audience: "counter-3", Replay: fresh{}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = v.Verify(t.Context(), o.make(t, sort, expected{audience: "counter-3", full: o.full}))
	return err
}

func offerPaper(t *testing.T, o *one, sort string) error {
	v, err := qr.New(qr.Config{
		Issuers: []string{issuer}, Keys: o, Audience: "counter-3", Replay: fresh{}, Document: papers.DriverLicence,
		Signs: map[string][]papers.Kind{issuer: {papers.DriverLicence}},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = v.Verify(t.Context(), o.make(t, sort, expected{audience: "counter-3", full: o.full}))
	return err
}

func offerBundle(t *testing.T, o *one, sort string) error {
	_, err := trustbundle.Config{Maker: issuer, Keys: o}.Open(t.Context(), []byte(o.make(t, sort, expected{audience: "kiosks", full: o.full})))
	return err
}

func offerEvent(t *testing.T, o *one, sort string) error {
	var why error
	r, err := events.New(events.Config{
		Issuer: issuer, ClientID: client, Keys: o, Ledger: events.NewMemoryLedger(0, 0, nil), Refused: func(err error) { why = err },
	})
	if err != nil {
		t.Fatal(err)
	}
	req := httptest.NewRequest(http.MethodPost, "/events", strings.NewReader(o.make(t, sort, expected{audience: client, full: o.full})))
	req.Header.Set("Content-Type", "application/secevent+jwt")
	w := httptest.NewRecorder()
	r.Push().ServeHTTP(w, req)
	if (w.Code == http.StatusAccepted) != (why == nil) {
		t.Errorf("%s: %d and %v", sort, w.Code, why)
	}
	return why
}
