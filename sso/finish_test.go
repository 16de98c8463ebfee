package sso

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestALoginGivesThePersonAndHowTheyLoggedIn(t *testing.T) {
	o := newOP(t)
	id := mustLogin(t, newClient(t, o), o, Ask{Return: "/inbox"})
	r := id.Citizen().Reveal()
	if r.ID != "999190000001" || r.Name != "Nguyễn Thị Thử" || r.Birth.String() != "1990-05-17" || r.Sex != vneid.Female ||
		r.Nationality != "VNM" || r.Residence.Text != "Xã Thử Nghiệm, Tỉnh Giả Định" || r.Residence.AsOf.String() != "2025-07-01" {
		t.Errorf("record %+v", r)
	}
	a := id.Assurance()
	if a.Level != 2 || a.Auth != 2 || !a.At.Equal(o.clock.now()) || id.EIDLocked() {
		t.Errorf("assurance %+v", a)
	}
	if id.Issuer() != o.srv.URL || id.Subject() != "pairwise-1" || id.SessionID() != "op-session-1" ||
		id.AccountType() != AccountCitizen || !id.Expires().Equal(o.clock.now().Add(300*time.Second)) ||
		!slices.Equal(id.Scopes(), []string{"openid", "profile", wire.ScopeID}) {
		t.Error("the login's own facts are wrong")
	}
	for name, want := range map[string]string{"x_canary_custom": `{"kept":true}`, "name": `"Nguyễn Thị Thử"`} {
		if got, ok := id.Claim(name); !ok || string(got) != want {
			t.Errorf("claim %s is %s, %v", name, got, ok)
		}
	}
	if _, ok := id.Claim("absent"); ok {
		t.Error("an absent claim is there")
	}
}

func TestUserinfoIsAskedOnlyForScopesThatNeedIt(t *testing.T) {
	o := newOP(t)
	c := newClient(t, o, func(c *Config) { c.Scopes = nil })
	if id := mustLogin(t, c, o, Ask{}); o.count("/userinfo") != 0 || id.Citizen().IsZero() || id.Citizen().Name() != "" {
		t.Errorf("%d calls of userinfo for openid alone", o.count("/userinfo"))
	}
	mustLogin(t, newClient(t, o), o, Ask{})
	if o.count("/userinfo") != 1 {
		t.Error("profile was granted and userinfo not asked")
	}
}

