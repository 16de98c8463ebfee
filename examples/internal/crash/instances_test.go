package crash

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/examples/internal/pgtest"
	"github.com/vneid-sdk/vneid-go/examples/internal/store"
	"github.com/vneid-sdk/vneid-go/examples/internal/testkeys"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/qr"
)

// rivals is how many try the same thing at the same moment.
const rivals = 24

// race lets everybody try at once, and returns how many were answered how.
func race(t *testing.T, try func(i int) (int, error)) map[int]int {
	t.Helper()
	got := map[int]int{}
	var mu sync.Mutex
	var all sync.WaitGroup
	begin := make(chan struct{})
	for i := range rivals {
		all.Go(func() {
			<-begin
			status, err := try(i)
			mu.Lock()
			defer mu.Unlock()
			if got[status]++; err != nil {
				t.Error(err)
			}
		})
	}
	close(begin)
	all.Wait()
	return got
}

// onlyOne runs races, each of which one wins; the rest get lost.
func onlyOne(t *testing.T, won, lost int, prepare func() (func(i int) (int, error), error)) {
	t.Helper()
	for range rounds(t, "VNEID_RACES", 2) {
		try, err := prepare()
		if err != nil {
			t.Fatal(err)
		}
		if got := race(t, try); got[won] != 1 || got[lost] != rivals-1 {
			t.Fatalf("answers by status: %v", got)
		}
	}
}

// send posts a form to one of the processes as it is.
func (c *cluster) send(i int, path string, form url.Values, edit func(*http.Request)) (int, error) {
	req, err := http.NewRequest("POST", c.issuer+path, strings.NewReader(form.Encode()))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if edit != nil {
		edit(req)
	}
	res, err := c.at(i).RoundTrip(req)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

// shared is every kind of store that several can share, by the name of a new one.
var shared = map[string]func(*testing.T) string{
	"sqlite":   func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "platform.db") },
	"postgres": func(t *testing.T) string { return pgtest.Start(t).URL(t) },
}

func TestOfThreeProcessesOneGetsIt(t *testing.T) {
	for kind, url := range shared {
		t.Run(kind, func(t *testing.T) {
			one := url(t)
			rivalry(t, newCluster(t, func(int) string { return one }))
		})
	}
}

func TestOfThreePlatformsInOneProcessOneGetsIt(t *testing.T) {
	for kind, url := range shared {
		t.Run(kind, func(t *testing.T) { rivalry(t, together(t, url(t))) })
	}
}

func rivalry(t *testing.T, c *cluster) {
	b, err := c.browser("level2")
	if err == nil {
		err = b.enter()
	}
	if err != nil {
		t.Fatal(err)
	}
	for name, part := range map[string]func(*testing.T, *cluster, *browser){
		"a code": aCode, "a request_uri": aRequest, "an assertion": anAssertion, "a proof": aProof,
		"a refresh token": aRefresh, "a QR code": aQRCode, "a decision": aDecision, "a key": aKey,
	} {
		t.Run(name, func(t *testing.T) { part(t, c, b) })
	}
}

// What three processes on one store prevent happens on three stores: so the races reach
// all of them.
func TestOfThreeProcessesApartEachGivesIt(t *testing.T) {
	c := newCluster(t, func(int) string { return "memory:" })
	try, err := oneAssertion(c)
	if err != nil {
		t.Fatal(err)
	}
	if got := race(t, try); got[201] != instances {
		t.Errorf("answers by status: %v", got)
	}
}

var loginScope = url.Values{"scope": {"openid profile vneid:id"}, "prompt": {"consent"}}

// pushed is what a relying party has sent ahead.
func (c *cluster) pushed(rp *oauth.Party) (uri, verifier string, err error) {
	verifier, challenge := pkce()
	got, err := rp.Post(withKey(newKey()), c.issuer+"/par", url.Values{"response_type": {"code"}, "redirect_uri": {callback}, "state": {rand.Text()}, "nonce": {rand.Text()},
		"code_challenge": {challenge}, "code_challenge_method": {"S256"}, "scope": loginScope["scope"], "prompt": loginScope["prompt"]})
	got, err = answered(got, err, http.StatusCreated)
	return got.Object.String("request_uri"), verifier, err
}

