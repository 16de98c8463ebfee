package resource_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/vneid-sdk/vneid-go/sso/resource"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// api trusts the keys of testdata; a real one leaves Keys and Now out.
func api() *resource.Server {
	doc, err := os.ReadFile("testdata/jwks.json")
	if err != nil {
		panic(err)
	}
	keys, err := jwks.Parse(doc, "https://login.example", vneid.UseAccess)
	if err != nil {
		panic(err)
	}
	s, err := resource.New(resource.Config{
		Issuer:   "https://login.example",
		Audience: "https://api.example/records",
		URL:      "https://api.example",
		Need:     resource.Need{Scopes: []string{"records"}},
		Keys:     keys,
		Now:      func() time.Time { return time.Unix(1767600060, 0) },
	})
	if err != nil {
		panic(err)
	}
	return s
}

// call sends a request with a token that Python signed.
func call(h http.Handler, method string) *http.Response {
	token, err := os.ReadFile("testdata/example.token")
	if err != nil {
		panic(err)
	}
	r := httptest.NewRequest(method, "/records", nil)
	r.Header.Set("Authorization", "Bearer "+string(token))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func Example() {
	api, mux := api(), http.NewServeMux()
	mux.Handle("GET /records", api.Require(resource.Need{}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, _ := resource.FromContext(r.Context())
		fmt.Println("records of", token.Subject(), "for", token.Client())
	})))
	// To write, the person must have been recognized by a biometric, just now.
	careful := resource.Need{Assurance: vneid.Assurance{Level: 2, Auth: 4}, MaxAge: 5 * time.Minute}
	mux.Handle("POST /records", api.Require(careful, http.NotFoundHandler()))

	fmt.Println(call(mux, http.MethodGet).StatusCode)
	res := call(mux, http.MethodPost)
	fmt.Println(res.StatusCode, res.Header.Get("WWW-Authenticate"))
	// Output:
	// records of subject-1 for portal
	// 200
	// 401 Bearer error="insufficient_user_authentication", acr_values="urn:vneid:acr:l2:a4", max_age="300"
}

// Whoever ends sessions ends the tokens that came with them: ask the store that
// back-channel logout writes to, such as sso.Revocations.
func ExampleConfig_revoked() {
	ended := map[string]time.Time{"subject-1": time.Unix(1767600030, 0)}
	config := resource.Config{
		Revoked: func(ctx context.Context, t *resource.Token) error {
			if at, ok := ended[t.Subject()]; ok && !t.Issued().After(at) {
				return vneid.ErrRevoked
			}
			return nil
		},
	}
	fmt.Println(config.Revoked(context.Background(), new(resource.Token)))
	// Output: <nil>
}
