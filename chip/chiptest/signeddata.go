package chiptest

import (
	"crypto"
	"slices"
	"time"
)

// signedData is what a CMS SignedData says (RFC 5652 §5, profiled by ICAO Doc
// 9303-10 §4.6.2.2). Faults change it before it is signed.
type signedData struct {
	kind    string // eContentType
	content []byte
	hash    crypto.Hash
	at      time.Time
	key     *signer
	ds      *certificate

	issued       []byte // the document signer's certificate; made by sign unless a fault put one here
	attributes   func(map[string][]byte)
	unsorted     bool
	noCerts      bool
	noAttributes bool
	signers      int // more than one: repeated
	corrupt      func(signature []byte)
}

// Identifiers of signed attributes (RFC 5652 §11) and contents.
const (
	idContentType   = "1.2.840.113549.1.9.3"
	idMessageDigest = "1.2.840.113549.1.9.4"
	idSigningTime   = "1.2.840.113549.1.9.5"
	idSOD           = "2.23.136.1.1.1"
	idCardSecurity  = "0.4.0.127.0.7.3.2.1"
)

// sign returns the ContentInfo.
func (s *signedData) sign(random entropy) ([]byte, error) {
	var err error
	if s.issued == nil {
		if s.issued, err = s.ds.sign(random); err != nil {
			return nil, err
		}
	}
	attrs := s.signedAttributes()
	message := der(0x31, attrs...)
	if s.noAttributes {
		message = s.content
	}
	signature, err := s.key.sign(random, s.hash, message)
	if err != nil {
		return nil, err
	}
	if s.corrupt != nil {
		s.corrupt(signature)
	}
	info := [][]byte{number(1), seq(s.ds.issuer, der(0x02, s.ds.serial)), digest(s.hash)}
	if !s.noAttributes {
		info = append(info, der(0xA0, attrs...))
	}
	signer := seq(append(info, s.key.algorithm(s.hash), der(0x04, signature))...)
	parts := [][]byte{number(3), der(0x31, digest(s.hash)), seq(oid(s.kind), der(0xA0, der(0x04, s.content)))}
	if !s.noCerts {
		parts = append(parts, der(0xA0, s.issued))
	}
	parts = append(parts, der(0x31, slices.Repeat([][]byte{signer}, max(s.signers, 1))...))
	return seq(oid("1.2.840.113549.1.7.2"), der(0xA0, seq(parts...))), nil
}

// signedAttributes are in the order of DER unless a fault wants another.
func (s *signedData) signedAttributes() [][]byte {
	values := map[string][]byte{
		idContentType:   oid(s.kind),
		idMessageDigest: der(0x04, sum(s.hash, s.content)),
		idSigningTime:   moment(s.at),
	}
	if s.attributes != nil {
		s.attributes(values)
	}
	var out [][]byte
	for id, value := range values {
		out = append(out, seq(oid(id), der(0x31, value)))
	}
	slices.SortFunc(out, slices.Compare[[]byte])
	if s.unsorted {
		slices.Reverse(out)
	}
	return out
}

// securityObject is the LDSSecurityObject (ICAO Doc 9303-10 §4.6.2.3): the digest
// of every data group.
func securityObject(h crypto.Hash, groups map[int][]byte, hashed []int) []byte {
	var digests [][]byte
	for _, n := range hashed {
		digests = append(digests, seq(number(n), der(0x04, sum(h, groups[n]))))
	}
	return seq(number(0), digest(h), seq(digests...))
}
