package legacy

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/login"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// site is a relying party with one page for whoever is logged in.
func site(t *testing.T, f *fake, w sso.Wire, accept sso.Integrity) (*httptest.Server, *http.Client) {
	t.Helper()
	mux := http.NewServeMux()
	srv := httptest.NewServer(mux)
	t.Cleanup(srv.Close)
	f.portal = srv.URL + "/callback"
	cfg := f.config(w)
	cfg.Accept = accept
	c := newClient(t, cfg)
	mux.Handle("GET /callback", c.Callback(nil))
	mux.Handle("GET /profile", c.Require(sso.Ask{}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, _ := sso.FromContext(r.Context())
		fmt.Fprint(w, id.Citizen().Name(), id.Integrity() == sso.TransportOnly)
	})))
	f.override["/auth"] = func(w http.ResponseWriter, r *http.Request) {
		// A Location is written as it is: the browser keeps the + of base64.
		w.Header().Set("Location", r.FormValue("redirect_uri")+"?"+f.callback(r.URL.String()))
		w.WriteHeader(http.StatusFound)
	}
	jar, _ := cookiejar.New(nil)
	return srv, &http.Client{Jar: jar}
}

func get(t *testing.T, c *http.Client, url string) (int, string) {
	t.Helper()
	res, err := c.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

func TestBothWiresLogABrowserIn(t *testing.T) {
	for name, wire := range map[string]func(*fake) sso.Wire{
		"Envelope":  func(f *fake) sso.Wire { return f.envelope().Wire() },
		"VNConnect": func(f *fake) sso.Wire { return VNConnect{Deployment: f.vnConnect().deployment()}.Wire() },
	} {
		f := newFake(t)
		w := wire(f)
		srv, browser := site(t, f, w, sso.TransportOnly)
		for range 2 { // the second time by the session's cookie
			if status, body := get(t, browser, srv.URL+"/profile"); status != 200 || body != fullName+" true" && body != fullName+"true" {
				t.Errorf("%s: %d %s", name, status, body)
			}
		}
		if n := f.count("/token"); n != 1 {
			t.Errorf("%s: %d exchanges", name, n)
		}
		other := newFake(t)
		srv, browser = site(t, other, wire(other), 0)
		if status, body := get(t, browser, srv.URL+"/profile"); status == 200 || strings.Contains(body, fullName) {
			t.Errorf("%s: Require let an unsigned login in: %d", name, status)
		}
	}
}

func TestWiresSpeakWithPackageSSOAlone(t *testing.T) {
	f := newFake(t)
	for name, w := range map[string]sso.Wire{"Envelope": f.envelope().Wire(), "VNConnect": VNConnect{Deployment: f.deployment(), IDPs: nil}.Wire()} {
		var nobody seal.Seal
		setup := login.Setup{Secret: true}
		redirect, redirectErr := w.Redirect(nobody, login.Request{})
		st, finishErr := w.Finish(t.Context(), nobody, login.Callback{})
		if w.Check(nobody, setup) == nil || redirectErr == nil || redirect != "" || finishErr == nil || st.Subject != "" || w.Issuers(nobody) != nil {
			t.Errorf("%s answers strangers", name)
		}
		if err := w.Check(seal.Own(), setup); err != nil {
			t.Errorf("%s: the twin: %v", name, err)
		}
	}
	if st, err := (Envelope{}).Wire().Finish(t.Context(), seal.Own(), login.Callback{}); err == nil || st.Subject != "" {
		t.Error("a wire without a key finishes")
	}
}

// The canaries: what must stand in no text, whoever prints what.
func TestNothingSecretIsPrinted(t *testing.T) {
	f := newFake(t)
	e := f.envelope()
	e.SubjectKey = []byte("khoa-canary-0123456789-0123456789-xx")
	w := e.Wire()
	cfg := f.config(w)
	c := newClient(t, cfg)
	redirect, s, err := c.Begin(t.Context(), sso.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	query := f.callback(redirect)
	id, err := c.Finish(t.Context(), s, query)
	if err != nil {
		t.Fatal(err)
	}
	_, code, _ := strings.Cut(query, "code=")
	canaries := []string{
		secret, number, number[3:], fullName, "canary", guid, code[:40], rsaKey().D.String()[:30], fmt.Sprintf("%x", rsaKey().D)[:30],
		"[107 104 111 97", fmt.Sprintf("%x", e.SubjectKey)[:30],
	}
	leaks := func(where, text string) {
		for _, secret := range canaries {
			if strings.Contains(strings.ToLower(text), strings.ToLower(secret)) {
				t.Errorf("%s shows %q: %.200s", where, secret, text)
			}
		}
	}
	type holder struct {
		w sso.Wire
		c *sso.Client
		i *sso.Identity
		p *sso.Wire
	}
	h := holder{w, c, id, &w}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q", "%d"} {
		for name, v := range map[string]any{
			"the wire": w, "a slice": []sso.Wire{w}, "the client": c, "the identity": id, "a struct": h, "a pointer": &h, "a map": map[string]any{"w": w, "h": h},
			"the configuration": e, "its pointer": &e, "the whole configuration": cfg,
		} {
			leaks(name+" by "+verb, fmt.Sprintf(verb, v))
		}
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "wire", w, "config", e, "id", id, "cfg", cfg)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "wire", w, "config", e, "id", id)
	leaks("slog", log.String())
	for name, v := range map[string]any{"wire": w, "config": e, "holder": h, "identity": id} {
		text, _ := json.Marshal(v)
		leaks("the JSON of "+name, string(text))
	}
	if _, err := json.Marshal(e); err == nil {
		t.Error("an Envelope is encoded")
	}
	if _, err := e.GobEncode(); err == nil {
		t.Error("an Envelope is encoded by gob")
	}
	for _, test := range envelopeFaults {
		f := newFake(t)
		test.edit(f)
		if _, err := f.login(f.envelope().Wire()); err != nil {
			vi, en := vneid.Advice(err)
			leaks(test.name, fmt.Sprintf("%v %+v %#v %s %s", err, err, err, vi, en))
		}
	}
}

// One wire serves all logins of its client at once.
func TestAWireServesManyAtOnce(t *testing.T) {
	f := newFake(t)
	c := newClient(t, f.config(f.envelope().Wire()))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			redirect, s, err := c.Begin(t.Context(), sso.Ask{})
			if err != nil {
				t.Error(err)
				return
			}
			if id, err := c.Finish(t.Context(), s, f.callback(redirect)); err != nil || id.Citizen().Name() != fullName {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
