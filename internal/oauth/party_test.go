package oauth_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// seen is one request that an endpoint got.
type seen struct {
	header http.Header
	form   url.Values
	query  string
}

// endpoint is a server that notes requests and answers as it is told.
type endpoint struct {
	*httptest.Server
	requests []seen
	answer   func(w http.ResponseWriter, n int) // n is 1 for the first request
}

func newEndpoint(t *testing.T) *endpoint {
	t.Helper()
	e := &endpoint{answer: func(w http.ResponseWriter, _ int) { reply(w, 200, `{"ok":true}`) }}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		e.requests = append(e.requests, seen{r.Header, form, r.URL.RawQuery})
		e.answer(w, len(e.requests))
	}))
	t.Cleanup(e.Close)
	return e
}

func reply(w http.ResponseWriter, status int, body string, headers ...string) {
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	for i := 0; i < len(headers); i += 2 {
		w.Header().Set(headers[i], headers[i+1])
	}
	w.WriteHeader(status)
	io.WriteString(w, body)
}

func (e *endpoint) party() *oauth.Party {
	return &oauth.Party{HTTP: oauth.HTTP(nil, e.URL), Client: "r p", Audience: "https://op.example", Now: clock}
}

func TestTheFourWaysToAuthenticate(t *testing.T) {
	key := oauth.Key{ID: "k1", Signer: signers(t)["ES256"]}
	secret := func() string { return "s=+cret" }
	check := func(want url.Values, authorization string) func(*testing.T, seen) {
		return func(t *testing.T, r seen) {
			if !maps.EqualFunc(r.form, want, func(a, b []string) bool { return fmt.Sprint(a) == fmt.Sprint(b) }) || r.header.Get("Authorization") != authorization {
				t.Errorf("%v, %q", r.form, r.header.Get("Authorization"))
			}
		}
	}
	for name, tc := range map[string]struct {
		set  func(*oauth.Party)
		want func(*testing.T, seen)
	}{
		"none": {func(*oauth.Party) {}, check(url.Values{"a": {"1", "2"}, "client_id": {"r p"}}, "")},
		// "r p" and "s=+cret", form-encoded and then joined: r+p:s%3D%2Bcret
		"basic":             {func(p *oauth.Party) { p.Secret = secret }, check(url.Values{"a": {"1", "2"}}, "Basic citwOnMlM0QlMkJjcmV0")},
		"post":              {func(p *oauth.Party) { p.Secret, p.SecretInBody = secret, true }, check(url.Values{"a": {"1", "2"}, "client_id": {"r p"}, "client_secret": {"s=+cret"}}, "")},
		"an empty secret":   {func(p *oauth.Party) { p.Secret = func() string { return "" } }, check(url.Values{"a": {"1", "2"}, "client_id": {"r p"}}, "")},
		"a key":             {func(p *oauth.Party) { p.Key = &key }, withAssertion(key)},
		"a key wins":        {func(p *oauth.Party) { p.Key, p.Secret = &key, secret }, withAssertion(key)},
		"a key wins, again": {func(p *oauth.Party) { p.Key, p.Secret, p.SecretInBody = &key, secret, true }, withAssertion(key)},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEndpoint(t)
			p := e.party()
			tc.set(p)
			form := url.Values{"a": {"1", "2"}}
			a, err := p.Post(t.Context(), e.URL+"/token?x=1", form)
			if err != nil || a.Status != 200 || !a.IsJSON || !a.Object.Bool("ok") || len(e.requests) != 1 {
				t.Fatalf("%+v, %v, %d requests", a, err, len(e.requests))
			}
			tc.want(t, e.requests[0])
			if len(form) != 1 || e.requests[0].query != "x=1" {
				t.Error("the caller's form or URL was changed")
			}
			if e.requests[0].header.Get("DPoP") != "" {
				t.Error("a proof without a Prover")
			}
		})
	}
}

