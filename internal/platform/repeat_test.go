package platform

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/servicewire"
)

// with sends calls with a key.
func (w *world) with(key string, send func() answer) answer {
	w.key = key
	defer func() { w.key = "" }()
	return send()
}

// count is how many records a table has.
func (w *world) count(table string) int {
	w.t.Helper()
	var rows []Record
	if err := w.store.View(context.Background(), func(tx Tx) (err error) {
		rows, err = tx.List(table, "", "", 10_000)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return len(rows)
}

func alike(a, b answer) bool {
	return a.status == b.status && bytes.Equal(a.raw, b.raw) && a.status < 300
}

// Each call is sent, sent again with its key, sent with another key, and once more with
// the first key and another body.
func TestACallThatIsSentAgainHasOneEffectAndOneAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		table string // gets one record from each effect
		life  time.Duration
		calls func(w *world) (call, other func() answer)
	}{
		"a pushed request": {tablePushed, pushedLife, func(w *world) (call, other func() answer) {
			f := w.fapi(nil)
			return func() answer { return f.send("/par", f.ask(nil), nil) },
				func() answer {
					return f.send("/par", f.ask(map[string]string{"nonce": "another-another-another"}), nil)
				}
		}},
		"a pushed data request": {tableSharings, pushedLife, func(w *world) (call, other func() answer) {
			a := w.asker(nil)
			ask := func(edits object) func() answer {
				return func() answer { return a.send("/par", a.fapi.ask(asks(details(edits))), nil) }
			}
			return ask(nil), ask(object{"retention_days": 29})
		}},
		"a login at a counter": {tableAsks, promptLife, func(w *world) (call, other func() answer) {
			d := w.desk(nil)
			return func() answer { return d.ask(nil) }, func() answer { return d.ask(map[string]string{"binding_message": "48 BHXH quay 3"}) }
		}},
		"a cancelled stay": {tableRepeats, keepRepeats, func(w *world) (call, other func() answer) {
			h := w.hotel(nil)
			id := h.file(h.guest(nil))[0]["id"]
			cancel := func(version int) func() answer {
				return func() answer { return h.ask(servicewire.PathCancel, object{"id": id, "version": version}) }
			}
			return cancel(1), cancel(2)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			call, other := c.calls(w)
			before := w.count(c.table)
			first := w.with(key1, call)
			if first.status >= 300 || w.count(c.table) != before+1 {
				t.Fatalf("%d %s, %d records", first.status, first.raw, w.count(c.table)-before)
			}
			if again := w.with(key1, call); !alike(first, again) || w.count(c.table) != before+1 {
				t.Errorf("sent again: %d %s, %d records", again.status, again.raw, w.count(c.table)-before)
			}
			if a := w.with(key1, other); a.status != http.StatusUnprocessableEntity || a.text("error") != "idempotency_key_reused" || w.count(c.table) != before+1 {
				t.Errorf("the key with another request: %d %s", a.status, a.raw)
			}
			if a := w.with(key2, call); alike(first, a) {
				t.Errorf("another key got the same answer: %s", a.raw)
			}
			w.clock.advance(c.life)
			if a := w.with(key1, call); alike(first, a) {
				t.Errorf("the answer is still there: %s", a.raw)
			}
		})
	}
}

func TestALostAnswerOfTheTokenEndpointCostsNoLogin(t *testing.T) {
	w := newWorld(t)
	f := w.fapi(nil)
	code := f.code(nil)
	exchange := func() answer { return f.send("/token", codeForm(code), &f.bound) }
	first := w.with(key1, exchange)
	again := w.with(key1, exchange)
	if !alike(first, again) || first.text("id_token") == "" {
		t.Fatalf("%d %s, then %d %s", first.status, first.raw, again.status, again.raw)
	}
	if a := f.userinfo(first.text("access_token")); a.status != 200 {
		t.Errorf("the login has ended: %d", a.status)
	}
	if reads, err := w.History(t.Context(), "level2", 10); err != nil || len(reads) != 2 || reads[1].Kind != ReadLogin {
		t.Errorf("history: %v %v", reads, err)
	}
	renew := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {first.text("refresh_token")}}
	one := w.with(key2, func() answer { return f.send("/token", renew, &f.bound) })
	two := w.with(key2, func() answer { return f.send("/token", renew, &f.bound) })
	if !alike(one, two) || one.text("access_token") == first.text("access_token") {
		t.Errorf("a refresh: %d %s, then %d %s", one.status, one.raw, two.status, two.raw)
	}

	late := f.code(nil)
	w.with(key1+"x", func() answer { return f.send("/token", codeForm(late), &f.bound) })
	w.clock.advance(authCodeLife)
	if a := w.with(key1+"x", func() answer { return f.send("/token", codeForm(late), &f.bound) }); a.text("error") != "invalid_grant" {
		t.Errorf("a minute later: %d %s", a.status, a.raw)
	}
}

