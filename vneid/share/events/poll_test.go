package events

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// poller is a receiver that polls, and the platform that it polls: an endpoint of
// RFC 8936 written plainly, which checks the client's assertion.
type poller struct {
	*Receiver
	w      *world
	own    *ecdsa.PrivateKey
	order  []string
	sets   map[string]string
	acked  map[string]bool
	failed map[string]string
	calls  int
	max    int // of one answer
	seen   map[string]bool
	answer func(http.ResponseWriter) bool // instead of the true one, if it says so
}

func newPoller(w *world, change ...func(*Config)) *poller {
	w.t.Helper()
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		w.t.Fatal(err)
	}
	p := &poller{w: w, own: own, sets: map[string]string{}, acked: map[string]bool{}, failed: map[string]string{}, max: 100, seen: map[string]bool{}}
	p.Receiver = w.receiver(append([]func(*Config){func(c *Config) {
		c.PollURL, c.Key, c.KeyID, c.HTTP = issuer+"/share/v1/events", crypto.Signer(own), "c1", &http.Client{Transport: p}
	}}, change...)...)
	return p
}

func (p *poller) queue(id, token string) {
	p.order, p.sets[id] = append(p.order, id), token
}

// RoundTrip is the platform.
func (p *poller) RoundTrip(req *http.Request) (*http.Response, error) {
	p.calls++
	a := httptest.NewRecorder()
	if p.answer == nil || !p.answer(a) {
		p.serve(a, req)
	}
	return a.Result(), nil
}

func (p *poller) serve(a *httptest.ResponseRecorder, req *http.Request) {
	raw, bearer := strings.CutPrefix(req.Header.Get("Authorization"), "Bearer ")
	id, _, err := oauth.VerifyAssertion(raw, oauth.AssertionRules{Client: client, Audience: issuer, Now: p.w.clock(),
		Verify: func(alg, _ string, input, sig []byte) error { return jws.Verify(alg, &p.own.PublicKey, input, sig) }})
	if !bearer || err != nil || p.seen[id] || req.Method != http.MethodPost || req.Header.Get("Content-Type") != "application/json" {
		p.w.t.Errorf("the call is not by the client: %v", err)
		a.WriteHeader(http.StatusUnauthorized)
		return
	}
	p.seen[id] = true
	var q struct {
		MaxEvents         *int
		ReturnImmediately bool
		Ack               []string
		SetErrs           map[string]struct{ Err, Description string }
	}
	body, _ := io.ReadAll(req.Body)
	if err := json.Unmarshal(body, &q); err != nil || q.MaxEvents == nil || !q.ReturnImmediately {
		p.w.t.Errorf("%s: %v", body, err)
	}
	for _, id := range q.Ack {
		p.acked[id] = true
		delete(p.sets, id)
	}
	for id, e := range q.SetErrs {
		if e.Description == "" {
			p.w.t.Errorf("no description for %q", id)
		}
		p.failed[id] = e.Err
		delete(p.sets, id)
	}
	out, more := map[string]string{}, false
	for _, id := range p.order {
		if token, there := p.sets[id]; there && len(out) < min(*q.MaxEvents, p.max) {
			out[id] = token
		} else if there {
			more = true
		}
	}
	a.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(a).Encode(map[string]any{"sets": out, "moreAvailable": more, "told": p.w.told})
}

func TestAPollAppliesAndThenAcknowledges(t *testing.T) {
	w := newWorld(t)
	p := newPoller(w)
	p.queue("set-1", w.set(EIDLocked, 1, "{}", nil))
	p.queue("set-2", w.set(ConsentWithdrawn, 2, `{"grant":"g"}`, nil))
	more, err := p.Poll(t.Context())
	if err != nil || more || !p.acked["set-1"] || !p.acked["set-2"] || len(p.failed) != 0 || p.calls != 2 {
		t.Errorf("%v, %v: acked %v, failed %v in %d calls", more, err, p.acked, p.failed, p.calls)
	}
	if s := w.state(); !s.EIDLocked || !s.IsWithdrawn("g") || !s.Heard.Equal(w.clock()) {
		t.Errorf("%+v", s)
	}
	w.advance(time.Hour)
	if err := w.allows(""); !errors.Is(err, vneid.ErrUnavailable) {
		t.Error(err)
	}
	if more, err = p.Poll(t.Context()); more || err != nil || p.calls != 3 { // nothing to acknowledge
		t.Errorf("%v, %v in %d calls", more, err, p.calls)
	}
	if err := w.allows(""); !errors.Is(err, vneid.ErrLocked) {
		t.Errorf("an empty poll is no sign of life: %v", err)
	}
}

func TestAPollTellsOfMore(t *testing.T) {
	w := newWorld(t)
	p := newPoller(w)
	p.max = 1
	w.advance(-time.Hour)
	first, second := w.set(EIDLocked, 1, "{}", nil), w.set(EIDUnlocked, 2, "{}", nil)
	w.advance(time.Hour)
	p.queue("set-1", first)
	p.queue("set-2", second)
	if more, err := p.Poll(t.Context()); !more || err != nil {
		t.Errorf("%v, %v", more, err)
	}
	// What still waits at the platform may be a lock.
	if err := w.allows(""); !errors.Is(err, vneid.ErrUnavailable) {
		t.Errorf("in between: %v", err)
	}
	if more, err := p.Poll(t.Context()); more || err != nil {
		t.Errorf("%v, %v", more, err)
	}
	if err := w.allows(""); err != nil {
		t.Errorf("at the end: %v", err)
	}
}

