package legacy

import (
	"context"
	"crypto/aes"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/login"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// An attack aims at one check. It must fail while all stand, and succeed when that
// one is taken out: by the setting that gives it up where there is one, else by a
// function put in its place, which no importer reaches.
type attack struct {
	name, check string
	run         func(t *testing.T, without bool) (*sso.Identity, error)
	gained      func(*sso.Identity) bool // what the attacker wanted; nil: any login
}

var attacks = []attack{
	{"encrypt_key is stripped and a code of the attacker's put in", "encrypt_key must be there", func(t *testing.T, without bool) (*sso.Identity, error) {
		f := newFake(t)
		f.accepts = func(c string) bool { return c == "stolen-code" }
		f.query = func(q url.Values) { q.Del("encrypt_key"); q.Set("code", "stolen-code") }
		e := f.envelope()
		e.PlainCode = without
		return f.login(e.Wire())
	}, nil},
	{"a box that ends TLS answers in plain JSON", "answers must be envelopes", func(t *testing.T, without bool) (*sso.Identity, error) {
		f := newFake(t)
		e := f.envelope()
		e.PlainAnswers = without
		f.override["/userinfo"] = says(200, asJSON, `{"citizenPid":"`+number+`"}`)
		return f.login(e.Wire())
	}, nil},
	{"a sealed code of another form travels into the token form", "a code is GUIDs", func(t *testing.T, without bool) (*sso.Identity, error) {
		f := newFake(t)
		f.code = "0&client_id=other&code=stolen"
		w := f.envelope().Wire().(*envelopeWire)
		if without {
			w.code = func(key, data string) (string, bool) {
				o, ok := unshaped(t, key, data)
				return o, ok
			}
		}
		return f.login(w)
	}, nil},
	{"envelopes under a shorter key than agreed", "the AES length is configured", func(t *testing.T, without bool) (*sso.Identity, error) {
		f := newFake(t)
		e := f.envelope()
		f.bits = 128
		if without {
			e.AESBits = 128
		}
		return f.login(e.Wire())
	}, nil},
	{"a login that nobody signed enters a page made for signed ones", "TransportOnly is accepted by name", func(t *testing.T, without bool) (*sso.Identity, error) {
		f := newFake(t)
		cfg := f.config(f.envelope().Wire())
		cfg.Need.Level = 1
		if !without {
			cfg.Accept = 0
		}
		return f.loginAs(cfg)
	}, nil},
	{"a level by a word that nobody agreed on", "unknown levels are level 0", func(t *testing.T, without bool) (*sso.Identity, error) {
		f := newFake(t)
		f.person["accountLevel"] = "VIP"
		e := f.envelope()
		if without {
			e.Levels = map[string]vneid.Level{"VIP": 2}
		}
		cfg := f.config(e.Wire())
		cfg.Need.Level = 2
		return f.loginAs(cfg)
	}, nil},
	{"mix-up: a callback of another issuer", "iss is compared", func(t *testing.T, without bool) (*sso.Identity, error) {
		f := newFake(t)
		f.query = func(q url.Values) { q.Set("iss", "https://evil.example") }
		e := f.envelope()
		if without {
			e.IssuerAlias = "https://evil.example"
		}
		return f.login(e.Wire())
	}, nil},
	{"an account of a portal without proofing comes through the broker", "loginIdp", func(t *testing.T, without bool) (*sso.Identity, error) {
		f := newFake(t).vnConnect()
		f.person["loginIdp"] = "PORTAL"
		v := VNConnect{Deployment: f.deployment()}
		if without {
			v.IDPs = []string{"PORTAL"}
		}
		return f.login(v.Wire())
	}, nil},
	{"an organisation's account passes for a citizen", "account types", func(t *testing.T, without bool) (*sso.Identity, error) {
		f := newFake(t).vnConnect()
		f.person["LoaiTaiKhoan"] = "2"
		v := VNConnect{Deployment: f.deployment()}
		if without {
			v.AccountTypes = map[string]sso.AccountType{"2": sso.AccountCitizen}
		}
		return f.login(v.Wire())
	}, func(id *sso.Identity) bool { return id.Citizen().Reveal().ID != "" }},
	{"a page shows userinfo and with it the bearer token in a URL", "claims are harmless", func(t *testing.T, without bool) (*sso.Identity, error) {
		f := newFake(t).vnConnect()
		w := VNConnect{Deployment: f.deployment()}.Wire()
		if without {
			w = unfiltered{w, f}
		}
		return f.login(w)
	}, func(id *sso.Identity) bool { _, shown := id.Claim("userProfileUri"); return shown }},
	{"the same number logs in to a second client's accounts", "subjects are of one client and key", func(t *testing.T, without bool) (*sso.Identity, error) {
		f := newFake(t)
		victim, err := f.login(f.envelope().Wire())
		if err != nil {
			t.Fatal(err)
		}
		e := f.envelope()
		if !without {
			e.SubjectKey = []byte(strings.Repeat("another client's key", 2))
		}
		id, err := f.login(e.Wire())
		if err == nil && id.Subject() != victim.Subject() {
			return nil, nil
		}
		return id, err
	}, nil},
	{"the token endpoint sends the secret on to a trap", "redirects are not followed", func(t *testing.T, without bool) (*sso.Identity, error) {
		f := newFake(t)
		trapped := false
		f.override["/trap"] = func(w http.ResponseWriter, r *http.Request) { trapped = r.PostFormValue("client_secret") == secret }
		f.override["/token"] = func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/trap", http.StatusTemporaryRedirect)
		}
		if without { // a client that would follow, as a plain one does
			form := url.Values{"client_secret": {secret}}
			res, err := http.PostForm(f.srv.URL+"/token", form)
			if err == nil {
				res.Body.Close()
			}
		} else if _, err := f.login(f.envelope().Wire()); err == nil {
			t.Error("the login passed")
		}
		if trapped {
			return new(sso.Identity), nil
		}
		return nil, nil
	}, func(id *sso.Identity) bool { return id != nil }},
}

