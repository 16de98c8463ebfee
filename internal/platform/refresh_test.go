package platform

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// keeper is rp with refresh tokens.
func (w *world) keeper() *keeper {
	w.register(Client{ID: "keeper", Name: "Cổng", Secret: rpSecret, RedirectURIs: []string{rpBack}, Scopes: []string{"profile", "vneid:id", "vneid:card"}, Refresh: true})
	return &keeper{w}
}

type keeper struct{ *world }

func (k *keeper) login(edits map[string]string) answer {
	k.t.Helper()
	ask := request(edits)
	ask.Set("client_id", "keeper")
	a := k.exchangeCode(k.browser("level2").authorize(ask).Get("code"), map[string]string{"client_id": "keeper"})
	if a.status != 200 || a.text("refresh_token") == "" {
		k.t.Fatalf("%d %s", a.status, a.raw)
	}
	return a
}

func (k *keeper) refresh(token string, edits map[string]string) answer {
	k.t.Helper()
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}, "client_id": {"keeper"}, "client_secret": {rpSecret}}
	for name, value := range edits {
		form.Set(name, value)
	}
	return k.postForm("/token", form, nil)
}

func TestARefreshGivesNewTokensOfTheSameLogin(t *testing.T) {
	w := newWorld(t)
	k := w.keeper()
	first := k.login(nil)
	before := claimsOf(t, first.body["id_token"])
	w.clock.advance(time.Hour) // the first access token is over
	a := k.refresh(first.text("refresh_token"), nil)
	if a.status != 200 || a.text("refresh_token") == first.text("refresh_token") || a.text("access_token") == first.text("access_token") {
		t.Fatalf("%d %s", a.status, a.raw)
	}
	after := claimsOf(t, a.body["id_token"])
	for _, same := range []string{"iss", "sub", "aud", "auth_time", "acr", "sid"} { // OpenID Connect Core §12.2
		if before[same] == nil || before[same] != after[same] {
			t.Errorf("%s: %v, then %v", same, before[same], after[same])
		}
	}
	if after["nonce"] != nil || after["iat"] == before["iat"] || after["at_hash"] == before["at_hash"] {
		t.Errorf("%v", after)
	}
	if w.userinfo(first.text("access_token")).status != 401 || w.userinfo(a.text("access_token")).status != 200 {
		t.Error("access tokens")
	}
	if reads, err := w.History(context.Background(), "level2", 10); err != nil || len(reads) != 3 || reads[1].Kind != ReadLogin {
		t.Errorf("the history does not tell: %v %v", reads, err)
	}
	if w.login("level2", nil).body["refresh_token"] != nil {
		t.Error("a client that did not register it has a refresh token")
	}
}

// RFC 9700 §4.14.2: whoever comes second, thief or owner, ends both.
func TestASecondUseEndsTheWholeFamily(t *testing.T) {
	w := newWorld(t)
	k := w.keeper()
	for name, after := range map[string]int{"at once": 0, "after one more": 1, "after three more": 3} {
		first := k.login(nil)
		other := k.login(nil)
		last := first
		for range after + 1 {
			if last = k.refresh(last.text("refresh_token"), nil); last.status != 200 {
				t.Fatalf("%s: the twin does not pass: %s", name, last.raw)
			}
		}
		if w.userinfo(last.text("access_token")).status != 200 {
			t.Fatalf("%s: the newest token", name)
		}
		if a := k.refresh(first.text("refresh_token"), nil); a.text("error") != "invalid_grant" || a.body["access_token"] != nil {
			t.Errorf("%s: %s", name, a.raw)
		}
		if w.userinfo(last.text("access_token")).status != 401 || k.refresh(last.text("refresh_token"), nil).text("error") != "invalid_grant" {
			t.Errorf("%s: the family lives", name)
		}
		if k.refresh(other.text("refresh_token"), nil).status != 200 {
			t.Errorf("%s: another login ended too", name)
		}
	}
}

func TestASecondUseOfACodeEndsItsRefreshTokenToo(t *testing.T) {
	w := newWorld(t)
	k := w.keeper()
	ask := request(nil)
	ask.Set("client_id", "keeper")
	code := k.browser("level2").authorize(ask).Get("code")
	id := map[string]string{"client_id": "keeper"}
	a := w.exchangeCode(code, id)
	a = k.refresh(a.text("refresh_token"), nil)
	if a.status != 200 || w.exchangeCode(code, id).text("error") != "invalid_grant" {
		t.Fatalf("%s", a.raw)
	}
	if k.refresh(a.text("refresh_token"), nil).status != 400 || w.userinfo(a.text("access_token")).status != 401 {
		t.Error("what the first use gave lives")
	}
}

func TestARefreshTokenIsItsClientsAlone(t *testing.T) {
	w := newWorld(t)
	k := w.keeper()
	w.register(Client{ID: "other", Secret: "other-secret", RedirectURIs: []string{rpBack}, Refresh: true})
	token := k.login(nil).text("refresh_token")
	for name, edits := range map[string]map[string]string{
		"another client":        {"client_id": "other", "client_secret": "other-secret"},
		"a client without":      {"client_id": "rp"},
		"a wrong secret":        {"client_secret": "guess"},
		"the access token":      {"refresh_token": k.login(nil).text("access_token")},
		"another token":         {"refresh_token": random()},
		"nothing":               {"refresh_token": ""},
		"a scope more":          {"scope": "openid vneid:card"},
		"no scope":              {"scope": " "},
		"an unknown resource":   {"resource": "https://api.example"},
		"an unknown grant type": {"grant_type": "password"},
	} {
		if a := k.refresh(token, edits); a.status == 200 {
			t.Errorf("%s: %s", name, a.raw)
		}
	}
	if a := k.refresh(token, nil); a.status != 200 {
		t.Errorf("the refused ones spent it: %s", a.raw)
	}
}

