package jwks

import (
	"crypto"
	"crypto/sha256"
	"crypto/x509"
	"errors"
	"fmt"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// set is the usable keys of one document, never changed after parseSet.
type set struct {
	all  []jwx.Key
	byID map[string][]jwx.Key // by JOSE kid
	cose map[string][]jwx.Key // by COSE kid, for QR codes
	off  string               // Remote.off
}

func parseSet(doc []byte, cose bool) (*set, error) {
	keys, skipped, err := jwx.ParseSet(doc)
	if err != nil {
		return nil, err
	}
	s := &set{byID: make(map[string][]jwx.Key, len(keys))}
	for _, k := range keys {
		if k.Use != "" && k.Use != "sig" || s.listed(k) {
			continue
		}
		s.all = append(s.all, k)
		if k.ID != "" {
			s.byID[k.ID] = append(s.byID[k.ID], k)
		}
	}
	if cose {
		if err := s.indexCOSE(); err != nil {
			return nil, err
		}
	}
	switch {
	case len(s.all) > 0:
		return s, nil
	case len(skipped) > 0:
		return nil, fmt.Errorf("no usable key in the set; the first is %w", skipped[0])
	}
	return nil, errors.New("no usable key in the set")
}

// listed reports whether the set has k already: same key, kid and alg.
func (s *set) listed(k jwx.Key) bool {
	for _, other := range s.all {
		if other.ID == k.ID && other.Alg == k.Alg && sameKey(other, k) {
			return true
		}
	}
	return false
}

func sameKey(a, b jwx.Key) bool {
	k, ok := a.Public.(interface{ Equal(crypto.PublicKey) bool })
	return ok && k.Equal(b.Public)
}

// indexCOSE enters each key under its COSE kid.
func (s *set) indexCOSE() error {
	s.cose = make(map[string][]jwx.Key, len(s.all))
	for _, k := range s.all {
		spki, err := x509.MarshalPKIXPublicKey(k.Public)
		if err != nil {
			return errors.New("a key of the set has no SubjectPublicKeyInfo")
		}
		sum := sha256.Sum256(spki)
		id := string(sum[:8])
		for _, other := range s.cose[id] {
			if !sameKey(other, k) {
				return errors.New("two keys of the set have one COSE kid")
			}
		}
		if len(s.cose[id]) == 0 {
			s.cose[id] = []jwx.Key{k}
		}
	}
	return nil
}

// find returns the keys under the kid of m, or all of them where a token names
// none. A COSE kid is a hash, so no name that an issuer gave a key stands for it.
func (s *set) find(m vneid.Signed) []jwx.Key {
	switch {
	case s == nil:
		return nil
	case m.COSE:
		return s.cose[m.KeyID]
	case m.KeyID == "":
		return s.all
	}
	return s.byID[m.KeyID]
}

// verify checks m with the one key that fits.
func (s *set) verify(m vneid.Signed) error {
	alg := m.Alg
	if alg == "Ed25519" {
		alg = "EdDSA"
	}
	var fits crypto.PublicKey
	keys := s.find(m)
	for i := range keys {
		k := &keys[i]
		if !k.Signs(alg) {
			continue
		}
		if fits != nil && s.off != "one" {
			return fault.New(vneid.ErrUntrusted, "several of the issuer's keys fit")
		}
		fits = k.Public
	}
	if fits == nil {
		return fault.New(vneid.ErrUntrusted, "none of the issuer's keys fits")
	}
	if err := jws.Verify(alg, fits, m.Input, m.Signature); err != nil {
		return fault.New(vneid.ErrSignature, "the signature is wrong")
	}
	return nil
}