// callbacks are queries that differ in one thing from the one that passes.
var callbacks = []struct {
	name string
	kind vneid.Kind
	edit func(q string, v url.Values) string // from the good query and its values
}{
	{"empty", vneid.ErrMalformed, func(string, url.Values) string { return "" }},
	{"no state", vneid.ErrMalformed, without("state")},
	{"empty state", vneid.ErrMalformed, with("state", "")},
	{"another state", vneid.ErrMismatch, with("state", strings.Repeat("A", 43))},
	{"state with a suffix", vneid.ErrMismatch, edited("state", func(s string) string { return s + "A" })},
	{"state cut short", vneid.ErrMismatch, edited("state", func(s string) string { return s[:42] })},
	{"state in another case", vneid.ErrMismatch, edited("state", func(s string) string {
		if u := strings.ToUpper(s); u != s {
			return u
		}
		return strings.ToLower(s)
	})},
	{"state twice", vneid.ErrMalformed, func(q string, v url.Values) string { return q + "&state=" + v.Get("state") }},
	{"state twice, once escaped", vneid.ErrMalformed, func(q string, v url.Values) string { return q + "&%73tate=" + v.Get("state") }},
	{"no code", vneid.ErrMalformed, without("code")},
	{"empty code", vneid.ErrMalformed, with("code", "")},
	{"code twice", vneid.ErrMalformed, func(q string, _ url.Values) string { return q + "&code=x" }},
	{"code and error", vneid.ErrMalformed, func(q string, _ url.Values) string { return q + "&error=access_denied" }},
	{"code and empty error", vneid.ErrMalformed, func(q string, _ url.Values) string { return q + "&error=" }},
	{"code with a control character", vneid.ErrMalformed, with("code", "a\nb")},
	{"code with a space", vneid.ErrMalformed, with("code", "a b")},
	{"code of another login", vneid.ErrExpired, with("code", "unknown-code")},
	{"unknown parameter twice", vneid.ErrMalformed, func(q string, _ url.Values) string { return q + "&x=1&x=1" }},
	{"bad escape", vneid.ErrMalformed, func(q string, _ url.Values) string { return q + "&x=%zz" }},
	{"escape cut short", vneid.ErrMalformed, func(q string, _ url.Values) string { return q + "&x=%4" }},
	{"nameless parameter", vneid.ErrMalformed, func(q string, _ url.Values) string { return q + "&=1" }},
	{"33 parameters", vneid.ErrMalformed, func(q string, _ url.Values) string {
		for i := range 30 {
			q += "&p" + string(rune('a'+i%26)) + strings.Repeat("x", i/26) + "=1"
		}
		return q
	}},
	{"9 KiB", vneid.ErrMalformed, func(q string, _ url.Values) string { return q + "&x=" + strings.Repeat("y", 9<<10) }},
	{"iss of another provider (RFC 9207)", vneid.ErrMismatch, with("iss", "https://evil.example")},
	{"iss with a slash more", vneid.ErrMismatch, edited("iss", func(s string) string { return s + "/" })},
	{"empty iss", vneid.ErrMismatch, with("iss", "")},
	{"iss missing though announced", vneid.ErrMismatch, without("iss")},
	{"iss twice", vneid.ErrMalformed, func(q string, v url.Values) string { return q + "&iss=" + url.QueryEscape(v.Get("iss")) }},
	{"id_token in the front channel", vneid.ErrMalformed, func(q string, _ url.Values) string { return q + "&id_token=a.b.c" }},
	{"access_token in the front channel", vneid.ErrMalformed, func(q string, _ url.Values) string { return q + "&access_token=x" }},
	{"a JARM response", vneid.ErrMalformed, func(q string, _ url.Values) string { return q + "&response=a.b.c" }},
	{"error with a foreign iss", vneid.ErrMismatch, asError("access_denied", func(v url.Values) { v.Set("iss", "https://evil.example") })},
	{"error without the announced iss", vneid.ErrMismatch, asError("access_denied", func(v url.Values) { v.Del("iss") })},
	{"error with another state", vneid.ErrMismatch, asError("access_denied", func(v url.Values) { v.Set("state", "x") })},
}

func without(name string) func(string, url.Values) string {
	return func(_ string, v url.Values) string { v.Del(name); return v.Encode() }
}

func with(name, value string) func(string, url.Values) string {
	return func(_ string, v url.Values) string {
		v.Set(name, value)
		return strings.ReplaceAll(v.Encode(), "+", "%20")
	}
}

func edited(name string, f func(string) string) func(string, url.Values) string {
	return func(_ string, v url.Values) string { v.Set(name, f(v.Get(name))); return v.Encode() }
}

func asError(code string, edit func(url.Values)) func(string, url.Values) string {
	return func(_ string, v url.Values) string {
		v.Del("code")
		v.Set("error", code)
		edit(v)
		return v.Encode()
	}
}

func TestCallbacksThatAreNotTheAnswerAreRefused(t *testing.T) {
	for _, test := range callbacks {
		t.Run(test.name, func(t *testing.T) {
			o := newOP(t)
			c := newClient(t, o)
			mustLogin(t, c, o, Ask{}) // the twin
			to, s, err := c.Begin(context.Background(), Ask{})
			if err != nil {
				t.Fatal(err)
			}
			_, raw, _ := strings.Cut(o.authorize(to), "?")
			v, err := url.ParseQuery(raw)
			if err != nil {
				t.Fatal(err)
			}
			id, err := c.Finish(context.Background(), s, test.edit(raw, v))
			refusedAs(t, err, test.kind)
			if id != nil {
				t.Error("an Identity next to an error")
			}
			if n := o.count("/userinfo"); n != 1 {
				t.Errorf("%d calls of userinfo, the twin's alone expected", n)
			}
		})
	}
}

