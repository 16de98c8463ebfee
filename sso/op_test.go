package sso

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// clock is a time that tests set.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

type object = map[string]any

// op is a small OpenID provider whose every statement a test can change. Its
// signing is its own, so that the client never meets only this module's issuer.
type op struct {
	t     testing.TB
	srv   *httptest.Server
	clock *clock
	key   *ecdsa.PrivateKey

	mu     sync.Mutex
	grants map[string]url.Values // code → authorization request
	hits   map[string]int        // requests per path
	serial int

	level, auth int    // of the next login
	about       object // the person, as userinfo tells it

	// What a test changes. Each gets the honest value.
	metadata func(object)
	header   func(object)
	claims   func(object)
	sign     func(input string) []byte // instead of the honest signature
	idToken  func(string) string
	tokens   func(object)
	userinfo func(object)
	callback func(url.Values)
	jwks     func(object)
	override map[string]http.HandlerFunc // path → instead of the honest answer
	fapi     *fapi                       // nil: Standard
	noPKCE   bool                        // the provider forgets about the verifier
	codeLife time.Duration               // 0: for ever
	issued   map[string]time.Time        // when the codes were
}

func newOP(t testing.TB) *op {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	o := &op{
		t: t, clock: newClock(), key: key, grants: map[string]url.Values{}, issued: map[string]time.Time{}, hits: map[string]int{},
		level: 2, auth: 2, override: map[string]http.HandlerFunc{},
		about: object{
			"name": "Nguyễn Thị Thử", "birthdate": "1990-05-17", "gender": "female",
			wire.CitizenID: "999190000001", wire.AccountType: "citizen", wire.Nationality: "VNM",
			wire.Residence: object{"text": "Xã Thử Nghiệm, Tỉnh Giả Định", "as_of": "2025-07-01"},
		},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", o.serveMetadata)
	mux.HandleFunc("/authorize", o.serveAuthorize)
	mux.HandleFunc("/token", o.serveToken)
	mux.HandleFunc("/userinfo", o.serveUserinfo)
	mux.HandleFunc("/jwks", o.serveJWKS)
	mux.HandleFunc("/par", o.servePAR)
	o.srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		o.hits[r.URL.Path]++
		h := o.override[r.URL.Path]
		o.mu.Unlock()
		if h != nil {
			h(w, r)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(o.srv.Close)
	return o
}

func (o *op) count(path string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.hits[path]
}

func (o *op) answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		o.t.Error(err)
	}
}

func change(f func(object), v object) object {
	if f != nil {
		f(v)
	}
	return v
}

func (o *op) serveMetadata(w http.ResponseWriter, _ *http.Request) {
	u := o.srv.URL
	m := object{
		"issuer": u, "authorization_endpoint": u + "/authorize", "token_endpoint": u + "/token",
		"userinfo_endpoint": u + "/userinfo", "jwks_uri": u + "/jwks",
		"authorization_response_iss_parameter_supported": true, "claims_parameter_supported": true,
		"code_challenge_methods_supported":      []string{"S256"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic"},
	}
	if o.fapi != nil {
		m = o.fapiMetadata(m)
	}
	o.answer(w, change(o.metadata, m))
}

// authorize answers an authentication request as if the person had logged in.
func (o *op) authorize(request string) (callback string) {
	u, err := url.Parse(request)
	if err != nil || u.Path != "/authorize" {
		o.t.Errorf("not an authentication request: %v", err)
	}
	q := o.request(u.Query())
	for _, name := range []string{"state", "nonce", "code_challenge"} {
		if len(q.Get(name)) < 43 {
			o.t.Errorf("%s has less than 256 bits", name)
		}
	}
	if q.Get("code_challenge_method") != "S256" || q.Get("response_type") != "code" {
		o.t.Error("not the code flow with PKCE S256")
	}
	o.mu.Lock()
	o.serial++
	code := base64.StdEncoding.EncodeToString(big.NewInt(int64(o.serial)<<40 + 0xfbefbe).Bytes()) // has a + in it
	o.grants[code], o.issued[code] = q, o.clock.now()
	o.mu.Unlock()
	v := url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {o.srv.URL}}
	if o.callback != nil {
		o.callback(v)
	}
	return q.Get("redirect_uri") + "?" + o.respond(q, v)
}

func (o *op) serveAuthorize(w http.ResponseWriter, r *http.Request) {
	http.Redirect(w, r, o.authorize(r.URL.String()), http.StatusFound)
}

func (o *op) serveToken(w http.ResponseWriter, r *http.Request) {
	if o.fapi != nil {
		o.serveFAPIToken(w, r)
		return
	}
	id, secret, _ := r.BasicAuth()
	if r.PostFormValue("client_id") != "" {
		id, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
	}
	if id != "portal%3A1" && id != "portal:1" || secret != "" && secret != "s%2Bcret" && secret != "s+cret" {
		o.refuse(w, http.StatusUnauthorized, "invalid_client")
		return
	}
	q, ok := o.redeem(r)
	if !ok {
		o.refuse(w, http.StatusBadRequest, "invalid_grant")
		return
	}
	o.answer(w, change(o.tokens, object{
		"access_token": "at-canary-7f3a", "token_type": "Bearer", "expires_in": 300,
		"scope": q.Get("scope"), "id_token": o.mint(q.Get("nonce"), "at-canary-7f3a"),
	}))
}

