package ops

import (
	"net"
	"net/http"
	"net/url"
	"strings"
)

// Private keeps parts of a site to this machine: a request below one of the prefixes is
// answered with 404 unless it came to an address on loopback, and the site's own URL,
// issuer, is on loopback too. With everywhere they are open to whoever reaches the site.
func Private(issuer string, everywhere bool, prefixes []string, site http.Handler) http.Handler {
	if everywhere {
		return site
	}
	u, err := url.Parse(issuer)
	here := err == nil && Loopback(u.Hostname()) // else a proxy on this machine lets others in
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if below(r.URL.Path, prefixes) && !(here && cameByLoopback(r)) {
			http.NotFound(w, r)
			return
		}
		site.ServeHTTP(w, r)
	})
}

// below reports whether the path is one of the prefixes or below one, by what the muxes
// will make of it.
func below(path string, prefixes []string) bool {
	for _, p := range prefixes {
		if path == p || strings.HasPrefix(path, strings.TrimSuffix(p, "/")+"/") {
			return true
		}
	}
	return false
}

func cameByLoopback(r *http.Request) bool {
	at, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return ok && at.IP.IsLoopback()
}

// Loopback reports whether a host name can only mean this machine (RFC 6761 §6.3).
func Loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
