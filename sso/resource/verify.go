package resource

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const (
	tokenType = "at+jwt"       // RFC 9068 §2.1
	maxLife   = 24 * time.Hour // the longest life of a token that we believe
	maxText   = 255            // characters of sub, client_id and jti
)

// The checks that tests take out one by one, to see the attack succeed.
const (
	checkAudience  = "audience"
	checkTimes     = "times"
	checkBinding   = "binding"
	checkAssurance = "assurance"
	checkScope     = "scope"
	checkRevoked   = "revoked"
	checkReplay    = "replay"
	checkNonce     = "nonce"
	checkPlaces    = "places"
	checkAge       = "age"
)

func (s *Server) omits(check string) bool { return s.without == check }

// token verifies an access token (RFC 9068 §4). What depends on its bytes alone
// may be remembered; time is asked each time.
func (s *Server) token(ctx context.Context, raw string) (*facts, error) {
	f, err := s.signed(ctx, raw)
	if err != nil {
		return nil, err
	}
	if err := s.checkTimes(f); err != nil {
		return nil, err
	}
	return f, nil
}

// signed returns what a token says whose signature is right. The generation is
// read before the keys are asked: should they change meanwhile, the entry is born
// too old instead of living too long.
func (s *Server) signed(ctx context.Context, raw string) (*facts, error) {
	if !s.known.keeps(raw) {
		return s.verify(ctx, raw)
	}
	sum, generation, now := digest(raw), s.generation(), s.cfg.Now()
	if f := s.known.find(&sum, generation, now); f != nil {
		return f, nil
	}
	f, err := s.verify(ctx, raw)
	if err == nil {
		s.known.add(&sum, generation, now, f)
	}
	return f, err
}

func (s *Server) generation() uint64 {
	if g, ok := s.keys.(interface{ Generation() uint64 }); ok {
		return g.Generation()
	}
	return 0
}

// verify checks form, issuer, signature and audience.
func (s *Server) verify(ctx context.Context, raw string) (*facts, error) {
	tok, err := s.parser.Parse(raw)
	if err != nil {
		return nil, refused(err)
	}
	claims, err := tok.Claims()
	if err != nil {
		return nil, refused(err)
	}
	// The issuer picks the keys, so it is compared before they are asked.
	if claims.String("iss") != s.cfg.Issuer {
		return nil, fault.New(vneid.ErrUntrusted, "the access token is of another issuer")
	}
	err = s.keys.Verify(ctx, vneid.Signed{
		Use: vneid.UseAccess, Issuer: s.cfg.Issuer, Alg: tok.Alg, KeyID: tok.KeyID,
		Input: tok.Input, Signature: tok.Signature,
	})
	tok.Free() // a KeySet keeps neither
	if err != nil {
		return nil, checked("the key set", err)
	}
	if !claims.Has("aud") || !slices.Contains(claims.Strings("aud"), s.cfg.Audience) && !s.omits(checkAudience) {
		return nil, fault.New(vneid.ErrMismatch, "the access token is for another API")
	}
	return readFacts(claims)
}

// readFacts reads the claims once. RFC 9068 §2.2 requires all that is missed here.
func readFacts(o jws.Object) (*facts, error) {
	f := &facts{
		issuer: o.String("iss"), subject: o.String("sub"), client: o.String("client_id"), id: o.String("jti"),
		scopes: strings.Fields(o.String("scope")),
		issued: o.Time("iat"), notBefore: o.Time("nbf"), expires: o.Time("exp"),
		eidLocked: locked(&o, wire.EIDStatus), accountLocked: locked(&o, wire.Account),
	}
	f.assurance.At = o.Time("auth_time")
	if err := f.readLevels(&o); err != nil {
		return nil, err
	}
	if err := f.readBinding(&o); err != nil {
		return nil, err
	}
	switch {
	case o.Err() != nil:
		return nil, refused(o.Err())
	case f.expires.IsZero() || f.issued.IsZero():
		return nil, fault.New(vneid.ErrMalformed, "the access token lacks exp or iat")
	case !usable(f.subject) || !usable(f.client) || !usable(f.id):
		return nil, fault.New(vneid.ErrMalformed, "the access token lacks a usable sub, client_id or jti")
	case !f.expires.After(f.issued):
		return nil, fault.New(vneid.ErrMalformed, "the access token expires before it is issued")
	case f.expires.Sub(f.issued) > maxLife:
		return nil, fault.New(vneid.ErrUntrusted, "the access token lives longer than 24 hours")
	}
	f.claims = o
	return f, nil
}

