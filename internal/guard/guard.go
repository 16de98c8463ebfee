// Package guard makes the HTTP clients with which this module calls an identity
// provider, and holds the rules that every such call keeps. One configured URL,
// the origin (an issuer, or the address of a key set), is the caller's word; any
// other URL is something that the network said.
//
//	addresses  the origin's host may be anything, private and loopback included;
//	           any other host must resolve to public unicast addresses. Each
//	           address is checked when it is dialled, after resolution, so a name
//	           that changes its mind (DNS rebinding) gains nothing
//	schemes    https; http only to the name localhost or a loopback address
//	redirects  only within scheme, host and port, at most three; CheckURL and the
//	           addresses hold for each
//	time       3 s to connect, 5 s for TLS, 10 s in all
//	size       Read stops at a limit; headers end at 64 KiB; no compression is asked
//	           for, so no body grows on arrival
//
// A caller's own *http.Client keeps its transport (proxies, certificates, tracing,
// a test server), and with it answers for the addresses; redirects, schemes and
// sizes are held as for the built-in one. Without a transport it gets the built-in
// one, so that a client made for its time-out loses nothing. Proxy variables of the
// environment are not read: a caller that wants them says so with
// http.DefaultTransport.
//
// Errors are plain and quote no URL: the package that calls assigns the kind.
//
// Sources: RFC 9700 §4.11, RFC 6890 (special-purpose addresses), OWASP's SSRF
// prevention sheet.
package guard

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// MaxBody is the usual limit for Read: no document of a provider comes near it.
const MaxBody = 1 << 20

// Time-outs of the built-in client; total also bounds a client without its own.
const (
	connect = 3 * time.Second
	shake   = 5 * time.Second
	total   = 10 * time.Second
)

// Client returns the client for calls on behalf of origin, a URL from the
// caller's configuration. base is the caller's own client or nil; it is copied,
// not changed. Make one and keep it: it pools connections.
func Client(base *http.Client, origin string) *http.Client {
	c := http.Client{}
	if base != nil {
		c = *base
	}
	if c.Transport == nil {
		c.Transport = transport(hostOf(origin), &net.Dialer{Timeout: connect}, &net.Dialer{Timeout: connect, Control: refuseSpecial})
	}
	if c.Timeout <= 0 {
		c.Timeout = total
	}
	c.CheckRedirect = redirects(c.CheckRedirect)
	return &c
}

// transport reaches the host of the origin with one dialer and others with another.
func transport(own string, free, public *net.Dialer) *http.Transport {
	return &http.Transport{
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			host, _, err := net.SplitHostPort(addr)
			if err == nil && own != "" && strings.EqualFold(host, own) {
				return free.DialContext(ctx, network, addr)
			}
			return public.DialContext(ctx, network, addr)
		},
		TLSHandshakeTimeout:    shake,
		ResponseHeaderTimeout:  total,
		IdleConnTimeout:        time.Minute,
		MaxIdleConnsPerHost:    4,
		MaxResponseHeaderBytes: 64 << 10,
		DisableCompression:     true,
	}
}

const maxRedirects = 3

func redirects(theirs func(*http.Request, []*http.Request) error) func(*http.Request, []*http.Request) error {
	return func(req *http.Request, via []*http.Request) error {
		first := via[0].URL
		if req.URL.Scheme != first.Scheme || !strings.EqualFold(req.URL.Host, first.Host) {
			return errors.New("redirected to another host, port or scheme")
		}
		if _, err := CheckURL(req.URL.String()); err != nil {
			return fmt.Errorf("redirected to %w", err) // to user information: it would become credentials
		}
		if len(via) > maxRedirects {
			return errors.New("redirected too often")
		}
		if theirs != nil {
			return theirs(req, via)
		}
		return nil
	}
}

// CheckURL reads an absolute URL that may be called: https, or http to the
// machine itself; no user information, no fragment.
func CheckURL(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Hostname() == "" || u.Opaque != "":
		return nil, errors.New("not an absolute URL")
	case u.User != nil || strings.Contains(raw, "#"):
		return nil, errors.New("a URL with user information or a fragment")
	case u.Scheme != "https" && (u.Scheme != "http" || !loopbackName(u.Hostname())):
		return nil, errors.New("a URL without https")
	}
	return u, nil
}

// SameHost reports whether both URLs name one host, whatever their ports.
func SameHost(a, b string) bool {
	host := hostOf(a)
	return host != "" && strings.EqualFold(host, hostOf(b))
}

func hostOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

func loopbackName(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// ErrTooLarge says that a body went past its limit.
var ErrTooLarge = errors.New("the answer is too large")

// Read returns all of body, or ErrTooLarge as soon as it exceeds max bytes.
func Read(body io.Reader, max int) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(body, int64(max)+1))
	if err != nil {
		return nil, err
	}
	if len(b) > max {
		return nil, ErrTooLarge
	}
	return b, nil
}
