package vneidtest_test

import (
	"context"
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

// The whole way of an access token: the platform issues it, sso carries it with its
// proof, sso/resource lets it in.
func TestALoginOpensAnAPI(t *testing.T) {
	for name, bound := range map[string]bool{"Standard": false, "FAPI2": true} {
		t.Run(name, func(t *testing.T) {
			p := vneidtest.New(t)
			cfg := p.SSO(back)
			if bound {
				cfg = keeping(t, p.FAPI2(back))
			}
			mux := http.NewServeMux()
			srv := httptest.NewServer(mux)
			defer srv.Close()
			conf := p.API(srv.URL, cfg)
			conf.Need, conf.Nonces = resource.Need{Scopes: []string{"vneid:id"}, Assurance: vneid.Assurance{Level: 2}}, bound
			api, err := resource.New(conf)
			if err != nil {
				t.Fatal(err)
			}
			mux.Handle("GET /records", api.Require(resource.Need{Bound: bound}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				token, _ := resource.FromContext(r.Context())
				fmt.Fprintf(w, "%s %s", token.Subject(), token.Client())
			})))
			id, err := p.Login("level2", cfg)
			if err != nil {
				t.Fatal(err)
			}
			client, err := sso.New(cfg)
			if err != nil {
				t.Fatal(err)
			}
			calls, err := client.Access(id.Tokens(), func(context.Context, *sso.Tokens) error { return nil }, srv.URL)
			if err != nil {
				t.Fatal(err)
			}
			for range 3 { // the second hour needs a refresh
				resp, err := calls.Get(srv.URL + "/records")
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(resp.Body)
				resp.Body.Close()
				if err != nil || resp.StatusCode != 200 || string(body) != id.Subject()+" "+cfg.ClientID {
					t.Fatalf("%d %s %v", resp.StatusCode, body, err)
				}
				p.Advance(time.Hour)
			}
			if resp, err := http.Get(srv.URL + "/records"); err != nil || resp.StatusCode != 401 {
				t.Errorf("without a token: %v", err)
			} else {
				resp.Body.Close()
			}
		})
	}
}
