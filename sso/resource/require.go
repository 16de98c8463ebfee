package resource

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Require lets requests through to next whose token satisfies Config.Need and need,
// with the Token in their context (FromContext). Others are answered by Refuse, and
// told to Config.Refused.
//
// Requests without an access token are refused, CORS preflights among them: put
// what answers those around Require, not inside.
func (s *Server) Require(need Need, next http.Handler) http.Handler {
	wrong := need.check()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := wrong
		if err != nil {
			err = fmt.Errorf("resource: Need%w", err)
		}
		var t *Token
		var fresh string
		if err == nil {
			t, fresh, err = s.admit(r, need)
		}
		if err != nil {
			if s != nil && s.cfg.Refused != nil {
				s.cfg.Refused(r, err)
			}
			s.Refuse(w, err)
			return
		}
		if fresh != "" {
			w.Header().Set("DPoP-Nonce", fresh) // RFC 9449 §8.2: before the old one ends
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, t)))
	})
}

// Verify is Require for programs with their own way of answering: the package
// comment lists the checks in their order. A proof of DPoP is used up by it. Refuse
// knows what to answer to its error.
func (s *Server) Verify(r *http.Request, need Need) (*Token, error) {
	if err := need.check(); err != nil {
		return nil, fmt.Errorf("resource: Need%w", err)
	}
	t, _, err := s.admit(r, need)
	return t, err
}

// admit makes every check and gives the nonce to send along.
func (s *Server) admit(r *http.Request, need Need) (t *Token, fresh string, err error) {
	if err := s.made(); err != nil {
		return nil, "", fault.Prefix("resource", err)
	}
	need = s.cfg.Need.join(need)
	c, err := s.read(r)
	var f *facts
	if err == nil {
		f, fresh, err = s.check(r, c, need)
	}
	if err != nil {
		return nil, "", fault.Prefix("resource", refusal(err, c.scheme, need, fresh))
	}
	return newToken(f), fresh, nil
}

// check goes from the request's credentials to a token that is good for it.
func (s *Server) check(r *http.Request, c credentials, need Need) (*facts, string, error) {
	f, err := s.token(r.Context(), c.token)
	if err != nil {
		return nil, "", err
	}
	if err := s.checkBinding(c, f, need); err != nil {
		return nil, "", err
	}
	var proof oauth.Proof
	var fresh string
	if c.scheme == dpop {
		if proof, fresh, err = s.prove(r, c, f); err != nil {
			return nil, fresh, err
		}
	}
	if err := s.searchForm(r); err != nil {
		return nil, fresh, err
	}
	if err := s.standing(r.Context(), f); err != nil {
		return nil, fresh, err
	}
	if err := s.allows(f, need); err != nil {
		return nil, fresh, err
	}
	if c.scheme == dpop {
		return f, fresh, s.first(r.Context(), proof)
	}
	return f, fresh, nil
}

// checkBinding: a token that is bound to a key opens nothing without its proof
// (RFC 9449 §7.1), and one that is not bound gains nothing by one.
func (s *Server) checkBinding(c credentials, f *facts, need Need) error {
	bound := f.thumbprint != ""
	switch {
	case s.omits(checkBinding):
	case bound && c.scheme == bearer:
		return fault.New(vneid.ErrUntrusted, "a token that is bound to a key, without its proof")
	case !bound && c.scheme == dpop:
		return fault.New(vneid.ErrUntrusted, "a token that is not bound to the key of the proof")
	case !bound && need.Bound:
		return fault.New(vneid.ErrUntrusted, "a bearer token where only bound ones pass")
	}
	return nil
}

// standing asks whether the token was ended before its time.
func (s *Server) standing(ctx context.Context, f *facts) error {
	if f.accountLocked {
		return &vneid.LockError{Account: true}
	}
	if s.cfg.Revoked == nil || s.omits(checkRevoked) {
		return nil
	}
	switch err := s.cfg.Revoked(ctx, newToken(f)); {
	case err == nil:
		return nil
	case errors.Is(err, vneid.ErrRevoked):
		return fault.New(vneid.ErrRevoked, "the access token was ended")
	}
	// Who cannot tell must not let anybody through, whatever the caller returns.
	return fault.New(vneid.ErrUnavailable, "whether the access token was ended cannot be checked now")
}

// allows checks what the token is good for: first what another token would mend,
// then what another login would.
func (s *Server) allows(f *facts, need Need) error {
	if !s.omits(checkScope) {
		for _, scope := range need.Scopes {
			if !slices.Contains(f.scopes, scope) {
				return withCode(fault.New(vneid.ErrDenied, "the access token lacks a scope"), badScope)
			}
		}
	}
	if s.omits(checkAssurance) {
		return nil
	}
	want, now := need.Assurance, s.cfg.Now()
	if at := now.Add(-need.MaxAge); need.MaxAge > 0 && at.After(want.At) {
		want.At = at
	}
	if !want.At.IsZero() {
		want.At = want.At.Add(-s.cfg.Skew)
	}
	return f.check(want)
}
