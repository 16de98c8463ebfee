package guard

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// trap is a server that counts who reaches it.
func trap(t *testing.T) (*httptest.Server, *atomic.Int64) {
	t.Helper()
	hits := new(atomic.Int64)
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { hits.Add(1) }))
	t.Cleanup(s.Close)
	return s, hits
}

func get(t *testing.T, c *http.Client, target string) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return err
	}
	resp, err := c.Do(req)
	if err == nil {
		resp.Body.Close()
	}
	return err
}

func TestOnlyTheConfiguredHostMayBePrivate(t *testing.T) {
	s, hits := trap(t)
	_, port, _ := strings.Cut(strings.TrimPrefix(s.URL, "http://"), ":")
	if err := get(t, Client(nil, s.URL), s.URL); err != nil || hits.Load() != 1 {
		t.Fatalf("the trap cannot be reached by its owner: %v, %d hits", err, hits.Load())
	}
	for _, host := range []string{"localhost", "0.0.0.0", "[::ffff:127.0.0.1]"} {
		before, own := hits.Load(), "http://"+host+":"+port
		if err := get(t, Client(nil, own), own); err != nil || hits.Load() != before+1 {
			t.Errorf("%s does not lead to the trap: %v", host, err)
		}
	}
	reached := hits.Load()
	c := Client(nil, "https://op.example")
	for _, host := range []string{
		"127.0.0.1", "localhost", "LOCALHOST", "127.1", "127.0.0.2", "0.0.0.0", "0", "2130706433", "0x7f000001", "017700000001",
		"[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::7f00:1]", "[0:0:0:0:0:0:0:1]",
	} {
		if err := get(t, c, "http://"+host+":"+port+"/"); err == nil {
			t.Errorf("%s was called", host)
		}
	}
	if n := hits.Load(); n != reached {
		t.Errorf("the trap was reached %d times", n-reached)
	}
}

func TestAddressesThatAStrangerMayNotName(t *testing.T) {
	for _, ip := range []string{
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1", "172.31.255.255",
		"192.0.0.170", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "198.51.100.7", "203.0.113.7",
		"224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::ffff:10.0.0.1", "::ffff:100.64.0.1", "::ffff:169.254.169.254", "::10.0.0.1", "::ffff:0:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "100::1",
		"2001::1", "2001:10::1", "2001:db8::1", "2002:a00:1::1", "3fff::1", "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
	} {
		if public(netip.MustParseAddr(ip)) {
			t.Errorf("%s passes as public", ip)
		}
		if refuseSpecial("tcp", netip.AddrPortFrom(netip.MustParseAddr(ip), 443).String(), nil) == nil {
			t.Errorf("%s would be dialled", ip)
		}
	}
	for _, ip := range []string{"1.1.1.1", "9.255.255.255", "11.0.0.1", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1", "192.167.0.1", "223.255.255.255", "2001:4860::1", "2606:4700::1111", "2a00::1"} {
		if !public(netip.MustParseAddr(ip)) {
			t.Errorf("%s does not pass as public", ip)
		}
	}
}

func TestRedirectsStayOnTheHost(t *testing.T) {
	other, hits := trap(t)
	var to string
	var looped atomic.Int64
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/end":
			return
		case "/loop":
			looped.Add(1)
		}
		http.Redirect(w, r, to, http.StatusFound)
	}))
	defer s.Close()
	u, _ := url.Parse(s.URL)
	for _, tc := range []struct {
		name, to string
		ok       bool
	}{
		{"the same host", "/end", true},
		{"another port", other.URL, false},
		{"another name of the host", "http://localhost:" + u.Port() + "/end", false},
		{"another scheme", "https://" + u.Host + "/end", false},
		{"itself, for ever", "/loop", false},
		{"the same host with a password", "http://user:word@" + u.Host + "/end", false},
		{"the same host with a fragment", "/end#part", false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			to = tc.to
			for who, base := range map[string]*http.Client{"the built-in client": nil, "a caller's own": {Transport: http.DefaultTransport}} {
				err := get(t, Client(base, s.URL), s.URL)
				if (err == nil) != tc.ok {
					t.Errorf("%s: %v", who, err)
				}
			}
		})
	}
	if hits.Load() != 0 {
		t.Error("the other host was called")
	}
	if n := looped.Load(); n != 2*maxRedirects {
		t.Errorf("a loop was followed %d times", n)
	}
	follow := redirects(nil)
	for to, ok := range map[string]bool{"https://a.example/x": true, "HTTPS://A.example/x": true, "http://a.example/x": false, "https://a.example:443/x": false} {
		from := httptest.NewRequest(http.MethodGet, "https://a.example/", nil)
		if err := follow(httptest.NewRequest(http.MethodGet, to, nil), []*http.Request{from}); (err == nil) != ok {
			t.Errorf("to %s: %v", to, err)
		}
	}
	if err := get(t, http.DefaultClient, other.URL); err != nil || hits.Load() != 1 {
		t.Errorf("the other host cannot be reached at all: %v", err)
	}
}

