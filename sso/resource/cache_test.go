package resource

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

func revoked(err error) func(context.Context, *Token) error {
	return func(context.Context, *Token) error { return err }
}

func TestOnlyTheSignatureIsRemembered(t *testing.T) {
	w := newWorld(t)
	var ended error
	s := w.server(func(c *Config) { c.Revoked = func(context.Context, *Token) error { return ended } })
	token, bound := w.token(), w.token(w.bind, set("exp", w.clock().Add(30*time.Second).Unix()))
	pass := func(r *http.Request) {
		t.Helper()
		if _, err := s.Verify(r, Need{}); err != nil {
			t.Fatal(err)
		}
	}
	for range 3 {
		pass(get(token))
		pass(w.prove(get(bound), bound))
	}
	if n := w.keys.asked.Load(); n != 2 {
		t.Fatalf("%d signatures checked for 6 requests with 2 tokens", n)
	}
	_, err := s.Verify(get(token), Need{Scopes: []string{"write"}})
	refusedAs(t, err, vneid.ErrDenied)
	_, err = s.Verify(get(token), Need{Assurance: vneid.Assurance{Auth: 4}})
	refusedAs(t, err, vneid.ErrLevel)
	_, err = s.Verify(get(bound), Need{})
	refusedAs(t, err, vneid.ErrUntrusted)
	_, err = s.Verify(w.prove(get(bound), bound, inProof("ath", hash(token))), Need{})
	refusedAs(t, err, vneid.ErrMismatch)
	used := w.prove(get(bound), bound)
	pass(used)
	_, err = s.Verify(used, Need{})
	refusedAs(t, err, vneid.ErrReplayed)
	ended = vneid.ErrRevoked
	_, err = s.Verify(get(token), Need{})
	refusedAs(t, err, vneid.ErrRevoked)
	ended = nil
	w.advance(50 * time.Second)
	pass(w.prove(get(bound), bound)) // 20 s past its end, within the tolerance
	if n := w.keys.asked.Load(); n != 2 {
		t.Errorf("%d signatures checked", n)
	}
	w.advance(9 * time.Second)
	pass(get(token))
	w.advance(time.Second)
	pass(get(token))
	if n := w.keys.asked.Load(); n != 3 {
		t.Errorf("the signature was not checked again after a minute: %d", n)
	}
	w.advance(30 * time.Second)
	_, err = s.Verify(w.prove(get(bound), bound), Need{})
	refusedAs(t, err, vneid.ErrExpired)
}

func TestExpiryIsAskedOfARememberedToken(t *testing.T) {
	w := newWorld(t)
	s := w.server(func(c *Config) { c.Skew = time.Second })
	token := w.token(set("exp", w.clock().Add(30*time.Second).Unix()))
	if _, err := s.Verify(get(token), Need{}); err != nil {
		t.Fatal(err)
	}
	w.advance(31 * time.Second)
	_, err := s.Verify(get(token), Need{})
	refusedAs(t, err, vneid.ErrExpired)
	if w.keys.asked.Load() != 1 {
		t.Error("the token was not remembered: this tests nothing")
	}
}

func TestAKeyThatIsTakenOutTakesItsTokensAlong(t *testing.T) {
	w := newWorld(t)
	s, next := w.server(), newSigner(t, "k2")
	token := w.token()
	if _, err := s.Verify(get(token), Need{}); err != nil {
		t.Fatal(err)
	}
	w.keys.KeySet = w.set(next)
	if _, err := s.Verify(get(token), Need{}); err != nil {
		t.Fatal("the token was not remembered: this tests nothing")
	}
	w.keys.generation.Add(1)
	_, err := s.Verify(get(token), Need{})
	refusedAs(t, err, vneid.ErrUntrusted)
}

// A key set without generation: a minute is all.
func TestWithoutGenerationAMinuteIsAll(t *testing.T) {
	w := newWorld(t)
	old := &struct{ vneid.KeySet }{w.set(w.issuer)}
	s := w.server(func(c *Config) { c.Keys = old })
	token := w.token()
	if _, err := s.Verify(get(token), Need{}); err != nil {
		t.Fatal(err)
	}
	old.KeySet = w.set(newSigner(t, "k2"))
	w.advance(rememberTime - time.Second)
	if _, err := s.Verify(get(token), Need{}); err != nil {
		t.Fatal(err)
	}
	w.advance(time.Second)
	_, err := s.Verify(get(token), Need{})
	refusedAs(t, err, vneid.ErrUntrusted)
}

