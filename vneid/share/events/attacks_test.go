package events

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// brittle is a ledger whose steps fail on demand.
type brittle struct {
	Ledger
	apply, heard error
}

func (b *brittle) Apply(ctx context.Context, e Event) (bool, error) {
	if b.apply != nil {
		return false, b.apply
	}
	return b.Ledger.Apply(ctx, e)
}

func (b *brittle) Heard(ctx context.Context, e Event) (bool, error) {
	if b.heard != nil {
		return false, b.heard
	}
	return b.Ledger.Heard(ctx, e)
}

// countless is a ledger that takes every word for a sign of life.
type countless struct{ *MemoryLedger }

func (c countless) Heard(ctx context.Context, e Event) (bool, error) {
	c.mu.Lock()
	c.streams[e.Issuer] = Stream{Adopt: true}
	c.mu.Unlock()
	return c.MemoryLedger.Heard(ctx, e)
}

// believed loses an event between a heartbeat and what follows, an hour later, and
// reports whether the relying party still goes on.
func believed(lose, then func(*world, *Receiver)) func(*world, string) bool {
	return func(w *world, off string) bool {
		if off == "whole" {
			w.ledger = countless{w.memory}
		}
		r := w.receiver()
		r.off = off
		push(r, w.set(Heartbeat, 0, "{}", nil))
		if w.allows("g") != nil {
			w.t.Fatal("the twin is refused")
		}
		lose(w, r)
		w.advance(time.Hour)
		then(w, r)
		return w.allows("g") == nil
	}
}

func lost(w *world, _ *Receiver) { w.set(EIDLocked, 1, "{}", nil) }

// refusedForGood is answered 400, and forgotten by the platform.
func refusedForGood(w *world, r *Receiver) {
	if push(r, w.set(EIDLocked, 1, "{}", map[string]any{"aud": "portal-2"})).Code != http.StatusBadRequest {
		w.t.Fatal("it is not refused")
	}
}

func beat(w *world, r *Receiver) { push(r, w.set(Heartbeat, 0, "{}", nil)) }

// attack is one that a single check stops. run reports whether it succeeded.
type attack struct {
	name, check string
	run         func(w *world, off string) bool
}

// opened pushes a token that unlocks, after a lock, and reports whether it did.
func opened(more map[string]any) func(*world, string) bool {
	return func(w *world, off string) bool {
		r := w.receiver()
		push(r, w.set(EIDLocked, 1, "{}", nil))
		if !w.state().EIDLocked {
			w.t.Fatal("the twin is refused")
		}
		r.off = off
		return push(r, w.set(EIDUnlocked, 2, "{}", more)).Code == http.StatusAccepted
	}
}

