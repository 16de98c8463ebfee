package jwx

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"errors"

	"github.com/lestrrat-go/jwx/v2/jwa"
	"github.com/lestrrat-go/jwx/v2/jwe"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// Recipient is whom Encrypt encrypts to.
type Recipient struct {
	Public crypto.PublicKey // *rsa.PublicKey or *ecdsa.PublicKey
	ID     string           // kid, "" for none
	Alg    string           // "": RSA-OAEP-256 or ECDH-ES+A256KW
	Enc    string           // "": A256GCM
}

// Check refuses what Encrypt cannot use.
func (r Recipient) Check() error {
	if err := jws.CheckKey(r.Public); err != nil {
		return err
	}
	alg, enc := r.algorithms()
	switch r.Public.(type) {
	case *rsa.PublicKey:
		if alg != "RSA-OAEP-256" {
			return errors.New("the key management algorithm does not fit an RSA key")
		}
	case *ecdsa.PublicKey:
		if alg != "ECDH-ES" && alg != "ECDH-ES+A128KW" && alg != "ECDH-ES+A256KW" {
			return errors.New("the key management algorithm does not fit an EC key")
		}
	default:
		return errors.New("the key is of a type that nothing is encrypted to")
	}
	if _, ok := contentOf(enc); !ok {
		return errors.New("the content encryption algorithm is not known")
	}
	return nil
}

func (r Recipient) algorithms() (alg, enc string) {
	alg, enc = r.Alg, r.Enc
	if alg == "" {
		alg = "RSA-OAEP-256"
		if _, ok := r.Public.(*ecdsa.PublicKey); ok {
			alg = "ECDH-ES+A256KW"
		}
	}
	if enc == "" {
		enc = "A256GCM"
	}
	return alg, enc
}

// Encrypt makes a compact JWE of a compact JWS, as Decrypt reads it.
func Encrypt(signed string, to Recipient) (string, error) {
	if err := to.Check(); err != nil {
		return "", err
	}
	if !looksSigned(signed) {
		return "", errors.New("only a compact JWS is encrypted")
	}
	alg, enc := to.algorithms()
	header := jwe.NewHeaders()
	if err := header.Set("cty", "JWT"); err != nil {
		return "", err
	}
	if to.ID != "" {
		if err := header.Set("kid", to.ID); err != nil {
			return "", err
		}
	}
	token, err := jwe.Encrypt([]byte(signed), jwe.WithKey(jwa.KeyEncryptionAlgorithm(alg), to.Public),
		jwe.WithContentEncryption(jwa.ContentEncryptionAlgorithm(enc)), jwe.WithProtectedHeaders(header))
	if err != nil {
		return "", errors.New("the token cannot be encrypted")
	}
	// jwx/v2 leaves some of a caller's text unescaped (GHSA-4cf7-xm37-g63h): what
	// came out must say what was meant.
	if s, ok := parseSealed(string(token)); !ok || s.kid != to.ID || s.alg != alg || s.enc != enc {
		return "", errors.New("the token cannot be encrypted, or is too long")
	}
	return string(token), nil
}