func withAssertion(key oauth.Key) func(*testing.T, seen) {
	return func(t *testing.T, r seen) {
		f := r.form
		_, _, err := oauth.VerifyAssertion(f.Get("client_assertion"), oauth.AssertionRules{
			Client: "r p", Audience: "https://op.example", Now: now,
			Verify: func(alg, _ string, input, sig []byte) error { return jws.Verify(alg, key.Signer.Public(), input, sig) },
		})
		if err != nil || f.Get("client_assertion_type") != oauth.AssertionType || f.Get("client_id") != "r p" || f.Has("client_secret") || r.header.Get("Authorization") != "" {
			t.Errorf("%v, %v", f, err)
		}
	}
}

func TestANonceIsAskedForOnce(t *testing.T) {
	const demand = `{"error":"use_dpop_nonce"}`
	for name, tc := range map[string]struct {
		answer  func(w http.ResponseWriter, n int)
		want    int // requests
		status  int
		without bool // a Prover
	}{
		"an authorization server's": {func(w http.ResponseWriter, n int) {
			if n == 1 {
				reply(w, 400, demand, "DPoP-Nonce", "n-1")
			} else {
				reply(w, 200, `{}`)
			}
		}, 2, 200, false},
		"a resource server's": {func(w http.ResponseWriter, n int) {
			if n == 1 {
				reply(w, 401, `x`, "DPoP-Nonce", "n-1", "WWW-Authenticate", `DPoP error="use_dpop_nonce", error_description="x"`)
			} else {
				reply(w, 200, `{}`)
			}
		}, 2, 200, false},
		"for ever":                   {func(w http.ResponseWriter, n int) { reply(w, 400, demand, "DPoP-Nonce", fmt.Sprint("n-", n)) }, 2, 400, false},
		"without giving one":         {func(w http.ResponseWriter, _ int) { reply(w, 400, demand) }, 1, 400, false},
		"of a client without proofs": {func(w http.ResponseWriter, _ int) { reply(w, 400, demand, "DPoP-Nonce", "n-1") }, 1, 400, true},
		"with another status":        {func(w http.ResponseWriter, _ int) { reply(w, 500, demand, "DPoP-Nonce", "n-1") }, 1, 500, false},
		"not at all: another error": {func(w http.ResponseWriter, _ int) {
			reply(w, 400, `{"error":"invalid_grant"}`, "DPoP-Nonce", "n-1")
		}, 1, 400, false},
		"not at all: with success": {func(w http.ResponseWriter, _ int) { reply(w, 200, demand, "DPoP-Nonce", "n-1") }, 1, 200, false},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEndpoint(t)
			e.answer = tc.answer
			p := e.party()
			p.Key = &oauth.Key{Signer: signers(t)["ES256"]}
			if !tc.without {
				p.Prover = prover(t, nil)
			}
			a, err := p.Post(t.Context(), e.URL+"/token", url.Values{"code": {"c"}})
			if err != nil || a.Status != tc.status || len(e.requests) != tc.want {
				t.Fatalf("%d, %v, %d requests", a.Status, err, len(e.requests))
			}
			if tc.want < 2 {
				return
			}
			ids := map[string]bool{}
			for i, r := range e.requests {
				proof, assertion := said(t, r.header.Get("DPoP")), said(t, r.form.Get("client_assertion"))
				ids[proof.String("jti")], ids[assertion.String("jti")] = true, true
				if want := []string{"", "n-1"}[i]; proof.String("nonce") != want || r.form.Get("code") != "c" {
					t.Errorf("request %d: nonce %q, want %q", i, proof.String("nonce"), want)
				}
			}
			if len(ids) != 4 {
				t.Error("the repeated request has an identifier of the first")
			}
		})
	}
}

