package sso

import (
	"context"
	"flag"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// attack is one script against a relying party. It counts because it is shown in a
// pair: the check stops it, and with that one check taken out it succeeds. An honest
// login passes before, in the same place.
//
// .ci/attacks adds up the pairs of all packages by the classes of the catalogue. Here
// are those against a login; A6 and A11 are the provider's (internal/platform), A10 is
// in backchannel_test.go, A14 and K2 are in internal/oauth, K4 and K6 in vneid/jwks.
type attack struct {
	name  string
	check string     // what stops it
	kind  vneid.Kind // as what
	where func(t testing.TB) *arena
	do    func(a *arena) error // nil when it succeeded
}

// arena is where an attack takes place.
type arena struct {
	t testing.TB
	o *op
	c *Client

	second bool // the check is taken out
}

// arenas: the provider that the attacker may lean on, and the relying party.
func standard(set ...func(*Config)) func(testing.TB) *arena {
	return func(t testing.TB) *arena {
		o := newOP(t)
		return &arena{t: t, o: o, c: newClient(t, o, set...)}
	}
}

func strict(set ...func(*Config)) func(testing.TB) *arena {
	return func(t testing.TB) *arena {
		o, c := newFAPI(t, set...)
		return &arena{t: t, o: o, c: c}
	}
}

// begin starts a login and returns what the browser brings back.
func (a *arena) begin(ask Ask) (*Session, string) {
	to, s, err := a.c.Begin(context.Background(), ask)
	if err != nil {
		a.t.Fatal(err)
	}
	_, raw, _ := strings.Cut(a.o.authorize(to), "?")
	return s, raw
}

func (a *arena) finish(s *Session, raw string) error {
	_, err := a.c.Finish(context.Background(), s, raw)
	return err
}

// replies is a login in which the provider's messages are what edit makes of them.
func replies(edit func(*op), ask ...Ask) func(*arena) error {
	return func(a *arena) error {
		edit(a.o)
		_, err := logIn(a.c, a.o, append(ask, Ask{})[0])
		return err
	}
}

// callback is a login whose callback is what edit makes of it.
func callback(edit func(q string, v url.Values) string) func(*arena) error {
	return func(a *arena) error {
		s, raw := a.begin(Ask{})
		v, err := url.ParseQuery(raw)
		if err != nil {
			a.t.Fatal(err)
		}
		return a.finish(s, edit(raw, v))
	}
}

func all(edits ...func(*op)) func(*op) {
	return func(o *op) {
		for _, f := range edits {
			f(o)
		}
	}
}

// TestAttacks runs each attack with all checks, and without the one it aims at.
func TestAttacks(t *testing.T) {
	counted := map[string]int{} // by check
	for _, list := range [][]attack{mixUp, injection, againUsed, substituted, downgraded, responses, astray, keyed, browsers} {
		for _, x := range list {
			t.Run(x.name, func(t *testing.T) {
				where := x.where
				if where == nil {
					where = standard()
				}
				a := where(t)
				mustLogin(t, a.c, a.o, Ask{}) // the twin
				err := x.do(a)
				if err == nil {
					t.Fatalf("succeeded although %s was checked", x.check)
				}
				if x.kind != 0 {
					refusedAs(t, err, x.kind)
				}
				b := where(t)
				mustLogin(t, b.c, b.o, Ask{})
				b.c.off, b.second = x.check, true
				without := x.do(b)
				if without != nil {
					t.Fatalf("without %s: %v", x.check, without)
				}
				counted[x.check]++
				sort := "pair"
				if x.check == "keys" {
					sort = "coarse"
				}
				t.Logf(sort+" %s: stopped by %s (%v), succeeds without", x.name, x.check, x.kind)
			})
		}
	}
	// A set without package jwks lacks more than the one check that an attack aims at,
	// so those are told apart.
	total, coarse := 0, counted["keys"]
	for _, n := range counted {
		total += n
	}
	t.Logf("0 of %d attacks succeed; without their check %d do, by %d checks, and %d without the key set's checks as a whole",
		total, total-coarse, len(counted)-1, coarse)
	if !t.Failed() && total-coarse < 80 && whole() {
		t.Errorf("only %d attacks count", total-coarse)
	}
}

// whole reports whether no -run pattern picked some of the attacks.
func whole() bool {
	f := flag.Lookup("test.run")
	return f == nil || !strings.Contains(f.Value.String(), "/")
}

// A1: the answer of one provider passes for another's (RFC 9700 §4.4).
var mixUp = []attack{
	{"A1 the callback is another provider's", "iss", vneid.ErrMismatch, nil, callback(with("iss", "https://evil.example"))},
	{"A1 the callback is of an issuer with a slash more", "iss", vneid.ErrMismatch, nil, callback(edited("iss", func(s string) string { return s + "/" }))},
	{"A1 the callback is of the issuer in capitals", "iss", vneid.ErrMismatch, nil, callback(edited("iss", strings.ToUpper))},
	{"A1 the callback's iss is empty", "iss", vneid.ErrMismatch, nil, callback(with("iss", ""))},
	{"A1 the callback's iss was taken away", "iss", vneid.ErrMismatch, nil, callback(without("iss"))},
	{"A1 iss was taken away, and FAPI2's provider announces none", "iss", vneid.ErrMismatch, strict(), func(a *arena) error {
		metadataSays("authorization_response_iss_parameter_supported", nil)(a.o)
		a.c.provider.Forget()
		return callback(without("iss"))(a)
	}},
	{"A1 the metadata are another issuer's", "issuer", vneid.ErrUntrusted, nil, fresh(metadataSays("issuer", "https://evil.example"))},
	{"A1 the metadata are of the issuer with a slash more", "issuer", vneid.ErrUntrusted, nil, func(a *arena) error {
		return fresh(metadataSays("issuer", a.o.srv.URL+"/"))(a)
	}},
	{"A1 the metadata name no issuer", "issuer", vneid.ErrUntrusted, nil, fresh(metadataSays("issuer", nil))},
	{"A1 two providers share a callback: the session is of the other", "session-binding", vneid.ErrMismatch, nil, func(a *arena) error {
		honest := standard()(a.t)
		to, s, err := honest.c.Begin(context.Background(), Ask{})
		if err != nil {
			a.t.Fatal(err)
		}
		// The attacker's provider sends the browser on with what it was asked.
		_, raw, _ := strings.Cut(a.o.authorize(strings.Replace(to, honest.o.srv.URL, a.o.srv.URL, 1)), "?")
		return a.finish(s, raw)
	}},
	{"A1 the session is of another client of the provider", "session-binding", vneid.ErrMismatch, nil, ofAnother(func(p *pending) { p.ClientID = "other" })},
	{"A1 the session is of another redirect URL", "session-binding", vneid.ErrMismatch, nil, ofAnother(func(p *pending) { p.Redirect += "2" })},
	{"A1 the session was begun in a stricter profile", "session-profile", vneid.ErrMismatch, nil, ofAnother(func(p *pending) { p.Profile = "fapi2+jarm" })},
	{"A1 the ID token is of another issuer", "token-iss", vneid.ErrUntrusted, nil, replies(claim("iss", "https://evil.example"))},
	{"A1 the ID token is of the issuer with a slash more", "token-iss", vneid.ErrUntrusted, nil, func(a *arena) error {
		return replies(claim("iss", a.o.srv.URL+"/"))(a)
	}},
	{"A1 the ID token has no issuer", "token-iss", vneid.ErrUntrusted, nil, replies(drop("iss"))},
}

// fresh is a login after the metadata changed.
func fresh(edit func(*op)) func(*arena) error {
	return func(a *arena) error {
		a.c.provider.Forget()
		return replies(edit)(a)
	}
}

// ofAnother finishes a session that another client began.
func ofAnother(edit func(*pending)) func(*arena) error {
	return func(a *arena) error {
		s, raw := a.begin(Ask{})
		edit(s.data())
		return a.finish(s, raw)
	}
}

// A2, A3, A4: a code, a state or a whole callback comes from somewhere else.
var injection = []attack{
	{"A2 the code is the attacker's, and the provider forgot PKCE", "nonce", vneid.ErrMismatch, nil, func(a *arena) error {
		a.o.noPKCE = true
		_, theirs := a.begin(Ask{})
		s, raw := a.begin(Ask{})
		v, _ := url.ParseQuery(theirs)
		return a.finish(s, with("code", v.Get("code"))(raw, query(raw)))
	}},
	{"A2 the ID token is of another login", "nonce", vneid.ErrMismatch, nil, replies(claim("nonce", "another"))},
	{"A2 the ID token is of no login", "nonce", vneid.ErrMismatch, nil, replies(drop("nonce"))},
	{"A2 the ID token's nonce is empty", "nonce", vneid.ErrMismatch, nil, replies(claim("nonce", ""))},
	{"A2 the ID token's nonce is the beginning of ours", "nonce", vneid.ErrMismatch, nil, replies(func(o *op) {
		o.claims = func(c object) { c["nonce"] = c["nonce"].(string)[:42] }
	})},
	{"A2 the ID token is that of the login before", "nonce", vneid.ErrMismatch, nil, func(a *arena) error {
		var first string
		a.o.idToken = func(s string) string { first = s; return s }
		mustLogin(a.t, a.c, a.o, Ask{})
		a.o.idToken = func(string) string { return first }
		_, err := logIn(a.c, a.o, Ask{})
		return err
	}},
	{"A2 FAPI2: the ID token is of another login", "nonce", vneid.ErrMismatch, strict(), replies(claim("nonce", "another"))},
	{"A3 the provider offers plain PKCE alone", "pkce-offered", vneid.ErrUntrusted, nil, fresh(metadataSays("code_challenge_methods_supported", []string{"plain"}))},
	{"A3 the provider offers no PKCE", "pkce-offered", vneid.ErrUntrusted, nil, fresh(metadataSays("code_challenge_methods_supported", []string{}))},
	{"A3 FAPI2: the provider does not speak of PKCE", "offer", vneid.ErrUntrusted, strict(), fresh(metadataSays("code_challenge_methods_supported", nil))},
	{"A4 the callback is of another login", "state", vneid.ErrMismatch, nil, callback(with("state", random()))},
	{"A4 the callback has the state's beginning", "state", vneid.ErrMismatch, nil, callback(edited("state", func(s string) string { return s[:42] }))},
	{"A4 the callback has the state in other case", "state", vneid.ErrMismatch, nil, callback(edited("state", strings.ToUpper))},
	{"A4 the callback has the state and more", "state", vneid.ErrMismatch, nil, callback(edited("state", func(s string) string { return s + "A" }))},
	{"A4 FAPI2: the callback is of another login", "state", vneid.ErrMismatch, strict(), callback(with("state", random()))},
	{"A4 JARM: the signed response is of another login", "state", vneid.ErrMismatch, strict(jarm), replies(jarmSays("state", random()))},
	{"A4 a callback after ten minutes", "ten-minutes", vneid.ErrExpired, nil, func(a *arena) error {
		s, raw := a.begin(Ask{})
		a.o.clock.advance(10 * time.Minute)
		return a.finish(s, raw)
	}},
	{"A4 a callback a day later", "ten-minutes", vneid.ErrExpired, nil, func(a *arena) error {
		s, raw := a.begin(Ask{})
		a.o.clock.advance(24 * time.Hour)
		return a.finish(s, raw)
	}},
}

func query(raw string) url.Values {
	v, err := url.ParseQuery(raw)
	if err != nil {
		panic(err)
	}
	return v
}
