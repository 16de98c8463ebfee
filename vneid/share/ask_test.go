package share

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const citizen = "999190000001"

// real lets the platform's clock go with the bubble's.
func (o *op) real(cfg *Config) {
	cfg.Now, cfg.Verifier.Now = time.Now, time.Now
	cfg.Verifier.Replay = vneid.NewMemoryReplay(0, func() time.Time { return time.Now().Add(-time.Hour) })
}

// settle moves the bubble's clock to today and signs everything anew.
func (o *op) settle() {
	time.Sleep(time.Until(noon))
	o.mu.Lock()
	o.world.now = time.Now()
	o.mu.Unlock()
	o.fresh()
}

func TestAPersonAtACounterIsAskedAndAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		o.settle()
		o.pending = 3
		c := o.client(o.real)
		s, err := c.Ask(t.Context(), request(), citizen, "quay 3")
		if err != nil {
			t.Fatal(err)
		}
		form := o.asked
		var details []j
		if err := json.Unmarshal([]byte(form.Get("authorization_details")), &details); err != nil {
			t.Fatal(err)
		}
		if form.Get("login_hint") != citizen || form.Get("binding_message") != s.Number()+" quay 3" || form.Get("scope") != "vneid:share" || details[0]["nonce"] == "" || form.Has("client_notification_token") {
			t.Errorf("%v", form)
		}
		if _, err := c.Poll(t.Context(), s); !errors.As(err, new(*Pending)) || o.count("/token") != 0 {
			t.Errorf("before the interval is over: %v", err)
		}
		began := time.Now()
		o.bundle = func(s *spec) { at := time.Now().Unix(); s.envelope["iat"], s.envelope["exp"] = at, at+300; s.renew(at) }
		r, err := c.Wait(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took < 20*time.Second || took > 22*time.Second || o.count("/token") != 4 {
			t.Errorf("after %v and %d calls", took, o.count("/token"))
		}
		if r.Subject() != person || r.Consent().ID() != consent {
			t.Errorf("%v", r)
		}
		// It ended once: whoever asks again gets the same.
		again, err := c.Poll(t.Context(), s)
		if err != nil || again.a != r.a || o.count("/share/v1/bundle") != 1 {
			t.Errorf("%v, %d fetches", err, o.count("/share/v1/bundle"))
		}
	})
}

// renew dates what an answer is made of.
func (s *spec) renew(at int64) {
	s.envelope["auth_time"], s.receipt["iat"] = at-30, at
	s.envelope["approvals"] = []j{{"by": "self", "at": at - 20}}
	s.purpose()["validity_start"] = at - 20
	s.receipt["events"] = []j{{"event_type": "requested", "event_time": at - 60},
		{"event_type": "decided", "event_state": "given", "event_time": at - 20, "by": "self"}, {"event_type": "delivered", "event_time": at}}
	for _, p := range s.papers {
		p.open["iat"], p.open["exp"] = at, at+86400
	}
}

func TestOnePersonIsAskedOnceAtATime(t *testing.T) {
	o := newOP(t)
	c := o.client()
	if _, err := c.Ask(t.Context(), request(), citizen, ""); err != nil {
		t.Fatal(err)
	}
	for _, spelled := range []string{citizen, "999 190 000 001", "999190.000001"} {
		_, err := c.Ask(t.Context(), request(), spelled, "")
		refusedAs(t, err, vneid.ErrUnavailable)
		if api := new(vneid.APIError); !errors.As(err, &api) || api.RetryAfter <= 0 {
			t.Errorf("%v", err)
		}
		if strings.Contains(err.Error(), citizen) {
			t.Error("the text has the number")
		}
	}
	if _, err := c.Ask(t.Context(), request(), "999190000002", ""); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	c.off = "open"
	if _, err := c.Ask(t.Context(), request(), citizen, ""); err != nil {
		t.Errorf("without its check: %v", err)
	}
}

func TestARequestWithoutABrowserThatEndsOtherwise(t *testing.T) {
	for code, want := range map[string]vneid.Kind{
		"access_denied": vneid.ErrDenied, "expired_token": vneid.ErrExpired, "eid_locked": vneid.ErrLocked, "account_locked": vneid.ErrLocked,
		"consent_withdrawn": vneid.ErrRevoked, "unmet_authentication_requirements": vneid.ErrLevel, "transaction_failed": vneid.ErrUnavailable, "invalid_grant": vneid.ErrExpired,
	} {
		t.Run(code, func(t *testing.T) {
			o := newOP(t)
			c := o.client()
			s, err := c.Ask(t.Context(), request(), citizen, "")
			if err != nil {
				t.Fatal(err)
			}
			o.override = map[string]http.HandlerFunc{"/token": func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 400, j{"error": code}) }}
			o.advance(5 * time.Second)
			_, err = c.Poll(t.Context(), s)
			refusedAs(t, err, want)
			o.override = nil
			_, err = c.Poll(t.Context(), s)
			refusedAs(t, err, want) // it stays so
			if o.count("/token") != 1 {
				t.Errorf("%d token calls", o.count("/token"))
			}
			if _, err := c.Ask(t.Context(), request(), citizen, ""); err != nil {
				t.Errorf("asking again: %v", err)
			}
		})
	}
}

