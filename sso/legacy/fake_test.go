package legacy

import (
	"bytes"
	"crypto/aes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
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

type object = map[string]any

const (
	clientID = "sso-thu-nghiem-web"
	secret   = "bi-mat-canary-4711"
	guid     = "5b2e7c1a-9f0d-4c3b-8a6e-0d1c2b3a4f5e.0f8c2d4b-6a1e-4735-9b8d-c1a2e3f40516"
	portal   = "https://portal.example/callback"
	number   = "999190000001"
	fullName = "Nguyễn Thị Thử"
)

var rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil
	}
	return key
})

// fake is a provider of both wires, whose every statement a test can change. It seals
// by itself, so that the wire never meets only this module's sealing.
type fake struct {
	t    testing.TB
	srv  *httptest.Server
	pub  *rsa.PublicKey
	bits int

	mu   sync.Mutex
	hits map[string]int
	form url.Values  // of the last token call
	auth http.Header // of the last call

	portal   string            // the redirect URL it knows
	code     string            // what it issues
	accepts  func(string) bool // codes at the token endpoint
	query    func(url.Values)  // changes the callback
	media    string            // what it calls its answers
	sealed   bool              // answers come in envelopes
	token    object
	person   object
	override map[string]http.HandlerFunc
}

func newFake(t testing.TB) *fake {
	t.Helper()
	f := &fake{t: t, pub: &rsaKey().PublicKey, bits: 256, hits: map[string]int{}, portal: portal, code: guid, media: "application/json", sealed: true, override: map[string]http.HandlerFunc{}}
	f.accepts = func(code string) bool { return code == f.code }
	f.token = object{"access_token": "opaque-canary-0815", "token_type": "Bearer", "expires_in": 1800}
	f.person = object{"citizenPid": number, "fullName": fullName, "birthDate": "17/05/1990", "accountType": "1", "accountLevel": 2, "phongBan": "khác"}
	f.srv = httptest.NewServer(http.HandlerFunc(f.serve))
	t.Cleanup(f.srv.Close)
	return f
}

// vnConnect makes the fake speak VNConnect.
func (f *fake) vnConnect() *fake {
	f.sealed, f.code = false, "8c6f2a1e-any-printable-text"
	f.person = object{
		"sub": "0d9c6b1e-1d0f-4a51-9a65-6a3c9a1f7e55", "TechID": "5b2e7c1a-0000-4c3b-8a6e-0d1c2b3a4f5e", "LoaiTaiKhoan": "1",
		"HoVaTen": fullName, "SoDinhDanh": number, "NgayThangNamSinh": "19900517", "loginIdp": "BCA",
		"given_name": "Nguyễn", "family_name": "Thị Thử",
		"userProfileUri": f.srv.URL + "/trap?token_id=eyJhbGciOiJub25lIn0.canary.", "logoutUri": f.srv.URL + "/trap?token_id=eyJhbGciOiJub25lIn0.canary.",
	}
	return f
}

func (f *fake) serve(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	f.hits[r.URL.Path]++
	h := f.override[r.URL.Path]
	f.auth = r.Header.Clone()
	f.mu.Unlock()
	switch {
	case h != nil:
		h(w, r)
	case r.URL.Path == "/token" && r.Method == http.MethodPost:
		f.serveToken(w, r)
	case r.URL.Path == "/userinfo" && r.Header.Get("Authorization") == "Bearer "+f.token["access_token"].(string):
		f.answer(w, f.person)
	default:
		http.NotFound(w, r)
	}
}

func (f *fake) serveToken(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || r.URL.RawQuery != "" || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
		w.WriteHeader(http.StatusUnsupportedMediaType)
		return
	}
	f.mu.Lock()
	f.form = r.PostForm
	f.mu.Unlock()
	user, pass, basic := r.BasicAuth()
	if id, pw := r.PostForm.Get("client_id"), r.PostForm.Get("client_secret"); !(id == clientID && pw == secret || basic && user == clientID && pass == secret) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if !f.accepts(r.PostForm.Get("code")) || r.PostForm.Get("redirect_uri") != f.portal || r.PostForm.Get("grant_type") != "authorization_code" {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		w.Write([]byte(`{"error":"invalid_grant"}`))
		return
	}
	f.answer(w, f.token)
}

