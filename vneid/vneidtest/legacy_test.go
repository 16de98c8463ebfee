package vneidtest_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/sso/legacy"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// Many logins, so that every letter of base64, + above all, has been in a callback.
func TestLoginsByTheWiresBeforeOpenIDConnect(t *testing.T) {
	p := vneidtest.New(t)
	for name, cfg := range map[string]sso.Config{"VNConnect": p.VNConnect(back), "Envelope": p.Envelope(back)} {
		subject := ""
		for range 20 {
			id, err := p.Login("level2", cfg)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			r := id.Citizen().Reveal()
			if want := p.Person("level2").Record; r.ID != want.ID || r.Name != want.Name || r.Birth != want.Birth {
				t.Errorf("%s: got %+v", name, r)
			}
			if id.Integrity() != sso.TransportOnly || id.Subject() == "" || subject != "" && id.Subject() != subject {
				t.Errorf("%s: %v, subject %q after %q", name, id.Integrity(), id.Subject(), subject)
			}
			subject = id.Subject()
			if want := (vneid.Assurance{Level: 2}); name == "Envelope" && id.Assurance() != want {
				t.Errorf("%s: %v", name, id.Assurance())
			}
		}
		if other, err := p.Login("namesake", cfg); err != nil || other.Subject() == subject {
			t.Errorf("%s: a namesake has the same subject: %v", name, err)
		}
	}
	if reads := p.History("level2"); len(reads) != 80 {
		t.Errorf("%d entries in the history", len(reads))
	}
}

// The handlers, cookies and redirects of package sso, in a browser.
func TestABrowserLogsInByEachWire(t *testing.T) {
	p := vneidtest.New(t)
	for name, config := range map[string]func(string) sso.Config{"VNConnect": p.VNConnect, "Envelope": p.Envelope} {
		mux := http.NewServeMux()
		portal := httptest.NewServer(mux)
		defer portal.Close()
		login, err := sso.New(config(portal.URL + "/callback"))
		if err != nil {
			t.Fatal(err)
		}
		mux.Handle("/login", login.Login(sso.Ask{}))
		mux.Handle("/callback", login.Callback(func(w http.ResponseWriter, r *http.Request, id *sso.Identity, _ string) {
			io.WriteString(w, "Xin chào "+id.Citizen().Name())
		}))
		resp, err := p.Browser("level2").Get(portal.URL + "/login")
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || string(page) != "Xin chào Nguyễn Văn An" {
			t.Errorf("%s: %s %v", name, page, err)
		}
	}
}

// wireFaults say what sso/legacy makes of each defect, with VNConnect and with
// Envelope; nil: the login passes.
var wireFaults = map[string][2]error{
	"wire-token-401":         {vneid.ErrUntrusted, vneid.ErrUntrusted},
	"wire-token-415":         {vneid.ErrUnavailable, vneid.ErrUnavailable},
	"wire-token-down":        {vneid.ErrUnavailable, vneid.ErrUnavailable},
	"wire-token-page":        {vneid.ErrMalformed, vneid.ErrMalformed},
	"wire-userinfo-401":      {vneid.ErrUntrusted, vneid.ErrUntrusted},
	"wire-userinfo-cut":      {vneid.ErrMalformed, vneid.ErrMalformed},
	"vnconnect-other-idp":    {vneid.ErrUntrusted, nil},
	"vnconnect-printed-date": {vneid.ErrMalformed, nil},
	"vnconnect-nine-digits":  {vneid.ErrMalformed, nil},
	"envelope-nine-digits":   {nil, vneid.ErrMalformed},
	"envelope-bad-key":       {nil, vneid.ErrMalformed},
	"envelope-bad-data":      {nil, vneid.ErrMalformed},
	"envelope-bad-padding":   {nil, vneid.ErrMalformed},
	"envelope-cut":           {nil, vneid.ErrMalformed},
	"envelope-other-key":     {nil, vneid.ErrMalformed},
	"envelope-128":           {nil, vneid.ErrMalformed},
	"envelope-plain":         {nil, vneid.ErrMalformed},
	"envelope-bare-code":     {nil, vneid.ErrMalformed},
	"envelope-odd-code":      {nil, vneid.ErrMalformed},
	"envelope-plus-space":    {nil, nil},
	"envelope-plus-escaped":  {nil, nil},
	"envelope-plus-twice":    {nil, nil},

	// Defects of OpenID Connect that these wires have too.
	"missing-state": {vneid.ErrMalformed, vneid.ErrMalformed}, "wrong-state": {vneid.ErrMismatch, vneid.ErrMismatch},
	"server-error":         {vneid.ErrUnavailable, vneid.ErrUnavailable},
	"missing-access-token": {vneid.ErrMalformed, vneid.ErrMalformed},
	"wrong-nonce":          {nil, nil}, "jwks-down": {nil, nil}, "discovery-down": {nil, nil},
}