func TestSlowDownAndOutagesMakeThePollerSlower(t *testing.T) {
	o := newOP(t)
	c := o.client()
	s, err := c.Ask(t.Context(), request(), citizen, "")
	if err != nil {
		t.Fatal(err)
	}
	want := 5 * time.Second
	for _, answer := range []http.HandlerFunc{
		func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 400, j{"error": "slow_down"}) },
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(503) },
		func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(429) },
	} {
		o.override = map[string]http.HandlerFunc{"/token": answer}
		o.advance(want)
		_, err := c.Poll(t.Context(), s)
		refusedAs(t, err, vneid.ErrUnavailable)
		want += decoupled.Slower
		p := s.look()
		if got := p.every(); got != want || p.Over {
			t.Errorf("every %v, want %v", got, want)
		}
	}
	o.override = nil
	o.advance(want)
	if _, err := c.Poll(t.Context(), s); err != nil {
		t.Error(err)
	}
}

func TestCopiesOfASessionPollAsOne(t *testing.T) {
	o := newOP(t)
	o.pending = 100
	c := o.client()
	s, err := c.Ask(t.Context(), request(), citizen, "")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := s.MarshalText()
	o.advance(5 * time.Second)
	for range 20 {
		again := new(Session)
		if err := again.UnmarshalText(text); err != nil {
			t.Fatal(err)
		}
		_, err := c.Poll(t.Context(), again)
		refusedAs(t, err, vneid.ErrUnavailable)
	}
	if o.count("/token") != 1 {
		t.Errorf("%d calls", o.count("/token"))
	}
	o.advance(2 * time.Hour)
	_, err = c.Poll(t.Context(), s)
	refusedAs(t, err, vneid.ErrExpired)
}

// ping is a webhook of the platform.
type ping struct {
	id, request, token, secret, media, method string
	attempt                                   any
	more                                      bool
	header                                    string
}

func (p ping) send(c *Client) int {
	body := j{"id": p.id, "attempt": p.attempt, "auth_req_id": p.request}
	if p.more {
		body["type"], body["data"] = "SOMETHING_NEW", j{"status": 0}
	}
	raw := text(body)
	r := httptest.NewRequest(p.method, "/notify", strings.NewReader(raw))
	r.Header.Set("Content-Type", p.media)
	r.Header.Set("Authorization", "Bearer "+p.token)
	mac := hmac.New(sha256.New, []byte(p.secret))
	mac.Write([]byte(raw))
	if p.header == "" {
		p.header = "sha256=" + hex.EncodeToString(mac.Sum(nil))
	}
	r.Header.Set("X-Webhook-Signature", p.header)
	w := httptest.NewRecorder()
	c.Notify().ServeHTTP(w, r)
	return w.Code
}

func TestAWebhookWakesWhoWaitsAndSaysNothingElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		o.settle()
		c := o.client(o.real, func(cfg *Config) { cfg.WebhookSecret = []byte(secret) })
		s, err := c.Ask(t.Context(), request(), citizen, "")
		if err != nil {
			t.Fatal(err)
		}
		began, sent := time.Now(), make(chan struct{})
		go func() {
			defer close(sent)
			time.Sleep(time.Second)
			p := ping{id: "w-1", attempt: 1, request: s.look().ID, token: o.asked.Get("client_notification_token"), secret: secret, media: "application/json", method: "POST", more: true}
			for range 3 { // repeated: 204 and nothing more
				if status := p.send(c); status != http.StatusNoContent {
					t.Errorf("%d", status)
				}
				p.attempt = 2
			}
		}()
		o.bundle = func(s *spec) { at := time.Now().Unix(); s.envelope["iat"], s.envelope["exp"] = at, at+300; s.renew(at) }
		if _, err := c.Wait(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took != time.Second {
			t.Errorf("it took %v", took)
		}
		<-sent
		if over := s.look(); c.desk.Rung(over.bell()) != nil {
			t.Error("who waits for what is over waits for a bell")
		}
		p := ping{id: "w-1", attempt: 3, request: s.look().ID, token: o.asked.Get("client_notification_token"), secret: secret, media: "application/json", method: "POST"}
		for _, p.id = range []string{"w-1", "w-2"} { // over, and told again
			if status := p.send(c); status != http.StatusNoContent {
				t.Errorf("%d", status)
			}
		}
	})
}