func usable(s string) bool { return s != "" && len(s) <= maxText && printable(s) }

// locked reads one of the two locks. Any status but active counts as locked: what
// we do not know must not open anything.
func locked(o *jws.Object, name string) bool {
	raw := o.Raw(name)
	return raw != "" && raw != "null" && raw != `"active"`
}

// readLevels reads acr, which says both levels, and account_level, which says one
// again. An acr that is not of our form says nothing.
func (f *facts) readLevels(o *jws.Object) error {
	level, auth, _ := wire.ParseACR(o.String("acr"))
	account := vneid.Level(0)
	switch o.Raw(wire.AccountLevel) {
	case "":
	case "1":
		account = 1
	case "2":
		account = 2
	default:
		return fault.New(vneid.ErrMalformed, "the claim %s is neither 1 nor 2", wire.AccountLevel)
	}
	// While the electronic identity card is locked an issuer may state the level
	// that is left in acr and the one that was granted in account_level.
	if agree := level == account || f.eidLocked && level < account; level != 0 && account != 0 && !agree {
		return fault.New(vneid.ErrMalformed, "the claims acr and %s contradict each other", wire.AccountLevel)
	}
	if level == 0 {
		level = account
	}
	if f.eidLocked {
		level = min(level, 1)
	}
	f.assurance.Level, f.assurance.Auth = level, auth
	return nil
}

// readBinding reads to which key the token is bound (RFC 7800, RFC 9449 §6.1). A
// token bound in a way that we cannot check, such as to a client certificate, must
// not pass for one that is not bound.
func (f *facts) readBinding(o *jws.Object) error {
	if !o.Has("cnf") {
		return nil
	}
	cnf := o.Object("cnf")
	f.thumbprint = cnf.String("jkt")
	sum, ok := jws.DecodeBase64(f.thumbprint)
	if len(cnf.Names()) != 1 || !ok || len(sum) != 32 {
		return fault.New(vneid.ErrUntrusted, "the access token is bound in another way than to a DPoP key")
	}
	return nil
}

func (s *Server) checkTimes(f *facts) error {
	now, skew := s.cfg.Now(), s.cfg.Skew
	switch {
	case s.omits(checkTimes):
	case !now.Before(f.expires.Add(skew)):
		return &vneid.TimeError{NotAfter: f.expires, Now: now}
	case f.issued.After(now.Add(skew)):
		return &vneid.TimeError{NotBefore: f.issued, Now: now}
	case f.notBefore.After(now.Add(skew)):
		return &vneid.TimeError{NotBefore: f.notBefore, Now: now}
	case f.assurance.At.After(now.Add(skew)):
		return &vneid.TimeError{NotBefore: f.assurance.At, Now: now}
	}
	return nil
}

// refused gives a refusal of the front end its kind.
func refused(err error) error {
	kind := vneid.ErrMalformed
	if errors.Is(err, jws.ErrAlgorithm) || errors.Is(err, jws.ErrKey) {
		kind = vneid.ErrUntrusted
	}
	return fault.New(kind, "the access token: %v", err)
}

// checked words a refusal of a part that the caller supplied. What this module
// says of its own stays as it is; to another's refusal a kind is given if it lacks
// one, since a part that cannot say why cannot tell, and all but one taken away.
func checked(who string, err error) error {
	if _, own := fault.Own(err); own {
		return err
	}
	var kind vneid.Kind
	if !errors.As(err, &kind) || kind < vneid.ErrMalformed || kind > vneid.ErrUnavailable {
		return fault.Wrap(vneid.ErrUnavailable, err, "%s cannot tell", who)
	}
	for k := vneid.ErrMalformed; k <= vneid.ErrUnavailable; k++ {
		if k != kind && errors.Is(err, k) {
			return fault.New(kind, "%s says %v", who, kind) // the cause would match k too
		}
	}
	return fault.Wrap(kind, err, "%s says %v", who, kind)
}
