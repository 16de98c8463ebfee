package share

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestWhatTheRequestDemandsIsSentAndChecked(t *testing.T) {
	o := newOP(t)
	o.metadata = func(m j) { m["authorization_endpoint"] = platform + "/authorize?tenant=1" }
	c := o.client()
	r := request()
	r.Subject, r.Need.At = person, noon.Add(-5*time.Minute)
	to, s, err := c.Begin(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if f := o.pushed; f.Get("login_hint") != person || f.Get("max_age") != "300" || f.Has("claims") {
		t.Errorf("%v", f)
	}
	if !strings.HasPrefix(to, platform+"/authorize?tenant=1&client_id=") {
		t.Errorf("%q", to)
	}
	if _, err := c.Finish(t.Context(), s, o.callback()); err != nil {
		t.Fatalf("the twin: %v", err)
	}
	for want, edit := range map[vneid.Kind]func(s *spec){
		vneid.ErrLevel:    func(s *spec) { s.envelope["auth_time"] = noon.Add(-6 * time.Minute).Unix() },
		vneid.ErrMismatch: func(s *spec) { s.envelope["sub"] = "pairwise-2" },
	} {
		o.bundle = edit
		_, err := o.share(c, r)
		refusedAs(t, err, want)
	}
	if _, _, err := c.Begin(t.Context(), request()); err != nil || o.pushed.Has("login_hint") || o.pushed.Has("max_age") {
		t.Errorf("%v: %v", err, o.pushed)
	}
}

func TestAPushedRequestThatIsRefusedSaysWhy(t *testing.T) {
	for name, a := range map[string]struct {
		handler http.HandlerFunc
		want    vneid.Kind
	}{
		"details": {refusing(400, "invalid_authorization_details"), vneid.ErrUntrusted},
		"client":  {refusing(401, "invalid_client"), vneid.ErrUntrusted},
		"level":   {refusing(400, "unmet_authentication_requirements"), vneid.ErrLevel},
		"unknown": {refusing(400, "canary"), vneid.ErrUnavailable},
		"no JSON": {typed("text/html", "<html>"), vneid.ErrMalformed},
		"busy":    {refusing(503, "temporarily_unavailable"), vneid.ErrUnavailable},
		"the challenge": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("WWW-Authenticate", `DPoP error="invalid_dpop_proof"`)
			w.WriteHeader(400)
		}, vneid.ErrUntrusted},
	} {
		o := newOP(t)
		o.override = map[string]http.HandlerFunc{"/par": a.handler}
		_, _, err := o.client().Begin(t.Context(), request())
		refusedAs(t, err, a.want)
		if strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, h := range []http.HandlerFunc{refusing(503, "x"), refusing(404, "x"), typed("text/html", "<html>"), typed("application/json", "[]")} {
		o := newOP(t)
		o.override = map[string]http.HandlerFunc{"/.well-known/openid-configuration": h}
		_, _, err := o.client().Begin(t.Context(), request())
		refusedAs(t, err, vneid.ErrUnavailable)
	}
}

func TestMistakesOfTheProgramHaveNoKind(t *testing.T) {
	o := newOP(t)
	c := o.client(func(cfg *Config) { cfg.RedirectURL = "" })
	_, _, err := c.Begin(t.Context(), request())
	r := request()
	r.Subject = "two words"
	_, _, err2 := o.client().Begin(t.Context(), r)
	r.Subject = strings.Repeat("s", 256)
	_, _, err3 := o.client().Begin(t.Context(), r)
	for _, err := range []error{err, err2, err3} {
		if err == nil || errors.As(err, new(vneid.Kind)) {
			t.Errorf("%v", err)
		}
	}
	if _, err := c.Ask(t.Context(), request(), citizen, ""); err != nil {
		t.Errorf("without a browser no redirect URL is needed: %v", err)
	}
	w := httptest.NewRecorder()
	c.Notify().ServeHTTP(w, httptest.NewRequest("POST", "/", strings.NewReader("{}")))
	if w.Code != http.StatusInternalServerError {
		t.Errorf("a webhook without a secret: %d", w.Code)
	}
	if _, err := new(Session).MarshalText(); err == nil {
		t.Error("an empty session is written down")
	}
}

func TestARequestTooLongForACookieIsRefused(t *testing.T) {
	o := newOP(t)
	c := o.client()
	long := request()
	long.Purpose.VI = noise(500)
	long.Purpose.EN = noise(500)
	long.Basis = Basis{Kind: BasisContract, Citation: noise(500)}
	w := httptest.NewRecorder()
	c.Start(func(*http.Request) (Request, error) { return long, nil }).ServeHTTP(w, httptest.NewRequest("GET", "/ask", nil))
	for _, k := range w.Result().Cookies() {
		if len(k.String()) > 4096 {
			t.Errorf("a cookie of %d bytes, which a browser drops", len(k.String()))
		}
	}
	if w.Code != http.StatusSeeOther && w.Code != http.StatusInternalServerError {
		t.Errorf("%d", w.Code)
	}
}

// noise is text that does not get shorter.
func noise(n int) string {
	var b strings.Builder
	for b.Len() < n {
		b.WriteString(sum(b.String()))
	}
	return b.String()[:n]
}
