package sso

import (
	"context"
	"net/http"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Begin starts a login: it makes state, nonce and PKCE verifier, and returns the
// URL to send the browser to and the Session to keep for that browser.
func (c *Client) Begin(ctx context.Context, ask Ask) (redirect string, s *Session, err error) {
	return "", nil, fault.New(vneid.ErrUnavailable, "sso: not there yet")
}

// Finish ends a login: it takes the Session of the browser that came back and
// the raw query of its request (r.URL.RawQuery), and returns who logged in.
func (c *Client) Finish(ctx context.Context, s *Session, rawQuery string) (*Identity, error) {
	return nil, fault.New(vneid.ErrUnavailable, "sso: not there yet")
}

// VerifyIDToken is for this module's own packages: the part of Finish that turns
// an ID token, got over the code exchange that s began, into an Identity.
func (c *Client) VerifyIDToken(ctx context.Context, token string, s *Session, own seal.Seal) (*Identity, error) {
	return nil, fault.New(vneid.ErrUnavailable, "sso: not there yet")
}

// Claim returns the JSON of one claim, known or not, and whether it is there.
func (id *Identity) Claim(name string) ([]byte, bool) { return nil, false }

// Check returns nil when the login satisfies need, else a *vneid.LockError or a
// *vneid.LevelError.
func (id *Identity) Check(need vneid.Assurance) error { return id.get().assurance.Check(need) }

// Login returns the handler that starts a login and sends the browser to the
// provider. Its query parameter "return" is the local path to come back to.
func (c *Client) Login(ask Ask) http.Handler { return http.NotFoundHandler() }

// Callback returns the handler of Config.RedirectURL. It finishes the login,
// opens the session, and calls done; nil redirects to the path the person came
// from.
func (c *Client) Callback(done func(w http.ResponseWriter, r *http.Request, id *Identity, returnTo string)) http.Handler {
	return http.NotFoundHandler()
}

// Logout returns the handler, for POST only, that ends the session and redirects
// to a local path.
func (c *Client) Logout(returnTo string) http.Handler { return http.NotFoundHandler() }

// Require lets requests through to next whose session satisfies ask, with the
// Identity in their context, and sends others to log in.
func (c *Client) Require(ask Ask, next http.Handler) http.Handler { return http.NotFoundHandler() }

// FromContext returns the Identity that Require put there.
func FromContext(ctx context.Context) (*Identity, bool) { return nil, false }

func localPath(s string) string { return "/" }
