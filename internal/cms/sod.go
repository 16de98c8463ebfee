package cms

import (
	"bytes"
	"crypto"

	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

const (
	maxSOD     = 64 << 10
	dataGroups = 16

	tagSOD tlv.Tag = 0x77 // EF.SOD, ICAO Doc 9303-10 §4.6.2
)

// A SOD is the Document Security Object of a chip: the digests of its files,
// signed. It is read, not verified.
type SOD struct {
	*SignedData

	// LDSVersion and UnicodeVersion are those of an LDSSecurityObject of version 1,
	// which protects them from a change in EF.COM.
	LDSVersion, UnicodeVersion string

	digest crypto.Hash
	groups [dataGroups + 1][]byte
}

// ParseSOD reads EF.SOD and keeps it.
func ParseSOD(file []byte) (*SOD, error) {
	if len(file) > maxSOD {
		return nil, at("EF.SOD", TooLarge)
	}
	return patient(file, parseSOD)
}

func parseSOD(der []byte) (*SOD, error) {
	c := read(der)
	content := c.Read(tagSOD)
	if !c.end() {
		return nil, at("EF.SOD", Malformed)
	}
	signed, err := parseSignedData(content, oidLDSSecurityObject)
	if err != nil {
		return nil, err
	}
	s := &SOD{SignedData: signed}
	if err := s.parse(signed.content); err != nil {
		return nil, err
	}
	return s, nil
}

// parse reads LDSSecurityObject.
func (s *SOD) parse(der []byte) (err error) {
	root := read(der)
	c := root.into(tlv.Sequence)
	version := c.small(1)
	if s.digest, err = digestAlgorithm(&c); err != nil {
		return err
	}
	list := c.into(tlv.Sequence)
	count := 0
	for ; list.more(); count++ {
		one := list.into(tlv.Sequence)
		n := one.small(dataGroups)
		sum := one.Read(tlv.OctetString)
		if one.end(); n < 1 || s.groups[n] != nil || len(sum) != s.digest.Size() {
			return at("LDSSecurityObject", Malformed)
		}
		s.groups[n] = sum
	}
	list.end()
	if version == 1 {
		info := c.into(tlv.Sequence)
		s.LDSVersion = string(info.Read(tlv.PrintableString))
		s.UnicodeVersion = string(info.Read(tlv.PrintableString))
		info.end()
	}
	c.end()
	if !root.end() || count == 0 {
		return at("LDSSecurityObject", Malformed)
	}
	return nil
}

// Lists reports whether the object has a digest for a data group, 1 to 16.
func (s *SOD) Lists(group int) bool {
	return group >= 1 && group <= dataGroups && s.groups[group] != nil
}

// Check compares a data group's file with its digest.
func (s *SOD) Check(group int, file []byte, p Policy) error {
	if !s.Lists(group) {
		return NotListed
	}
	if err := p.digest(s.digest); err != nil {
		return err
	}
	var buf [64]byte
	return p.demand(bytes.Equal(digest(s.digest, file, &buf), s.groups[group]), BadDigest)
}
