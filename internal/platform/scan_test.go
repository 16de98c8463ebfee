package platform

import (
	"net/url"
	"strings"
	"testing"
	"time"
)

// shownCode is a login page with its code.
func (w *world) shownCode(edits map[string]string) (*browser, View) {
	w.t.Helper()
	b := w.browser("nobody") // who will log in is not told to the browser
	v, _ := b.read(b.get("/authorize?" + request(edits).Encode()))
	if v == nil || v.Step != StepLogin || v.Scan == "" {
		w.t.Fatalf("no code: %+v", v)
	}
	return b, *v
}

func (w *world) scanBy(handle string, v View, a Approval) error {
	return w.ApproveScan(w.t.Context(), handle, strings.TrimPrefix(v.Scan, w.url+pathApp), a)
}

// right is what level2 would give to the app for a page.
func (w *world) right(v View) Approval {
	return Approval{Number: v.Number, Password: w.browser("level2").fill(View{Step: StepLogin})[FieldPassword]}
}

func TestACodeOnTheLoginPageLogsTheScannerIn(t *testing.T) {
	for acr, want := range map[string]string{"": "urn:vneid:acr:l2:a2", "urn:vneid:acr:l2:a4": "urn:vneid:acr:l2:a4"} {
		w := newWorld(t)
		b, v := w.shownCode(map[string]string{"acr_values": acr})
		if u, err := url.Parse(v.Scan); err != nil || u.RawQuery != "" || !strings.HasPrefix(v.Scan, w.url+"/app/") || len(v.Number) != 2 || !v.Until.Equal(w.now().Add(time.Minute)) {
			t.Errorf("%+v", v)
		}
		if client, err := w.Scanned(t.Context(), strings.TrimPrefix(v.Scan, w.url+pathApp)); err != nil || client != "Cổng thử nghiệm" {
			t.Errorf("the app shows %q, %v", client, err)
		}
		if err := w.scanBy("level2", v, w.right(v)); err != nil {
			t.Fatal(err)
		}
		code := b.walk(b.get(v.Action)).Get("code")
		if got := claimsOf(t, w.exchangeCode(code, nil).body["id_token"])["acr"]; got != want {
			t.Errorf("%q: acr is %v", acr, got)
		}
	}
}

func TestACodeIsReplacedAfterAMinute(t *testing.T) {
	w := newWorld(t)
	b, v := w.shownCode(nil)
	w.clock.advance(59 * time.Second)
	if same, _ := b.read(b.get(v.Action)); same.Scan != v.Scan || same.Number != v.Number {
		t.Error("replaced early")
	}
	w.clock.advance(time.Second)
	fresh, _ := b.read(b.get(v.Action))
	if fresh.Scan == v.Scan || fresh.Scan == "" {
		t.Error("not replaced")
	}
	if err := w.scanBy("level2", v, w.right(v)); err != ErrNoPrompt {
		t.Errorf("the old one: %v", err)
	}
	if err := w.scanBy("level2", *fresh, w.right(*fresh)); err != nil {
		t.Errorf("the fresh one: %v", err)
	}
}

func TestWhoMayNotLogInByACode(t *testing.T) {
	for handle, want := range map[string]error{"account-locked": ErrNoPrompt, "no-app": ErrNoPrompt, "no-account": ErrNoPrompt, "nobody": ErrNoPrompt} {
		w := newWorld(t)
		_, v := w.shownCode(nil)
		if err := w.scanBy(handle, v, w.right(v)); err != want {
			t.Errorf("%s: %v", handle, err)
		}
	}
	w := newWorld(t)
	_, v := w.shownCode(nil)
	if err := w.scanBy("level2", v, Approval{Number: v.Number, Password: "wrong"}); err != ErrFactor {
		t.Errorf("a wrong password: %v", err)
	}
	if err := w.scanBy("level2", v, w.right(v)); err != nil {
		t.Errorf("a wrong password spent the code: %v", err)
	}
	if err := w.scanBy("level2", v, w.right(v)); err != ErrNoPrompt {
		t.Errorf("the code is good twice: %v", err)
	}
}

func TestAttacksOnACodeMeetTheirCheck(t *testing.T) {
	// Whoever scans is logged in on a page that waits.
	in := func(v View, b *browser) bool {
		got := b.walk(b.get(v.Action))
		return got.Get("code") != ""
	}
	meet(t, []attack{
		{"a code that was sent in a message, without the page's digits", "scan-number", func(w *world) bool {
			b, v := w.shownCode(nil)
			a := w.right(v)
			a.Number = "no"
			return w.scanBy("level2", v, a) == nil && in(v, b)
		}},
		{"a code photographed and opened later", "scan-time", func(w *world) bool {
			b, v := w.shownCode(nil)
			w.clock.advance(scanLife)
			return w.scanBy("level2", v, w.right(v)) == nil && in(v, b)
		}},
		{"the address of the login page taken for the code", "scan-secret", func(w *world) bool {
			b, v := w.shownCode(nil)
			forged := v
			forged.Scan = w.url + pathApp + strings.TrimPrefix(v.Action, "/interaction/") + ".x"
			return w.scanBy("level2", forged, w.right(v)) == nil && in(v, b)
		}},
		{"an unlocked telephone that its owner has put down", "scan-password", func(w *world) bool {
			b, v := w.shownCode(nil)
			a := w.right(v)
			a.Password = "guess"
			return w.scanBy("level2", v, a) == nil && in(v, b)
		}},
	})
}
