package main

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// What the platform and its relying party agree on.
const (
	clientID  = "load"
	clientKid = "load-key"
	callback  = "https://rp.example/callback"
	scopes    = "openid profile vneid:id"
)

// ours is the platform, the program itself, and what a relying party of it remembers.
type ours struct {
	*process
	called       string
	issuer, host string
	relying      identity
	keys         []jwx.Key
	nonce        atomic.Pointer[string] // the last that the server gave (RFC 9449 §8.2)
	people       []personas.Persona
}

func relyingParty(issuer string, key crypto.Signer) identity {
	return identity{client: clientID, audience: issuer, alg: "ES256", kid: clientKid, key: key}
}

// build compiles examples/platform into dir.
func build(dir string) (binary string, err error) {
	binary = filepath.Join(dir, "platform")
	cmd := exec.Command("go", "build", "-o", binary, "./platform")
	cmd.Dir = filepath.FromSlash("../../../examples")
	cmd.Env = append(os.Environ(), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building the platform: %w\n%s", err, out)
	}
	return binary, nil
}

// stores are the URLs of the stores; the directory is for this run alone.
var stores = map[string]string{"memory": "memory:%.0s", "sqlite": "sqlite:%s/load.db"}

// startOurs runs the platform on a store, and registers the relying party with it by the
// lab's address for programs. The log has the requests that failed, as it would have in
// front of users; nothing else differs from what the program does by itself.
func startOurs(store, binary, dir, gogc string) (*ours, error) {
	url, known := stores[store]
	if !known {
		return nil, errors.New("-stores knows memory and sqlite")
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(binary, "-addr", addr, "-store", fmt.Sprintf(url, dir), "-log-level", "warn")
	if gogc != "" {
		cmd.Env = append(os.Environ(), "GOGC="+gogc)
	}
	p, err := start(addr, cmd)
	if err != nil {
		return nil, err
	}
	o := &ours{process: p, called: "platform, " + store, issuer: "http://" + addr, host: addr}
	o.relying = relyingParty(o.issuer, key)
	first := ""
	o.nonce.Store(&first)
	for _, who := range personas.All() {
		if a := who.Account; a.Level == 2 && a.Password != "" && !a.AccountLocked && !a.EIDLocked {
			o.people = append(o.people, who)
		}
	}
	if err := o.register(key); err != nil {
		p.stop()
		return nil, err
	}
	return o, nil
}

func (o *ours) register(key *ecdsa.PrivateKey) error {
	body, err := json.Marshal(platform.Client{
		ID: clientID, Name: "Load", Class: platform.ClassState, Profile: platform.FAPI2, RedirectURIs: []string{callback},
		Keys:   json.RawMessage(`{"keys":[` + jwk(&key.PublicKey, `,"kid":"`+clientKid+`","use":"sig","alg":"ES256"`) + `]}`),
		Scopes: []string{"profile", "vneid:id"}, SkipConsent: true,
	})
	if err != nil {
		return err
	}
	res, err := http.Post(o.issuer+"/lab/api/v1/clients", "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 1<<10))
		return fmt.Errorf("the platform does not register the client: %d %s", res.StatusCode, text)
	}
	c := &conn{host: o.host}
	defer c.close()
	r, err := c.do("GET", "/jwks.json", "")
	if err == nil {
		o.keys, _, err = jwx.ParseSet(r.body)
	}
	return err
}

func (o *ours) name() string { return o.called }

// counter is a line of the platform's figures.
var counter = regexp.MustCompile(`(?m)^vneid_signatures_total\{alg="(\w+)",verb="(\w+)"\} (\d+)`)

// collects is how far garbage may grow before it is collected, in percent of what is kept:
// GOGC, as the server itself says.
var collects = regexp.MustCompile(`(?m)^go_gc_gogc_percent (\d+)`)

func (o *ours) gogc() string {
	c := &conn{host: o.host}
	defer c.close()
	if r, err := c.do("GET", "/metrics", ""); err == nil {
		if m := collects.FindSubmatch(r.body); m != nil {
			return string(m[1])
		}
	}
	return "unknown"
}

// operations is what the server's own counters say, by verb and algorithm.
func (o *ours) operations() (map[string]uint64, error) {
	c := &conn{host: o.host}
	defer c.close()
	r, err := c.do("GET", "/metrics", "")
	if err != nil {
		return nil, err
	}
	out := map[string]uint64{}
	for _, m := range counter.FindAllSubmatch(r.body, -1) {
		if out[string(m[2])+" "+string(m[1])], err = strconv.ParseUint(string(m[3]), 10, 64); err != nil {
			return nil, err
		}
	}
	if len(out) == 0 {
		return nil, errors.New("the platform counts no signatures")
	}
	return out, nil
}

// seat is one person at a browser that is logged in, and one connection of the relying
// party.
type seat struct {
	o           *ours
	browser, rp conn
	cookies     string
}

var csrf = regexp.MustCompile(`"csrf":\s*"([^"]+)"|name="csrf" value="([^"]+)"`)

// sit opens the citizen's session with number and password, as a person does in the
// morning. It is no part of any figure.
func (o *ours) sit(i int) (client, error) {
	s := &seat{o: o, browser: conn{host: o.host}, rp: conn{host: o.host}}
	who := o.people[i%len(o.people)]
	r, err := s.browser.do("GET", "/login?return=/", "")
	s.keep(r)
	at := r.header.Get("Location")
	if err != nil || at == "" {
		return nil, fmt.Errorf("no login page: %d %w", r.status, err)
	}
	if r, err = s.browser.do("GET", at, "", field{"Cookie", s.cookies}); err != nil {
		return nil, err
	}
	m := csrf.FindSubmatch(r.body)
	if m == nil {
		return nil, fmt.Errorf("no form on the login page: %d", r.status)
	}
	form := url.Values{platform.FieldCSRF: {string(m[1]) + string(m[2])}, platform.FieldUsername: {who.Username()}, platform.FieldPassword: {personas.Password}}
	r, err = s.browser.do("POST", at, form.Encode(), field{"Cookie", s.cookies}, field{"Sec-Fetch-Site", "same-origin"})
	s.keep(r)
	if err != nil || !strings.Contains(s.cookies, "session") {
		return nil, fmt.Errorf("%s cannot log in: %d %w", who.Handle, r.status, err)
	}
	return s, nil
}

// keep takes the cookies of an answer; each comes once.
func (s *seat) keep(r reply) {
	for _, c := range r.header.Values("Set-Cookie") {
		pair, _, _ := strings.Cut(c, ";")
		s.cookies = strings.TrimPrefix(s.cookies+"; "+pair, "; ")
	}
}

func (s *seat) close() { s.browser.close(); s.rp.close() }

// post calls an endpoint of the platform for a form, with assertion and proof, and again
// if it wants another nonce.
func (s *seat) post(path, form string, by *prover) (jws.Object, int, error) {
	for again := false; ; again = true {
		assertion, err := s.o.relying.assertion()
		if err != nil {
			return jws.Object{}, 0, err
		}
		nonce := s.o.nonce.Load()
		proof, err := by.proof("POST", s.o.issuer+path, "", *nonce)
		if err != nil {
			return jws.Object{}, 0, err
		}
		r, err := s.rp.do("POST", path, form+"&client_assertion_type="+assertionType+"&client_assertion="+assertion, field{"DPoP", proof})
		if err != nil {
			return jws.Object{}, 0, err
		}
		if s.learn(r, *nonce) && r.status == http.StatusBadRequest && !again {
			continue
		}
		o, err := jws.ParseObject(string(r.body))
		return o, r.status, err
	}
}

// learn notes a nonce, and reports whether it is another.
func (s *seat) learn(r reply, had string) bool {
	nonce := r.header.Get("DPoP-Nonce")
	if nonce == "" || nonce == had {
		return false
	}
	s.o.nonce.Store(&nonce)
	return true
}

const assertionType = "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"

// overloaded is an answer of 503, with how long to wait.
type overloaded struct{ retry string }

func (overloaded) Error() string { return "503" }

func refusedBy(where string, status int, o jws.Object) error {
	if status == http.StatusServiceUnavailable {
		return overloaded{}
	}
	return fmt.Errorf("%s: %d %s", where, status, o.String("error"))
}

// login is a full FAPI 2.0 login: PAR, private_key_jwt, DPoP with a fresh key, PKCE, the
// browser's way, ID token, userinfo.
func (s *seat) login() error {
	by, err := newProver()
	if err != nil {
		return err
	}
	state, nonce, verifier := token(16), token(16), token(32)
	pushed, status, err := s.post("/par", "response_type=code&client_id="+clientID+"&redirect_uri="+url.QueryEscape(callback)+"&scope="+url.QueryEscape(scopes)+
		"&state="+state+"&nonce="+nonce+"&code_challenge_method=S256&code_challenge="+hash(verifier), by)
	if err != nil || status != http.StatusCreated {
		return errors.Join(err, refusedBy("par", status, pushed))
	}
	code, err := s.browse(pushed.String("request_uri"), state)
	if err != nil {
		return err
	}
	tokens, status, err := s.post("/token", "grant_type=authorization_code&code="+code+"&redirect_uri="+url.QueryEscape(callback)+"&code_verifier="+verifier, by)
	if err != nil || status != http.StatusOK {
		return errors.Join(err, refusedBy("token", status, tokens))
	}
	access := tokens.String("access_token")
	sub, err := s.o.check(tokens.String("id_token"), nonce, access)
	if err != nil {
		return err
	}
	return s.userinfo(by, access, sub)
}

// browse follows the browser to the platform and back.
func (s *seat) browse(uri, state string) (code string, err error) {
	r, err := s.browser.do("GET", "/authorize?client_id="+clientID+"&request_uri="+url.QueryEscape(uri), "", field{"Cookie", s.cookies})
	if err != nil {
		return "", err
	}
	if r.status == http.StatusServiceUnavailable {
		return "", overloaded{r.header.Get("Retry-After")}
	}
	back, err := url.Parse(r.header.Get("Location"))
	if err != nil {
		return "", err
	}
	q := back.Query()
	if r.status != http.StatusSeeOther || q.Get("state") != state || q.Get("iss") != s.o.issuer || q.Get("code") == "" {
		if q.Get("error") == "temporarily_unavailable" {
			return "", overloaded{}
		}
		return "", fmt.Errorf("authorize: %d %s", r.status, q.Get("error"))
	}
	return q.Get("code"), nil
}

var idTokens = jws.NewParser(jws.Rules{Algs: []string{"ES256"}, Types: []string{"JWT"}})

// check verifies the ID token (OpenID Connect Core §3.1.3.7).
func (o *ours) check(text, nonce, access string) (sub string, err error) {
	t, err := idTokens.Parse(text)
	if err != nil {
		return "", err
	}
	claims, err := t.Claims()
	if err != nil {
		return "", err
	}
	err = errors.New("the ID token is by an unknown key")
	for _, k := range o.keys {
		if k.ID == t.KeyID {
			err = jws.Verify(t.Alg, k.Public, t.Input, t.Signature)
		}
	}
	aud, half := claims.Strings("aud"), sha256.Sum256([]byte(access))
	if err == nil && (claims.String("iss") != o.issuer || len(aud) != 1 || aud[0] != clientID || claims.String("nonce") != nonce ||
		!claims.Time("exp").After(time.Now()) || claims.String("at_hash") != b64.EncodeToString(half[:16])) {
		err = errors.New("the ID token is not of this login")
	}
	return claims.String("sub"), err
}

func (s *seat) userinfo(by *prover, access, sub string) error {
	for again := false; ; again = true {
		nonce := s.o.nonce.Load()
		proof, err := by.proof("GET", s.o.issuer+"/userinfo", access, *nonce)
		if err != nil {
			return err
		}
		r, err := s.rp.do("GET", "/userinfo", "", field{"Authorization", "DPoP " + access}, field{"DPoP", proof})
		if err != nil {
			return err
		}
		if s.learn(r, *nonce) && r.status == http.StatusUnauthorized && !again {
			continue
		}
		info, err := jws.ParseObject(string(r.body))
		if err != nil || r.status != http.StatusOK {
			return errors.Join(err, refusedBy("userinfo", r.status, info))
		}
		if info.String("sub") != sub || info.String("citizen_id") == "" && info.String("name") == "" {
			return errors.New("userinfo is of somebody else")
		}
		return nil
	}
}
