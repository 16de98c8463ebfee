package sso

import (
	"errors"
	"net/url"
	"reflect"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// Signed responses that are not well-formed, each next to one that passed.
func TestSignedResponsesThatAreNotWellFormed(t *testing.T) {
	for name, test := range map[string]struct {
		kind vneid.Kind
		edit func(*op)
	}{
		"two parts":            {vneid.ErrMalformed, finished(func(s string) string { return s[:strings.LastIndexByte(s, '.')] })},
		"five parts":           {vneid.ErrMalformed, finished(func(s string) string { return s + ".a.b" })},
		"padding":              {vneid.ErrMalformed, finished(func(s string) string { return s + "=" })},
		"white space":          {vneid.ErrMalformed, finished(func(s string) string { return " " + s })},
		"an access token":      {vneid.ErrMalformed, func(o *op) { o.fapi.header = func(h object) { h["typ"] = "at+jwt" } }},
		"a logout token":       {vneid.ErrMalformed, func(o *op) { o.fapi.header = func(h object) { h["typ"] = "logout+jwt" } }},
		"keys of its own":      {vneid.ErrMalformed, func(o *op) { o.fapi.header = func(h object) { h["jwk"] = object{} } }},
		"HS256":                {vneid.ErrUntrusted, func(o *op) { o.fapi.header = func(h object) { h["alg"] = "HS256" } }},
		"RS256, not FAPI2's":   {vneid.ErrUntrusted, func(o *op) { o.fapi.header = func(h object) { h["alg"] = "RS256" } }},
		"no state":             {vneid.ErrMalformed, jarmLacks("state")},
		"state a number":       {vneid.ErrMalformed, jarmSays("state", 7)},
		"no code":              {vneid.ErrMalformed, jarmLacks("code")},
		"code and error":       {vneid.ErrMalformed, jarmSays("error", "access_denied")},
		"code with a space":    {vneid.ErrMalformed, jarmSays("code", "a b")},
		"iss a list":           {vneid.ErrMalformed, jarmSays("iss", []string{"a", "b"})},
		"exp in words":         {vneid.ErrMalformed, jarmSays("exp", "later")},
		"exp 0":                {vneid.ErrMalformed, jarmSays("exp", 0)},
		"aud a number":         {vneid.ErrMismatch, jarmSays("aud", 7)},
		"an empty response":    {vneid.ErrUntrusted, func(o *op) { o.fapi.signed = func(string) string { return "" } }},
		"an unsigned iss next": {vneid.ErrUntrusted, nil},
	} {
		t.Run(name, func(t *testing.T) {
			o, c := newFAPI(t, jarm)
			mustLogin(t, c, o, Ask{}) // the twin
			before := o.count("/token")
			var err error
			if test.edit == nil {
				a := arena{t: t, o: o, c: c}
				err = callback(func(q string, _ url.Values) string { return q + "&iss=" + url.QueryEscape(o.srv.URL) })(&a)
			} else {
				test.edit(o)
				_, err = logIn(c, o, Ask{})
			}
			refusedAs(t, err, test.kind)
			if o.count("/token") != before {
				t.Error("the code was sent")
			}
		})
	}
}

func finished(f func(string) string) func(*op) { return func(o *op) { o.fapi.signed = f } }

// The two kinds of token that the provider's login keys sign are not each other.
func TestAnIDTokenIsNoResponseAndAResponseNoIDToken(t *testing.T) {
	o, c := newFAPI(t, jarm)
	mustLogin(t, c, o, Ask{})
	o.fapi.signed = func(string) string { return o.mint("n", "at") }
	_, err := logIn(c, o, Ask{})
	refusedAs(t, err, vneid.ErrMalformed)
	var response string
	o.fapi.signed = func(s string) string { response = s; return s }
	o.idToken = func(string) string { return response }
	_, err = logIn(c, o, Ask{})
	refusedAs(t, err, vneid.ErrMalformed)
}

func TestTheProvidersErrorComesInASignedResponseToo(t *testing.T) {
	o, c := newFAPI(t, jarm)
	o.callback = func(v url.Values) { v.Del("code"); v.Set("error", "access_denied") }
	_, err := logIn(c, o, Ask{})
	refusedAs(t, err, vneid.ErrDenied)
	var auth *AuthError
	if !errors.As(err, &auth) || auth.Code != "access_denied" {
		t.Errorf("%v", err)
	}
	forgedError, d := newFAPI(t, jarm)
	forgedError.callback = o.callback
	forgedError.fapi.signed = signedByAnother(forgedError)
	_, err = logIn(d, forgedError, Ask{})
	refusedAs(t, err, vneid.ErrSignature) // an error that nobody signed is nobody's
}

func FuzzSignedResponse(f *testing.F) {
	o, c := newFAPI(f, jarm)
	to, _, err := c.Begin(f.Context(), Ask{})
	if err != nil {
		f.Fatal(err)
	}
	_, good, _ := strings.Cut(o.authorize(to), "?")
	for _, s := range []string{good, good + "&code=x", good[:len(good)-90], "response=a.b.c", "response=", "code=a&state=b", "response=" + strings.Repeat("a.", 4) + "a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		r, err := c.readResponse(raw)
		if err != nil {
			if !errors.As(err, new(vneid.Kind)) {
				t.Errorf("no kind: %v", err)
			}
			if !reflect.DeepEqual(r, response{}) {
				t.Error("something next to an error")
			}
			return
		}
		if r.signed == nil || r.state == "" || (r.code == "") == (r.err == "") {
			t.Errorf("%+v passed", r)
		}
	})
}
