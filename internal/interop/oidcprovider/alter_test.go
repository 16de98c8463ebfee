package oidcprovider

import (
	"bytes"
	"crypto"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// logIn is a login without the site: by a client that knows nothing yet, in an empty
// browser.
func (s *party) logIn(t *testing.T, p *provider) (*sso.Identity, error) {
	t.Helper()
	client, err := sso.New(s.cfg)
	if err != nil {
		t.Fatal(err)
	}
	where, session, err := client.Begin(t.Context(), sso.Ask{})
	if err != nil {
		return nil, err
	}
	return client.Finish(t.Context(), session, newBrowser(t, s, p.issuer).returns(where, s.cfg.RedirectURL))
}

// alteration changes one answer of the provider, and reports whether it was there to
// change.
type alteration func(res *http.Response) bool

// body replaces what an endpoint says.
func body(path string, change func(string) string) alteration {
	return func(res *http.Response) bool {
		if res.Request.URL.Path != path || res.StatusCode >= 300 {
			return false
		}
		text, _ := io.ReadAll(res.Body)
		res.Body.Close()
		out := []byte(change(string(text)))
		res.Body, res.ContentLength = io.NopCloser(bytes.NewReader(out)), int64(len(out))
		res.Header.Set("Content-Length", strconv.Itoa(len(out)))
		return true
	}
}

// member changes members of what an endpoint says as JSON.
func member(path string, change func(object)) alteration {
	return body(path, func(text string) string {
		o := object{}
		if err := json.Unmarshal([]byte(text), &o); err != nil {
			return text
		}
		change(o)
		b, _ := json.Marshal(o)
		return string(b)
	})
}

func put(path, name string, v any) alteration {
	return member(path, func(o object) { o[name] = v })
}

func cut(path, name string) alteration { return member(path, func(o object) { delete(o, name) }) }

// inside changes a string member, such as a token.
func inside(path, name string, change func(string) string) alteration {
	return member(path, func(o object) { o[name] = change(o[name].(string)) })
}

// back changes the query with which the browser is sent back.
func back(change func(url.Values)) alteration {
	return func(res *http.Response) bool {
		where := res.Header.Get("Location")
		site, query, _ := strings.Cut(where, "?")
		if !strings.HasSuffix(site, "/callback") {
			return false
		}
		q, _ := url.ParseQuery(query)
		change(q)
		res.Header.Set("Location", site+"?"+q.Encode())
		return true
	}
}

// answers replaces an answer's status, and its header of that name.
func answers(path string, status int, header, value, text string) alteration {
	say := body(path, func(string) string { return text })
	return func(res *http.Response) bool {
		if !say(res) {
			return false
		}
		res.StatusCode = status
		res.Header.Set(header, value)
		return true
	}
}

// part changes one of a compact token's parts, of what is in it.
func part(i int, change func([]byte) []byte) func(string) string {
	return func(token string) string {
		parts := strings.Split(token, ".")
		if i >= len(parts) {
			return token
		}
		text, _ := base64.RawURLEncoding.DecodeString(parts[i])
		parts[i] = base64.RawURLEncoding.EncodeToString(change(text))
		return strings.Join(parts, ".")
	}
}

func flip(b []byte) []byte { b[len(b)/2] ^= 1; return b }

// another is a random name with another first letter, whatever that was.
func another(name string) string {
	if name[0] == 'x' {
		return "y" + name[1:]
	}
	return "x" + name[1:]
}

// says changes a member of a JSON part.
func says(i int, name string, v any) func(string) string {
	return part(i, func(text []byte) []byte {
		o := object{}
		_ = json.Unmarshal(text, &o)
		o[name] = v
		b, _ := json.Marshal(o)
		return b
	})
}

// again signs a token's claims anew, with a key of the attacker's under the
// provider's name for its own.
func again(key crypto.Signer) func(string) string {
	return func(token string) string {
		parts := strings.Split(token, ".")
		claims, _ := base64.RawURLEncoding.DecodeString(parts[1])
		out, _ := jws.Compact(algOf(key), key, []jws.Member{{Name: "kid", Value: "ec"}}, claims)
		return out
	}
}

// unsigned makes a token one without a signature.
func unsigned(token string) string {
	return says(0, "alg", "none")(token[:strings.LastIndex(token, ".")+1])
}

// earlier gives the token that it was given the last time.
func earlier(kept *string) func(string) string {
	return func(now string) string {
		was := *kept
		*kept = now
		return was
	}
}

// attack is one change, and as what it must be refused.
type attack struct {
	name  string
	alter alteration
	want  vneid.Kind
}

const (
	discovery = "/.well-known/openid-configuration"
	push      = "/request"
	token     = "/token"
	userinfo  = "/me"
	keys      = "/jwks"
)

// play logs in with each change. Each is preceded by the login without it, so that
// nothing but the change can have been refused.
func play(t *testing.T, s *party, p *provider, attacks []attack) {
	t.Helper()
	for _, a := range attacks {
		t.Run(a.name, func(t *testing.T) {
			if _, err := s.logIn(t, p); err != nil {
				t.Fatalf("the twin: %v", err)
			}
			n := 0
			p.change(func(res *http.Response) error {
				if a.alter(res) {
					n++
				}
				return nil
			})
			defer p.change(nil)
			id, err := s.logIn(t, p)
			if n == 0 {
				t.Fatal("nothing was changed")
			}
			if !errors.Is(err, a.want) || id != nil {
				t.Errorf("%v, want %v", err, a.want)
			}
			for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
				if k != a.want && errors.Is(err, k) {
					t.Errorf("%v matches %v too", err, k)
				}
			}
		})
	}
	t.Logf("%d attacks refused", len(attacks))
}

// tampered is a provider for the attacks on one sort of login. Its client keeps
// nothing between logins.
func tampered(t *testing.T, set ...func(*sso.Config, object)) (*party, *provider) {
	s, p := here(t, set...)
	s.cfg.Sessions = nil
	return s, p
}