// redeem gives the request of a code back, once, to whoever has the verifier.
func (o *op) redeem(r *http.Request) (url.Values, bool) {
	o.mu.Lock()
	q, ok := o.grants[r.PostFormValue("code")]
	delete(o.grants, r.PostFormValue("code"))
	if o.codeLife > 0 && o.clock.now().Sub(o.issued[r.PostFormValue("code")]) >= o.codeLife {
		ok = false
	}
	o.mu.Unlock()
	challenge := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
	return q, ok && (o.noPKCE || q.Get("code_challenge") == base64.RawURLEncoding.EncodeToString(challenge[:])) &&
		r.PostFormValue("redirect_uri") == q.Get("redirect_uri") && r.PostFormValue("grant_type") == "authorization_code"
}

// mint signs an ID token for a nonce.
func (o *op) mint(nonce, access string) string {
	now := o.clock.now().Unix()
	half := sha256.Sum256([]byte(access))
	c := change(o.claims, object{
		"iss": o.srv.URL, "sub": "pairwise-1", "aud": "portal:1", "exp": now + 300, "iat": now,
		"auth_time": now, "nonce": nonce, "sid": "op-session-1",
		"acr":             wire.ACR(vneid.Level(o.level), vneid.AuthLevel(o.auth)),
		"account_level":   o.level,
		"at_hash":         base64.RawURLEncoding.EncodeToString(half[:16]),
		"x_canary_custom": object{"kept": true},
	})
	token := o.compact(change(o.header, object{"alg": "ES256", "kid": "k1", "typ": "JWT"}), c)
	if o.idToken != nil {
		token = o.idToken(token)
	}
	return token
}

func (o *op) compact(header, claims any) string {
	h, err := json.Marshal(header)
	if err != nil {
		o.t.Fatal(err)
	}
	c, err := json.Marshal(claims)
	if err != nil {
		o.t.Fatal(err)
	}
	input := base64.RawURLEncoding.EncodeToString(h) + "." + base64.RawURLEncoding.EncodeToString(c)
	sign := o.es256
	if o.sign != nil {
		sign = o.sign
	}
	return input + "." + base64.RawURLEncoding.EncodeToString(sign(input))
}

func (o *op) es256(input string) []byte { return signES256(o.key, input) }

func signES256(key *ecdsa.PrivateKey, input string) []byte {
	h := sha256.Sum256([]byte(input))
	r, s, err := ecdsa.Sign(rand.Reader, key, h[:])
	if err != nil {
		panic(err)
	}
	return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
}

func (o *op) serveUserinfo(w http.ResponseWriter, r *http.Request) {
	if !o.mayRead(w, r) {
		return
	}
	v := maps.Clone(o.about)
	v["sub"] = "pairwise-1"
	o.answer(w, change(o.userinfo, v))
}

func (o *op) serveJWKS(w http.ResponseWriter, _ *http.Request) {
	o.answer(w, change(o.jwks, object{"keys": []object{jwkOf(&o.key.PublicKey, "k1")}}))
}

func jwkOf(k *ecdsa.PublicKey, kid string) object {
	b, err := k.Bytes() // 04 ‖ x ‖ y
	if err != nil {
		panic(err)
	}
	enc := base64.RawURLEncoding.EncodeToString
	return object{"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": kid, "x": enc(b[1:33]), "y": enc(b[33:])}
}

// oneKey is a KeySet of one public key, without the network.
type oneKey struct {
	pub crypto.PublicKey
	err error
}

func (k oneKey) Verify(_ context.Context, s vneid.Signed) error {
	if k.err != nil {
		return k.err
	}
	h := sha256.Sum256(s.Input)
	sig := s.Signature
	if s.Use != vneid.UseIDToken || s.Alg != "ES256" || len(sig) != 64 ||
		!ecdsa.Verify(k.pub.(*ecdsa.PublicKey), h[:], new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])) {
		return vneid.ErrSignature
	}
	return nil
}

// newClient is a relying party registered at o, on https and with a profile that
// needs userinfo.
func newClient(t testing.TB, o *op, set ...func(*Config)) *Client {
	t.Helper()
	cfg := Config{
		Issuer: o.srv.URL, ClientID: "portal:1", ClientSecret: "s+cret",
		RedirectURL: "https://portal.example/callback", Scopes: []string{"profile", wire.ScopeID}, Now: o.clock.now,
	}
	for _, f := range set {
		f(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// logIn runs one login without a browser.
func logIn(c *Client, o *op, ask Ask) (*Identity, error) {
	to, s, err := c.Begin(context.Background(), ask)
	if err != nil {
		return nil, err
	}
	_, raw, _ := strings.Cut(o.authorize(to), "?")
	return c.Finish(context.Background(), s, raw)
}

func mustLogin(t testing.TB, c *Client, o *op, ask Ask) *Identity {
	t.Helper()
	id, err := logIn(c, o, ask)
	if err != nil {
		t.Fatalf("the twin was refused: %v", err)
	}
	return id
}

// canaries are what no error text may repeat.
var canaries = []string{"999190000001", "Nguyễn", "canary", "pairwise", "op-session", "s+cret", "127.0.0.1", "https://evil"}

// refusedAs fails the test unless err matches kind, no other kind, begins with
// one prefix and repeats nothing of the evidence.
func refusedAs(t testing.TB, err error, want vneid.Kind) {
	t.Helper()
	var got []vneid.Kind
	for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
		if errors.Is(err, k) {
			got = append(got, k)
		}
	}
	if !slices.Equal(got, []vneid.Kind{want}) {
		t.Errorf("got %v of kinds %v, want %v", err, got, want)
		return
	}
	if text := err.Error(); !strings.HasPrefix(text, "sso: ") || strings.Count(text, "sso: ") != 1 || strings.Contains(text, "jwks: ") {
		t.Errorf("the prefix of %q", text)
	}
	for _, c := range canaries {
		if strings.Contains(err.Error(), c) {
			t.Errorf("%q repeats %q", err, c)
		}
	}
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
