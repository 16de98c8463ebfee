package sso

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/guard"
)

const (
	// refreshAhead is how long before its end an access token is replaced; one that
	// lives less than twice as long, after half its life.
	refreshAhead = 30 * time.Second

	// refreshPause is how old an access token must be before a resource server's
	// refusal makes us replace it: one that refuses everything must not spend
	// refresh tokens with each request.
	refreshPause = 30 * time.Second
)

// Access returns an HTTP client that sends t's access token, as DPoP with a proof of
// its own for each request (RFC 9449) or as Bearer (RFC 6750). It goes to the
// resource servers listed and to nobody else: "https://api.example" stands for that
// scheme, host and port. A request to another address is an error, redirects are not
// followed, and the header Authorization is the client's alone.
//
// When the token is about to end, or a resource server says that it has ended, the
// client refreshes it as Client.Refresh does, with save; without a refresh token it
// goes on with what it has. A request is sent again, once, when the server wants a
// nonce in the proof or the token was replaced, unless its body cannot be read
// again. A demand for a stronger login comes back as the answer it is: see StepUp.
//
// The servers are the caller's word, so they may be anywhere; of Config.HTTP the
// Transport is used, if there is one.
func (c *Client) Access(t *Tokens, save func(context.Context, *Tokens) error, servers ...string) (*http.Client, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	if err := c.mine(t); err != nil {
		return nil, fault.Prefix("sso", err)
	}
	if save == nil {
		save = t.get().save
	}
	if save == nil && t.Refreshable() {
		return nil, errors.New("sso: Access needs a save for tokens that Config.Sessions does not keep")
	}
	if len(servers) == 0 {
		return nil, errors.New("sso: Access needs the servers that may have the token")
	}
	a := &access{c: c, t: t, save: save, to: map[string]http.RoundTripper{}}
	for _, s := range servers {
		u, err := guard.CheckURL(s)
		if err != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.ForceQuery {
			return nil, errors.New("sso: Access needs servers as https://host or https://host:port")
		}
		a.to[origin(u)] = c.servers.transport(origin(u), c.cfg.HTTP)
	}
	return &http.Client{
		Transport: a, Timeout: finishTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}, nil
}

// servers are the transports to resource servers, which pool connections: programs
// make an Access for each request of a session.
type servers struct {
	mu sync.Mutex
	of map[string]http.RoundTripper // by origin, of which a program has a few
}

const maxServers = 256

func (s *servers) transport(origin string, base *http.Client) http.RoundTripper {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.of[origin]
	if t == nil {
		if s.of == nil || len(s.of) >= maxServers {
			s.of = map[string]http.RoundTripper{}
		}
		t = guard.Client(base, origin).Transport
		s.of[origin] = t
	}
	return t
}

// origin is scheme, host and port of a URL.
func origin(u *url.URL) string {
	port := u.Port()
	if port == "" && u.Scheme == "https" {
		port = "443"
	} else if port == "" {
		port = "80"
	}
	return u.Scheme + "://" + strings.ToLower(u.Hostname()) + ":" + port
}

// access is the transport of one login's requests to resource servers.
type access struct {
	c    *Client
	save func(context.Context, *Tokens) error
	to   map[string]http.RoundTripper

	mu sync.Mutex
	t  *Tokens
}

// Format prints what an access is, and no token.
func (a *access) Format(f fmt.State, _ rune) { io.WriteString(f, "sso access of a login") }

// RoundTrip implements http.RoundTripper.
func (a *access) RoundTrip(req *http.Request) (*http.Response, error) {
	base := a.to[origin(req.URL)]
	if base == nil || req.URL.User != nil {
		closeBody(req.Body)
		return nil, errors.New("sso: the request is for an address that is not among Access's servers")
	}
	t, err := a.current(req.Context(), nil)
	if err != nil {
		closeBody(req.Body)
		return nil, err
	}
	for first := true; ; first = false {
		r, err := a.dressed(req, t, first)
		if err != nil {
			closeBody(req.Body)
			return nil, err
		}
		res, err := base.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		if a.c.prover != nil {
			a.c.prover.Learn(req.URL.String(), res.Header.Get("DPoP-Nonce"))
		}
		if !first || res.StatusCode != http.StatusUnauthorized || !rewindable(req) {
			return res, nil
		}
		switch t, err = a.again(req.Context(), t, res); {
		case err != nil:
			closeBody(res.Body)
			return nil, err
		case t == nil:
			return res, nil
		}
		// The connection can serve again only once the answer was read.
		_, _ = io.CopyN(io.Discard, res.Body, guard.MaxBody)
		closeBody(res.Body)
	}
}

// again returns the tokens with which a refused request may pass, nil for none.
func (a *access) again(ctx context.Context, t *Tokens, res *http.Response) (*Tokens, error) {
	for _, challenge := range challenges(res.Header.Values("WWW-Authenticate")) {
		switch code := challenge.params["error"]; {
		case code == "use_dpop_nonce" && a.c.prover != nil:
			return t, nil
		case code == "invalid_token" && t.Refreshable() && a.c.cfg.Now().Sub(t.get().Got) >= refreshPause:
			return a.current(ctx, t)
		}
	}
	return nil, nil
}

// current returns the tokens, after a refresh if they are about to end or are those
// that were refused.
func (a *access) current(ctx context.Context, refused *Tokens) (*Tokens, error) {
	a.mu.Lock()
	t := a.t
	a.mu.Unlock()
	ends := t.Expires()
	ahead := min(refreshAhead, ends.Sub(t.get().Got)/2)
	due := !ends.IsZero() && !a.c.cfg.Now().Add(ahead).Before(ends)
	if !t.Refreshable() || !due && t != refused {
		return t, nil
	}
	fresh, err := a.c.Refresh(ctx, t, a.save)
	if err != nil {
		if t != refused && a.c.cfg.Now().Before(ends) {
			return t, nil // it is still good, and the next request tries again
		}
		return nil, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.t == t { // else somebody was faster
		a.t = fresh
	}
	return a.t, nil
}

// dressed is req with the token. The first goes out with the caller's body.
func (a *access) dressed(req *http.Request, t *Tokens, first bool) (*http.Request, error) {
	r := req.Clone(req.Context())
	if !first && req.GetBody != nil {
		body, err := req.GetBody()
		if err != nil {
			return nil, errors.New("sso: the request's body cannot be read again")
		}
		r.Body = body
	}
	access := t.get().Access
	if r.Header == nil { // who calls RoundTrip itself may leave it out
		r.Header = make(http.Header)
	}
	r.Header.Del("DPoP")
	if a.c.prover == nil {
		r.Header.Set("Authorization", "Bearer "+access)
		return r, nil
	}
	proof, err := a.c.prover.Proof(r.Method, r.URL.String(), access)
	if err != nil {
		return nil, fault.Prefix("sso", err)
	}
	r.Header.Set("Authorization", "DPoP "+access)
	r.Header.Set("DPoP", proof)
	return r, nil
}

// rewindable reports whether the request can be sent a second time.
func rewindable(r *http.Request) bool {
	return r.Body == nil || r.Body == http.NoBody || r.GetBody != nil
}

func closeBody(b io.Closer) {
	if b != nil {
		_ = b.Close()
	}
}
