// Package jwx is this module's one door to github.com/lestrrat-go/jwx/v2, which
// turns JSON Web Keys (RFC 7517) into keys of the standard library and back, and
// opens and makes encrypted tokens (RFC 7516; the rules stand in jwe.go). No
// type of jwx leaves it and none of its process-wide settings is touched, so that
// moving to a successor (v2 is no longer maintained) changes this package alone.
//
// Bytes from the network meet our own strict reading first: ParseSet holds a
// document to 1 MiB, 100 keys and package jws's rules for JSON. Of each key jwx
// sees only the members that make the key, rebuilt from decoded values:
//
//	kty  RSA  n, e     e below 2³²; octets of n in strict base64url
//	     EC   crv, x, y  P-256, P-384, P-521; x and y at the curve's full width
//	     OKP  crv, x   Ed25519, 32 octets
//
// A key that does not fit is skipped and the rest of the set stands (RFC 7517
// §5): another kty or crv, a value out of range, a weak key (jws.CheckKey), a
// symmetric key, or one that carries private members, which whoever published it
// has given away.
package jwx

import (
	"crypto"
	"errors"
	"slices"

	"github.com/lestrrat-go/jwx/v2/jwk"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// Limits of a key set document.
const (
	MaxSet  = 1 << 20 // bytes
	MaxKeys = 100
)

// Key is a public key with what its JWK says of it; absent members are zero.
type Key struct {
	Public crypto.PublicKey // *rsa.PublicKey, *ecdsa.PublicKey or ed25519.PublicKey
	ID     string           // kid
	Alg    string           // alg, Ed25519 as EdDSA
	Use    string           // use
	Ops    []string         // key_ops
}

// Signs reports whether the JWK lets the key check signatures of alg: its own
// alg, use and key_ops agree (RFC 7517 §4.2–§4.4), and so does its type.
func (k *Key) Signs(alg string) bool {
	return (k.Alg == "" || k.Alg == alg) && (k.Use == "" || k.Use == "sig") &&
		(k.Ops == nil || slices.Contains(k.Ops, "verify")) && jws.Fits(alg, k.Public)
}

// ParseSet reads a JWK Set. Keys that cannot be used are skipped, each with its
// reason; err is for a document that is no key set.
func ParseSet(doc []byte) (keys []Key, skipped []error, err error) {
	if len(doc) > MaxSet {
		return nil, nil, errors.New("the key set is larger than 1 MiB")
	}
	set, err := jws.ParseObject(string(doc))
	if err != nil {
		return nil, nil, err
	}
	if !set.Has("keys") {
		return nil, nil, errors.New("the key set has no keys member")
	}
	members := set.Objects("keys")
	if err := set.Err(); err != nil {
		return nil, nil, err
	}
	if len(members) > MaxKeys {
		return nil, nil, errors.New("the key set has more than 100 keys")
	}
	for i := range members {
		key, err := parse(&members[i])
		if err != nil {
			skipped = append(skipped, err)
			continue
		}
		keys = append(keys, key)
	}
	return keys, skipped, nil
}

// ParseKey reads one public JWK, such as the jwk member of a DPoP proof.
func ParseKey(text string) (Key, error) {
	object, err := jws.ParseObject(text)
	if err != nil {
		return Key{}, err
	}
	return parse(&object)
}

func parse(o *jws.Object) (Key, error) {
	for _, private := range [...]string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"} {
		if o.Has(private) {
			return Key{}, errors.New("a private or symmetric key")
		}
	}
	clean, err := material(o)
	if err != nil {
		return Key{}, err
	}
	k := Key{ID: o.String("kid"), Alg: o.String("alg"), Use: o.String("use"), Ops: o.Strings("key_ops")}
	if err := o.Err(); err != nil {
		return Key{}, err
	}
	if k.Alg == "Ed25519" {
		k.Alg = "EdDSA"
	}
	parsed, err := jwk.ParseKey(clean)
	if err != nil {
		return Key{}, errors.New("a key that cannot be read")
	}
	var raw any
	if err := parsed.Raw(&raw); err != nil {
		return Key{}, errors.New("a key that cannot be read")
	}
	k.Public = raw
	return k, jws.CheckKey(k.Public)
}

// material returns a JWK of nothing but the members that make the key, after
// checking their form.
func material(o *jws.Object) ([]byte, error) {
	kty, crv := o.String("kty"), o.String("crv")
	size := map[string]int{"EC P-256": 32, "EC P-384": 48, "EC P-521": 66, "OKP Ed25519": 32}[kty+" "+crv]
	members := []jws.Member{{Name: "kty", Value: kty}}
	var want []string
	switch {
	case kty == "RSA":
		want = []string{"n", "e"}
	case kty == "EC" && size > 0:
		want = []string{"x", "y"}
	case kty == "OKP" && size > 0:
		want = []string{"x"}
	default:
		return nil, errors.New("a key of another type or curve")
	}
	if size > 0 {
		members = append(members, jws.Member{Name: "crv", Value: crv})
	}
	for _, name := range want {
		text := o.String(name)
		octets, ok := jws.DecodeBase64(text)
		// jwx keeps only the low 64 bits of a longer exponent.
		if !ok || len(octets) == 0 || size > 0 && len(octets) != size || name == "e" && len(octets) > 4 {
			return nil, errors.New("a key whose " + name + " is missing or malformed")
		}
		members = append(members, jws.Member{Name: name, Value: text})
	}
	return jws.Encode(members...)
}
