package platform

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAnotherLoginInTheBrowserEndsTheFormerPersons(t *testing.T) {
	w := newWorld(t)
	b := w.browser("level2")
	first := w.exchangeCode(b.authorize(request(nil)).Get("code"), nil).body["access_token"].(string)
	again := w.exchangeCode(b.authorize(request(map[string]string{"prompt": "login"})).Get("code"), nil)
	if w.userinfo(first).status != 200 {
		t.Error("the same person's second login ended the first")
	}
	b.handle = "namesake"
	other := w.exchangeCode(b.authorize(request(map[string]string{"prompt": "select_account"})).Get("code"), nil)
	if w.userinfo(first).status != 401 || w.userinfo(again.body["access_token"].(string)).status != 401 {
		t.Error("the former person's tokens outlive somebody else's login")
	}
	if w.userinfo(other.body["access_token"].(string)).status != 200 {
		t.Error("the second person is not logged in")
	}
	if claimsOf(t, again.body["id_token"])["sid"] == claimsOf(t, other.body["id_token"])["sid"] {
		t.Error("two people share a session")
	}
}

func TestALogoutEndsAStepUpUnderWay(t *testing.T) {
	w := newWorld(t)
	b := w.browser("level2")
	b.authorize(request(nil))
	v := b.start(request(map[string]string{"acr_values": "urn:vneid:acr:l2:a3"}))
	if v.Step != StepFactor {
		t.Fatalf("step %s", v.Step)
	}
	b.walk(b.get("/logout"))
	if got := b.walk(b.post(v.Action, b.fill(v))); got.Get("error") != "login_required" {
		t.Errorf("the step-up goes on: %v %+v", got, b.last())
	}
}

func TestALockHoldsWhateverTheClockDid(t *testing.T) {
	w := newWorld(t)
	access := w.login("level2", nil).body["access_token"].(string)
	w.clock.advance(-time.Hour) // the lock is now older than the session
	if err := w.SetLocks(context.Background(), "level2", Locks{Account: true}); err != nil {
		t.Fatal(err)
	}
	if w.userinfo(access).status != 401 {
		t.Error("a token works while the account is locked")
	}
}

func TestALockEndsALoginUnderWay(t *testing.T) {
	w := newWorld(t)
	b := w.browser("level2")
	v := b.factorPage("urn:vneid:acr:l2:a3")
	if err := w.SetLocks(context.Background(), "level2", Locks{Account: true}); err != nil {
		t.Fatal(err)
	}
	if got := b.walk(b.post(v.Action, b.fill(v))); got.Get("error") != "account_locked" {
		t.Errorf("the login goes on: %v", got)
	}
}

func TestACodeIsWorthNothingAfterALogoutOrALock(t *testing.T) {
	w := newWorld(t)
	b := w.browser("level2")
	code := b.authorize(request(nil)).Get("code")
	b.walk(b.get("/logout"))
	if a := w.exchangeCode(code, nil); a.status != 400 {
		t.Errorf("after a logout: %s", a.raw)
	}
	code = w.code(nil)
	if err := w.SetLocks(context.Background(), "level2", Locks{EID: true}); err != nil {
		t.Fatal(err)
	}
	if a := w.exchangeCode(code, nil); a.status != 400 {
		t.Errorf("a level-2 code after the lock: %s", a.raw)
	}
}

func TestARedirectURIKeepsItsQuery(t *testing.T) {
	w := newWorld(t)
	w.register(Client{ID: "q", Secret: rpSecret, RedirectURIs: []string{"https://rp.example/cb?tenant=1"}, LogoutURIs: []string{"https://rp.example/bye?x=1"}})
	ask := map[string]string{"client_id": "q", "scope": "openid", "redirect_uri": "https://rp.example/cb?tenant=1"}
	b := w.browser("level2")
	got := b.authorize(request(ask))
	if got.Get("tenant") != "1" || got.Get("code") == "" {
		t.Errorf("%v", got)
	}
	resp := b.get("/logout?" + url.Values{"client_id": {"q"}, "post_logout_redirect_uri": {"https://rp.example/bye?x=1"}, "state": {"s"}}.Encode())
	resp.Body.Close() // the question
	b.walk(b.get("/logout?" + url.Values{"client_id": {"q"}, "post_logout_redirect_uri": {"https://rp.example/bye?x=1"}, "state": {"s"}}.Encode()))
	resp = b.get("/logout?" + url.Values{"client_id": {"q"}, "post_logout_redirect_uri": {"https://rp.example/bye?x=1"}, "state": {"s"}}.Encode())
	resp.Body.Close()
	if resp.Header.Get("Location") != "https://rp.example/bye?x=1&state=s" {
		t.Errorf("logout leads to %q", resp.Header.Get("Location"))
	}
}

func TestGivingUpOnThePlatformsOwnPagesGoesBack(t *testing.T) {
	w := newWorld(t)
	b := w.browser("level2")
	b.client.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if r.URL.Path == "/home" {
			return http.ErrUseLastResponse
		}
		return nil
	}
	v, _ := b.read(b.get("/login?return=/home"))
	resp := b.post(v.Action, map[string]string{FieldCSRF: v.CSRF, FieldDecision: Deny})
	resp.Body.Close()
	if resp.StatusCode != http.StatusSeeOther || resp.Header.Get("Location") != "/home" {
		t.Errorf("%d %s", resp.StatusCode, resp.Header.Get("Location"))
	}
}

func TestFaultsAreSwitchedPerClient(t *testing.T) {
	w := newWorld(t)
	w.register(Client{ID: "other", Secret: rpSecret, RedirectURIs: []string{rpBack}})
	nonce := func(id string) any {
		ask := map[string]string{"client_id": id, "scope": "openid"}
		return claimsOf(t, w.exchangeCode(w.code(ask), map[string]string{"client_id": id}).body["id_token"])["nonce"]
	}
	good := nonce("rp")
	if err := w.Break("rp", "wrong-nonce"); err != nil {
		t.Fatal(err)
	}
	if nonce("rp") == good || nonce("other") != good {
		t.Error("the fault is not the one client's")
	}
	w.Heal("rp")
	if nonce("rp") != good {
		t.Error("the fault stays")
	}
	if err := w.Break("", "wrong-nonce"); err != nil || nonce("other") == good {
		t.Errorf("the fault is not everybody's: %v", err)
	}
	if w.Break("rp", "no-such-fault") == nil || w.Break("rp", "jwks-down") == nil {
		t.Error("a fault that there is not, or not for one client")
	}
	names := Faults()
	if len(names) < 60 || !slices.IsSortedFunc(names, func(a, b Fault) int { return strings.Compare(a.Name, b.Name) }) {
		t.Errorf("%d faults", len(names))
	}
	for _, f := range names {
		if f.About == "" {
			t.Errorf("%s says nothing", f.Name)
		}
	}
}

func TestAClockCanBePutForward(t *testing.T) {
	var c Clock
	if d := time.Until(c.Now()); d > time.Second || d < -time.Second {
		t.Errorf("the zero clock is %v off", d)
	}
	c.Advance(time.Hour)
	if d := time.Until(c.Now()); d < 59*time.Minute {
		t.Errorf("an hour is %v", d)
	}
	at := time.Date(2024, 6, 30, 0, 0, 0, 0, time.UTC)
	c.Set(at)
	if d := c.Now().Sub(at); d < 0 || d > time.Second {
		t.Errorf("set, and %v off", d)
	}
}