func TestTheProvidersErrorsHaveTheirKinds(t *testing.T) {
	for code, kind := range map[string]vneid.Kind{
		"access_denied": vneid.ErrDenied, "consent_required": vneid.ErrDenied,
		"login_required": vneid.ErrLevel, "interaction_required": vneid.ErrLevel, "account_selection_required": vneid.ErrLevel,
		wire.ErrorUnmet: vneid.ErrLevel, wire.ErrorAccountLocked: vneid.ErrLocked, wire.ErrorEIDLocked: vneid.ErrLocked,
		"temporarily_unavailable": vneid.ErrUnavailable, "server_error": vneid.ErrUnavailable,
		"invalid_scope": vneid.ErrUntrusted, "unauthorized_client": vneid.ErrUntrusted, "invalid_request": vneid.ErrUntrusted,
		"<script>canary</script>": vneid.ErrUnavailable, "canary%0d%0a": vneid.ErrUnavailable,
	} {
		t.Run(code, func(t *testing.T) {
			o := newOP(t)
			c := newClient(t, o)
			o.callback = func(v url.Values) {
				v.Del("code")
				v.Set("error", code)
				v.Set("error_description", "canary-description\r\n<b>")
			}
			_, err := logIn(c, o, Ask{Need: vneid.Assurance{Level: 2}})
			refusedAs(t, err, kind)
			var auth *AuthError
			if !errors.As(err, &auth) || auth.Code != "" && auth.Code != code {
				t.Errorf("no AuthError with the code: %v", err)
			}
			var lock *vneid.LockError
			if errors.As(err, &lock) && lock.Account != (code == wire.ErrorAccountLocked) {
				t.Error("the wrong lock")
			}
			if o.count("/token") != 0 {
				t.Error("an error was followed by a token request")
			}
		})
	}
}

func TestALiteralPlusInACodeStaysAPlus(t *testing.T) {
	o := newOP(t)
	c := newClient(t, o)
	to, s, err := c.Begin(context.Background(), Ask{})
	if err != nil {
		t.Fatal(err)
	}
	_, raw, _ := strings.Cut(o.authorize(to), "?")
	plain := strings.ReplaceAll(raw, "%2B", "+")
	if plain == raw {
		t.Fatal("the provider's code has no plus to test with")
	}
	if _, err := c.Finish(context.Background(), s, plain); err != nil {
		t.Error(err)
	}
}

func TestASessionFinishesOnce(t *testing.T) {
	o := newOP(t)
	c := newClient(t, o)
	to, s, err := c.Begin(context.Background(), Ask{})
	if err != nil {
		t.Fatal(err)
	}
	_, raw, _ := strings.Cut(o.authorize(to), "?")
	if _, err := c.Finish(context.Background(), s, raw); err != nil {
		t.Fatal(err)
	}
	_, err = c.Finish(context.Background(), s, raw)
	refusedAs(t, err, vneid.ErrReplayed)
	if o.count("/token") != 1 {
		t.Error("the code was sent twice")
	}
}

func TestASessionBelongsToItsClientAndItsTenMinutes(t *testing.T) {
	o, other := newOP(t), newOP(t)
	c := newClient(t, o)
	begin := func() (*Session, string) {
		to, s, err := c.Begin(context.Background(), Ask{})
		if err != nil {
			t.Fatal(err)
		}
		_, raw, _ := strings.Cut(o.authorize(to), "?")
		return s, raw
	}
	for name, client := range map[string]*Client{
		"another issuer":   newClient(t, other),
		"another client":   newClient(t, o, func(c *Config) { c.ClientID = "other" }),
		"another redirect": newClient(t, o, func(c *Config) { c.RedirectURL += "2" }),
	} {
		s, raw := begin()
		if _, err := client.Finish(context.Background(), s, raw); err == nil {
			t.Errorf("%s finished the login", name)
		} else {
			refusedAs(t, err, vneid.ErrMismatch)
		}
		if _, err := c.Finish(context.Background(), s, raw); err != nil {
			t.Errorf("%s used the session up: %v", name, err)
		}
	}
	s, raw := begin()
	o.clock.advance(10 * time.Minute)
	_, err := c.Finish(context.Background(), s, raw)
	refusedAs(t, err, vneid.ErrExpired)
	s, raw = begin()
	o.clock.advance(-time.Hour)
	_, err = c.Finish(context.Background(), s, raw)
	refusedAs(t, err, vneid.ErrNotYetValid)
	for _, member := range []string{"state", "nonce", "verifier"} {
		s, raw := begin()
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var m object
		if err := json.Unmarshal(b, &m); err != nil {
			t.Fatal(err)
		}
		m[member] = ""
		b, _ = json.Marshal(m)
		var hollow Session
		if err := json.Unmarshal(b, &hollow); err != nil {
			t.Fatal(err)
		}
		before := o.count("/token")
		_, err = c.Finish(context.Background(), &hollow, raw)
		refusedAs(t, err, vneid.ErrMismatch)
		if o.count("/token") != before {
			t.Errorf("a session without %s got as far as the token request", member)
		}
	}
	for _, none := range []*Session{nil, {}, new(Session)} {
		_, err = c.Finish(context.Background(), none, raw)
		refusedAs(t, err, vneid.ErrMismatch)
	}
}

