package platform

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// post sends a form to the platform without a network.
func post(h http.Handler, path, form string, headers map[string]string) *httptest.ResponseRecorder {
	req := httptest.NewRequest("POST", path, strings.NewReader(form))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, req)
	return rec
}

// FuzzPushed: what is pushed has a registered redirect, a state, a nonce and PKCE.
func FuzzPushed(f *testing.F) {
	good := request(nil).Encode()
	for _, s := range []string{good, good + "&dpop_jkt=" + strings.Repeat("x", 43), good + "&response_mode=jwt", good + "&resource=urn:x", good + "&request=x",
		good + "&request_uri=x", strings.Replace(good, "rp.example", "evil.example", 1), good + "&state=twice", good + "&client_assertion=e30.e30.x", "%zz", ""} {
		f.Add(s)
	}
	w := newWorld(f)
	h := w.Handler()
	f.Fuzz(func(t *testing.T, form string) {
		rec := post(h, "/par", form+"&client_secret="+rpSecret, nil)
		if rec.Code != http.StatusCreated {
			if rec.Code < 400 || rec.Code >= 500 && rec.Code != http.StatusServiceUnavailable {
				t.Errorf("status %d", rec.Code)
			}
			return
		}
		q, err := url.ParseQuery(form)
		if err != nil || q.Get("redirect_uri") != rpBack || q.Get("state") == "" || q.Get("nonce") == "" ||
			q.Get("code_challenge_method") != "S256" || q.Has("request") || q.Has("request_uri") {
			t.Errorf("pushed: %q", form)
		}
	})
}

// FuzzClientCalls: nobody gets a token who has neither a code nor a refresh token, and no
// header makes the platform stumble.
func FuzzClientCalls(f *testing.F) {
	w := newWorld(f)
	fapi := w.fapi(nil)
	h := w.Handler()
	f.Add(codeForm("x").Encode(), "", "")
	f.Add(codeForm("x").Encode()+"&client_id=rp&client_secret="+rpSecret, "", "Basic cnA6eA==")
	f.Add(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"x"}}.Encode()+"&"+asserted(fapi.assertion(nil, nil)).Encode(),
		fapi.proofBy(fapi.bound, "POST", "/token", "", nil, nil), "")
	f.Add("client_assertion=e30.e30.x&client_assertion_type=x", "e30.e30.x", "DPoP x")
	f.Fuzz(func(t *testing.T, form, proof, authorization string) {
		for _, path := range []string{"/token", "/introspect", "/revoke", "/userinfo"} {
			headers := map[string]string{"DPoP": proof, "Authorization": authorization}
			rec := post(h, path, form, headers)
			if rec.Code >= 500 && rec.Code != http.StatusServiceUnavailable {
				t.Errorf("%s: status %d", path, rec.Code)
			}
			if body := rec.Body.String(); strings.Contains(body, "access_token") || strings.Contains(body, `"active":true`) || strings.Contains(body, `"sub"`) {
				t.Errorf("%s: %s", path, body)
			}
		}
	})
}

// FuzzClientKeys: a registered key is one that signatures can be trusted by.
func FuzzClientKeys(f *testing.F) {
	d := newDevice(f)
	f.Add([]byte(jwkSet(d.jwk())))
	f.Add([]byte(jwkSet(apply(d.jwk(), object{"use": "enc"}))))
	f.Add([]byte(jwkSet(apply(d.jwk(), object{"d": "AAAA"}))))
	f.Add([]byte(`{"keys":[{"kty":"oct","k":"AAAA"}]}`))
	f.Add([]byte(`{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}`))
	f.Fuzz(func(t *testing.T, set []byte) {
		c := Client{Keys: set}
		signing, encryption, err := c.keys()
		if err != nil && (signing != nil || encryption != nil) {
			t.Error("keys beside an error")
		}
		for _, k := range append(signing, encryption...) {
			if jws.CheckKey(k.Public) != nil {
				t.Errorf("a key of type %T was taken", k.Public)
			}
		}
	})
}
