package sso

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	// maxTabs is how many logins one browser may have under way: each tab has
	// its own cookie, so tabs do not overwrite each other.
	maxTabs = 5

	// maxCookie bounds name, value and attributes together, as browsers do (RFC
	// 6265bis §5.6).
	maxCookie = 4096

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
	h := sha256.Sum256([]byte("vneid-sso cookies " + newSealer(c).binding))
	name := "vneid-" + base64.RawURLEncoding.EncodeToString(h[:6]) + "-"
	if secure(c) {
		name = "__Host-" + name
	}
	return name
}

func secure(c Config) bool { return strings.HasPrefix(c.RedirectURL, "https:") }

func (c *Client) sessionCookie() string { return c.names + "session" }

// loginCookie names the cookie of one login under way. The name carries a hash
// of the state, so that the callback opens exactly one cookie and nobody can
// read a state from a name.
func (c *Client) loginCookie(state string) string {
	h := sha256.Sum256([]byte("vneid-sso tab " + state))
	return c.names + "login-" + base64.RawURLEncoding.EncodeToString(h[:9])
}

// setCookie refuses with ErrCookieSize what a browser would silently drop.
func (c *Client) setCookie(w http.ResponseWriter, name, value string, life time.Duration) error {
	k := http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(life / time.Second),
		Secure: secure(c.cfg), HttpOnly: true,
		SameSite: http.SameSiteLaxMode, // the callback is a cross-site navigation, which Strict would strip
	}
	line := k.String()
	if len(line) > maxCookie {
		return ErrCookieSize
	}
	w.Header().Add("Set-Cookie", line)
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
	value, err := c.sealer.seal(forLogin, plain)
	if err != nil {
		return err
	}
	for _, name := range c.surplus(r) {
		c.dropCookie(w, name)
	}
	return c.setCookie(w, c.loginCookie(s.State()), value, loginLife)
}

// surplus lists the cookies of logins that are over or not ours, and as many of
// the oldest others as one more would be too many.
func (c *Client) surplus(r *http.Request) []string {
	type tab struct {
		name    string
		created time.Time
	}
	var drop []string
	var live []tab
	for _, k := range r.Cookies() {
		if !strings.HasPrefix(k.Name, c.names+"login-") {
			continue
		}
		s, ok := c.openLogin(k.Value)
		if !ok || c.loginCookie(s.State()) != k.Name || !c.cfg.Now().Before(s.Expires()) {
			drop = append(drop, k.Name)
			continue
		}
		live = append(live, tab{k.Name, s.data().Created})
	}
	slices.SortFunc(live, func(a, b tab) int { return a.created.Compare(b.created) })
	for len(live) >= maxTabs {
		drop, live = append(drop, live[0].name), live[1:]
	}
	return drop
}

func (c *Client) openLogin(value string) (*Session, bool) {
	plain, ok := c.sealer.open(forLogin, value)
	if !ok {
		return nil, false
	}
	s := new(Session)
	return s, json.Unmarshal(plain, s) == nil
}

// takeLogin returns the Session whose state the callback names and lets its
// cookie go: a state is used once, whatever becomes of it (RFC 9700 §4.7.1).
func (c *Client) takeLogin(w http.ResponseWriter, r *http.Request, state string) (*Session, bool) {
	name := c.loginCookie(state)
	k, err := r.Cookie(name)
	if err != nil {
		return nil, false
	}
	c.dropCookie(w, name)
	return c.openLogin(k.Value)
}
