package platform

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
)

// clock is a clock that tests set.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// world is a platform on a loopback listener, the clients of the tests, and a
// clock that stands still.
type world struct {
	*Platform
	t     testing.TB
	clock *clock
	url   string
	key   string // Idempotency-Key of every call
}

const (
	rpSecret = "rp-secret-0123456789"
	rpBack   = "https://rp.example/callback"
	// The challenge of verifier0 is made by the tests' own code.
	verifier0 = "verifier-verifier-verifier-verifier-verifier-0"
)

func newWorld(t testing.TB) *world { return newWorldOn(t, nil) }

func newWorldOn(t testing.TB, store Store) *world {
	t.Helper()
	c := &clock{now: time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)}
	if store == nil {
		store = watching(t, NewMemory())
	}
	srv := httptest.NewUnstartedServer(nil)
	p, err := New(Config{Issuer: "http://" + srv.Listener.Addr().String(), Now: c.Now, PasswordRounds: 1, Store: store})
	if err != nil {
		t.Fatal(err)
	}
	srv.Config.Handler = p.Handler()
	srv.Start()
	t.Cleanup(srv.Close)
	w := &world{Platform: p, t: t, clock: c, url: srv.URL}
	if err := p.Seed(context.Background()); err != nil {
		t.Fatal(err)
	}
	w.register(Client{ID: "rp", Name: "Cổng thử nghiệm", Secret: rpSecret, RedirectURIs: []string{rpBack},
		LogoutURIs: []string{"https://rp.example/bye"}, Scopes: []string{"profile", "phone", "email", "vneid:id", "vneid:card"}, Redeem: true})
	return w
}

func (w *world) register(c Client) {
	w.t.Helper()
	if err := w.Register(context.Background(), c); err != nil {
		w.t.Fatal(err)
	}
}