// unfiltered shows userinfo as it came.
type unfiltered struct {
	sso.Wire
	f *fake
}

func (u unfiltered) Finish(ctx context.Context, own seal.Seal, b login.Callback) (login.Statement, error) {
	st, err := u.Wire.Finish(ctx, own, b)
	if err == nil {
		text, _ := json.Marshal(u.f.person)
		st.Claims, err = jws.ParseObject(string(text))
	}
	return st, err
}

// unshaped opens an envelope of the fake's without asking what is in it.
func unshaped(t *testing.T, key, data string) (string, bool) {
	t.Helper()
	wrapped, err := base64.StdEncoding.DecodeString(key)
	if err != nil {
		return "", false
	}
	aesKey, err := rsaKey().Decrypt(nil, wrapped, nil)
	if err != nil {
		return "", false
	}
	b, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		return "", false
	}
	c, err := aes.NewCipher(aesKey)
	if err != nil {
		return "", false
	}
	for i := 0; i < len(b); i += 16 {
		c.Decrypt(b[i:], b[i:i+16])
	}
	return string(b[:len(b)-int(b[len(b)-1])]), true
}

func TestAttacksSucceedOnlyWithoutTheirCheck(t *testing.T) {
	for _, a := range attacks {
		won := func(without bool) bool {
			id, err := a.run(t, without)
			if err != nil && id != nil {
				t.Errorf("%s: somebody next to a refusal", a.name)
			}
			if a.gained != nil && id != nil {
				return a.gained(id)
			}
			return err == nil && id != nil
		}
		with, without := won(false), won(true)
		t.Logf("%-70s with %q: %v, without: %v", a.name, a.check, with, without)
		if with || !without {
			t.Errorf("%s: %v with its check, %v without", a.name, with, without)
			continue
		}
		t.Logf("pair L %s: stopped by %s, succeeds without", a.name, a.check)
	}
	t.Logf("%d attacks, 0 succeed", len(attacks))
}

// The claims that Identity.Claim shows, and those that it must not.
func TestOnlyHarmlessClaimsAreShown(t *testing.T) {
	harm := object{
		"userProfileUri": "x", "UserProfileURI": "x", "logout_uri": "x", "given_name": "Nguyễn", "familyName": "Thị Thử",
		"a": "https://sso.example/x", "b": "//sso.example/x", "c": "https:\\/\\/x", "d": "eyJhbGciOiJub25lIn0.e30.", "e": []any{"https://x"},
		"f": object{"g": object{"h": "http://x"}}, "i": "view-info?token_id=1", "j": "TOKEN", "access_token": "x", "refreshToken": "x",
		"k": []any{[]any{"eyJ0"}}, "l": object{"https://x": 1},
	}
	good := object{"hoTen": fullName, "n": 1, "o": nil, "p": true, "q": []any{"a", 1}, "r": object{"s": "t/u"}, "u\"v": "w\\x", "é": "y"}
	f := newFake(t)
	maps.Copy(f.person, harm)
	maps.Copy(f.person, good)
	id, err := f.login(f.envelope().Wire())
	if err != nil {
		t.Fatal(err)
	}
	for name := range harm {
		if raw, ok := id.Claim(name); ok && name != "c" {
			t.Errorf("%s is shown: %s", name, raw)
		}
	}
	for name := range good {
		if _, ok := id.Claim(name); !ok {
			t.Errorf("%s is lost", name)
		}
	}
}