func TestACallersOwnClientIsNotChangedAndKeepsItsRule(t *testing.T) {
	said := errors.New("no redirects here")
	own := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return said }}
	s := httptest.NewServer(http.RedirectHandler("/", http.StatusFound))
	defer s.Close()
	if err := get(t, Client(own, s.URL), s.URL); !errors.Is(err, said) {
		t.Errorf("the caller's rule was not asked: %v", err)
	}
	if own.Timeout != 0 || own.Transport != nil {
		t.Error("the caller's client was changed")
	}
}

func TestACallersClientLacksNoTimeoutAndNoTransport(t *testing.T) {
	for _, test := range []struct{ own, want time.Duration }{{0, total}, {-1, total}, {time.Second, time.Second}, {time.Minute, time.Minute}} {
		for _, transport := range []http.RoundTripper{nil, http.DefaultTransport} {
			c := Client(&http.Client{Timeout: test.own, Transport: transport}, "https://op.example")
			if c.Timeout != test.want {
				t.Errorf("a client of %v ends after %v", test.own, c.Timeout)
			}
			if transport != nil && c.Transport != transport {
				t.Error("the caller's transport was changed")
			}
		}
	}
	s, hits := trap(t)
	if err := get(t, Client(&http.Client{Timeout: time.Minute}, s.URL), s.URL); err != nil {
		t.Fatal(err)
	}
	if err := get(t, Client(&http.Client{Timeout: time.Minute}, "https://op.example"), s.URL); err == nil || hits.Load() != 1 {
		t.Errorf("a client without a transport reaches private addresses: %v", err)
	}
}

func TestCheckURL(t *testing.T) {
	for raw, ok := range map[string]bool{
		"https://op.example":               true,
		"https://op.example:8443/jwks?x=1": true,
		"https://10.0.0.1/jwks":            true, // the address rule is for the dialler
		"http://localhost:8080/jwks":       true,
		"http://127.0.0.1/jwks":            true,
		"http://[::1]:80/jwks":             true,
		"http://op.example/jwks":           false,
		"http://127.0.0.1.example/":        false,
		"http://localhost.example/":        false,
		"https://":                         false,
		"https:op.example":                 false,
		"//op.example/jwks":                false,
		"/jwks":                            false,
		"":                                 false,
		"file:///etc/passwd":               false,
		"ftp://op.example/":                false,
		"https://user@op.example/":         false,
		"https://op.example@evil.example/": false,
		"https://op.example/#x":            false,
		"https://op.example/#":             false,
		"https://op.exa mple/":             false,
		"https://op.example\n/":            false,
	} {
		if _, err := CheckURL(raw); (err == nil) != ok {
			t.Errorf("%q: %v", raw, err)
		}
	}
}

func TestSameHost(t *testing.T) {
	if !SameHost("https://OP.example/a", "https://op.example:8443/b") {
		t.Error("case and port make another host")
	}
	if SameHost("https://op.example", "https://op.example.evil.example") || SameHost("", "") || SameHost("%", "%") {
		t.Error("different or missing hosts pass as one")
	}
}

func TestReadStopsAtTheLimit(t *testing.T) {
	if b, err := Read(strings.NewReader("12345"), 5); err != nil || len(b) != 5 {
		t.Errorf("five bytes within five: %q, %v", b, err)
	}
	endless := &counter{}
	if _, err := Read(endless, 5); !errors.Is(err, ErrTooLarge) || endless.n > 4096 {
		t.Errorf("an endless body: %v after %d bytes", err, endless.n)
	}
	if _, err := Read(io.MultiReader(strings.NewReader("1"), broken{}), 5); err == nil {
		t.Error("a truncated body passes")
	}
}

type counter struct{ n int }

func (c *counter) Read(p []byte) (int, error) { c.n += len(p); return len(p), nil }

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