// request is a good authorization request; edits replace or (by "") remove
// parameters.
func request(edits map[string]string) url.Values {
	sum := sha256.Sum256([]byte(verifier0))
	q := url.Values{
		"client_id": {"rp"}, "redirect_uri": {rpBack}, "response_type": {"code"}, "scope": {"openid profile vneid:id"},
		"state": {"state-state-state-state"}, "nonce": {"nonce-nonce-nonce-nonce"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	for name, value := range edits {
		if value == "" {
			q.Del(name)
		} else {
			q.Set(name, value)
		}
	}
	return q
}

// browser is a person in front of a browser: it knows the handle's password and
// does what the pages ask.
type browser struct {
	*world
	client *http.Client
	handle string
	forms  map[Step]map[string]string // what to type instead of the right thing
	seen   []View
	stop   Step // a page not to answer
}

func (w *world) browser(handle string) *browser {
	jar, _ := cookiejar.New(nil)
	return &browser{world: w, handle: handle, forms: map[Step]map[string]string{}, client: &http.Client{
		Jar: jar, Timeout: 5 * time.Minute,
		CheckRedirect: func(r *http.Request, _ []*http.Request) error {
			if "http://"+r.URL.Host != w.url {
				return http.ErrUseLastResponse
			}
			return nil
		},
	}}
}

// authorize follows the whole login and returns the answer at the relying party;
// nil when it ends on a page.
func (b *browser) authorize(q url.Values) url.Values {
	b.t.Helper()
	return b.walk(b.get("/authorize?" + q.Encode()))
}

func (b *browser) get(path string) *http.Response {
	b.t.Helper()
	resp, err := b.client.Get(b.url + path)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp
}

// walk answers pages until there is none.
func (b *browser) walk(resp *http.Response) url.Values {
	b.t.Helper()
	for range 12 {
		v, answer := b.read(resp)
		if answer != nil {
			return answer
		}
		if v == nil || v.Action == "" {
			return nil
		}
		b.seen = append(b.seen, *v)
		if v.Step == b.stop && b.stop != "" {
			return nil
		}
		if v.Problem != "" && v.Problem != ProblemWaiting {
			return nil
		}
		resp = b.post(v.Action, b.fill(*v))
	}
	b.t.Fatal("the login does not end")
	return nil
}

// read takes a response apart: a page, or the redirect to the relying party.
func (b *browser) read(resp *http.Response) (*View, url.Values) {
	b.t.Helper()
	body, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil {
		b.t.Fatal(err)
	}
	if loc := resp.Header.Get("Location"); loc != "" {
		u, err := url.Parse(loc)
		if err != nil {
			b.t.Fatal(err)
		}
		return nil, u.Query()
	}
	if resp.Header.Get("Content-Type") != ViewType {
		return nil, nil
	}
	var v View
	if err := json.Unmarshal(body, &v); err != nil {
		b.t.Fatal(err)
	}
	if v.Banner != Banner {
		b.t.Errorf("a %s page without the banner", v.Step)
	}
	if v.Step == StepError || v.Step == StepLoggedOut {
		b.seen = append(b.seen, v)
	}
	return &v, nil
}

func (b *browser) post(action string, form map[string]string) *http.Response {
	b.t.Helper()
	values := url.Values{}
	for name, value := range form {
		values[name] = strings.Split(value, ",")
	}
	resp, err := b.client.PostForm(b.url+action, values)
	if err != nil {
		b.t.Fatal(err)
	}
	return resp
}

// fill types what the page asks for.
func (b *browser) fill(v View) map[string]string {
	b.t.Helper()
	ctx := context.Background()
	form := map[string]string{FieldCSRF: v.CSRF}
	switch v.Step {
	case StepLogin:
		who, _ := personas.Get(b.handle)
		form[FieldUsername], form[FieldPassword] = who.Username(), who.Account.Password
		if who.Account.Password == "" && who.Account.Level > 0 && b.forms[StepLogin] == nil {
			form[FieldPassword] = b.secret(SMS)
		}
	case StepNewPassword:
		form[FieldNewPassword] = "mot-mat-khau-moi"
	case StepFactor:
		form[FieldFactor] = string(v.Factors[0])
		switch v.Factors[0] {
		case FactorFace:
			form[FieldResult] = Match
		case FactorOTP:
			if v.Sent == FactorOTP {
				form[FieldCode] = b.secret(SMS)
			}
		case FactorApp:
			if v.Sent == FactorApp {
				if err := b.Confirm(ctx, b.handle, v.Prompt, v.Number); err != nil {
					b.t.Fatal(err)
				}
			}
		}
	case StepConsent:
		form[FieldDecision] = Allow
		var names []string
		for _, s := range v.Scopes {
			names = append(names, s.Name)
		}
		form[FieldScope] = strings.Join(names, ",")
	case StepShare:
		form[FieldDecision] = Allow
		var ticked []string
		for _, d := range v.Share.Documents {
			ticked = append(ticked, d.Field)
			for _, i := range d.Items {
				if i.Field != "" {
					ticked = append(ticked, i.Field)
				}
			}
		}
		form[FieldScope] = strings.Join(ticked, ",")
	case StepLogout:
		form[FieldDecision] = Allow
	}
	maps.Copy(form, b.forms[v.Step])
	return form
}

// secret is the newest secret in the person's messages.
func (b *browser) secret(ch Channel) string {
	b.t.Helper()
	out, err := b.Outbox(context.Background(), b.handle)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, m := range out {
		if m.Channel == ch && m.Secret != "" {
			if !strings.Contains(m.Text, Banner) {
				b.t.Error("a message without the banner")
			}
			return m.Secret
		}
	}
	b.t.Fatal("no message")
	return ""
}

// last is the page that was shown last.
func (b *browser) last() View {
	if len(b.seen) == 0 {
		return View{}
	}
	return b.seen[len(b.seen)-1]
}

// answer is a response of an API endpoint.
type answer struct {
	status int
	header http.Header
	body   map[string]any
	raw    []byte
}

func (w *world) call(req *http.Request) answer {
	w.t.Helper()
	if w.key != "" {
		req.Header.Set("Idempotency-Key", w.key)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	a := answer{status: resp.StatusCode, header: resp.Header, raw: b}
	_ = json.Unmarshal(b, &a.body) // pages and empty bodies stay nil
	return a
}

func (w *world) postForm(path string, form url.Values, edit func(*http.Request)) answer {
	w.t.Helper()
	req, err := http.NewRequest("POST", w.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if edit != nil {
		edit(req)
	}
	return w.call(req)
}

// exchange calls the token endpoint as rp; edits are as for request.
func (w *world) exchangeCode(code string, edits map[string]string) answer {
	w.t.Helper()
	form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {rpBack},
		"code_verifier": {verifier0}, "client_id": {"rp"}, "client_secret": {rpSecret}}
	for name, value := range edits {
		if value == "" {
			form.Del(name)
		} else {
			form.Set(name, value)
		}
	}
	return w.postForm("/token", form, nil)
}

func (w *world) userinfo(access string) answer {
	w.t.Helper()
	req, err := http.NewRequest("GET", w.url+"/userinfo", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+access)
	return w.call(req)
}

// claimsOf decodes an ID token without looking at its signature.
func claimsOf(t testing.TB, token any) map[string]any {
	t.Helper()
	s, _ := token.(string)
	parts := strings.Split(s, ".")
	if len(parts) != 3 {
		t.Fatalf("no compact token")
	}
	b, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	claims := map[string]any{}
	d := json.NewDecoder(bytes.NewReader(b))
	if err := d.Decode(&claims); err != nil {
		t.Fatal(err)
	}
	return claims
}

// login runs a whole login as handle at rp and returns the token answer.
func (w *world) login(handle string, edits map[string]string) answer {
	w.t.Helper()
	b := w.browser(handle)
	got := b.authorize(request(edits))
	if got.Get("code") == "" {
		w.t.Fatalf("no code: %v, last page %+v", got, b.last())
	}
	a := w.exchangeCode(got.Get("code"), nil)
	if a.status != 200 {
		w.t.Fatalf("token endpoint: %d %s", a.status, a.raw)
	}
	return a
}
