package platform

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
)

// What the tables do to a token as it is signed.

// flipped changes one bit of the signature.
func flipped(t *signed) {
	t.token = func(s string) string {
		head, sig := s[:strings.LastIndexByte(s, '.')+1], s[strings.LastIndexByte(s, '.')+1:]
		b, err := base64.RawURLEncoding.DecodeString(sig)
		if err != nil || len(b) == 0 {
			return s
		}
		b[len(b)/2] ^= 1
		return head + b64(b)
	}
}

// unsigned takes the signature away. What is not signed is not encrypted either:
// inside there must be a JWS.
func unsigned(t *signed) { unsignedAs("JWT")(t) }

func unsignedAs(typ string) func(*signed) {
	return func(t *signed) {
		t.to = nil
		t.token = func(s string) string {
			return b64([]byte(`{"alg":"none","typ":"`+typ+`"}`)) + "." + strings.Split(s, ".")[1] + "."
		}
	}
}

// maced takes the public key for the secret of an HMAC.
func maced(typ string) func(*signed) {
	return func(t *signed) {
		t.token = func(s string) string {
			spki, err := x509.MarshalPKIXPublicKey(t.key.signer.Public())
			if err != nil {
				return s
			}
			input := b64([]byte(`{"alg":"HS256","typ":"`+typ+`","kid":"`+t.key.kid+`"}`)) + "." + strings.Split(s, ".")[1]
			h := hmac.New(sha256.New, spki)
			h.Write([]byte(input))
			return input + "." + b64(h.Sum(nil))
		}
	}
}

// otherKey signs with a key that nobody published, under the right one's name.
func otherKey(t *signed) {
	if k, err := generate(t.key.alg); err == nil {
		t.key = &signingKey{kid: t.key.kid, alg: k.alg, signer: k.signer}
	}
}

// byRS256 signs with the platform's own key for RS256.
func byRS256(t *signed) {
	if t.keys.ensure(context.Background(), "RS256") != nil {
		return
	}
	if k, err := t.keys.signer("RS256"); err == nil {
		t.key = k
		t.header.set("kid", k.kid)
	}
}

// otherRecipient encrypts to a key that the client does not have.
func otherRecipient(t *signed) {
	if t.to == nil {
		return
	}
	if k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err == nil {
		t.to = &jwx.Key{Public: k.Public(), ID: t.to.ID}
	}
}

// otherCase writes ASCII letters in the other case.
func otherCase(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'a' <= r && r <= 'z':
			return r - 'a' + 'A'
		case 'A' <= r && r <= 'Z':
			return r - 'A' + 'a'
		}
		return r
	}, s)
}
