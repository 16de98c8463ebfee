package sso

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// Step is one thing that a login did, for Config.Trace: a call to the provider, or
// Begin, Finish or the ID token as a whole. It holds no URL, message, token, code,
// key or person.
type Step struct {
	// Name says what was done. Calls are metadata, push, token, keys, userinfo,
	// refresh, revoke, introspect, wire, and call for any other; a demand for a DPoP nonce makes one call two steps.
	// Verdicts are begin, id-token and finish.
	Name   string
	Host   string // whom a call went to, as the URL has it: name and port
	Status int    // the answer's HTTP status; 0 when there was none, and for verdicts
	Took   time.Duration
	Kind   vneid.Kind // of the refusal; 0 for none, and for a mistake in the configuration
	Failed bool       // there was a refusal or a mistake
}

// stepKey marks the context of a call with the step's name.
type stepKey struct{}

// step names the calls that are made with the context.
func step(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, stepKey{}, name)
}

// tracer tells Config.Trace of each request.
type tracer struct {
	name string // of calls whose context has none
	next http.RoundTripper
	tell func(Step)
	now  func() time.Time
}

// RoundTrip implements http.RoundTripper.
func (t tracer) RoundTrip(r *http.Request) (*http.Response, error) {
	began := t.now()
	res, err := t.next.RoundTrip(r)
	s := Step{Name: t.name, Host: r.URL.Host, Took: t.now().Sub(began), Failed: err != nil}
	if name, ok := r.Context().Value(stepKey{}).(string); ok {
		s.Name = name
	}
	if err != nil {
		s.Kind = vneid.ErrUnavailable
	} else {
		s.Status = res.StatusCode
	}
	t.tell(s)
	return res, err
}

// traced is h with a tracer if anybody listens.
func (c *Config) traced(h *http.Client) *http.Client {
	if c.Trace == nil {
		return h
	}
	t := *h
	t.Transport = tracer{"call", h.Transport, c.Trace, c.Now}
	return &t
}

// named is the client's HTTP client for calls whose context is another's.
func (c *Client) named(name string) *http.Client {
	t, ok := c.http.Transport.(tracer)
	if !ok {
		return c.http
	}
	h := *c.http
	t.name = name
	h.Transport = t
	return &h
}

// verdict tells Config.Trace how a part of a login ended. It is deferred, and costs
// nothing where nobody listens.
func (c *Client) verdict(name string, began time.Time, err *error) {
	if c.cfg.Trace == nil {
		return
	}
	s := Step{Name: name, Took: c.cfg.Now().Sub(began), Failed: *err != nil}
	errors.As(*err, &s.Kind)
	c.cfg.Trace(s)
}
