package bench

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/sso/resource"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

const api = "https://api.example/records"

// accessTokens are 1,024 different access tokens by one key, and that key.
func accessTokens(t testing.TB, alg string) ([]*http.Request, vneid.KeySet) {
	t.Helper()
	signer := generate(t, alg)
	doc, err := jwx.Marshal(jwx.Key{Public: signer.Public(), ID: kid, Alg: alg, Use: "sig"})
	if err != nil {
		t.Fatal(err)
	}
	keys, err := jwks.Parse(doc, issuer, vneid.UseAccess)
	if err != nil {
		t.Fatal(err)
	}
	requests := make([]*http.Request, inputs)
	for i := range requests {
		n := strconv.Itoa(100000 + i)
		claims, err := jws.Encode(
			jws.Member{Name: "iss", Value: issuer},
			jws.Member{Name: "sub", Value: "pairwise-subject-" + n},
			jws.Member{Name: "aud", Value: api},
			jws.Member{Name: "client_id", Value: client},
			jws.Member{Name: "jti", Value: "token-" + n},
			jws.Member{Name: "iat", Value: at},
			jws.Member{Name: "exp", Value: at.Add(5 * time.Minute)},
			jws.Member{Name: "auth_time", Value: at},
			jws.Member{Name: "acr", Value: "urn:vneid:acr:l2:a3"},
			jws.Member{Name: "scope", Value: "openid records vneid:id"},
			jws.Member{Name: "sid", Value: "session-" + n},
		)
		if err != nil {
			t.Fatal(err)
		}
		token, err := jws.Compact(alg, signer, []jws.Member{{Name: "kid", Value: kid}, {Name: "typ", Value: "at+jwt"}}, claims)
		if err != nil {
			t.Fatal(err)
		}
		requests[i] = httptest.NewRequest(http.MethodGet, "/records", nil)
		requests[i].Header.Set("Authorization", "Bearer "+token)
	}
	return requests, keys
}

// TestRememberedToken compares a request whose token's signature is remembered with
// one whose token is verified, every other check on. VNEID_BENCH=1 runs the long
// form and holds it to the project's bounds.
func TestRememberedToken(t *testing.T) {
	long := os.Getenv("VNEID_BENCH") == "1"
	rounds, ops := 5, inputs
	if long {
		rounds = 101
	}
	for alg, bound := range map[string]float64{"RS256": 0.08, "ES256": 0.04} {
		t.Run(alg, func(t *testing.T) {
			requests, keys := accessTokens(t, alg)
			server := func(remember int) func(int) error {
				s, err := resource.New(resource.Config{
					Issuer: issuer, Audience: api, URL: "https://api.example", Keys: keys, Remember: remember,
					Need: resource.Need{Scopes: []string{"records"}, Assurance: vneid.Assurance{Level: 2, Auth: 3}, MaxAge: time.Minute},
					Now:  func() time.Time { return at },
				})
				if err != nil {
					t.Fatal(err)
				}
				run := func(i int) error {
					_, err := s.Verify(requests[i%inputs], resource.Need{})
					return err
				}
				for i := range inputs { // once round: what is to be remembered is
					if err := run(i); err != nil {
						t.Fatal(err)
					}
				}
				return run
			}
			results, err := Race([]Contender{
				{"a token verified", server(-1)},
				{"a token remembered", server(0)},
			}, rounds, ops)
			if err != nil {
				t.Fatal(err)
			}
			ratio := float64(results[1].CPU) / float64(results[0].CPU)
			t.Logf("%d tokens\n%s%.2f %% of a verification", inputs, Table(results), 100*ratio)
			if long && ratio > bound {
				t.Errorf("%.2f %%, more than %.0f %%", 100*ratio, 100*bound)
			}
		})
	}
}
