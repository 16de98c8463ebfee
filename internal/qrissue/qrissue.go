// Package qrissue makes the signed codes that package qr verifies, for the
// reference platform and for tests. Package qr documents both spellings;
// internal/wire has the table of labels and names.
//
// It makes what it is told to make: claims that no verifier accepts (expired,
// too long-lived, without a number) are signed all the same, since tests and the
// platform's faults need them. Only what cannot be written at all is an error.
package qrissue

import (
	"crypto"
	"crypto/rand"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/base45"
	"github.com/vneid-sdk/vneid-go/internal/cose"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Claims is what a code is to say. Kind, Issuer, Issued, Expires, Level and one
// number of Citizen are required by every verifier, of a qr.Document Paper instead of the number. Zero fields
// are left out.
type Claims struct {
	Kind            qr.Kind
	Issuer          string
	Issued, Expires time.Time // whole seconds count
	ID              []byte    // cti, 16 bytes; nil: random. NewID makes one to keep.
	Level           vneid.Level
	Holder          qr.Holder
	Audience, Nonce string // empty: not bound
	StatusURI       string // status list; required for qr.Static
	StatusIndex     uint64
	Citizen         vneid.Record
	Paper           *Paper // for qr.Document, instead of Citizen
}

// NewID draws an identifier for a code. qr.Credential.ID and vneid.Once.ID show
// it in unpadded base64url.
func NewID() []byte {
	id := make([]byte, wire.IDLen)
	rand.Read(id) // never fails: crypto/rand
	return id
}

// VN1 makes a "VN1:" code. key is an Ed25519 or ECDSA P-256 key; its identifier
// in the code is computed from its public half.
func VN1(c Claims, key crypto.Signer) (string, error) {
	payload, err := cwt(c)
	if err != nil {
		return "", err
	}
	msg, err := cose.Sign(payload, wire.TypeVN1, wire.AAD, key)
	if err != nil {
		return "", err
	}
	if len(msg) > cose.MaxSize {
		return "", errors.New("qrissue: the code is too long")
	}
	return string(base45.AppendEncode([]byte(wire.PrefixVN1), msg)), nil
}

func (c Claims) id() []byte {
	if c.ID == nil {
		return NewID()
	}
	return c.ID
}
