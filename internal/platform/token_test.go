package platform

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// code logs level2 in and returns a fresh authorization code.
func (w *world) code(edits map[string]string) string {
	w.t.Helper()
	got := w.browser("level2").authorize(request(edits))
	if got.Get("code") == "" {
		w.t.Fatalf("no code: %v", got)
	}
	return got.Get("code")
}

func TestACodeIsSpentOnceAndOnlyAsItWasMade(t *testing.T) {
	w := newWorld(t)
	w.register(Client{ID: "other", Secret: "other-secret", RedirectURIs: []string{rpBack}})
	w.register(Client{ID: "open", Public: true, RedirectURIs: []string{rpBack}})
	for _, c := range []struct {
		name   string
		edit   map[string]string
		status int
		err    string
	}{
		{"another client", map[string]string{"client_id": "other", "client_secret": "other-secret"}, 400, "invalid_grant"},
		{"a public client", map[string]string{"client_id": "open", "client_secret": ""}, 400, "invalid_grant"},
		{"another verifier", map[string]string{"code_verifier": strings.Replace(verifier0, "0", "1", 1)}, 400, "invalid_grant"},
		{"the challenge as verifier", map[string]string{"code_verifier": request(nil).Get("code_challenge")}, 400, "invalid_grant"},
		{"no verifier", map[string]string{"code_verifier": ""}, 400, "invalid_request"},
		{"a short verifier", map[string]string{"code_verifier": verifier0[:42]}, 400, "invalid_request"},
		{"a long verifier", map[string]string{"code_verifier": strings.Repeat("x", 129)}, 400, "invalid_request"},
		{"a verifier with a space", map[string]string{"code_verifier": verifier0 + " "}, 400, "invalid_request"},
		{"another redirect_uri", map[string]string{"redirect_uri": rpBack + "/"}, 400, "invalid_grant"},
		{"no redirect_uri", map[string]string{"redirect_uri": ""}, 400, "invalid_grant"},
		{"another grant type", map[string]string{"grant_type": "password"}, 400, "unsupported_grant_type"},
		{"no grant type", map[string]string{"grant_type": ""}, 400, "unsupported_grant_type"},
		{"no code", map[string]string{"code": ""}, 400, "invalid_grant"},
		{"another code", map[string]string{"code": random()}, 400, "invalid_grant"},
		{"a wrong secret", map[string]string{"client_secret": "guess"}, 401, "invalid_client"},
		{"no secret", map[string]string{"client_secret": ""}, 401, "invalid_client"},
		{"no client", map[string]string{"client_id": ""}, 401, "invalid_client"},
		{"an unknown client", map[string]string{"client_id": "nobody"}, 401, "invalid_client"},
	} {
		if twin := w.exchangeCode(w.code(nil), nil); twin.status != 200 {
			t.Fatalf("%s: the twin does not pass: %s", c.name, twin.raw)
		}
		a := w.exchangeCode(w.code(nil), c.edit)
		if a.status != c.status || a.body["error"] != c.err || a.body["access_token"] != nil {
			t.Errorf("%s: %d %s", c.name, a.status, a.raw)
		}
	}
}

func TestACodeIsSpentByAWrongAttemptOfItsClientAndByNobodyElses(t *testing.T) {
	w := newWorld(t)
	w.register(Client{ID: "other", Secret: "other-secret", RedirectURIs: []string{rpBack}})
	code := w.code(nil)
	w.exchangeCode(code, map[string]string{"client_id": "other", "client_secret": "other-secret"})
	w.exchangeCode(code, map[string]string{"client_secret": "guess"})
	if a := w.exchangeCode(code, nil); a.status != 200 {
		t.Errorf("other clients' attempts spent the code: %s", a.raw)
	}
	code = w.code(nil)
	w.exchangeCode(code, map[string]string{"code_verifier": strings.Replace(verifier0, "0", "1", 1)})
	if a := w.exchangeCode(code, nil); a.status != 400 {
		t.Error("after a wrong verifier the code still works")
	}
}

