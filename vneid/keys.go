package vneid

import "context"

// Use says what a key may sign. It is a property of the key, fixed when the key
// is loaded, so that a token made for one purpose never passes for another: an
// ID token is no QR code even if one organisation signs both.
type Use string

// The uses that this module's packages ask for; package share has those of an answer
// to a data request.
const (
	UseIDToken Use = "id-token"
	UseAccess  Use = "access"
	UseLogout  Use = "logout"
	UseQR      Use = "qr"
	UseStatus  Use = "status"
	UseEvent   Use = "event"
)

// Signed is one detached signature to check. The caller has already parsed the
// message strictly; a KeySet sees only what matters to trust.
type Signed struct {
	Use       Use
	Issuer    string // who claims to have signed: exactly the iss of the message
	Alg       string // JOSE name: RS256 … RS512, PS256 … PS512, ES256 … ES512, EdDSA
	KeyID     string // JOSE kid, or the raw bytes of a COSE kid; empty: the only key there is
	COSE      bool   // KeyID is a COSE kid: a hash of the key, under which no JOSE kid passes
	Input     []byte // the very bytes that were signed
	Signature []byte // JOSE form: ECDSA is r and s, fixed width
}

// KeySet decides whether a signature is by a key that may make it. It answers
// nil, or an error of kind ErrUntrusted (no such key for this use, issuer and
// algorithm), ErrSignature (the key is known, the signature is wrong) or
// ErrUnavailable (keys cannot be fetched now).
//
// Package vneid/jwks has the usual ones. Implementations are safe for
// concurrent use and keep neither Input nor Signature.
type KeySet interface {
	Verify(ctx context.Context, s Signed) error
}
