package relying

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Bounds of cookies.
const (
	// MaxTabs is how many things one browser may have under way: each tab has its own
	// cookie, so tabs do not overwrite each other.
	MaxTabs = 5

	// MaxCookie bounds name, value and attributes together, as browsers do (RFC
	// 6265bis §5.6).
	MaxCookie = 4096
)

// Tabs keeps what is under way in a browser, each in a sealed cookie of its own.
type Tabs struct {
	Box     Box
	Prefix  string // what the names begin with
	Label   string // what state is hashed with into a name
	Purpose string // of the envelopes
	Secure  bool
	Life    time.Duration
	Now     func() time.Time

	// Read says of an opened envelope under which state it belongs, and from when to
	// when it is good.
	Read func(plain []byte) (state string, created, expires time.Time, ok bool)
}

// SetCookie sets a cookie for the whole site, and answers false for one that a browser
// would silently drop.
func SetCookie(w http.ResponseWriter, secure bool, name, value string, life time.Duration) bool {
	k := http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(life / time.Second),
		Secure: secure, HttpOnly: true,
		SameSite: http.SameSiteLaxMode, // the callback is a cross-site navigation, which Strict would strip
	}
	line := k.String()
	if len(line) > MaxCookie {
		return false
	}
	w.Header().Add("Set-Cookie", line)
	return true
}

// Name names the cookie of one thing under way. It carries a hash of the state, so
// that the callback opens exactly one cookie and nobody can read a state from a name.
func (t *Tabs) Name(state string) string {
	h := sha256.Sum256([]byte(t.Label + state))
	return t.Prefix + base64.RawURLEncoding.EncodeToString(h[:9])
}

// Keep puts plain into a cookie of its own and makes room for it. It answers false for
// one that would not fit.
func (t *Tabs) Keep(w http.ResponseWriter, r *http.Request, state string, plain []byte) (bool, error) {
	value, err := t.Box.Seal(t.Purpose, plain)
	if err != nil {
		return false, err
	}
	for _, name := range t.surplus(r) {
		t.drop(w, name)
	}
	return SetCookie(w, t.Secure, t.Name(state), value, t.Life), nil
}

func (t *Tabs) drop(w http.ResponseWriter, name string) {
	_ = SetCookie(w, t.Secure, name, "", -time.Second) // an empty value always fits
}

// surplus lists the cookies of what is over or not ours, and as many of the oldest
// others as one more would be too many.
func (t *Tabs) surplus(r *http.Request) []string {
	type tab struct {
		name    string
		created time.Time
	}
	var drop []string
	var live []tab
	for _, k := range r.Cookies() {
		if !strings.HasPrefix(k.Name, t.Prefix) {
			continue
		}
		plain, ok := t.Box.Open(t.Purpose, k.Value, MaxCookie)
		if !ok {
			drop = append(drop, k.Name)
			continue
		}
		state, created, expires, ok := t.Read(plain)
		if !ok || t.Name(state) != k.Name || !t.Now().Before(expires) {
			drop = append(drop, k.Name)
			continue
		}
		live = append(live, tab{k.Name, created})
	}
	slices.SortFunc(live, func(a, b tab) int { return a.created.Compare(b.created) })
	for len(live) >= MaxTabs {
		drop, live = append(drop, live[0].name), live[1:]
	}
	return drop
}

// Take returns what was kept under the state that a callback names and lets its cookie
// go: a state is used once, whatever becomes of it (RFC 9700 §4.7.1).
func (t *Tabs) Take(w http.ResponseWriter, r *http.Request, state string) ([]byte, bool) {
	name := t.Name(state)
	k, err := r.Cookie(name)
	if err != nil {
		return nil, false
	}
	t.drop(w, name)
	return t.Box.Open(t.Purpose, k.Value, MaxCookie)
}
