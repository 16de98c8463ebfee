// Package testkeys has the private keys of the client portal at the test platform.
// They are published in this repository: what they sign or open proves nothing, and
// no program may use them for anything but a test.
package testkeys

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	_ "embed"
	"encoding/pem"
	"errors"
)

// ID is the kid under which the test platform has the signing key.
const ID = "test"

// Signing returns the key that authenticates the portal in FAPI 2.0
// (private_key_jwt).
func Signing() ed25519.PrivateKey {
	seed := sha256.Sum256([]byte("the signing key of the sample portal, for tests only"))
	return ed25519.NewKeyFromSeed(seed[:])
}

// Made by: openssl genrsa 2048 | openssl pkcs8 -topk8 -nocrypt
//
//go:embed envelope.pem
var envelope []byte

// Envelope returns the RSA key that opens the envelopes of VNeID's direct single
// sign-on as the test platform plays it. It serves nothing else.
func Envelope() (*rsa.PrivateKey, error) {
	block, _ := pem.Decode(envelope)
	if block == nil {
		return nil, errors.New("envelope.pem is no PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	k, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("envelope.pem is no RSA key")
	}
	return k, nil
}

// EncryptionID is the kid under which the test platform has the encryption key.
const EncryptionID = "test-enc"

// Encryption returns the key to which the test platform encrypts what citizens share
// with the portal.
func Encryption() *ecdsa.PrivateKey {
	seed := sha256.Sum256([]byte("the encryption key of the sample portal, for tests only"))
	key, _ := ecdsa.ParseRawPrivateKey(elliptic.P256(), seed[:]) // below the curve's order
	return key
}
