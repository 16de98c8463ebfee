package ui

import (
	"net/http"
	"net/url"
	"strings"
)

// Policy is the content security policy of the pages: the style sheet, the script and the
// pictures of the site itself, forms to it, and nothing else.
const Policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Secure sets the headers that every page has, and refuses bodies of more than
// max bytes.
func Secure(max int64, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", Policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		r.Body = http.MaxBytesReader(w, r.Body, max)
		next.ServeHTTP(w, r)
	})
}

// FormsTo lets forms lead to the site of the URL as well: browsers hold redirects
// after a form to form-action too. It goes inside Secure.
func FormsTo(site string, next http.Handler) http.Handler {
	policy := Policy
	if u, err := url.Parse(site); err == nil && u.Host != "" {
		policy = strings.Replace(policy, "form-action 'self'", "form-action 'self' "+u.Scheme+"://"+u.Host, 1)
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		next.ServeHTTP(w, r)
	})
}

// At serves one origin, that of the URL base. A page asked for under another name
// of this machine is redirected there, so that cookies and logins fit together;
// anything else gets 421. It also keeps a foreign name that was pointed at this
// machine (DNS rebinding) from reading pages.
func At(base string, next http.Handler) http.Handler {
	u, err := url.Parse(base)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case err == nil && r.Host == u.Host:
			next.ServeHTTP(w, r)
		case err == nil && (r.Method == http.MethodGet || r.Method == http.MethodHead):
			to := url.URL{Scheme: u.Scheme, Host: u.Host, Path: r.URL.Path, RawPath: r.URL.RawPath, RawQuery: r.URL.RawQuery}
			http.Redirect(w, r, to.String(), http.StatusTemporaryRedirect)
		default:
			http.Error(w, http.StatusText(http.StatusMisdirectedRequest), http.StatusMisdirectedRequest)
		}
	})
}
