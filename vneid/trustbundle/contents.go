package trustbundle

import (
	"crypto"
	"crypto/ed25519"
	"crypto/elliptic"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Use is what the key of a bundle's maker is for, and nothing else.
const Use vneid.Use = "trust-bundle"

// Contents is what a bundle says, as plain data: to make one, and to show one.
// Nothing of it is secret or about anybody.
type Contents struct {
	Maker       string // an identifier, usually a URL
	Made, Until time.Time
	Sequence    uint64 // from 1; higher than that of every bundle before
	Issuers     []Issuer
	Lists       []List
	Anchors     []chip.Anchor
	MasterLists []chip.MasterList
	CRLs        [][]byte // DER
}

// Issuer is whose keys may sign what.
type Issuer struct {
	Name  string // exactly the iss of what it signs
	Uses  []vneid.Use
	Kinds []document.Kind // of documents that it may sign
	Keys  []byte          // a JWK Set
}

// List is a signed status list as its issuer publishes it.
type List struct {
	URI   string
	Token []byte
}

// Sign makes the file, as Config.Open reads it. key is an Ed25519 key or an ECDSA key
// on P-256 or P-384; kid names it in the key set that is pinned.
func (c Contents) Sign(kid string, key crypto.Signer) ([]byte, error) {
	alg, err := algorithm(key)
	if err != nil || kid == "" {
		return nil, errors.New("trustbundle: the key is not Ed25519, P-256 or P-384, or has no kid")
	}
	payload, err := c.payload()
	if err != nil {
		return nil, errors.New("trustbundle: the contents cannot be written as JSON")
	}
	if _, err := read(string(payload), ""); err != nil {
		return nil, fault.Prefix("trustbundle", err)
	}
	token, err := jws.Compact(alg, key, []jws.Member{{Name: "kid", Value: kid}, {Name: "typ", Value: typ}}, payload)
	if err == nil && len(token) > maxFile {
		err = errors.New("the bundle is too large")
	}
	if err != nil {
		return nil, fault.Prefix("trustbundle", err)
	}
	return []byte(token), nil
}

func algorithm(key crypto.Signer) (string, error) {
	switch public := key.Public().(type) {
	case ed25519.PublicKey:
		return "EdDSA", nil
	case interface{ Params() *elliptic.CurveParams }:
		switch public.Params().BitSize {
		case 256:
			return "ES256", nil
		case 384:
			return "ES384", nil
		}
	}
	return "", errors.New("no algorithm for this key")
}
