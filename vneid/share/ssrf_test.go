package share

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/guard/guardtest"
)

// Places where a URL that the platform's metadata named is called. The addresses of
// data itself are below the issuer, and nobody's word.
var fetchPoints = map[string]func(*Client, *op) error{
	"token_endpoint":                        func(c *Client, o *op) error { _, err := o.share(c, request()); return err },
	"pushed_authorization_request_endpoint": func(c *Client, o *op) error { _, err := o.share(c, request()); return err },
	"backchannel_authentication_endpoint": func(c *Client, o *op) error {
		_, err := c.Ask(o.t.Context(), request(), citizen, "")
		return err
	},
}

// inside is a platform on one of this machine's own addresses, and the trap on another.
type inside struct {
	*op
	trap *guardtest.Trap
}

func newInside(t *testing.T) *inside {
	t.Helper()
	l := guardtest.Another(t)
	o := newOP(t)
	s := httptest.NewUnstartedServer(o)
	s.Listener.Close()
	s.Listener = l
	s.Start()
	t.Cleanup(s.Close)
	o.issuer = s.URL
	return &inside{o, guardtest.Listen(t)}
}

// reached makes one point's call with its URL changed, and reports whether the trap was
// reached. off is the check that is taken out.
func (w *inside) reached(t *testing.T, point, where, off string, client *http.Client) bool {
	t.Helper()
	w.mu.Lock()
	w.metadata = func(m j) {
		if where != "" {
			m[point] = where
		}
	}
	w.asked = nil
	w.mu.Unlock()
	c := w.client(func(cfg *Config) { cfg.HTTP = client })
	c.off = off
	before := w.trap.Hits()
	err := fetchPoints[point](c, w.op)
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

// Two rules keep a platform, or whoever writes its metadata, from sending our calls
// inside: the URL is on a host of the configuration, and the dialler lets no other host
// be at a special address. Each holds alone; without both the trap is reached.
func TestNoURLOfTheMetadataLeadsInside(t *testing.T) {
	w := newInside(t)
	w.trap.Works(t)
	free := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}} // answers for its addresses itself
	urls := w.trap.URLs()
	for point := range fetchPoints {
		t.Run(point, func(t *testing.T) {
			w.reached(t, point, "", "", nil)
			connections, pairs := 0, 0
			for _, u := range urls {
				if u == "" {
					continue
				}
				for _, held := range []struct {
					off    string
					client *http.Client
				}{{"", nil}, {"", free}, {"endpoint-host", nil}} {
					if w.reached(t, point, u, held.off, held.client) {
						connections++
						t.Errorf("without %q: %q reached the trap", held.off, u)
					}
				}
			}
			for _, host := range []string{"127.0.0.1", "localhost", "LOCALHOST", "[::ffff:127.0.0.1]", "[::1]"} {
				if w.reached(t, point, fmt.Sprintf("http://%s:%d/x", host, w.trap.Port), "endpoint-host", free) {
					pairs++
				}
			}
			if pairs < 3 {
				t.Errorf("without the rules only %d of 5 URLs reach the trap", pairs)
			}
			t.Logf("%d URLs under each rule alone and both: %d connections; without them %d of 5 reach the trap", len(urls)-1, connections, pairs)
		})
	}
}

// Each endpoint on the platform's own host may answer with a redirect; none is
// followed, wherever it leads.
func TestNoRedirectIsFollowed(t *testing.T) {
	w := newInside(t)
	before := w.trap.Works(t)
	n := 0
	for path, point := range map[string]string{
		"/.well-known/openid-configuration": "token_endpoint", "/par": "token_endpoint", "/token": "token_endpoint",
		"/share/v1/bundle": "token_endpoint", "/bc-authorize": "backchannel_authentication_endpoint",
	} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			for _, to := range w.trap.URLs()[:20] {
				w.mu.Lock()
				w.override = map[string]http.HandlerFunc{path: func(rw http.ResponseWriter, _ *http.Request) {
					rw.Header()["Location"] = []string{to}
					rw.WriteHeader(status)
				}}
				w.mu.Unlock()
				w.metadata = nil
				c := w.client(func(cfg *Config) { cfg.HTTP = nil })
				if err := fetchPoints[point](c, w.op); err == nil {
					t.Errorf("%s answers %d to %q, and it passes", path, status, to)
				}
				n++
			}
		}
	}
	if got := w.trap.Hits() - before; got != 0 {
		t.Errorf("the trap was reached %d times", got)
	}
	t.Logf("%d redirects: 0 connections", n)
}
