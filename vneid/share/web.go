package share

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"html"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Start returns the handler that begins a request and sends the browser to the platform.
// ask makes the Request of this visitor: a page behind a login sets its Subject, so that
// nobody else's data comes back. Its error goes to the error page.
func (c *Client) Start(ask func(*http.Request) (Request, error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hide(w)
		if r.Method != http.MethodGet && r.Method != http.MethodPost {
			methodNotAllowed(w, "GET, POST")
			return
		}
		to, err := c.start(w, r, ask)
		if err != nil {
			c.fail(w, r, err)
			return
		}
		http.Redirect(w, r, to, http.StatusSeeOther) // never 307: a form must not travel on
	})
}

func (c *Client) start(w http.ResponseWriter, r *http.Request, ask func(*http.Request) (Request, error)) (string, error) {
	req, err := ask(r)
	if err != nil {
		return "", err
	}
	to, s, err := c.Begin(r.Context(), req)
	if err != nil {
		return "", err
	}
	plain, err := s.MarshalText()
	if err != nil {
		return "", err
	}
	switch fits, err := c.tabs().Keep(w, r, s.State(), plain); {
	case err != nil:
		return "", fault.Prefix("share", err)
	case !fits:
		return "", errors.New("share: the request is too long for a browser's cookie")
	}
	return to, nil
}

// Callback returns the handler of Config.RedirectURL. It finishes the request of the
// tab that came back and calls done with the answer. A callback that the browser sends
// twice at once is one request with one answer, and done is called for each of the two.
func (c *Client) Callback(done func(w http.ResponseWriter, r *http.Request, answer Records)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		hide(w)
		if r.Method != http.MethodGet {
			methodNotAllowed(w, "GET")
			return
		}
		records, err := c.finishTab(w, r)
		if err != nil {
			c.fail(w, r, err)
			return
		}
		done(w, r, records)
	})
}

// finishTab finds the request that the callback answers among the browser's.
func (c *Client) finishTab(w http.ResponseWriter, r *http.Request) (Records, error) {
	if err := c.made(); err != nil {
		return Records{}, fault.Prefix("share", err)
	}
	q, err := readResponse(r.URL.RawQuery)
	if err != nil {
		return Records{}, fault.Prefix("share", err)
	}
	tabs := c.tabs()
	s, name := new(Session), tabs.Name(q.state)
	k, err := r.Cookie(name)
	if err == nil {
		plain, _ := c.box.Open(forTab, k.Value, relying.MaxCookie)
		err = s.UnmarshalText(plain)
	}
	if err != nil {
		return Records{}, fault.Prefix("share", mismatch("this browser has no such request under way: it began in another browser, more than ten minutes ago, or is over"))
	}
	records, err := c.Finish(r.Context(), s, r.URL.RawQuery)
	p := s.look()
	if c.ended.Final(p.name()) { // else a reload goes on where this stopped
		_ = relying.SetCookie(w, tabs.Secure, name, "", -time.Second)
	}
	return records, err
}

// tabs keeps the requests under way in a browser.
func (c *Client) tabs() *relying.Tabs {
	secure := strings.HasPrefix(c.cfg.RedirectURL, "https:")
	h := sha256.Sum256([]byte("vneid-share cookies " + c.box.Binding()))
	prefix := "vneid-share-" + base64.RawURLEncoding.EncodeToString(h[:6]) + "-"
	if secure { // RFC 6265bis §4.1.3.2; loopback http cannot have it
		prefix = "__Host-" + prefix
	}
	return &relying.Tabs{
		Box: c.box, Prefix: prefix, Label: "vneid-share tab ", Purpose: forTab, Secure: secure, Life: sessionLife, Now: c.cfg.Now,
		Read: func(plain []byte) (string, time.Time, time.Time, bool) {
			s := new(Session)
			ok := s.UnmarshalText(plain) == nil
			p := s.look()
			return s.State(), p.begun(), p.until(), ok
		},
	}
}

// fail shows a refusal.
func (c *Client) fail(w http.ResponseWriter, r *http.Request, err error) {
	if c != nil && c.cfg.ErrorPage != nil {
		c.cfg.ErrorPage(w, r, err)
		return
	}
	errorPage(w, err)
}

// errorPage is the page of programs that bring none: Vietnamese first, no words from
// the platform or the error, no scripts, and never in a frame.
func errorPage(w http.ResponseWriter, err error) {
	vi, en := vneid.Advice(err)
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status(err))
	const title = "Chưa nhận được thông tin"
	_, _ = io.WriteString(w, "<!doctype html>\n<html lang=\"vi\"><meta charset=\"utf-8\">"+
		"<meta name=\"viewport\" content=\"width=device-width\">\n<title>"+title+"</title>\n<h1>"+title+"</h1>\n"+
		"<p>"+html.EscapeString(vi)+"</p>\n<p lang=\"en\">"+html.EscapeString(en)+"</p>\n</html>\n")
}

// status is the HTTP status that says most nearly what a refusal means.
func status(err error) int {
	var kind vneid.Kind
	switch {
	case errors.Is(err, vneid.ErrUnavailable):
		return http.StatusServiceUnavailable
	case errors.Is(err, vneid.ErrMalformed):
		return http.StatusBadRequest
	case !errors.As(err, &kind):
		return http.StatusInternalServerError
	}
	return http.StatusForbidden
}

// hide keeps what a request shows out of caches, and its URL, which carries code and
// state, out of the Referer of whatever comes next (RFC 9700 §4.2.4).
func hide(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Referrer-Policy", "no-referrer")
}

func methodNotAllowed(w http.ResponseWriter, allow string) {
	w.Header().Set("Allow", allow)
	http.Error(w, http.StatusText(http.StatusMethodNotAllowed), http.StatusMethodNotAllowed)
}