func TestAWebhookThatIsNotOneIsRefused(t *testing.T) {
	for name, a := range map[string]struct {
		edit   func(*ping)
		status int
		check  string
	}{
		"another secret":             {func(p *ping) { p.secret = strings.Repeat("x", 40) }, 401, "webhook-signature"},
		"no signature":               {func(p *ping) { p.header = "none" }, 401, "webhook-signature"},
		"a signature in another way": {func(p *ping) { p.header = "sha1=" + strings.Repeat("00", 32) }, 401, "webhook-signature"},
		"another token":              {func(p *ping) { p.token = "x" }, 401, "bell"},
		"another request":            {func(p *ping) { p.request = "req-x" }, 400, "bell"},
		"another method":             {func(p *ping) { p.method = "GET" }, 405, ""},
		"another media type":         {func(p *ping) { p.media = "text/plain" }, 400, ""},
		"no id":                      {func(p *ping) { p.id = "" }, 400, ""},
		"an id without end":          {func(p *ping) { p.id = strings.Repeat("i", 300) }, 400, ""},
		"an attempt that is none":    {func(p *ping) { p.attempt = "1" }, 400, ""},
	} {
		t.Run(name, func(t *testing.T) {
			ring := func(off string, edit func(*ping)) (int, bool) {
				o := newOP(t)
				c := o.client(func(cfg *Config) { cfg.WebhookSecret = []byte(secret) })
				s, err := c.Ask(t.Context(), request(), citizen, "")
				if err != nil {
					t.Fatal(err)
				}
				c.off = off
				p := ping{id: "w-1", attempt: 1, request: s.look().ID, token: o.asked.Get("client_notification_token"), secret: secret, media: "application/json", method: "POST"}
				edit(&p)
				status, data := p.send(c), s.look()
				select {
				case <-c.desk.Rung(data.bell()):
					return status, true
				default:
					return status, false
				}
			}
			if status, rung := ring("", func(*ping) {}); status != 204 || !rung {
				t.Fatalf("the twin: %d", status)
			}
			if status, rung := ring("", a.edit); status != a.status || rung {
				t.Errorf("%d, rung: %v", status, rung)
			}
			if a.check == "" {
				return
			}
			if status, rung := ring(a.check, a.edit); status != 204 || !rung {
				t.Errorf("without its check the attack gets %d", status)
			}
		})
	}
}

func TestAskNeedsAPlatformThatCan(t *testing.T) {
	o := newOP(t)
	o.metadata = func(m j) { delete(m, "backchannel_authentication_endpoint") }
	c := o.client()
	_, err := c.Ask(t.Context(), request(), citizen, "")
	refusedAs(t, err, vneid.ErrUntrusted)
	if _, err := o.share(c, request()); err != nil {
		t.Errorf("with a browser: %v", err)
	}
	for hint, message := range map[string]string{"": "", "999190\n000001": "", citizen: "xem http://evil", "x": strings.Repeat("a", 18)} {
		_, err := c.Ask(t.Context(), request(), hint, message)
		refusedAs(t, err, vneid.ErrMalformed)
	}
}

func TestACallerThatGivesUpBreaksNothingOff(t *testing.T) {
	o := newOP(t)
	o.pending = 100
	c := o.client()
	s, err := c.Ask(t.Context(), request(), citizen, "")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = c.Wait(ctx, s)
	refusedAs(t, err, vneid.ErrUnavailable)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v hides why", err)
	}
	o.pending = 0
	o.advance(5 * time.Second)
	if _, err := c.Poll(t.Context(), s); err != nil {
		t.Error(err)
	}
}

func TestWhoWasNotAskedCanBeAskedAgainAtOnce(t *testing.T) {
	for name, a := range map[string]struct {
		handler http.HandlerFunc
		want    vneid.Kind
		again   bool
	}{
		"unknown":      {refusing(400, "unknown_user_id"), vneid.ErrMismatch, true},
		"too busy":     {refusing(503, "temporarily_unavailable"), vneid.ErrUnavailable, true},
		"a bad word":   {refusing(400, "invalid_binding_message"), vneid.ErrMalformed, true},
		"no JSON":      {typed("text/html", "<html>"), vneid.ErrMalformed, true},
		"nobody there": {nil, vneid.ErrUnavailable, false}, // the telephone may have rung
	} {
		o := newOP(t)
		c := o.client()
		o.override = map[string]http.HandlerFunc{"/bc-authorize": a.handler}
		o.reach("/bc-authorize", a.handler == nil)
		_, err := c.Ask(t.Context(), request(), citizen, "")
		refusedAs(t, err, a.want)
		o.override = nil
		o.reach("/bc-authorize", false)
		if _, err := c.Ask(t.Context(), request(), citizen, ""); (err == nil) != a.again {
			t.Errorf("%s: again: %v", name, err)
		}
	}
}

