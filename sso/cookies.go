package sso

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/relying"
)

const (
	maxTabs   = relying.MaxTabs
	maxCookie = relying.MaxCookie
	loginLife = 10 * time.Minute
)

// cookieSizeError is constant, so that no program can change it for another.
type cookieSizeError string

func (e cookieSizeError) Error() string { return string(e) }

// ErrCookieSize says that a cookie would not fit a browser's 4 KiB. The login
// itself was good: ask for fewer scopes, or keep sessions without the handlers.
const ErrCookieSize cookieSizeError = "sso: the cookie would be larger than browsers keep (4 KiB)"

// cookiePrefix begins the names of all cookies of one client. __Host- binds a
// cookie to this host and to https (RFC 6265bis §4.1.3.2); loopback http cannot
// have it. A hash of issuer, client and redirect URI keeps several clients on one
// host apart.
func cookiePrefix(c Config) string {
	h := sha256.Sum256([]byte("vneid-sso cookies " + newSealer(c).box.Binding()))
	name := "vneid-" + base64.RawURLEncoding.EncodeToString(h[:6]) + "-"
	if secure(c) {
		name = "__Host-" + name
	}
	return name
}

func secure(c Config) bool { return strings.HasPrefix(c.RedirectURL, "https:") }

func (c *Client) sessionCookie() string { return c.names + "session" }

// tabs keeps the logins under way in a browser.
func (c *Client) tabs() *relying.Tabs {
	return &relying.Tabs{
		Box: c.sealer.box, Prefix: c.names + "login-", Label: "vneid-sso tab ", Purpose: forLogin,
		Secure: secure(c.cfg), Life: loginLife, Now: c.cfg.Now,
		Read: func(plain []byte) (string, time.Time, time.Time, bool) {
			s := new(Session)
			ok := json.Unmarshal(plain, s) == nil
			return s.State(), s.data().Created, s.Expires(), ok
		},
	}
}

// loginCookie names the cookie of one login under way.
func (c *Client) loginCookie(state string) string { return c.tabs().Name(state) }

// setCookie refuses with ErrCookieSize what a browser would silently drop.
func (c *Client) setCookie(w http.ResponseWriter, name, value string, life time.Duration) error {
	if !relying.SetCookie(w, secure(c.cfg), name, value, life) {
		return ErrCookieSize
	}
	return nil
}

func (c *Client) dropCookie(w http.ResponseWriter, name string) {
	_ = c.setCookie(w, name, "", -time.Second) // an empty value always fits
}

// keepLogin puts s into a cookie of its own and makes room for it.
func (c *Client) keepLogin(w http.ResponseWriter, r *http.Request, s *Session) error {
	plain, err := json.Marshal(s)
	if err != nil {
		return err
	}
	switch fits, err := c.tabs().Keep(w, r, s.State(), plain); {
	case err != nil:
		return err
	case !fits:
		return ErrCookieSize
	}
	return nil
}

func (c *Client) openLogin(value string) (*Session, bool) {
	plain, ok := c.sealer.open(forLogin, value)
	return readLogin(plain, ok)
}

// takeLogin returns the Session whose state the callback names and lets its
// cookie go.
func (c *Client) takeLogin(w http.ResponseWriter, r *http.Request, state string) (*Session, bool) {
	return readLogin(c.tabs().Take(w, r, state))
}

func readLogin(plain []byte, ok bool) (*Session, bool) {
	if !ok {
		return nil, false
	}
	s := new(Session)
	return s, json.Unmarshal(plain, s) == nil
}
