package relying

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/guard"
)

// CheckURL accepts what guard.CheckURL does: absolute https, or http on a loopback
// host, without user information or fragment. Its errors name the field, never
// the value.
func CheckURL(field, s string) error {
	u, err := guard.CheckURL(s)
	if err != nil {
		return fmt.Errorf("%s is %w", field, err)
	}
	if !Printable(s) || !strings.HasPrefix(s, u.Scheme+"://") {
		return fmt.Errorf("%s has characters that a URL must escape, or a scheme in capitals", field)
	}
	return nil
}

// CheckHosts accepts host names alone, as Config.Hosts has them.
func CheckHosts(hosts []string) error {
	for _, h := range hosts {
		if u, err := url.Parse("https://" + h); err != nil || h == "" || u.Host != h || u.Hostname() != h || !Printable(h) {
			return errors.New("Config.Hosts holds something else than host names without scheme, port and path")
		}
	}
	return nil
}

// Printable reports whether s is ASCII without spaces and control characters.
func Printable(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// SafeEndpoint reports whether a URL of the issuer's metadata may be called at all: it
// must not be weaker than the issuer's own.
func SafeEndpoint(issuer, where string) bool {
	return CheckURL("", where) == nil && (!strings.HasPrefix(issuer, "https:") || strings.HasPrefix(where, "https:"))
}

// OwnHost reports whether a URL of the issuer's metadata stays on its host, or on one
// of those that the configuration names: else a provider, or whoever wrote its
// metadata, could send our secrets and requests to other places.
func OwnHost(issuer string, hosts []string, where string) bool {
	if guard.SameHost(where, issuer) {
		return true
	}
	u, err := url.Parse(where)
	return err == nil && slices.ContainsFunc(hosts, func(h string) bool { return strings.EqualFold(h, u.Hostname()) })
}

// MaxReturn keeps pre-login cookies small.
const MaxReturn = 1024

// LocalPath returns s if it can only be a path of the site that sends it as a
// Location, else "/". Browsers read "//host", "/\host" and paths with tabs or
// line breaks in such places as other sites.
func LocalPath(s string) string {
	if len(s) == 0 || len(s) > MaxReturn || s[0] != '/' || strings.HasPrefix(s, "//") ||
		strings.Contains(s, `\`) || !Printable(s) {
		return "/"
	}
	u, err := url.Parse(s)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || strings.HasPrefix(u.Path, "//") || strings.Contains(u.Path, `\`) {
		return "/"
	}
	return s
}