func TestAPollTellsWhatItRefuses(t *testing.T) {
	w := newWorld(t)
	p := newPoller(w)
	w.advance(-time.Hour)
	old := w.set(EIDLocked, 1, "{}", nil)
	w.advance(time.Hour)
	p.queue("set-1", old)
	p.queue("set-2", w.set(EIDUnlocked, 2, "{}", map[string]any{"aud": "portal-2"}))
	p.queue("set-3", "not a token")
	p.queue("set-4", newWorld(t).set(EIDUnlocked, 3, "{}", nil))
	if _, err := p.Poll(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"set-2": "invalid_audience", "set-3": "invalid_request", "set-4": "invalid_key"}
	if fmt.Sprint(p.failed) != fmt.Sprint(want) || !p.acked["set-1"] || len(p.acked) != 1 || len(w.why) != 3 {
		t.Errorf("failed %v, acked %v, told %v", p.failed, p.acked, w.why)
	}
	if err := w.allows(""); !errors.Is(err, vneid.ErrUnavailable) {
		t.Errorf("what was refused may have been a lock: %v", err)
	}
	w.why = nil
	if _, err := p.Poll(t.Context()); err != nil || !errors.Is(w.allows(""), vneid.ErrUnavailable) || len(w.why) != 1 {
		t.Errorf("after a poll that left nothing: %v, %v, told %v", err, w.allows(""), w.why)
	}
}

func TestWhatCannotBeAppliedNowComesAgain(t *testing.T) {
	w := newWorld(t)
	b := &brittle{Ledger: w.memory, apply: errors.New("disk full")}
	w.ledger = b
	p := newPoller(w)
	p.queue("set-1", w.set(EIDLocked, 1, "{}", nil))
	_, err := p.Poll(t.Context())
	kind(t, "a ledger that keeps nothing", err, vneid.ErrUnavailable)
	if len(p.acked)+len(p.failed) > 0 || w.allows("") == nil {
		t.Errorf("acked %v, failed %v", p.acked, p.failed)
	}
	b.apply = nil
	if _, err := p.Poll(t.Context()); err != nil || !p.acked["set-1"] || !w.state().EIDLocked {
		t.Errorf("then: %v, %v", err, p.acked)
	}
}

func TestAnswersOfNoPollAreRefused(t *testing.T) {
	token := newWorld(t).set(EIDLocked, 1, "{}", nil)
	many := map[string]string{}
	for i := range 51 {
		many[fmt.Sprint("set-", i)] = token
	}
	tooMany, _ := json.Marshal(map[string]any{"sets": many, "told": 51})
	for name, test := range map[string]struct {
		status      int
		media, body string
		want        vneid.Kind // 0: none
	}{
		"the twin":                {200, "application/json", `{"sets":{},"told":0}`, 0},
		"the twin, nothing more":  {200, "application/json; charset=utf-8", `{"sets":{},"moreAvailable":false,"told":0,"else":1}`, 0},
		"no sets":                 {200, "application/json", `{"moreAvailable":false,"told":0}`, vneid.ErrUnavailable},
		"no told":                 {200, "application/json", `{"sets":{}}`, vneid.ErrUnavailable},
		"told below 0":            {200, "application/json", `{"sets":{},"told":-1}`, vneid.ErrUnavailable},
		"told in words":           {200, "application/json", `{"sets":{},"told":"0"}`, vneid.ErrUnavailable},
		"sets in a list":          {200, "application/json", `{"sets":[],"told":0}`, vneid.ErrUnavailable},
		"more than was asked for": {200, "application/json", string(tooMany), vneid.ErrUnavailable},
		"moreAvailable in words":  {200, "application/json", `{"sets":{},"moreAvailable":"no","told":0}`, vneid.ErrUnavailable},
		"a jti twice":             {200, "application/json", `{"sets":{"a":"x","a":"y"},"told":0}`, vneid.ErrUnavailable},
		"no JSON":                 {200, "application/json", `sets`, vneid.ErrUnavailable},
		"HTML":                    {200, "text/html", `{"sets":{},"told":0}`, vneid.ErrUnavailable},
		"too large":               {200, "application/json", `{"sets":{},"told":0}` + strings.Repeat(" ", 1<<20), vneid.ErrUnavailable},
		"202":                     {202, "application/json", `{"sets":{},"told":0}`, vneid.ErrUnavailable},
		"a redirect":              {307, "application/json", `{"sets":{},"told":0}`, vneid.ErrUnavailable},
		"not allowed":             {401, "application/json", `{"sets":{},"told":0}`, vneid.ErrUntrusted},
		"trouble of the platform": {500, "application/json", `{"sets":{},"told":0}`, vneid.ErrUnavailable},
		"too often":               {429, "application/json", `{"sets":{},"told":0}`, vneid.ErrUnavailable},
	} {
		w := newWorld(t)
		p := newPoller(w)
		p.answer = func(a http.ResponseWriter) bool {
			a.Header().Set("Content-Type", test.media)
			a.Header().Set("Location", "/share/v1/events")
			a.Header().Set("Retry-After", "7")
			a.WriteHeader(test.status)
			io.WriteString(a, test.body)
			return true
		}
		_, err := p.Poll(t.Context())
		if test.want == 0 {
			if err != nil || w.allows("") != nil {
				t.Errorf("%s: %v, %v", name, err, w.allows(""))
			}
			continue
		}
		kind(t, name, err, test.want)
		if w.allows("") == nil || p.calls != 1 {
			t.Errorf("%s: a sign of life, or %d calls", name, p.calls)
		}
		var api *vneid.APIError
		if test.status != 200 && (!errors.As(err, &api) || api.Status != test.status || api.RetryAfter != 7*time.Second) {
			t.Errorf("%s: %+v", name, api)
		}
	}
}

