package sso

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/login"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// shelf is a place for tokens that may fail.
type shelf struct {
	mu    sync.Mutex
	kept  []*Tokens
	fails error
}

func (s *shelf) save(_ context.Context, t *Tokens) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fails != nil {
		return s.fails
	}
	s.kept = append(s.kept, t)
	return nil
}

func nowhere(context.Context, *Tokens) error { return nil }

func TestTokensAreRefreshedAndKeptBeforeUse(t *testing.T) {
	for _, rotates := range []bool{true, false} {
		c, a, first := grantedTo(t)
		a.rotates = rotates
		var s shelf
		second, err := c.Refresh(t.Context(), first, s.save)
		if err != nil {
			t.Fatal(err)
		}
		if second.get().Access == first.get().Access || len(s.kept) != 1 || s.kept[0] != second {
			t.Error("nothing fresh was kept")
		}
		if rotated := second.get().Refresh != first.get().Refresh; rotated != rotates {
			t.Errorf("rotated: %v", rotated)
		}
		if want := a.o.clock.now().Add(300 * time.Second); !second.Expires().Equal(want) || !second.Refreshable() || second.Bound() {
			t.Error("the fresh tokens are not what the provider said")
		}
		if len(second.Scopes()) != 3 {
			t.Errorf("scopes %v", second.Scopes())
		}
		third, err := c.Refresh(t.Context(), second, s.save)
		if err != nil || third.get().Access == second.get().Access || a.asked != 2 {
			t.Errorf("a second time: %v, %d calls", err, a.asked)
		}
	}
}

func TestTokensPassThroughAStore(t *testing.T) {
	c, _, first := grantedTo(t)
	b, err := json.Marshal(first)
	if err != nil {
		t.Fatal(err)
	}
	var back Tokens
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Refresh(t.Context(), &back, nowhere); err != nil {
		t.Error(err)
	}
	for _, bad := range []string{`{}`, `null`, `[]`, `"x"`, `{"access":1}`, `{"access":""}`} {
		if err := json.Unmarshal([]byte(bad), new(Tokens)); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

func TestTokensHide(t *testing.T) {
	_, _, tokens := grantedTo(t)
	type holder struct {
		open   any
		hidden *Tokens
		list   []Tokens
		m      map[string]*Tokens
	}
	h := holder{tokens, tokens, []Tokens{*tokens}, map[string]*Tokens{"x": tokens}}
	for _, v := range []any{tokens, *tokens, h, &h, []*Tokens{tokens}} {
		var b bytes.Buffer
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%X", "%q", "%d", "%t"} {
			fmt.Fprintf(&b, verb, v)
		}
		slog.New(slog.NewTextHandler(&b, nil)).Info("x", "v", v)
		func() {
			defer func() { fmt.Fprint(&b, recover()) }()
			panic(v)
		}()
		if strings.Contains(b.String(), "canary") || strings.Contains(b.String(), "pairwise") || strings.Contains(b.String(), fmt.Sprintf("%x", "canary")) {
			t.Errorf("%T shows what it holds", v)
		}
	}
	var b bytes.Buffer
	slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "v", tokens)
	if strings.Contains(b.String(), "canary") {
		t.Error("a JSON log shows tokens")
	}
	var nobody *Tokens
	if nobody.Refreshable() || nobody.Bound() || !nobody.Expires().IsZero() || len(new(Tokens).Scopes()) != 0 {
		t.Error("no tokens are something")
	}
}

// The family of the refresh tokens ends when one is used twice (attack A11 seen
// from this side), so however many ask at once, one call is made.
func TestManyRefreshesAtOnceAreOne(t *testing.T) {
	c, a, first := grantedTo(t)
	var s shelf
	a.held = make(chan struct{})
	results := make(chan *Tokens, 32)
	for range 32 {
		go func() {
			b, _ := json.Marshal(first) // each has read it from its own store
			var mine Tokens
			_ = json.Unmarshal(b, &mine)
			fresh, err := c.Refresh(context.Background(), &mine, s.save)
			if err != nil {
				t.Error(err)
			}
			results <- fresh
		}()
	}
	close(a.held)
	for range 32 {
		if got := <-results; got.get().Access != "at-canary-2" {
			t.Error("not the fresh tokens")
		}
	}
	if a.asked != 1 || len(s.kept) != 1 || a.reused {
		t.Errorf("%d calls, %d kept", a.asked, len(s.kept))
	}
	// Somebody who read the old ones just before they were replaced.
	a.o.clock.advance(59 * time.Second)
	if late, err := c.Refresh(t.Context(), first, s.save); err != nil || late.get().Access != "at-canary-2" {
		t.Errorf("a late comer: %v", err)
	}
	// Much later it is what it looks like: a token that somebody uses again.
	a.o.clock.advance(time.Second)
	_, err := c.Refresh(t.Context(), first, s.save)
	refusedAs(t, err, vneid.ErrExpired)
	if !a.reused {
		t.Error("the provider did not see it")
	}
}

