package sso

import (
	"io"
	"maps"
	"net/http"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// signsUserinfo makes a provider answer userinfo in a JWT; finish may wrap it.
func signsUserinfo(o *op, finish func(string) string, edit ...func(header, claims object)) {
	o.override["/userinfo"] = func(w http.ResponseWriter, r *http.Request) {
		h := object{"alg": "ES256", "kid": "k1"}
		c := maps.Clone(o.about)
		now := o.clock.now().Unix()
		maps.Copy(c, object{"iss": o.srv.URL, "aud": "portal:1", "sub": "pairwise-1", "iat": now})
		for _, f := range edit {
			f(h, c)
		}
		token := o.compact(h, c)
		if finish != nil {
			token = finish(token)
		}
		w.Header().Set("Content-Type", "application/jwt")
		io.WriteString(w, token)
	}
}

func asks(c *Config) { c.SignedUserinfo = true }

func TestSignedUserinfoIsRead(t *testing.T) {
	for name, edit := range map[string]func(header, claims object){
		"oidcc-client-test-userinfo-signed": func(header, claims object) {},
		"a list of one audience":            set("aud", []string{"portal:1"}),
		"a type":                            headerSays("typ", "JWT"),
		"without iat":                       unset("iat"),
		"with an end":                       func(_, c object) { c["exp"] = c["iat"].(int64) + 60 },
	} {
		for how, c := range map[string]func(*Config){"asked for": asks, "not asked for": func(*Config) {}} {
			o := newOP(t)
			signsUserinfo(o, nil, edit)
			id, err := logIn(newClient(t, o, c), o, Ask{})
			if err != nil || id.Citizen().Reveal().ID != "999190000001" {
				t.Errorf("%s, %s: %v", name, how, err)
			}
		}
	}
}

// badUserinfo are signed responses that tell nothing, each aiming at one check.
var badUserinfo = []struct {
	name, check string
	want        vneid.Kind
	edit        func(header, claims object)
}{
	{"of another issuer", "userinfo-iss", vneid.ErrUntrusted, set("iss", "https://evil.example")},
	{"without an issuer", "userinfo-iss", vneid.ErrUntrusted, unset("iss")},
	{"for another party", "userinfo-aud", vneid.ErrMismatch, set("aud", "other")},
	{"for two parties", "userinfo-aud", vneid.ErrMismatch, set("aud", []string{"portal:1", "other"})},
	{"about another person", "userinfo-sub", vneid.ErrMismatch, set("sub", "pairwise-2")},
	{"an ID token", "userinfo-sort", vneid.ErrMalformed, set("nonce", "n")},
	{"an ID token without nonce", "userinfo-sort", vneid.ErrMalformed, set("at_hash", "h")},
	{"an ID token without nonce and at_hash", "userinfo-sort", vneid.ErrMalformed, set("auth_time", 1790000000)},
	{"a logout token", "userinfo-sort", vneid.ErrMalformed, set("events", object{})},
	{"over", "userinfo-times", vneid.ErrExpired, func(_, c object) { c["exp"] = c["iat"].(int64) - 60 }},
	{"from the future", "userinfo-times", vneid.ErrNotYetValid, func(_, c object) { c["iat"] = c["iat"].(int64) + 61 }},
	{"not begun", "userinfo-times", vneid.ErrNotYetValid, func(_, c object) { c["nbf"] = c["iat"].(int64) + 61 }},
}

func TestForgedUserinfoTellsNothing(t *testing.T) {
	for _, bad := range badUserinfo {
		o := newOP(t)
		c := newClient(t, o, asks)
		signsUserinfo(o, nil)
		mustLogin(t, c, o, Ask{})
		signsUserinfo(o, nil, bad.edit)
		id, err := logIn(c, o, Ask{})
		refusedAs(t, err, bad.want)
		if id != nil {
			t.Errorf("%s: an identity next to an error", bad.name)
		}
		c.off = bad.check
		if _, err := logIn(c, o, Ask{}); err != nil {
			t.Errorf("%s does not succeed without the check: %v", bad.name, err)
			continue
		}
		t.Logf("pair A8 userinfo %s: stopped by %s, succeeds without", bad.name, bad.check)
	}
	t.Logf("%d attacks stopped, each succeeds without its check", len(badUserinfo)+2)
}

func TestUserinfoByAStrangerOrUnsignedIsRefused(t *testing.T) {
	o := newOP(t)
	c := newClient(t, o, asks)
	_, err := logIn(c, o, Ask{}) // plain JSON
	refusedAs(t, err, vneid.ErrUntrusted)
	c.off = "userinfo-signed"
	mustLogin(t, c, o, Ask{})
	c.off = ""
	stranger := newOP(t)
	signsUserinfo(o, nil)
	o.override["/userinfo"] = func(honest http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			key := o.key
			o.key = stranger.key
			defer func() { o.key = key }()
			honest(w, r)
		}
	}(o.override["/userinfo"])
	_, err = logIn(c, o, Ask{})
	refusedAs(t, err, vneid.ErrSignature)
	c.off = "userinfo-signature"
	mustLogin(t, c, o, Ask{})
	c.off = ""
	for name, edit := range map[string]func(header, claims object){
		"alg none": headerSays("alg", "none"), "a MAC": headerSays("alg", "HS256"),
	} {
		signsUserinfo(o, nil, edit)
		if _, err := logIn(c, o, Ask{}); err == nil {
			t.Errorf("%s passes", name)
		} else {
			refusedAs(t, err, vneid.ErrUntrusted)
		}
	}
	for name, edit := range map[string]func(header, claims object){
		"no aud": unset("aud"), "a logout token's type": headerSays("typ", "logout+jwt"), "exp as text": set("exp", "1"),
	} {
		signsUserinfo(o, nil, edit)
		if _, err := logIn(c, o, Ask{}); err == nil {
			t.Errorf("%s passes", name)
		} else {
			refusedAs(t, err, vneid.ErrMalformed)
		}
	}
	signsUserinfo(o, func(string) string { return "not a token" })
	_, err = logIn(c, o, Ask{})
	refusedAs(t, err, vneid.ErrMalformed)
}
