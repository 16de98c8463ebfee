package events

import (
	"net/http"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// Only what the makers signed is accepted, and nothing is known after a refusal.
func FuzzPush(f *testing.F) {
	var accepted fixture
	var refused struct{ Tokens []vector }
	readJSON(f, "accepted.json", &accepted)
	readJSON(f, "refused.json", &refused)
	doc := readJSON(f, "jwks.json", nil)
	signed := map[string]bool{}
	for _, token := range accepted.Tokens {
		f.Add(token)
		signed[token] = true
	}
	for _, v := range refused.Tokens {
		f.Add(v.Token)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		w := foreign(t, doc, accepted.Now, vneid.UseEvent)
		a := push(w.receiver(), raw)
		if signed[raw] != (a.Code == http.StatusAccepted) || a.Code != http.StatusAccepted && a.Code != http.StatusBadRequest {
			t.Errorf("%q: %d", raw, a.Code)
		}
		if s := w.state(); a.Code != http.StatusAccepted && (len(w.did) > 0 || len(s.Seqs) > 0 || !s.Heard.IsZero()) {
			t.Errorf("%q was refused and did something", raw)
		}
	})
}

// What a platform answers to a poll may be anything: only what became durable is
// acknowledged.
func FuzzPoll(f *testing.F) {
	w := newWorld(f)
	lock := w.set(EIDLocked, 1, "{}", nil)
	f.Add(`{"sets":{},"told":1}`)
	f.Add(`{"sets":{"set-1":"` + lock + `"},"moreAvailable":true,"told":1}`)
	f.Add(`{"sets":{"set-2":"` + lock + `","x":1},"told":1}`)
	f.Fuzz(func(t *testing.T, answer string) {
		w := &world{t: t, key: w.key, keys: w.keys, now: w.now, memory: NewMemoryLedger(0, 0, w.clock)}
		w.ledger = w.memory
		p := newPoller(w)
		p.answer = func(a http.ResponseWriter) bool {
			if p.calls > 1 {
				return false // what is acknowledged must be well-formed
			}
			a.Header().Set("Content-Type", "application/json")
			a.Write([]byte(answer))
			return true
		}
		more, err := p.Poll(t.Context())
		if err != nil && (more || w.allows("") == nil) {
			t.Errorf("%q: %v, %v", answer, more, err)
		}
		if p.acked["set-1"] != w.state().EIDLocked || len(p.acked) > 1 {
			t.Errorf("%q: acknowledged %v", answer, p.acked)
		}
	})
}

// Whatever is applied, in whatever order, a repetition changes nothing.
func FuzzApply(f *testing.F) {
	f.Add("eid-locked", int64(1), "g", "u", int64(1), uint8(1))
	f.Add("consent-withdrawn", int64(2), "", "", int64(-1), uint8(9))
	f.Add("bundle-delivered", int64(0), "", "", int64(-1), uint8(9))
	f.Fuzz(func(t *testing.T, name string, seq int64, grant, uri string, index int64, level uint8) {
		e := Event{Name: Name(name), Issuer: issuer, Subject: who, Seq: seq, Grant: grant, Document: Document{"k", uri, index}, Level: vneid.Level(level)}
		var s State
		newest, err := s.Apply(e)
		if err != nil && (newest || len(s.Seqs) > 0) || err == nil && newest && e.fact() == "" {
			t.Errorf("%+v: %v, %v", e, newest, err)
		}
		if err != nil {
			return
		}
		before := s.clone()
		if again, err := s.Apply(e); again != newest || err != nil || before.Seq() != s.Seq() || before.EIDLocked != s.EIDLocked || len(before.Withdrawn) != len(s.Withdrawn) {
			t.Errorf("%+v again: %v, %v", e, again, err)
		}
	})
}
