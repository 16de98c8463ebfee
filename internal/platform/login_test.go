package platform

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestALoginGivesTokensAndClaims(t *testing.T) {
	w := newWorld(t)
	b := w.browser("level2")
	got := b.authorize(request(nil))
	if got.Get("state") != "state-state-state-state" || got.Get("iss") != w.url || got.Get("code") == "" {
		t.Fatalf("answer %v", got)
	}
	a := w.exchangeCode(got.Get("code"), nil)
	if a.status != 200 || a.body["token_type"] != "Bearer" || a.header.Get("Cache-Control") != "no-store" {
		t.Fatalf("token endpoint: %d %s", a.status, a.raw)
	}
	claims := claimsOf(t, a.body["id_token"])
	for name, want := range map[string]any{
		"iss": w.url, "aud": "rp", "nonce": "nonce-nonce-nonce-nonce", "acr": "urn:vneid:acr:l2:a1",
		"account_level": 2.0, "account_type": "citizen", "eid_status": "active", "account_status": "active",
		"iat": float64(w.clock.Now().Unix()), "exp": float64(w.clock.Now().Add(idTokenLife).Unix()),
		"auth_time": float64(w.clock.Now().Unix()),
	} {
		if claims[name] != want {
			t.Errorf("claim %s is %v, not %v", name, claims[name], want)
		}
	}
	info := w.userinfo(a.body["access_token"].(string))
	if info.status != 200 || info.body["sub"] != claims["sub"] || info.body["citizen_id"] != "999090000001" || info.body["name"] != "Nguyễn Văn An" || info.body["birthdate"] != "1990-02-14" {
		t.Errorf("userinfo: %d %s", info.status, info.raw)
	}
	if info.body["phone_number"] != nil || info.body["card_issued"] != nil {
		t.Error("userinfo gives claims of scopes that nobody asked for")
	}
	kinds := []ReadKind{}
	reads, err := w.History(context.Background(), "level2", 10)
	for _, r := range reads {
		kinds = append(kinds, r.Kind)
	}
	slices.Sort(kinds)
	if err != nil || !slices.Equal(kinds, []ReadKind{ReadLogin, ReadUserinfo}) {
		t.Errorf("history: %v, %v", kinds, err)
	}
}

func TestTheFirstPasswordMustBeChanged(t *testing.T) {
	w := newWorld(t)
	b := w.browser("first-login")
	first := b.secret(SMS)
	for _, weak := range []string{"short", first, "999203000005", strings.Repeat("x", 129), ""} {
		b.forms[StepNewPassword] = map[string]string{FieldNewPassword: weak}
		if got := b.authorize(request(nil)); got != nil || b.last().Problem != ProblemPassword {
			t.Errorf("a weak password was taken: %v %+v", got, b.last())
		}
	}
	delete(b.forms, StepNewPassword)
	if got := b.authorize(request(nil)); got.Get("code") == "" {
		t.Fatalf("no code with a good password: %v %+v", got, b.last())
	}
	again := w.browser("first-login")
	again.forms[StepLogin] = map[string]string{FieldPassword: first}
	if got := again.authorize(request(nil)); got != nil || again.last().Problem != ProblemLogin {
		t.Errorf("the first password still works: %v", got)
	}
	again.forms[StepLogin] = map[string]string{FieldPassword: "mot-mat-khau-moi"}
	if got := again.authorize(request(nil)); got.Get("code") == "" {
		t.Errorf("the chosen password does not work")
	}
	for _, v := range again.seen {
		if v.Step == StepNewPassword {
			t.Error("asked to change the password a second time")
		}
	}
}

