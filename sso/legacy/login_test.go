package legacy

import (
	"bytes"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestAnEnvelopeLoginEndsInAPerson(t *testing.T) {
	f := newFake(t)
	id, err := f.login(f.envelope().Wire())
	if err != nil {
		t.Fatal(err)
	}
	want := vneid.Record{ID: number, Name: fullName}
	want.Birth, _ = vneid.ParseDate("1990-05-17")
	if got := id.Citizen().Reveal(); got.ID != want.ID || got.Name != want.Name || got.Birth != want.Birth {
		t.Errorf("got %+v", got)
	}
	if id.Integrity() != sso.TransportOnly || id.Assurance() != (vneid.Assurance{Level: 2}) || id.Issuer() != f.srv.URL || id.AccountType() != "1" {
		t.Error(id.Integrity(), id.Assurance(), id.Issuer(), id.AccountType())
	}
	if raw, ok := id.Claim("phongBan"); !ok || string(raw) != `"khác"` {
		t.Errorf("an unknown claim is %s", raw)
	}
	if s := id.Subject(); len(s) != 43 || strings.Contains(s, number) {
		t.Errorf("the subject is %q", s)
	}
	if f.form.Get("code") != guid || f.form.Get("encrypt_key") == "" || f.form.Get("client_secret") != secret || f.form.Has("code_verifier") {
		t.Errorf("the token form is %v", f.form)
	}
}

func TestAVNConnectLoginEndsInAPerson(t *testing.T) {
	f := newFake(t).vnConnect()
	id, err := f.login(VNConnect{Deployment: f.deployment()}.Wire())
	if err != nil {
		t.Fatal(err)
	}
	r := id.Citizen().Reveal()
	if r.ID != number || r.Name != fullName || r.Birth.String() != "1990-05-17" {
		t.Errorf("got %+v", r)
	}
	if id.Integrity() != sso.TransportOnly || id.Assurance() != (vneid.Assurance{}) || id.Subject() != f.person["sub"] || id.AccountType() != sso.AccountCitizen {
		t.Error(id.Integrity(), id.Assurance(), id.Subject(), id.AccountType())
	}
	for _, name := range []string{"userProfileUri", "logoutUri", "given_name", "family_name"} {
		if raw, ok := id.Claim(name); ok {
			t.Errorf("%s is shown: %s", name, raw)
		}
	}
	if raw, ok := id.Claim("TechID"); !ok || len(raw) == 0 {
		t.Error("TechID is lost")
	}
	if n := f.count("/trap"); n != 0 {
		t.Errorf("the URLs with tokens were called %d times", n)
	}
}

// What deployments may need. Each row also says what the provider must have seen.
func TestDeploymentsDiffer(t *testing.T) {
	for name, test := range map[string]struct {
		fake  func(*fake)
		edit  func(*Envelope)
		check func(*testing.T, *fake, *sso.Identity)
	}{
		"128-bit keys": {func(f *fake) { f.bits = 128 }, func(*Envelope) {}, nil},
		"the code stays encrypted": {
			func(f *fake) { f.accepts = func(c string) bool { return !strings.Contains(c, "-") && len(c) > 64 } },
			func(e *Envelope) { e.CodeAsReceived = true }, nil,
		},
		"encrypt_key is not sent back": {nil, func(e *Envelope) { e.OmitKey = true }, func(t *testing.T, f *fake, _ *sso.Identity) {
			if f.form.Has("encrypt_key") {
				t.Error("it is")
			}
		}},
		"the secret in the header": {nil, func(e *Envelope) { e.BasicAuth = true }, func(t *testing.T, f *fake, _ *sso.Identity) {
			if f.form.Has("client_secret") {
				t.Error("it is in the form")
			}
		}},
		"PKCE": {nil, func(e *Envelope) { e.PKCE = true }, func(t *testing.T, f *fake, _ *sso.Identity) {
			if len(f.form.Get("code_verifier")) < 43 {
				t.Error("no verifier")
			}
		}},
		"plain answers": {func(f *fake) {
			f.query = func(q url.Values) {
				key, code := sealed(t, f.pub, f.bits, f.code)
				q.Set("encrypt_key", key)
				q.Set("code", code)
			}
			f.sealed = false
		}, func(e *Envelope) { e.PlainAnswers = true }, nil},
		"plain answers allowed and sealed ones given": {nil, func(e *Envelope) { e.PlainAnswers = true }, nil},
		"a plain code": {func(f *fake) {
			f.query = func(q url.Values) { q.Del("encrypt_key"); q.Set("code", f.code) }
			f.code = "any+code/in=base64=="
		}, func(e *Envelope) { e.PlainCode = true }, func(t *testing.T, f *fake, _ *sso.Identity) {
			if f.form.Get("code") != "any+code/in=base64==" {
				t.Error(f.form.Get("code"))
			}
		}},
		"a claim for the subject": {
			func(f *fake) { f.person["sub"] = "somebody" },
			func(e *Envelope) { e.SubjectKey, e.Claims.Subject = nil, "sub" },
			func(t *testing.T, _ *fake, id *sso.Identity) {
				if id.Subject() != "somebody" {
					t.Error(id.Subject())
				}
			},
		},
		"other claim names": {
			func(f *fake) {
				f.person = object{"soDinhDanh": number, "hoTen": fullName, "ngaySinh": "1990-05-17", "muc": "MUC_2", "loai": 9}
			},
			func(e *Envelope) {
				e.Claims = Claims{ID: "soDinhDanh", Name: "hoTen", Birth: "ngaySinh", AccountLevel: "muc", AccountType: "loai"}
				e.Levels = map[string]vneid.Level{"MUC_2": 2}
				e.AccountTypes = map[string]sso.AccountType{"9": sso.AccountCitizen}
			},
			func(t *testing.T, _ *fake, id *sso.Identity) {
				if id.Assurance().Level != 2 || id.AccountType() != sso.AccountCitizen || id.Citizen().Name() != fullName {
					t.Error(id.Assurance(), id.AccountType())
				}
			},
		},
		"a foreigner": {
			func(f *fake) { f.person["accountType"], f.person["citizenPid"] = "NN", "F-12345" },
			func(e *Envelope) { e.AccountTypes = map[string]sso.AccountType{"NN": sso.AccountForeigner} },
			func(t *testing.T, _ *fake, id *sso.Identity) {
				if r := id.Citizen().Reveal(); r.ForeignerID != "F-12345" || r.ID != "" {
					t.Errorf("%+v", r)
				}
			},
		},
		"one date layout": {
			func(f *fake) { f.person["birthDate"] = "05/1990" },
			func(e *Envelope) { e.BirthLayouts = []string{"MM/yyyy"} }, nil,
		},
		"another issuer in the callback": {
			func(f *fake) {
				f.query = func(q url.Values) { q.Set("iss", "http://sso.example:8080/auth/realms/citizen") }
			},
			func(e *Envelope) { e.IssuerAlias = "http://sso.example:8080/auth/realms/citizen" }, nil,
		},
		"answers called text": {
			func(f *fake) { f.media = "text/plain;charset=UTF-8" },
			func(e *Envelope) { e.AnyMediaType = true }, nil,
		},
		"answers called nothing": {func(f *fake) { f.media = "" }, func(e *Envelope) { e.AnyMediaType = true }, nil},
		"no token_type":          {func(f *fake) { delete(f.token, "token_type") }, func(*Envelope) {}, nil},
		"level as text":          {func(f *fake) { f.person["accountLevel"] = "2" }, func(*Envelope) {}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			if test.fake != nil {
				test.fake(f)
			}
			e := f.envelope()
			test.edit(&e)
			id, err := f.login(e.Wire())
			if err != nil {
				t.Fatal(err)
			}
			if id.Citizen().IsZero() {
				t.Error("nobody")
			}
			if test.check != nil {
				test.check(t, f, id)
			}
		})
	}
}

