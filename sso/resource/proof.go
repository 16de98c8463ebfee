package resource

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// proofAge is how old a DPoP proof may be, clocks' tolerance apart.
const proofAge = time.Minute

// useProof keeps the proofs of DPoP apart from all else in a Replay.
const useProof vneid.Use = "dpop"

// target is the URL that a proof must be for: what we are called by configuration,
// and the path as it stood in the request line, which neither a mux nor
// http.StripPrefix has changed.
func (s *Server) target(r *http.Request) string {
	u := r.URL
	if line, err := url.ParseRequestURI(r.RequestURI); err == nil {
		u = line
	}
	return s.base + u.EscapedPath()
}

var errNonce = errors.New("not a nonce of this server")

// prove checks the proof that came with a request (RFC 9449 §7.1), all but its
// first use, which comes last. fresh is the nonce to send along, "" for none.
func (s *Server) prove(r *http.Request, c credentials, f *facts) (p oauth.Proof, fresh string, err error) {
	values := r.Header.Values("DPoP")
	if len(values) != 1 {
		return oauth.Proof{}, "", withCode(fault.New(vneid.ErrMalformed, "a request with a bound token needs one proof"), badProof)
	}
	now := s.cfg.Now()
	rules := oauth.ProofRules{
		Method: r.Method, URL: s.target(r), Access: c.token, Thumbprint: f.thumbprint,
		Now: now, MaxAge: proofAge, Skew: s.cfg.Skew,
	}
	if s.omits(checkAge) {
		rules.MaxAge = maxLife
	}
	if s.nonces != nil {
		fresh = s.nonces.at(now)
		rules.Nonce = func(nonce string) error {
			ok, old := s.nonces.good(nonce, now)
			if ok && !old {
				fresh = ""
			}
			if !ok && !s.omits(checkNonce) {
				return errNonce
			}
			return nil
		}
	}
	p, err = oauth.VerifyProof(values[0], rules)
	switch {
	case errors.Is(err, errNonce):
		return p, fresh, withCode(err, "use_dpop_nonce")
	case err != nil:
		return oauth.Proof{}, "", withCode(err, badProof)
	}
	return p, fresh, nil
}

// first spends the proof.
func (s *Server) first(ctx context.Context, p oauth.Proof) error {
	if s.omits(checkReplay) {
		return nil
	}
	err := s.cfg.Replay.Use(ctx, vneid.Once{
		Use: useProof, Issuer: p.Thumbprint, ID: p.ID, Issued: p.Issued,
		Until: p.Issued.Add(proofAge + min(s.cfg.Skew, time.Minute)),
	})
	if err == nil {
		return nil
	}
	if err := checked("the replay store", err); errors.Is(err, vneid.ErrUnavailable) {
		return err
	} else {
		return withCode(err, badProof)
	}
}