func TestANonceOfASuccessIsUsedNext(t *testing.T) {
	e := newEndpoint(t)
	e.answer = func(w http.ResponseWriter, n int) { reply(w, 200, `{}`, "DPoP-Nonce", fmt.Sprint("n-", n)) }
	p := e.party()
	p.Prover = prover(t, nil)
	for i := range 3 {
		if _, err := p.Get(t.Context(), e.URL+"/me", "token"); err != nil {
			t.Fatal(err)
		}
		o := said(t, e.requests[i].header.Get("DPoP"))
		if want := []string{"", "n-1", "n-2"}[i]; o.String("nonce") != want {
			t.Errorf("request %d: nonce %q, want %q", i, o.String("nonce"), want)
		}
	}
}

func TestGetBindsTheToken(t *testing.T) {
	e := newEndpoint(t)
	p := e.party()
	for _, tc := range []struct {
		prover        *oauth.Prover
		access        string
		authorization string
	}{
		{nil, "", ""}, {nil, "token", "Bearer token"}, {prover(t, nil), "token", "DPoP token"},
	} {
		e.requests, p.Prover = nil, tc.prover
		if _, err := p.Get(t.Context(), e.URL+"/me?x=1", tc.access); err != nil {
			t.Fatal(err)
		}
		h := e.requests[0].header
		if h.Get("Authorization") != tc.authorization || (h.Get("DPoP") != "") != (tc.prover != nil) {
			t.Errorf("%q, proof %q", h.Get("Authorization"), h.Get("DPoP"))
		}
		if tc.prover == nil {
			continue
		}
		if _, err := oauth.VerifyProof(h.Get("DPoP"), oauth.ProofRules{Method: "GET", URL: e.URL + "/me", Access: "token", Thumbprint: tc.prover.Thumbprint(), Now: now}); err != nil {
			t.Error(err)
		}
	}
}

func TestRedirectsAreAnswersAndCookiesStayOut(t *testing.T) {
	other := newEndpoint(t)
	e := newEndpoint(t)
	jar, _ := cookiejar.New(nil)
	own := &http.Client{Jar: jar, Transport: http.DefaultTransport, CheckRedirect: func(*http.Request, []*http.Request) error { return nil }}
	for _, status := range []int{301, 302, 303, 307, 308} {
		for _, to := range []string{other.URL, e.URL + "/other"} {
			e.requests = nil
			e.answer = func(w http.ResponseWriter, _ int) {
				reply(w, status, ``, "Location", to, "Set-Cookie", "session=1; Path=/")
			}
			for _, client := range []*http.Client{oauth.HTTP(nil, e.URL), oauth.HTTP(own, e.URL), own} { // the last without oauth.HTTP's rules
				p := e.party()
				p.HTTP = client
				for _, call := range []func() (oauth.Answer, error){
					func() (oauth.Answer, error) { return p.Post(t.Context(), e.URL, nil) },
					func() (oauth.Answer, error) { return p.Get(t.Context(), e.URL, "token") },
				} {
					if a, err := call(); err != nil || a.Status != status {
						t.Errorf("%d: %d, %v", status, a.Status, err)
					}
				}
			}
			for _, r := range e.requests {
				if r.header.Get("Cookie") != "" {
					t.Error("a cookie came back")
				}
			}
			if len(e.requests) != 6 {
				t.Errorf("%d requests, want 6", len(e.requests))
			}
		}
	}
	if len(other.requests) != 0 {
		t.Error("a redirect was followed")
	}
	if len(jar.Cookies(must(url.Parse(e.URL)))) != 0 {
		t.Error("a cookie was kept")
	}
	p := other.party()
	if _, err := p.Get(t.Context(), other.URL, ""); err != nil || len(other.requests) != 1 {
		t.Errorf("the other place cannot be reached at all: %v", err)
	}
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestABrokenConnectionIsNotTriedAgain(t *testing.T) {
	var hits atomic.Int64
	first := make(chan struct{}, 1)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if hits.Add(1) == 1 { // the connection is kept for the second
			reply(w, 200, `{}`)
			first <- struct{}{}
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			conn.Close()
		}
	}))
	defer s.Close()
	p := &oauth.Party{HTTP: oauth.HTTP(nil, s.URL), Client: "rp"}
	if _, err := p.Post(t.Context(), s.URL, url.Values{"code": {"c"}}); err != nil {
		t.Fatal(err)
	}
	<-first
	if _, err := p.Post(t.Context(), s.URL, url.Values{"code": {"c"}}); !errors.Is(err, vneid.ErrUnavailable) || strings.Contains(err.Error(), s.URL) {
		t.Errorf("%v", err)
	}
	if n := hits.Load(); n != 2 {
		t.Errorf("%d requests, want 2", n)
	}
}

