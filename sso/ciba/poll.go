package ciba

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/login"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Pending says that the person has not answered yet, and when it makes sense to ask
// again. It matches vneid.ErrUnavailable.
type Pending struct {
	Again time.Duration
}

func (e *Pending) Error() string {
	return fmt.Sprintf("the person has not answered yet; ask again in %v", e.Again.Round(time.Second))
}

// Unwrap makes the error match its kind.
func (e *Pending) Unwrap() error { return vneid.ErrUnavailable }

// Advice is for vneid.Advice.
func (e *Pending) Advice() (vi, en string) {
	return "Công dân chưa xác nhận trên ứng dụng VNeID. Đề nghị công dân mở ứng dụng và chọn đúng số đang hiển thị tại quầy.",
		"The citizen has not confirmed in the VNeID app yet. Ask them to open it and to pick the number shown at the counter."
}

// Poll asks whether the person has answered, once and not before it is time: a
// *Pending says when that is. Every other error ends the login, save those of kind
// vneid.ErrUnavailable after which the next Poll asks again.
func (d *Desk) Poll(ctx context.Context, s *Session) (*sso.Identity, error) {
	id, err := d.poll(ctx, s, false)
	if err != nil {
		return nil, fault.Prefix("ciba", err)
	}
	return id, nil
}

