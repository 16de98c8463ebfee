package platform

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// sessionOf is a person who is logged in with two factors.
func (w *world) sessionOf(handle string, auth vneid.AuthLevel) Session {
	w.t.Helper()
	a, err := w.Account(context.Background(), handle)
	if err != nil {
		w.t.Fatal(err)
	}
	return Session{Account: a, Assurance: vneid.Assurance{Level: a.Usable(), Auth: auth, At: w.now()}}
}

const school = "health-insurance"

func schoolDetails(edits object) string {
	return details(apply(object{"documents": []object{docOf(school, "number", "share"), docOf("residence", "province")}}, edits))
}

// waitFor lets a child ask, and stops at the page that waits.
func (a *asker) waitFor(handle, details string) *browser {
	a.t.Helper()
	b := a.browser(handle)
	b.stop = StepWait
	if got := b.authorize(a.refer(a.push(asks(details)))); got != nil || b.last().Step != StepWait {
		a.t.Fatalf("%s does not wait: %v %s", handle, got, b.last().Step)
	}
	return b
}

// goOn looks again.
func (b *browser) goOn(stop Step) url.Values {
	b.t.Helper()
	b.stop = stop
	v := b.last()
	return b.walk(b.post(v.Action, map[string]string{FieldCSRF: v.CSRF}))
}

func (w *world) awaited(guardian string) Awaited {
	w.t.Helper()
	all, err := w.Awaiting(context.Background(), guardian)
	if err != nil || len(all) != 1 {
		w.t.Fatalf("%d wait for %s: %v", len(all), guardian, err)
	}
	return all[0]
}

func TestNothingOfAChildGoesOutBeforeBothHaveAgreed(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	a := w.asker(nil)
	b := a.waitFor("teen", schoolDetails(nil))
	one := w.awaited("guardian")
	if one.Name != "Nguyễn Gia Khôi" || len(one.Terms.Ticked) == 0 || w.awaited("level2").Grant != one.Grant {
		t.Errorf("%+v", one)
	}
	for who, by := range map[string]Session{
		"somebody else": w.sessionOf("namesake", 2), "the child": w.sessionOf("teen", 2), "with one factor": w.sessionOf("guardian", 1),
	} {
		if err := w.DecideShare(ctx, by, one.Grant, one.Terms.Ticked); !errors.Is(err, ErrNotYours) {
			t.Errorf("%s decides: %v", who, err)
		}
	}
	if again := b.goOn(StepWait); again != nil {
		t.Fatalf("it went on: %v", again)
	}
	if err := w.DecideShare(ctx, w.sessionOf("guardian", 2), one.Grant, []string{school, school + "/number", school + "/share", "vehicle-registration"}); err != nil {
		t.Fatal(err)
	}
	got := b.goOn("")
	tokens := a.send("/token", codeForm(got.Get("code")), &a.bound)
	read := a.read(a.fetch(tokens.text("access_token")))
	by := fmt.Sprint(read.envelope["approvals"])
	if len(read.docs) != 1 || read.envelope["decision"] != "partial" || !strings.Contains(by, "child") || !strings.Contains(by, "mother") || strings.Contains(by, "self") {
		t.Errorf("%d documents, %v, %s", len(read.docs), read.envelope["decision"], by)
	}
	if err := w.DecideShare(ctx, w.sessionOf("level2", 2), one.Grant, nil); !errors.Is(err, ErrNotYours) {
		t.Errorf("the father is asked after the mother: %v", err)
	}
	if all, err := w.Awaiting(ctx, "level2"); err != nil || len(all) != 0 {
		t.Errorf("it still waits: %v %v", all, err)
	}
}

