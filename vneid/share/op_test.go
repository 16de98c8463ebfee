package share

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// op is a platform written apart from the reference platform, with a hook wherever it
// can misbehave. It answers in this process, without a network.
type op struct {
	*world
	t      testing.TB
	issuer string

	mu      sync.Mutex
	now     time.Time
	calls   map[string]int // by path
	pushed  url.Values     // the last request of a browser
	asked   url.Values     // the last one without
	code    string
	fetches int
	pending int // polls that are answered by authorization_pending

	// What it does wrong.
	metadata func(j)
	par      func(j)
	grants   func(details j) // of what the person agreed to
	token    func(j)         // of the token's answer
	bundle   func(*spec)
	override map[string]http.HandlerFunc
	down     map[string]bool // paths that cannot be reached
}

func newOP(t testing.TB) *op {
	return &op{world: newWorld(), t: t, issuer: platform, now: noon, calls: map[string]int{}, down: map[string]bool{}}
}

func (o *op) clock() time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.now
}

func (o *op) advance(d time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.now = o.now.Add(d)
	o.world.now = o.now
}

func (o *op) count(path string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.calls[path]
}

func (o *op) reach(path string, not bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.down[path] = not
}

// RoundTrip answers without a network.
func (o *op) RoundTrip(r *http.Request) (*http.Response, error) {
	o.mu.Lock()
	down := o.down[r.URL.Path]
	o.mu.Unlock()
	if down {
		return nil, errors.New("connection refused")
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	o.ServeHTTP(w, r)
	return w.Result(), nil
}

func (o *op) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	path := r.URL.Path
	if strings.HasPrefix(path, "/share/v1/grants/") {
		path = "/share/v1/grants/"
	}
	o.calls[path]++
	if h := o.override[path]; h != nil {
		h(w, r)
		return
	}
	switch path {
	case "/.well-known/openid-configuration":
		o.configuration(w)
	case "/par":
		o.push(w, r)
	case "/bc-authorize":
		o.ask(w, r)
	case "/token":
		o.tokens(w, r)
	case "/share/v1/bundle":
		o.deliver(w, r)
	case "/share/v1/grants/":
		o.end(w, r)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func answerJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

func (o *op) configuration(w http.ResponseWriter) {
	m := j{
		"issuer": o.issuer, "authorization_endpoint": o.issuer + "/authorize", "token_endpoint": o.issuer + "/token",
		"pushed_authorization_request_endpoint": o.issuer + "/par", "backchannel_authentication_endpoint": o.issuer + "/bc-authorize",
		"code_challenge_methods_supported": []string{"S256"}, "token_endpoint_auth_methods_supported": []string{"private_key_jwt"},
		"dpop_signing_alg_values_supported": []string{"ES256"}, "authorization_details_types_supported": []string{"vneid_share"},
	}
	if o.metadata != nil {
		o.metadata(m)
	}
	answerJSON(w, 200, m)
}

// authenticated refuses a form without the client's assertion.
func (o *op) authenticated(w http.ResponseWriter, r *http.Request) url.Values {
	var b strings.Builder
	_, _ = fmt.Fprint(&b, readAll(r))
	form, err := url.ParseQuery(b.String())
	if err != nil || strings.Count(form.Get("client_assertion"), ".") != 2 || form.Get("client_id") != client {
		answerJSON(w, 401, j{"error": "invalid_client"})
		return nil
	}
	return form
}

func readAll(r *http.Request) string {
	var b strings.Builder
	buf := make([]byte, 4096)
	for {
		n, err := r.Body.Read(buf)
		b.Write(buf[:n])
		if err != nil {
			return b.String()
		}
	}
}

func (o *op) push(w http.ResponseWriter, r *http.Request) {
	form := o.authenticated(w, r)
	if form == nil {
		return
	}
	if r.Header.Get("DPoP") == "" || form.Get("code_challenge_method") != "S256" || form.Get("scope") != "vneid:share" || form.Get("dpop_jkt") == "" {
		answerJSON(w, 400, j{"error": "invalid_request"})
		return
	}
	o.pushed, o.code = form, rand.Text()
	a := j{"request_uri": "urn:ietf:params:oauth:request_uri:" + rand.Text(), "expires_in": 60}
	if o.par != nil {
		o.par(a)
	}
	answerJSON(w, 201, a)
}

func (o *op) ask(w http.ResponseWriter, r *http.Request) {
	form := o.authenticated(w, r)
	if form == nil {
		return
	}
	o.asked = form
	answerJSON(w, 200, j{"auth_req_id": "req-" + rand.Text(), "expires_in": 120, "interval": 5})
}

func (o *op) tokens(w http.ResponseWriter, r *http.Request) {
	form := o.authenticated(w, r)
	switch {
	case form == nil:
		return
	case r.Header.Get("DPoP") == "":
		answerJSON(w, 400, j{"error": "invalid_dpop_proof"})
		return
	}
	details := o.pushed.Get("authorization_details")
	switch form.Get("grant_type") {
	case "authorization_code":
		h := sha256.Sum256([]byte(form.Get("code_verifier")))
		if o.code == "" || form.Get("code") != o.code || b64(h[:]) != o.pushed.Get("code_challenge") {
			answerJSON(w, 400, j{"error": "invalid_grant"})
			return
		}
		o.code = ""
	case "refresh_token":
	default:
		if o.pending > 0 {
			o.pending--
			answerJSON(w, 400, j{"error": "authorization_pending"})
			return
		}
		details = o.asked.Get("authorization_details")
	}
	var granted []j
	if err := json.Unmarshal([]byte(details), &granted); err != nil {
		o.t.Error(err)
	}
	granted[0]["txn"], granted[0]["grant"] = fmt.Sprintf("txn-%022d", o.fetches), consent
	if o.grants != nil {
		o.grants(granted[0])
	}
	a := j{"access_token": rand.Text(), "token_type": "DPoP", "expires_in": 600, "scope": "vneid:share", "authorization_details": granted}
	if granted[0]["mode"] == "periodic" {
		a["refresh_token"] = "refresh-1"
	}
	if o.token != nil {
		o.token(a)
	}
	answerJSON(w, 200, a)
}

// good is the answer to the last request.
func (o *op) good() *spec {
	s := o.world.answer()
	n := o.pushed.Get("nonce")
	if o.asked != nil {
		var details []struct{ Nonce string }
		_ = json.Unmarshal([]byte(o.asked.Get("authorization_details")), &details)
		n = details[0].Nonce
	}
	id := fmt.Sprintf("txn-%022d", o.fetches)
	for _, to := range []j{s.envelope, s.receipt} {
		maps.Copy(to, j{"iss": o.issuer, "txn": id, "grant": consent})
	}
	s.envelope["nonce"] = n
	for _, p := range s.papers {
		p.open["txn"] = id
	}
	return s
}

func (o *op) deliver(w http.ResponseWriter, r *http.Request) {
	if !strings.HasPrefix(r.Header.Get("Authorization"), "DPoP ") || r.Header.Get("DPoP") == "" {
		w.Header().Set("WWW-Authenticate", `DPoP error="invalid_token"`)
		answerJSON(w, 401, j{"error": "invalid_token"})
		return
	}
	s := o.good()
	if o.bundle != nil {
		o.bundle(s)
	}
	o.fetches++
	w.Header().Set("Content-Type", "application/vneid-bundle+json")
	_, _ = w.Write(s.bundle())
}

func (o *op) end(w http.ResponseWriter, r *http.Request) {
	if form := o.authenticated(w, r); form != nil {
		w.WriteHeader(http.StatusNoContent)
	}
}

// callback is where the browser ends up whose person agreed.
func (o *op) callback() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return url.Values{"code": {o.code}, "state": {o.pushed.Get("state")}, "iss": {o.issuer}}.Encode()
}

func signer(t testing.TB) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// consent is the grant of every answer.
const consent = "grant-aaaaaaaaaaaaaaaaaaaaaa"

const secret = "a webhook secret of more than 32 bytes"

// config is that of a good client.
func (o *op) config() Config {
	v := o.verifier()
	v.Platform, v.Now = o.issuer, o.clock
	v.Keys = trust(o.issuer, UseEnvelope, o.platform).and(trust(o.issuer, UseReceipt, o.receipt))
	return Config{
		Issuer: o.issuer, ClientID: client, RedirectURL: "https://portal.example/callback", Key: signer(o.t), KeyID: "rp-1",
		Verifier: v, HTTP: &http.Client{Transport: o}, Now: o.clock,
	}
}

func (o *op) client(edits ...func(*Config)) *Client {
	o.t.Helper()
	cfg := o.config()
	for _, edit := range edits {
		edit(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		o.t.Fatal(err)
	}
	return c
}

// share is the whole way of a request through a browser.
func (o *op) share(c *Client, r Request) (Records, error) {
	_, s, err := c.Begin(context.Background(), r)
	if err != nil {
		return Records{}, err
	}
	return c.Finish(context.Background(), s, o.callback())
}

// refusedAs fails unless err has exactly this kind, and the package's name once.
func refusedAs(t testing.TB, err error, want vneid.Kind) {
	t.Helper()
	if err == nil {
		t.Fatalf("passed, want %v", want)
	}
	if got := kindOf(t, err); got != want {
		t.Errorf("%v is %v, want %v", err, got, want)
	}
	if !strings.HasPrefix(err.Error(), "share: ") || strings.Count(err.Error(), "share: ") != 1 {
		t.Errorf("the prefix of %q", err)
	}
}
