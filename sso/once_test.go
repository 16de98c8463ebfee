package sso

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// twice is a login whose callback a browser sends again while the provider has not
// answered the first: hold keeps its token endpoint from answering.
type twice struct {
	*site
	login   []*http.Cookie // what the browser sends along
	target  string
	reached chan bool
	hold    chan bool
	seen    chan string // the subjects that the application was told
}

func newTwice(t *testing.T) *twice {
	s := &twice{site: newSite(t), reached: make(chan bool, 2), hold: make(chan bool), seen: make(chan string, 9)}
	b := s.browser()
	s.target = s.op.authorize(b.start("/home"))
	s.login = b.cookies()
	s.op.override["/token"] = func(w http.ResponseWriter, r *http.Request) {
		s.reached <- true
		<-s.hold
		s.op.serveToken(w, r)
	}
	return s
}

// send serves the callback and passes on the answer.
func (s *twice) send(ctx context.Context) <-chan *http.Response {
	answer := make(chan *http.Response, 1)
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, s.target, nil)
	for _, k := range s.login {
		r.AddCookie(k)
	}
	go func() {
		answer <- serve(s.c.Callback(func(w http.ResponseWriter, _ *http.Request, id *Identity, to string) {
			s.seen <- id.Subject() + " to " + to
		}), r).Result()
	}()
	return answer
}

func (s *twice) session(r *http.Response) string {
	for _, k := range r.Cookies() {
		if k.Name == s.c.sessionCookie() {
			return k.Value
		}
	}
	return ""
}

func TestACallbackSentTwiceAtOnceIsOneLogin(t *testing.T) {
	s := newTwice(t)
	gone, leave := context.WithCancel(t.Context())
	first := s.send(gone)
	<-s.reached
	second := s.send(t.Context())
	leave() // the browser gives up on the first when it sends the second
	close(s.hold)
	a, b := <-first, <-second
	if a.StatusCode != 200 || b.StatusCode != 200 || s.session(a) == "" || s.session(a) != s.session(b) {
		t.Fatalf("%d and %d, last error %v", a.StatusCode, b.StatusCode, s.lastError())
	}
	if n := s.op.count("/token"); n != 1 {
		t.Errorf("%d exchanges of one code", n)
	}
	for range 2 {
		if got := <-s.seen; got != "pairwise-1 to /home" {
			t.Errorf("the application was told %q", got)
		}
	}
}

func TestALoginOfTheHandlersIsFinishedOnce(t *testing.T) {
	s := newTwice(t)
	close(s.hold)
	mine := <-s.send(t.Context())
	if mine.StatusCode != 200 {
		t.Fatal(s.lastError())
	}
	s.op.clock.advance(shareTime - time.Second)
	if r := <-s.send(t.Context()); r.StatusCode != 200 {
		t.Errorf("just after: %v", s.lastError())
	}
	// Whoever kept the cookie and the callback's URL comes later.
	s.op.clock.advance(time.Second)
	if r := <-s.send(t.Context()); r.StatusCode != http.StatusForbidden || s.session(r) != "" {
		t.Errorf("later: %d", r.StatusCode)
	}
	refusedAs(t, s.lastError(), vneid.ErrReplayed)
	// A browser that has its session since is not bothered with that.
	for _, k := range mine.Cookies() {
		if k.Name == s.c.sessionCookie() {
			s.login = append(s.login, k)
		}
	}
	if r := <-s.send(t.Context()); r.StatusCode != http.StatusSeeOther || r.Header.Get("Location") != "/" {
		t.Errorf("later and logged in: %d", r.StatusCode)
	}
	if n := s.op.count("/token"); n != 1 {
		t.Errorf("%d exchanges of one code", n)
	}
}

func TestARefusedLoginIsRefusedToBoth(t *testing.T) {
	s := newTwice(t)
	s.op.claims = func(c object) { c["nonce"] = strings.Repeat("A", 43) }
	first := s.send(t.Context())
	<-s.reached
	second := s.send(t.Context())
	close(s.hold)
	for _, r := range []*http.Response{<-first, <-second} {
		if r.StatusCode != http.StatusForbidden || s.session(r) != "" {
			t.Errorf("%d", r.StatusCode)
		}
	}
	for _, err := range s.errors {
		refusedAs(t, err, vneid.ErrMismatch)
	}
}

func TestAWaiterForALoginMayGiveUp(t *testing.T) {
	s := newTwice(t)
	first := s.send(t.Context())
	<-s.reached
	gone, leave := context.WithCancel(t.Context())
	leave()
	if r := <-s.send(gone); r.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("%d", r.StatusCode)
	}
	refusedAs(t, s.lastError(), vneid.ErrUnavailable)
	close(s.hold)
	if r := <-first; r.StatusCode != 200 {
		t.Errorf("the first: %v", s.lastError())
	}
}

