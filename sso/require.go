package sso

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Require lets requests through to next whose session satisfies ask, with the
// Identity in their context (FromContext), and asks Config.Revocations about
// each. What happens to the others:
//
//	nobody logged in       a page that the person opens is sent to log in; a
//	                       form or a script's call gets 401
//	authentication too     the same person authenticates once more (xác thực bổ
//	weak or too old        sung); if that did not help, the error page
//	account level too low  the error page: no login raises it, so none is asked
//	locked, revoked        the error page, or for a session that was ended a
//	                       fresh login
//
// ask.Need counts together with Config.Need. ask.Return is not used: the person
// comes back to the page they opened.
func (c *Client) Require(ask Ask, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := c.made(); err != nil {
			c.fail(w, r, err)
			return
		}
		ask := ask
		ask.Return = r.URL.RequestURI()
		id, err := c.session(r)
		if err != nil {
			c.fail(w, r, err)
			return
		}
		if id == nil {
			c.enter(w, r, ask, fault.Prefix("sso", noLogin{}))
			return
		}
		switch err := c.cfg.Revocations.Check(r.Context(), id.get().login()); {
		case errors.Is(err, vneid.ErrRevoked) && c.on("revoked"):
			// The cookie stays: it is worthless, and the browser may have got the
			// one that replaces it since it sent this request.
			c.enter(w, r, ask, fault.New(vneid.ErrRevoked, "sso: the session was ended"))
			return
		case err != nil && c.on("revoked"):
			// A store that cannot tell must not let anybody through, whatever
			// the caller's implementation returns.
			c.fail(w, r, fault.Wrap(vneid.ErrUnavailable, nil, "sso: whether the session was ended cannot be checked now"))
			return
		}
		if err := c.satisfies(id, ask); err != nil {
			c.raise(w, r, ask, id, err)
			return
		}
		// A page about a person is nobody else's; next may say otherwise.
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, id)))
	})
}

// satisfies is what Finish checked, asked again of a session.
func (c *Client) satisfies(id *Identity, ask Ask) error {
	if c.on("subject") && ask.Subject != "" && ask.Subject != id.get().subject {
		return fault.New(vneid.ErrMismatch, "the session is another person's")
	}
	accepted := least(c.cfg.Accept, ask.Accept)
	if err := id.get().solid(accepted); err != nil && c.on("integrity") {
		return err
	}
	id.get().accepted = accepted
	if id.get().eidLocked && c.cfg.RefuseLockedEID && c.on("locks") {
		return &vneid.LockError{EID: true}
	}
	need := stronger(c.cfg.Need, ask.Need)
	if ask.MaxAge > 0 {
		need.At = later(need.At, c.cfg.Now().Add(-ask.MaxAge))
	}
	return id.get().check(c.tolerant(need))
}

// enter sends a person to log in, or tells a program that it must.
func (c *Client) enter(w http.ResponseWriter, r *http.Request, ask Ask, why error) {
	if !navigation(r) {
		c.fail(w, r, why)
		return
	}
	c.start(w, r, ask)
}

// stepUpPause is how soon after a step-up the same one is not asked for again by
// itself: a provider whose answer never suffices makes no loop.
const stepUpPause = 10 * time.Second

// raise answers a session that is too weak. A login again can raise the
// authentication level and its time, never the account level, which is granted
// at a police office.
func (c *Client) raise(w http.ResponseWriter, r *http.Request, ask Ask, id *Identity, why error) {
	var low *vneid.LevelError
	if !errors.As(why, &low) || low.Got.Level < low.Want.Level || !navigation(r) ||
		c.wire != nil || // it tells neither factors nor times, and cannot ask for any
		c.inVain(id.get().visit, low.Want.Auth) {
		c.fail(w, r, fault.Prefix("sso", why))
		return
	}
	ask.Subject, ask.Prompt = id.get().subject, "login"
	c.start(w, r, ask)
}

// inVain reports whether v began just now with a login that was to reach auth.
func (c *Client) inVain(v *visit, auth vneid.AuthLevel) bool {
	return v.stepUp && v.asked >= auth && c.cfg.Now().Sub(v.begun) < stepUpPause
}
