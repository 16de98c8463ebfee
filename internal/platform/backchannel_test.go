package platform

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/guard/guardtest"
)

// ear is a relying party's address for back-channel logouts.
type ear struct {
	*httptest.Server
	mu     sync.Mutex
	tokens []string
	status int
	heard  chan struct{}
}

func newEar(t testing.TB) *ear {
	t.Helper()
	e := &ear{status: 200, heard: make(chan struct{}, 100)}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil || r.Method != "POST" || r.Header.Get("Content-Type") != "application/x-www-form-urlencoded" {
			t.Errorf("called with %s %s", r.Method, r.Header.Get("Content-Type"))
		}
		e.mu.Lock()
		e.tokens = append(e.tokens, r.PostForm.Get("logout_token"))
		status := e.status
		e.mu.Unlock()
		w.Header().Set("Location", e.URL+"/elsewhere")
		w.WriteHeader(status)
		e.heard <- struct{}{}
	}))
	t.Cleanup(e.Close)
	return e
}

func (e *ear) count() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return len(e.tokens)
}

// listening is the world with rp registered at the ear.
func (w *world) listening(e *ear) *world {
	w.t.Helper()
	w.register(Client{ID: "rp", Secret: rpSecret, RedirectURIs: []string{rpBack}, LogoutURIs: []string{"https://rp.example/bye"},
		Scopes: []string{"profile", "vneid:id"}, BackchannelLogoutURI: e.URL + "/told?x=1"})
	return w
}

func TestALogoutTokenSaysWhatTheSpecificationWants(t *testing.T) {
	e := &ear{status: 200, heard: make(chan struct{}, 1)}
	got := make(chan url.Values, 1)
	e.Server = httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err == nil {
			got <- r.PostForm
		}
	}))
	defer e.Close()
	w := newWorld(t).listening(e)
	id := claimsOf(t, w.login("level2", nil).body["id_token"])
	w.clock.advance(time.Minute)
	if err := w.EndSessions(t.Context(), "level2"); err != nil {
		t.Fatal(err)
	}
	if next, err := w.Deliver(t.Context()); err != nil || !next.IsZero() {
		t.Fatal(next, err)
	}
	form := <-got
	token := form.Get("logout_token")
	c := claimsOf(t, token)
	events, _ := c["events"].(map[string]any)
	event, there := events["http://schemas.openid.net/event/backchannel-logout"].(map[string]any)
	now := float64(w.now().Unix())
	if len(form) != 1 || c["iss"] != w.url || c["aud"] != "rp" || c["sub"] != id["sub"] || c["sid"] != id["sid"] || c["sid"] == nil || c["iat"] != now || c["exp"] != now+120 ||
		len(events) != 1 || !there || len(event) != 0 || c["jti"] == nil || c["nonce"] != nil || len(c) != 8 {
		t.Errorf("%v", c)
	}
	if _, _, ok := w.ownToken(token); ok {
		t.Error("a logout token passes for an ID token")
	}
}

// Whatever happens to the account or the browser, sessions that end are told and
// others not.
func TestWhatEndsASession(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct {
		end  func(w *world, b *browser)
		told int
	}{
		"nothing":              {func(*world, *browser) {}, 0},
		"all sessions":         {func(w *world, _ *browser) { w.err(w.EndSessions(ctx, "level2")) }, 1},
		"all of somebody else": {func(w *world, _ *browser) { w.err(w.EndSessions(ctx, "namesake")) }, 0},
		"the account's lock":   {func(w *world, _ *browser) { w.err(w.SetLocks(ctx, "level2", Locks{Account: true})) }, 1},
		"the lock, twice": {func(w *world, _ *browser) {
			w.err(w.SetLocks(ctx, "level2", Locks{Account: true}))
			w.err(w.SetLocks(ctx, "level2", Locks{Account: true}))
		}, 1},
		"the electronic card's lock": {func(w *world, _ *browser) { w.err(w.SetLocks(ctx, "level2", Locks{EID: true})) }, 0},
		"a logout":                   {func(_ *world, b *browser) { b.walk(b.get("/logout")) }, 1},
		"somebody else in the same browser": {func(_ *world, b *browser) {
			b.handle = "namesake"
			b.authorize(request(map[string]string{"prompt": "login"}))
		}, 1},
		"the same person again": {func(_ *world, b *browser) { b.authorize(request(map[string]string{"prompt": "login"})) }, 0},
	} {
		e := newEar(t)
		w := newWorld(t).listening(e)
		b := w.browser("level2")
		if b.authorize(request(nil)).Get("code") == "" {
			t.Fatal("no login")
		}
		w.clock.advance(time.Second)
		c.end(w, b)
		if _, err := w.Deliver(ctx); err != nil {
			t.Fatal(err)
		}
		if e.count() != c.told {
			t.Errorf("%s: told %d times, want %d", name, e.count(), c.told)
		}
	}
}

