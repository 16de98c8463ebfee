package rp

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/url"
)

// loop carries the parties' requests to the platform in the same process: whole HTTP
// requests to the platform's address, answered by its handler, without a socket. A
// platform behind a proxy, or one that answers a single connection, is so reached too.
type loop struct {
	host string // of the issuer
	to   http.Handler
}

func newLoop(issuer string, to http.Handler) *loop {
	u, err := url.Parse(issuer)
	if err != nil { // platform.New has read it before
		return &loop{to: to}
	}
	return &loop{u.Host, to}
}

// client is an HTTP client that reaches the platform and nobody else.
func (l *loop) client() *http.Client { return &http.Client{Transport: l} }

var errElsewhere = errors.New("only the platform is reached this way")

// RoundTrip implements http.RoundTripper.
func (l *loop) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != l.host {
		return nil, errElsewhere
	}
	r := req.Clone(req.Context())
	r.Host, r.RequestURI, r.RemoteAddr = l.host, req.URL.RequestURI(), "127.0.0.1:0"
	r.Proto, r.ProtoMajor, r.ProtoMinor = "HTTP/1.1", 1, 1
	if r.Body == nil {
		r.Body = http.NoBody
	}
	defer r.Body.Close() // as RoundTrip must, also on errors
	w := &written{header: http.Header{}}
	l.to.ServeHTTP(w, r)
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	if w.status == 0 {
		w.status, w.sent = http.StatusOK, w.header.Clone()
	}
	return &http.Response{
		Status: http.StatusText(w.status), StatusCode: w.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.sent, Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Request: req,
	}, nil
}

// written is an answer in memory.
type written struct {
	header, sent http.Header
	status       int
	body         bytes.Buffer
}

// Header implements http.ResponseWriter.
func (w *written) Header() http.Header { return w.header }

// WriteHeader implements http.ResponseWriter.
func (w *written) WriteHeader(status int) {
	if w.status == 0 {
		w.status, w.sent = status, w.header.Clone()
	}
}

// Write implements http.ResponseWriter.
func (w *written) Write(b []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(b)
}
