package sso

import (
	"context"
	"crypto"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/guard/guardtest"
)

// A place where a URL that the provider's metadata named is called.
type fetchPoint struct {
	name string // of the metadata's member
	call func(*Client, *op) error
}

func loggedIn(c *Client, o *op) error {
	_, err := logIn(c, o, Ask{})
	return err
}

// afterLogin calls an endpoint that no login needs, as sso/ciba and the calls after the login do.
func afterLogin(name string) func(*Client, *op) error {
	return func(c *Client, _ *op) error {
		p, err := c.Provider(context.Background(), sealOwn)
		if err != nil {
			return err
		}
		where, err := p.Endpoint(name)
		if err != nil {
			return err
		}
		_, err = p.Party.Post(context.Background(), where, url.Values{"token": {"t"}})
		return err
	}
}

var fetchPoints = []fetchPoint{
	{"jwks_uri", loggedIn},
	{"token_endpoint", loggedIn},
	{"userinfo_endpoint", loggedIn},
	{"pushed_authorization_request_endpoint", loggedIn},
	{"introspection_endpoint", afterLogin("introspection_endpoint")},
	{"revocation_endpoint", afterLogin("revocation_endpoint")},
	{"backchannel_authentication_endpoint", afterLogin("backchannel_authentication_endpoint")},
}

// elsewhere moves the provider to another address of this machine than the trap's: the
// configured host is the one that may be anywhere, whatever its ports.
func elsewhere(t *testing.T, o *op) {
	t.Helper()
	l := guardtest.Another(t)
	s := httptest.NewUnstartedServer(o.srv.Config.Handler)
	s.Listener.Close()
	s.Listener = l
	s.Start()
	o.srv.Close()
	o.srv = s
	t.Cleanup(s.Close)
}

// inside is a provider of FAPI 2.0, which calls every endpoint of a login, and what its
// client needs.
type inside struct {
	*op
	key  crypto.Signer
	trap *guardtest.Trap
}

func newInside(t *testing.T) *inside {
	t.Helper()
	o, c := newFAPI(t)
	elsewhere(t, o)
	return &inside{o, c.key().Signer, guardtest.Listen(t)}
}

// reached makes one point's call with its URL changed, and reports whether the trap was
// reached. off is the check that is taken out.
func (w *inside) reached(t *testing.T, f fetchPoint, where, off string, client *http.Client) bool {
	t.Helper()
	w.metadata = func(m object) {
		for _, p := range fetchPoints[4:] {
			m[p.name] = w.srv.URL + "/later"
		}
		if where != "" && f.name != "" {
			m[f.name] = where
		}
	}
	c := newClient(t, w.op, func(c *Config) {
		c.Profile, c.ClientSecret, c.Key, c.KeyID, c.HTTP = FAPI2, "", w.key, "rp-1", client
	})
	c.off = off
	before := w.trap.Hits()
	err := f.call(c, w.op)
	switch {
	case where == "" && err != nil:
		t.Fatalf("the twin: %v", err)
	case where != "" && err == nil:
		t.Errorf("%q passes", where)
	case where != "" && strings.Contains(err.Error(), where):
		t.Errorf("the text %q repeats the URL", err)
	}
	return w.trap.Hits() > before
}

// Two rules keep a provider, or whoever writes its metadata, from sending our calls
// inside: the URL is on a host of the configuration, and the dialler lets no other host
// be at a special address. Each holds alone; without both the trap is reached.
func TestNoURLOfTheMetadataLeadsInside(t *testing.T) {
	w := newInside(t)
	w.trap.Works(t)
	free := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // answers for its addresses itself
	urls := w.trap.URLs()
	open := []string{}
	for _, host := range []string{"127.0.0.1", "localhost", "LOCALHOST", "[::ffff:127.0.0.1]", "[::1]"} {
		open = append(open, fmt.Sprintf("http://%s:%d/x", host, w.trap.Port))
	}
	for _, f := range fetchPoints {
		t.Run(f.name, func(t *testing.T) {
			w.reached(t, f, "", "", nil)
			connections, pairs := 0, 0
			for _, u := range urls {
				if u == "" {
					continue
				}
				for _, held := range []struct {
					rules, off string
					client     *http.Client
				}{{"both", "", nil}, {"the host's", "", free}, {"the dialler's", "endpoint-host", nil}} {
					if w.reached(t, f, u, held.off, held.client) {
						connections++
						t.Errorf("with %s rule: %q reached the trap", held.rules, u)
					}
				}
			}
			for _, u := range open {
				if w.reached(t, f, u, "endpoint-host", free) {
					pairs++
				}
			}
			if pairs < 3 {
				t.Errorf("without the rules only %d of %d URLs reach the trap", pairs, len(open))
			}
			t.Logf("%d URLs under each rule alone and both: %d connections; without them %d of %d reach the trap", len(urls)-1, connections, pairs, len(open))
		})
	}
}

// Each endpoint on the provider's own host may answer with a redirect; none is
// followed, wherever it leads.
func TestNoRedirectOfAnEndpointIsFollowed(t *testing.T) {
	w := newInside(t)
	before := w.trap.Works(t)
	points := map[string]fetchPoint{"/.well-known/openid-configuration": {call: loggedIn}, "/jwks": {call: loggedIn}, "/token": {call: loggedIn}, "/userinfo": {call: loggedIn}, "/par": {call: loggedIn}}
	n := 0
	for path, f := range points {
		for _, status := range []int{301, 302, 303, 307, 308} {
			urls := w.trap.URLs()
			if status != http.StatusTemporaryRedirect { // which would take the body along
				urls = urls[:20]
			}
			for _, to := range urls {
				w.mu.Lock()
				w.override = map[string]http.HandlerFunc{path: func(rw http.ResponseWriter, _ *http.Request) {
					rw.Header()["Location"] = []string{to}
					rw.WriteHeader(status)
				}}
				w.mu.Unlock()
				w.reached(t, f, "redirect", "", nil)
				n++
				if n%7 != 0 {
					continue // the caller's own client is held to it too
				}
				w.reached(t, f, "redirect", "", &http.Client{Transport: &http.Transport{DisableKeepAlives: true}})
			}
		}
	}
	if got := w.trap.Hits() - before; got != 0 {
		t.Errorf("the trap was reached %d times", got)
	}
	t.Logf("%d redirects at %d places: 0 connections", n, len(points))
}
