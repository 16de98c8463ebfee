package jwks_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// Attacks on where the keys come from. Each is run with all checks and without the one
// that stops it, after an honest verification.
func TestAttacks(t *testing.T) {
	for _, a := range []struct {
		name, check string
		headers     []string
		won         func(t *testing.T, r *jwks.Remote, p *publisher, c *clock, good vneid.Signed) bool
	}{
		{"K3 two keys of one name, the second the attacker's", "one", nil,
			func(t *testing.T, r *jwks.Remote, p *publisher, c *clock, good vneid.Signed) bool {
				evil := newSigner("known")
				p.set(ok(document(newSigner("known"), evil)))
				c.advance(2 * time.Hour)
				return r.Verify(t.Context(), evil.sign(t)) == nil
			}},
		{"K5 a set without keys takes the place of a good one", "poison", nil, poisoned(ok([]byte(`{"keys":[]}`)))},
		{"K5 a page of HTML takes the place of a good set", "poison", nil, poisoned(ok([]byte(`<!doctype html>`)))},
		{"K5 an answer cut short takes the place of a good set", "poison", nil, poisoned(ok([]byte(`{"keys":[{"kty":"EC",`)))},
		{"K2 a broken server takes the place of a good one", "poison", nil, poisoned(status(500, "oops"))},
		{"K4 a hundred unknown key ids make a hundred fetches", "pause", nil,
			func(t *testing.T, r *jwks.Remote, p *publisher, c *clock, good vneid.Signed) bool {
				for n := range 100 {
					bad := good
					bad.KeyID = fmt.Sprint("unknown-", n)
					r.Verify(t.Context(), bad)
				}
				return p.count() > 100
			}},
		{"K4 an issuer that is down is asked with every token", "pause", nil,
			func(t *testing.T, r *jwks.Remote, p *publisher, c *clock, good vneid.Signed) bool {
				p.set(down)
				c.advance(26 * time.Hour)
				for range 100 {
					r.Verify(t.Context(), good)
				}
				return p.count() > 100
			}},
		{"K6 max-age 0 makes a fetch of every verification", "life", []string{"Cache-Control", "max-age=0"},
			func(t *testing.T, r *jwks.Remote, p *publisher, c *clock, good vneid.Signed) bool {
				for range 100 {
					r.Verify(t.Context(), good)
				}
				return p.count() > 100
			}},
		{"K6 no-store makes a fetch of every verification", "life", []string{"Cache-Control", "no-store"},
			func(t *testing.T, r *jwks.Remote, p *publisher, c *clock, good vneid.Signed) bool {
				for range 100 {
					r.Verify(t.Context(), good)
				}
				return p.count() > 100
			}},
		{"K6 a key that was taken out is good for ten years", "life", []string{"Cache-Control", "max-age=315360000"},
			func(t *testing.T, r *jwks.Remote, p *publisher, c *clock, good vneid.Signed) bool {
				p.set(ok(document(newSigner("next"))))
				c.advance(365 * 24 * time.Hour)
				return r.Verify(t.Context(), good) == nil
			}},
	} {
		t.Run(a.name, func(t *testing.T) {
			try := func(check string) bool {
				known := newSigner("known")
				p, c := publish(document(known), a.headers...), newClock()
				r := remote(p, c)
				r.Without(check)
				good := known.sign(t)
				expect(t, r, good, 0)
				return a.won(t, r, p, c, good)
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

// poisoned wins when honest tokens are refused for good because of one bad answer.
func poisoned(answer func(*http.Request) (*http.Response, error)) func(*testing.T, *jwks.Remote, *publisher, *clock, vneid.Signed) bool {
	return func(t *testing.T, r *jwks.Remote, p *publisher, c *clock, good vneid.Signed) bool {
		p.set(answer)
		c.advance(2 * time.Hour)
		return verdict(t, r.Verify(t.Context(), good)) == vneid.ErrUntrusted
	}
}