func TestEveryFaultOfAWireHasItsKind(t *testing.T) {
	p := vneidtest.New(t)
	configs := []sso.Config{p.VNConnect(back), p.Envelope(back)}
	seen := 0
	for _, f := range vneidtest.Faults() {
		want, known := wireFaults[f.Name]
		if own := strings.HasPrefix(f.Name, "wire-") || strings.HasPrefix(f.Name, "vnconnect-") || strings.HasPrefix(f.Name, "envelope-"); own && !known {
			t.Errorf("%s: no test knows this fault", f.Name)
		}
		if !known {
			continue
		}
		seen++
		for i, cfg := range configs {
			if _, err := p.Login("level2", cfg); err != nil {
				t.Fatalf("%s: the twin does not pass: %v", f.Name, err)
			}
			p.Break(f.Name)
			id, err := p.Login("level2", cfg)
			p.Heal()
			verdict(t, f.Name, err, want[i], id.IsZero())
		}
	}
	if seen != len(wireFaults) {
		t.Errorf("%d of %d faults exist", seen, len(wireFaults))
	}
}

// What one deployment has and another not: each passes where it is configured.
func TestDeploymentsOfTheEnvelopeDiffer(t *testing.T) {
	p := vneidtest.New(t)
	for fault, change := range map[string]func(*legacy.Envelope){
		"envelope-128":       func(e *legacy.Envelope) { e.AESBits = 128 },
		"envelope-plain":     func(e *legacy.Envelope) { e.PlainAnswers = true },
		"envelope-bare-code": func(e *legacy.Envelope) { e.PlainCode = true },
		"wrong-nonce":        func(e *legacy.Envelope) { e.BasicAuth, e.PKCE = true, true },
	} {
		cfg, e := p.EnvelopeWire(back)
		change(&e)
		cfg.Wire = e.Wire()
		p.Break(fault)
		if _, err := p.Login("level2", cfg); err != nil {
			t.Errorf("%s: %v", fault, err)
		}
		p.Heal()
	}
}

func TestWhoIsLockedOrDeclinesDoesNotComeInByAWire(t *testing.T) {
	p := vneidtest.New(t)
	for _, cfg := range []sso.Config{p.VNConnect(back), p.Envelope(back)} {
		if _, err := p.Login("account-locked", cfg); !errors.Is(err, vneid.ErrLocked) {
			t.Errorf("locked: %v", err)
		}
		p.Decline("level1")
		if _, err := p.Login("level1", cfg); !errors.Is(err, vneid.ErrDenied) {
			t.Errorf("declined: %v", err)
		}
		strict := cfg
		strict.Accept = 0
		strict.Need = vneid.Assurance{Level: 1}
		if id, err := p.Login("level2", strict); err == nil || !id.IsZero() {
			t.Error("TransportOnly passes where nobody accepted it")
		}
	}
}

func TestACodeOfAWireLivesTwoSeconds(t *testing.T) {
	for _, late := range []bool{false, true} {
		p := vneidtest.New(t)
		cfg := p.VNConnect(back)
		cfg.HTTP = &http.Client{Transport: tripper(func(r *http.Request) (*http.Response, error) {
			if late && strings.HasSuffix(r.URL.Path, "/token") {
				p.Advance(2 * time.Second)
			}
			return http.DefaultTransport.RoundTrip(r)
		})}
		_, err := p.Login("level2", cfg)
		if late != errors.Is(err, vneid.ErrExpired) || late != (err != nil) {
			t.Errorf("late %v: %v", late, err)
		}
	}
}

type tripper func(*http.Request) (*http.Response, error)

func (f tripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
