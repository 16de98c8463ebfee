package jwe

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"errors"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// Recipient is whom Seal encrypts to.
type Recipient struct {
	ID     string           // kid
	Public crypto.PublicKey // *ecdsa.PublicKey or *rsa.PublicKey
}

// Check refuses what Seal cannot use.
func (r Recipient) Check() error {
	if r.ID == "" {
		return errors.New("a key without ID")
	}
	switch r.Public.(type) {
	case *ecdsa.PublicKey, *rsa.PublicKey:
		return jws.CheckKey(r.Public)
	}
	return errors.New("the key is of a type that nothing is encrypted to")
}

// Seal encrypts plain, of content type cty, as Open opens it.
func Seal(plain []byte, cty string, to Recipient) (string, error) {
	if err := to.Check(); err != nil {
		return "", err
	}
	cek := make([]byte, contentKey)
	_, _ = rand.Read(cek) // does not fail
	wrapped, alg, epk, err := wrapFor(cek, to.Public)
	if err != nil {
		return "", err
	}
	head := []jws.Member{{Name: "alg", Value: alg}, {Name: "enc", Value: Enc}, {Name: "kid", Value: to.ID}, {Name: "cty", Value: cty}}
	if epk != nil {
		head = append(head, jws.Member{Name: "epk", Value: epk})
	}
	text, err := jws.Encode(head...)
	if err != nil {
		return "", err
	}
	gcm, err := newGCM(cek)
	if err != nil {
		return "", err
	}
	iv := make([]byte, ivSize)
	_, _ = rand.Read(iv)
	b := base64.RawURLEncoding.AppendEncode(nil, text)
	out := gcm.Seal(nil, iv, plain, b)
	ciphertext, tag := out[:len(out)-tagSize], out[len(out)-tagSize:]
	for _, part := range [...][]byte{wrapped, iv, ciphertext, tag} {
		b = base64.RawURLEncoding.AppendEncode(append(b, '.'), part)
	}
	return string(b), nil
}

// wrapFor encrypts a content key, with a key pair of this moment where the recipient
// has one for agreement.
func wrapFor(cek []byte, public crypto.PublicKey) (wrapped []byte, alg string, epk []jws.Member, err error) {
	if key, ok := public.(*rsa.PublicKey); ok {
		wrapped, err = rsa.EncryptOAEP(sha256.New(), rand.Reader, key, cek, nil)
		return wrapped, AlgRSA, nil, err
	}
	key, ok := public.(*ecdsa.PublicKey)
	if !ok {
		return nil, "", nil, errors.New("the key is of a type that nothing is encrypted to")
	}
	theirs, err := key.ECDH()
	if err != nil {
		return nil, "", nil, errors.New("the key is of no use for agreement")
	}
	own, err := theirs.Curve().GenerateKey(rand.Reader)
	if err != nil {
		return nil, "", nil, err
	}
	secret, err := own.ECDH(theirs)
	if err != nil {
		return nil, "", nil, err
	}
	wrapped, err = wrapKey(agreed(secret, nil, nil), cek)
	return wrapped, AlgEC, writePoint(own.PublicKey()), err
}

func writePoint(p *ecdh.PublicKey) []jws.Member {
	point := p.Bytes()[1:]
	half := len(point) / 2
	return []jws.Member{
		{Name: "kty", Value: "EC"}, {Name: "crv", Value: nameOf(p.Curve())},
		{Name: "x", Value: base64.RawURLEncoding.EncodeToString(point[:half])},
		{Name: "y", Value: base64.RawURLEncoding.EncodeToString(point[half:])},
	}
}