func TestFinishedLoginsAreForgottenAndBounded(t *testing.T) {
	c := newClock()
	a := &outcomes{now: c.now}
	person, _ := newIdentity()
	finish := func(context.Context) (*Identity, string, error) { return person, "cookie", nil }
	end := func(state string) *outcome {
		s := newSession(&pending{State: state, Expires: c.now().Add(loginLife)})
		return a.once(t.Context(), s, finish)
	}
	end("early")
	c.advance(shareTime)
	end("late")
	for _, o := range a.of {
		if o.over(c.now()) && (o.id != nil || o.cookie != "") {
			t.Error("a person is kept whom nobody asks for any more")
		}
	}
	c.advance(loginLife)
	if end("much later"); len(a.of) != 1 {
		t.Errorf("%d logins are remembered, of which one is not over", len(a.of))
	}
	for i := range maxLogins + 50 {
		if o := end(fmt.Sprint(i)); o.err != nil {
			t.Fatal(o.err)
		}
	}
	if len(a.of) != maxLogins {
		t.Errorf("%d logins are remembered", len(a.of))
	}
}

func TestAnOutcomeIsSharedNoLongerBecauseTidyingIsNotDue(t *testing.T) {
	c := newClock()
	a := &outcomes{now: c.now}
	person, _ := newIdentity()
	end := func(state string) *outcome {
		s := newSession(&pending{State: state, Expires: c.now().Add(loginLife)})
		return a.once(t.Context(), s, func(context.Context) (*Identity, string, error) { return person, "cookie", nil })
	}
	end("before") // tidies now, and next ten seconds later
	c.advance(shareTime - time.Second)
	end("mine")
	c.advance(time.Second)
	end("after") // tidies, while mine is still shared
	c.advance(shareTime - 2*time.Second)
	if o := end("mine"); o.err != nil || o.id != person {
		t.Fatalf("the twin, a second before: %v", o.err)
	}
	c.advance(time.Second)
	o := end("mine")
	refusedAs(t, o.err, vneid.ErrReplayed)
	if o.id != nil || o.cookie != "" {
		t.Error("something usable next to an error")
	}
}

func TestALoginThatPanicsLeavesNobodyWaiting(t *testing.T) {
	a := &outcomes{now: time.Now}
	s := newSession(&pending{State: "s", Expires: time.Now().Add(time.Minute)})
	func() {
		defer func() { _ = recover() }()
		a.once(t.Context(), s, func(context.Context) (*Identity, string, error) { panic("a key set's") })
	}()
	o := a.once(t.Context(), s, nil)
	refusedAs(t, o.err, vneid.ErrUnavailable)
}

func TestALoginEndsTheSessionThatTheBrowserHad(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.get("/home")
	old := requestWith(b)
	s.op.clock.advance(time.Second)
	b.get("/login?return=/bye")
	if status, _ := b.get("/home"); status != 200 || s.op.count("/authorize") != 2 {
		t.Errorf("the new session: %d", status)
	}
	old.Method = http.MethodPost
	if serve(s.c.Require(Ask{}, http.NotFoundHandler()), old); !errors.Is(s.lastError(), vneid.ErrRevoked) {
		t.Errorf("the session before it: %v", s.lastError())
	}
	refusedAs(t, s.lastError(), vneid.ErrRevoked)
}

func TestARequestSentBeforeTheSessionChangedDoesNotEndTheNewOne(t *testing.T) {
	s := newSite(t)
	b := s.browser()
	b.get("/home")
	old := requestWith(b)
	b.get("/login?return=/bye")
	for _, k := range serve(s.c.Require(Ask{}, http.NotFoundHandler()), old).Result().Cookies() {
		if k.Name == s.c.sessionCookie() {
			t.Errorf("its answer sets %v", k)
		}
	}
}

func TestAnEndedSessionDoesNotCountOnAStrayCallback(t *testing.T) {
	s := newSite(t)
	s.mux.HandleFunc("/{$}", func(http.ResponseWriter, *http.Request) {})
	b := s.browser()
	b.get("/home")
	stray := s.op.authorize(s.browser().start("/home"))
	if status, _ := b.get(stray); status != 200 {
		t.Fatalf("the twin, logged in: %d", status)
	}
	now := s.op.clock.now()
	if err := s.c.cfg.Revocations.Revoke(t.Context(), Login{Issuer: s.op.srv.URL, Subject: "pairwise-1", At: now}, now.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if status, _ := b.get(stray); status != http.StatusForbidden {
		t.Errorf("%d", status)
	}
	refusedAs(t, s.lastError(), vneid.ErrMismatch)
}