func TestASecondUseRevokesWhatTheFirstGave(t *testing.T) {
	w := newWorld(t)
	code := w.code(nil)
	access := w.exchangeCode(code, nil).body["access_token"].(string)
	if w.userinfo(access).status != 200 {
		t.Fatal("the token does not work")
	}
	if a := w.exchangeCode(code, nil); a.status != 400 || a.body["error"] != "invalid_grant" {
		t.Errorf("second use: %d %s", a.status, a.raw)
	}
	if a := w.userinfo(access); a.status != 401 {
		t.Errorf("the first token lives on: %d", a.status)
	}
}

func TestCodesAndTokensEnd(t *testing.T) {
	w := newWorld(t)
	code := w.code(nil)
	w.clock.advance(authCodeLife)
	if a := w.exchangeCode(code, nil); a.status != 400 {
		t.Error("a code of a minute ago works")
	}
	code = w.code(nil)
	w.clock.advance(authCodeLife - time.Second)
	access, _ := w.exchangeCode(code, nil).body["access_token"].(string)
	if w.userinfo(access).status != 200 {
		t.Error("a code of 59 seconds ago does not work")
	}
	w.clock.advance(tokenLife - time.Second)
	if w.userinfo(access).status != 200 {
		t.Error("a token ends early")
	}
	w.clock.advance(time.Second)
	if w.userinfo(access).status != 401 {
		t.Error("a token does not end")
	}
}

func TestOneOfManySimultaneousExchangesWinsAndNoneStays(t *testing.T) {
	w := newWorld(t)
	code := w.code(nil)
	var wins atomic.Int32
	var token atomic.Value
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			if a := w.exchangeCode(code, nil); a.status == 200 {
				wins.Add(1)
				token.Store(a.body["access_token"])
			}
		})
	}
	wg.Wait()
	if wins.Load() != 1 {
		t.Fatalf("%d winners", wins.Load())
	}
	if a := w.userinfo(token.Load().(string)); a.status != 401 {
		t.Error("the other 63 uses revoked nothing")
	}
}

func TestClientsAuthenticateInExactlyOneWay(t *testing.T) {
	w := newWorld(t)
	w.register(Client{ID: "a:b%c", Secret: "s%e/c+r t", RedirectURIs: []string{rpBack}})
	w.register(Client{ID: "open", Public: true, RedirectURIs: []string{rpBack}})
	form := func(code, id string) url.Values {
		return url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {rpBack}, "code_verifier": {verifier0}, "client_id": {id}}
	}
	basic := func(id, secret string) func(*http.Request) {
		return func(r *http.Request) { r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret)) }
	}
	for _, c := range []struct {
		name   string
		status int
		do     func() answer
	}{
		{"basic", 200, func() answer {
			return w.postForm("/token", form(w.code(nil), "rp"), basic("rp", rpSecret))
		}},
		{"basic with characters that need escaping", 200, func() answer {
			code := w.code(map[string]string{"client_id": "a:b%c", "scope": "openid"})
			return w.postForm("/token", form(code, "a:b%c"), basic("a:b%c", "s%e/c+r t"))
		}},
		{"basic and post", 401, func() answer {
			f := form(w.code(nil), "rp")
			f.Set("client_secret", rpSecret)
			return w.postForm("/token", f, basic("rp", rpSecret))
		}},
		{"basic for another client than the body says", 401, func() answer {
			return w.postForm("/token", form(w.code(nil), "open"), basic("rp", rpSecret))
		}},
		{"another scheme", 401, func() answer {
			return w.postForm("/token", form(w.code(nil), "rp"), func(r *http.Request) { r.Header.Set("Authorization", "Bearer "+rpSecret) })
		}},
		{"public", 200, func() answer {
			return w.postForm("/token", form(w.code(map[string]string{"client_id": "open", "scope": "openid"}), "open"), nil)
		}},
		{"public with a secret", 401, func() answer {
			f := form(w.code(map[string]string{"client_id": "open", "scope": "openid"}), "open")
			f.Set("client_secret", "x")
			return w.postForm("/token", f, nil)
		}},
		{"secret in the URL", 400, func() answer {
			return w.postForm("/token?client_secret="+rpSecret, form(w.code(nil), "rp"), nil)
		}},
		{"JSON", 415, func() answer {
			return w.postForm("/token", form(w.code(nil), "rp"), func(r *http.Request) { r.Header.Set("Content-Type", "application/json") })
		}},
	} {
		if a := c.do(); a.status != c.status {
			t.Errorf("%s: %d %s", c.name, a.status, a.raw)
		}
	}
	big := form(w.code(nil), "rp")
	big.Set("padding", strings.Repeat("x", maxBody))
	if a := w.postForm("/token", big, basic("rp", rpSecret)); a.status != 413 {
		t.Errorf("64 KiB: %d", a.status)
	}
}

