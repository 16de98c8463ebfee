package platform

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
)

// sweeps counts how often the store is gone through.
type sweeps struct {
	Store
	n *int
}

func (s sweeps) Sweep(ctx context.Context, before time.Time) (int, error) {
	*s.n++
	return s.Store.Sweep(ctx, before)
}

func TestStrangersCannotFillTheStore(t *testing.T) {
	w, n := newWorld(t), 0
	w.store = sweeps{w.store, &n}
	before, err := w.store.Sweep(context.Background(), w.now())
	if err != nil {
		t.Fatal(err)
	}
	n, w.cfg.MaxRecords = 0, int64(before)+80
	b := w.browser("level2")
	full := 0
	for range 300 {
		if v := b.start(request(map[string]string{"prompt": "login"})); v.Step == StepError {
			full++
			if v.Status != 503 {
				t.Fatalf("status %d", v.Status)
			}
		}
	}
	if full < 100 {
		t.Errorf("%d of 300 were turned away", full)
	}
	if n > 2 { // in one second of the clock
		t.Errorf("the full store was gone through %d times", n)
	}
	if stay, err := w.store.Sweep(context.Background(), w.now()); err != nil || stay > before+90 {
		t.Errorf("%d records, %v", stay, err)
	}
	w.clock.advance(interactionLife + time.Second)
	if got := b.authorize(request(nil)); got.Get("code") == "" {
		t.Errorf("the platform does not recover: %v", got)
	}
}

func TestTooManyRequestsAtOnceAreTurnedAway(t *testing.T) {
	w := newWorld(t)
	for range cap(w.busy) {
		w.busy <- struct{}{}
	}
	req, _ := http.NewRequest("GET", w.url+pathDiscovery, nil)
	if a := w.call(req); a.status != 503 || a.header.Get("Retry-After") == "" {
		t.Errorf("%d", a.status)
	}
	<-w.busy
	if a := w.call(req); a.status != 200 {
		t.Errorf("%d", a.status)
	}
}

// brokenStore answers with an error that must not be shown.
type brokenStore struct{ Store }

var errSecret = errors.New("connection to 10.0.0.1 lost while writing 999090000001")

func (brokenStore) Update(context.Context, func(Tx) error) error { return errSecret }
func (brokenStore) View(context.Context, func(Tx) error) error   { return errSecret }
func (brokenStore) Get(context.Context, string, string) ([]byte, error) {
	return nil, errSecret
}

func TestTroubleInTheStoreIsTemporaryAndSilent(t *testing.T) {
	w := newWorld(t)
	b := w.browser("level2")
	v := b.start(request(nil))
	w.store = brokenStore{w.store}
	for name, a := range map[string]answer{
		"authorize":   w.get("/authorize?" + request(nil).Encode()),
		"interaction": w.get(v.Action),
		"token":       w.exchangeCode("x", nil),
		"userinfo":    w.userinfo("x"),
		"redeem":      w.redeemAs("rp", rpSecret, "x", key1),
		"logout":      w.get("/logout"),
	} {
		if a.status != 503 || strings.Contains(string(a.raw), "999090") || strings.Contains(string(a.raw), "10.0.0") {
			t.Errorf("%s: %d %s", name, a.status, a.raw)
		}
	}
}

