package jwx

import (
	"crypto"
	"errors"
)

// PrivateKey opens what was encrypted to its public half.
type PrivateKey struct {
	ID  string            // kid; "": for tokens of any
	Key crypto.PrivateKey // *rsa.PrivateKey, *ecdsa.PrivateKey or *ecdh.PrivateKey
}

// ErrDecrypt is the one error of Decrypt: whoever sends a token learns nothing from
// the way in which it fails.
var ErrDecrypt = errors.New("the token cannot be decrypted")

// Recipient is whom Encrypt encrypts to.
type Recipient struct {
	Public crypto.PublicKey
	ID     string // kid, "" for none
	Alg    string // "": RSA-OAEP-256 or ECDH-ES+A256KW
	Enc    string // "": A256GCM
}

// Decrypt opens a compact JWE whose plaintext is a compact JWS.
func Decrypt(token string, keys ...PrivateKey) (string, error) { return "", ErrDecrypt }

// Encrypt makes a compact JWE of a compact JWS.
func Encrypt(signed string, to Recipient) (string, error) {
	return "", errors.New("not yet")
}
