package sso

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// afterlife is what a provider offers after the login.
type afterlife struct {
	o *op

	mu      sync.Mutex
	rotates bool
	current string // the refresh token that is good; "" when the family was ended
	access  string // the access token that is good
	serial  int
	asked   int // refreshes
	revoked []string
	reused  bool
	held    chan struct{} // a refresh waits until it is closed

	// What a test changes.
	refreshed func(object)                    // the answer to a refresh
	idToken   func(header, claims object)     // its ID token
	noToken   bool                            // no ID token comes along
	active    func(object)                    // the answer to an introspection
	answer    map[string]http.HandlerFunc     // path → instead of the honest answer
	seen      func(path string, f url.Values) // each request
}

// withAfterlife adds refresh tokens, revocation, introspection and logout to o.
func withAfterlife(o *op) *afterlife {
	a := &afterlife{o: o, rotates: true, answer: map[string]http.HandlerFunc{}}
	was := o.metadata
	o.metadata = func(m object) {
		m["revocation_endpoint"], m["introspection_endpoint"], m["end_session_endpoint"] = o.srv.URL+"/revoke", o.srv.URL+"/introspect", o.srv.URL+"/end?from=op"
		if was != nil {
			was(m)
		}
	}
	o.tokens = func(m object) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.serial++
		a.current, a.access = fmt.Sprint("rt-canary-", a.serial), m["access_token"].(string)
		m["refresh_token"] = a.current
	}
	o.override["/token"] = func(w http.ResponseWriter, r *http.Request) {
		if r.PostFormValue("grant_type") == "refresh_token" {
			a.serve("/token", a.serveRefresh)(w, r)
			return
		}
		o.serveToken(w, r)
	}
	o.override["/revoke"] = a.serve("/revoke", a.serveRevoke)
	o.override["/introspect"] = a.serve("/introspect", a.serveIntrospect)
	return a
}

// serve checks who calls, and lets a test answer instead.
func (a *afterlife) serve(path string, honest http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if a.o.fapi != nil {
			if _, ok := a.o.taken(w, r, ""); !ok {
				return
			}
		} else if id, secret, ok := r.BasicAuth(); !ok || id != "portal%3A1" || secret != "s%2Bcret" {
			a.o.refuse(w, http.StatusUnauthorized, "invalid_client")
			return
		}
		if r.URL.RawQuery != "" {
			a.o.t.Error("a secret may be in the query")
		}
		if a.seen != nil {
			a.seen(path, r.PostForm)
		}
		if h := a.answer[path]; h != nil {
			h(w, r)
			return
		}
		honest(w, r)
	}
}

