package web

import (
	"net/http"
	"strings"

	"github.com/vneid-sdk/vneid-go/examples/internal/ui"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// Some answers are a line of plain text: what is not there, a form of another site, a
// body that is too large. Programs are served by that; people are shown a page that says
// what to do.

// drawn is an answer that a page takes the place of where it is such a line.
type drawn struct {
	http.ResponseWriter
	took int // the status of the line that was taken; 0: none
}

func (d *drawn) WriteHeader(status int) {
	h := d.Header()
	if status >= 400 && strings.HasPrefix(h.Get("Content-Type"), "text/plain") {
		d.took = status
		h.Del("Content-Type")
		h.Del("Content-Length")
		return
	}
	d.ResponseWriter.WriteHeader(status)
}

func (d *drawn) Write(b []byte) (int, error) {
	if d.took != 0 {
		return len(b), nil
	}
	return d.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController through.
func (d *drawn) Unwrap() http.ResponseWriter { return d.ResponseWriter }

// drawPlain shows people pages instead of lines.
func (s *Site) drawPlain(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept"), "text/html") {
			next.ServeHTTP(w, r)
			return
		}
		d := &drawn{ResponseWriter: w}
		if next.ServeHTTP(d, r); d.took == 0 {
			return
		}
		ui.Secure(0, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.pages.Render(w, r, d.took, string(platform.StepError), step{platform.View{Error: plainCode(d.took)}})
		})).ServeHTTP(w, r)
	})
}

// plainCode is the word of the error pages for a status.
func plainCode(status int) string {
	switch status {
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusGone:
		return "not_found"
	case http.StatusForbidden:
		return "csrf"
	case http.StatusRequestEntityTooLarge:
		return "too_large"
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		return "temporarily_unavailable"
	case http.StatusInternalServerError:
		return "server_error"
	}
	return ""
}
