package sso

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// K3, K5: keys in the provider's set that must not sign, or must not sign this. The
// check that is taken out is the whole of package vneid/jwks: in its place stands a
// set that takes any key it can do sums with.
var keyed = []attack{
	{"K3 an RSA key of 1024 bits, which can be factored", "keys", vneid.ErrUntrusted, nil, published(1024, func(object) {})},
	{"K3 an RSA key with the exponent 1, under which anybody signs", "keys", vneid.ErrUntrusted, nil, withExponentOne},
	{"K3 a key for encryption", "keys", vneid.ErrUntrusted, nil, published(2048, func(k object) { k["use"] = "enc" })},
	{"K3 a key of another algorithm", "keys", vneid.ErrUntrusted, nil, published(2048, func(k object) { k["alg"] = "RS512" })},
	{"K3 a key that may do anything but verify", "keys", vneid.ErrUntrusted, nil, published(2048, func(k object) { k["key_ops"] = []string{"encrypt"} })},
	{"K3 a key that the provider gave away", "keys", vneid.ErrUntrusted, nil, published(2048, func(k object) { k["d"] = "AQAB" })},
	{"K3 a key whose type is spelt otherwise", "keys", vneid.ErrUntrusted, nil, published(2048, func(k object) { k["kty"] = "rsa" })},
	{"K3 a key whose text is padded", "keys", vneid.ErrUntrusted, nil, published(2048, func(k object) { k["n"] = k["n"].(string) + "==" })},
	{"K3 two keys of one name, the second the attacker's", "keys", vneid.ErrSignature, nil, twoOfOneName},
	{"K5 the set is replaced by that of another host's redirect", "keys", vneid.ErrUnavailable, nil, redirected},
}

// lax is a KeySet that tries every key of the document at the provider's address,
// whatever it says of itself, and follows wherever it is sent.
type lax struct{ url string }

func (l lax) Verify(_ context.Context, s vneid.Signed) error {
	res, err := http.Get(l.url)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	var doc struct{ Keys []map[string]any }
	if err := json.Unmarshal(text, &doc); err != nil {
		return err
	}
	num := func(v any) *big.Int {
		s, _ := v.(string)
		b, err := base64.RawURLEncoding.DecodeString(s)
		if err != nil {
			b, _ = base64.URLEncoding.DecodeString(s)
		}
		return new(big.Int).SetBytes(b)
	}
	h := sha256.Sum256(s.Input)
	for _, k := range doc.Keys {
		switch {
		case k["n"] != nil && s.Alg == "RS256" && powers(num(k["n"]), num(k["e"]), s.Signature, h[:]):
			return nil
		case k["x"] != nil && s.Alg == "ES256" && len(s.Signature) == 64:
			pub, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, num(k["x"]).FillBytes(make([]byte, 32))...), num(k["y"]).FillBytes(make([]byte, 32))...))
			if err == nil && ecdsa.Verify(pub, h[:], new(big.Int).SetBytes(s.Signature[:32]), new(big.Int).SetBytes(s.Signature[32:])) {
				return nil
			}
		}
	}
	return errors.New("no key fits")
}

// powers is the check of RSASSA-PKCS1-v1_5 by hand, for keys that the standard
// library would not touch.
func powers(n, e *big.Int, sig, hash []byte) bool {
	m := new(big.Int).Exp(new(big.Int).SetBytes(sig), e, n)
	return m.Cmp(new(big.Int).SetBytes(padded((n.BitLen()+7)/8, hash))) == 0
}

// padded is EMSA-PKCS1-v1_5 of a SHA-256 hash (RFC 8017 §9.2).
func padded(size int, hash []byte) []byte {
	info := []byte{0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20}
	t := append(info, hash...)
	em := make([]byte, size)
	em[1] = 1
	for i := 2; i < size-len(t)-1; i++ {
		em[i] = 0xff
	}
	copy(em[size-len(t):], t)
	return em
}

// unless takes the key set out in the second round of a pair.
func (a *arena) unless() *Client {
	c := *a.c
	if a.second {
		c.keys = lax{a.o.srv.URL + "/jwks"}
	}
	return &c
}

// published is a login whose ID token is signed by an RSA key that the set describes
// as edit says.
func published(bits int, edit func(object)) func(*arena) error {
	return func(a *arena) error {
		key, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			a.t.Fatal(err)
		}
		a.o.header = func(h object) { h["alg"], h["kid"] = "RS256", "r1" }
		a.o.sign = func(in string) []byte {
			h := sha256.Sum256([]byte(in))
			sig, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, h[:])
			if err != nil {
				a.t.Fatal(err)
			}
			return sig
		}
		k := object{"kty": "RSA", "kid": "r1", "n": encode(key.N.Bytes()), "e": "AQAB"}
		edit(k)
		return a.rotated(jwkOf(&a.o.key.PublicKey, "k1"), k)
	}
}

// rotated is a login after the provider's set became these keys.
func (a *arena) rotated(keys ...object) error {
	a.o.jwks = func(set object) { set["keys"] = keys }
	a.o.clock.advance(2 * time.Minute)
	_, err := logIn(a.unless(), a.o, Ask{})
	return err
}

func withExponentOne(a *arena) error {
	n := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 2048), big.NewInt(1))
	a.o.header = func(h object) { h["alg"], h["kid"] = "RS256", "r1" }
	a.o.sign = func(in string) []byte {
		h := sha256.Sum256([]byte(in))
		return padded(256, h[:])
	}
	return a.rotated(jwkOf(&a.o.key.PublicKey, "k1"), object{"kty": "RSA", "kid": "r1", "n": encode(n.Bytes()), "e": "AQ"})
}

func twoOfOneName(a *arena) error {
	other := newOP(a.t)
	a.o.sign = func(in string) []byte { return signES256(other.key, in) }
	return a.rotated(jwkOf(&a.o.key.PublicKey, "k1"), jwkOf(&other.key.PublicKey, "k1"))
}

func redirected(a *arena) error {
	other := newOP(a.t)
	a.o.sign = func(in string) []byte { return signES256(other.key, in) }
	a.o.header = func(h object) { h["kid"] = "k9" }
	a.o.override["/jwks"] = func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.srv.URL+"/jwks", http.StatusFound)
	}
	return a.rotated()
}
