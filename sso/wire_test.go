package sso

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/login"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// toy is a wire whose provider says what the test tells it.
type toy struct {
	check  error
	says   login.Statement
	err    error
	seen   *login.Callback
	asked  *login.Request
	calls  int
	secret string // a canary, which no print of a Client may show
}

func (w *toy) Check(own seal.Seal, s login.Setup) error {
	if !own.Valid() || s.ClientID == "" || s.Now == nil {
		return errors.New("no seal or no setup")
	}
	return w.check
}
func (w *toy) Issuers(seal.Seal) []string { return []string{"http://old-name.example:8080"} }
func (w *toy) Redirect(own seal.Seal, r login.Request) (string, error) {
	w.asked = &r
	return "https://old.example/auth?state=" + r.State, nil
}
func (w *toy) Finish(_ context.Context, own seal.Seal, b login.Callback) (login.Statement, error) {
	w.calls++
	w.seen = &b
	return w.says, w.err
}

func newToy() *toy {
	return &toy{secret: "canary-wire", says: login.Statement{
		Subject: "old-1", Level: 2, Account: "citizen",
		Record: vneid.Record{ID: "999190000001", Name: "Nguyễn Thị Thử"},
	}}
}

func wired(t testing.TB, w *toy, set ...func(*Config)) *Client {
	t.Helper()
	cfg := Config{Issuer: "https://old.example", ClientID: "portal:1", ClientSecret: "s+cret", RedirectURL: "https://portal.example/callback", Wire: w}
	for _, f := range set {
		f(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func accepting(c *Config) { c.Accept = TransportOnly }

func TestAWireCarriesALogin(t *testing.T) {
	w := newToy()
	c := wired(t, w, accepting, func(c *Config) { c.Need = vneid.Assurance{Level: 2} })
	to, s, err := c.Begin(t.Context(), Ask{Return: "/in"})
	if err != nil || !strings.HasPrefix(to, "https://old.example/auth") || w.asked.State != s.State() || len(w.asked.Challenge) != 43 {
		t.Fatal(to, err)
	}
	id, err := c.Finish(t.Context(), s, "code=a+b%20c&encrypt_key=x+y==&state="+s.State())
	if err != nil {
		t.Fatal(err)
	}
	if q := w.seen.Query; q["code"] != "a+b c" || q["encrypt_key"] != "x+y==" || w.seen.Verifier == "" || w.seen.Party.Client != "portal:1" {
		t.Errorf("the wire sees %v", q)
	}
	if id.Integrity() != TransportOnly || id.Subject() != "old-1" || id.Citizen().Reveal().ID != "999190000001" || id.AccountType() != AccountCitizen ||
		id.Check(vneid.Assurance{Level: 2}) != nil || id.Check(vneid.Assurance{Auth: 1}) == nil {
		t.Error("the statement is not the identity's")
	}
	if _, err := c.Finish(t.Context(), s, "code=a&state="+s.State()); !errors.Is(err, vneid.ErrReplayed) || w.calls != 1 {
		t.Errorf("a second time: %v, %d calls", err, w.calls)
	}
	if text := fmt.Sprintf("%v %+v %#v", c, c, *c); strings.Contains(text, "canary-wire") {
		t.Error("a print of the Client shows the wire")
	}
}

func TestAWireIsAskedOnlyAfterTheChecks(t *testing.T) {
	for name, query := range map[string]func(state string) string{
		"another state": func(string) string { return "code=a&state=x" },
		"no state":      func(string) string { return "code=a" },
		"no code":       func(s string) string { return "state=" + s },
		"code twice":    func(s string) string { return "code=a&code=b&state=" + s },
		"another iss":   func(s string) string { return "code=a&iss=https://evil.example&state=" + s },
		"an error":      func(s string) string { return "error=access_denied&state=" + s },
		"a token":       func(s string) string { return "code=a&id_token=x&state=" + s },
	} {
		w := newToy()
		c := wired(t, w)
		_, s, err := c.Begin(t.Context(), Ask{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Finish(t.Context(), s, query(s.State())); !errors.As(err, new(vneid.Kind)) || w.calls != 0 {
			t.Errorf("%s: %v, %d calls", name, err, w.calls)
		}
	}
	for _, iss := range []string{"https://old.example", "http://old-name.example:8080"} {
		w := newToy()
		c := wired(t, w)
		_, s, err := c.Begin(t.Context(), Ask{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Finish(t.Context(), s, "code=a&iss="+iss+"&state="+s.State()); err != nil {
			t.Errorf("%s: %v", iss, err)
		}
	}
}

func TestWhatAWireSaysIsChecked(t *testing.T) {
	late := time.Now().Add(time.Hour)
	for name, test := range map[string]struct {
		kind vneid.Kind
		edit func(*login.Statement)
	}{
		"no subject":       {vneid.ErrMalformed, func(s *login.Statement) { s.Subject = "" }},
		"a long subject":   {vneid.ErrMalformed, func(s *login.Statement) { s.Subject = strings.Repeat("a", 256) }},
		"an odd subject":   {vneid.ErrMalformed, func(s *login.Statement) { s.Subject = "a b" }},
		"another subject":  {vneid.ErrMismatch, func(s *login.Statement) { s.Subject = "old-2" }},
		"a locked account": {vneid.ErrLocked, func(s *login.Statement) { s.Locked = true }},
		"level 3":          {vneid.ErrMalformed, func(s *login.Statement) { s.Level = 3 }},
		"level -1":         {vneid.ErrMalformed, func(s *login.Statement) { s.Level = -1 }},
		"auth 5":           {vneid.ErrMalformed, func(s *login.Statement) { s.Auth = 5 }},
		"too low":          {vneid.ErrLevel, func(s *login.Statement) { s.Level = 1 }},
		"locked card":      {vneid.ErrLocked, func(s *login.Statement) { s.EID = true }},
		"of tomorrow":      {vneid.ErrNotYetValid, func(s *login.Statement) { s.At = late }},
		"eleven digits":    {vneid.ErrMalformed, func(s *login.Statement) { s.Record.ID = "99919000000" }},
		"old of ten":       {vneid.ErrMalformed, func(s *login.Statement) { s.Record.OldID = "1234567890" }},
		"former of nine":   {vneid.ErrMalformed, func(s *login.Statement) { s.Record.FormerIDs = []string{"123456789"} }},
	} {
		t.Run(name, func(t *testing.T) {
			w := newToy()
			c := wired(t, w, accepting)
			finish := func() (*Identity, error) {
				_, s, err := c.Begin(t.Context(), Ask{Need: vneid.Assurance{Level: 2}, Subject: "old-1"})
				if err != nil {
					t.Fatal(err)
				}
				return c.Finish(t.Context(), s, "code=a&state="+s.State())
			}
			if _, err := finish(); err != nil {
				t.Fatalf("the twin: %v", err)
			}
			test.edit(&w.says)
			id, err := finish()
			refusedAs(t, err, test.kind)
			if id != nil {
				t.Error("an Identity next to an error")
			}
		})
	}
	w := newToy()
	c := wired(t, w)
	w.err = fault.New(vneid.ErrSignature, "one uniform error")
	_, s, err := c.Begin(t.Context(), Ask{})
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Finish(t.Context(), s, "code=a&state="+s.State())
	refusedAs(t, err, vneid.ErrSignature)
}

func TestNobodySignedIsAcceptedOnlyByName(t *testing.T) {
	w := newToy()
	finish := func(c *Client, ask Ask) (*Identity, error) {
		_, s, err := c.Begin(t.Context(), ask)
		if err != nil {
			t.Fatal(err)
		}
		return c.Finish(t.Context(), s, "code=a&state="+s.State())
	}
	level2 := Ask{Need: vneid.Assurance{Level: 2}}
	if _, err := finish(wired(t, w, accepting), level2); err != nil {
		t.Errorf("accepted in Config: %v", err)
	}
	if id, err := finish(wired(t, w), Ask{Need: level2.Need, Accept: TransportOnly}); err != nil || id.Check(level2.Need) != nil {
		t.Errorf("accepted in Ask: %v", err)
	}
	_, err := finish(wired(t, w), level2)
	refusedAs(t, err, vneid.ErrUntrusted)
	_, err = finish(wired(t, w, func(c *Config) { c.Accept = Signed }), level2)
	refusedAs(t, err, vneid.ErrUntrusted)
	// Who asks for nothing learns who it is, and that it proves nothing.
	id, err := finish(wired(t, w), Ask{})
	if err != nil || id.Subject() != "old-1" {
		t.Fatal(err)
	}
	refusedAs(t, id.Check(vneid.Assurance{}), vneid.ErrUntrusted)
	refusedAs(t, id.Check(level2.Need), vneid.ErrUntrusted)

	var none *Identity
	if none.Integrity() != 0 || new(Identity).Integrity() >= TransportOnly {
		t.Error("nobody has integrity")
	}
}

func TestAPageAcceptsByNameToo(t *testing.T) {
	w := newToy()
	c := wired(t, w)
	start := serve(c.Login(Ask{}), get("/login"))
	back := get("/callback?code=a&state=" + w.asked.State)
	for _, k := range start.Result().Cookies() {
		back.AddCookie(k)
	}
	done := serve(c.Callback(nil), back)
	visit := func(ask Ask) int {
		r := get("/page")
		for _, k := range done.Result().Cookies() {
			r.AddCookie(k)
		}
		return serve(c.Require(ask, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if id, _ := FromContext(r.Context()); id.Integrity() != TransportOnly || id.Check(vneid.Assurance{Level: 2}) != nil {
				t.Error("somebody else on the page")
			}
		})), r).Code
	}
	if code := visit(Ask{}); code != http.StatusForbidden {
		t.Errorf("a page for the signed answers %d", code)
	}
	if code := visit(Ask{Accept: TransportOnly}); code != http.StatusOK {
		t.Errorf("a page that accepts them answers %d", code)
	}
	// A wire cannot be asked for factors: that is said, and nobody sent around.
	if code := visit(Ask{Accept: TransportOnly, Need: vneid.Assurance{Auth: 2}}); code != http.StatusForbidden {
		t.Errorf("a page for two factors answers %d", code)
	}
}

func TestSettingsOfOpenIDConnectHaveNoPlaceNextToAWire(t *testing.T) {
	good := func() Config {
		return Config{Issuer: "https://old.example", ClientID: "c", RedirectURL: "https://rp.example/cb", Wire: newToy()}
	}
	if _, err := New(good()); err != nil {
		t.Fatal(err)
	}
	for field, set := range map[string]func(*Config){
		"Config.Profile":        func(c *Config) { c.Profile = FAPI2 },
		"Config.Key":            func(c *Config) { c.Key = p256(t) },
		"Config.DPoPKey":        func(c *Config) { c.DPoPKey = p256(t) },
		"Config.JARM":           func(c *Config) { c.JARM = true },
		"Config.Decrypt":        func(c *Config) { c.Decrypt = append(c.Decrypt, p256(t)) },
		"Config.Keys":           func(c *Config) { c.Keys = oneKey{} },
		"Config.Algs":           func(c *Config) { c.Algs = []string{"ES256"} },
		"Config.Hosts":          func(c *Config) { c.Hosts = []string{"id.example"} },
		"Config.LogoutURL":      func(c *Config) { c.LogoutURL = "https://rp.example/left" },
		"Config.SignedUserinfo": func(c *Config) { c.SignedUserinfo = true },
		"Config.Wire":           func(c *Config) { c.Wire = &toy{check: errors.New("Field is wrong")} },
	} {
		c := good()
		set(&c)
		if _, err := New(c); err == nil || errors.As(err, new(vneid.Kind)) || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// Config.Issuer is only a name there: nothing may be fetched from it.
func TestAWireReadsNoMetadata(t *testing.T) {
	o := newOP(t)
	c := wired(t, newToy(), func(c *Config) { c.Issuer = o.srv.URL })
	_, err := c.Introspect(t.Context(), "token-canary")
	refusedAs(t, err, vneid.ErrUntrusted)
	if n := o.count("/.well-known/openid-configuration"); n != 0 {
		t.Errorf("%d calls", n)
	}
}
