// Package qrissue makes the signed codes that package qr verifies, for the
// reference platform and for tests.
package qrissue

import (
	"crypto"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Claims is what a code is to say. Kind, Issuer, Issued, Expires, Level and one
// number of Citizen are required.
type Claims struct {
	Kind            qr.Kind
	Issuer          string
	Issued, Expires time.Time
	ID              []byte // cti, 16 bytes; nil: random. Read it back from the code's text only through Verify.
	Level           vneid.Level
	Holder          qr.Holder
	Audience, Nonce string // empty: not bound
	StatusURI       string // status list; required for qr.Static
	StatusIndex     uint64
	Citizen         vneid.Record
}

var errLater = errors.New("qrissue: not written yet")

// VN1 makes a "VN1:" code. key is an Ed25519 or ECDSA P-256 key; its identifier
// in the code is computed from its public half.
func VN1(c Claims, key crypto.Signer) (string, error) { return "", errLater }

// JWS makes a compact JWS of the type vneid-qr+jwt with the same claims.
func JWS(c Claims, kid string, key crypto.Signer) (string, error) { return "", errLater }