func TestARefusalIsNotKept(t *testing.T) {
	w := newWorld(t)
	d := w.desk(nil)
	if a := w.with(key1, func() answer { return d.ask(map[string]string{"login_hint": "999090999999"}) }); a.text("error") != "unknown_user_id" {
		t.Fatalf("%d %s", a.status, a.raw)
	}
	if a := w.with(key1, func() answer { return d.ask(nil) }); a.status != 200 {
		t.Errorf("the key of a call that had no effect: %d %s", a.status, a.raw)
	}
}

func TestKeysThatAreNone(t *testing.T) {
	w := newWorld(t)
	f := w.fapi(nil)
	for key, want := range map[string]int{
		key1: 201, strings.Repeat("k", 128): 201, `"` + key1 + `"`: 201,
		"short": 400, strings.Repeat("k", 129): 400, "0123456789 abcdef": 400, "0123456789abcdefé": 400,
	} {
		if a := w.with(key, func() answer { return f.send("/par", f.ask(nil), nil) }); a.status != want {
			t.Errorf("%q: %d %s", key, a.status, a.raw)
		}
	}
}

func TestOfManyCallsAtOnceOneHasAnEffect(t *testing.T) {
	w := newWorld(t)
	d := w.desk(nil)
	w.key = key1
	var all sync.Map
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			a := d.ask(nil)
			all.Store(a.text("auth_req_id"), a.status)
		})
	}
	wg.Wait()
	n := 0
	all.Range(func(id, status any) bool {
		n++
		return id != "" && status == 200
	})
	if n != 1 || w.count(tableAsks) != 1 {
		t.Errorf("%d answers, %d requests", n, w.count(tableAsks))
	}
}

// Nobody who reads the store finds what was answered, or the key.
func TestWhatWasAnsweredLiesSealed(t *testing.T) {
	store := NewMemory()
	w := newWorldOn(t, store)
	f := w.fapi(nil)
	code := f.code(nil)
	a := w.with(key1, func() answer { return f.send("/token", codeForm(code), &f.bound) })
	b := w.with(key2, func() answer { return f.send("/par", f.ask(nil), nil) })
	if w.count(tableRepeats) != 2 {
		t.Fatal("nothing was kept")
	}
	secrets := []string{key1, key2, a.text("access_token"), a.text("refresh_token"), a.text("id_token"), b.text("request_uri"), code}
	if err := store.Each(t.Context(), func(table, key string, value []byte, _ time.Time) error {
		for i, s := range secrets {
			if s == "" || strings.Contains(key, s) || bytes.Contains(value, []byte(s)) {
				t.Errorf("table %s holds secret %d", table, i)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

func TestAttacksWithKeysMeetTheirCheck(t *testing.T) {
	meet(t, []attack{
		{"a stranger guesses the key", "repeat-client", func(w *world) bool {
			h, other := w.hotel(nil), w.hotel(func(c *Client) { c.ID = "other" })
			rows := object{"rows": []object{h.guest(nil)}}
			h.access()
			other.access()
			first := w.with(key1, func() answer { return h.ask(servicewire.PathStays, rows) })
			return alike(first, w.with(key1, func() answer { return other.ask(servicewire.PathStays, rows) }))
		}},
		{"the key gets another request's answer", "repeat-call", func(w *world) bool {
			f := w.fapi(nil)
			first := w.with(key1, func() answer { return f.send("/par", f.ask(nil), nil) })
			return alike(first, w.with(key1, func() answer { return f.send("/par", f.ask(map[string]string{"scope": "openid"}), nil) }))
		}},
		{"the key gets the tokens of another device", "repeat-call", func(w *world) bool {
			f, thief := w.fapi(nil), newDevice(w.t)
			code := f.code(nil)
			first := w.with(key1, func() answer { return f.send("/token", codeForm(code), &f.bound) })
			return alike(first, w.with(key1, func() answer { return f.send("/token", codeForm(code), &thief) }))
		}},
		{"a copy of a public client's call", "repeat-public", func(w *world) bool {
			w.register(Client{ID: "open", Public: true, RedirectURIs: []string{rpBack}, Scopes: []string{"profile", "vneid:id"}})
			q := map[string]string{"client_id": "open", "client_secret": ""}
			code := w.code(map[string]string{"client_id": "open"})
			first := w.with(key1, func() answer { return w.exchangeCode(code, q) })
			return alike(first, w.with(key1, func() answer { return w.exchangeCode(code, q) }))
		}},
	})
}
