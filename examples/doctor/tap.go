package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"time"
)

// call is what is kept of one answer.
type call struct {
	host, path string
	method     string
	status     int    // 0: there was no answer
	err        error  // then why
	mime       string // without parameters
	code       string // the error of an OAuth answer, if it has the form of one
	date       time.Time
	sent, got  time.Time
	location   string
	body       []byte // its beginning, for who has to look
}

func (c call) closed() bool {
	return c.status == http.StatusUnauthorized || c.status == http.StatusForbidden
}

// tap notes every call that goes through it, the SDK's and the doctor's own.
type tap struct {
	next http.RoundTripper
	now  func() time.Time

	mu    sync.Mutex
	calls []call
}

const peek = 256 << 10

var oauthCode = regexp.MustCompile(`^[a-z][a-z0-9_.:/-]{2,63}$`)

// RoundTrip implements http.RoundTripper.
func (t *tap) RoundTrip(r *http.Request) (*http.Response, error) {
	c := call{host: r.URL.Host, path: r.URL.Path, method: r.Method, sent: t.now()}
	res, err := t.next.RoundTrip(r)
	c.got, c.err = t.now(), err
	if err == nil {
		c.status, c.location = res.StatusCode, res.Header.Get("Location")
		c.mime, _, _ = strings.Cut(strings.ToLower(res.Header.Get("Content-Type")), ";")
		c.mime = strings.TrimSpace(c.mime)
		if res.Header.Get("Age") == "" { // else it is a cache's, and old
			c.date, _ = http.ParseTime(res.Header.Get("Date"))
		}
		c.body, _ = io.ReadAll(io.LimitReader(res.Body, peek))
		res.Body = rest{io.MultiReader(bytes.NewReader(c.body), res.Body), res.Body}
		var said struct {
			Error string `json:"error"`
		}
		if json.Unmarshal(c.body, &said) == nil && oauthCode.MatchString(said.Error) {
			c.code = said.Error
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.calls = append(t.calls, c)
	return res, err
}

// rest is a body of which a part was read.
type rest struct {
	io.Reader
	io.Closer
}

// since returns the calls from the n-th on, and how many there are now.
func (t *tap) since(n int) ([]call, int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]call(nil), t.calls[n:]...), len(t.calls)
}

// last returns the newest call of a method, from the n-th on.
func (t *tap) last(n int, method string) (call, bool) {
	calls, _ := t.since(n)
	for i := len(calls) - 1; i >= 0; i-- {
		if calls[i].method == method {
			return calls[i], true
		}
	}
	return call{}, false
}
