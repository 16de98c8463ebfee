package resource

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
)

// Whatever stands in the headers and the URL: a token or a refusal that has an
// answer, and never both.
func FuzzRequest(f *testing.F) {
	w := newWorld(f)
	s := w.server(func(c *Config) { c.Nonces = true })
	bound, plain := w.token(w.bind), w.token()
	r := w.prove(get(bound), bound)
	f.Add("Bearer "+plain, "", "", "/records/1")
	f.Add("DPoP "+bound, r.Header.Get("DPoP"), "a=b", "/records/1")
	f.Add("dpop "+plain, r.Header.Get("DPoP"), "access_token=x", "/%2e%2e/x")
	f.Add("Bearer a.b.c", "a.b.c", "%61ccess_token;", "//evil.example")
	f.Add("", "", "", "*")
	f.Fuzz(func(t *testing.T, auth, proof, query, line string) {
		r := get(plain)
		r.Header.Set("Authorization", auth)
		r.Header.Set("DPoP", proof)
		r.URL.RawQuery, r.RequestURI = query, line
		got, err := s.Verify(r, Need{Scopes: []string{"records"}})
		if (got == nil) != (err != nil) {
			t.Fatalf("%v, %v", got, err)
		}
		if err == nil {
			return
		}
		rec := httptest.NewRecorder()
		s.Refuse(rec, err)
		if rec.Code < 400 || rec.Code >= http.StatusInternalServerError {
			t.Errorf("%d for %v", rec.Code, err)
		}
	})
}

// A query in which Go's own parser finds the parameter is never let through.
func FuzzTokenInQuery(f *testing.F) {
	for _, s := range []string{"access_token=x", "a=b&access_token", "%61ccess_token=1", "a;access_token=1", "access_token[]=1", "&&=&", "%zz&access_token=1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, query string) {
		values, _ := url.ParseQuery(query)
		if values.Has(tokenParam) && !named(query) {
			t.Errorf("%q", query)
		}
	})
}
