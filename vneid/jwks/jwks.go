// Package jwks has the key sets of package vneid: keys from a JWK Set (RFC 7517)
// that the program holds (Static) or that an issuer publishes (Remote), and the
// choice among several issuers (Issuers).
//
// # Which key may sign what
//
// A set belongs to one issuer and to the uses that its owner names; both are
// fixed when it is made. Keys of the login provider (id-token, access, logout)
// and keys of QR codes and status lists never share a set: the first come from the
// provider's jwks_uri, and a provider that could sign codes could invent citizens.
//
// A signature is checked by the one key that fits: its kid is the token's, and
// its type, curve, alg, use and key_ops allow the token's algorithm. A token
// without kid is accepted only where a single key of the whole set fits (OpenID
// Connect Core §10.1). Where several keys fit, none is used; the same kid on keys
// of different algorithms is no such case, and a key listed twice counts once.
// For the use qr a key is also found by its COSE kid, the first eight bytes of
// SHA-256 over its SubjectPublicKeyInfo, raw in Signed.KeyID with Signed.COSE; two
// keys with the same one make the set unusable. A kid of one sort never finds a
// key by the other.
//
// Keys that cannot be used are skipped and the others stand: other types and
// curves, RSA outside 2048 to 8192 bits, with an exponent below 65537 or with the
// ROCA flaw (CVE-2017-15361), points off their curve, Ed25519 keys that are not
// canonical or have small order, symmetric keys, and private ones, which were
// published by mistake. A set without any usable key, over 1 MiB or over 100 keys,
// is refused as a whole.
//
// # Errors
//
// Verify answers as vneid.KeySet says: ErrUntrusted, ErrSignature or
// ErrUnavailable. A mistake in the configuration has no kind and names the field.
package jwks

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Static is a KeySet that never changes. The zero value trusts nothing.
type Static struct {
	scope scope
	set   *set
}

var _ vneid.KeySet = (*Static)(nil)

// Parse reads a JWK Set document: keys of the issuer, exactly as its tokens name
// it, that may sign for the given uses.
func Parse(doc []byte, issuer string, uses ...vneid.Use) (*Static, error) {
	s := scope{issuer, uses}
	if field, err := s.check(); err != nil {
		return nil, fmt.Errorf("jwks: %s %w", field, err)
	}
	keys, err := parseSet(doc, s.has(vneid.UseQR))
	if err != nil {
		return nil, fault.Prefix("jwks", err)
	}
	return &Static{s, keys}, nil
}

// Verify implements vneid.KeySet.
func (k *Static) Verify(_ context.Context, s vneid.Signed) error {
	if err := k.scope.allows(s); err != nil {
		return fault.Prefix("jwks", err)
	}
	return fault.Prefix("jwks", k.set.verify(s))
}

// Issuers is a KeySet that asks the set of the issuer named in the evidence.
// Issuers that are not listed are ErrUntrusted.
type Issuers map[string]vneid.KeySet

// Verify implements vneid.KeySet.
func (m Issuers) Verify(ctx context.Context, s vneid.Signed) error {
	set := m[s.Issuer]
	if set == nil {
		return fault.Prefix("jwks", fault.New(vneid.ErrUntrusted, "the issuer is not one of ours"))
	}
	return set.Verify(ctx, s)
}

// Check returns what is wrong with the configuration of a set among them. It does
// no network I/O.
func (m Issuers) Check() error {
	for issuer, set := range m {
		if issuer == "" || set == nil {
			return fault.Prefix("jwks", errors.New("Issuers has an empty issuer or no set for one"))
		}
		if c, ok := set.(interface{ Check() error }); ok {
			if err := c.Check(); err != nil {
				return err
			}
		}
	}
	return nil
}

// scope is what all keys of a set share: whose they are and what they may sign.
type scope struct {
	issuer string
	uses   []vneid.Use
}

func (s scope) has(u vneid.Use) bool { return slices.Contains(s.uses, u) }

// apart are the uses whose keys are never a login provider's.
var apart = []vneid.Use{vneid.UseQR, vneid.UseStatus, wire.UseDocument, wire.UseEnvelope, wire.UseReceipt}

// check returns the field at fault.
func (s scope) check() (field string, err error) {
	if s.issuer == "" {
		return "Issuer", errors.New("is empty")
	}
	if len(s.uses) == 0 {
		return "Uses", errors.New("are empty")
	}
	if (s.has(vneid.UseIDToken) || s.has(vneid.UseAccess) || s.has(vneid.UseLogout)) && slices.ContainsFunc(apart, s.has) {
		return "Uses", errors.New("mix keys of logins with keys of codes, status lists, documents or answers")
	}
	return "", nil
}

func (s scope) allows(m vneid.Signed) error {
	if s.issuer == "" || m.Issuer != s.issuer {
		return fault.New(vneid.ErrUntrusted, "the keys are another issuer's")
	}
	if !s.has(m.Use) {
		return fault.New(vneid.ErrUntrusted, "the issuer's keys are not for this use")
	}
	return nil
}
