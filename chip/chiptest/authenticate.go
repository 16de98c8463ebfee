package chiptest

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"math/big"
	"slices"
)

// staticKey is a key of Chip Authentication; its public half stands in DG14.
type staticKey struct {
	agreement
	id     int  // reference
	named  bool // whether DG14 says the reference: where there are several keys, and for PACE-CAM
	secret *big.Int
}

// setCA answers MSE:Set AT for Chip Authentication (ICAO Doc 9303-11 §6.2.4.2).
func (e *Emulator) setCA(c command) response {
	f := fields(c.data)
	e.ca = e.findStatic(f[0x80], f[0x84])
	if e.ca == nil {
		return status(swBadData)
	}
	return status(swOK)
}

// setKAT answers MSE:Set KAT, the one command of Chip Authentication with 3DES
// (§6.2.4.1).
func (e *Emulator) setKAT(c command) response {
	f := fields(c.data)
	e.ca = nil
	for _, k := range e.static {
		if k.suite == tripleDES && (f[0x84] == nil || bytes.Equal(f[0x84], []byte{byte(k.id)})) {
			e.ca = &k
			break
		}
	}
	if e.ca == nil || f[0x91] == nil {
		return status(swBadData)
	}
	return status(e.agreeCA(f[0x91]))
}

func (e *Emulator) findStatic(protocol, id []byte) *staticKey {
	for _, k := range e.static {
		if bytes.Equal(protocol, oidContent(k.oid)) && (id == nil || bytes.Equal(id, []byte{byte(k.id)})) {
			return &k
		}
	}
	return nil
}

// camSecret is the key with which PACE-CAM proves the chip.
func (e *Emulator) camSecret(a agreement) *big.Int {
	for _, k := range e.static {
		if k.group.number() == a.group.number() {
			return k.secret
		}
	}
	return big.NewInt(1)
}

// authenticateCA answers GENERAL AUTHENTICATE of Chip Authentication.
func (e *Emulator) authenticateCA(c command) response {
	public, ok := fields(unwrap(c.data))[0x80]
	if !ok {
		return status(swBadData)
	}
	if sw := e.agreeCA(public); sw != swOK {
		return status(sw)
	}
	return response{der(0x7C), swOK}
}

// agreeCA makes the keys that take over behind this response (§6.2.1).
func (e *Emulator) agreeCA(public []byte) uint16 {
	key := e.ca
	e.ca = nil
	theirs, ok := key.group.decode(public)
	if !ok {
		return swBadData
	}
	e.next = newChannel(key.suite, key.group.secret(key.group.power(theirs, key.secret)))
	return swOK
}

// activeKey is the key of Active Authentication; its public half is DG15.
type activeKey struct {
	*signer
	hash crypto.Hash
}

// authenticateAA answers INTERNAL AUTHENTICATE (§6.1.4): eight bytes, signed.
func (e *Emulator) authenticateAA(c command) response {
	if e.active == nil {
		return status(swInstruction)
	}
	if len(c.data) != 8 {
		return status(swLength)
	}
	challenge := c.data
	if e.script.challenge != nil {
		challenge = e.script.challenge(challenge)
	}
	if e.active.rsa != nil {
		return response{e.recoverable(challenge), swOK}
	}
	r, s := e.active.ecdsa(e.random, e.active.hash, challenge)
	n := e.active.curve.n
	return response{append(fixed(r, n), fixed(s, n)...), swOK} // plain format, BSI TR-03111 §5.2.1
}

// trailers are the hash identifiers of ISO/IEC 10118 at the end of a message
// representative; SHA-1 has the implicit trailer BC.
var trailers = map[crypto.Hash][]byte{
	crypto.SHA1: {0xBC}, crypto.SHA224: {0x38, 0xCC}, crypto.SHA256: {0x34, 0xCC},
	crypto.SHA384: {0x36, 0xCC}, crypto.SHA512: {0x35, 0xCC},
}

// recoverable is digital signature scheme 1 of ISO/IEC 9796-2 with partial
// recovery: 6A, random M1, the digest of M1 and the challenge, the trailer.
func (e *Emulator) recoverable(challenge []byte) []byte {
	key, trailer := e.active.rsa, trailers[e.active.hash]
	m1 := e.random.bytes(key.Size() - 1 - e.active.hash.Size() - len(trailer))
	h := e.active.hash.New()
	h.Write(m1)
	h.Write(challenge)
	f := slices.Concat([]byte{0x6A}, m1, h.Sum(nil), trailer)
	if e.script.representative != nil {
		e.script.representative(f)
	}
	return rawRSA(key, f)
}

// rawRSA is the bare private operation.
func rawRSA(key *rsa.PrivateKey, f []byte) []byte {
	m := new(big.Int).SetBytes(f)
	return fixed(m.Exp(m, key.D, key.N), key.N)
}