func aCode(t *testing.T, c *cluster, b *browser) {
	onlyOne(t, 200, 400, func() (func(int) (int, error), error) {
		rp, err := c.party("portal-fapi2")
		if err != nil {
			return nil, err
		}
		verifier := ""
		code, err := b.decide(rp.Client, "consent", func() (uri string, err error) {
			uri, verifier, err = c.pushed(rp)
			return uri, err
		})
		form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {callback}, "code_verifier": {verifier}}
		return func(i int) (int, error) {
			got, err := c.through(i, rp).Post(t.Context(), c.issuer+"/token", form)
			return got.Status, err
		}, err
	})
}

func aRequest(t *testing.T, c *cluster, _ *browser) {
	onlyOne(t, 303, 400, func() (func(int) (int, error), error) {
		rp, err := c.party("portal-fapi2")
		if err != nil {
			return nil, err
		}
		uri, _, err := c.pushed(rp)
		return func(i int) (int, error) {
			req, err := http.NewRequest("GET", c.issuer+"/authorize?client_id="+rp.Client+"&request_uri="+url.QueryEscape(uri), nil)
			if err != nil {
				return 0, err
			}
			res, err := c.at(i).RoundTrip(req)
			if err != nil {
				return 0, err
			}
			return res.StatusCode, res.Body.Close()
		}, err
	})
}

func anAssertion(t *testing.T, c *cluster, _ *browser) {
	onlyOne(t, 201, 401, func() (func(int) (int, error), error) { return oneAssertion(c) })
}

func oneAssertion(c *cluster) (func(int) (int, error), error) {
	const client = "portal-fapi2"
	assertion, err := oauth.Assertion(oauth.Key{ID: testkeys.ID, Signer: testkeys.Signing()}, client, c.issuer, time.Now())
	_, challenge := pkce()
	form := url.Values{"client_id": {client}, "client_assertion_type": {oauth.AssertionType}, "client_assertion": {assertion},
		"response_type": {"code"}, "redirect_uri": {callback}, "state": {rand.Text()}, "nonce": {rand.Text()},
		"code_challenge": {challenge}, "code_challenge_method": {"S256"}, "scope": {"openid"}}
	return func(i int) (int, error) { return c.send(i, "/par", form, nil) }, err
}

func aProof(t *testing.T, c *cluster, b *browser) {
	onlyOne(t, 200, 401, func() (func(int) (int, error), error) {
		rp, err := c.party("portal-fapi2")
		if err != nil {
			return nil, err
		}
		tokens, err := b.ask(rp, callback, "consent", "login", loginScope)
		if err != nil {
			return nil, err
		}
		access := tokens.Object.String("access_token")
		// Once by itself, which tells the nonce.
		got, err := rp.Get(t.Context(), c.issuer+"/userinfo", access)
		if _, err = answered(got, err, http.StatusOK); err != nil {
			return nil, err
		}
		proof, err := rp.Prover.Proof("GET", c.issuer+"/userinfo", access)
		return func(i int) (int, error) {
			req, err := http.NewRequest("GET", c.issuer+"/userinfo", nil)
			if err != nil {
				return 0, err
			}
			req.Header.Set("Authorization", "DPoP "+access)
			req.Header.Set("DPoP", proof)
			res, err := c.at(i).RoundTrip(req)
			if err != nil {
				return 0, err
			}
			return res.StatusCode, res.Body.Close()
		}, err
	})
}

// portal is the client that has a secret, whose refresh tokens rotate.
func (c *cluster) portal() *oauth.Party {
	return &oauth.Party{HTTP: &http.Client{Transport: c}, Client: "portal", Audience: c.issuer, Secret: func() string { return "portal-secret-for-tests-only" }}
}

