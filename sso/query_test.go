package sso

import (
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// readPlain reads a response that no JWT holds.
func readPlain(raw string) (response, error) { return new(Client).readResponse(raw) }

func TestTheQueryIsReadAsItWasSent(t *testing.T) {
	for raw, want := range map[string]response{
		"code=a%2Bb&state=s":                            {code: "a+b", state: "s"},
		"code=a+b/c==&state=s":                          {code: "a+b/c==", state: "s"}, // url.ParseQuery would make a space of it
		"&code=a&&state=s&":                             {code: "a", state: "s"},
		"state=s&code=%61%62&iss=x":                     {code: "ab", state: "s", iss: "x", hasIss: true},
		"state=s&error=access_denied":                   {state: "s", err: "access_denied"},
		"state=s&error=x&error_description=a+%e1%ba%a1": {state: "s", err: "x"},
		"code=a;b&state=s":                              {code: "a;b", state: "s"},
		"code=a&state=s&session":                        {code: "a", state: "s"},
	} {
		got, err := readPlain(raw)
		got.all = nil
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %+v, %v", raw, got, err)
		}
	}
}

func FuzzQuery(f *testing.F) {
	for _, s := range []string{
		"", "code=a&state=b", "code=a+b&state=c&iss=https%3A%2F%2Fop.example", "error=access_denied&state=s",
		"code=a&code=b&state=s", "code=%zz&state=s", "%63ode=a&state=s", "code=a&state=s&x", "=", "&&&", "code=a&state=s&=b",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		r, err := readPlain(raw)
		if err != nil {
			if kind := vneid.ErrMalformed; !strings.Contains(err.Error(), "callback") || err.(interface{ Unwrap() []error }).Unwrap()[0] != kind {
				t.Errorf("%v", err)
			}
			if !reflect.DeepEqual(r, response{}) {
				t.Error("something next to an error")
			}
			return
		}
		if r.state == "" || (r.code == "") == (r.err == "") || len(raw) > relying.MaxQuery {
			t.Errorf("%+v passed", r)
		}
		// Where the standard library sees no + at all, it must read the same.
		if v, err := url.ParseQuery(raw); err == nil && !strings.Contains(raw, "+") && !strings.Contains(raw, ";") {
			if v.Get("code") != r.code || v.Get("state") != r.state || v.Get("iss") != r.iss || v.Get("error") != r.err {
				t.Errorf("url.ParseQuery reads %q otherwise", raw)
			}
		}
	})
}

func TestOnlyPathsOfThisSiteAreReturnedTo(t *testing.T) {
	for _, good := range []string{"/", "/inbox", "/a/b?c=d&e=/f#g", "/a//b", "/%2e%2e/x", "/:x", "/?next=https://example"} {
		if relying.LocalPath(good) != good {
			t.Errorf("%q became %q", good, relying.LocalPath(good))
		}
	}
	for _, bad := range []string{
		"", "inbox", "//evil.example", "///evil.example", "////evil.example", `/\evil.example`, `\\evil.example`, `/a\b`, `\/evil.example`,
		"https://evil.example", "HTTPS://evil.example", "https:evil.example", "javascript:alert(1)", "data:text/html,x",
		"/\tevil", "\t//evil.example", "/\n/evil.example", "/\r\nSet-Cookie: a=b", " //evil.example", "/ /evil.example",
		"//%2fevil.example", "/%5cevil.example", "/%2fevil.example", "/%2F%2Fevil.example",
		"/\x00", "/đ", "/" + strings.Repeat("a", relying.MaxReturn), "//user@evil.example", "/%zz", "?x=1", "#x", ".", "..//evil.example",
		"http:/evil.example", "//evil.example:80/%2e%2e", "/\u202eevil", "\ufeff//evil.example", "mailto:a@b",
	} {
		if relying.LocalPath(bad) != "/" {
			t.Errorf("%q passed as %q", bad, relying.LocalPath(bad))
		}
	}
}
