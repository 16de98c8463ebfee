package sso

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/vneid"
)

type contextKey struct{}

// FromContext returns the Identity that Require put into a request's context.
func FromContext(ctx context.Context) (*Identity, bool) {
	id, ok := ctx.Value(contextKey{}).(*Identity)
	return id, ok
}

// kept is the content of a session, in a cookie or in Config.Sessions: what an
// Identity knows, without raw claims. Nothing but the sealer's key tells a true one
// from a false one.
type kept struct {
	Citizen   vneid.Record    `json:"c"`
	Subject   string          `json:"s"`
	SessionID string          `json:"sid,omitempty"`
	Account   AccountType     `json:"t,omitempty"`
	Level     vneid.Level     `json:"l,omitempty"`
	Auth      vneid.AuthLevel `json:"a,omitempty"`
	At        time.Time       `json:"at,omitzero"`
	EIDLocked bool            `json:"el,omitempty"`
	Integrity Integrity       `json:"in"`
	Scopes    []string        `json:"sc,omitempty"`
	Expires   time.Time       `json:"x"`
	Local     string          `json:"id"`
	Begun     time.Time       `json:"b"`
	StepUp    bool            `json:"up,omitempty"` // the login was a step-up …
	Asked     vneid.AuthLevel `json:"as,omitempty"` // … to this authentication level
	Hint      string          `json:"h,omitempty"`  // the ID token, for the logout at the provider
	Tokens    *granted        `json:"tk,omitempty"` // in Config.Sessions only
}

// sealSession names the session that follows a login, and writes it down so that
// only this client reads it again. What it returns is for the browser: the session
// itself, or the ticket of one that Config.Sessions keeps.
func (c *Client) sealSession(ctx context.Context, id *Identity, s *Session) (string, error) {
	f, p := id.get(), s.data()
	ticket := random()
	begun := c.cfg.Now()
	if f.visit != nil {
		begun = f.visit.begun
	}
	f.visit = &visit{local: ticketName(ticket), begun: begun, stepUp: p.Subject != "", asked: p.Need.Auth}
	k := f.kept()
	if c.cfg.Sessions != nil {
		if f.tokens != nil {
			c.keepTokens(k, f.tokens.get())
			k.Tokens = f.tokens.get()
		}
		return ticket, c.keepStored(ctx, k)
	}
	value, err := c.sealCookie(k)
	if err == nil && k.Hint != "" && len(value) > maxCookie-maxAttributes {
		k.Hint = "" // the provider then asks the person whether to log out
		value, err = c.sealCookie(k)
	}
	return value, err
}

// maxAttributes is more than name and attributes of a session's cookie take.
const maxAttributes = 256

func (c *Client) sealCookie(k kept) (string, error) {
	plain, err := json.Marshal(k)
	if err != nil {
		return "", errUnwritten
	}
	return c.sealer.seal(forSession, plain)
}

var errUnwritten = errors.New("sso: the session cannot be written down")

// kept is what a session keeps of f.
func (f *facts) kept() kept {
	return kept{
		Citizen: f.citizen.Reveal(), Subject: f.subject, SessionID: f.sid, Account: f.account,
		Level: f.assurance.Level, Auth: f.assurance.Auth, At: f.assurance.At, EIDLocked: f.eidLocked, Integrity: f.integrity,
		Scopes: f.scopes, Expires: f.expires, Local: f.visit.local, Begun: f.visit.begun,
		StepUp: f.visit.stepUp, Asked: f.visit.asked, Hint: f.hint,
	}
}

// openSession gives the browser its session and ends the one it had: a copy of the
// weaker or other person's cookie must not outlive the login that replaced it.
func (c *Client) openSession(w http.ResponseWriter, r *http.Request, o outcome) error {
	if err := c.setCookie(w, c.sessionCookie(), o.cookie, c.cfg.SessionLife); err != nil {
		return err
	}
	old, err := c.session(r)
	if old != nil && old.get().visit.local != o.id.get().visit.local {
		return c.end(r.Context(), old)
	}
	return err
}

