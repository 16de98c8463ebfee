package oidcprovider

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/sso"
)

// party is a relying party: a site on https with the handlers of package sso, and
// what the provider has registered of it.
type party struct {
	name   string
	srv    *httptest.Server
	mux    *http.ServeMux
	cfg    sso.Config
	client *sso.Client

	mu     sync.Mutex
	errors []error // what the error page was given
	last   *sso.Identity
}

func newParty(t *testing.T) *party {
	t.Helper()
	s := &party{mux: http.NewServeMux()}
	s.srv = httptest.NewTLSServer(s.mux)
	t.Cleanup(s.srv.Close)
	return s
}

// strict registers s as a client of FAPI 2.0: its keys stay, the provider learns their
// public halves. set may ask for more on both sides.
func (s *party) strict(t *testing.T, id string, key crypto.Signer, set ...func(*sso.Config, object)) object {
	t.Helper()
	s.cfg = sso.Config{
		ClientID: id, RedirectURL: s.srv.URL + "/callback", LogoutURL: s.srv.URL + "/goodbye",
		Profile: sso.FAPI2, Key: key, KeyID: "sign", Scopes: []string{"profile", "vneid:id"},
		Sessions: sso.NewMemorySessions(0, nil),
	}
	alg := algOf(key)
	reg := object{
		"client_id": id, "redirect_uris": []string{s.cfg.RedirectURL}, "post_logout_redirect_uris": []string{s.cfg.LogoutURL},
		"grant_types": []string{"authorization_code", "refresh_token"}, "response_types": []string{"code"},
		"token_endpoint_auth_method": "private_key_jwt", "token_endpoint_auth_signing_alg": alg,
		"id_token_signed_response_alg": alg, "dpop_bound_access_tokens": true, "require_pushed_authorization_requests": true,
		"backchannel_logout_uri": s.srv.URL + "/backchannel", "backchannel_logout_session_required": true,
		"jwks": object{"keys": []object{public(t, "sign", "sig", key.Public())}},
	}
	for _, f := range set {
		f(&s.cfg, reg)
	}
	return reg
}

// open builds the client for a provider that runs, and the site's pages.
func (s *party) open(t *testing.T, issuer string) {
	t.Helper()
	s.cfg.Issuer = issuer
	s.cfg.ErrorPage = func(w http.ResponseWriter, _ *http.Request, err error) {
		s.mu.Lock()
		s.errors = append(s.errors, err)
		s.mu.Unlock()
		w.WriteHeader(http.StatusForbidden)
		io.WriteString(w, "error page")
	}
	client, err := sso.New(s.cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.client = client
	back, err := client.BackchannelLogout(nil)
	if err != nil {
		t.Fatal(err)
	}
	s.mux.Handle("/login", client.Login(sso.Ask{Return: "/home"}))
	s.mux.Handle("/callback", client.Callback(func(w http.ResponseWriter, r *http.Request, id *sso.Identity, to string) {
		s.mu.Lock()
		s.last = id
		s.mu.Unlock()
		http.Redirect(w, r, to, http.StatusSeeOther)
	}))
	s.mux.Handle("/logout", client.Logout("/"))
	s.mux.Handle("/goodbye", client.LoggedOut("/bye"))
	s.mux.Handle("/backchannel", back)
	s.mux.HandleFunc("/bye", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "bye") })
	s.mux.Handle("/home", client.Require(sso.Ask{}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, _ := sso.FromContext(r.Context())
		fmt.Fprintf(w, "home of %s", id.Citizen().Reveal().Name)
	})))
}

// identity is who logged in last.
func (s *party) identity() *sso.Identity {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

// refusal takes what the error page was given last.
func (s *party) refusal() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := errors.Join(s.errors...)
	s.errors = nil
	return err
}

// browser is dung in front of an empty browser, who fills in the provider's pages.
type browser struct {
	t        *testing.T
	at       string         // the provider's address
	last     *http.Response // its body is read
	who      string         // the name that is typed in
	no       bool           // says no to whatever a page asks
	answered int            // pages
	http.Client
}

func newBrowser(t *testing.T, s *party, issuer string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	c := s.srv.Client()
	return &browser{t: t, at: issuer, who: "dung", Client: http.Client{Jar: jar, Transport: c.Transport, Timeout: 5 * time.Minute}}
}

var (
	action = regexp.MustCompile(`<form[^>]* action="([^"]+)"`)
	hidden = regexp.MustCompile(`<input type="hidden" name="([^"]+)" value="([^"]*)"`)
)

// get opens a page and goes on through the provider's forms until another page
// comes, whose status and text it returns.
func (b *browser) get(where string) (int, string) { return b.walk(b.Get(where)) }

// post sends an empty form from the page's own site.
func (b *browser) post(where string) (int, string) { return b.walk(b.PostForm(where, nil)) }

// returns goes through the provider's pages and answers the query with which it sends
// the browser back to redirect, "" if it does not.
func (b *browser) returns(where, redirect string) string {
	b.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), redirect) {
			return http.ErrUseLastResponse
		}
		return nil
	}
	b.get(where)
	_, query, _ := strings.Cut(b.last.Header.Get("Location"), "?")
	return query
}

func (b *browser) walk(res *http.Response, err error) (int, string) {
	b.t.Helper()
	for range 8 {
		if err != nil {
			b.t.Fatal(err)
		}
		text, err2 := io.ReadAll(res.Body)
		res.Body.Close()
		form := action.FindStringSubmatch(string(text))
		if err2 != nil || form == nil || !strings.HasPrefix(res.Request.URL.String(), b.at+"/") {
			b.last = res
			return res.StatusCode, string(text)
		}
		if b.no {
			res, err = b.Get(form[1] + "/abort")
			continue
		}
		fields := url.Values{}
		for _, f := range hidden.FindAllStringSubmatch(string(text), -1) {
			fields.Set(f[1], f[2])
		}
		switch {
		case fields.Get("prompt") == "login":
			fields.Set("login", b.who)
			fields.Set("password", "any")
		case fields.Has("xsrf"):
			fields.Set("logout", "yes")
		}
		b.answered++
		res, err = b.PostForm(form[1], fields)
	}
	b.t.Fatal("the provider's pages have no end")
	return 0, ""
}

func ecKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func rsaKey(t *testing.T) *rsa.PrivateKey {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func edKey(t *testing.T) ed25519.PrivateKey {
	t.Helper()
	_, k, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func algOf(key crypto.Signer) string {
	switch key.Public().(type) {
	case *rsa.PublicKey:
		return "PS256"
	case ed25519.PublicKey:
		return "EdDSA"
	}
	return "ES256"
}

// public writes a key as the JWK that the provider registers.
func public(t *testing.T, kid, use string, key crypto.PublicKey) object {
	t.Helper()
	enc := base64.RawURLEncoding.EncodeToString
	out := object{"kid": kid, "use": use}
	switch k := key.(type) {
	case *ecdsa.PublicKey:
		point, err := k.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		out["kty"], out["crv"], out["x"], out["y"] = "EC", "P-256", enc(point[1:33]), enc(point[33:])
	case *rsa.PublicKey:
		out["kty"], out["n"], out["e"] = "RSA", enc(k.N.Bytes()), enc(big.NewInt(int64(k.E)).Bytes())
	case ed25519.PublicKey:
		out["kty"], out["crv"], out["x"] = "OKP", "Ed25519", enc(k)
	default:
		t.Fatalf("a key of type %T", key)
	}
	return out
}