func TestALostAcknowledgementIsNoSuccess(t *testing.T) {
	w := newWorld(t)
	p := newPoller(w)
	p.queue("set-1", w.set(EIDLocked, 1, "{}", nil))
	p.answer = func(a http.ResponseWriter) bool {
		if p.calls == 2 {
			a.WriteHeader(http.StatusBadGateway)
		}
		return p.calls == 2
	}
	_, err := p.Poll(t.Context())
	kind(t, "a lost acknowledgement", err, vneid.ErrUnavailable)
	if _, err := p.Poll(t.Context()); err != nil || !p.acked["set-1"] || len(w.did) != 2 || w.did[1].Late {
		t.Errorf("then: %v, %+v", err, w.did)
	}
}

// Run waits between polls, longer after failures and as long as it is asked to, and
// comes at once when there is more.
func TestRunKeepsItsPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		p := newPoller(w)
		var at []time.Duration
		begun := time.Now()
		ctx, cancel := context.WithCancel(t.Context())
		p.max = 1
		p.queue("set-1", w.set(EIDLocked, 1, "{}", nil))
		p.queue("set-2", w.set(EIDUnlocked, 2, "{}", nil))
		p.answer = func(a http.ResponseWriter) bool {
			at = append(at, time.Since(begun))
			switch n := len(at); {
			case n == 6 || n == 7 || n == 8:
				a.WriteHeader(http.StatusBadGateway)
				return true
			case n == 9:
				a.Header().Set("Retry-After", "300")
				a.WriteHeader(http.StatusServiceUnavailable)
				return true
			case n == 11:
				cancel()
			}
			return false
		}
		err := p.Run(ctx)
		kind(t, "Run", err, vneid.ErrUnavailable)
		if !errors.Is(err, context.Canceled) || len(at) != 11 || len(p.acked) != 2 {
			t.Fatalf("%v after %v", err, at)
		}
		// Two calls for each of two tokens, one that finds nothing, four that fail.
		for i, want := range []time.Duration{0, 0, 0, 0, 10 * time.Second, 10 * time.Second, time.Second, 2 * time.Second, 4 * time.Second, 300 * time.Second, 10 * time.Second} {
			wait := at[i]
			if i > 0 {
				wait -= at[i-1]
			}
			if wait < want*3/4 || wait > want {
				t.Errorf("call %d after %v, want %v", i+1, wait, want)
			}
		}
	})
}

func TestMistakesInTheConfigurationAreNamed(t *testing.T) {
	w := newWorld(t)
	own, _ := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	good := Config{Issuer: issuer, ClientID: client, Keys: w.keys, Ledger: w.ledger, PollURL: issuer + "/events", Key: w.key}
	if _, err := New(good); err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string]func(*Config){
		"Config.Issuer": func(c *Config) { c.Issuer = "" }, "Config.ClientID": func(c *Config) { c.ClientID = "" },
		"Config.Keys": func(c *Config) { c.Keys = nil }, "Config.Ledger": func(c *Config) { c.Ledger = nil },
		"Config.Skew": func(c *Config) { c.Skew = time.Hour }, "Config.Every": func(c *Config) { c.Every = -1 },
		"Config.PollURL": func(c *Config) { c.PollURL = "" }, "Config.PollURL is a URL without": func(c *Config) { c.PollURL = "http://op.example/events" },
		"Config.PollURL is on another host": func(c *Config) { c.PollURL = "https://op2.example/events" },
		"Config.Key.Signer":                 func(c *Config) { c.Key = own },
	} {
		c := good
		change(&c)
		if _, err := New(c); err == nil || !strings.Contains(err.Error(), field) || errors.As(err, new(vneid.Kind)) {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, printed := range []string{fmt.Sprintf("%v %+v %#v %s %x", good, good, good, good, good)} {
		if strings.Contains(printed, w.key.D.String()) || !strings.Contains(printed, "portal-1") {
			t.Error("the configuration prints its key")
		}
	}
	if _, err := json.Marshal(good); err == nil {
		t.Error("the configuration is encoded")
	}
}