// poll asks; now, because the provider rang, does not wait for the interval.
func (d *Desk) poll(ctx context.Context, s *Session, now bool) (*sso.Identity, error) {
	if err := d.made(); err != nil {
		return nil, err
	}
	op, err := d.client.Provider(ctx, seal.Own())
	if err != nil {
		return nil, err
	}
	p, err := d.take(s, &op, now)
	if err != nil {
		return nil, err
	}
	id, err := d.ask(ctx, &op, &p)
	if p.Over {
		d.end(p)
	} else {
		d.open.Paced(p.key(), p.Next)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.put(p)
	s.busy = false
	return id, err
}

// take claims the Session for one call, if it is time for one.
func (d *Desk) take(s *Session, op *login.Provider, ring bool) (pending, error) {
	if s == nil {
		return pending{}, fault.New(vneid.ErrMismatch, "no login is under way")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p, now := s.data(), op.Now()
	switch {
	case p.ID == "":
		return p, fault.New(vneid.ErrMismatch, "no login is under way")
	case (p.Issuer != op.Issuer || p.ClientID != op.ClientID) && !d.omits(checkOwner):
		return p, fault.New(vneid.ErrMismatch, "the login was begun by another client")
	case p.Over && !d.omits(checkOver):
		return p, fault.New(vneid.ErrReplayed, "this login is over")
	case !now.Before(p.Expires):
		p.Over = true
		s.put(p)
		d.end(p)
		return p, &vneid.TimeError{NotAfter: p.Expires, Now: now}
	case s.busy:
		return p, &Pending{Again: p.Interval}
	case now.Before(p.Next) && !ring:
		// A clock that was set back must not keep the person waiting for ever.
		if wait := p.Next.Sub(now); wait <= p.Interval {
			return p, &Pending{Again: wait}
		}
	}
	if wait := d.open.Pace(p.key(), now, p.Interval); wait > 0 && !ring {
		return p, &Pending{Again: wait}
	}
	s.busy = true
	return p, nil
}

// ask makes one token request (CIBA §10.1) and notes in p what it brought.
func (d *Desk) ask(ctx context.Context, op *login.Provider, p *pending) (*sso.Identity, error) {
	where, err := op.Endpoint("token_endpoint")
	if err != nil {
		return nil, err
	}
	// The tokens are given once: where the answer was lost the same question is asked again.
	if p.Again == "" {
		p.Again = rand.Text()
	}
	party := op.Party
	party.Again = p.Again
	a, err := party.Post(ctx, where, url.Values{"grant_type": {grantType}, "auth_req_id": {p.ID}})
	now := op.Now()
	p.Next = now.Add(p.Interval)
	if err == nil && a.Status < http.StatusInternalServerError {
		p.Again = ""
	}
	switch {
	case err != nil && errors.Is(err, vneid.ErrUnavailable):
		p.slow(now)
		return nil, err
	case err != nil:
		p.Over = true
		return nil, err
	case a.Status != http.StatusOK:
		return nil, d.unanswered(&a, p, now)
	}
	p.Over = true // the provider gives the tokens once
	if !a.IsJSON {
		return nil, fault.New(vneid.ErrMalformed, "the token response is not a JSON object")
	}
	t, err := d.readTokens(&a.Object, op.Party.Prover != nil, now)
	if err != nil {
		return nil, err
	}
	return d.identify(ctx, op, t, p)
}

// slow waits longer: the provider said so, or cannot be reached.
func (p *pending) slow(now time.Time) {
	p.Interval = min(p.Interval+decoupled.Slower, decoupled.MaxInterval)
	p.Next = now.Add(p.Interval)
}

// unanswered reads an error of the token endpoint (CIBA §11).
func (d *Desk) unanswered(a *oauth.Answer, p *pending, now time.Time) error {
	switch code := a.Code(); {
	case code == "authorization_pending":
		return &Pending{Again: p.Interval}
	case code == "slow_down":
		p.slow(now)
		return &Pending{Again: p.Interval}
	case code == "" && a.Status >= http.StatusInternalServerError, a.Status == http.StatusTooManyRequests, code == "temporarily_unavailable":
		p.slow(now)
		return a.Failed(vneid.ErrUnavailable)
	}
	p.Over = true
	return refusal(a, p.Need)
}

// readTokens reads a successful response (RFC 6749 §5.1, CIBA §10.1.1).
func (d *Desk) readTokens(o *jws.Object, bound bool, now time.Time) (login.Tokens, error) {
	t := login.Tokens{ID: o.String("id_token"), Access: o.String("access_token"), Refresh: o.String("refresh_token")}
	typ := o.String("token_type")
	if life := o.Int("expires_in"); life > 0 {
		t.Expires = now.Add(time.Duration(min(life, 1<<31)) * time.Second)
	}
	if o.Has("scope") {
		t.Scope = strings.Fields(o.String("scope"))
	}
	switch {
	case o.Err() != nil:
		return t, fault.New(vneid.ErrMalformed, "the token response has a member of a wrong type")
	case t.Access == "" || !relying.Printable(t.Access) || !relying.Printable(t.Refresh):
		return t, fault.New(vneid.ErrMalformed, "the token response has no usable access_token")
	case bound && !strings.EqualFold(typ, "DPoP") && !d.omits(checkBound):
		return t, fault.New(vneid.ErrUntrusted, "the access token is not bound to the client's key (DPoP), which was asked for")
	case !bound && !strings.EqualFold(typ, "Bearer"):
		return t, fault.New(vneid.ErrMalformed, "the access token is not a bearer token")
	case t.ID == "":
		return t, fault.New(vneid.ErrMalformed, "the token response has no id_token: is openid among the client's scopes?")
	}
	return t, nil
}

// authReqID binds an ID token to its request (CIBA §10.3.1). Only push must have it;
// where it is, it must be ours.
const authReqID = "urn:openid:params:jwt:claim:auth_req_id"

func (d *Desk) identify(ctx context.Context, op *login.Provider, t login.Tokens, p *pending) (*sso.Identity, error) {
	id, err := d.client.Identify(ctx, t, login.Expect{Need: p.Need, Subject: p.Subject, Begun: p.Begun}, seal.Own())
	if err != nil {
		return nil, err
	}
	raw, there := id.Claim(authReqID)
	if text, ok := jws.Text(string(raw)); there && (!ok || !decoupled.Same(text, p.ID)) && !d.omits(checkID) {
		return nil, fault.New(vneid.ErrMismatch, "the ID token answers another request")
	}
	// Who was logged in before has not answered this request.
	got, want := id.Assurance(), vneid.Assurance{At: p.Begun.Add(-op.Skew)}
	if !got.At.IsZero() && got.At.Before(want.At) && !d.omits(checkFresh) {
		return nil, &vneid.LevelError{Got: got, Want: want}
	}
	return id, nil
}
