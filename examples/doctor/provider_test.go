package main

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// healthyChecks is what a provider in order looks like.
var healthyChecks = []string{
	"config-ok", "proxy-none", "tcp-ok", "tls-none", "metadata-ok", "fapi2-ok", "keys-ok", "redirect-ok", "credentials-ok", "clock-ok", "egress-local",
}

func TestAHealthyProviderGivesNoProblem(t *testing.T) {
	r := examine(t, here(), newFake(t).args(t)...)
	var got []string
	for _, o := range r.Findings {
		got = append(got, o.Check)
	}
	if r.status != healthy || !slices.Equal(got, healthyChecks) {
		t.Errorf("status %d, %v", r.status, r.checks())
	}
}

func TestTheStepsOfTheSDKAreListedOnRequest(t *testing.T) {
	f := newFake(t)
	var names []string
	for _, line := range examine(t, here(), f.args(t, "-trace")...).get(t, "trace").Detail {
		name, _, _ := strings.Cut(line, ",")
		names = append(names, name)
	}
	if want := []string{"metadata", "begin", "token", "finish"}; !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
}

// disorder is one broken thing, the finding that it must give, and those of a
// healthy provider that it takes away. Everything else stays as it is.
type disorder struct {
	name   string
	check  string
	status int
	gone   []string
	broken func(f *fake)
	args   []string
}

