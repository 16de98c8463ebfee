package legacy

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func says(status int, media, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", media)
		w.WriteHeader(status)
		w.Write([]byte(body))
	}
}

func at(path string, h http.HandlerFunc) func(*fake) {
	return func(f *fake) { f.override[path] = h }
}

// resealed answers with text in an envelope.
func resealed(text string) func(*fake) {
	return func(f *fake) {
		for _, path := range []string{"/token", "/userinfo"} {
			f.override[path] = func(w http.ResponseWriter, _ *http.Request) {
				key, data := sealed(f.t, f.pub, f.bits, text)
				says(200, "application/json", `{"data":"`+data+`","key":"`+key+`"}`)(w, nil)
			}
		}
	}
}

func person1(name string, v any) func(*fake) {
	return func(f *fake) { f.person = with(f.person, object{name: v}) }
}

func sends(edit func(url.Values)) func(*fake) {
	return func(f *fake) { f.query = edit }
}

const asJSON = "application/json"

// The faults of an Envelope provider and of what lies between, each alone. The twin
// is the honest login, which passes first.
var envelopeFaults = []struct {
	name string
	want vneid.Kind
	edit func(*fake)
}{
	{"callback: no encrypt_key", vneid.ErrMalformed, sends(func(q url.Values) { q.Del("encrypt_key") })},
	{"callback: an empty encrypt_key", vneid.ErrMalformed, sends(func(q url.Values) { q.Set("encrypt_key", "") })},
	{"callback: code and key swapped", vneid.ErrMalformed, sends(func(q url.Values) {
		code := q.Get("code")
		q.Set("code", q.Get("encrypt_key"))
		q.Set("encrypt_key", code)
	})},
	{"callback: a plain code with a key", vneid.ErrMalformed, sends(func(q url.Values) { q.Set("code", guid) })},
	{"callback: encrypt_key twice", vneid.ErrMalformed, sends(func(q url.Values) { q.Add("encrypt_key", "x") })},
	{"callback: another state", vneid.ErrMismatch, sends(func(q url.Values) { q.Set("state", strings.Repeat("A", 43)) })},
	{"callback: iss of another", vneid.ErrMismatch, sends(func(q url.Values) { q.Set("iss", "https://evil.example") })},
	{"callback: an id_token", vneid.ErrMalformed, sends(func(q url.Values) { q.Set("id_token", "a.b.c") })},
	{"callback: the person said no", vneid.ErrDenied, sends(func(q url.Values) { q.Del("code"); q.Del("encrypt_key"); q.Set("error", "access_denied") })},
	{"code: of one who is no GUID", vneid.ErrMalformed, func(f *fake) { f.code = "any code at all" }},
	{"code: sealed for another length", vneid.ErrMalformed, func(f *fake) { f.bits = 128 }},
	{"token: 400 invalid_grant", vneid.ErrExpired, at("/token", says(400, asJSON, `{"error":"invalid_grant"}`))},
	{"token: 401", vneid.ErrUntrusted, at("/token", says(401, "text/html", "canary"))},
	{"token: 403", vneid.ErrUntrusted, at("/token", says(403, asJSON, `{"data":"canary"}`))},
	{"token: 400 invalid_client", vneid.ErrUntrusted, at("/token", says(400, asJSON, `{"error":"invalid_client"}`))},
	{"token: 415", vneid.ErrUnavailable, at("/token", says(415, "text/plain", "canary"))},
	{"token: 500", vneid.ErrUnavailable, at("/token", says(500, "text/plain", "canary"))},
	{"token: 400 of another sort", vneid.ErrUnavailable, at("/token", says(400, asJSON, `{"error":"canary"}`))},
	{"token: 302", vneid.ErrUnavailable, at("/token", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/trap", http.StatusFound) })},
	{"token: 307", vneid.ErrUnavailable, at("/token", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/trap", http.StatusTemporaryRedirect)
	})},
	{"token: HTML", vneid.ErrMalformed, at("/token", says(200, "text/html", "<html>canary"))},
	{"token: plain JSON", vneid.ErrMalformed, at("/token", says(200, asJSON, `{"access_token":"opaque-canary-0815"}`))},
	{"token: data alone", vneid.ErrMalformed, at("/token", says(200, asJSON, `{"data":"AAAA"}`))},
	{"token: data and key and more", vneid.ErrMalformed, at("/token", says(200, asJSON, `{"data":"AAAA","key":"AAAA","access_token":"opaque-canary-0815"}`))},
	{"token: a good envelope and more", vneid.ErrMalformed, func(f *fake) {
		at("/token", func(w http.ResponseWriter, _ *http.Request) {
			key, data := sealed(f.t, f.pub, f.bits, `{"access_token":"opaque-canary-0815"}`)
			says(200, asJSON, `{"data":"`+data+`","key":"`+key+`","access_token":"opaque-canary-0815"}`)(w, nil)
		})(f)
	}},
	{"token: data as number", vneid.ErrMalformed, at("/token", says(200, asJSON, `{"data":1,"key":"AAAA"}`))},
	{"token: key as null", vneid.ErrMalformed, at("/token", says(200, asJSON, `{"data":"AAAA","key":null}`))},
	{"token: data twice", vneid.ErrMalformed, at("/token", says(200, asJSON, `{"data":"AAAA","data":"BBBB","key":"AAAA"}`))},
	{"token: Data in capitals", vneid.ErrMalformed, at("/token", says(200, asJSON, `{"Data":"AAAA","Key":"AAAA"}`))},
	{"token: an array", vneid.ErrMalformed, at("/token", says(200, asJSON, `[{"data":"AAAA","key":"AAAA"}]`))},
	{"token: empty texts", vneid.ErrMalformed, at("/token", says(200, asJSON, `{"data":"","key":""}`))},
	{"token: larger than 1 MiB", vneid.ErrUnavailable, at("/token", says(200, asJSON, `{"data":"`+strings.Repeat("A", 1<<20)+`","key":"AAAA"}`))},
	{"token: sealed for another key length", vneid.ErrMalformed, func(f *fake) {
		at("/token", func(w http.ResponseWriter, _ *http.Request) {
			key, data := sealed(f.t, f.pub, 128, `{"access_token":"opaque-canary-0815"}`)
			says(200, asJSON, `{"data":"`+data+`","key":"`+key+`"}`)(w, nil)
		})(f)
	}},
	{"token: sealed text that is no JSON", vneid.ErrMalformed, resealed("canary")},
	{"token: sealed JSON and more", vneid.ErrMalformed, resealed(`{"access_token":"x"} canary`)},
	{"token: sealed JSON with a name twice", vneid.ErrMalformed, resealed(`{"access_token":"x","access_token":"y"}`)},
	{"token: sealed envelope in the envelope", vneid.ErrMalformed, resealed(`{"data":"AAAA","key":"AAAA"}`)},
	{"token: sealed bytes that are no UTF-8", vneid.ErrMalformed, resealed("{\"access_token\":\"\xff\"}")},
	{"token: no access_token", vneid.ErrMalformed, func(f *fake) { f.override["/token"] = f.gives(object{"token_type": "Bearer"}) }},
	{"token: an access_token with a line end", vneid.ErrMalformed, func(f *fake) { f.override["/token"] = f.gives(object{"access_token": "a\r\nX: y"}) }},
	{"token: access_token is a number", vneid.ErrMalformed, func(f *fake) { f.override["/token"] = f.gives(object{"access_token": 1}) }},
	{"token: a MAC token", vneid.ErrMalformed, func(f *fake) { f.override["/token"] = f.gives(object{"access_token": "a", "token_type": "mac"}) }},
	{"token: an envelope called text", vneid.ErrMalformed, func(f *fake) { f.media = "text/plain" }},
	{"userinfo: 401", vneid.ErrUntrusted, at("/userinfo", says(401, "text/plain", "canary"))},
	{"userinfo: 403", vneid.ErrUntrusted, at("/userinfo", says(403, "text/plain", "canary"))},
	{"userinfo: 500", vneid.ErrUnavailable, at("/userinfo", says(500, "text/plain", "canary"))},
	{"userinfo: 302", vneid.ErrUnavailable, at("/userinfo", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/trap", http.StatusFound) })},
	{"userinfo: plain JSON", vneid.ErrMalformed, at("/userinfo", says(200, asJSON, `{"citizenPid":"`+number+`"}`))},
	{"userinfo: HTML", vneid.ErrMalformed, at("/userinfo", says(200, "text/html", "canary"))},
	{"person: no number", vneid.ErrMalformed, person1("citizenPid", nil)},
	{"person: an empty number", vneid.ErrMalformed, person1("citizenPid", "")},
	{"person: eleven digits", vneid.ErrMalformed, person1("citizenPid", number[1:])},
	{"person: a number with a letter", vneid.ErrMalformed, person1("citizenPid", "99919000000l")},
	{"person: wide digits", vneid.ErrMalformed, person1("citizenPid", "９99190000001")},
	{"person: the number as a number", vneid.ErrMalformed, person1("citizenPid", 999190000001)},
	{"person: a name that is a list", vneid.ErrMalformed, person1("fullName", []string{fullName})},
	{"person: 31 February", vneid.ErrMalformed, person1("birthDate", "31/02/1990")},
	{"person: American date", vneid.ErrMalformed, person1("birthDate", "05-17-1990")},
	{"person: a year alone", vneid.ErrMalformed, person1("birthDate", "1990")},
	{"person: birth without end", vneid.ErrMalformed, person1("birthDate", "Không thời hạn")},
	{"person: level as object", vneid.ErrMalformed, person1("accountLevel", object{"level": 2})},
	{"person: level as fraction", vneid.ErrMalformed, person1("accountLevel", 2.5)},
	{"person: level as truth", vneid.ErrMalformed, person1("accountLevel", true)},
	{"person: level as a large number", vneid.ErrMalformed, person1("accountLevel", 12345678901)},
	{"person: type as list", vneid.ErrMalformed, person1("accountType", []int{1})},
}

// gives answers in an envelope.
func (f *fake) gives(o object) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { f.answer(w, o) }
}

func TestFaultsOfTheEnvelopeEachHaveOneKind(t *testing.T) {
	for _, test := range envelopeFaults {
		t.Run(test.name, func(t *testing.T) {
			f := newFake(t)
			w := f.envelope().Wire()
			if _, err := f.login(w); err != nil {
				t.Fatalf("the twin: %v", err)
			}
			before, asked := f.count("/token"), f.count("/userinfo")
			test.edit(f)
			id, err := f.login(w)
			refusedAs(t, err, test.want)
			if id != nil {
				t.Error("somebody next to the refusal")
			}
			if (strings.HasPrefix(test.name, "callback") || strings.HasPrefix(test.name, "code")) && f.count("/token") != before {
				t.Error("the token endpoint was called")
			}
			if !strings.HasPrefix(test.name, "person") && !strings.HasPrefix(test.name, "userinfo") && f.count("/userinfo") != asked {
				t.Error("userinfo was called")
			}
			if f.count("/trap") != 0 {
				t.Error("a redirect was followed")
			}
			if err != nil && strings.Contains(err.Error(), "canary") {
				t.Errorf("the text repeats the answer: %v", err)
			}
		})
	}
	t.Logf("%d faults", len(envelopeFaults))
}

func TestFaultsOfVNConnectEachHaveOneKind(t *testing.T) {
	for _, test := range []struct {
		name string
		want vneid.Kind
		edit func(*fake)
	}{
		{"another identity provider", vneid.ErrUntrusted, person1("loginIdp", "VNPT")},
		{"no identity provider", vneid.ErrUntrusted, person1("loginIdp", nil)},
		{"an identity provider that is a list", vneid.ErrMalformed, person1("loginIdp", []string{"BCA"})},
		{"no sub", vneid.ErrMalformed, person1("sub", nil)},
		{"a sub that is a number", vneid.ErrMalformed, person1("sub", 7)},
		{"a sub with spaces", vneid.ErrMalformed, person1("sub", "a b")},
		{"a long sub", vneid.ErrMalformed, person1("sub", strings.Repeat("a", 256))},
		{"a date of another layout", vneid.ErrMalformed, person1("NgayThangNamSinh", "17/05/1990")},
		{"eleven digits", vneid.ErrMalformed, person1("SoDinhDanh", number[1:])},
		{"token: 401", vneid.ErrUntrusted, at("/token", says(401, "text/html", "canary"))},
		{"token: 415", vneid.ErrUnavailable, at("/token", says(415, "text/plain", "canary"))},
		{"token: an envelope", vneid.ErrMalformed, at("/token", says(200, asJSON, `{"data":"AAAA","key":"AAAA"}`))},
		{"token: HTML", vneid.ErrMalformed, at("/token", says(200, "text/html", "canary"))},
		{"userinfo: 401", vneid.ErrUntrusted, at("/userinfo", says(401, "text/html", "canary"))},
		{"userinfo: an array", vneid.ErrMalformed, at("/userinfo", says(200, asJSON, `[]`))},
	} {
		t.Run(test.name, func(t *testing.T) {
			f := newFake(t).vnConnect()
			w := VNConnect{Deployment: f.deployment()}.Wire()
			if _, err := f.login(w); err != nil {
				t.Fatalf("the twin: %v", err)
			}
			test.edit(f)
			id, err := f.login(w)
			refusedAs(t, err, test.want)
			if id != nil {
				t.Error("somebody next to the refusal")
			}
		})
	}
}

func TestAccountsOfOthersHaveNoCitizensNumber(t *testing.T) {
	for word, want := range map[any]string{"1": number, "2": "", nil: "", 1: number, "": "", "citizen": "", "foreigner": ""} {
		f := newFake(t).vnConnect()
		f.person = with(f.person, object{"LoaiTaiKhoan": word})
		id, err := f.login(VNConnect{Deployment: f.deployment()}.Wire())
		if err != nil {
			t.Fatal(err)
		}
		if r := id.Citizen().Reveal(); r.ID != want || r.ForeignerID != "" {
			t.Errorf("account type %v: %+v", word, r)
		}
	}
}

// What an operator reads must let him act.
func TestStatusesTellOperatorsWhatToDo(t *testing.T) {
	for status, want := range map[int][]string{
		401: {"allow-list", "secret"}, 403: {"allow-list"}, 415: {"form"},
	} {
		f := newFake(t)
		f.override["/token"] = says(status, "text/plain", "")
		_, err := f.login(f.envelope().Wire())
		var api *vneid.APIError
		if !errors.As(err, &api) || api.Status != status {
			t.Errorf("%d: %v", status, err)
		}
		for _, word := range want {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%d: %q lacks %q", status, err, word)
			}
		}
	}
}

func TestNobodyIsBornWithoutEnd(t *testing.T) {
	f := newFake(t)
	e := f.envelope()
	e.BirthLayouts = []string{"Không thời hạn", "dd/MM/yyyy"}
	w := e.Wire()
	if _, err := f.login(w); err != nil {
		t.Fatalf("the twin: %v", err)
	}
	f.person["birthDate"] = "Không thời hạn"
	_, err := f.login(w)
	refusedAs(t, err, vneid.ErrMalformed)
}

func TestNullIsNotTold(t *testing.T) {
	f := newFake(t)
	for _, name := range []string{"fullName", "birthDate", "accountType", "accountLevel"} {
		f.person[name] = nil
	}
	id, err := f.login(f.envelope().Wire())
	if err != nil {
		t.Fatal(err)
	}
	if r := id.Citizen().Reveal(); r.Name != "" || !r.Birth.IsZero() || id.Assurance().Level != 0 || id.AccountType() != "" {
		t.Errorf("%+v, %v, %q", r, id.Assurance(), id.AccountType())
	}
}

func TestUnknownLevelsSatisfyNothing(t *testing.T) {
	for _, level := range []any{3, "0", "9", "LEVEL_2", nil, ""} {
		f := newFake(t)
		f.person = with(f.person, object{"accountLevel": level})
		cfg := f.config(f.envelope().Wire())
		if id, err := f.loginAs(cfg); err != nil || id.Assurance().Level != 0 {
			t.Errorf("%v: %v", level, err)
		}
		cfg.Need.Level = 1
		_, err := f.loginAs(cfg)
		refusedAs(t, err, vneid.ErrLevel)
	}
}

func TestMistakesInTheConfigurationNameTheField(t *testing.T) {
	f := newFake(t)
	for field, edit := range map[string]func(*Envelope, *sso.Config){
		"Envelope.Key":            func(e *Envelope, _ *sso.Config) { e.Key = nil },
		"Envelope.AESBits":        func(e *Envelope, _ *sso.Config) { e.AESBits = 192 },
		"Envelope.SubjectKey":     func(e *Envelope, _ *sso.Config) { e.SubjectKey = e.SubjectKey[:31] },
		"Claims.Subject":          func(e *Envelope, _ *sso.Config) { e.Claims.Subject = "sub" },
		"Claims.Subject is the":   func(e *Envelope, _ *sso.Config) { e.Claims.Subject, e.SubjectKey = "citizenPid", nil },
		"Deployment.AuthURL":      func(e *Envelope, _ *sso.Config) { e.AuthURL = "http://sso.example/auth" },
		"Deployment.AuthURL has":  func(e *Envelope, _ *sso.Config) { e.AuthURL += "?a=%zz" },
		"already has a parameter": func(e *Envelope, _ *sso.Config) { e.AuthURL += "?state=1" },
		"Deployment.TokenURL":     func(e *Envelope, _ *sso.Config) { e.TokenURL = "" },
		"Deployment.UserinfoURL":  func(e *Envelope, _ *sso.Config) { e.UserinfoURL = "https://u:p@sso.example/" },
		"Deployment.BirthLayouts": func(e *Envelope, _ *sso.Config) { e.BirthLayouts = []string{"yy"} },
		"Deployment.Levels":       func(e *Envelope, _ *sso.Config) { e.Levels = map[string]vneid.Level{"x": 3} },
		"Config.ClientSecret":     func(_ *Envelope, c *sso.Config) { c.ClientSecret = "" },
		"Config.Algs":             func(_ *Envelope, c *sso.Config) { c.Algs = []string{"RS256"} },
	} {
		e, cfg := f.envelope(), f.config(nil)
		edit(&e, &cfg)
		cfg.Wire = e.Wire()
		_, err := sso.New(cfg)
		if err == nil || errors.As(err, new(vneid.Kind)) || !strings.Contains(err.Error(), field) || !strings.HasPrefix(err.Error(), "sso: ") {
			t.Errorf("%s: %v", field, err)
		}
	}
	for field, v := range map[string]VNConnect{
		"VNConnect.ACR": {Deployment: f.deployment(), ACR: "a b"}, "Deployment.AuthURL": {},
	} {
		if _, err := sso.New(f.config(v.Wire())); err == nil || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
	if _, err := sso.New(f.config(f.envelope().Wire())); err != nil {
		t.Errorf("the twin: %v", err)
	}
}

func TestAskedThingsThatTheWireCannotSayAreRefused(t *testing.T) {
	f := newFake(t)
	c := newClient(t, f.config(f.envelope().Wire()))
	_, _, err := c.Begin(t.Context(), sso.Ask{Prompt: "login"})
	if err == nil || !strings.Contains(err.Error(), "Ask.Prompt") {
		t.Error(err)
	}
	redirect, s, err := c.Begin(t.Context(), sso.Ask{Need: vneid.Assurance{Auth: 1}})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Finish(t.Context(), s, f.callback(redirect))
	refusedAs(t, err, vneid.ErrLevel)
}

// Callers may change what they passed.
func TestAWireKeepsCopies(t *testing.T) {
	f := newFake(t)
	e := f.envelope()
	e.BirthLayouts = []string{"dd/MM/yyyy"}
	w := e.Wire()
	first, err := f.login(w)
	if err != nil {
		t.Fatal(err)
	}
	clear(e.SubjectKey)
	e.BirthLayouts[0] = "yyyy"
	second, err := f.login(w)
	if err != nil || first.Subject() != second.Subject() {
		t.Errorf("the wire changed: %v", err)
	}
	v := f.vnConnect()
	idps := []string{"BCA"}
	vw := VNConnect{Deployment: v.deployment(), IDPs: idps}.Wire()
	idps[0] = "evil"
	if _, err := v.login(vw); err != nil {
		t.Error(err)
	}
}