func TestBirthDatesOfFourLayouts(t *testing.T) {
	for _, s := range []string{"19900517", "17/05/1990", "17051990", "1990-05-17"} {
		f := newFake(t)
		f.person["birthDate"] = s
		id, err := f.login(f.envelope().Wire())
		if err != nil || id.Citizen().Birth().String() != "1990-05-17" {
			t.Errorf("%s: %v", s, err)
		}
	}
}

func TestSubjectsAreOnePersonsForOneClient(t *testing.T) {
	key := bytes.Repeat([]byte{1}, 32)
	a, err := subject(key, "client", vneid.Record{ID: number})
	if err != nil {
		t.Fatal(err)
	}
	same, _ := subject(key, "client", vneid.Record{ID: number})
	seen := []string{a}
	for _, other := range []func() (string, error){
		func() (string, error) { return subject(key, "client2", vneid.Record{ID: number}) },
		func() (string, error) { return subject(key, "client", vneid.Record{ID: "999190000002"}) },
		func() (string, error) {
			return subject(bytes.Repeat([]byte{2}, 32), "client", vneid.Record{ID: number})
		},
		func() (string, error) { return subject(key, "clien", vneid.Record{ForeignerID: "t" + number}) },
	} {
		s, err := other()
		if err != nil || slices.Contains(seen, s) {
			t.Error("two people or two clients share a subject", err)
		}
		seen = append(seen, s)
	}
	if a != same {
		t.Error("one person has two subjects")
	}
	if _, err := subject(key, "client", vneid.Record{Name: fullName}); err == nil {
		t.Error("a name made a subject")
	}
}

func TestTheRequestSaysNoMoreThanTheWireHas(t *testing.T) {
	f := newFake(t)
	d := f.deployment()
	d.AuthURL += "?tenant=1"
	for name, test := range map[string]struct {
		wire sso.Wire
		want []string
	}{
		"Envelope":  {Envelope{Deployment: d, Key: rsaKey(), SubjectKey: make([]byte, 32)}.Wire(), nil},
		"VNConnect": {VNConnect{Deployment: d}.Wire(), []string{"acr_values"}},
	} {
		redirect, s, err := newClient(t, f.config(test.wire)).Begin(t.Context(), sso.Ask{LoginHint: number})
		if err != nil {
			t.Fatal(name, err)
		}
		u, err := url.Parse(redirect)
		if err != nil {
			t.Fatal(err)
		}
		q := u.Query()
		want := append([]string{"tenant", "response_type", "client_id", "redirect_uri", "scope", "state"}, test.want...)
		for name := range q {
			if !slices.Contains(want, name) {
				t.Errorf("unexpected parameter %s", name)
			}
		}
		if len(q) != len(want) || q.Get("response_type") != "code" || q.Get("client_id") != clientID || q.Get("redirect_uri") != portal ||
			q.Get("scope") != "openid" || q.Get("state") != s.State() || strings.Contains(redirect, number) {
			t.Errorf("%s: %v", name, redirect)
		}
		if name == "VNConnect" && q.Get("acr_values") != "LoA1" {
			t.Error(q.Get("acr_values"))
		}
	}
}