// Another process knows the session alone, and keeps to its interval all the same.
func TestAnotherProcessKeepsToTheInterval(t *testing.T) {
	o := newOP(t)
	o.pending = 100
	key := func(cfg *Config) { cfg.CookieKeys = [][]byte{[]byte(strings.Repeat("k", 32))} }
	a, b := o.client(key), o.client(key)
	s, err := a.Ask(t.Context(), request(), citizen, "")
	if err != nil {
		t.Fatal(err)
	}
	var pending *Pending
	if _, err := b.Poll(t.Context(), s); !errors.As(err, &pending) || pending.Again != 5*time.Second || o.count("/token") != 0 {
		t.Errorf("%v after %d calls", err, o.count("/token"))
	}
	// A clock that was set back by a day keeps nobody waiting for a day.
	o.advance(-24 * time.Hour)
	if _, err := b.Poll(t.Context(), s); !errors.As(err, &pending) || o.count("/token") != 1 {
		t.Errorf("%v after %d calls", err, o.count("/token"))
	}
	o.advance(24*time.Hour + 10*time.Second)
	o.reach("/token", true)
	_, err = b.Poll(t.Context(), s)
	refusedAs(t, err, vneid.ErrUnavailable)
	p := s.look()
	if p.every() != 10*time.Second || !p.next().Equal(o.clock().Add(10*time.Second)) {
		t.Errorf("while it is down: every %v, next in %v", p.every(), p.next().Sub(o.clock()))
	}
}

func TestWaitEndsWithARefusalAndIsNotHurriedByOneBell(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOP(t)
		o.settle()
		o.pending = 3
		c := o.client(o.real, func(cfg *Config) { cfg.WebhookSecret = []byte(secret) })
		s, err := c.Ask(t.Context(), request(), citizen, "")
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		go func() {
			time.Sleep(time.Second)
			p := ping{id: "w-1", attempt: 1, request: s.look().ID, token: o.asked.Get("client_notification_token"), secret: secret, media: "application/json", method: "POST"}
			if status := p.send(c); status != http.StatusNoContent {
				t.Errorf("%d", status)
			}
			time.Sleep(30 * time.Second)
			o.mu.Lock()
			defer o.mu.Unlock()
			o.override = map[string]http.HandlerFunc{"/token": refusing(400, "access_denied")}
			o.pending = 0
		}()
		o.pending = 100
		_, err = c.Wait(t.Context(), s)
		refusedAs(t, err, vneid.ErrDenied)
		if took, n := time.Since(began), o.count("/token"); took > 40*time.Second || n > 9 {
			t.Errorf("after %v and %d calls", took, n)
		}
	})
}

func TestWaitAsksSeldomWhereItIsToldAndWhereThingsAreAway(t *testing.T) {
	for name, a := range map[string]struct {
		secret []byte
		away   string
		path   string
		least  int
		most   int
	}{
		"told": {[]byte(secret), "", "/token", 3, 4}, "not told": {nil, "", "/token", 18, 20}, "the bundle is away": {nil, "/share/v1/bundle", "tries", 15, 21},
	} {
		synctest.Test(t, func(t *testing.T) {
			o := newOP(t)
			o.settle()
			tries := 0
			if o.pending = 1000; a.away != "" {
				o.pending = 0
				o.override = map[string]http.HandlerFunc{a.away: func(w http.ResponseWriter, _ *http.Request) { tries++; w.WriteHeader(503) }}
			}
			c := o.client(o.real, func(cfg *Config) { cfg.WebhookSecret = a.secret })
			s, err := c.Ask(t.Context(), request(), citizen, "")
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), 100*time.Second)
			defer cancel()
			_, err = c.Wait(ctx, s)
			refusedAs(t, err, vneid.ErrUnavailable)
			n := o.count(a.path)
			if a.path == "tries" {
				n = tries
			}
			if n < a.least || n > a.most {
				t.Errorf("%s: %d calls in 100 s, want %d to %d", name, n, a.least, a.most)
			}
		})
	}
}