func (w *world) get(path string) answer {
	w.t.Helper()
	req, err := http.NewRequest("GET", w.url+path, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.call(req)
}

// Keys of the store and everything that stands outside an account's own record
// must not show who somebody is, nor hold a secret that opens something.
func TestTheStoreKeepsNumbersAndSecretsInTheirPlace(t *testing.T) {
	w := newWorld(t)
	a := w.login("level2", map[string]string{"acr_values": "urn:vneid:acr:l2:a4"})
	access := a.body["access_token"].(string)
	w.userinfo(access)
	w.redeemAs("rp", rpSecret, w.dynamic(CodeRequest{}), key1)
	number := regexp.MustCompile(`999[0-9]{9}`)
	for table, rows := range w.memory().tables {
		for key, row := range rows.rows {
			if number.MatchString(key) || table != tableAccounts && table != tablePapers && number.Match(row.value) {
				t.Errorf("table %s shows a number", table)
			}
			for _, secret := range []string{access, rpSecret, personas.Password, key1} {
				if strings.Contains(key, secret) || strings.Contains(string(row.value), secret) {
					t.Errorf("table %s holds a secret in the clear", table)
				}
			}
		}
	}
}

func TestRegistrationsAreChecked(t *testing.T) {
	w := newWorld(t)
	good := Client{ID: "c", Secret: "s", RedirectURIs: []string{"https://a.example/cb"}}
	for name, edit := range map[string]func(*Client){
		"no id":                func(c *Client) { c.ID = "" },
		"a space in the id":    func(c *Client) { c.ID = "a b" },
		"no secret":            func(c *Client) { c.Secret = "" },
		"public with a secret": func(c *Client) { c.Public = true },
		"http":                 func(c *Client) { c.RedirectURIs = []string{"http://a.example/cb"} },
		"a fragment":           func(c *Client) { c.RedirectURIs = []string{"https://a.example/cb#x"} },
		"a wildcard":           func(c *Client) { c.RedirectURIs = []string{"https://*.example/cb"} },
		"user information":     func(c *Client) { c.RedirectURIs = []string{"https://u@a.example/cb"} },
		"a scheme of an app":   func(c *Client) { c.RedirectURIs = []string{"app://cb"} },
		"a relative URI":       func(c *Client) { c.RedirectURIs = []string{"/cb"} },
		"two hosts":            func(c *Client) { c.RedirectURIs = append(c.RedirectURIs, "https://b.example/cb") },
		"a logout over http":   func(c *Client) { c.LogoutURIs = []string{"http://a.example/"} },
		"an unknown scope":     func(c *Client) { c.Scopes = []string{"biometrics"} },
		"many URIs":            func(c *Client) { c.LogoutURIs = make([]string, maxURIs+1) },
	} {
		c := good
		w.register(c)
		edit(&c)
		if err := w.Register(context.Background(), c); err == nil {
			t.Errorf("%s was registered", name)
		}
	}
	two := good
	two.RedirectURIs, two.Sector = []string{"https://a.example/cb", "https://b.example/cb"}, "a.example"
	w.register(two)
	if c, err := w.Client(context.Background(), "c"); err != nil || c.Secret != "" || c.Sector != "a.example" {
		t.Errorf("%+v %v", c, err)
	}
	if _, err := w.Client(context.Background(), "nobody"); err == nil {
		t.Error("a client that is not registered")
	}
}

func TestConfigurationIsChecked(t *testing.T) {
	for name, c := range map[string]Config{
		"no issuer":         {},
		"http":              {Issuer: "http://id.example"},
		"a path":            {Issuer: "https://id.example/vneid"},
		"a slash":           {Issuer: "https://id.example/"},
		"a query":           {Issuer: "https://id.example?x"},
		"user information":  {Issuer: "https://u@id.example"},
		"a short secret":    {Issuer: "https://id.example", Secret: make([]byte, 31)},
		"negative rounds":   {Issuer: "https://id.example", PasswordRounds: -1},
		"a negative number": {Issuer: "https://id.example", MaxRecords: -1},
	} {
		if _, err := New(c); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	for _, issuer := range []string{"https://id.example", "https://id.example:8443", "http://localhost:1", "http://[::1]:1"} {
		if p, err := New(Config{Issuer: issuer}); err != nil || p.Issuer() != issuer {
			t.Errorf("%s: %v", issuer, err)
		}
	}
}

func TestAViewIsPlainData(t *testing.T) {
	in := View{Step: StepFactor, Factors: []Factor{FactorApp}, Client: &ClientView{ID: "x"}, Scopes: []ScopeView{{Name: "openid", Required: true}}}
	b, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	var out View
	if err := json.Unmarshal(b, &out); err != nil || out.Client.ID != "x" || out.Factors[0] != FactorApp || !out.Scopes[0].Required {
		t.Errorf("%+v %v", out, err)
	}
}
