package sso

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// sessionOf is the session of a request, nil when there is none.
func sessionOf(c *Client, r *http.Request) *Identity {
	id, _ := c.session(r)
	return id
}

// spyStore is a MemorySessions that tests read and break.
type spyStore struct {
	*MemorySessions
	down error
}

func (s *spyStore) Put(ctx context.Context, name string, content []byte, until time.Time) error {
	if s.down != nil {
		return s.down
	}
	return s.MemorySessions.Put(ctx, name, content, until)
}

func (s *spyStore) Get(ctx context.Context, name string) ([]byte, error) {
	if s.down != nil {
		return nil, s.down
	}
	return s.MemorySessions.Get(ctx, name)
}

// ticketSite is a site whose sessions are in a store.
func ticketSite(t testing.TB, set ...func(*Config)) (*site, *spyStore) {
	store := &spyStore{}
	s := newSite(t, append([]func(*Config){func(c *Config) {
		store.MemorySessions = NewMemorySessions(0, c.Now)
		c.Sessions = store
	}}, set...)...)
	return s, store
}

func TestASessionOnTheServerLeavesATicketWithTheBrowser(t *testing.T) {
	s, store := ticketSite(t)
	s.op.about["religion"] = strings.Repeat("x", 8000) // more than any cookie holds
	b := s.browser()
	if status, body := b.get("/home"); status != 200 || !strings.Contains(body, "at 2/2") {
		t.Fatalf("%d %s", status, body)
	}
	k := b.cookies()
	if len(k) != 1 || len(k[0].Value) != ticketSize || k[0].Name != s.c.sessionCookie() {
		t.Fatalf("%d cookies, the first of %d bytes", len(k), len(k[0].Value))
	}
	for name, kept := range store.kept {
		if strings.Contains(name, k[0].Value) || bytes.Contains(kept.content, []byte(k[0].Value)) {
			t.Error("the store knows the ticket")
		}
		for _, c := range append([]string{"Thử", "vneid:id"}, canaries[:5]...) {
			if bytes.Contains(kept.content, []byte(c)) {
				t.Errorf("the store can read %q", c)
			}
		}
	}
	if status, _ := b.get("/home"); status != 200 || s.op.count("/authorize") != 1 {
		t.Error("a second page asked to log in again")
	}
	stolen := requestWith(b)
	if _, body := b.send(http.MethodPost, "/logout"); body != "bye" || len(store.kept) != 0 {
		t.Errorf("%s, and %d sessions are left", body, len(store.kept))
	}
	if sessionOf(s.c, stolen) != nil {
		t.Error("a copy of the ticket opens a session after the logout")
	}
}

func TestATicketThatNobodyGaveOpensNothing(t *testing.T) {
	s, store := ticketSite(t)
	b := s.browser()
	b.get("/home")
	good := requestWith(b)
	if sessionOf(s.c, good) == nil {
		t.Fatal("the twin was refused")
	}
	name := ticketName(b.cookies()[0].Value)
	for how, value := range map[string]string{
		"another ticket": random(), "none": "", "the name in the store": name,
		"a sealed cookie": strings.Repeat("A", 80), "a long one": strings.Repeat("A", 8000),
	} {
		r := requestWith(s.browser())
		r.Header.Set("Cookie", s.c.sessionCookie()+"="+value)
		if sessionOf(s.c, r) != nil {
			t.Errorf("%s opens a session", how)
		}
	}
	// A store that mixes entries up, or whoever can write to it, moves nobody's
	// session to another's ticket.
	other := random()
	until := s.op.clock.now().Add(time.Hour)
	if err := store.Put(t.Context(), ticketName(other), store.kept[name].content, until); err != nil {
		t.Fatal(err)
	}
	r := requestWith(s.browser())
	r.Header.Set("Cookie", s.c.sessionCookie()+"="+other)
	if sessionOf(s.c, r) != nil {
		t.Error("an entry opens under another name")
	}
	// A session that was sealed into a cookie is none of the store.
	plain, _ := s.c.sealer.open(forStore+name, string(store.kept[name].content))
	if plain == nil {
		t.Fatal("the twin does not open")
	}
	cookie, err := s.c.sealer.seal(forSession, plain)
	if err != nil {
		t.Fatal(err)
	}
	if err := store.Put(t.Context(), name, []byte(cookie), until); err != nil {
		t.Fatal(err)
	}
	if sessionOf(s.c, good) != nil {
		t.Error("an envelope of another purpose opens")
	}
}

