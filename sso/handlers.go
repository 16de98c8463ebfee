package sso

import (
	"context"
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
	c.hide(w)
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
// the local path the person came from; nil redirects there. The session that the
// browser had before ends. A callback that the browser sends twice at once is one
// login, with one Identity, and done is called for each of the two requests.
func (c *Client) Callback(done func(w http.ResponseWriter, r *http.Request, id *Identity, returnTo string)) http.Handler {
	if done == nil {
		done = func(w http.ResponseWriter, r *http.Request, _ *Identity, returnTo string) {
			http.Redirect(w, r, returnTo, http.StatusSeeOther)
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.hide(w)
		if r.Method != http.MethodGet {
			methodNotAllowed(w, "GET")
			return
		}
		if err := c.made(); err != nil {
			c.fail(w, r, err)
			return
		}
		o, returnTo := c.finishTab(w, r)
		if stray := errors.As(o.err, new(noTab)) || errors.Is(o.err, vneid.ErrReplayed); stray && c.loggedIn(r) {
			// Reloaded, double-clicked or gone back to: the login is done.
			http.Redirect(w, r, "/", http.StatusSeeOther)
			return
		}
		if o.err == nil {
			o.err = c.openSession(w, r, o)
		}
		if o.err != nil {
			c.fail(w, r, o.err)
			return
		}
		done(w, r, o.id, returnTo)
	})
}

// finishTab finds the login that the callback answers among the browser's, and ends
// it unless another request does so now.
func (c *Client) finishTab(w http.ResponseWriter, r *http.Request) (o outcome, returnTo string) {
	q, err := c.readResponse(r.URL.RawQuery)
	if err != nil {
		return outcome{err: fault.Prefix("sso", err)}, ""
	}
	s, ok := c.takeLogin(w, r, q.state)
	if !ok {
		return outcome{err: fault.Prefix("sso", noTab{})}, ""
	}
	shared := c.ended.once(r.Context(), s, func(ctx context.Context) (*Identity, string, error) {
		id, err := c.Finish(ctx, s, r.URL.RawQuery)
		if err != nil {
			return nil, "", err
		}
		cookie, err := c.sealSession(ctx, id, s)
		return id, cookie, err
	})
	return outcome{id: shared.id, cookie: shared.cookie, err: shared.err}, s.Return()
}

// noTab is the refusal of a callback to a login that the browser does not have.
type noTab struct{}

func (noTab) Error() string {
	return "this browser has no such login under way: it began in another browser, more than ten minutes ago, or is over"
}
func (noTab) Unwrap() error { return vneid.ErrMismatch }

// loggedIn reports whether the browser has a session that nothing ended.
func (c *Client) loggedIn(r *http.Request) bool {
	id, _ := c.session(r)
	return id != nil && c.cfg.Revocations.Check(r.Context(), id.get().login()) == nil
}

// end makes the cookie of a session worthless, wherever copies of it are.
func (c *Client) end(ctx context.Context, id *Identity) error {
	login := id.get().login()
	// Another process, whose clock is ahead, may have opened the session.
	login.At = later(login.At, c.cfg.Now())
	if c.cfg.Revocations.Revoke(ctx, login, login.At.Add(c.cfg.SessionLife)) != nil {
		// The store's words are its own: they may name hosts or people.
		return fault.New(vneid.ErrUnavailable, "sso: the store of revocations cannot end the session now; copies of its cookie go on working")
	}
	if c.cfg.Sessions != nil {
		// It is ended already; what stays behind is sealed and goes with its time.
		_ = c.cfg.Sessions.Delete(ctx, login.Local)
	}
	return nil
}

func methodNotAllowed(w http.ResponseWriter, allow string) {
	w.Header().Set("Allow", allow)
	http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
}
