package platform

import (
	"context"
	"crypto/subtle"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// session is a person who is logged in to the platform itself.
type session struct {
	Account string    `json:"account"`
	Cookie  string    `json:"cookie"` // keyed hash of the cookie's secret half
	Shown   []Factor  `json:"shown"`
	At      time.Time `json:"at"` // when the oldest of the factors was shown
	Until   time.Time `json:"until"`
	Since   time.Time `json:"since,omitzero"`    // of the session, however often it was stepped up
	Browser string    `json:"browser,omitempty"` // what the person would call it; a relying party's id for a login at a counter
}

// sessionLife is the whole life of a session; use does not prolong it.
const sessionLife = 8 * time.Hour

// Cookie names; with https they get the __Host- prefix (RFC 6265bis §4.1.3.2).
const (
	browserCookie = "vneid-test-browser" // ties interactions to a browser before anybody logged in
	sessionCookie = "vneid-test-session" // session id "." secret
)

func (p *Platform) cookieName(name string) string {
	if p.https {
		return "__Host-" + name
	}
	return name
}

// setCookie sets a cookie until the browser closes, or drops it when the value
// is empty.
func (p *Platform) setCookie(w http.ResponseWriter, name, value string) {
	age := 0
	if value == "" {
		age = -1
	}
	// Lax, not Strict: a relying party's page leads to the authorization endpoint.
	http.SetCookie(w, &http.Cookie{
		Name: p.cookieName(name), Value: value, Path: "/", MaxAge: age,
		Secure: p.https, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

// cookie returns the value of a cookie that stands exactly once.
func (p *Platform) cookie(r *http.Request, name string) string {
	all := r.CookiesNamed(p.cookieName(name))
	if len(all) != 1 || len(all[0].Value) > 128 {
		return ""
	}
	return all[0].Value
}

// newBrowser returns the browser's own secret, and gives it one if it has none.
func (p *Platform) newBrowser(v *visit) string {
	b := p.cookie(v.r, browserCookie)
	if len(b) != 43 {
		b = random()
		p.setCookie(v.w, browserCookie, b)
	}
	return b
}

// current finds the session of a cookie and the account behind it; nils when it
// is over, or the account was locked since.
func (p *Platform) current(tx Tx, cookie string) (sid string, s *session, a *Account, err error) {
	sid, secret, ok := strings.Cut(cookie, ".")
	if !ok {
		return "", nil, nil, nil
	}
	s, a, err = p.alive(tx, sid)
	if err != nil || s == nil || subtle.ConstantTimeCompare([]byte(s.Cookie), []byte(p.mac("session", secret))) != 1 {
		return "", nil, nil, err
	}
	return sid, s, a, nil
}

// alive finds a session by its id alone, as tokens name it. Nobody may change what it
// returns: all requests share it.
func (p *Platform) alive(tx Tx, sid string) (*session, *Account, error) {
	s, err := p.sessions.find(tx, tableSessions, sid, nil)
	if err != nil || s == nil || !p.now().Before(s.Until) {
		return nil, nil, err
	}
	a, err := p.accounts.find(tx, tableAccounts, s.Account, nil)
	if err != nil || a == nil || a.AccountLocked || !s.At.After(a.LockedAt) || !s.At.After(a.EndedAt) {
		return nil, nil, err
	}
	return s, a, nil
}

// Session is who is logged in in a browser, for the platform's own pages.
type Session struct {
	ID        string
	Account   Account
	Assurance vneid.Assurance
}

// ErrNoSession is returned for a browser in which nobody is logged in.
var ErrNoSession = errors.New("platform: nobody is logged in")

// Session returns who sends the request. Pages that change something must also
// refuse requests from other origins: see http.CrossOriginProtection.
func (p *Platform) Session(r *http.Request) (out Session, err error) {
	err = p.store.View(r.Context(), func(tx Tx) error {
		sid, s, a, err := p.current(tx, p.cookie(r, sessionCookie))
		if err != nil {
			return err
		}
		if s == nil {
			return ErrNoSession
		}
		out = Session{sid, *a, vneid.Assurance{Level: a.Usable(), Auth: authLevel(s.Shown), At: s.At}}
		return nil
	})
	return out, err
}

// endSession ends the browser's session and with it every token issued in it, and
// tells the relying parties before the browser is back at one of them.
func (p *Platform) endSession(ctx context.Context, w http.ResponseWriter, r *http.Request) error {
	p.setCookie(w, sessionCookie, "")
	err := p.store.Update(ctx, func(tx Tx) error {
		sid, s, _, err := p.current(tx, p.cookie(r, sessionCookie))
		if err != nil || s == nil {
			return err
		}
		return p.dropSession(tx, s.Account, sid)
	})
	if err == nil {
		p.deliverSoon(ctx)
	}
	return err
}