func (f *fake) answer(w http.ResponseWriter, o object) {
	text, err := json.Marshal(o)
	if err != nil {
		f.t.Error(err)
	}
	if f.sealed {
		key, data := sealed(f.t, f.pub, f.bits, string(text))
		text, _ = json.Marshal(object{"data": data, "key": key})
	}
	w.Header()["Content-Type"] = []string{f.media}
	w.Write(text)
}

func (f *fake) count(path string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.hits[path]
}

// sealed is RSA PKCS #1 v1.5 around AES-ECB, written for the fake.
func sealed(t testing.TB, pub *rsa.PublicKey, bits int, plain string) (key, data string) {
	aesKey := make([]byte, bits/8)
	rand.Read(aesKey)
	wrapped, err := rsa.EncryptPKCS1v15(rand.Reader, pub, aesKey)
	if err != nil {
		t.Error(err)
	}
	cipher, err := aes.NewCipher(aesKey)
	if err != nil {
		t.Fatal(err)
	}
	pad := 16 - len(plain)%16
	blocks := append([]byte(plain), bytes.Repeat([]byte{byte(pad)}, pad)...)
	for i := 0; i < len(blocks); i += 16 {
		cipher.Encrypt(blocks[i:], blocks[i:i+16])
	}
	return base64.StdEncoding.EncodeToString(wrapped), base64.StdEncoding.EncodeToString(blocks)
}

// callback is the raw query with which the browser comes back: base64 with its +, /
// and = as they are, as the direct single sign-on sends them.
func (f *fake) callback(redirect string) string {
	u, err := url.Parse(redirect)
	if err != nil {
		f.t.Fatal(err)
	}
	q := url.Values{"state": {u.Query().Get("state")}, "code": {f.code}}
	if f.sealed {
		key, code := sealed(f.t, f.pub, f.bits, f.code)
		q.Set("encrypt_key", key)
		q.Set("code", code)
	}
	if f.query != nil {
		f.query(q)
	}
	var pairs []string
	for name, values := range q {
		for _, v := range values {
			pairs = append(pairs, name+"="+v)
		}
	}
	return strings.Join(pairs, "&")
}

func (f *fake) deployment() Deployment {
	return Deployment{AuthURL: f.srv.URL + "/auth", TokenURL: f.srv.URL + "/token", UserinfoURL: f.srv.URL + "/userinfo"}
}

func (f *fake) envelope() Envelope {
	return Envelope{Deployment: f.deployment(), Key: rsaKey(), SubjectKey: bytes.Repeat([]byte{7}, 32), AESBits: f.bits}
}

func (f *fake) config(w sso.Wire) sso.Config {
	return sso.Config{
		Issuer: f.srv.URL, ClientID: clientID, ClientSecret: secret, RedirectURL: f.portal,
		Accept: sso.TransportOnly, Wire: w,
		Now: func() time.Time { return time.Date(2026, 3, 2, 8, 0, 0, 0, time.UTC) },
	}
}

func newClient(t testing.TB, cfg sso.Config) *sso.Client {
	t.Helper()
	c, err := sso.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// login goes the whole way.
func (f *fake) login(w sso.Wire) (*sso.Identity, error) {
	f.t.Helper()
	return f.loginAs(f.config(w))
}

func (f *fake) loginAs(cfg sso.Config) (*sso.Identity, error) {
	f.t.Helper()
	c := newClient(f.t, cfg)
	redirect, session, err := c.Begin(f.t.Context(), sso.Ask{})
	if err != nil {
		return nil, err
	}
	return c.Finish(f.t.Context(), session, f.callback(redirect))
}

// refusedAs fails unless err matches want and no other kind.
func refusedAs(t testing.TB, err error, want vneid.Kind) {
	t.Helper()
	var kinds []error
	for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
		if errors.Is(err, k) {
			kinds = append(kinds, k)
		}
	}
	if len(kinds) != 1 || kinds[0] != want {
		t.Errorf("%v is %v, want %v", err, kinds, want)
	}
	if err != nil && !strings.HasPrefix(err.Error(), "sso: ") {
		t.Errorf("%v has another prefix", err)
	}
}

func with(o object, changes object) object {
	o = maps.Clone(o)
	for name, v := range changes {
		if o[name] = v; v == nil {
			delete(o, name)
		}
	}
	return o
}