func (w *world) err(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestSessionsThatAPersonEndedAreOver(t *testing.T) {
	w := newWorld(t)
	b := w.browser("level2")
	code := b.authorize(request(nil)).Get("code")
	access := w.exchangeCode(code, nil).text("access_token")
	w.clock.advance(time.Second)
	if w.userinfo(access).status != 200 {
		t.Fatal("the twin does not pass")
	}
	w.err(w.EndSessions(t.Context(), "level2"))
	if a := w.userinfo(access); a.status != 401 {
		t.Errorf("the token goes on: %d", a.status)
	}
	if got := b.authorize(request(map[string]string{"prompt": "none"})); got.Get("error") != "login_required" {
		t.Errorf("the session goes on: %v", got)
	}
	w.clock.advance(time.Second)
	if w.userinfo(w.login("level2", nil).text("access_token")).status != 200 {
		t.Error("nobody can log in any more")
	}
}

func TestNoticesAreRepeatedFiveTimesAndToldOnce(t *testing.T) {
	e := newEar(t)
	e.status = 307 // is not followed
	w := newWorld(t).listening(e)
	w.login("level2", nil)
	w.clock.advance(time.Second)
	w.err(w.EndSessions(t.Context(), "level2"))
	var at []time.Duration
	begun := w.now()
	for range 2000 {
		before := e.count()
		next, err := w.Deliver(t.Context())
		w.err(err)
		if e.count() > before {
			at = append(at, w.now().Sub(begun))
		}
		if next.IsZero() {
			break
		}
		w.clock.advance(time.Second)
	}
	if want := []time.Duration{0, 10, 40, 130, 400}; len(at) != len(want) || fmt.Sprint(at) != "[0s 10s 40s 2m10s 6m40s]" {
		t.Errorf("called at %v", at)
	}
	seen := map[string]bool{}
	for _, token := range e.tokens {
		jti, _ := claimsOf(t, token)["jti"].(string)
		if seen[jti] {
			t.Error("a token is sent twice")
		}
		seen[jti] = true
	}
	stay, err := w.store.Sweep(t.Context(), w.now().Add(2*time.Hour))
	w.err(err)
	rows := len(w.memory().tables[tableNotices].rows)
	if rows != 0 {
		t.Errorf("%d notices stay of %d records", rows, stay)
	}
}

func TestTwoWorkersTellEachThingOnce(t *testing.T) {
	e := newEar(t)
	w := newWorld(t)
	for i := range 30 {
		id := fmt.Sprint("rp", i)
		w.register(Client{ID: id, Secret: rpSecret, RedirectURIs: []string{rpBack}, BackchannelLogoutURI: e.URL})
		w.err(w.store.Update(t.Context(), func(tx Tx) error {
			return w.noteLogin(tx, &Client{ID: id, BackchannelLogoutURI: e.URL}, "level2", "sid", w.now().Add(time.Hour))
		}))
	}
	w.err(w.EndSessions(t.Context(), "level2"))
	var workers sync.WaitGroup
	for range 4 {
		workers.Go(func() {
			if _, err := w.Deliver(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	workers.Wait()
	if e.count() != 30 {
		t.Errorf("%d calls", e.count())
	}
}

func TestWorkTellsAtOnceAndEndsWithItsContext(t *testing.T) {
	e := newEar(t)
	w := newWorld(t).listening(e)
	w.login("level2", nil)
	w.clock.advance(time.Second)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.Work(ctx) }()
	w.err(w.EndSessions(t.Context(), "level2"))
	select {
	case <-e.heard:
	case <-time.After(5 * time.Minute):
		t.Error("nobody was told")
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// A platform on the Internet calls no private place, whatever was registered.
func TestNoticesDoNotLeadInside(t *testing.T) {
	trap := guardtest.Listen(t)
	now := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	p, err := New(Config{Issuer: "https://op.example", Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	registered := 0
	for i, u := range trap.URLs() {
		id := fmt.Sprint("rp", i)
		c := Client{ID: id, Secret: rpSecret, RedirectURIs: []string{rpBack}, BackchannelLogoutURI: u}
		if u == "" || p.Register(t.Context(), c) != nil {
			continue
		}
		registered++
		if err := p.store.Update(t.Context(), func(tx Tx) error {
			return p.tell(tx, notice{Client: id, Logout: &ended{"a", "s"}})
		}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := p.Deliver(t.Context()); err != nil {
		t.Fatal(err)
	}
	if trap.Hits() != 0 || registered < 20 {
		t.Errorf("%d connections of %d addresses", trap.Hits(), registered)
	}
	before := trap.Works(t)
	q, err := New(Config{Issuer: "http://127.0.0.1:1"})
	if err != nil {
		t.Fatal(err)
	}
	req, _ := http.NewRequest("POST", fmt.Sprintf("http://127.0.0.1:%d/", trap.Port), nil)
	if _, err := q.callOut(req); err == nil || trap.Hits() == before {
		t.Error("the twin on loopback does not reach the trap")
	}
}

func TestASlowRelyingPartyDoesNotKeepPeopleLoggedIn(t *testing.T) {
	var calls atomic.Int64
	gone := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		select {
		case <-r.Context().Done():
		case <-gone:
		}
	}))
	defer slow.Close()
	defer close(gone)
	w := newWorld(t).listening(&ear{Server: slow})
	b := w.browser("level2")
	b.authorize(request(nil))
	w.clock.advance(time.Second)
	begun := time.Now()
	b.walk(b.get("/logout"))
	if d := time.Since(begun); b.last().Step != StepLoggedOut || calls.Load() != 1 || d > 4*soon {
		t.Errorf("%v after %v", b.last().Step, d)
	}
}