func TestSubjectsAndSessionsArePairwise(t *testing.T) {
	w := newWorld(t)
	w.register(Client{ID: "bank", Secret: rpSecret, RedirectURIs: []string{rpBack}, Sector: "bank.example"})
	w.register(Client{ID: "sister", Secret: rpSecret, RedirectURIs: []string{rpBack}})
	b := w.browser("level2")
	claims := map[string]map[string]any{}
	for _, id := range []string{"rp", "bank", "sister"} {
		got := b.authorize(request(map[string]string{"client_id": id, "scope": "openid"}))
		claims[id] = claimsOf(t, w.exchangeCode(got.Get("code"), map[string]string{"client_id": id}).body["id_token"])
	}
	if claims["rp"]["sub"] == claims["bank"]["sub"] || claims["rp"]["sid"] == claims["bank"]["sid"] {
		t.Error("two sectors see the same subject or session")
	}
	if claims["rp"]["sub"] != claims["sister"]["sub"] || claims["rp"]["sid"] != claims["sister"]["sid"] {
		t.Error("one sector sees two subjects or sessions")
	}
	again := claimsOf(t, w.login("level2", nil).body["id_token"])
	other := claimsOf(t, w.login("namesake", nil).body["id_token"])
	if again["sub"] != claims["rp"]["sub"] || again["sid"] == claims["rp"]["sid"] || other["sub"] == again["sub"] {
		t.Error("a subject is not one person")
	}
}

func TestTokensCanBeTakenBack(t *testing.T) {
	w := newWorld(t)
	w.register(Client{ID: "other", Secret: "other-secret", RedirectURIs: []string{rpBack}})
	access := w.login("level2", nil).body["access_token"].(string)
	revoke := func(token, id, secret string) int {
		return w.postForm("/revoke", url.Values{"token": {token}, "client_id": {id}, "client_secret": {secret}}, nil).status
	}
	if revoke(access, "other", "other-secret") != 200 || w.userinfo(access).status != 200 {
		t.Error("another client took the token back")
	}
	if revoke(access, "rp", "guess") != 401 || w.userinfo(access).status != 200 {
		t.Error("revoked without the secret")
	}
	if revoke("unknown", "rp", rpSecret) != 200 {
		t.Error("an unknown token tells")
	}
	if revoke(access, "rp", rpSecret) != 200 || w.userinfo(access).status != 401 {
		t.Error("not taken back")
	}
}

func TestUserinfoWantsABearerTokenInTheHeader(t *testing.T) {
	w := newWorld(t)
	access := w.login("level2", nil).body["access_token"].(string)
	for name, c := range map[string]struct {
		header, query string
		status        int
	}{
		"good":                 {"Bearer " + access, "", 200},
		"lower-case scheme":    {"bearer " + access, "", 200},
		"in the URL":           {"", "?access_token=" + access, 401},
		"another scheme":       {"Basic " + access, "", 401},
		"no scheme":            {access, "", 401},
		"cut":                  {"Bearer " + access[:20], "", 401},
		"empty":                {"Bearer ", "", 401},
		"two spaces":           {"Bearer  " + access, "", 401},
		"with something on it": {"Bearer " + access + " x", "", 401},
	} {
		req, err := http.NewRequest("GET", w.url+"/userinfo"+c.query, nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.header != "" {
			req.Header.Set("Authorization", c.header)
		}
		if a := w.call(req); a.status != c.status || (c.status == 401) != strings.HasPrefix(a.header.Get("WWW-Authenticate"), "Bearer") {
			t.Errorf("%s: %d", name, a.status)
		}
	}
	if reads, err := w.History(context.Background(), "level2", 10); err != nil || len(reads) != 3 {
		t.Errorf("refused reads are in the history: %v %v", reads, err)
	}
}