func TestARefreshCanAskForLess(t *testing.T) {
	w := newWorld(t)
	k := w.keeper()
	a := k.refresh(k.login(nil).text("refresh_token"), map[string]string{"scope": "openid profile openid"})
	info := w.userinfo(a.text("access_token"))
	if a.text("scope") != "openid profile" || info.body["name"] == nil || info.body["citizen_id"] != nil {
		t.Errorf("%s %s", a.raw, info.raw)
	}
	a = k.refresh(a.text("refresh_token"), map[string]string{"scope": "profile"})
	if a.body["id_token"] != nil || w.userinfo(a.text("access_token")).status != 401 {
		t.Errorf("without openid: %s", a.raw)
	}
	a = k.refresh(a.text("refresh_token"), nil)
	if scopes := strings.Fields(a.text("scope")); !slices.Contains(scopes, "vneid:id") || a.body["id_token"] == nil {
		t.Errorf("what was granted is not there again: %s", a.raw)
	}
}

func TestARefreshTokenEndsWithTheLogin(t *testing.T) {
	for name, end := range map[string]func(w *world, a answer){
		"the session's time": func(w *world, _ answer) { w.clock.advance(sessionLife) },
		"the account's lock": func(w *world, _ answer) {
			_ = w.SetLocks(context.Background(), "level2", Locks{Account: true})
		},
		"the eID's lock, at level 2": func(w *world, _ answer) {
			_ = w.SetLocks(context.Background(), "level2", Locks{EID: true})
		},
		"revoking it": func(w *world, a answer) { w.revokeAs("keeper", a.text("refresh_token")) },
		"revoking the access token": func(w *world, a answer) {
			w.revokeAs("keeper", a.text("access_token"))
		},
	} {
		w := newWorld(t)
		k := w.keeper()
		a := k.login(nil)
		if a = k.refresh(a.text("refresh_token"), nil); a.status != 200 {
			t.Fatalf("%s: the twin: %s", name, a.raw)
		}
		end(w, a)
		if got := k.refresh(a.text("refresh_token"), nil); got.text("error") != "invalid_grant" {
			t.Errorf("%s: %s", name, got.raw)
		}
		if w.userinfo(a.text("access_token")).status != 401 {
			t.Errorf("%s: the access token lives", name)
		}
	}
}

func (w *world) revokeAs(id, token string) {
	w.t.Helper()
	if a := w.postForm("/revoke", url.Values{"token": {token}, "client_id": {id}, "client_secret": {rpSecret}}, nil); a.status != 200 {
		w.t.Errorf("%d", a.status)
	}
}

func TestOneOfManyRefreshesAtOnceWinsAtMost(t *testing.T) {
	w := newWorld(t)
	k := w.keeper()
	token := k.login(nil).text("refresh_token")
	var wins atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if k.refresh(token, nil).status == 200 {
				wins.Add(1)
			}
		})
	}
	wg.Wait()
	if wins.Load() != 1 {
		t.Errorf("%d refreshes", wins.Load())
	}
}

func TestInFAPI2ARefreshTokenStaysAndIsBound(t *testing.T) {
	w := newWorld(t)
	f := w.fapi(nil)
	token := f.login(nil).text("refresh_token")
	for range 3 {
		a := f.tokenBy(token, f.proofBy(f.bound, "POST", "/token", "", nil, nil))
		if a.status != 200 || a.body["refresh_token"] != nil || f.userinfo(a.text("access_token")).status != 200 {
			t.Fatalf("%d %s", a.status, a.raw)
		}
	}
	if a := f.tokenBy(token); a.text("error") != "invalid_dpop_proof" {
		t.Errorf("without a proof: %s", a.raw)
	}
	// A client that authenticates may change its key (RFC 9449 §5).
	other := newDevice(t)
	if a := f.tokenBy(token, f.proofBy(other, "POST", "/token", "", nil, nil)); a.status != 200 {
		t.Errorf("another key of the same client: %s", a.raw)
	}
	// A public one has nothing but its key.
	w.register(Client{ID: "app", Public: true, RedirectURIs: []string{rpBack}, Refresh: true})
	app := &fapi{world: w, id: "app", nonce: f.nonce}
	call := func(form url.Values, d *device) answer {
		form.Set("client_id", "app")
		return app.postPublic(form, d)
	}
	ask := request(map[string]string{"client_id": "app", "scope": "openid"})
	a := call(codeForm(w.browser("level2").authorize(ask).Get("code")), &f.bound)
	renew := func(d *device) answer {
		return call(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {a.text("refresh_token")}}, d)
	}
	if got := renew(&other); got.text("error") != "invalid_grant" {
		t.Errorf("a public client with another key: %s", got.raw)
	}
	if got := renew(nil); got.text("error") != "invalid_dpop_proof" {
		t.Errorf("a public client without its key: %s", got.raw)
	}
	if got := renew(&f.bound); got.status != 200 {
		t.Errorf("a public client with its key: %s", got.raw)
	}
}