func TestASessionSurvivesJSON(t *testing.T) {
	o := newOP(t)
	c := newClient(t, o)
	to, s, err := c.Begin(context.Background(), Ask{Return: "/a?b=c", Need: vneid.Assurance{Level: 2}})
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	var back Session
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if back.State() != s.State() || back.Return() != "/a?b=c" || !back.Expires().Equal(s.Expires()) {
		t.Error("the copy differs")
	}
	_, raw, _ := strings.Cut(o.authorize(to), "?")
	if _, err := c.Finish(context.Background(), &back, raw); err != nil {
		t.Error(err)
	}
	if err := json.Unmarshal([]byte(`{"state":1}`), &back); err == nil || strings.Contains(err.Error(), "1") {
		t.Errorf("bad JSON: %v", err)
	}
}

func TestACallerWhoGivesUpIsUnavailable(t *testing.T) {
	o := newOP(t)
	c := newClient(t, o)
	ctx, cancel := context.WithCancel(context.Background())
	to, s, err := c.Begin(ctx, Ask{})
	if err != nil {
		t.Fatal(err)
	}
	_, raw, _ := strings.Cut(o.authorize(to), "?")
	cancel()
	_, err = c.Finish(ctx, s, raw)
	refusedAs(t, err, vneid.ErrUnavailable)
	if !errors.Is(err, context.Canceled) {
		t.Error("the context's error is hidden")
	}
	if _, err := c.Finish(context.Background(), s, raw); err != nil {
		t.Errorf("giving up before the code was sent used the session up: %v", err)
	}
}

func TestWhoeverTellsItThePersonIsTheSame(t *testing.T) {
	everything := object{
		"name": "Nguyễn Thị Thử", "birthdate": "1990-05", "gender": "female", wire.CitizenID: "999190000001",
		wire.ForeignerID: "F-1", wire.OldID: "012345678", wire.FormerIDs: []string{"999190000009"},
		wire.Nationality: "VNM", wire.Origin: "Xã Giả Định", "ethnicity": "Kinh", "religion": "Không",
		wire.Residence:  object{"text": "Xã Thử Nghiệm, Tỉnh Giả Định", "as_of": "2025-07-01"},
		wire.CardIssued: "2024-08-01", wire.CardExpires: "2030-05-17", wire.AccountType: "citizen",
	}
	tell := func(v object) {
		for name, value := range everything {
			v[name] = value
		}
	}
	read := func(edit func(*op)) (vneid.Record, AccountType) {
		o := newOP(t)
		o.about = object{}
		edit(o)
		id := mustLogin(t, newClient(t, o), o, Ask{})
		return id.Citizen().Reveal(), id.AccountType()
	}
	token, typeT := read(func(o *op) { o.claims = tell })
	info, typeI := read(func(o *op) { o.userinfo = tell })
	both, _ := read(func(o *op) { o.claims, o.userinfo = tell, tell })
	want, err := json.Marshal(token)
	if err != nil {
		t.Fatal(err)
	}
	for name, r := range map[string]vneid.Record{"userinfo": info, "both": both} {
		if got, err := json.Marshal(r); err != nil || string(got) != string(want) {
			t.Errorf("%s tells %s, the token %s", name, got, want)
		}
	}
	for _, part := range []string{`"1990-05"`, `"female"`, `"F-1"`, `"012345678"`, `["999190000009"]`, `"VNM"`, `"Xã Giả Định"`, `"Kinh"`,
		`"Không"`, `"2025-07-01"`, `"2024-08-01"`, `"2030-05-17"`} {
		if !strings.Contains(string(want), part) {
			t.Errorf("%s is lost in %s", part, want)
		}
	}
	if typeT != AccountCitizen || typeI != AccountCitizen {
		t.Error("the account type is lost")
	}
}
