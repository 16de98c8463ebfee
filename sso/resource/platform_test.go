package resource_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/resource"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// From a login at the platform over the relying party's own client to this server,
// with bound tokens and nonces, a step-up, a missing scope and a session that ended.
func TestACallWithATokenOfThePlatform(t *testing.T) {
	for _, bound := range []bool{true, false} {
		t.Run(fmt.Sprint("bound ", bound), func(t *testing.T) {
			p := vneidtest.New(t)
			mux := http.NewServeMux()
			srv := httptest.NewServer(mux)
			t.Cleanup(srv.Close)
			var err error
			cfg := p.SSO("https://portal.example/callback")
			if bound {
				cfg = p.FAPI2("https://portal.example/callback")
				if cfg.DPoPKey, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
					t.Fatal(err)
				}
			}
			conf := p.API(srv.URL, cfg)
			conf.Nonces = bound
			ended := false
			conf.Revoked = func(context.Context, *resource.Token) error {
				if ended {
					return vneid.ErrRevoked
				}
				return nil
			}
			api, err := resource.New(conf)
			if err != nil {
				t.Fatal(err)
			}
			hello := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				token, _ := resource.FromContext(r.Context())
				fmt.Fprintf(w, "%s %v %d", token.Subject(), token.Bound(), token.Assurance().Level)
			})
			mux.Handle("GET /records", api.Require(resource.Need{Assurance: vneid.Assurance{Level: 2}, Bound: bound}, hello))
			mux.Handle("GET /careful", api.Require(resource.Need{MaxAge: time.Minute}, hello))
			mux.Handle("GET /scoped", api.Require(resource.Need{Scopes: []string{"nobody:has"}}, hello))

			id, err := p.Login("level2", cfg)
			if err != nil {
				t.Fatal(err)
			}
			rp, err := sso.New(cfg)
			if err != nil {
				t.Fatal(err)
			}
			calls, err := rp.Access(id.Tokens(), func(context.Context, *sso.Tokens) error { return nil }, srv.URL)
			if err != nil {
				t.Fatal(err)
			}
			get := func(path string) (*http.Response, string) {
				t.Helper()
				res, err := calls.Get(srv.URL + path)
				if err != nil {
					t.Fatal(err)
				}
				defer res.Body.Close()
				b, _ := io.ReadAll(res.Body)
				return res, string(b)
			}
			for range 3 {
				if res, text := get("/records"); res.StatusCode != 200 || text != fmt.Sprintf("%s %v 2", id.Subject(), bound) {
					t.Fatalf("%d %q %v", res.StatusCode, text, res.Header)
				}
			}
			if res, _ := get("/scoped"); res.StatusCode != 403 {
				t.Errorf("without its scope: %d", res.StatusCode)
			}
			p.Advance(3 * time.Minute)
			res, _ := get("/careful")
			ask, needed, err := rp.StepUp(res, id)
			if res.StatusCode != 401 || err != nil || !needed || ask.Subject != id.Subject() {
				t.Errorf("step-up: %d, %+v, %v, %v", res.StatusCode, ask, needed, err)
			}
			ended = true
			if res, _ := get("/records"); res.StatusCode != 401 {
				t.Errorf("ended: %d", res.StatusCode)
			}
		})
	}
}
