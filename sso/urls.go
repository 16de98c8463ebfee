package sso

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// checkURL accepts an absolute https URL, or http on a loopback host, without
// user information or fragment. Its errors name the field, never the value.
func checkURL(field, s string) error {
	u, err := url.Parse(s)
	switch {
	case s == "":
		return fmt.Errorf("%s is empty", field)
	case err != nil || u.Hostname() == "" || !printable(s):
		return fmt.Errorf("%s is not an absolute URL", field)
	case u.User != nil || strings.Contains(s, "#"):
		return fmt.Errorf("%s must not have user information or a fragment", field)
	case u.Scheme != "https" && !(u.Scheme == "http" && loopback(u.Hostname())):
		return fmt.Errorf("%s must begin with https (http only on a loopback host)", field)
	}
	return nil
}

// loopback reports whether a host name can only mean this machine. "localhost"
// is one by RFC 6761 §6.3; other names are not resolved.
func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
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