func TestWithoutTheSharingTheFamilyEnds(t *testing.T) {
	c, a, first := grantedTo(t)
	if _, err := c.Refresh(t.Context(), first, nowhere); err != nil {
		t.Fatal(err)
	}
	c.refreshes = &refreshes{now: c.cfg.Now} // the check taken out
	if _, err := c.Refresh(t.Context(), first, nowhere); err == nil || !a.reused {
		t.Error("the attack on the family does not succeed without its check")
	}
}

func TestASaveThatFailsLosesNothing(t *testing.T) {
	c, a, first := grantedTo(t)
	s := shelf{fails: errors.New("canary at 127.0.0.1")}
	for range 3 {
		fresh, err := c.Refresh(t.Context(), first, s.save)
		refusedAs(t, err, vneid.ErrUnavailable)
		if fresh != nil {
			t.Error("tokens next to an error")
		}
	}
	a.o.clock.advance(2 * time.Hour)
	s.fails = nil
	fresh, err := c.Refresh(t.Context(), first, s.save)
	if err != nil || a.asked != 1 || len(s.kept) != 1 || a.reused || fresh.get().Access != "at-canary-2" {
		t.Errorf("%v after %d calls", err, a.asked)
	}
	if _, err := c.Refresh(t.Context(), fresh, s.save); err != nil {
		t.Error(err)
	}
}

func TestASaveThatPanicsHangsNobody(t *testing.T) {
	c, _, first := grantedTo(t)
	func() {
		defer func() { _ = recover() }()
		_, _ = c.Refresh(t.Context(), first, func(context.Context, *Tokens) error { panic("x") })
		t.Error("the panic was eaten")
	}()
	if _, err := c.Refresh(t.Context(), first, nowhere); err != nil {
		t.Errorf("what the provider gave is lost: %v", err)
	}
}

func TestAnAnswerThatIsLostIsSaid(t *testing.T) {
	c, a, first := grantedTo(t)
	a.refreshed = func(object) { panic(http.ErrAbortHandler) } // the token is spent, the answer lost
	_, err := c.Refresh(t.Context(), first, nowhere)
	refusedAs(t, err, vneid.ErrUnavailable)
	a.mu.Lock() // the server's side of the broken call may still be under way
	asked := a.asked
	a.refreshed = nil
	a.mu.Unlock()
	if asked != 1 {
		t.Fatalf("%d calls: a lost answer is not asked for again by itself", asked)
	}
	_, err = c.Refresh(t.Context(), first, nowhere)
	refusedAs(t, err, vneid.ErrExpired)
	// Where the call never arrived, the token is still good.
	c, a, first = grantedTo(t)
	a.answer["/token"] = says(503, "text/plain", "")
	_, err = c.Refresh(t.Context(), first, nowhere)
	refusedAs(t, err, vneid.ErrUnavailable)
	delete(a.answer, "/token")
	if _, err = c.Refresh(t.Context(), first, nowhere); err != nil {
		t.Error(err)
	}
}