func TestARepresentativesRefusalEndsTheRequest(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	a := w.asker(nil)
	b := a.waitFor("ward", schoolDetails(nil))
	if err := w.DecideShare(ctx, w.sessionOf("guardian", 2), w.awaited("guardian").Grant, nil); err != nil {
		t.Fatal(err)
	}
	if got := b.goOn(""); got.Get("error") != "access_denied" {
		t.Errorf("%v", got)
	}
	a.waitFor("teen", schoolDetails(nil))
	w.clock.advance(interactionLife + pushedLife)
	if all, err := w.Awaiting(ctx, "guardian"); err != nil || len(all) != 0 {
		t.Errorf("what nobody answered still waits: %v %v", all, err)
	}
}

func TestAttacksOnRepresentationMeetTheirCheck(t *testing.T) {
	ctx := context.Background()
	meet(t, []attack{
		{"a child shares alone", "share-approvals", func(w *world) bool {
			b := w.browser("teen")
			b.stop = StepWait
			a := w.asker(nil)
			return b.authorize(a.refer(a.push(asks(schoolDetails(nil))))).Has("code")
		}},
		{"a stranger plays the guardian", "share-guardian", func(w *world) bool {
			a := w.asker(nil)
			a.waitFor("teen", schoolDetails(nil))
			one := w.awaited("guardian")
			return w.DecideShare(ctx, w.sessionOf("namesake", 2), one.Grant, one.Terms.Ticked) == nil
		}},
	})
}

// A request in the app: what the client is rung with proves who rings, and brings
// nothing.
func TestPingsOfDataRequestsAreSignedAndSayNothing(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	secret := []byte("webhook-secret-webhook-secret-webhook")
	type ring struct {
		header http.Header
		body   []byte
	}
	var rings []ring
	down := true
	srv := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		rings = append(rings, ring{r.Header.Clone(), body})
		if down {
			rw.WriteHeader(503)
		}
	}))
	defer srv.Close()
	a := w.asker(func(c *Client) { c.CIBA, c.NotificationURI, c.WebhookSecret = Ping, srv.URL, secret })
	if c, err := w.Client(ctx, a.id); err != nil || c.WebhookSecret != nil {
		t.Errorf("the secret is given out: %v", err)
	}
	who, _ := personas.Get("level2")
	form := url.Values{"scope": {"vneid:share"}, "login_hint": {who.Username()}, "binding_message": {"47 x"}, "client_notification_token": {strings.Repeat("t", 32)}}
	form.Set("authorization_details", details(nil))
	if got := a.send("/bc-authorize", form, nil); got.text("error") != "invalid_authorization_details" {
		t.Errorf("without a nonce: %s", got.raw)
	}
	form.Set("authorization_details", details(object{"nonce": "nonce-nonce-nonce-nonce"}))
	asked := a.send("/bc-authorize", form, nil)
	if asked.status != 200 {
		t.Fatalf("%s", asked.raw)
	}
	waiting, err := w.Prompts(ctx, "level2")
	if err != nil || len(waiting) != 1 || waiting[0].Share == nil || waiting[0].Share.Vi != "Cho thuê xe tự lái" {
		t.Fatalf("%+v %v", waiting, err)
	}
	ticked := []string{"driver-licence"}
	if err := w.Approve(ctx, "level2", waiting[0].ID, Approval{Number: "47", Password: personas.Password, Face: true, Ticked: ticked}); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, err := w.Deliver(ctx); err != nil {
			t.Fatal(err)
		}
		down = false
		w.clock.advance(noticeDelay)
	}
	if len(rings) != 2 {
		t.Fatalf("%d rings", len(rings))
	}
	var first, second object
	for i, into := range []*object{&first, &second} {
		h := hmac.New(sha256.New, secret)
		h.Write(rings[i].body)
		if got := rings[i].header.Get("X-Webhook-Signature"); got != "sha256="+hex.EncodeToString(h.Sum(nil)) {
			t.Errorf("the signature is %q", got)
		}
		if err := json.Unmarshal(rings[i].body, into); err != nil || len(*into) != 3 {
			t.Errorf("%s %v", rings[i].body, err)
		}
	}
	if first["id"] != second["id"] || first["attempt"] == second["attempt"] || first["auth_req_id"] != asked.text("auth_req_id") {
		t.Errorf("%v, then %v", first, second)
	}
	w.clock.advance(cibaInterval)
	tokens := a.send("/token", url.Values{"grant_type": {cibaGrant}, "auth_req_id": {asked.text("auth_req_id")}}, &a.bound)
	b := a.read(a.fetch(tokens.text("access_token")))
	if b.envelope["nonce"] != "nonce-nonce-nonce-nonce" || len(b.docs) != 1 || b.docs[0]["points"] != nil {
		t.Errorf("%v", b.envelope)
	}
	if late := a.send("/token", url.Values{"grant_type": {cibaGrant}, "auth_req_id": {asked.text("auth_req_id")}}, &a.bound); late.text("error") != "invalid_grant" {
		t.Errorf("fetched again: %s", late.raw)
	}
}

