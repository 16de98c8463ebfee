package sdjwt

import (
	"crypto"
	"crypto/sha256"
	"errors"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// All returns the document with every disclosure.
func (d Issued) All() string {
	b := d.jwt + "~"
	for _, one := range d.disclosures {
		b += one.text + "~"
	}
	return b
}

// Show returns the document with the disclosures of these claims, each named by its
// JSON Pointer (RFC 6901), of those that their digests stand in, and of all inside
// them. A path at which nothing is hidden is an error.
func (d Issued) Show(paths ...string) (string, error) {
	wanted := make([]bool, len(d.disclosures))
	for _, path := range paths {
		found := false
		for i, one := range d.disclosures {
			inside := one.path == path || strings.HasPrefix(one.path, path+"/")
			if inside || strings.HasPrefix(path, one.path+"/") {
				wanted[i] = true
			}
			found = found || inside
		}
		if !found {
			return "", errors.New("nothing is hidden at one of the paths")
		}
	}
	b := d.jwt + "~"
	for i, one := range d.disclosures {
		if wanted[i] {
			b += one.text + "~"
		}
	}
	return b, nil
}

// Holder proves that it has the key a document is bound to.
type Holder struct {
	Alg    string
	Signer crypto.Signer
}

// Bind appends a key-binding JWT for one relying party and transaction to a document
// that has none (RFC 9901 §4.3).
func (h Holder) Bind(document, audience, nonce string, now time.Time) (string, error) {
	if !strings.HasSuffix(document, "~") {
		return "", errors.New("the document is bound already, or none")
	}
	claims, err := jws.Encode(
		jws.Member{Name: "iat", Value: now},
		jws.Member{Name: "aud", Value: audience},
		jws.Member{Name: "nonce", Value: nonce},
		jws.Member{Name: "sd_hash", Value: encodeSum(sha256.Sum256([]byte(document)))},
	)
	if err != nil {
		return "", err
	}
	proof, err := jws.Compact(h.Alg, h.Signer, []jws.Member{{Name: "typ", Value: BindingType}}, claims)
	if err != nil {
		return "", err
	}
	return document + proof, nil
}
