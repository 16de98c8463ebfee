package platform

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// FuzzAuthorize: whatever the query, nobody is sent anywhere but to the one
// registered redirect URI or the platform's own pages.
func FuzzAuthorize(f *testing.F) {
	good := request(nil).Encode()
	for _, q := range []string{
		good, good + "&prompt=none", good + "&max_age=0", good + "&acr_values=urn:vneid:acr:l2:a4",
		strings.Replace(good, "rp.example", "evil.example", 1), strings.Replace(good, "S256", "plain", 1),
		good + "&redirect_uri=https://evil.example", "client_id=rp&redirect_uri=" + url.QueryEscape(rpBack),
		good + "&claims=" + url.QueryEscape(`{"id_token":{"acr":{"essential":true,"values":["urn:vneid:acr:l2:a2"]}}}`), "%zz", "",
	} {
		f.Add(q)
	}
	w := newWorld(f)
	h := w.Handler()
	f.Fuzz(func(t *testing.T, query string) {
		req := httptest.NewRequest("GET", "/authorize", nil)
		req.URL.RawQuery = query
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, req)
		loc := rec.Header().Get("Location")
		switch {
		case loc == "" && rec.Code < 400:
			t.Errorf("status %d without a page", rec.Code)
		case loc != "" && !strings.HasPrefix(loc, rpBack+"?") && !strings.HasPrefix(loc, "/interaction/"):
			t.Errorf("sent to %q", loc)
		case rec.Code >= 500 && rec.Code != http.StatusServiceUnavailable:
			t.Errorf("status %d", rec.Code)
		}
	})
}

// FuzzLocalPath: what passes stays on the site, as a browser reads it too.
func FuzzLocalPath(f *testing.F) {
	for _, s := range []string{"/", "/a?b=c", "//evil.example", `/\evil.example`, "https://evil.example", "/\t/evil.example", "javascript:x", "/a//b", "/%2f/evil.example"} {
		f.Add(s)
	}
	base, _ := url.Parse("https://id.example/login")
	f.Fuzz(func(t *testing.T, s string) {
		got := localPath(s)
		if got != "/" && got != s {
			t.Fatalf("%q became %q", s, got)
		}
		// A browser drops tabs and line breaks and reads a backslash as a slash.
		seen := strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/").Replace(got)
		u, err := base.Parse(seen)
		if err != nil || u.Host != "id.example" || u.Scheme != "https" || strings.HasPrefix(seen, "//") {
			t.Errorf("%q leads to %v", s, u)
		}
	})
}

// FuzzToken: no body gives a token but the one that was earned.
func FuzzToken(f *testing.F) {
	for _, s := range []string{
		"grant_type=authorization_code&code=x&client_id=rp&client_secret=" + rpSecret, "grant_type=refresh_token", "client_id=rp&client_id=rp", "%", "a;b",
	} {
		f.Add(s, "")
		f.Add(s, "Basic cnA6cnA=")
	}
	h := newWorld(f).Handler()
	f.Fuzz(func(t *testing.T, body, authorization string) {
		req := httptest.NewRequest("POST", "/token", strings.NewReader(body))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Authorization", authorization)
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, req)
		if rec.Code < 400 || rec.Code >= 500 || strings.Contains(rec.Body.String(), "access_token") {
			t.Errorf("%d %s", rec.Code, rec.Body)
		}
	})
}