func TestAStoreOfSessionsThatIsDownIsSaid(t *testing.T) {
	s, store := ticketSite(t)
	b := s.browser()
	b.get("/home")
	before := s.op.count("/authorize")
	store.down = errors.New("canary of a database at 127.0.0.1")
	for _, path := range []string{"/home", "/logout"} {
		method := http.MethodGet
		if path == "/logout" { // which lets the cookie go all the same
			method = http.MethodPost
		}
		if status, _ := b.send(method, path); status != http.StatusServiceUnavailable || s.op.count("/authorize") != before {
			t.Errorf("%s: %d, %d logins", path, status, s.op.count("/authorize")-before)
		}
		refusedAs(t, s.lastError(), vneid.ErrUnavailable)
	}
	fresh := s.browser()
	if status, _ := fresh.get("/home"); status != http.StatusServiceUnavailable || len(fresh.cookies()) != 0 {
		t.Errorf("a login that cannot be kept: %d", status)
	}
	refusedAs(t, s.lastError(), vneid.ErrUnavailable)
	store.down = nil
	if status, _ := s.browser().get("/home"); status != 200 {
		t.Errorf("when it is up again: %d", status)
	}
}

func TestASessionInTheStoreEndsWithItsTime(t *testing.T) {
	s, store := ticketSite(t, func(c *Config) { c.SessionLife = 10 * time.Minute })
	b := s.browser()
	b.get("/home")
	r := requestWith(b)
	s.op.clock.advance(10*time.Minute - time.Second)
	if sessionOf(s.c, r) == nil {
		t.Error("it ended early")
	}
	s.op.clock.advance(time.Second)
	if sessionOf(s.c, r) != nil {
		t.Error("it did not end")
	}
	s.browser().get("/home")
	if len(store.kept) != 1 {
		t.Errorf("%d sessions are kept", len(store.kept))
	}
}

func TestTheStoreOfSessionsIsBounded(t *testing.T) {
	c := newClock()
	m := NewMemorySessions(2, c.now)
	put := func(name string) error { return m.Put(t.Context(), name, nil, c.now().Add(time.Minute)) }
	for _, name := range []string{"a", "b", "a"} {
		if err := put(name); err != nil {
			t.Fatal(err)
		}
	}
	refusedAs(t, put("c"), vneid.ErrUnavailable)
	c.advance(time.Minute)
	if err := put("c"); err != nil || len(m.kept) != 1 {
		t.Errorf("%v, %d kept", err, len(m.kept))
	}
	var none MemorySessions
	_, get := none.Get(t.Context(), "a")
	for _, err := range []error{get, none.Put(t.Context(), "a", nil, c.now()), none.Delete(t.Context(), "a")} {
		if err == nil || errors.As(err, new(vneid.Kind)) || !strings.Contains(err.Error(), "NewMemorySessions") {
			t.Errorf("%v", err)
		}
	}
}

func TestASessionThatNoStoreShouldHoldIsSaid(t *testing.T) {
	s, store := ticketSite(t)
	s.op.about["religion"] = strings.Repeat("x", 60_000)
	b := s.browser()
	if status, _ := b.get("/home"); status != http.StatusInternalServerError || len(store.kept) != 0 || len(b.cookies()) != 0 {
		t.Errorf("%d, %d kept", status, len(store.kept))
	}
	if err := s.lastError(); err == nil || errors.As(err, new(vneid.Kind)) || !strings.Contains(err.Error(), "64 KiB") {
		t.Errorf("%v", err)
	}
}