// session returns the login of the request's cookie, nil when there is none or it
// is over; an error when the store of sessions cannot tell. What this package sealed
// is its own statement, so the Identity in it is one that Finish made.
func (c *Client) session(r *http.Request) (*Identity, error) {
	k, err := r.Cookie(c.sessionCookie())
	if err != nil {
		return nil, nil
	}
	var plain []byte
	name := ""
	if c.cfg.Sessions == nil {
		plain, _ = c.sealer.open(forSession, k.Value)
	} else if len(k.Value) == ticketSize { // a cookie of before is no ticket, and not worth a question
		name = ticketName(k.Value)
		if plain, err = c.openStored(r.Context(), name); err != nil {
			return nil, err
		}
	}
	var s kept
	if plain == nil || json.Unmarshal(plain, &s) != nil || name != "" && name != s.Local || s.Integrity == 0 {
		return nil, nil
	}
	// The cookie's own Max-Age is the browser's word; this is ours.
	if age := c.cfg.Now().Sub(s.Begun); c.on("session-life") && (age < -c.cfg.Skew || age >= c.cfg.SessionLife) {
		return nil, nil
	}
	return c.identity(s), nil
}

// identity is the person of a session.
func (c *Client) identity(s kept) *Identity {
	id, f := newIdentity()
	*f = facts{
		citizen: vneid.NewCitizen(s.Citizen, seal.Own()), issuer: c.cfg.Issuer, subject: s.Subject,
		sid: s.SessionID, account: s.Account, eidLocked: s.EIDLocked, scopes: s.Scopes, expires: s.Expires,
		assurance: vneid.Assurance{Level: s.Level, Auth: s.Auth, At: s.At},
		integrity: s.Integrity, accepted: least(c.cfg.Accept),
		visit: &visit{local: s.Local, begun: s.Begun, stepUp: s.StepUp, asked: s.Asked}, hint: s.Hint,
	}
	if s.Tokens != nil && c.cfg.Sessions != nil {
		c.keepTokens(s, s.Tokens)
		f.tokens = newTokens(s.Tokens)
	}
	return id
}

// login names the session to the revocation store.
func (f *facts) login() Login {
	return Login{Issuer: f.issuer, Subject: f.subject, SessionID: f.sid, Local: f.visit.local, At: f.visit.begun}
}

// fail shows a refusal.
func (c *Client) fail(w http.ResponseWriter, r *http.Request, err error) {
	w.Header().Set("Cache-Control", "no-store")
	if c.cfg.ErrorPage != nil {
		c.cfg.ErrorPage(w, r, err)
		return
	}
	errorPage(w, err)
}

// status is the HTTP status that says most nearly what a refusal means.
func status(err error) int {
	switch {
	case errors.Is(err, vneid.ErrUnavailable):
		return http.StatusServiceUnavailable
	case errors.Is(err, vneid.ErrMalformed):
		return http.StatusBadRequest
	}
	var none noLogin
	var kind vneid.Kind
	switch {
	case errors.As(err, &none):
		return http.StatusUnauthorized
	case !errors.As(err, &kind):
		return http.StatusInternalServerError
	}
	return http.StatusForbidden
}

// noLogin refuses a request that cannot be sent to log in.
type noLogin struct{}

func (noLogin) Error() string { return "nobody is logged in" }
func (noLogin) Unwrap() error { return vneid.ErrLevel }

// Advice is for vneid.Advice.
func (noLogin) Advice() (vi, en string) { return adviceLogIn() }

// hide keeps what a login shows out of caches, and its URL, which carries code
// and state, out of the Referer of whatever comes next (RFC 9700 §4.2.4).
func (c *Client) hide(w http.ResponseWriter) {
	if !c.on("hide") {
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
}

// navigation reports whether a redirect to a login page makes sense: a page that
// the person opens, not a script's call or a form whose content would be lost.
func navigation(r *http.Request) bool {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	return slices.Contains([]string{"", "navigate"}, r.Header.Get("Sec-Fetch-Mode"))
}