func TestBadDetailsAreRefusedInConstantWords(t *testing.T) {
	w := newWorld(t)
	a := w.asker(nil)
	texts := map[string]bool{}
	for name, bad := range map[string]string{
		"no JSON":                 "x",
		"two elements":            "[" + strings.Trim(details(nil), "[]") + "," + strings.Trim(details(nil), "[]") + "]",
		"another type":            details(object{"type": "payment"}),
		"an unknown member":       details(object{"secret-999090000001": true}),
		"no documents":            details(object{"documents": []object{}}),
		"one document twice":      details(object{"documents": []object{licenceDoc(), licenceDoc()}}),
		"a claim of nobody's":     details(object{"documents": []object{docOf("driver-licence", "blood")}}),
		"a predicate of nobody's": details(object{"documents": []object{{"kind": "residence", "predicates": []object{{"name": "age", "at_least": 18}}}}}),
		"no purpose":              details(object{"purpose": nil}),
		"a purpose of nobody":     details(object{"purpose": object{"code": "evil-999090000001", "vi": "x"}}),
		"a law without a name":    details(object{"basis": object{"kind": "law"}}),
		"the health record":       details(object{"documents": []object{docOf("health-record", "blood")}}),
		"record no. 2":            details(object{"documents": []object{docOf("judicial-record-2", "number")}}),
		"a period that is over":   details(object{"mode": "periodic", "until": "2026-11-01", "frequency_days": 1, "use": "store"}),
		"a period of years":       details(object{"mode": "periodic", "until": "2036-11-01", "frequency_days": 1, "use": "store"}),
	} {
		if !a.pushes(details(nil)) {
			t.Fatalf("%s: the twin does not pass", name)
		}
		got := a.send("/par", a.ask(asks(bad)), nil)
		if got.status != 400 || got.text("error") != "invalid_authorization_details" || strings.Contains(string(got.raw), "999090") {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
		}
		texts[got.text("error_description")] = true
	}
	if len(texts) < 8 {
		t.Errorf("%d texts", len(texts))
	}
	for name, edits := range map[string]map[string]string{
		"openid beside it": {"scope": "openid vneid:share", "authorization_details": details(nil)},
		"a login with it":  {"scope": "openid", "authorization_details": details(nil)},
		"nothing in it":    {"scope": "vneid:share"},
	} {
		if got := a.send("/par", a.ask(edits), nil); got.status != 400 {
			t.Errorf("%s: %d %s", name, got.status, got.raw)
		}
	}
	plain := w.fapi(func(c *Client) { c.ID = "plain" })
	if got := plain.send("/par", plain.ask(asks(details(nil))), nil); got.text("error") != "invalid_scope" {
		t.Errorf("a client without purposes: %s", got.raw)
	}
	if got := a.grant("level2", details(nil)); a.userinfo(got.text("access_token")).text("error") != "invalid_token" {
		t.Error("a data request's token opens userinfo")
	}
	login := plain.login(nil).text("access_token")
	if got := a.bundleBy("DPoP", login, a.proofBy(a.bound, "GET", "/share/v1/bundle", login, nil, nil)); got.text("error") != "invalid_token" {
		t.Errorf("a login's token brings documents: %s", got.raw)
	}
}
