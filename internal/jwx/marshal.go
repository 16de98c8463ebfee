package jwx

import (
	"crypto"
	"encoding/base64"
	"encoding/json"
	"errors"

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
	key, err := jwk.FromRaw(public)
	if err != nil {
		return "", errors.New("a key that cannot be written")
	}
	sum, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		return "", errors.New("a key that cannot be written")
	}
	return base64.RawURLEncoding.EncodeToString(sum), nil
}