func (a *afterlife) serveRefresh(w http.ResponseWriter, r *http.Request) {
	if a.held != nil {
		<-a.held
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked++
	if got := r.PostFormValue("refresh_token"); a.current == "" || got != a.current {
		a.current, a.access, a.reused = "", "", true // RFC 9700 §4.14.2
		a.o.refuse(w, http.StatusBadRequest, "invalid_grant")
		return
	}
	a.serial++
	a.access = fmt.Sprint("at-canary-", a.serial)
	m := object{"access_token": a.access, "token_type": "Bearer", "expires_in": 300}
	if a.o.fapi != nil {
		m["token_type"] = "DPoP"
	}
	if a.rotates {
		a.current = fmt.Sprint("rt-canary-", a.serial)
		m["refresh_token"] = a.current
	}
	if !a.noToken {
		m["id_token"] = a.mint()
	}
	a.o.answer(w, change(a.refreshed, m))
}

// mint signs the ID token of a refresh.
func (a *afterlife) mint() string {
	now := a.o.clock.now().Unix()
	half := sha256.Sum256([]byte(a.access))
	h := object{"alg": "ES256", "kid": "k1"}
	c := object{
		"iss": a.o.srv.URL, "sub": "pairwise-1", "aud": "portal:1", "exp": now + 300, "iat": now,
		"at_hash": base64.RawURLEncoding.EncodeToString(half[:16]), "sid": "op-session-1", "acr": wire.ACR(2, 2),
	}
	if a.idToken != nil {
		a.idToken(h, c)
	}
	return a.o.compact(h, c)
}

func (a *afterlife) serveRevoke(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.revoked = append(a.revoked, r.PostFormValue("token_type_hint")+" "+r.PostFormValue("token"))
}

func (a *afterlife) serveIntrospect(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	good := r.PostFormValue("token") == a.access && a.access != ""
	a.mu.Unlock()
	m := object{"active": good}
	if good {
		now := a.o.clock.now().Unix()
		m = object{
			"active": true, "iss": a.o.srv.URL, "sub": "pairwise-1", "client_id": "portal:1", "scope": "openid profile",
			"exp": now + 300, "iat": now, "acr": wire.ACR(2, 3), "auth_time": now - 5, "token_type": "Bearer",
			"cnf": object{"jkt": "thumb-1"}, "aud": "https://api.example",
		}
		change(a.active, m)
	}
	a.o.answer(w, m)
}

// api is a resource server that lets the current access token in.
type api struct {
	a   *afterlife
	srv *httptest.Server

	mu     sync.Mutex
	hits   int
	bodies []string
	tokens []string
	peers  map[string]bool // connections
	nonce  string          // demanded in proofs
	auth   string          // WWW-Authenticate of every answer, which is then a refusal
}

func newAPI(t testing.TB, a *afterlife) *api {
	s := &api{a: a, peers: map[string]bool{}}
	s.srv = httptest.NewServer(s)
	t.Cleanup(s.srv.Close)
	return s
}

func (s *api) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hits++
	s.peers[r.RemoteAddr] = true
	s.bodies, s.tokens = append(s.bodies, string(body)), append(s.tokens, token)
	s.a.mu.Lock()
	good := token == s.a.access && token != ""
	s.a.mu.Unlock()
	deny := func(challenge string) {
		w.Header().Set("WWW-Authenticate", challenge)
		w.WriteHeader(http.StatusUnauthorized)
		io.WriteString(w, "no")
	}
	if s.nonce != "" {
		w.Header().Set("DPoP-Nonce", s.nonce)
		_, claims, genuine := jwt(r.Header.Get("DPoP"), keyIn)
		if !genuine || scheme != "DPoP" || claims["nonce"] != s.nonce || claims["htu"] != s.srv.URL+r.URL.Path {
			deny(`DPoP error="use_dpop_nonce", error_description="a nonce, please"`)
			return
		}
	} else if scheme != "Bearer" {
		deny("Bearer")
		return
	}
	switch {
	case s.auth != "":
		deny(s.auth)
	case r.URL.Path == "/elsewhere":
		http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusTemporaryRedirect)
	case !good:
		deny(`Bearer realm="api", error="invalid_token"`)
	default:
		fmt.Fprintf(w, "%s %s", r.Method, body)
	}
}

// grantedTo is a client, its provider and the tokens of a login.
func grantedTo(t testing.TB, set ...func(*Config)) (*Client, *afterlife, *Tokens) {
	t.Helper()
	o := newOP(t)
	a := withAfterlife(o)
	c := newClient(t, o, set...)
	id := mustLogin(t, c, o, Ask{})
	if id.Tokens() == nil {
		t.Fatal("the login gave no tokens")
	}
	o.clock.advance(time.Minute)
	return c, a, id.Tokens()
}

// keyIn is the key in a proof's header: that it is the right one is what the
// provider's own tests are about.
func keyIn(head object) *ecdsa.PublicKey {
	k, _ := head["jwk"].(object)
	x, _ := k["x"].(string)
	y, _ := k["y"].(string)
	bx, _ := base64.RawURLEncoding.DecodeString(x)
	by, _ := base64.RawURLEncoding.DecodeString(y)
	pub, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, bx...), by...))
	if err != nil {
		return nil
	}
	return pub
}
