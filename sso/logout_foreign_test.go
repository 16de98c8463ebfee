package sso

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

func TestLogoutTokensMadeByAForeignTool(t *testing.T) {
	const issuer = "https://op.example/realm"
	doc, err := os.ReadFile("testdata/logout/jwks.json")
	if err != nil {
		t.Fatal(err)
	}
	var accepted struct{ Tokens map[string]string }
	var refused struct{ Tokens []vector }
	readJSON(t, "testdata/logout/accepted.json", &accepted)
	readJSON(t, "testdata/logout/refused.json", &refused)
	at := time.Unix(1772438400, 0)
	// receive hands a token to a fresh handler and reports whether it ended the login.
	receive := func(token string, use vneid.Use) (ended bool, result error) {
		keys, err := jwks.Parse(doc, issuer, use)
		if err != nil {
			t.Fatal(err)
		}
		now := at.Add(-time.Hour)
		c, err := New(Config{
			Issuer: issuer, ClientID: "portal-1", RedirectURL: "https://portal.example/cb", Keys: keys, Now: func() time.Time { return now },
		})
		if err != nil {
			t.Fatal(err)
		}
		login := Login{Issuer: issuer, Subject: "pairwise-python-1", SessionID: "s-1", Local: "l", At: now}
		h, err := c.BackchannelLogout(func(_ *http.Request, _ Login, err error) { result = err })
		if err != nil {
			t.Fatal(err)
		}
		now = at
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(url.Values{"logout_token": {token}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if w := serve(h, r); (w.Code == http.StatusOK) != (result == nil) {
			t.Errorf("%d with %v", w.Code, result)
		}
		return c.cfg.Revocations.Check(t.Context(), login) != nil, result
	}
	for name, token := range accepted.Tokens {
		if ended, err := receive(token, vneid.UseLogout); err != nil || !ended {
			t.Errorf("%s: %v", name, err)
		}
		if ended, err := receive(token, vneid.UseIDToken); ended || err == nil {
			t.Errorf("%s: a key for ID tokens signs logouts", name)
		} else {
			refusedAs(t, err, vneid.ErrUntrusted)
		}
	}
	if len(accepted.Tokens) < 8 || len(refused.Tokens) < 18 {
		t.Errorf("only %d and %d tokens", len(accepted.Tokens), len(refused.Tokens))
	}
	kinds := map[string]vneid.Kind{}
	for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
		kinds[k.Error()] = k
	}
	kinds["signature"] = vneid.ErrSignature
	for _, v := range refused.Tokens {
		if accepted.Tokens[v.Twin] == "" {
			t.Fatalf("%s has no twin", v.Desc)
		}
		ended, err := receive(v.Token, vneid.UseLogout)
		if ended || err == nil {
			t.Errorf("%s ends the login", v.Desc)
			continue
		}
		t.Logf("%-26s %v", v.Desc, err)
		refusedAs(t, err, kinds[v.Want])
	}
}