func TestEveryAuthenticationLevelCanBeReached(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		handle, acr, want string
		amr               string
	}{
		{"level1", "urn:vneid:acr:l1:a1", "urn:vneid:acr:l1:a1", "pwd"},
		{"level1", "urn:vneid:acr:l1:a2", "urn:vneid:acr:l1:a2", "pwd swk mfa"},
		{"level2", "urn:vneid:acr:l2:a1", "urn:vneid:acr:l2:a1", "pwd"},
		{"level2", "urn:vneid:acr:l2:a2", "urn:vneid:acr:l2:a2", "pwd swk mfa"},
		{"no-app", "urn:vneid:acr:l2:a2", "urn:vneid:acr:l2:a2", "pwd otp sms mfa"},
		{"level2", "urn:vneid:acr:l2:a3", "urn:vneid:acr:l2:a3", "pwd face mfa"},
		{"level2", "urn:vneid:acr:l2:a4", "urn:vneid:acr:l2:a4", "pwd swk face mfa"},
		{"no-app", "urn:vneid:acr:l2:a4", "urn:vneid:acr:l2:a4", "pwd otp sms face mfa"},
		{"level2", "urn:vneid:acr:l1:a1", "urn:vneid:acr:l1:a1", "pwd"},
		{"level2", "urn:vneid:acr:l1:a4 urn:vneid:acr:l2:a2", "urn:vneid:acr:l2:a2", "pwd swk mfa"},
		{"foreigner", "urn:vneid:acr:l2:a3", "urn:vneid:acr:l2:a3", "pwd face mfa"},
	} {
		claims := claimsOf(t, w.login(c.handle, map[string]string{"acr_values": c.acr}).body["id_token"])
		var amr []string
		for _, m := range claims["amr"].([]any) {
			amr = append(amr, m.(string))
		}
		if claims["acr"] != c.want || strings.Join(amr, " ") != c.amr {
			t.Errorf("%s asked for %s: acr %v, amr %v", c.handle, c.acr, claims["acr"], amr)
		}
		if level := c.want[len("urn:vneid:acr:l")] - '0'; claims["account_level"] != float64(level) {
			t.Errorf("%s: account_level %v contradicts %s", c.handle, claims["account_level"], c.want)
		}
	}
}

func essential(values ...string) map[string]string {
	return map[string]string{"claims": `{"id_token":{"acr":{"essential":true,"values":["` + strings.Join(values, `","`) + `"]}}}`}
}

func TestLocksAndLevelsEndALoginWithTheirOwnError(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		handle string
		ask    map[string]string
		err    string // "": a code
		acr    string
	}{
		{"level2", essential("urn:vneid:acr:l2:a2"), "", "urn:vneid:acr:l2:a2"},
		{"level1", essential("urn:vneid:acr:l2:a2"), "unmet_authentication_requirements", ""},
		{"level1", essential("urn:vneid:acr:l1:a4"), "unmet_authentication_requirements", ""},
		{"eid-locked", essential("urn:vneid:acr:l2:a2"), "eid_locked", ""},
		{"eid-locked", essential("urn:vneid:acr:l2:a1", "urn:vneid:acr:l1:a1"), "", "urn:vneid:acr:l1:a1"},
		{"eid-locked", nil, "", "urn:vneid:acr:l1:a1"},
		{"account-locked", nil, "account_locked", ""},
		{"account-locked", essential("urn:vneid:acr:l2:a2"), "account_locked", ""},
		{"level1", map[string]string{"acr_values": "urn:vneid:acr:l2:a2"}, "", "urn:vneid:acr:l1:a1"},
		{"level2", essential("urn:example:other"), "unmet_authentication_requirements", ""},
	} {
		got := w.browser(c.handle).authorize(request(c.ask))
		if got.Get("error") != c.err || got.Get("iss") != w.url || got.Get("state") == "" || (c.err == "") != got.Has("code") {
			t.Errorf("%s asked for %v: %v", c.handle, c.ask, got)
			continue
		}
		if c.err == "" {
			claims := claimsOf(t, w.exchangeCode(got.Get("code"), nil).body["id_token"])
			if claims["acr"] != c.acr {
				t.Errorf("%s asked for %v: acr %v", c.handle, c.ask, claims["acr"])
			}
			if locked := c.handle == "eid-locked"; (claims["eid_status"] == "locked") != locked {
				t.Errorf("%s: eid_status %v", c.handle, claims["eid_status"])
			}
		}
	}
}

func TestALockShowsItselfOnlyToWhoKnowsThePassword(t *testing.T) {
	w := newWorld(t)
	b := w.browser("account-locked")
	b.forms[StepLogin] = map[string]string{FieldPassword: "not-the-password"}
	if got := b.authorize(request(nil)); got != nil || b.last().Problem != ProblemLogin {
		t.Errorf("answer %v, page %+v", got, b.last())
	}
	none := w.browser("no-account")
	none.forms[StepLogin] = map[string]string{FieldPassword: "whatever-password"}
	if got := none.authorize(request(nil)); got != nil || none.last().Problem != ProblemLogin {
		t.Errorf("answer %v, page %+v", got, none.last())
	}
}

