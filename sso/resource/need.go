package resource

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// Need is what a request's token must reach beyond being good. The zero value asks
// for nothing more.
type Need struct {
	Scopes    []string        // the token has every one of them
	Assurance vneid.Assurance // its levels (acr), and if At is set when the person authenticated at the earliest
	MaxAge    time.Duration   // how long ago the person may have authenticated; 0: any time
	Bound     bool            // the token is bound to the client's key (DPoP): Bearer does not pass
}

// check returns an error whose text begins with the field.
func (n Need) check() error {
	for _, s := range n.Scopes {
		if s == "" || !printable(s) || strings.ContainsAny(s, `"\`) {
			return errors.New(".Scopes holds something that is no scope (RFC 6749 §3.3)")
		}
	}
	if a := n.Assurance; a.Level < 0 || a.Level > 2 || a.Auth < 0 || a.Auth > 4 {
		return errors.New(".Assurance is outside account levels 1–2 and authentication levels 1–4")
	}
	if n.MaxAge < 0 {
		return errors.New(".MaxAge is negative")
	}
	return nil
}

// join returns what both ask.
func (n Need) join(more Need) Need {
	a, b := n.Assurance, more.Assurance
	out := Need{
		Scopes:    n.Scopes,
		Assurance: vneid.Assurance{Level: max(a.Level, b.Level), Auth: max(a.Auth, b.Auth), At: a.At},
		MaxAge:    n.MaxAge,
		Bound:     n.Bound || more.Bound,
	}
	if b.At.After(a.At) {
		out.Assurance.At = b.At
	}
	if out.MaxAge == 0 || more.MaxAge > 0 && more.MaxAge < out.MaxAge {
		out.MaxAge = more.MaxAge
	}
	for _, s := range more.Scopes {
		if !slices.Contains(out.Scopes, s) {
			out.Scopes = append(slices.Clip(out.Scopes), s)
		}
	}
	return out
}
