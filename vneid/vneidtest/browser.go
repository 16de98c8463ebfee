package vneidtest

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/sso"
)

// Login logs a person in at a relying party configured by SSO and returns what
// sso's Finish returns, without a server at the redirect URL. A person who never
// comes back from the platform's pages (somebody without an account) is an error
// of no kind.
func (p *Platform) Login(handle string, cfg sso.Config) (*sso.Identity, error) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	client, err := sso.New(cfg)
	if err != nil {
		return nil, err
	}
	target, session, err := client.Begin(ctx, sso.Ask{})
	if err != nil {
		return nil, err
	}
	browser := p.Browser(handle)
	browser.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), cfg.RedirectURL+"?") {
			return http.ErrUseLastResponse
		}
		return nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return nil, err
	}
	resp, err := browser.Do(req)
	if err != nil {
		return nil, err
	}
	page, err := io.ReadAll(io.LimitReader(resp.Body, 4096))
	resp.Body.Close()
	back, err2 := url.Parse(resp.Header.Get("Location"))
	if err = errors.Join(err, err2); err != nil || resp.Header.Get("Location") == "" {
		return nil, errors.Join(err, fmt.Errorf("vneidtest: the login of %s ended on a page: %s", handle, page))
	}
	return client.Finish(ctx, session, back.RawQuery)
}

// Browser returns a person in front of an empty browser: a client that keeps
// cookies, follows redirects, and answers the platform's pages as the person
// would. It takes any server certificate, since tests make their own.
//
// A page that the person cannot answer (a lock, a wrong form) is returned like
// any other, as JSON.
func (p *Platform) Browser(handle string) *http.Client {
	p.t.Helper()
	p.known(handle)
	jar, err := cookiejar.New(nil)
	p.must(err)
	base := &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}
	p.t.Cleanup(base.CloseIdleConnections)
	return &http.Client{Jar: jar, Timeout: time.Minute, Transport: &human{p: p, base: base, jar: jar, handle: handle}}
}

// human answers the platform's pages inside RoundTrip, so that the client on top
// sees only what comes after them.
type human struct {
	p      *Platform
	base   http.RoundTripper
	jar    http.CookieJar
	handle string
}

// patience is more pages than any login has.
const patience = 12

// RoundTrip implements http.RoundTripper.
func (h *human) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := h.base.RoundTrip(req)
	for range patience {
		if err != nil || resp.Header.Get("Content-Type") != platform.ViewType || "http://"+req.URL.Host != h.p.Issuer() {
			return resp, err
		}
		var v platform.View
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			return nil, err
		}
		resp.Body = io.NopCloser(bytes.NewReader(body))
		if err := json.Unmarshal(body, &v); err != nil {
			return nil, err
		}
		form, ok := h.answer(v)
		if !ok {
			return resp, nil
		}
		h.jar.SetCookies(req.URL, resp.Cookies())
		if resp, err = h.post(req, v.Action, form); err != nil {
			return nil, err
		}
	}
	return nil, errors.New("vneidtest: the login has no end")
}

func (h *human) post(page *http.Request, action string, form url.Values) (*http.Response, error) {
	to, err := page.URL.Parse(action)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(page.Context(), http.MethodPost, to.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", h.p.Issuer())
	for _, c := range h.jar.Cookies(to) {
		req.AddCookie(c)
	}
	return h.base.RoundTrip(req)
}

// answer fills in a page's form; false when there is nothing to type, or the last
// attempt was refused.
func (h *human) answer(v platform.View) (url.Values, bool) {
	if v.Action == "" || v.Problem != "" && v.Problem != platform.ProblemWaiting {
		return nil, false
	}
	form := url.Values{platform.FieldCSRF: {v.CSRF}}
	switch v.Step {
	case platform.StepLogin:
		who, _ := personas.Get(h.handle)
		form.Set(platform.FieldUsername, who.Username())
		form.Set(platform.FieldPassword, h.password(who))
	case platform.StepNewPassword:
		form.Set(platform.FieldNewPassword, personas.Password)
		h.p.changed(h.handle)
	case platform.StepFactor:
		return form, h.factor(v, form)
	case platform.StepConsent:
		h.decide(v, form)
	case platform.StepShare:
		h.share(v, form)
	case platform.StepWait:
		return form, h.p.represent(h.handle)
	default:
		form.Set(platform.FieldDecision, platform.Allow)
	}
	return form, true
}

// password is the one that the person chose, or the one in their first message.
func (h *human) password(who personas.Persona) string {
	if who.Account.Password != "" {
		return who.Account.Password
	}
	if first, ok := h.secret(""); ok && !h.p.hasChanged(h.handle) {
		return first
	}
	return personas.Password
}

func (h *human) factor(v platform.View, form url.Values) bool {
	if len(v.Factors) == 0 {
		return false
	}
	form.Set(platform.FieldFactor, string(v.Factors[0]))
	switch v.Factors[0] {
	case platform.FactorFace:
		form.Set(platform.FieldResult, platform.Match)
	case platform.FactorOTP:
		if v.Sent == platform.FactorOTP {
			code, ok := h.secret(v.Prompt)
			form.Set(platform.FieldCode, code)
			return ok
		}
	case platform.FactorApp:
		if v.Sent == platform.FactorApp {
			return h.confirm(v.Prompt, v.Number)
		}
	}
	return true
}

// confirm types the page's number into the app.
func (h *human) confirm(prompt, number string) bool {
	return h.p.engine.Confirm(context.Background(), h.handle, prompt, number) == nil
}

// secret is the password that came by SMS, or the code for the page with the
// reference.
func (h *human) secret(ref string) (string, bool) {
	box, err := h.p.engine.Outbox(context.Background(), h.handle)
	if err != nil {
		return "", false
	}
	for _, m := range box {
		if m.Channel == platform.SMS && m.Secret != "" && m.Ref == ref {
			return m.Secret, true
		}
	}
	return "", false
}

func (h *human) decide(v platform.View, form url.Values) {
	no, declines := h.p.declined(h.handle)
	if declines && len(no) == 0 {
		form.Set(platform.FieldDecision, platform.Deny)
		return
	}
	form.Set(platform.FieldDecision, platform.Allow)
	for _, s := range v.Scopes {
		if !slices.Contains(no, s.Name) {
			form.Add(platform.FieldScope, s.Name)
		}
	}
}

// share ticks everything that the person does not decline.
func (h *human) share(v platform.View, form url.Values) {
	form.Set(platform.FieldDecision, platform.Deny)
	if ticked := h.p.ticks(h.handle, v.Share); ticked != nil {
		form.Set(platform.FieldDecision, platform.Allow)
		form[platform.FieldScope] = ticked
	}
}
