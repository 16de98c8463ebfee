package chiptest

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha1"
	_ "crypto/sha256"
	_ "crypto/sha512"
	"math/big"
	"strconv"
	"strings"
)

// signer is a private key of certificates or Active Authentication.
type signer struct {
	rsa      *rsa.PrivateKey // nil: ECDSA
	pss      bool
	curve    *curve
	d        *big.Int
	public   element
	explicit bool
	hash     crypto.Hash
}

var hashes = map[string]crypto.Hash{
	"SHA1": crypto.SHA1, "SHA224": crypto.SHA224, "SHA256": crypto.SHA256, "SHA384": crypto.SHA384, "SHA512": crypto.SHA512,
}

func newSigner(p Protocol, random entropy, explicit bool) (*signer, error) {
	i := strings.LastIndexByte(p.Name, '-')
	if i < 0 {
		return nil, p.unknown()
	}
	hash, known := hashes[p.Name[i+1:]]
	kind := p.Name[:i]
	s := &signer{hash: hash, explicit: explicit, pss: kind == "RSA-PSS"}
	if !known {
		return nil, p.unknown()
	}
	if kind == "ECDSA" {
		if s.curve = curveByName(p.Domain); s.curve == nil {
			return nil, p.unknown()
		}
		s.d = random.scalar(s.curve.n)
		s.public = s.curve.power(s.curve.g, s.d)
		return s, nil
	}
	bits, err := strconv.Atoi(p.Domain)
	if kind != "RSA" && !s.pss || err != nil || bits < 1024 || bits > 4096 || bits%256 != 0 {
		return nil, p.unknown()
	}
	s.rsa, err = rsa.GenerateKey(rand.Reader, bits)
	return s, err
}

func (s *signer) spki() []byte {
	if s.rsa == nil {
		return s.curve.spki(s.public, s.explicit)
	}
	key := seq(integer(s.rsa.N), number(s.rsa.E))
	return seq(seq(oid("1.2.840.113549.1.1.1"), null()), bitString(key))
}

func null() []byte { return der(0x05) }

// algorithm is the AlgorithmIdentifier of a signature (RFC 4055, RFC 5758).
func (s *signer) algorithm(h crypto.Hash) []byte {
	switch {
	case s.pss:
		mask := seq(oid("1.2.840.113549.1.1.8"), digest(h))
		return seq(oid("1.2.840.113549.1.1.10"), seq(der(0xA0, digest(h)), der(0xA1, mask), der(0xA2, number(h.Size()))))
	case s.rsa != nil:
		arcs := map[crypto.Hash]string{crypto.SHA1: "5", crypto.SHA224: "14", crypto.SHA256: "11", crypto.SHA384: "12", crypto.SHA512: "13"}
		return seq(oid("1.2.840.113549.1.1."+arcs[h]), null())
	}
	arcs := map[crypto.Hash]string{crypto.SHA1: "1", crypto.SHA224: "3.1", crypto.SHA256: "3.2", crypto.SHA384: "3.3", crypto.SHA512: "3.4"}
	return seq(oid("1.2.840.10045.4." + arcs[h]))
}

// digest is the AlgorithmIdentifier of a hash (RFC 5754).
func digest(h crypto.Hash) []byte {
	if h == crypto.SHA1 {
		return seq(oid("1.3.14.3.2.26"), null())
	}
	arcs := map[crypto.Hash]string{crypto.SHA224: "4", crypto.SHA256: "1", crypto.SHA384: "2", crypto.SHA512: "3"}
	return seq(oid("2.16.840.1.101.3.4.2." + arcs[h]))
}

func sum(h crypto.Hash, message []byte) []byte {
	w := h.New()
	w.Write(message)
	return w.Sum(nil)
}

func (s *signer) sign(random entropy, h crypto.Hash, message []byte) ([]byte, error) {
	switch {
	case s.pss:
		return rsa.SignPSS(rand.Reader, s.rsa, h, sum(h, message), &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
	case s.rsa != nil:
		return rsa.SignPKCS1v15(nil, s.rsa, h, sum(h, message))
	}
	r, t := s.ecdsa(random, h, message)
	return seq(integer(r), integer(t)), nil
}

// ecdsa is FIPS 186-5 §6.4.1.
func (s *signer) ecdsa(random entropy, h crypto.Hash, message []byte) (r, t *big.Int) {
	n := s.curve.n
	e := new(big.Int).SetBytes(sum(h, message))
	if extra := 8*h.Size() - n.BitLen(); extra > 0 {
		e.Rsh(e, uint(extra))
	}
	for {
		k := random.scalar(n)
		r = new(big.Int).Mod(s.curve.power(s.curve.g, k).x, n)
		t = new(big.Int).Mul(r, s.d)
		t.Mod(t.Mul(t.Add(t, e), k.ModInverse(k, n)), n)
		if r.Sign() > 0 && t.Sign() > 0 {
			return r, t
		}
	}
}
