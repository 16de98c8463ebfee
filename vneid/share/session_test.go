package share

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// portal is what a portal asks: a licence and a residence, for a purpose that is said in
// two languages.
func portal() Request {
	return Request{
		Documents: []Want{
			{Kind: document.DriverLicence, Claims: []Claim{{Name: "number"}, {Name: "classes"}, {Name: "points", Optional: true}},
				Predicates: []Predicate{AgeAtLeast(18), LicenceIncludes("B")}, MaxAgeDays: 1},
			{Kind: document.Residence, Claims: []Claim{{Name: "permanent"}, {Name: "temporary", Optional: true}}, Optional: true},
		},
		Purpose:       Purpose{Code: "parking-permit", VI: "Cấp thẻ đỗ xe cho người dân của phường", EN: "A parking permit for residents of the ward"},
		RetentionDays: 30, Store: true, Need: vneid.Assurance{Level: 2, Auth: 2},
	}
}

func TestAPendingShareCostsLittleAtRest(t *testing.T) {
	o := newOP(t)
	c := o.client(func(cfg *Config) { cfg.WebhookSecret = []byte(secret) })
	_, browser, err := c.Begin(t.Context(), portal())
	if err != nil {
		t.Fatal(err)
	}
	telephone, err := c.Ask(t.Context(), portal(), "999090000001", "quay 3")
	if err != nil {
		t.Fatal(err)
	}
	for name, s := range map[string]*Session{"of a browser": browser, "of a telephone": telephone} {
		plain, err := s.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("a pending request %s: %d bytes as stored, 0 with its sealed text in the browser", name, len(plain))
		if len(plain) > 400 || len(text) != len(plain)+2 {
			t.Errorf("%d bytes, %d as JSON", len(plain), len(text))
		}
		// With the sealed text nothing at all is kept here: no map of the client has it.
		sealed, err := c.Seal(s)
		if err != nil {
			t.Fatal(err)
		}
		again, err := c.Open(sealed)
		if err != nil || fmt.Sprint(again.look()) != fmt.Sprint(s.look()) {
			t.Errorf("%v: it is another session when it is opened", err)
		}
	}
	if c.ended.Len() != 0 {
		t.Error("the client remembers a request before it ends")
	}
}

func TestASessionIsReadBackOrRefused(t *testing.T) {
	o := newOP(t)
	c := o.client()
	_, s, err := c.Begin(t.Context(), request())
	if err != nil {
		t.Fatal(err)
	}
	text, _ := s.MarshalText()
	again := new(Session)
	if err := again.UnmarshalText(text); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Finish(t.Context(), again, o.callback()); err != nil {
		t.Errorf("the twin, read back: %v", err)
	}
	for name, bad := range map[string]string{
		"nothing": "", "another version": "2" + string(text[1:]), "cut off": string(text[:len(text)-9]), "one letter more": string(text) + "A",
		"no base64": string(text[:20]) + "!" + string(text[21:]), "without end": "1" + strings.Repeat("A", maxText),
	} {
		if err := new(Session).UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%s is read", name)
		} else if strings.Contains(err.Error(), string(text[5:15])) {
			t.Errorf("%s: the text quotes the session", name)
		}
	}
	// A session that is empty finishes nothing.
	for _, empty := range []*Session{nil, {}} {
		_, err := c.Finish(t.Context(), empty, o.callback())
		refusedAs(t, err, vneid.ErrMismatch)
		_, err = c.Poll(t.Context(), empty)
		refusedAs(t, err, vneid.ErrMismatch)
	}
}

func TestASealedSessionOpensForItsOwnerAlone(t *testing.T) {
	o := newOP(t)
	key, other := []byte(strings.Repeat("k", 32)), []byte(strings.Repeat("o", 32))
	c := o.client(func(cfg *Config) { cfg.CookieKeys = [][]byte{key} })
	_, s, err := c.Begin(t.Context(), request())
	if err != nil {
		t.Fatal(err)
	}
	text, err := c.Seal(s)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := o.client(func(cfg *Config) { cfg.CookieKeys = [][]byte{other, key} }).Open(text); err != nil {
		t.Fatalf("the twin, another process with the key: %v", err)
	}
	for name, edit := range map[string]func(*Config){
		"another key":   func(cfg *Config) { cfg.CookieKeys = [][]byte{other} },
		"another route": func(cfg *Config) { cfg.CookieKeys, cfg.RedirectURL = [][]byte{key}, "https://portal.example/other" },
	} {
		_, err := o.client(edit).Open(text)
		refusedAs(t, err, vneid.ErrMismatch)
		_ = name
	}
	if _, err := c.Open(text[:len(text)-1]); err == nil {
		t.Error("a cut text opens")
	}
	tab, err := c.box.Seal(forTab, []byte("x"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = c.Open(tab)
	refusedAs(t, err, vneid.ErrMismatch)
}

func TestNothingThatIsSecretIsPrinted(t *testing.T) {
	o := newOP(t)
	periodic(o)
	const canary = "canary-canary-canary-canary-canary"
	c := o.client(func(cfg *Config) { cfg.WebhookSecret, cfg.CookieKeys = []byte(canary), [][]byte{[]byte(canary)} })
	_, s, err := c.Begin(t.Context(), monthly())
	if err != nil {
		t.Fatal(err)
	}
	r, err := c.Finish(t.Context(), s, o.callback())
	if err != nil {
		t.Fatal(err)
	}
	p := s.look()
	hidden := []string{canary, p.state(), p.nonce(), p.verifier(), "refresh-1", "999190000001", "Mẫu", b64(p.Secret)}
	cfg := o.config()
	cfg.WebhookSecret, cfg.CookieKeys = []byte(canary), [][]byte{[]byte(canary)}
	type foreign struct {
		inside any
		list   []any
	}
	for name, v := range map[string]any{"Session": s, "Grant": r.Consent(), "Client": c, "Config": cfg, "Records": r} {
		for i, shown := range []any{v, foreign{v, []any{v}}, map[string]any{"x": v}, &v} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
				text := fmt.Sprintf(verb, shown)
				for _, secret := range hidden {
					if name == "Config" && i > 0 {
						continue // the doc comment says so
					}
					if strings.Contains(text, secret) || strings.Contains(text, fmt.Sprintf("%x", secret)) {
						t.Errorf("%s by %s shows %q", name, verb, secret)
					}
				}
			}
		}
		var log strings.Builder
		slog.New(slog.NewTextHandler(&log, nil)).Info("x", "v", v)
		for _, secret := range hidden {
			if strings.Contains(log.String(), secret) {
				t.Errorf("%s in a log shows %q", name, secret)
			}
		}
	}
	if err := json.NewEncoder(io.Discard).Encode(cfg); err == nil {
		t.Error("a Config is encoded")
	}
}
