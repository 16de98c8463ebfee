package oauth_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/oauth"
)

// Attacks by whoever can change where an endpoint's answer comes from, or how long it
// is. Each is run with all checks and without the one that stops it; an honest call
// passes first. The attacker wins when what they wrote is taken for the endpoint's.
func TestAttacks(t *testing.T) {
	evil := newEndpoint(t)
	evil.answer = func(w http.ResponseWriter, _ int) { reply(w, 200, `{"access_token":"evil"}`) }
	type attack struct {
		name, check string
		post        bool
		answer      func(w http.ResponseWriter, e *endpoint)
	}
	var list []attack
	for _, status := range []int{301, 302, 303} {
		list = append(list, attack{fmt.Sprintf("A14 the token endpoint redirects with %d", status), "redirects", true, func(w http.ResponseWriter, _ *endpoint) {
			reply(w, status, ``, "Location", evil.URL)
		}})
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		list = append(list, attack{fmt.Sprintf("A14 userinfo or metadata redirect with %d", status), "redirects", false, func(w http.ResponseWriter, _ *endpoint) {
			reply(w, status, ``, "Location", evil.URL)
		}})
	}
	for _, post := range []bool{true, false} {
		list = append(list, attack{fmt.Sprintf("K2 a body past 1 MiB, after a form %v", post), "size", post, func(w http.ResponseWriter, _ *endpoint) {
			reply(w, 200, `{"access_token":"evil","x":"`+strings.Repeat("x", 1<<20)+`"}`)
		}})
	}
	for _, a := range list {
		t.Run(a.name, func(t *testing.T) {
			try := func(check string) bool {
				e := newEndpoint(t)
				p := e.party()
				p.HTTP = http.DefaultClient // a caller's own, which follows
				p.Without(check)
				call := func() (oauth.Answer, error) {
					if a.post {
						return p.Post(t.Context(), e.URL, nil)
					}
					return p.Get(t.Context(), e.URL, "token")
				}
				if got, err := call(); err != nil || got.Status != 200 {
					t.Fatalf("the twin: %d, %v", got.Status, err)
				}
				e.answer = func(w http.ResponseWriter, _ int) { a.answer(w, e) }
				got, err := call()
				return err == nil && got.Status == 200 && got.IsJSON && got.Object.String("access_token") == "evil"
			}
			if try("") {
				t.Fatal("succeeds")
			}
			if !try(a.check) {
				t.Fatal("does not succeed without its check either")
			}
			t.Logf("pair %s: stopped by %s, succeeds without", a.name, a.check)
		})
	}
}