func TestACallerWhoGivesUpBreaksNothingOff(t *testing.T) {
	c, a, first := grantedTo(t)
	var s shelf
	ctx, cancel := context.WithCancel(t.Context())
	a.refreshed = func(object) { cancel() }
	if _, err := c.Refresh(ctx, first, s.save); err != nil || len(s.kept) != 1 {
		t.Errorf("%v, %d kept", err, len(s.kept))
	}
	a.refreshed, a.held = nil, make(chan struct{})
	done := make(chan error)
	go func() {
		_, err := c.Refresh(context.Background(), s.kept[0], s.save)
		done <- err
	}()
	for !busy(c, s.kept[0]) { // until the call is under way
		runtime.Gosched()
	}
	_, err := c.Refresh(over(), s.kept[0], s.save)
	refusedAs(t, err, vneid.ErrUnavailable)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	close(a.held)
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func busy(c *Client, t *Tokens) bool {
	c.refreshes.mu.Lock()
	defer c.refreshes.mu.Unlock()
	return c.refreshes.of[t.get().name()] != nil
}

func over() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func TestTheMemoryOfRefreshesIsBounded(t *testing.T) {
	c := newClock()
	r := &refreshes{now: c.now}
	ask := func(context.Context) (*Tokens, error) { return newTokens(&granted{Access: "x"}), nil }
	tokens := func(i int) *Tokens { return newTokens(&granted{Access: fmt.Sprint(i)}) }
	for i := range maxRefreshes {
		if _, err := r.once(t.Context(), tokens(i), nowhere, ask); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := r.once(t.Context(), tokens(-1), nowhere, ask); !errors.Is(err, vneid.ErrUnavailable) {
		t.Errorf("%v", err)
	}
	c.advance(refreshShare)
	if _, err := r.once(t.Context(), tokens(-1), nowhere, ask); err != nil || len(r.of) != 1 {
		t.Errorf("%v, %d remembered", err, len(r.of))
	}
}

// badRefreshes are answers that end in nothing. The suite's names are its own:
// replicated, not certified.
var badRefreshes = []struct {
	name, check string
	want        vneid.Kind
	edit        func(header, claims object)
}{
	{"oidcc-client-test-refresh-token-invalid-issuer", "token-iss", vneid.ErrUntrusted, set("iss", "https://evil.example")},
	{"oidcc-client-test-refresh-token-invalid-sub", "refreshed-sub", vneid.ErrMismatch, set("sub", "pairwise-2")},
	{"for another party", "aud", vneid.ErrMismatch, set("aud", "other")},
	{"for one more party", "aud", vneid.ErrMismatch, set("aud", []string{"portal:1", "other"})},
	{"of another login", "refreshed-auth-time", vneid.ErrMismatch, func(_, c object) { c["auth_time"] = c["iat"].(int64) - 30 }},
	{"with an azp that was not there", "refreshed-azp", vneid.ErrMismatch, set("azp", "portal:1")},
	{"with another nonce", "nonce", vneid.ErrMismatch, set("nonce", "another")},
	{"with another access token's hash", "at-hash", vneid.ErrSignature, set("at_hash", "AAAAAAAAAAAAAAAAAAAAAA")},
}

func TestARefreshedIDTokenIsOfTheSameLogin(t *testing.T) {
	for name, edit := range map[string]func(header, claims object){
		"oidcc-client-test-refresh-token": func(header, claims object) {},
		"with auth_time":                  func(_, c object) { c["auth_time"] = c["iat"].(int64) - 60 },
		"as a list":                       set("aud", []string{"portal:1"}),
	} {
		c, a, first := grantedTo(t)
		a.idToken = edit
		if _, err := c.Refresh(t.Context(), first, nowhere); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	c, a, first := grantedTo(t)
	a.idToken = set("nonce", first.get().Nonce)
	if _, err := c.Refresh(t.Context(), first, nowhere); err != nil {
		t.Errorf("with the login's nonce: %v", err)
	}
	c, a, first = grantedTo(t)
	a.noToken = true
	if _, err := c.Refresh(t.Context(), first, nowhere); err != nil {
		t.Errorf("without an ID token: %v", err)
	}
	for _, bad := range badRefreshes {
		t.Run(bad.name, func(t *testing.T) {
			c, a, first := grantedTo(t)
			a.idToken = bad.edit
			var s shelf
			fresh, err := c.Refresh(t.Context(), first, s.save)
			refusedAs(t, err, bad.want)
			if fresh != nil || len(s.kept) != 0 {
				t.Error("the tokens were kept")
			}
			c, a, first = grantedTo(t)
			a.idToken, c.off = bad.edit, bad.check
			if _, err := c.Refresh(t.Context(), first, nowhere); err != nil {
				t.Fatalf("the attack does not succeed without the check %s: %v", bad.check, err)
			}
			t.Logf("pair A8 a refreshed ID token %s: stopped by %s, succeeds without", bad.name, bad.check)
		})
	}
	t.Logf("%d attacks stopped, each succeeds without its check", len(badRefreshes))
}

func TestAnAccountThatWasLockedSinceIsNotRefreshed(t *testing.T) {
	c, a, first := grantedTo(t)
	a.idToken = set(wire.Account, "locked")
	_, err := c.Refresh(t.Context(), first, nowhere)
	refusedAs(t, err, vneid.ErrLocked)
}

func TestRefreshesThatCannotBe(t *testing.T) {
	c, _, first := grantedTo(t)
	again := func(edit func(*granted)) *Tokens {
		g := *first.get()
		edit(&g)
		return newTokens(&g)
	}
	for name, test := range map[string]struct {
		t    *Tokens
		want vneid.Kind
	}{
		"nothing":            {nil, vneid.ErrMismatch},
		"empty ones":         {new(Tokens), vneid.ErrMismatch},
		"another issuer's":   {again(func(g *granted) { g.Issuer = "https://evil.example" }), vneid.ErrMismatch},
		"another client's":   {again(func(g *granted) { g.ClientID = "portal:2" }), vneid.ErrMismatch},
		"bound ones":         {again(func(g *granted) { g.Bound = "x" }), vneid.ErrMismatch},
		"no refresh token":   {again(func(g *granted) { g.Refresh = "" }), vneid.ErrExpired},
		"one that was ended": {again(func(g *granted) { g.Refresh = "rt-canary-9" }), vneid.ErrExpired},
	} {
		_, err := c.Refresh(t.Context(), test.t, nowhere)
		if err == nil {
			t.Errorf("%s is refreshed", name)
			continue
		}
		refusedAs(t, err, test.want)
	}
	if _, err := c.Refresh(t.Context(), first, nil); err == nil || errors.As(err, new(vneid.Kind)) {
		t.Errorf("without a save: %v", err)
	}
	for name, m := range map[string]object{
		"no access token": {"token_type": "Bearer"},
		"a bound one":     {"access_token": "at", "token_type": "DPoP"},
		"no type":         {"access_token": "at"},
		"not printable":   {"access_token": "a t", "token_type": "Bearer"},
		"a number":        {"access_token": 1, "token_type": "Bearer"},
		"a bad life":      {"access_token": "at", "token_type": "Bearer", "expires_in": "soon"},
	} {
		c, a, first := grantedTo(t)
		a.answer["/token"] = func(w http.ResponseWriter, _ *http.Request) { a.o.answer(w, m) }
		if _, err := c.Refresh(t.Context(), first, nowhere); err == nil {
			t.Errorf("%s passes", name)
		} else {
			refusedAs(t, err, vneid.ErrMalformed)
		}
	}
	var seen url.Values
	c, a, first := grantedTo(t)
	a.seen = func(_ string, f url.Values) { seen = f }
	if _, err := c.Refresh(t.Context(), first, nowhere); err != nil || len(seen) != 2 {
		t.Errorf("%v, sent %d parameters", err, len(seen))
	}
}

// A login that another package of this module ended (sso/ciba) has its tokens too.
func TestTokensOfALoginWithoutABrowser(t *testing.T) {
	o := newOP(t)
	a := withAfterlife(o)
	c := newClient(t, o)
	begun := o.clock.now()
	o.claims = func(m object) { delete(m, "nonce") }
	id, err := c.Identify(t.Context(), login.Tokens{
		ID: o.mint("", "at-canary-7f3a"), Access: "at-canary-7f3a", Refresh: "rt-canary-0", Expires: begun.Add(time.Minute),
	}, login.Expect{Begun: begun, Nonce: ""}, sealOwn)
	if err != nil {
		t.Fatal(err)
	}
	tokens := id.Tokens()
	if !tokens.Refreshable() || !tokens.Expires().Equal(begun.Add(time.Minute)) {
		t.Error("the tokens are not all there")
	}
	a.current = "rt-canary-0"
	if _, err := c.Refresh(t.Context(), tokens, nowhere); err != nil {
		t.Error(err)
	}
}
