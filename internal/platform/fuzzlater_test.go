package platform

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode"
)

// FuzzBinding: what passes is two digits and words that no letter makes look like
// others.
func FuzzBinding(f *testing.F) {
	for _, s := range []string{"47", "47 BHXH quay 3", "4", "47BHXH", "47 <b>", "47  x", " 47", "47 ВНХН", "\x00", strings.Repeat("4", 70)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		number, message, ok := binding(s)
		if !ok {
			return
		}
		if len(number) != 2 || len(s) > maxBinding || !strings.HasPrefix(s, number) || strings.ContainsAny(message, `<>&"':/\`) ||
			strings.ContainsFunc(message, func(r rune) bool { return r > unicode.MaxASCII || r < ' ' }) {
			t.Errorf("%q is %q and %q", s, number, message)
		}
	})
}

// FuzzCounter: whoever is asked gave a number, two digits and a scope.
func FuzzCounter(f *testing.F) {
	w := newWorld(f)
	w.desk(nil)
	h := w.Handler()
	good := url.Values{"scope": {"openid"}, "login_hint": {levelTwo}, "binding_message": {"47 x"}}.Encode()
	for _, s := range []string{good, good + "&requested_expiry=9", good + "&request=x", good + "&acr_values=urn:vneid:acr:l2:a9", good + "&id_token_hint=x", "%zz", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, form string) {
		rec := post(h, "/bc-authorize", form+"&client_id=desk&client_secret="+rpSecret, nil)
		if rec.Code != 200 && (rec.Code < 400 || rec.Code >= 500 && rec.Code != 503) {
			t.Errorf("status %d", rec.Code)
		}
		w.clock.advance(maxCIBALife) // nothing is open for the next
		if q, err := url.ParseQuery(form); rec.Code == 200 && (err != nil || q.Get("login_hint") != levelTwo || len(q.Get("binding_message")) < 2) {
			t.Errorf("asked by %q", form)
		}
	})
}

// FuzzWire: no request gets a code or a token that has not been through the pages, and
// nobody is sent to another address.
func FuzzWire(f *testing.F) {
	w := newWorld(f)
	o := w.old(VNConnect, nil)
	h := w.Handler()
	form := url.Values{"grant_type": {"authorization_code"}, "redirect_uri": {rpBack}, "client_id": {"old"}, "client_secret": {rpSecret}, "code": {guid()}}.Encode()
	f.Add(strings.TrimPrefix(o.ask(), "/oauth2/authorize?"), form)
	f.Add("client_id=old&redirect_uri=https://evil.example/", form+"&encrypt_key=+")
	f.Add("state=%0d%0aX: y&"+strings.TrimPrefix(o.ask(), "/oauth2/authorize?"), "%zz")
	f.Fuzz(func(t *testing.T, query, form string) {
		req := httptest.NewRequest("GET", "/oauth2/authorize", nil)
		req.URL.RawQuery = query
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, req)
		to := rec.Header().Get("Location")
		if to != "" && !strings.HasPrefix(to, rpBack+"?error=") && !strings.HasPrefix(to, "/interaction/") || strings.ContainsAny(to, "\r\n") {
			t.Errorf("sent to %q", to)
		}
		if rec := post(h, "/oauth2/token", form, nil); rec.Code < 400 || rec.Code >= 500 && rec.Code != http.StatusServiceUnavailable {
			t.Errorf("token endpoint: %d", rec.Code)
		}
	})
}
