package chiptest

import (
	"crypto/rand"
	"crypto/sha1"
	"fmt"
	"time"
)

// Authority says what kind of country signing authority (CSCA) NewIssuer makes.
// The zero value signs with ECDSA on brainpoolP384r1.
type Authority struct {
	// Algorithm of the CSCA's key; the zero value is ECDSA-SHA384 on
	// brainpoolP384r1. Document signers get Signer, zero: ECDSA-SHA256 on
	// secp256r1.
	Algorithm Protocol
	Signer    Protocol
	Explicit  bool   // spell out the curve's parameters, as the Vietnamese passport CSCA does
	Country   string // zero: VN
	Now       func() time.Time
}

// Issuer is a test CSCA that signs the cards of New through document signers of
// their own. Its certificates say that they are of no authority, and its keys live
// in this process alone.
type Issuer struct {
	authority Authority
	random    entropy
	key       *signer
	name, ski []byte
	anchor    []byte
}

// NewIssuer makes a CSCA with a new key.
func NewIssuer(a Authority) (*Issuer, error) {
	i, err := newIssuer(a, entropy{rand.Reader})
	if err != nil {
		return nil, fmt.Errorf("chiptest: issuer: %w", err)
	}
	return i, nil
}

func newIssuer(a Authority, random entropy) (*Issuer, error) {
	if a.Algorithm == (Protocol{}) {
		a.Algorithm = Protocol{"ECDSA-SHA384", "brainpoolP384r1"}
	}
	if a.Signer == (Protocol{}) {
		a.Signer = Protocol{"ECDSA-SHA256", "secp256r1"}
	}
	if a.Country == "" {
		a.Country = "VN"
	}
	if a.Now == nil {
		a.Now = time.Now
	}
	key, err := newSigner(a.Algorithm, random, a.Explicit)
	if err != nil {
		return nil, err
	}
	i := &Issuer{authority: a, random: random, key: key, name: name(a.Country, "CSCA TEST"), ski: keyID(key.spki())}
	i.anchor, err = i.certificate().sign(random)
	return i, err
}

// keyID is method 1 of RFC 5280 §4.2.1.2, over the whole SubjectPublicKeyInfo.
func keyID(spki []byte) []byte {
	id := sha1.Sum(spki)
	return id[:]
}

// certificate describes the CSCA's own one: three years of signing, thirteen of
// verifying (ICAO Doc 9303-12 §7.1).
func (i *Issuer) certificate() *certificate {
	now := i.authority.Now()
	return &certificate{
		serial: serial(i.random), issuer: i.name, subject: i.name, notBefore: now.AddDate(-1, 0, 0), notAfter: now.AddDate(12, 0, 0),
		key: i.key.spki(), authority: true, usage: usageCA, ski: i.ski, aki: i.ski, by: i.key,
	}
}

func serial(random entropy) []byte {
	b := random.bytes(8)
	b[0] = b[0]&0x3F | 0x40 // positive, no leading zero
	return b
}

// documentSigner describes the certificate of a document signer with the key.
func (i *Issuer) documentSigner(key *signer, random entropy) *certificate {
	now := i.authority.Now()
	return &certificate{
		serial: serial(random), issuer: i.name, subject: name(i.authority.Country, "DS TEST"),
		notBefore: now.AddDate(0, -2, 0), notAfter: now.AddDate(11, 0, 0), key: key.spki(),
		usage: usageSignature, ski: keyID(key.spki()), aki: i.ski, documentTypes: []string{"ID"}, by: i.key,
	}
}

// Anchor returns the CSCA's self-signed certificate, DER.
func (i *Issuer) Anchor() []byte { return append([]byte{}, i.anchor...) }

// CRL returns the CSCA's list of revoked certificates, DER, with the document
// signers of the given cards on it (RFC 5280 §5).
func (i *Issuer) CRL(revoked ...*Emulator) ([]byte, error) {
	now := i.authority.Now()
	algorithm := i.key.algorithm(i.key.hash)
	parts := [][]byte{number(1), algorithm, i.name, moment(now.Add(-time.Hour)), moment(now.AddDate(0, 1, 0))}
	var entries [][]byte
	for _, e := range revoked {
		entries = append(entries, seq(der(0x02, e.serial), moment(now.Add(-2*time.Hour))))
	}
	if len(entries) > 0 {
		parts = append(parts, seq(entries...))
	}
	parts = append(parts, der(0xA0, seq(extension("2.5.29.35", false, seq(der(0x80, i.ski))), extension("2.5.29.20", false, number(1)))))
	tbs := seq(parts...)
	signature, err := i.key.sign(i.random, i.key.hash, tbs)
	if err != nil {
		return nil, fmt.Errorf("chiptest: CRL: %w", err)
	}
	return seq(tbs, algorithm, bitString(signature)), nil
}
