package platform

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"testing"
	"time"
)

// A client that trades its refresh token twice before it fetches has two tokens, and
// fetches as often as it was agreed to all the same.
func TestTwoTokensOfOnePeriodFetchOnce(t *testing.T) {
	w := newWorld(t)
	a := w.asker(nil)
	tokens := a.grant("level2", periodic(nil))
	early := a.refresh(tokens)
	first, second := a.fetch(tokens.text("access_token")), a.fetch(early.text("access_token"))
	if first.status != http.StatusOK || second.status == http.StatusOK {
		t.Fatalf("%d, then %d within one period", first.status, second.status)
	}
	w.clock.advance(7 * 24 * time.Hour)
	if got := a.fetch(a.refresh(tokens).text("access_token")); got.status != http.StatusOK {
		t.Errorf("a period later: %d", got.status)
	}
	if list, err := w.Shares(context.Background(), "level2", 10); err != nil || list[0].Fetches != 2 {
		t.Errorf("%+v %v", list, err)
	}
}

// The envelope says the level of the decision; who has lost it since is not of it.
func TestAnAnswerSaysNoLevelThatWasLost(t *testing.T) {
	for level, want := range map[string]int{"level2": http.StatusForbidden, "level1": http.StatusOK} {
		w := newWorld(t)
		a := w.asker(nil)
		tokens := a.grant(level, periodic(object{"documents": []object{docOf("identity", "name")}}))
		if err := w.SetLevel(t.Context(), level, 1); err != nil {
			t.Fatal(err)
		}
		if got := a.fetch(tokens.text("access_token")); got.status != want {
			t.Errorf("%s: %d %q", level, got.status, got.text("error"))
		}
	}
}

// What the person read is what they agreed to: other words are another purpose.
func TestAPurposeInOtherWordsIsAskedForAnew(t *testing.T) {
	for name, change := range map[string]func(*Purpose){
		"":                  func(*Purpose) {},
		"other words":       func(u *Purpose) { u.Vi = "Tiếp thị" },
		"a shorter keeping": func(u *Purpose) { u.RetentionDays = 29 },
	} {
		w := newWorld(t)
		a := w.asker(nil)
		tokens := a.grant("level2", details(nil))
		c, err := w.Client(t.Context(), a.id)
		if err != nil {
			t.Fatal(err)
		}
		change(&c.Purposes[0])
		if err := w.Register(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if got := a.fetch(tokens.text("access_token")); (got.status == http.StatusOK) != (name == "") {
			t.Errorf("%q: %d %q", name, got.status, got.text("error"))
		}
	}
}

// A form that is sent twice at once is one decision: the second has seen the page, too.
func TestADecisionSentTwiceIsOne(t *testing.T) {
	for who, details := range map[string]string{"level2": details(nil), "teen": schoolDetails(nil)} {
		w := newWorld(t)
		a := w.asker(nil)
		b := a.browser(who)
		b.stop = StepShare
		b.authorize(a.refer(a.push(asks(details))))
		page := b.last()
		home, err := url.Parse(w.url)
		if err != nil {
			t.Fatal(err)
		}
		form := url.Values{FieldDecision: {Allow}}
		for _, d := range page.Share.Documents {
			form.Add(FieldScope, d.Field)
		}
		v := &visit{}
		for _, k := range b.client.Jar.Cookies(home) {
			if k.Name == browserCookie {
				v.browser = k.Value
			}
		}
		id := path.Base(page.Action)
		for range 2 {
			if _, err := w.submitShare(t.Context(), v, id, form); err != nil {
				t.Errorf("%s: %v", who, err)
			}
		}
		if list, err := w.Shares(t.Context(), who, 10); err != nil || len(list) != 1 {
			t.Errorf("%s: %d requests in the list: %v", who, len(list), err)
		}
	}
}

// A code that is brought twice ends what it gave: the citizen's list says so too.
func TestACodeBroughtTwiceEndsTheGrant(t *testing.T) {
	w := newWorld(t)
	a := w.asker(nil)
	got := a.browser("level2").authorize(a.refer(a.push(asks(periodic(nil)))))
	tokens := a.send("/token", codeForm(got.Get("code")), &a.bound)
	if again := a.send("/token", codeForm(got.Get("code")), &a.bound); again.text("error") != "invalid_grant" {
		t.Fatalf("%s", again.raw)
	}
	if got := a.fetch(tokens.text("access_token")); got.status == http.StatusOK {
		t.Error("the first one's token still fetches")
	}
	if list, err := w.Shares(t.Context(), "level2", 10); err != nil || list[0].Live() {
		t.Errorf("%+v %v", list, err)
	}
}
