package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

const (
	canary   = "canary-secret-of-a-portal"
	callback = "https://portal.example/callback"
)

// fake is a provider that a test breaks in one place.
type fake struct {
	*httptest.Server
	over     map[string]http.HandlerFunc // by path
	change   func(map[string]any)        // of the metadata
	redirect string                      // as registered
}

// unstarted returns a healthy provider whose server the test starts.
func unstarted() *fake {
	f := &fake{over: map[string]http.HandlerFunc{}, redirect: callback}
	f.Server = httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h := f.over[r.URL.Path]; h != nil {
			h(w, r)
			return
		}
		f.serve(w, r)
	}))
	f.Config.ErrorLog = log.New(io.Discard, "", 0) // what net/http has to say about handshakes that are broken off
	return f
}

func newFake(t *testing.T) *fake {
	f := unstarted()
	f.Start()
	t.Cleanup(f.Close)
	return f
}

func (f *fake) serve(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/.well-known/openid-configuration":
		md := map[string]any{
			"issuer": f.URL, "authorization_endpoint": f.URL + "/authorize", "token_endpoint": f.URL + "/token", "jwks_uri": f.URL + "/jwks",
			"userinfo_endpoint": f.URL + "/userinfo", "pushed_authorization_request_endpoint": f.URL + "/par",
			"token_endpoint_auth_methods_supported": []string{"client_secret_basic", "private_key_jwt"}, "dpop_signing_alg_values_supported": []string{"ES256"},
			"code_challenge_methods_supported": []string{"S256"}, "authorization_response_iss_parameter_supported": true,
		}
		if f.change != nil {
			f.change(md)
		}
		reply(w, 200, md)
	case "/jwks":
		reply(w, 200, map[string]any{"keys": []any{map[string]string{"kty": "OKP", "crv": "Ed25519", "kid": "k", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}}})
	case "/authorize":
		q := r.URL.Query()
		switch {
		case q.Get("client_id") != "portal":
			reply(w, 400, map[string]string{"error": "invalid_request", "error_description": "unknown client_id"})
		case q.Get("redirect_uri") != f.redirect:
			reply(w, 400, map[string]string{"error": "invalid_request", "error_description": "redirect_uri is not registered"})
		default:
			w.Write([]byte("<html>log in</html>"))
		}
	case "/token":
		user, secret, _ := r.BasicAuth()
		if user == "" {
			user, secret = r.PostFormValue("client_id"), r.PostFormValue("client_secret")
		}
		if user != "portal" || secret != canary {
			reply(w, 401, map[string]string{"error": "invalid_client"})
			return
		}
		reply(w, 400, map[string]string{"error": "invalid_grant"})
	default:
		http.NotFound(w, r)
	}
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

func always(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status); w.Write([]byte(body)) }
}

func answers(status int, code string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { reply(w, status, map[string]string{"error": code}) }
}

// here is a machine without proxies whose names all are its own.
func here() world {
	return world{
		env: func(string) string { return "" },
		lookup: func(context.Context, string) ([]netip.Addr, error) {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
		},
		now:   time.Now,
		proxy: func(*http.Request) (*url.URL, error) { return nil, nil },
	}
}

// file writes a file that only this test knows.
func file(t *testing.T, content string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// report is what one run said.
type report struct {
	answer
	status int
}

func (r report) has(check string) bool {
	return slices.ContainsFunc(r.Findings, func(o object) bool { return o.Check == check })
}

func (r report) get(t *testing.T, check string) object {
	t.Helper()
	for _, o := range r.Findings {
		if o.Check == check {
			return o
		}
	}
	t.Fatalf("no finding %q among %v", check, r.checks())
	return object{}
}

func (r report) checks() (out []string) {
	for _, o := range r.Findings {
		out = append(out, string(o.Level)+" "+o.Check+" "+strings.Join(o.Detail, " | "))
	}
	return out
}

// examine runs the command in both languages, and looks for secrets in all it says.
func examine(t *testing.T, w world, args ...string) report {
	t.Helper()
	var r report
	for _, form := range [][]string{{"-lang", "vi"}, {"-lang", "en"}, {"-json", "-lang", "en"}} {
		var out, errs bytes.Buffer
		r.status = run(t.Context(), append(form, args...), w, &out, &errs)
		if errs.Len() > 0 {
			t.Fatalf("%v: %s", form, errs.String())
		}
		for _, secret := range []string{canary, "canary", "PRIVATE KEY", noCode} {
			if strings.Contains(out.String(), secret) {
				t.Errorf("%v shows %q:\n%s", form, secret, out.String())
			}
		}
		if form[0] == "-json" {
			if err := json.Unmarshal(out.Bytes(), &r.answer); err != nil {
				t.Fatal(err)
			}
		}
	}
	if r.Status != r.status {
		t.Errorf("the exit status is %d, the JSON says %d", r.status, r.Status)
	}
	return r
}

// args are those of a portal that the fake knows.
func (f *fake) args(t *testing.T, more ...string) []string {
	t.Helper()
	return append([]string{"-issuer", f.URL, "-client-id", "portal", "-redirect", callback, "-secret-file", file(t, canary+"\n")}, more...)
}
