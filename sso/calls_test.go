package sso

import (
	"bytes"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// wiretap passes requests on and remembers them.
type wiretap map[string]*http.Request // by path

func (w wiretap) RoundTrip(r *http.Request) (*http.Response, error) {
	w[r.URL.Path] = r
	return http.DefaultTransport.RoundTrip(r)
}

func TestACodeIsNeverSentAgainByTheTransport(t *testing.T) {
	o, tap := newOP(t), wiretap{}
	mustLogin(t, newClient(t, o, func(c *Config) { c.HTTP = &http.Client{Transport: tap} }), o, Ask{})
	switch r := tap["/token"]; {
	case r == nil:
		t.Fatal("no exchange")
	case r.GetBody != nil:
		t.Error("net/http may repeat the exchange on a broken connection")
	}
}

func TestCookiesHaveNoPartInCallsToTheProvider(t *testing.T) {
	o, tap := newOP(t), wiretap{}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(o.srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	jar.SetCookies(u, []*http.Cookie{{Name: "from-the-callers-jar", Value: "x", Path: "/"}})
	own := &http.Client{Transport: tap, Jar: jar}
	mustLogin(t, newClient(t, o, func(c *Config) { c.HTTP = own }), o, Ask{})
	for _, path := range []string{wellKnown, "/token", "/jwks", "/userinfo"} {
		if r := tap[path]; r == nil || len(r.Cookies()) != 0 {
			t.Errorf("%s was sent cookies, or not called", path)
		}
	}
	if own.Jar == nil {
		t.Error("the caller's client was changed")
	}
}

func TestAnIssuerOnHTTPSHasNoEndpointsOnHTTP(t *testing.T) {
	c, err := New(Config{Issuer: "https://localhost:8443", ClientID: "c", RedirectURL: "https://rp.example/cb"})
	if err != nil {
		t.Fatal(err)
	}
	at := func(base string) *metadata {
		return &metadata{authorization: base + "/a", token: base + "/t", userinfo: base + "/u", jwks: base + "/j"}
	}
	if err := c.checkEndpoints(at("https://localhost:8443")); err != nil {
		t.Fatalf("the twin: %v", err)
	}
	for name, change := range map[string]func(good, plain *metadata){
		"authorization": func(g, p *metadata) { g.authorization = p.authorization },
		"token":         func(g, p *metadata) { g.token = p.token },
		"userinfo":      func(g, p *metadata) { g.userinfo = p.userinfo },
		"jwks":          func(g, p *metadata) { g.jwks = p.jwks },
	} {
		md := at("https://localhost:8443")
		change(md, at("http://localhost:8443")) // loopback, where http may be called at all
		t.Log(name)
		err := c.checkEndpoints(md)
		if err == nil {
			t.Error("accepted")
			continue
		}
		refusedAs(t, fault.Prefix("sso", err), vneid.ErrUntrusted)
	}
}

func TestPagesAboutAPersonStayOutOfCaches(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.get("/home")
	page := func(h http.HandlerFunc) string {
		return serve(s.c.Require(Ask{}, h), requestWith(b)).Header().Get("Cache-Control")
	}
	if got := page(func(http.ResponseWriter, *http.Request) {}); got != "no-store" {
		t.Errorf("Cache-Control is %q", got)
	}
	if got := page(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Cache-Control", "private") }); got != "private" {
		t.Errorf("the page itself said private, and it is %q", got)
	}
}

func TestWhatACallerDoesToItsConfigLaterChangesNothing(t *testing.T) {
	key := bytes.Repeat([]byte{7}, 32)
	ring := [][]byte{key}
	o := newOP(t)
	c := newClient(t, o, func(c *Config) { c.CookieKeys = ring })
	twin := newClient(t, o, func(c *Config) { c.CookieKeys = [][]byte{bytes.Repeat([]byte{7}, 32)} })
	for name, change := range map[string]func(){
		"nothing yet":         func() {},
		"the key overwritten": func() { clear(key) },
		"the ring changed":    func() { ring[0] = bytes.Repeat([]byte{9}, 32) },
	} {
		change()
		envelope, err := c.sealer.seal(forSession, []byte("{}"))
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := twin.sealer.open(forSession, envelope); !ok {
			t.Errorf("%s: the client seals with another key than it was given", name)
		}
	}
}
