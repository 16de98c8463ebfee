package sso

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const (
	// revokeTime bounds what a logout spends on taking tokens back, and on finding out
	// where the provider's session ends: the person waits.
	revokeTime = 3 * time.Second

	// awayLife is how long the person may take at the provider.
	awayLife = 10 * time.Minute
)

// Logout returns the handler, for POST only, that ends the session of this browser
// here and redirects to the local path returnTo. The cookie goes even while
// Config.Revocations cannot be reached; the error page, of vneid.ErrUnavailable, then
// says that copies of it stay good. Tokens that the session keeps are taken back at
// the provider, if it answers in time.
//
// With Config.LogoutURL the browser goes on to the provider, to end its session there
// too (OpenID Connect RP-Initiated Logout 1.0), and comes back to LoggedOut; a
// provider that offers no such thing, or cannot be reached, is left alone. Without,
// the provider's own session goes on.
func (c *Client) Logout(returnTo string) http.Handler {
	returnTo = relying.LocalPath(returnTo)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.hide(w)
		if r.Method != http.MethodPost {
			methodNotAllowed(w, "POST")
			return
		}
		if err := http.NewCrossOriginProtection().Check(r); err != nil && c.on("cross-site") {
			c.fail(w, r, fault.New(vneid.ErrMismatch, "sso: the logout was sent by another site"))
			return
		}
		if err := c.made(); err != nil {
			c.fail(w, r, err)
			return
		}
		// Whatever becomes of copies, this browser is logged out.
		c.dropCookie(w, c.sessionCookie())
		id, err := c.session(r)
		if id != nil {
			err = c.end(r.Context(), id)
			c.takeBack(r.Context(), id)
		}
		if err != nil {
			c.fail(w, r, err)
			return
		}
		http.Redirect(w, r, c.farewell(w, r, id, returnTo), http.StatusSeeOther)
	})
}

// takeBack revokes the tokens of a session that ended. That the provider does not
// answer is no reason to keep anybody logged in.
func (c *Client) takeBack(ctx context.Context, id *Identity) {
	if id.Tokens() == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), revokeTime)
	defer cancel()
	_ = c.Revoke(ctx, id.Tokens())
}

// farewell is where the browser goes after a logout: to the provider where it is to
// end its session too, else to the local path.
func (c *Client) farewell(w http.ResponseWriter, r *http.Request, id *Identity, returnTo string) string {
	if id == nil || c.cfg.LogoutURL == "" {
		return returnTo
	}
	ctx, cancel := context.WithTimeout(r.Context(), revokeTime)
	defer cancel()
	md, err := c.provider.Get(ctx)
	if err != nil {
		return returnTo
	}
	end, err := c.endpoint(&md.object, "end_session_endpoint")
	if err != nil {
		return returnTo
	}
	state := random()
	if c.setCookie(w, c.awayCookie(), state, awayLife) != nil {
		return returnTo
	}
	q := url.Values{"client_id": {c.cfg.ClientID}, "post_logout_redirect_uri": {c.cfg.LogoutURL}, "state": {state}}
	if hint := id.get().hint; hint != "" {
		q.Set("id_token_hint", hint)
	}
	return withQuery(end, q)
}

func (c *Client) awayCookie() string { return c.names + "away" }

// LoggedOut returns the handler of Config.LogoutURL, to which the provider sends the
// browser back after a logout there. It redirects to the local path returnTo if the
// browser was sent away by Logout and brings its state back; anything else is an
// error page of vneid.ErrMismatch: somebody else sent the browser here. It changes no
// session, since Logout ended that.
func (c *Client) LoggedOut(returnTo string) http.Handler {
	returnTo = relying.LocalPath(returnTo)
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
		q, err := relying.ParseQuery(r.URL.RawQuery)
		if err == nil {
			err = c.back(w, r, q["state"])
		}
		if err != nil {
			c.fail(w, r, fault.Prefix("sso", err))
			return
		}
		http.Redirect(w, r, returnTo, http.StatusSeeOther)
	})
}

// back lets a state go that came back from a logout. Like that of a login it is used
// once, whatever becomes of it.
func (c *Client) back(w http.ResponseWriter, r *http.Request, state string) error {
	k, err := r.Cookie(c.awayCookie())
	if err == nil {
		c.dropCookie(w, c.awayCookie())
	}
	if c.on("logout-state") && (err != nil || !same(state, k.Value)) {
		return fault.New(vneid.ErrMismatch, "nobody of this browser is coming back from a logout: the state is missing, or another's")
	}
	return nil
}

// hintOf is the ID token where it goes back to the provider as a hint of whose
// session to end. It travels in a URL, which lands in histories and logs: a token
// that is encrypted or says more of a person than an opaque sub stays here, and the
// provider asks the person instead. What a claim of an unknown name holds nobody
// knows: providers were seen to put the personal number into preferred_username.
func (c *Client) hintOf(raw string, claims *jws.Object) string {
	if c.cfg.LogoutURL == "" || len(c.decrypt()) > 0 {
		return ""
	}
	for _, name := range claims.Names() {
		if !impersonal(name) {
			return ""
		}
	}
	return raw
}

// impersonal lists the claims that tell how somebody logged in and not who.
func impersonal(claim string) bool {
	switch claim {
	case "iss", "sub", "aud", "exp", "iat", "nbf", "jti", "typ", "nonce", "azp", "sid", "session_state",
		"auth_time", "acr", "amr", "at_hash", "c_hash", "s_hash",
		wire.AccountLevel, wire.AccountType, wire.Account, wire.EIDStatus, wire.VerifiedBy:
		return true
	}
	return false
}