func aRefresh(t *testing.T, c *cluster, b *browser) {
	onlyOne(t, 200, 400, func() (func(int) (int, error), error) {
		rp := c.portal()
		tokens, err := b.ask(rp, callback, "consent", "login", loginScope)
		form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {tokens.Object.String("refresh_token")}}
		return func(i int) (int, error) {
			got, err := c.through(i, rp).Post(t.Context(), c.issuer+"/token", form)
			return got.Status, err
		}, err
	})
}

// issuing is a fourth instance, in this process.
func (c *cluster) issuing(t *testing.T) *platform.Platform {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.data, "platform.secret"))
	if err != nil {
		t.Fatal(err)
	}
	secret, err := base64.RawURLEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), c.store)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	p, err := platform.New(platform.Config{Issuer: c.issuer, Store: s, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func aQRCode(t *testing.T, c *cluster, _ *browser) {
	p := c.issuing(t)
	onlyOne(t, 200, 409, func() (func(int) (int, error), error) {
		code, err := p.IssueCode(t.Context(), "level2", platform.CodeRequest{Kind: qr.Dynamic, Profile: platform.JWS})
		if err != nil {
			return nil, err
		}
		var claims struct {
			ID string `json:"jti"`
		}
		payload, err := base64.RawURLEncoding.DecodeString(strings.Split(code, ".")[1])
		if err = errors.Join(err, json.Unmarshal(payload, &claims)); err != nil {
			return nil, err
		}
		form := url.Values{"id": {claims.ID}, "client_id": {"portal"}, "client_secret": {"portal-secret-for-tests-only"}}
		return func(i int) (int, error) {
			return c.send(i, "/qr/redeem", form, func(r *http.Request) { r.Header.Set("Idempotency-Key", newKey()) })
		}, nil
	})
}

// aDecision is one form that all processes get: everybody hears the one answer.
func aDecision(t *testing.T, c *cluster, b *browser) {
	rp, err := c.party("portal-fapi2")
	if err != nil {
		t.Fatal(err)
	}
	uri, _, err := c.pushed(rp)
	if err != nil {
		t.Fatal(err)
	}
	at, err := b.do("GET", "/authorize?client_id="+rp.Client+"&request_uri="+url.QueryEscape(uri), nil)
	if err != nil {
		t.Fatal(err)
	}
	shown, err := b.do("GET", at.location, nil)
	if err != nil {
		t.Fatal(err)
	}
	form := shown.form()
	form.Set(platform.FieldDecision, platform.Allow)
	var answers sync.Map
	got := race(t, func(i int) (int, error) {
		here := *b
		here.http = &http.Client{Jar: b.http.Jar, Transport: c.at(i), CheckRedirect: b.http.CheckRedirect}
		done, err := here.do("POST", at.location, form)
		answers.Store(done.location, true)
		return done.status, err
	})
	n := 0
	answers.Range(func(any, any) bool { n++; return true })
	if got[303] != rivals || n != 1 {
		t.Errorf("%d answers: %v", n, got)
	}
}

// aKey is one call that all processes get: everybody hears the one answer.
func aKey(t *testing.T, c *cluster, _ *browser) {
	rp, err := c.party("portal-fapi2")
	if err != nil {
		t.Fatal(err)
	}
	_, challenge := pkce()
	form := url.Values{"response_type": {"code"}, "redirect_uri": {callback}, "state": {rand.Text()}, "nonce": {rand.Text()},
		"code_challenge": {challenge}, "code_challenge_method": {"S256"}, "scope": {"openid"}}
	ctx := withKey(newKey())
	var answers sync.Map
	got := race(t, func(i int) (int, error) {
		got, err := c.through(i, rp).Post(ctx, c.issuer+"/par", form)
		answers.Store(got.Object.String("request_uri"), true)
		return got.Status, err
	})
	n := 0
	answers.Range(func(any, any) bool { n++; return true })
	if got[201] != rivals || n != 1 {
		t.Errorf("%d answers: %v", n, got)
	}
}
