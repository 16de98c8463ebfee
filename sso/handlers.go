package sso

import (
	"errors"
	"net/http"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Login returns the handler that starts a login and sends the browser to the
// provider. Its query parameter "return" is the local path to come back to; it
// goes before ask.Return.
func (c *Client) Login(ask Ask) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			methodNotAllowed(w, "GET, HEAD")
			return
		}
		ask := ask
		if to := r.URL.Query().Get("return"); to != "" {
			ask.Return = to
		}
		c.start(w, r, ask)
	})
}

// start begins a login in this browser.
func (c *Client) start(w http.ResponseWriter, r *http.Request, ask Ask) {
	hide(w)
	to, s, err := c.Begin(r.Context(), ask)
	if err == nil {
		err = c.keepLogin(w, r, s)
	}
	if err != nil {
		c.fail(w, r, err)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther) // never 307: a form must not travel on
}

// Callback returns the handler of Config.RedirectURL. It finishes the login of
// the tab that came back, opens the session and calls done with the Identity and
// the local path the person came from; nil redirects there.
func (c *Client) Callback(done func(w http.ResponseWriter, r *http.Request, id *Identity, returnTo string)) http.Handler {
	if done == nil {
		done = func(w http.ResponseWriter, r *http.Request, _ *Identity, returnTo string) {
			http.Redirect(w, r, returnTo, http.StatusSeeOther)
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hide(w)
		if r.Method != http.MethodGet {
			methodNotAllowed(w, "GET")
			return
		}
		id, s, err := c.finishTab(w, r)
		if errors.As(err, new(noTab)) && c.loggedIn(r) {
			// Reloaded, double-clicked or gone back to: the login is done.
			http.Redirect(w, r, "/", http.StatusSeeOther)
			return
		}
		if err == nil {
			err = c.openSession(w, id, s)
		}
		if err != nil {
			c.fail(w, r, err)
			return
		}
		done(w, r, id, s.Return())
	})
}

// finishTab finds the login that the callback answers among the browser's.
func (c *Client) finishTab(w http.ResponseWriter, r *http.Request) (*Identity, *Session, error) {
	q, err := parseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, nil, fault.Prefix("sso", err)
	}
	s, ok := c.takeLogin(w, r, q.state)
	if !ok {
		return nil, nil, fault.Prefix("sso", noTab{})
	}
	id, err := c.Finish(r.Context(), s, r.URL.RawQuery)
	return id, s, err
}

// noTab is the refusal of a callback to a login that the browser does not have.
type noTab struct{}

func (noTab) Error() string {
	return "this browser has no such login under way: it began in another browser, more than ten minutes ago, or is over"
}
func (noTab) Unwrap() error { return vneid.ErrMismatch }

// loggedIn reports whether the browser has a session that nothing ended.
func (c *Client) loggedIn(r *http.Request) bool {
	id := c.session(r)
	return id != nil && c.cfg.Revocations.Check(r.Context(), id.get().login()) == nil
}

// Logout returns the handler, for POST only, that ends the session of this
// browser here and redirects to the local path returnTo. The provider's own
// session goes on.
func (c *Client) Logout(returnTo string) http.Handler {
	returnTo = localPath(returnTo)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hide(w)
		if r.Method != http.MethodPost {
			methodNotAllowed(w, "POST")
			return
		}
		if err := http.NewCrossOriginProtection().Check(r); err != nil {
			c.fail(w, r, fault.New(vneid.ErrMismatch, "sso: the logout was sent by another site"))
			return
		}
		if id := c.session(r); id != nil {
			// A copy of the cookie must not outlive the logout.
			login := id.get().login()
			login.At = c.cfg.Now()
			if err := c.cfg.Revocations.Revoke(r.Context(), login, login.At.Add(c.cfg.SessionLife)); err != nil {
				c.fail(w, r, err)
				return
			}
		}
		c.dropCookie(w, c.sessionCookie())
		http.Redirect(w, r, returnTo, http.StatusSeeOther)
	})
}

func methodNotAllowed(w http.ResponseWriter, allow string) {
	w.Header().Set("Allow", allow)
	http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
}