var disorders = []disorder{
	{"metadata behind a door", "metadata-closed", ill, nil, func(f *fake) { f.over["/.well-known/openid-configuration"] = always(403, "") }, nil},
	{"metadata that nothing answers", "metadata-unreachable", ill, nil, func(f *fake) {
		f.over["/.well-known/openid-configuration"] = func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	}, nil},
	{"metadata that moved", "metadata-moved", ill, nil, func(f *fake) {
		f.over["/.well-known/openid-configuration"] = http.RedirectHandler("https://elsewhere.example/x?canary", http.StatusMovedPermanently).ServeHTTP
	}, nil},
	{"no metadata", "metadata-missing", ill, nil, func(f *fake) { f.over["/.well-known/openid-configuration"] = http.NotFound }, nil},
	{"metadata out of order", "metadata-down", ill, nil, func(f *fake) { f.over["/.well-known/openid-configuration"] = always(503, "") }, nil},
	{"a proxy's page for metadata", "metadata-page", ill, nil, func(f *fake) { f.over["/.well-known/openid-configuration"] = always(200, "<html>canary") }, nil},
	{"metadata of another issuer", "metadata-issuer", ill, nil, func(f *fake) { f.change = func(m map[string]any) { m["issuer"] = f.URL + "/" } }, nil},
	{"an endpoint elsewhere", "metadata-hosts", ill, nil, func(f *fake) {
		f.change = func(m map[string]any) { m["token_endpoint"] = "https://elsewhere.example/token" }
	}, nil},
	{"no pushed requests", "fapi2-absent", healthy, nil, func(f *fake) {
		f.change = func(m map[string]any) { delete(m, "pushed_authorization_request_endpoint") }
	}, nil},
	{"no key set", "keys-none", ill, nil, func(f *fake) { f.change = func(m map[string]any) { delete(m, "jwks_uri") } }, nil},
	{"a key set out of order", "keys-down", ill, nil, func(f *fake) { f.over["/jwks"] = always(503, "") }, nil},
	{"a page for a key set", "keys-page", ill, nil, func(f *fake) { f.over["/jwks"] = always(200, "<html>") }, nil},
	{"a key set without a good key", "keys-empty", ill, nil, func(f *fake) {
		f.over["/jwks"] = always(200, `{"keys":[{"kty":"RSA","n":"AQAB"},{"kty":"MOON"},{"kty":"EC","crv":"P-256","use":"enc"}]}`)
	}, nil},
	{"a key set with a private key", "keys-private", ill, nil, func(f *fake) {
		f.over["/jwks"] = always(200, `{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA","d":"canary"}]}`)
	}, nil},
	{"a key set with a shared secret", "keys-private", ill, nil, func(f *fake) {
		f.over["/jwks"] = always(200, `{"keys":[{"kty":"oct","k":"canary"}]}`)
	}, nil},
	{"a slash too much", "redirect-differs", ill, []string{"redirect-ok"}, func(f *fake) { f.redirect = callback + "/" }, nil},
	{"the other case", "redirect-differs", ill, []string{"redirect-ok"}, nil, []string{"-redirect", "https://portal.example/Callback"}},
	{"a default port", "redirect-differs", ill, []string{"redirect-ok"}, func(f *fake) { f.redirect = "https://portal.example:443/callback" }, nil},
	{"an escape", "redirect-differs", ill, []string{"redirect-ok"}, nil, []string{"-redirect", "https://portal.example/call%62ack"}},
	{"a provider that shows what it has", "redirect-quoted", ill, []string{"redirect-ok"}, func(f *fake) {
		f.over["/authorize"] = always(400, `redirect_uri mismatch, registered: <b>https://portal.example/sso/callback?canary</b>`)
	}, nil},
	{"quite another redirect URI", "redirect-refused", ill, []string{"redirect-ok"}, func(f *fake) { f.redirect = "https://portal.example/other" }, nil},
	{"a refusal with status 200", "redirect-refused", ill, []string{"redirect-ok"}, func(f *fake) {
		f.over["/authorize"] = always(200, "<html>Tham số redirect_uri không hợp lệ")
	}, nil},
	{"papers that say otherwise", "redirect-papers-differ", ill, nil, nil, []string{"-registered", callback + " "}},
	{"papers that say the same", "redirect-papers", healthy, nil, nil, []string{"-registered", callback}},
	{"a client that is not known", "client-unknown", ill, []string{"redirect-ok", "credentials-ok"}, nil, []string{"-client-id", "somebody"}},
	{"a scope that is not registered", "login-refused", ill, []string{"redirect-ok"}, func(f *fake) {
		f.over["/authorize"] = http.RedirectHandler(callback+"?error=invalid_scope&state=canary", http.StatusSeeOther).ServeHTTP
	}, nil},
	{"a login page for some", "login-closed", ill, []string{"redirect-ok"}, func(f *fake) { f.over["/authorize"] = always(403, "") }, nil},
	{"a login page out of order", "login-down", ill, []string{"redirect-ok"}, func(f *fake) { f.over["/authorize"] = always(500, "") }, nil},
	{"metadata that the SDK refuses", "login-impossible", ill, []string{"redirect-ok", "credentials-ok"}, func(f *fake) {
		f.change = func(m map[string]any) { m["code_challenge_methods_supported"] = []string{"plain"} }
	}, nil},
	{"a wrong secret", "credentials-wrong", ill, []string{"credentials-ok"}, func(f *fake) { f.over["/token"] = answers(401, "invalid_client") }, nil},
	{"401 without a reason", "credentials-or-address", ill, []string{"credentials-ok"}, func(f *fake) { f.over["/token"] = always(401, "") }, nil},
	{"a form that is not taken", "token-media", ill, []string{"credentials-ok"}, func(f *fake) { f.over["/token"] = always(415, "") }, nil},
	{"a client without the code flow", "grant-refused", ill, []string{"credentials-ok"}, func(f *fake) { f.over["/token"] = answers(400, "unauthorized_client") }, nil},
	{"a proof that is refused", "dpop-refused", ill, []string{"credentials-ok"}, func(f *fake) { f.over["/token"] = answers(400, "invalid_dpop_proof") }, nil},
	{"a token endpoint that moved", "token-moved", ill, []string{"credentials-ok"}, func(f *fake) {
		f.over["/token"] = http.RedirectHandler("/token/?canary", http.StatusTemporaryRedirect).ServeHTTP
	}, nil},
	{"a token endpoint out of order", "token-down", ill, []string{"credentials-ok"}, func(f *fake) { f.over["/token"] = always(502, "") }, nil},
	{"a token endpoint that nothing answers", "token-unreachable", ill, []string{"credentials-ok"}, func(f *fake) {
		f.over["/token"] = func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	}, nil},
	{"an error that says nothing", "credentials-unclear", unsure, []string{"credentials-ok"}, func(f *fake) { f.over["/token"] = answers(400, "canary$") }, nil},
	{"an error that repeats the secret", "credentials-unclear", unsure, []string{"credentials-ok"}, func(f *fake) { f.over["/token"] = answers(400, canary) }, nil},
	{"a page that repeats the secret", "redirect-quoted", ill, []string{"redirect-ok"}, func(f *fake) {
		f.over["/authorize"] = always(400, "redirect_uri https://portal.example/"+canary)
	}, nil},
	{"a page for tokens", "credentials-unclear", unsure, []string{"credentials-ok"}, func(f *fake) { f.over["/token"] = always(200, "<html>") }, nil},
}

func TestEachDisorderHasItsFinding(t *testing.T) {
	for _, d := range disorders {
		t.Run(d.name, func(t *testing.T) {
			f := newFake(t)
			if twin := examine(t, here(), f.args(t)...); twin.status != healthy || twin.has(d.check) {
				t.Fatalf("the twin: status %d, %v", twin.status, twin.checks())
			}
			if d.broken != nil {
				d.broken(f)
			}
			r := examine(t, here(), f.args(t, d.args...)...)
			o := r.get(t, d.check)
			if r.status != d.status || d.status == ill && o.Level != bad || d.status == ill && (o.Do == "" || o.What == "") {
				t.Errorf("status %d, want %d: %v", r.status, d.status, r.checks())
			}
			for _, check := range d.gone {
				if r.has(check) {
					t.Errorf("still %s: %v", check, r.checks())
				}
			}
		})
	}
}

