package lab

import (
	"net"
	"net/http"
	"net/url"
	"strings"
)

// guard answers 404, as for a path that is not there, to whoever may not be here.
func guard(issuer string, exposed bool, next http.Handler) http.Handler {
	u, err := url.Parse(issuer)
	here := err == nil && loopback(u.Hostname())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !exposed && !(here && near(r)) {
			http.NotFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// near reports whether a request comes from this machine and names it. A name of the
// network's that resolves to loopback (DNS rebinding) is none of this machine's, and what
// a proxy hands on comes from wherever the proxy listens.
func near(r *http.Request) bool {
	peer, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil || !loopback(peer) || peer == "localhost" {
		return false
	}
	host := r.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if !loopback(strings.Trim(host, "[]")) {
		return false
	}
	for name := range r.Header {
		if name == "Forwarded" || name == "Via" || name == "X-Real-Ip" || strings.HasPrefix(name, "X-Forwarded-") {
			return false
		}
	}
	return true
}

// loopback reports whether a host name can only mean this machine (RFC 6761 §6.3).
func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