func TestLevelTwoScopesNeedLevelTwo(t *testing.T) {
	w := newWorld(t)
	ask := map[string]string{"scope": "openid vneid:id vneid:card"}
	for handle, want := range map[string]string{"level2": "openid vneid:card vneid:id", "level1": "openid vneid:id", "eid-locked": "openid vneid:id"} {
		a := w.login(handle, ask)
		info := w.userinfo(a.body["access_token"].(string))
		if a.body["scope"] != want || (info.body["card_issued"] != nil) != (handle == "level2") || info.body["citizen_id"] == nil {
			t.Errorf("%s: scope %v, userinfo %s", handle, a.body["scope"], info.raw)
		}
	}
	b := w.browser("infant") // ticks a box that its page does not have
	b.forms[StepConsent] = map[string]string{FieldScope: "vneid:card,vneid:id"}
	if a := w.exchangeCode(b.authorize(request(ask)).Get("code"), nil); a.body["scope"] != "openid vneid:id" {
		t.Errorf("level 1 took scope %v", a.body["scope"])
	}
	a := w.login("reissued", ask)
	if info := w.userinfo(a.body["access_token"].(string)); info.body["former_ids"].([]any)[0] != "999087000017" {
		t.Errorf("former numbers: %s", info.raw)
	}
}

func TestALockActsOnWhatWasGivenBefore(t *testing.T) {
	w, ctx := newWorld(t), context.Background()
	weak := w.login("level2", map[string]string{"acr_values": "urn:vneid:acr:l1:a1"}).body["access_token"].(string)
	strong := w.login("level2", map[string]string{"scope": "openid vneid:card", "acr_values": "urn:vneid:acr:l2:a1"}).body["access_token"].(string)
	check := func(when string, wantWeak, wantStrong int) {
		t.Helper()
		if a, b := w.userinfo(weak).status, w.userinfo(strong).status; a != wantWeak || b != wantStrong {
			t.Errorf("%s: level 1 %d, level 2 %d", when, a, b)
		}
	}
	check("before", 200, 200)
	if err := w.SetLocks(ctx, "level2", Locks{EID: true}); err != nil {
		t.Fatal(err)
	}
	check("card locked", 200, 401)
	if err := w.SetLocks(ctx, "level2", Locks{}); err != nil {
		t.Fatal(err)
	}
	check("card unlocked", 200, 200)
	if err := w.SetLocks(ctx, "level2", Locks{Account: true}); err != nil {
		t.Fatal(err)
	}
	check("account locked", 401, 401)
	if err := w.SetLocks(ctx, "level2", Locks{}); err != nil {
		t.Fatal(err)
	}
	check("account unlocked again: what was given before stays dead", 401, 401)
	w.clock.advance(time.Second)
	if w.userinfo(w.login("level2", nil).body["access_token"].(string)).status != 200 {
		t.Error("a new login after the lock does not work")
	}
}

func TestScopesCanBeRefusedOneByOne(t *testing.T) {
	w := newWorld(t)
	b := w.browser("level2")
	b.forms[StepConsent] = map[string]string{FieldScope: "profile"}
	got := b.authorize(request(nil))
	a := w.exchangeCode(got.Get("code"), nil)
	info := w.userinfo(a.body["access_token"].(string))
	if a.body["scope"] != "openid profile" || info.body["name"] == nil || info.body["citizen_id"] != nil {
		t.Errorf("scope %v, userinfo %s", a.body["scope"], info.raw)
	}
	b.seen = nil
	if got := b.authorize(request(nil)); got.Get("code") == "" || len(b.seen) != 0 {
		t.Errorf("the decision is not remembered: %v", b.seen)
	}
	if got := b.authorize(request(map[string]string{"prompt": "consent"})); got.Get("code") == "" || b.last().Step != StepConsent {
		t.Errorf("prompt=consent does not ask again")
	}
	other := w.browser("level1")
	other.forms[StepConsent] = map[string]string{FieldDecision: Deny}
	if got := other.authorize(request(nil)); got.Get("error") != "access_denied" {
		t.Errorf("refusing everything: %v", got)
	}
	ticked := w.browser("no-expiry")
	ticked.forms[StepConsent] = map[string]string{FieldScope: "vneid:card,email"}
	got = ticked.authorize(request(nil))
	if a := w.exchangeCode(got.Get("code"), nil); a.body["scope"] != "openid" {
		t.Errorf("boxes that were not on the page count: %v", a.body["scope"])
	}
}
