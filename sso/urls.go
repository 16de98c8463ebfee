package sso

import (
	"fmt"
	"net/url"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/guard"
)

// checkURL accepts what guard.CheckURL does: absolute https, or http on a loopback
// host, without user information or fragment. Its errors name the field, never
// the value.
func checkURL(field, s string) error {
	u, err := guard.CheckURL(s)
	if err != nil {
		return fmt.Errorf("%s is %w", field, err)
	}
	if !printable(s) || !strings.HasPrefix(s, u.Scheme+"://") {
		return fmt.Errorf("%s has characters that a URL must escape, or a scheme in capitals", field)
	}
	return nil
}

// printable reports whether s is ASCII without spaces and control characters.
func printable(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// scopeToken reports whether s is a scope-token of RFC 6749 §3.3.
func scopeToken(s string) bool {
	return s != "" && printable(s) && !strings.ContainsAny(s, `"\`)
}

// maxReturn keeps the pre-login cookie small.
const maxReturn = 1024

// localPath returns s if it can only be a path of the site that sends it as a
// Location, else "/". Browsers read "//host", "/\host" and paths with tabs or
// line breaks in such places as other sites.
func localPath(s string) string {
	if len(s) == 0 || len(s) > maxReturn || s[0] != '/' || strings.HasPrefix(s, "//") ||
		strings.Contains(s, `\`) || !printable(s) {
		return "/"
	}
	u, err := url.Parse(s)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, `\`) {
		return "/"
	}
	return s
}