func TestEveryDoorClosedIsTheAddress(t *testing.T) {
	for _, status := range []int{401, 403} {
		f := newFake(t)
		for _, path := range []string{"/.well-known/openid-configuration", "/.well-known/oauth-authorization-server", "/jwks", "/authorize", "/token", "/"} {
			f.over[path] = always(status, "")
		}
		r := examine(t, here(), f.args(t)...)
		if r.get(t, "address-closed"); r.status != ill || r.has("credentials-wrong") || r.has("credentials-or-address") {
			t.Errorf("%d: %v", status, r.checks())
		}
		delete(f.over, "/.well-known/openid-configuration")
		delete(f.over, "/jwks")
		if r := examine(t, here(), f.args(t)...); r.has("address-closed") || !r.has("credentials-or-address") || !r.has("login-closed") {
			t.Errorf("%d, with open metadata: %v", status, r.checks())
		}
	}
}

func TestFAPI2NeedsWhatItNeeds(t *testing.T) {
	f := newFake(t)
	args := func() []string {
		return []string{"-issuer", f.URL, "-client-id", "portal", "-redirect", callback, "-key-file", keyFile(t), "-profile", "fapi2"}
	}
	for name, change := range map[string]func(map[string]any){
		"pushed_authorization_request_endpoint": func(m map[string]any) { delete(m, "pushed_authorization_request_endpoint") },
		"private_key_jwt":                       func(m map[string]any) { m["token_endpoint_auth_methods_supported"] = []string{"client_secret_basic"} },
		"dpop_signing_alg_values_supported":     func(m map[string]any) { m["dpop_signing_alg_values_supported"] = []string{"RS256"} },
		"S256":                                  func(m map[string]any) { delete(m, "code_challenge_methods_supported") },
		"RFC 9207":                              func(m map[string]any) { delete(m, "authorization_response_iss_parameter_supported") },
	} {
		f.change = nil
		if r := examine(t, here(), args()...); !r.has("fapi2-ok") {
			t.Fatalf("the twin: %v", r.checks())
		}
		f.change = change
		r := examine(t, here(), args()...)
		if o := r.get(t, "fapi2-lacks"); len(o.Detail) != 1 || !strings.Contains(o.Detail[0], name) || r.status != ill {
			t.Errorf("%s: %v", name, r.checks())
		}
	}
}

func TestPushedRequestsTellOfTheKey(t *testing.T) {
	f := newFake(t)
	args := []string{"-issuer", f.URL, "-client-id", "portal", "-redirect", callback, "-key-file", keyFile(t), "-profile", "fapi2"}
	pushed := func(w http.ResponseWriter, r *http.Request) {
		reply(w, 201, map[string]any{"request_uri": "urn:ietf:params:oauth:request_uri:canary", "expires_in": 60})
	}
	f.over["/par"], f.over["/authorize"], f.over["/token"] = pushed, always(200, "log in"), answers(400, "invalid_grant")
	if r := examine(t, here(), args...); r.status != healthy || !r.has("redirect-ok") || !r.has("credentials-ok") {
		t.Fatalf("the twin: %v", r.checks())
	}
	if r := examine(t, here(), append(args, "-jarm")...); r.status != healthy || !r.has("credentials-ok") {
		t.Errorf("with JARM: %v", r.checks())
	}
	f.over["/par"] = answers(401, "invalid_client")
	if r := examine(t, here(), args...); r.status != ill || !r.has("credentials-wrong") {
		t.Errorf("a key that is not known: %v", r.checks())
	}
	f.over["/par"] = always(401, "")
	if r := examine(t, here(), args...); !r.has("credentials-or-address") {
		t.Errorf("401 without a reason: %v", r.checks())
	}
	f.over["/par"] = answers(400, "invalid_request")
	if r := examine(t, here(), args...); !r.has("redirect-refused") || !r.has("credentials-unknown") {
		t.Errorf("a refused request: %v", r.checks())
	}
	standard := newFake(t)
	if r := examine(t, here(), standard.args(t, "-jarm")...); !r.has("credentials-unknown") || r.status != unsure {
		t.Errorf("JARM without pushing: %v", r.checks())
	}
}

// A finding that no test provokes may never be made, or always.
func TestEveryFindingHasATest(t *testing.T) {
	made := map[string]bool{}
	sources, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	var tests strings.Builder
	for _, s := range sources {
		if !strings.HasSuffix(s.Name(), ".go") {
			continue
		}
		src, err := os.ReadFile(s.Name())
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(s.Name(), "_test.go") {
			tests.Write(src)
			continue
		}
		for _, m := range regexp.MustCompile(`d\.add\("([^"]+)"`).FindAllSubmatch(src, -1) {
			made[string(m[1])] = true
		}
	}
	if len(made) < 50 {
		t.Fatalf("found only %d findings in the source", len(made))
	}
	for check := range made {
		if !strings.Contains(tests.String(), `"`+check+`"`) {
			t.Errorf("%s is in no test", check)
		}
	}
}

func TestTheJSONFormIsStable(t *testing.T) {
	r := examine(t, here(), newFake(t).args(t)...)
	b, err := json.Marshal(r.answer)
	if err != nil || !strings.Contains(string(b), `{"check":"config-ok","level":"good","what":"The configuration is valid"}`) {
		t.Errorf("%s, %v", b, err)
	}
}
