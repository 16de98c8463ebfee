package jwx

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math/big"

	"github.com/lestrrat-go/jwx/v2/jwk"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// Marshal writes the JWK Set of public keys.
func Marshal(keys ...Key) ([]byte, error) {
	list := make([]json.RawMessage, 0, len(keys))
	for _, k := range keys {
		text, err := MarshalKey(k)
		if err != nil {
			return nil, err
		}
		list = append(list, text)
	}
	return jws.Encode(jws.Member{Name: "keys", Value: list})
}

// MarshalKey writes one public JWK. Private keys are refused.
func MarshalKey(k Key) ([]byte, error) {
	if err := jws.CheckKey(k.Public); err != nil {
		return nil, err
	}
	key, err := jwk.FromRaw(k.Public)
	if err != nil {
		return nil, errors.New("a key that cannot be written")
	}
	text, err := json.Marshal(key)
	if err != nil {
		return nil, errors.New("a key that cannot be written")
	}
	bare, err := jws.ParseObject(string(text))
	if err != nil {
		return nil, err
	}
	var members []jws.Member
	for _, name := range bare.Names() {
		members = append(members, jws.Member{Name: name, Value: jws.Raw(bare.Raw(name))})
	}
	// Our own writer for the rest: jwx/v2 leaves some of a caller's text unescaped
	// (GHSA-4cf7-xm37-g63h).
	for _, m := range []jws.Member{{Name: "kid", Value: k.ID}, {Name: "alg", Value: k.Alg}, {Name: "use", Value: k.Use}} {
		if m.Value != "" {
			members = append(members, m)
		}
	}
	if k.Ops != nil {
		members = append(members, jws.Member{Name: "key_ops", Value: k.Ops})
	}
	return jws.Encode(members...)
}

// Thumbprint returns the SHA-256 thumbprint of a public key in base64url
// (RFC 7638), the usual kid and the jkt of DPoP.
func Thumbprint(public crypto.PublicKey) (string, error) {
	if err := jws.CheckKey(public); err != nil {
		return "", err
	}
	// The members that make the key, in the order of their names (§3.2).
	var b []byte
	switch k := public.(type) {
	case *ecdsa.PublicKey:
		point, err := k.Bytes()
		if err != nil {
			return "", errors.New("a key that cannot be written")
		}
		size := len(point) / 2
		b = append(append(append(b, `{"crv":"`...), k.Params().Name...), `","kty":"EC","x":"`...)
		b = base64.RawURLEncoding.AppendEncode(b, point[1:1+size])
		b = base64.RawURLEncoding.AppendEncode(append(b, `","y":"`...), point[1+size:])
	case ed25519.PublicKey:
		b = base64.RawURLEncoding.AppendEncode(append(b, `{"crv":"Ed25519","kty":"OKP","x":"`...), k)
	case *rsa.PublicKey:
		b = base64.RawURLEncoding.AppendEncode(append(b, `{"e":"`...), big.NewInt(int64(k.E)).Bytes())
		b = base64.RawURLEncoding.AppendEncode(append(b, `","kty":"RSA","n":"`...), k.N.Bytes())
	}
	return thumbprint(b), nil
}

// ThumbprintOf is Thumbprint of the public key that KeyOf has read from a JWK.
func ThumbprintOf(o *jws.Object, k *Key) (string, error) {
	if _, ok := k.Public.(*ecdsa.PublicKey); !ok {
		return Thumbprint(k.Public)
	}
	// Its coordinates are at full width, in the one spelling that base64 has for them.
	b := make([]byte, 0, 256)
	b = append(append(append(b, `{"crv":"`...), o.String("crv")...), `","kty":"EC","x":"`...)
	b = append(append(append(b, o.String("x")...), `","y":"`...), o.String("y")...)
	return thumbprint(b), nil
}

func thumbprint(b []byte) string {
	sum := sha256.Sum256(append(b, `"}`...))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