var attacks = []attack{
	{"another issuer's event", "issuer", opened(map[string]any{"iss": "https://op2.example"})},
	{"an event for another party", "audience", opened(map[string]any{"aud": "portal-2"})},
	{"an event for several parties", "audience", opened(map[string]any{"aud": []string{client, "portal-2"}})},
	{"a login's token as an event", "login", opened(map[string]any{"exp": 1796000300, "sub": who, "nonce": "n"})},
	{"an event without a name", "id", opened(map[string]any{"jti": nil})},
	{"an event from tomorrow", "times", opened(map[string]any{"iat": 1796086400})},
	{"an event about another issuer's person", "subject", opened(map[string]any{"sub_id": map[string]any{"format": "iss_sub", "iss": "https://op2.example", "sub": who}})},
	{"a forged signature", "signature", func(w *world, off string) bool {
		forger := newWorld(w.t)
		r := w.receiver()
		r.off = off
		return push(r, forger.set(EIDUnlocked, 2, "{}", nil)).Code == http.StatusAccepted
	}},
	{"an event without the name of its key", "kid", func(w *world, off string) bool {
		payload, err := jws.Encode(jws.Member{Name: "iss", Value: issuer}, jws.Member{Name: "aud", Value: client}, jws.Member{Name: "jti", Value: "x"},
			jws.Member{Name: "iat", Value: w.clock()}, jws.Member{Name: "told", Value: 1}, jws.Member{Name: "events", Value: jws.Raw(`{"urn:vneid:event:stream-heartbeat":{}}`)})
		if err != nil {
			w.t.Fatal(err)
		}
		token, err := jws.Compact("ES256", w.key, []jws.Member{{Name: "typ", Value: "secevent+jwt"}}, payload)
		if err != nil {
			w.t.Fatal(err)
		}
		r := w.receiver()
		r.off = off
		return push(r, token).Code == http.StatusAccepted
	}},
	{"two events behind one name", "events", func(w *world, off string) bool {
		// Without the check the token is acknowledged, and what it told is lost.
		r := w.receiver()
		r.off = off
		token := w.set(EIDLocked, 1, "{}", map[string]any{"events": map[string]any{"urn:vneid:event:eid-locked": map[string]any{}, "urn:vneid:event:account-locked": map[string]any{}}})
		return push(r, token).Code == http.StatusAccepted && !w.state().EIDLocked
	}},
	{"sessions that ended, told unintelligibly", "payload", func(w *world, off string) bool {
		// Without the check it is acknowledged, and nobody ends the sessions.
		r := w.receiver()
		r.off = off
		return push(r, w.set(DeviceChanged, 1, `{"sessions_ended":"yes"}`, nil)).Code == http.StatusAccepted
	}},
	{"an old heartbeat keeps a blocked stream alive", "age", func(w *world, off string) bool {
		r := w.receiver()
		beat := w.set(Heartbeat, 0, "{}", nil)
		push(r, beat)
		if w.allows("g") != nil {
			w.t.Fatal("the twin is refused")
		}
		w.advance(time.Hour)
		r.off = off
		push(r, beat)
		return w.allows("g") == nil
	}},
	{"an event that was lost, and a heartbeat", "whole", believed(lost, beat)},
	{"an event that was refused for good, and a heartbeat", "whole", believed(refusedForGood, beat)},
	{"an event that was lost, and another", "whole", believed(lost, func(w *world, r *Receiver) { push(r, w.set(PhoneChanged, 2, "{}", nil)) })},
	{"an event that was lost, and a poll that finds nothing", "whole", believed(lost, func(w *world, r *Receiver) {
		p := newPoller(w)
		p.off = r.off
		if _, err := p.Poll(w.t.Context()); err != nil {
			w.t.Error(err)
		}
	})},
	{"an event that is in no place of the stream", "told", opened(map[string]any{"told": nil})},
	{"the platform forgets what the ledger never held", "durable", func(w *world, off string) bool {
		w.ledger = &brittle{Ledger: w.memory, apply: errors.New("disk full")}
		r := w.receiver()
		r.off = off
		return push(r, w.set(EIDLocked, 1, "{}", nil)).Code == http.StatusAccepted && !w.state().EIDLocked
	}},
	{"the platform forgets what nobody reacted to", "reaction", func(w *world, off string) bool {
		w.reacted = errors.New("the store of sessions is down")
		r := w.receiver()
		r.off = off
		return push(r, w.set(DeviceChanged, 1, `{"sessions_ended":true}`, nil)).Code == http.StatusAccepted
	}},
	{"a polled token under another's name", "name", func(w *world, off string) bool {
		p := newPoller(w)
		p.off = off
		p.queue("other", w.set(EIDLocked, 1, "{}", nil))
		p.Poll(w.t.Context())
		return p.acked["other"] // and the one that was meant is forgotten
	}},
	{"an acknowledgement before the ledger has it", "acknowledge", func(w *world, off string) bool {
		w.ledger = &brittle{Ledger: w.memory, apply: errors.New("disk full")}
		p := newPoller(w)
		p.off = off
		p.queue("set-1", w.set(EIDLocked, 1, "{}", nil))
		p.Poll(w.t.Context())
		return p.acked["set-1"] && !w.state().EIDLocked
	}},
}

// An attack counts only if it succeeds without the one check that it aims at.
func TestAttacksFailAndSucceedWithoutTheirCheck(t *testing.T) {
	for _, a := range attacks {
		with, without := a.run(newWorld(t), ""), a.run(newWorld(t), a.check)
		if with {
			t.Errorf("%s succeeds", a.name)
		}
		if !without {
			t.Errorf("%s fails without %q too: it shows nothing", a.name, a.check)
		}
		t.Logf("%-50s with %-12s refused, without: %v", a.name, a.check, without)
	}
}

// An old unlock after a newer lock: the order stops it, whatever the way it came.
func TestAnOldUnlockOpensNothing(t *testing.T) {
	w := newWorld(t)
	r := w.receiver()
	old := w.set(EIDUnlocked, 2, "{}", nil)
	for _, token := range []string{w.set(EIDLocked, 3, "{}", nil), old, old} {
		if a := push(r, token); a.Code != http.StatusAccepted {
			t.Fatal(a.Code, w.why)
		}
	}
	if err := w.allows("g"); !errors.Is(err, vneid.ErrLocked) {
		t.Errorf("%v", err)
	}
	if len(w.did) != 3 || w.did[0].Late || !w.did[1].Late || !w.did[2].Late {
		t.Errorf("%+v", w.did)
	}
}

// What a bundle says of the locks is said by Delivered, and by nothing on the wire.
func TestNoTokenSaysWhatABundleSays(t *testing.T) {
	w := newWorld(t)
	r := w.receiver()
	push(r, w.set(EIDLocked, 1, "{}", nil))
	if a := push(r, w.set(delivered, 2, "{}", nil)); a.Code != http.StatusAccepted || !w.state().EIDLocked || w.did[1].Known() {
		t.Errorf("%d, %+v, %+v", a.Code, w.state(), w.did)
	}
}
