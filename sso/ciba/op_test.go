package ciba

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
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

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const (
	issuer = "https://op.example"
	hint   = "999090000001"
)

type object = map[string]any

func b64(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// signer signs by itself, so that the client never meets only this module's tokens.
type signer struct{ *ecdsa.PrivateKey }

func newSigner(t testing.TB) signer {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return signer{k}
}

func (s signer) jwt(header, claims object) string {
	h, _ := json.Marshal(header)
	c, _ := json.Marshal(claims)
	input := b64(h) + "." + b64(c)
	sum := sha256.Sum256([]byte(input))
	r, v, err := ecdsa.Sign(rand.Reader, s.PrivateKey, sum[:])
	if err != nil {
		panic(err)
	}
	sig := make([]byte, 64)
	r.FillBytes(sig[:32])
	v.FillBytes(sig[32:])
	return input + "." + b64(sig)
}

func (s signer) jwk() object {
	p, _ := s.PublicKey.Bytes()
	return object{"kty": "EC", "crv": "P-256", "kid": "k1", "x": b64(p[1:33]), "y": b64(p[33:])}
}

// op is a small provider in memory, whose every statement a test can change.
type op struct {
	t   testing.TB
	key signer

	mu       sync.Mutex
	requests []url.Values // to the backchannel authentication endpoint
	polls    []time.Time  // of token requests
	visits   int          // of userinfo
	bodies   []string
	urls     []string
	auth     []http.Header

	answers []string // of the token endpoint, one after the other; "" and beyond the end: tokens

	// What a test changes. Each gets the honest value.
	metadata  func(object)
	ack       func(object)
	refuse    string // an error of the backchannel endpoint
	header    func(object)
	claims    func(object)
	sign      func(string) string
	tokens    func(object)
	notify    func(token, id string) // called before the acknowledgement is sent
	transport func(*http.Request) error
}

func newOP(t testing.TB) *op {
	t.Helper()
	return &op{t: t, key: newSigner(t)}
}

func (o *op) desk(change ...func(*sso.Config, *Config)) *Desk {
	o.t.Helper()
	sc := sso.Config{
		Issuer: issuer, ClientID: "counter", ClientSecret: "secret", RedirectURL: "https://rp.example/cb",
		Scopes: []string{"vneid:id"}, HTTP: &http.Client{Transport: o},
	}
	c := Config{}
	for _, f := range change {
		f(&sc, &c)
	}
	client, err := sso.New(sc)
	if err != nil {
		o.t.Fatal(err)
	}
	c.Client = client
	d, err := New(c)
	if err != nil {
		o.t.Fatal(err)
	}
	return d
}

// RoundTrip is the network.
func (o *op) RoundTrip(r *http.Request) (*http.Response, error) {
	if o.transport != nil {
		if err := o.transport(r); err != nil {
			return nil, err
		}
	}
	var body bytes.Buffer
	if r.Body != nil {
		body.ReadFrom(r.Body)
		r.Body.Close()
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.urls, o.bodies, o.auth = append(o.urls, r.URL.String()), append(o.bodies, body.String()), append(o.auth, r.Header)
	form, _ := url.ParseQuery(body.String())
	w := httptest.NewRecorder()
	w.Header().Set("Content-Type", "application/json")
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		write(w, o.configuration())
	case "/jwks":
		write(w, object{"keys": []object{o.key.jwk()}})
	case "/bc-authorize":
		o.begin(w, form)
	case "/token":
		o.token(w, r, form)
	case "/userinfo":
		o.visits++
		write(w, object{"sub": "person-1", "citizen_id": hint, "name": "Nguyễn Văn Mẫu", "birthdate": "1990-01-01"})
	default:
		w.WriteHeader(404)
	}
	return w.Result(), nil
}

func write(w http.ResponseWriter, o object) { json.NewEncoder(w).Encode(o) }

func (o *op) configuration() object {
	m := object{
		"issuer": issuer, "authorization_endpoint": issuer + "/authorize", "token_endpoint": issuer + "/token",
		"userinfo_endpoint": issuer + "/userinfo", "jwks_uri": issuer + "/jwks",
		"backchannel_authentication_endpoint":                             issuer + "/bc-authorize",
		"backchannel_token_delivery_modes_supported":                      []string{"poll", "ping"},
		"backchannel_authentication_request_signing_alg_values_supported": []string{"ES256", "PS256"},
		"grant_types_supported":                                           []string{"authorization_code", grantType},
		"token_endpoint_auth_methods_supported":                           []string{"client_secret_basic", "private_key_jwt"},
		"dpop_signing_alg_values_supported":                               []string{"ES256"},
		"pushed_authorization_request_endpoint":                           issuer + "/par",
		"code_challenge_methods_supported":                                []string{"S256"}, "authorization_response_iss_parameter_supported": true,
	}
	if o.metadata != nil {
		o.metadata(m)
	}
	return m
}

func (o *op) begin(w http.ResponseWriter, form url.Values) {
	o.requests = append(o.requests, form)
	if o.refuse != "" {
		w.WriteHeader(400)
		write(w, object{"error": o.refuse, "error_description": "canary-description"})
		return
	}
	id := fmt.Sprintf("req-%d", len(o.requests))
	if o.notify != nil {
		o.notify(form.Get("client_notification_token"), id)
	}
	a := object{"auth_req_id": id, "expires_in": 120, "interval": 5}
	if o.ack != nil {
		o.ack(a)
	}
	write(w, a)
}

func (o *op) token(w http.ResponseWriter, r *http.Request, form url.Values) {
	if form.Get("refresh_token") == "rt-1" {
		write(w, object{"access_token": "at-2", "token_type": "Bearer", "expires_in": 300, "id_token": o.idToken("at-2"), "refresh_token": "rt-2"})
		return
	}
	o.polls = append(o.polls, time.Now())
	if form.Get("grant_type") != grantType || !strings.HasPrefix(form.Get("auth_req_id"), "req-") {
		o.t.Errorf("token request %v", form)
	}
	if len(o.answers) > 0 {
		next := o.answers[0]
		o.answers = o.answers[1:]
		if code := 0; next != "" {
			if _, err := fmt.Sscan(next, &code); err == nil {
				w.Header().Del("Content-Type")
				w.WriteHeader(code)
				return
			}
			w.WriteHeader(400)
			write(w, object{"error": next, "error_description": "canary-description"})
			return
		}
	}
	a := object{"access_token": "at-1", "token_type": "Bearer", "expires_in": 300, "id_token": o.idToken("at-1"), "scope": "openid vneid:id", "refresh_token": "rt-1"}
	if r.Header.Get("DPoP") != "" {
		a["token_type"] = "DPoP"
	}
	if o.tokens != nil {
		o.tokens(a)
	}
	write(w, a)
}

func (o *op) idToken(access string) string {
	now := time.Now()
	sum := sha256.Sum256([]byte(access))
	h := object{"alg": "ES256", "kid": "k1"}
	c := object{
		"iss": issuer, "sub": "person-1", "aud": "counter", "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
		"auth_time": now.Unix(), "acr": "urn:vneid:acr:l2:a3", "at_hash": b64(sum[:16]),
	}
	if o.header != nil {
		o.header(h)
	}
	if o.claims != nil {
		o.claims(c)
	}
	token := o.key.jwt(h, c)
	if o.sign != nil {
		token = o.sign(token)
	}
	return token
}

func (o *op) count() (begins, polls, visits int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.requests), len(o.polls), o.visits
}

func refusedAs(t testing.TB, err error, want vneid.Kind) {
	t.Helper()
	if err == nil {
		t.Fatalf("passed, want %v", want)
	}
	for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
		if errors.Is(err, k) != (k == want) {
			t.Fatalf("%v: kind %v, want exactly %v", err, k, want)
		}
	}
	if !strings.HasPrefix(err.Error(), "ciba: ") || strings.Contains(err.Error(), "sso: ") || strings.Contains(err.Error(), "canary") {
		t.Errorf("%q lacks its one prefix, or says too much", err)
	}
}

func set(name string, value any) func(object) {
	return func(o object) { maps.Copy(o, object{name: value}) }
}
func drop(name string) func(object) { return func(o object) { delete(o, name) } }
