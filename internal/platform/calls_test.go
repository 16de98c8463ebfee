package platform

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/personas"
)

// find returns the newest call to a path that fits; nil for none.
func findCall(all []Call, path string, fits func(Call) bool) *Call {
	for _, c := range all {
		if c.Path == path && (fits == nil || fits(c)) {
			return &c
		}
	}
	return nil
}

func TestTheCallsOfALoginAreRemembered(t *testing.T) {
	w := newWorld(t)
	w.register(Client{ID: "other", Name: "O", Secret: rpSecret, RedirectURIs: []string{"https://other.example/cb"}})
	tokens := w.login("level2", nil)
	w.userinfo(tokens.body["access_token"].(string))
	all := w.Calls("rp")
	for path, want := range map[string]struct {
		status  int
		out     bool
		params  []string
		headers []string
	}{
		"/authorize":   {303, false, []string{"client_id", "code_challenge", "code_challenge_method", "nonce", "redirect_uri", "response_type", "scope", "state"}, nil},
		"redirect_uri": {303, true, []string{"code", "iss", "state"}, nil},
		"/token":       {200, false, []string{"client_id", "client_secret", "code", "code_verifier", "grant_type", "redirect_uri"}, nil},
		"/userinfo":    {200, false, nil, []string{"Authorization"}},
	} {
		c := findCall(all, path, nil)
		if c == nil {
			t.Errorf("no call to %s", path)
			continue
		}
		if c.Status != want.status || c.Out != want.out || !slices.Equal(c.Params, want.params) || !slices.Equal(c.Headers, want.headers) ||
			c.Unproven || c.Error != "" || !c.At.Equal(w.clock.Now()) || !c.Out && c.Took <= 0 {
			t.Errorf("%s: %+v", path, *c)
		}
	}
	if len(all) != 4 || all[0].N < all[3].N {
		t.Errorf("%d calls, or not the newest first", len(all))
	}
	if n := len(w.Calls("other")); n != 0 {
		t.Errorf("another client has %d of them", n)
	}
	w.ForgetCalls("rp")
	if n := len(w.Calls("rp")); n != 0 {
		t.Errorf("%d calls after forgetting", n)
	}
}

// Whatever passed in requests and answers is in no record of them.
func TestRecordsOfCallsHoldNothingThatPassed(t *testing.T) {
	w := newWorld(t)
	who, _ := personas.Get("level2")
	tokens := w.login("level2", map[string]string{"login_hint": who.Username()})
	access := tokens.body["access_token"].(string)
	w.userinfo(access)
	w.exchangeCode("a-code-of-nobodys", map[string]string{who.Username(): "x"})
	w.exchangeCode("c", map[string]string{"client_secret": "not-the-secret-0"})
	w.postForm("/introspect", url.Values{"client_id": {"rp"}, "client_secret": {rpSecret}, "token": {access}}, nil)
	w.call(mustRequest(t, "GET", w.url+"/userinfo?"+who.Username()+"=1", "Authorization", "Bearer "+access))
	text := fmt.Sprintf("%+v", w.Calls("rp"))
	for _, secret := range []string{
		who.Username(), who.Record.Name, rpSecret, access, tokens.body["id_token"].(string), verifier0, "state-state", "nonce-nonce", "not-the-secret", "a-code-of", rpBack,
	} {
		if strings.Contains(text, secret) {
			t.Errorf("the records hold %.12q…", secret)
		}
	}
	if c := findCall(w.Calls("rp"), "/token", func(c Call) bool { return slices.Contains(c.Params, otherParam) }); c == nil || c.Error != "invalid_grant" {
		t.Errorf("a foreign parameter: %+v", c)
	}
}

func mustRequest(t *testing.T, method, target string, header ...string) *http.Request {
	t.Helper()
	req, err := http.NewRequest(method, target, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
	}
	return req
}

func TestACallThatProvesNothingIsToldApart(t *testing.T) {
	w := newWorld(t)
	for range keepUnproven + 5 {
		w.exchangeCode("c", map[string]string{"client_secret": "wrong"})
	}
	w.exchangeCode("c", nil)
	all := w.Calls("rp")
	if all[0].Unproven || all[0].Error != "invalid_grant" || all[0].Detail == "" {
		t.Errorf("the client's own: %+v", all[0])
	}
	if !all[1].Unproven || all[1].Error != "invalid_client" || all[1].Status != 401 || all[1].Detail == "" {
		t.Errorf("somebody's: %+v", all[1])
	}
	if len(all) != keepUnproven+1 {
		t.Errorf("%d records: somebody else's calls are not bounded apart", len(all))
	}
	w.exchangeCode("c", map[string]string{"client_id": "nobody"})
	if n := len(w.Calls("nobody")); n != 0 {
		t.Errorf("%d calls of a client that is not registered", n)
	}
}

func TestADefectSignsItsCalls(t *testing.T) {
	w := newWorld(t)
	if err := w.Break("rp", "token-down"); err != nil {
		t.Fatal(err)
	}
	w.exchangeCode("c", nil)
	if c := w.Calls("rp")[0]; c.Fault != "token-down" || c.Status != 503 {
		t.Errorf("%+v", c)
	}
}

func TestFewCallsAreRemembered(t *testing.T) {
	for keep, want := range map[int]int{3: 3, -1: 0} {
		p, err := New(Config{Issuer: "http://127.0.0.1:1", PasswordRounds: 1, Calls: keep})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Register(t.Context(), Client{ID: "rp", Name: "R", Secret: rpSecret, RedirectURIs: []string{rpBack}}); err != nil {
			t.Fatal(err)
		}
		h := p.Handler()
		for range 5 {
			r := httptest.NewRequest("POST", "/token", strings.NewReader("grant_type=x&client_id=rp&client_secret="+rpSecret))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			w := httptest.NewRecorder()
			if h.ServeHTTP(w, r); w.Code != 400 {
				t.Fatalf("status %d", w.Code)
			}
		}
		all := p.Calls("rp")
		if len(all) != want {
			t.Errorf("%d of %d remembered", len(all), keep)
		}
		if want > 0 && (all[0].N != 5 || all[want-1].N != 3) {
			t.Errorf("not the last ones: %+v", all)
		}
	}
}

func TestEveryKnownNameHasABitOfItsOwn(t *testing.T) {
	if len(knownParams) > 63 {
		t.Fatalf("%d names do not fit", len(knownParams))
	}
	for _, name := range knownParams {
		if got := paramNames(paramBits[name]); !slices.Equal(got, []string{name}) {
			t.Errorf("%s reads %v", name, got)
		}
	}
	if !slices.IsSorted(knownParams[:]) {
		t.Error("the names are not in order")
	}
}