func TestAClockSetBackRemembersNothingLonger(t *testing.T) {
	w := newWorld(t)
	s, token := w.server(), w.token()
	if _, err := s.Verify(get(token), Need{}); err != nil {
		t.Fatal(err)
	}
	w.advance(-30 * time.Second)
	if _, err := s.Verify(get(token), Need{}); err != nil || w.keys.asked.Load() != 2 {
		t.Errorf("%v, %d signatures", err, w.keys.asked.Load())
	}
}

// What was refused is not remembered, and what is remembered was signed for access
// tokens: a key set of another use lets nothing in.
func TestOnlyAGoodSignatureForAccessTokensGetsIn(t *testing.T) {
	w := newWorld(t)
	s := w.server()
	forged := w.client.sign(header(), w.claims())
	for range 2 {
		_, err := s.Verify(get(forged), Need{})
		refusedAs(t, err, vneid.ErrSignature)
	}
	if w.keys.asked.Load() != 2 {
		t.Error("a refusal was remembered")
	}
	doc := fmt.Sprintf(`{"keys":[{"kty":"EC","crv":"P-256","kid":"k1","x":%q,"y":%q}]}`, w.issuer.x, w.issuer.y)
	for use, want := range map[vneid.Use]vneid.Kind{vneid.UseIDToken: vneid.ErrUntrusted, vneid.UseLogout: vneid.ErrUntrusted, vneid.UseAccess: 0} {
		keys, err := jwks.Parse([]byte(doc), issuer, use)
		if err != nil {
			t.Fatal(err)
		}
		s := w.server(func(c *Config) { c.Keys = keys })
		token := w.token()
		for range 2 {
			if _, err = s.Verify(get(token), Need{}); want != 0 {
				refusedAs(t, err, want)
			} else if err != nil {
				t.Error(err)
			}
		}
	}
}

func TestTheMemoryIsBounded(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct{ remember, slots int }{{0, defaultRemember}, {-1, 0}, {7, 8}} {
		s := w.server(func(x *Config) { x.Remember = c.remember })
		for range 50 {
			token := w.token()
			for range 2 {
				if _, err := s.Verify(get(token), Need{}); err != nil {
					t.Fatal(err)
				}
			}
		}
		if len(s.known.slots) != c.slots {
			t.Errorf("%d slots, want %d", len(s.known.slots), c.slots)
		}
	}
	// Long tokens are checked each time.
	s := w.server()
	long, before := w.token(set("x", strings.Repeat("x", maxRemembered))), w.keys.asked.Load()
	for range 2 {
		if _, err := s.Verify(get(long), Need{}); err != nil {
			t.Fatal(err)
		}
	}
	if w.keys.asked.Load() != before+2 {
		t.Error("a long token was remembered")
	}
}

func TestAQuarterFullMemoryForgetsNearlyNothing(t *testing.T) {
	m, now, f := newMemory(0), time.Unix(1767600000, 0), new(facts)
	sum := func(i int) *[32]byte { d := digest(fmt.Sprint(i)); return &d }
	for i := range defaultRemember / 4 {
		m.add(sum(i), 1, now, f)
	}
	lost := 0
	for i := range defaultRemember / 4 {
		if m.find(sum(i), 1, now) == nil {
			lost++
		}
	}
	if lost > defaultRemember/4/50 {
		t.Errorf("%d of %d are forgotten", lost, defaultRemember/4)
	}
	// The oldest goes first, whatever is over before that.
	small := newMemory(1)
	for i := range ways {
		small.add(sum(i), 1, now.Add(time.Duration(i)*time.Second), f)
	}
	later := now.Add(ways * time.Second)
	small.add(sum(ways), 1, later, f)
	for i, want := range []bool{false, true, true, true, true} {
		if got := small.find(sum(i), 1, later) != nil; got != want {
			t.Errorf("token %d: %v", i, got)
		}
	}
}

func TestManyRequestsAtOnce(t *testing.T) {
	w := newWorld(t)
	s := w.server(func(c *Config) { c.Remember = 2 })
	var wg sync.WaitGroup
	var passed sync.Map
	token := w.token(w.bind)
	shared := w.proof(get(token), token)
	for i := range 16 {
		wg.Go(func() {
			for range 10 {
				mine := w.token(set("sub", fmt.Sprint("s", i)))
				if got, err := s.Verify(get(mine), Need{}); err != nil || got.Subject() != fmt.Sprint("s", i) {
					t.Errorf("%v", err)
				}
			}
			r := get(token)
			r.Header.Set("Authorization", "DPoP "+token)
			r.Header.Set("DPoP", shared)
			if _, err := s.Verify(r, Need{}); err == nil {
				passed.Store(i, true)
			}
		})
	}
	wg.Wait()
	n := 0
	passed.Range(func(any, any) bool { n++; return true })
	if n != 1 {
		t.Errorf("one proof let %d requests pass", n)
	}
}
