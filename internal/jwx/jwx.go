// Package jwx is this module's one door to github.com/lestrrat-go/jwx/v2, which
// turns JSON Web Keys (RFC 7517) into keys of the standard library and back, and
// opens and makes encrypted tokens (RFC 7516; the rules stand in jwe.go). No
// type of jwx leaves it and none of its process-wide settings is touched, so that
// moving to a successor (v2 is no longer maintained) changes this package alone.
//
// Bytes from the network meet our own strict reading first: ParseSet holds a
// document to 1 MiB, 100 keys and package jws's rules for JSON. EC and OKP keys are
// made from it without jwx; of an RSA key jwx sees only the members that make the key:
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
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
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
		key, err := KeyOf(&members[i])
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
	return KeyOf(&object)
}

// KeyOf is ParseKey of a JWK that was scanned already.
func KeyOf(o *jws.Object) (Key, error) {
	for _, private := range [...]string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"} {
		if o.Has(private) {
			return Key{}, errors.New("a private or symmetric key")
		}
	}
	k := Key{ID: o.String("kid"), Alg: o.String("alg"), Use: o.String("use"), Ops: o.Strings("key_ops")}
	kty, crv := o.String("kty"), o.String("crv")
	if err := o.Err(); err != nil {
		return Key{}, err
	}
	if k.Alg == "Ed25519" {
		k.Alg = "EdDSA"
	}
	var err error
	switch kty {
	case "EC":
		k.Public, err = readEC(o, crv)
	case "OKP":
		k.Public, err = readOKP(o, crv)
	case "RSA":
		k.Public, err = readRSA(o)
	default:
		err = errType
	}
	if err != nil || kty == "EC" { // whose point was checked when it was read
		return k, err
	}
	return k, jws.CheckKey(k.Public)
}

var errType = errors.New("a key of another type or curve")

// octets reads a member of exactly size bytes in strict base64url, or of any for 0.
func octets(b []byte, o *jws.Object, name string, size int) ([]byte, error) {
	before := len(b)
	b, ok := jws.AppendBase64(b, o.String(name))
	if n := len(b) - before; !ok || n == 0 || size > 0 && n != size {
		return nil, errors.New("a key whose " + name + " is missing or malformed")
	}
	return b, nil
}

// readEC and readOKP leave jwx out: every DPoP proof brings such a key along, and jwx
// takes as long to read it as the check of the signature under it does.
func readEC(o *jws.Object, crv string) (crypto.PublicKey, error) {
	curve, size := elliptic.P256(), 32
	switch crv {
	case "P-256":
	case "P-384":
		curve, size = elliptic.P384(), 48
	case "P-521":
		curve, size = elliptic.P521(), 66
	default:
		return nil, errType
	}
	point, err := octets(append(make([]byte, 0, 2*size+1), 4), o, "x", size) // 04 ‖ x ‖ y (SEC 1 §2.3.3)
	if err == nil {
		point, err = octets(point, o, "y", size)
	}
	if err != nil {
		return nil, err
	}
	key, err := ecdsa.ParseUncompressedPublicKey(curve, point)
	if err != nil {
		return nil, errors.New("a key that is no point of its curve")
	}
	return key, nil
}

func readOKP(o *jws.Object, crv string) (crypto.PublicKey, error) {
	if crv != "Ed25519" {
		return nil, errType
	}
	x, err := octets(nil, o, "x", ed25519.PublicKeySize)
	return ed25519.PublicKey(x), err
}

// readRSA shows jwx a JWK of nothing but the members that make the key, after checking
// their form.
func readRSA(o *jws.Object) (crypto.PublicKey, error) {
	if _, err := octets(nil, o, "n", 0); err != nil {
		return nil, err
	}
	// jwx keeps only the low 64 bits of a longer exponent.
	if e, err := octets(nil, o, "e", 0); err != nil || len(e) > 4 {
		return nil, errors.New("a key whose e is missing or malformed")
	}
	clean, err := jws.Encode(jws.Member{Name: "kty", Value: "RSA"}, jws.Member{Name: "n", Value: o.String("n")}, jws.Member{Name: "e", Value: o.String("e")})
	if err != nil {
		return nil, err
	}
	parsed, err := jwk.ParseKey(clean)
	if err != nil {
		return nil, errors.New("a key that cannot be read")
	}
	var raw any
	if err := parsed.Raw(&raw); err != nil {
		return nil, errors.New("a key that cannot be read")
	}
	return raw, nil
}
