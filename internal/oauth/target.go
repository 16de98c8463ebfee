package oauth

import (
	"net/url"
	"strings"
)

// target is what a proof says of a request's URL.
type target struct{ origin, path string }

// parseTarget normalises an http URL (RFC 3986 §6.2.2–§6.2.3) and drops its query
// and fragment (RFC 9449 §4.2).
func parseTarget(raw string) (target, bool) {
	u, err := url.Parse(raw)
	if err != nil || u.User != nil || !plainHost(u) {
		return target{}, false
	}
	port := ""
	switch u.Scheme { // url.Parse lowers it
	case "https":
		port = "443"
	case "http":
		port = "80"
	default:
		return target{}, false
	}
	host := lower(u.Host)
	if p := u.Port(); p == port || p == "" {
		host = strings.TrimSuffix(host, ":"+p)
	}
	path, ok := normalPath(u.EscapedPath())
	return target{u.Scheme + "://" + host, path}, ok
}

// plainURL reports whether a URL is of a form that normalises to itself, whatever its
// host and port: a scheme, a host in lower case, perhaps a port, a path without escapes
// and dots.
func plainURL(s string) bool {
	rest, ok := strings.CutPrefix(s, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(s, "http://")
	}
	host, path, found := strings.Cut(rest, "/")
	name, port, _ := strings.Cut(host, ":")
	for i := range len(port) {
		ok = ok && '0' <= port[i] && port[i] <= '9'
	}
	for i := range len(name) {
		ok = ok && unreserved(name[i]) && !('A' <= name[i] && name[i] <= 'Z')
	}
	for i := range len(path) {
		ok = ok && (unreserved(path[i]) || path[i] == '/')
	}
	return ok && found && name != "" && !strings.HasPrefix(path, ".") && !strings.Contains(path, "/.")
}

// plainHost reports whether a host is a name in ASCII or an address: zones have no
// meaning beyond one machine, and other letters more than one spelling.
func plainHost(u *url.URL) bool {
	name := u.Hostname()
	for i := range len(name) {
		if c := name[i]; !unreserved(c) && c != ':' {
			return false
		}
	}
	return name != "" && (u.Host[0] == '[' || !strings.Contains(name, ":"))
}

// normalPath writes escapes in one way and refuses dot segments.
func normalPath(path string) (string, bool) {
	if path == "" {
		return "/", true
	}
	if strings.IndexByte(path, '%') >= 0 {
		path = normalEscapes(path)
	}
	if strings.Contains(path, "/.") {
		for s := range strings.SplitSeq(path, "/") {
			if s == "." || s == ".." {
				return "", false
			}
		}
	}
	return path, true
}

// normalEscapes writes escapes in capitals, and unreserved characters plainly.
// url.Parse has seen to it that two digits follow each percent sign.
func normalEscapes(path string) string {
	b := make([]byte, 0, len(path))
	for i := 0; i < len(path); i++ {
		if path[i] != '%' {
			b = append(b, path[i])
			continue
		}
		c := digit(path[i+1])<<4 | digit(path[i+2])
		if unreserved(c) {
			b = append(b, c)
		} else {
			b = append(b, '%', "0123456789ABCDEF"[c>>4], "0123456789ABCDEF"[c&15])
		}
		i += 2
	}
	return string(b)
}

func digit(c byte) byte {
	switch {
	case c >= 'a':
		return c - 'a' + 10
	case c >= 'A':
		return c - 'A' + 10
	}
	return c - '0'
}

func unreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '.' || c == '_' || c == '~'
}

// lower lowers ASCII alone: Unicode folding would make one host of two.
func lower(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return 'A' <= r && r <= 'Z' }) < 0 {
		return s
	}
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
