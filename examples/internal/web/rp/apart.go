package rp

import (
	"net/http"
	"strings"
)

// apart keeps the cookies of a party from those of everybody else on this origin. Its
// handlers set and read cookies by the names that package sso gives them; outside they
// are called rp-<party>.<name>, with the party's path, so that browsers send them there
// alone. Cookies of others are taken out of the request before a handler sees it; the
// language, which says nothing about anybody, stays.
//
// With https the names begin with __Secure- in place of __Host-, which would demand the
// path / (RFC 6265bis §4.1.3).
func apart(id, path string, next http.Handler) http.Handler {
	prefix := "rp-" + id + "."
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		own := r.Clone(r.Context())
		own.Header.Del("Cookie")
		for _, c := range r.Cookies() {
			name, secure := strings.CutPrefix(c.Name, "__Secure-")
			if name, ours := strings.CutPrefix(name, prefix); ours {
				if secure {
					name = "__Host-" + name
				}
				own.AddCookie(&http.Cookie{Name: name, Value: c.Value, Quoted: c.Quoted})
			} else if c.Name == "lang" {
				own.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
			}
		}
		next.ServeHTTP(&renamer{ResponseWriter: w, prefix: prefix, path: path}, own)
	})
}

// renamer rewrites the cookies of an answer before its header is written.
type renamer struct {
	http.ResponseWriter
	prefix, path string
	done         bool
}

// WriteHeader implements http.ResponseWriter.
func (n *renamer) WriteHeader(status int) {
	if !n.done {
		n.done = true
		set := n.Header().Values("Set-Cookie")
		n.Header().Del("Set-Cookie")
		for _, line := range set {
			c, err := http.ParseSetCookie(line)
			if err != nil {
				continue // none of ours
			}
			if c.Name != "lang" {
				name, host := strings.CutPrefix(c.Name, "__Host-")
				if c.Name, c.Path = n.prefix+name, n.path; host {
					c.Name = "__Secure-" + c.Name
				}
			}
			http.SetCookie(n.ResponseWriter, c)
		}
	}
	n.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (n *renamer) Write(b []byte) (int, error) {
	if !n.done {
		n.WriteHeader(http.StatusOK)
	}
	return n.ResponseWriter.Write(b)
}

// Unwrap is for http.ResponseController.
func (n *renamer) Unwrap() http.ResponseWriter { return n.ResponseWriter }
