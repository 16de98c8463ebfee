package platform

import (
	"maps"
	"net/http"
	"sync"
	"testing"
)

// atDecision is a browser that stands before the form of a decision, filled in.
func atDecision(w *world, data bool) (b *browser, action string, form map[string]string) {
	b = w.browser("level2")
	b.stop = StepConsent
	if data {
		a := w.asker(nil)
		b.stop = StepShare
		b.authorize(a.refer(a.push(asks(details(nil)))))
	} else {
		b.authorize(request(nil))
	}
	v := b.last()
	return b, v.Action, b.fill(v)
}

func (b *browser) decide(action string, form map[string]string) (location string, status int) {
	b.t.Helper()
	resp := b.post(action, form)
	resp.Body.Close()
	return resp.Header.Get("Location"), resp.StatusCode
}

func consents(w *world) (n int) {
	for _, e := range w.entries() {
		if e.Kind == auditConsent {
			n++
		}
	}
	return n
}

func TestADecisionThatIsSentAgainIsAnsweredAgain(t *testing.T) {
	for name, c := range map[string]struct {
		data bool
		edit map[string]string
	}{
		"a login, agreed":         {false, nil},
		"a login, refused":        {false, map[string]string{FieldDecision: Deny}},
		"a data request, agreed":  {true, nil},
		"a data request, refused": {true, map[string]string{FieldDecision: Deny}},
		"a data request, nothing": {true, map[string]string{FieldScope: ""}},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			b, action, form := atDecision(w, c.data)
			maps.Copy(form, c.edit)
			first, status := b.decide(action, form)
			if status != http.StatusSeeOther || first == "" {
				t.Fatalf("%d %q", status, first)
			}
			codes, grants, log := w.count(tableCodes), w.count(tableGrants), len(w.entries())
			if again, status := b.decide(action, form); again != first || status != http.StatusSeeOther {
				t.Errorf("again: %d %q, first %q", status, again, first)
			}
			if w.count(tableCodes) != codes || w.count(tableGrants) != grants || len(w.entries()) != log {
				t.Error("the second time had an effect")
			}
			other := maps.Clone(form)
			other[FieldDecision] = map[string]string{Deny: Allow, Allow: Deny}[form[FieldDecision]]
			for what, bad := range map[string]map[string]string{
				"the other decision": other, "another token": {FieldCSRF: "x", FieldDecision: form[FieldDecision], FieldScope: form[FieldScope]}, "no decision": {FieldCSRF: form[FieldCSRF]},
			} {
				if loc, status := b.decide(action, bad); loc != "" || status < 400 {
					t.Errorf("%s: %d %q", what, status, loc)
				}
			}
			if loc, _ := w.browser("level2").decide(action, form); loc != "" {
				t.Errorf("another browser: %q", loc)
			}
			w.clock.advance(authCodeLife)
			if loc, status := b.decide(action, form); loc != "" || status < 400 {
				t.Errorf("a minute later: %d %q", status, loc)
			}
		})
	}
}

func TestAFormThatIsSentTwiceAtOnceDecidesOnce(t *testing.T) {
	for _, data := range []bool{false, true} {
		w := newWorld(t)
		b, action, form := atDecision(w, data)
		before := consents(w)
		var all sync.Map
		var wg sync.WaitGroup
		for range 12 {
			wg.Go(func() {
				loc, _ := b.decide(action, form)
				all.Store(loc, true)
			})
		}
		wg.Wait()
		n := 0
		all.Range(func(loc, _ any) bool { n++; return loc != "" })
		if n != 1 || w.count(tableCodes) != 1 || w.count(tableGrants) != 1 {
			t.Errorf("data request %t: %d answers, %d codes, %d grants", data, n, w.count(tableCodes), w.count(tableGrants))
		}
		if got := consents(w) - before; got > 1 {
			t.Errorf("%d consents", got)
		}
	}
}

// The page that ended a login needs no second cookie, but gets it: the first one may be
// what got lost.
func TestTheSessionOfALostAnswerIsNotLost(t *testing.T) {
	w := newWorld(t)
	b, action, form := atDecision(w, false)
	resp := b.post(action, form)
	resp.Body.Close()
	again := b.post(action, form)
	again.Body.Close()
	value := func(r *http.Response) string {
		for _, c := range r.Cookies() {
			if c.Name == w.cookieName(sessionCookie) {
				return c.Value
			}
		}
		return ""
	}
	if value(resp) == "" || value(resp) != value(again) {
		t.Errorf("%q, then %q", value(resp), value(again))
	}
	if got := b.authorize(request(map[string]string{"prompt": "none"})); got.Get("code") == "" {
		t.Errorf("no session: %v", got)
	}
}
