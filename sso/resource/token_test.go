package resource

import (
	"bytes"
	"encoding/base64"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestAGoodTokenSaysWhoCalls(t *testing.T) {
	w := newWorld(t)
	got, err := w.server().Verify(get(w.token(set("dept", "44"))), Need{Scopes: []string{"records"}, Assurance: vneid.Assurance{Level: 2, Auth: 3}, MaxAge: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	claim, there := got.Claim("dept")
	_, other := got.Claim("nothing")
	if got.Issuer() != issuer || got.Subject() != "pairwise-1" || got.Client() != "portal" || got.ID() != "t1" ||
		!slices.Equal(got.Scopes(), []string{"records", "openid"}) || got.Bound() || string(claim) != `"44"` || !there || other ||
		!got.Issued().Equal(w.clock()) || !got.Expires().Equal(w.clock().Add(5*time.Minute)) ||
		got.Assurance().Level != 2 || got.Assurance().Auth != 3 || !got.Assurance().At.Equal(w.clock().Add(-time.Minute)) {
		t.Errorf("%+v", got.get())
	}
}

// change is a token that differs from a good one in what its name says.
type change struct {
	name   string
	header func(object)
	claims func(object)
	raw    func(string) string
	other  bool // signed by a key that the set does not have, under the kid of one that it has
	want   vneid.Kind
}

func changes(w *world) []change {
	now := w.clock()
	return []change{
		{name: "no typ", header: drop("typ"), want: vneid.ErrMalformed},
		{name: "typ JWT, as an ID token", header: set("typ", "JWT"), want: vneid.ErrMalformed},
		{name: "typ logout+jwt", header: set("typ", "logout+jwt"), want: vneid.ErrMalformed},
		{name: "typ of a longer name", header: set("typ", "xat+jwt"), want: vneid.ErrMalformed},
		{name: "alg none", header: set("alg", "none"), want: vneid.ErrUntrusted},
		{name: "alg of another family", header: set("alg", "HS256"), want: vneid.ErrUntrusted},
		{name: "alg of another curve", header: set("alg", "ES384"), want: vneid.ErrUntrusted},
		{name: "crit", header: set("crit", []string{"exp"}), want: vneid.ErrMalformed},
		{name: "a key of its own", header: set("jwk", w.client.jwk()), want: vneid.ErrMalformed},
		{name: "a key from elsewhere", header: set("jku", "https://evil.example/jwks"), want: vneid.ErrMalformed},
		{name: "an unknown key", header: set("kid", "k2"), want: vneid.ErrUntrusted},
		{name: "another's signature", other: true, want: vneid.ErrSignature},
		{name: "another person under the same signature", raw: func(s string) string {
			parts := strings.Split(s, ".")
			claims, _ := base64.RawURLEncoding.DecodeString(parts[1])
			parts[1] = base64.RawURLEncoding.EncodeToString(bytes.Replace(claims, []byte("pairwise-1"), []byte("pairwise-2"), 1))
			return strings.Join(parts, ".")
		}, want: vneid.ErrSignature},
		{name: "no signature", raw: func(s string) string { return s[:strings.LastIndexByte(s, '.')+1] }, want: vneid.ErrMalformed},
		{name: "two parts", raw: func(s string) string { return s[:strings.LastIndexByte(s, '.')] }, want: vneid.ErrMalformed},
		{name: "padding", raw: func(s string) string { return s + "=" }, want: vneid.ErrMalformed},
		{name: "another issuer", claims: set("iss", "https://login.example/"), want: vneid.ErrUntrusted},
		{name: "no issuer", claims: drop("iss"), want: vneid.ErrUntrusted},
		{name: "another audience", claims: set("aud", "https://api.example/other"), want: vneid.ErrMismatch},
		{name: "an audience that ours begins", claims: set("aud", audience+"/1"), want: vneid.ErrMismatch},
		{name: "other audiences", claims: set("aud", []string{"https://a.example", "https://b.example"}), want: vneid.ErrMismatch},
		{name: "no audience", claims: drop("aud"), want: vneid.ErrMismatch},
		{name: "an empty list of audiences", claims: set("aud", []string{}), want: vneid.ErrMismatch},
		{name: "no sub", claims: drop("sub"), want: vneid.ErrMalformed},
		{name: "an empty sub", claims: set("sub", ""), want: vneid.ErrMalformed},
		{name: "a sub that is a number", claims: set("sub", 7), want: vneid.ErrMalformed},
		{name: "a sub with a line break", claims: set("sub", "a\nb"), want: vneid.ErrMalformed},
		{name: "a sub of 256 characters", claims: set("sub", strings.Repeat("a", 256)), want: vneid.ErrMalformed},
		{name: "no client_id", claims: drop("client_id"), want: vneid.ErrMalformed},
		{name: "no jti", claims: drop("jti"), want: vneid.ErrMalformed},
		{name: "no iat", claims: drop("iat"), want: vneid.ErrMalformed},
		{name: "no exp", claims: drop("exp"), want: vneid.ErrMalformed},
		{name: "exp 0", claims: set("exp", 0), want: vneid.ErrMalformed},
		{name: "exp as text", claims: set("exp", "1772438700"), want: vneid.ErrMalformed},
		{name: "exp with a fraction", claims: set("exp", 1772438700.5), want: vneid.ErrMalformed},
		{name: "expired", claims: func(o object) { o["iat"], o["exp"] = now.Add(-2*time.Hour).Unix(), now.Add(-time.Minute).Unix() }, want: vneid.ErrExpired},
		{name: "expires before it is issued", claims: set("exp", now.Add(-time.Second).Unix()), want: vneid.ErrMalformed},
		{name: "a life of more than a day", claims: set("exp", now.Add(24*time.Hour+time.Second).Unix()), want: vneid.ErrUntrusted},
		{name: "issued in the future", claims: set("iat", now.Add(61*time.Second).Unix()), want: vneid.ErrNotYetValid},
		{name: "not yet valid", claims: set("nbf", now.Add(61*time.Second).Unix()), want: vneid.ErrNotYetValid},
		{name: "authenticated in the future", claims: set("auth_time", now.Add(61*time.Second).Unix()), want: vneid.ErrNotYetValid},
		{name: "scope as a list", claims: set("scope", []string{"records"}), want: vneid.ErrMalformed},
		{name: "acr as a number", claims: set("acr", 2), want: vneid.ErrMalformed},
		{name: "an account level of 3", claims: set("account_level", 3), want: vneid.ErrMalformed},
		{name: "levels that contradict each other", claims: set("account_level", 1), want: vneid.ErrMalformed},
		{name: "bound to a certificate", claims: set("cnf", object{"x5t#S256": hash("x")}), want: vneid.ErrUntrusted},
		{name: "bound to a key and a certificate", claims: set("cnf", object{"jkt": hash("x"), "x5t#S256": hash("x")}), want: vneid.ErrUntrusted},
		{name: "bound to nothing", claims: set("cnf", object{}), want: vneid.ErrUntrusted},
		{name: "bound to text", claims: set("cnf", "key"), want: vneid.ErrUntrusted},
		{name: "bound to a thumbprint cut short", claims: set("cnf", object{"jkt": hash("x")[:42]}), want: vneid.ErrUntrusted},
		{name: "the account is locked", claims: set("account_status", "locked"), want: vneid.ErrLocked},
		{name: "the account is in a state that nobody knows", claims: set("account_status", object{}), want: vneid.ErrLocked},
	}
}

func (w *world) changed(c change) string {
	h, claims, by := header(), w.claims(), w.issuer
	if c.header != nil {
		c.header(h)
	}
	if c.claims != nil {
		c.claims(claims)
	}
	if c.other {
		by = w.client
	}
	token := by.sign(h, claims)
	if c.raw != nil {
		token = c.raw(token)
	}
	return token
}

func TestATokenThatDiffersInOneThingIsRefused(t *testing.T) {
	w := newWorld(t)
	s := w.server()
	list := changes(w)
	for _, c := range list {
		t.Run(c.name, func(t *testing.T) {
			if _, err := s.Verify(get(w.changed(change{})), Need{}); err != nil {
				t.Fatalf("the twin: %v", err)
			}
			got, err := s.Verify(get(w.changed(c)), Need{})
			refusedAs(t, err, c.want)
			if got != nil {
				t.Error("a token next to an error")
			}
		})
	}
	t.Logf("%d tokens", len(list))
}

func TestWhatTheRulesLeaveOpenPasses(t *testing.T) {
	w := newWorld(t)
	s, now := w.server(), w.clock()
	for name, c := range map[string]change{
		"typ with application/":         {header: set("typ", "application/at+jwt")},
		"typ in capitals":               {header: set("typ", "AT+JWT")},
		"a list of one audience":        {claims: set("aud", []string{audience})},
		"a list of audiences with ours": {claims: set("aud", []string{"https://other.example", audience})},
		"expired within the tolerance":  {claims: func(o object) { o["iat"], o["exp"] = now.Add(-time.Hour).Unix(), now.Add(-59*time.Second).Unix() }},
		"ahead within the tolerance":    {claims: set("iat", now.Add(60*time.Second).Unix())},
		"no scope":                      {claims: drop("scope")},
		"a client for itself":           {claims: func(o object) { o["sub"] = "portal"; delete(o, "acr"); delete(o, "auth_time") }},
		"an acr of another vocabulary":  {claims: set("acr", "urn:mace:incommon:iap:silver")},
		"levels that agree":             {claims: set("account_level", 2)},
		"an active account":             {claims: set("account_status", "active")},
		"no kid, as there is one key":   {header: drop("kid")},
		"claims nobody knows":           {claims: func(o object) { maps.Copy(o, object{"a": []any{1, nil}, "b": object{"c": true}}) }},
	} {
		if _, err := s.Verify(get(w.changed(c)), Need{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestALockedEIDLeavesLevel1(t *testing.T) {
	w := newWorld(t)
	s := w.server()
	locked := func(o object) { o["eid_status"] = "locked"; o["account_level"] = 2; o["acr"] = "urn:vneid:acr:l1:a3" }
	got, err := s.Verify(get(w.token(locked)), Need{Assurance: vneid.Assurance{Level: 1}})
	if err != nil || got.Assurance().Level != 1 {
		t.Fatal(err)
	}
	_, err = s.Verify(get(w.token(locked)), Need{Assurance: vneid.Assurance{Level: 2}})
	refusedAs(t, err, vneid.ErrLocked)
	if err := got.Check(vneid.Assurance{Level: 2}); err == nil || err.Error() != "resource: the electronic identity card is locked" {
		t.Error(err)
	}
}

func TestWhatARequestNeeds(t *testing.T) {
	w := newWorld(t)
	now := w.clock()
	for _, c := range []struct {
		name   string
		config Need
		need   Need
		claims func(object)
		want   vneid.Kind // 0: passes
	}{
		{"every scope of both", Need{Scopes: []string{"openid"}}, Need{Scopes: []string{"records"}}, nil, 0},
		{"a scope of the route is missing", Need{Scopes: []string{"openid"}}, Need{Scopes: []string{"write"}}, nil, vneid.ErrDenied},
		{"a scope of all routes is missing", Need{Scopes: []string{"write"}}, Need{}, nil, vneid.ErrDenied},
		{"scopes are compared whole", Need{}, Need{Scopes: []string{"record"}}, nil, vneid.ErrDenied},
		{"the levels", Need{Assurance: vneid.Assurance{Level: 2}}, Need{Assurance: vneid.Assurance{Auth: 3}}, nil, 0},
		{"account level too low", Need{Assurance: vneid.Assurance{Level: 2}}, Need{}, set("acr", "urn:vneid:acr:l1:a4"), vneid.ErrLevel},
		{"a route cannot ask for less", Need{Assurance: vneid.Assurance{Level: 2}}, Need{Assurance: vneid.Assurance{Level: 1}}, set("acr", "urn:vneid:acr:l1:a4"), vneid.ErrLevel},
		{"authentication too weak", Need{}, Need{Assurance: vneid.Assurance{Auth: 4}}, nil, vneid.ErrLevel},
		{"no acr", Need{}, Need{Assurance: vneid.Assurance{Auth: 1}}, drop("acr"), vneid.ErrLevel},
		{"fresh enough", Need{}, Need{MaxAge: time.Minute}, nil, 0},
		{"fresh enough with the tolerance", Need{}, Need{MaxAge: time.Minute}, set("auth_time", now.Add(-2*time.Minute).Unix()), 0},
		{"too old", Need{}, Need{MaxAge: time.Minute}, set("auth_time", now.Add(-2*time.Minute-time.Second).Unix()), vneid.ErrLevel},
		{"the shorter age counts", Need{MaxAge: time.Minute}, Need{MaxAge: time.Hour}, set("auth_time", now.Add(-10*time.Minute).Unix()), vneid.ErrLevel},
		{"no time of authentication", Need{}, Need{MaxAge: time.Hour}, drop("auth_time"), vneid.ErrLevel},
		{"not before an instant", Need{}, Need{Assurance: vneid.Assurance{At: now}}, set("auth_time", now.Add(-time.Hour).Unix()), vneid.ErrLevel},
		{"bound tokens alone", Need{Bound: true}, Need{}, nil, vneid.ErrUntrusted},
		{"bound tokens alone on this route", Need{}, Need{Bound: true}, nil, vneid.ErrUntrusted},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := w.server(func(x *Config) { x.Need = c.config })
			_, err := s.Verify(get(w.token(append([]func(object){}, maybe(c.claims)...)...)), c.need)
			if c.want != 0 {
				refusedAs(t, err, c.want)
			} else if err != nil {
				t.Error(err)
			}
		})
	}
}

func maybe(f func(object)) []func(object) {
	if f == nil {
		return nil
	}
	return []func(object){f}
}