func TestWhatAnEndpointSays(t *testing.T) {
	for name, tc := range map[string]struct {
		kind, body string
		headers    []string
		want       oauth.Answer // without Object
	}{
		"an object":                       {"application/json", `{"a":1}`, nil, oauth.Answer{IsJSON: true}},
		"an object in capitals":           {"Application/JSON; charset=utf-8", `{"a":1}`, nil, oauth.Answer{IsJSON: true}},
		"an object under another name":    {"text/html", `{"a":1}`, nil, oauth.Answer{}},
		"an object under no name":         {"", `{"a":1}`, nil, oauth.Answer{}},
		"no object":                       {"application/json", `[1]`, nil, oauth.Answer{}},
		"a name twice":                    {"application/json", `{"a":1,"a":2}`, nil, oauth.Answer{}},
		"nothing":                         {"application/json", ``, nil, oauth.Answer{}},
		"a JWT":                           {"application/jwt", `a.b.c`, nil, oauth.Answer{JWT: "a.b.c"}},
		"a JWT of a type":                 {"application/token-introspection+jwt; x=y", `a.b.c`, nil, oauth.Answer{JWT: "a.b.c"}},
		"an hour":                         {"application/json", `{}`, []string{"Retry-After", "3600"}, oauth.Answer{IsJSON: true, Retry: time.Hour}},
		"more than an hour":               {"application/json", `{}`, []string{"Retry-After", "3601"}, oauth.Answer{IsJSON: true}},
		"a time in the past":              {"application/json", `{}`, []string{"Retry-After", "-1"}, oauth.Answer{IsJSON: true}},
		"a date":                          {"application/json", `{}`, []string{"Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT"}, oauth.Answer{IsJSON: true}},
		"a challenge":                     {"application/json", `{}`, []string{"WWW-Authenticate", `Bearer realm="x", error="invalid_token"`}, oauth.Answer{IsJSON: true, Challenge: "invalid_token"}},
		"a challenge without an error":    {"application/json", `{}`, []string{"WWW-Authenticate", `Bearer realm="x"`}, oauth.Answer{IsJSON: true}},
		"a challenge that does not end":   {"application/json", `{}`, []string{"WWW-Authenticate", `Bearer error="invalid_token`}, oauth.Answer{IsJSON: true}},
		"a challenge with spaces":         {"application/json", `{}`, []string{"WWW-Authenticate", `Bearer error="a b"`}, oauth.Answer{IsJSON: true}},
		"a challenge of a thousand bytes": {"application/json", `{}`, []string{"WWW-Authenticate", `Bearer error="` + strings.Repeat("x", 1000) + `"`}, oauth.Answer{IsJSON: true}},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEndpoint(t)
			e.answer = func(w http.ResponseWriter, _ int) {
				reply(w, 200, tc.body, append([]string{"Content-Type", tc.kind}, tc.headers...)...)
			}
			p := e.party()
			a, err := p.Get(t.Context(), e.URL, "")
			if err != nil || a.IsJSON != tc.want.IsJSON || a.JWT != tc.want.JWT || a.Retry != tc.want.Retry || a.Challenge != tc.want.Challenge {
				t.Errorf("%+v, %v", a, err)
			}
			var api *vneid.APIError
			if err := a.Failed(vneid.ErrRevoked); !errors.As(err, &api) || api.Status != 200 || api.RetryAfter != tc.want.Retry || !errors.Is(err, vneid.ErrRevoked) {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestAnErrorCodeIsAString(t *testing.T) {
	for body, want := range map[string]string{`{"error":"invalid_grant"}`: "invalid_grant", `{"error":{"code":"x"}}`: "", `{"error":1}`: "", `{}`: "", `x`: ""} {
		e := newEndpoint(t)
		e.answer = func(w http.ResponseWriter, _ int) { reply(w, 400, body) }
		p := e.party()
		if a, err := p.Get(t.Context(), e.URL, ""); err != nil || a.Code() != want {
			t.Errorf("%s: %q, %v", body, a.Code(), err)
		}
	}
}

func TestAnswersThatDoNotCome(t *testing.T) {
	e := newEndpoint(t)
	p := e.party()
	e.answer = func(w http.ResponseWriter, _ int) {
		reply(w, 200, `{"a":"`+strings.Repeat("x", 1<<20)+`"}`)
	}
	if _, err := p.Get(t.Context(), e.URL, ""); !errors.Is(err, vneid.ErrUnavailable) || !strings.Contains(err.Error(), "1 MiB") {
		t.Errorf("a large answer: %v", err)
	}
	e.answer = func(w http.ResponseWriter, _ int) { reply(w, 200, `{"a":`, "Content-Length", "100") }
	if _, err := p.Get(t.Context(), e.URL, ""); !errors.Is(err, vneid.ErrUnavailable) {
		t.Errorf("half an answer: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	p.HTTP = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		cancel()
		<-r.Context().Done()
		return nil, r.Context().Err()
	})}
	if _, err := p.Get(ctx, e.URL, ""); !errors.Is(err, vneid.ErrUnavailable) || !errors.Is(err, context.Canceled) {
		t.Errorf("a caller who gives up: %v", err)
	}
	p = e.party()
	e.Close()
	if _, err := p.Get(t.Context(), e.URL, ""); !errors.Is(err, vneid.ErrUnavailable) || strings.Contains(err.Error(), e.URL) {
		t.Errorf("a server that is gone: %v", err)
	}
}

func TestEndpointsThatAreNotCalled(t *testing.T) {
	var hits atomic.Int64
	client := &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		hits.Add(1)
		return nil, errors.New("reached")
	})}
	p := &oauth.Party{HTTP: client, Client: "rp", Prover: prover(t, nil)}
	for _, endpoint := range []string{"", "/token", "http://op.example/token", "ftp://op.example/", "https://user:pass@op.example/", "https://op.example/#x", "https://op.example/%zz", "https:op.example", "https://op example/"} {
		for _, call := range []func() (oauth.Answer, error){
			func() (oauth.Answer, error) { return p.Post(t.Context(), endpoint, nil) },
			func() (oauth.Answer, error) { return p.Get(t.Context(), endpoint, "token") },
		} {
			if _, err := call(); !errors.Is(err, vneid.ErrUntrusted) || endpoint != "" && strings.Contains(err.Error(), endpoint) {
				t.Errorf("%q: %v", endpoint, err)
			}
		}
	}
	if hits.Load() != 0 {
		t.Error("an endpoint was called")
	}
	if _, err := p.Get(t.Context(), "https://op.example/", ""); !errors.Is(err, vneid.ErrUnavailable) || hits.Load() != 1 {
		t.Errorf("no endpoint is called at all: %v", err)
	}
	var kind vneid.Kind
	if _, err := (&oauth.Party{}).Get(t.Context(), "https://op.example/", ""); err == nil || errors.As(err, &kind) {
		t.Errorf("a Party without HTTP: %v", err)
	}
	p.Key = &oauth.Key{}
	if _, err := p.Post(t.Context(), "https://op.example/", nil); err == nil || errors.As(err, &kind) || hits.Load() != 1 {
		t.Errorf("a Party with an empty key: %v", err)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
