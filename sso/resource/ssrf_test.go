package resource

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/guard/guardtest"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// The issuer's metadata says where its keys are. Two rules keep that from leading
// inside: the host is the issuer's or in Config.Hosts, and of these the dialler lets
// only the issuer's be at a special address. Each holds alone.
func TestNoAddressOfKeysLeadsInside(t *testing.T) {
	trap := guardtest.Listen(t)
	before := trap.Works(t)
	l := guardtest.Another(t)
	var where, self string
	redirect := ""
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/keys" && redirect != "" {
			w.Header()["Location"] = []string{redirect}
			w.WriteHeader(http.StatusTemporaryRedirect)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/keys" {
			json.NewEncoder(w).Encode(object{"keys": []object{newSigner(t, "").jwk()}})
			return
		}
		json.NewEncoder(w).Encode(object{"issuer": self, "jwks_uri": where})
	}))
	s.Listener.Close()
	s.Listener = l
	s.Start()
	defer s.Close()
	self = s.URL
	free := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	ask := func(hosts []string, client *http.Client) error {
		d := newDiscovered(&Config{Issuer: self, Hosts: hosts, HTTP: client, Now: time.Now})
		return d.Verify(t.Context(), vneid.Signed{Use: vneid.UseAccess, Issuer: self, Alg: "ES256"})
	}
	where = self + "/keys"
	if err := ask(nil, nil); err == nil || strings.Contains(err.Error(), "reached") {
		t.Fatalf("the twin: %v", err) // it has keys, and there is no signature
	}
	urls := trap.URLs()
	for _, where = range urls {
		u, err := url.Parse(where)
		if err == nil && u.Hostname() != "" {
			if ask([]string{u.Hostname()}, nil) == nil {
				t.Errorf("%q passes where its host is configured", where)
			}
		}
		if ask(nil, free) == nil || ask(nil, nil) == nil {
			t.Errorf("%q passes", where)
		}
	}
	where = self + "/keys"
	for _, redirect = range urls {
		for _, client := range []*http.Client{nil, free} {
			ask(nil, client)
		}
	}
	redirect = ""
	if n := trap.Hits() - before; n != 0 {
		t.Errorf("the trap was reached %d times", n)
	}
	for _, host := range []string{"127.0.0.1", "localhost", "::ffff:127.0.0.1"} {
		where = "http://" + net.JoinHostPort(host, fmt.Sprint(trap.Port)) + "/"
		ask([]string{host}, free)
	}
	if n := trap.Hits() - before; n != 3 {
		t.Errorf("without the rules %d of 3 URLs reach the trap", n)
	}
	t.Logf("%d URLs and %d redirects: 0 connections; without the rules 3 of 3 reach the trap", len(urls), len(urls))
}
