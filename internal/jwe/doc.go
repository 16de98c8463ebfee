// Package jwe opens and makes encrypted answers (JWE, RFC 7516) with the standard
// library alone. internal/jwx does the same for the tokens of logins, in whatever
// algorithms a provider chooses; an answer with a citizen's documents comes in one
// sort, is larger, and is on the path that has to be quick.
//
//	size     at most Rules.MaxSize bytes, looked at first
//	form     compact, five parts, each strict base64url
//	header   alg, enc, kid and cty, with ECDH also epk, apu and apv; anything else
//	         is refused, zip and crit among it
//	kid      names one of the keys: no key is tried that it does not name
//	alg      ECDH-ES+A256KW with a key on P-256, P-384 or P-521, or RSA-OAEP-256
//	enc      A256GCM: 12 bytes of initialisation vector, 16 of tag
//	epk      kty, crv, x and y and nothing else: a point on the curve of our key
//	cty      Rules.Type exactly
//
// What is inside may be from anybody who knows the public key: the caller checks a
// signature next. Whatever is wrong, the answer is ErrOpen and nothing else.
package jwe

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/rsa"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// ErrOpen is the one error of Open: whoever sends a text learns nothing from the way
// in which it fails.
var ErrOpen = errors.New("the answer cannot be decrypted")

// Algorithms, by the type of the recipient's key.
const (
	AlgEC  = "ECDH-ES+A256KW"
	AlgRSA = "RSA-OAEP-256"
	Enc    = "A256GCM"
)

// Rules say what an Opener takes.
type Rules struct {
	Type    string // cty
	MaxSize int    // bytes of the whole
}

// Key opens what was encrypted to its public half.
type Key struct {
	ID  string            // kid
	Key crypto.PrivateKey // *ecdsa.PrivateKey, or a crypto.Decrypter for RSA, in memory or in hardware
}

// Format prints the key's name and nothing else of it.
func (k Key) Format(f fmt.State, _ rune) { fmt.Fprintf(f, "jwe.Key %q", k.ID) }

// Opener opens texts by fixed rules. It is safe for concurrent use if its keys are.
type Opener struct {
	rules Rules
	keys  func() []opening // a func, which no print opens
	rooms sync.Pool        // of *room
}

// opening is a key, ready for use: one of the two.
type opening struct {
	id  string
	ec  *ecdh.PrivateKey
	rsa crypto.Decrypter
	len int // of what RSA wraps a key in
}

// NewOpener checks the keys. Its errors name none of their values.
func NewOpener(rules Rules, keys ...Key) (*Opener, error) {
	list := make([]opening, 0, len(keys))
	for _, k := range keys {
		o, err := ready(k)
		if err != nil {
			return nil, err
		}
		for _, other := range list {
			if other.id == o.id {
				return nil, errors.New("two keys with one ID")
			}
		}
		list = append(list, o)
	}
	return &Opener{rules: rules, keys: func() []opening { return list }}, nil
}

func ready(k Key) (o opening, err error) {
	unusable := errors.New("neither an RSA crypto.Decrypter nor an *ecdsa.PrivateKey, or a weak one")
	if k.ID == "" {
		return o, errors.New("a key without ID")
	}
	o.id = k.ID
	switch key := k.Key.(type) {
	case *ecdsa.PrivateKey:
		if key == nil || jws.CheckKey(&key.PublicKey) != nil {
			return o, unusable
		}
		if o.ec, err = key.ECDH(); err != nil {
			return o, unusable
		}
	case *rsa.PrivateKey:
		if key == nil {
			return o, unusable
		}
		o.rsa = key
	case crypto.Decrypter:
		o.rsa = key
	default:
		return o, unusable
	}
	if o.rsa != nil {
		public, ok := o.rsa.Public().(*rsa.PublicKey)
		if !ok || jws.CheckKey(public) != nil {
			return o, unusable
		}
		o.len = public.Size()
	}
	return o, nil
}

// Format prints how many keys there are, and none.
func (o *Opener) Format(f fmt.State, _ rune) { io.WriteString(f, "jwe.Opener") }
