package sso

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestAClientThatNobodyMadeRefusesEverything(t *testing.T) {
	var c Client
	_, _, begin := c.Begin(t.Context(), Ask{})
	id, finish := c.Finish(t.Context(), newSession(&pending{State: "s", Nonce: "n", Verifier: "v"}), "code=x&state=s")
	token, verify := c.VerifyIDToken(t.Context(), "a.b.c", new(Session), sealOwn)
	if id != nil || token != nil {
		t.Error("somebody logged in")
	}
	for _, err := range []error{begin, finish, verify} {
		if err == nil || errors.As(err, new(vneid.Kind)) || !strings.Contains(err.Error(), "New") {
			t.Errorf("%v", err)
		}
	}
	passed := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a request passed") })
	for name, test := range map[string]struct {
		handler http.Handler
		method  string
	}{
		"Login":    {c.Login(Ask{}), http.MethodGet},
		"Callback": {c.Callback(nil), http.MethodGet},
		"Logout":   {c.Logout("/"), http.MethodPost},
		"Require":  {c.Require(Ask{}, passed), http.MethodGet},
	} {
		r := httptest.NewRequest(test.method, "/?code=x&state=s", nil)
		r.AddCookie(&http.Cookie{Name: "session", Value: strings.Repeat("A", 80)})
		r.AddCookie(&http.Cookie{Name: c.loginCookie("s"), Value: strings.Repeat("A", 80)})
		if w := serve(test.handler, r); w.Code != http.StatusInternalServerError || len(w.Result().Cookies()) != 0 {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
}
