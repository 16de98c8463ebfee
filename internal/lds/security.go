package lds

import (
	"bytes"
	"crypto"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

const maxInfos = 32

// SecurityInfos are the entries of EF.CardAccess, EF.CardSecurity or DG14 that
// are known here, in the order of the file.
type SecurityInfos struct {
	PACE     []PACEInfo
	Chip     []ChipInfo // ChipAuthenticationInfo
	ChipKeys []ChipKey  // ChipAuthenticationPublicKeyInfo
	// ActiveHash is the digest of Active Authentication with ECDSA, 0 if no
	// ActiveAuthenticationInfo names a known one.
	ActiveHash crypto.Hash
}

// NoID stands for an absent identifier of parameters or of a key.
const NoID = -1

// PACEInfo is one way to run PACE (ICAO Doc 9303-11 §9.2.1).
type PACEInfo struct {
	Protocol  Protocol
	Parameter int // standardized domain parameters; NoID: explicit ones, which are not used here
}

// ChipInfo is one way to run Chip Authentication (§9.2.5).
type ChipInfo struct {
	Protocol Protocol
	KeyID    int
}

// ChipKey is a key of Chip Authentication (§9.2.6).
type ChipKey struct {
	EC    bool
	Info  []byte // SubjectPublicKeyInfo
	KeyID int
}

// CardAccess reads EF.CardAccess.
func CardAccess(file []byte) (*SecurityInfos, error) {
	if len(file) > MaxFile {
		return nil, ErrTooMany
	}
	r := tlv.BER(file)
	return securityInfos(&r)
}

// DG14 reads the SecurityInfos of data group 14.
func DG14(file []byte) (*SecurityInfos, error) {
	outer, r, err := open(file, 0x6E)
	if err != nil {
		return nil, err
	}
	infos, err := securityInfos(&r)
	if err != nil {
		return nil, err
	}
	return infos, outer.Close()
}

func securityInfos(r *tlv.Reader) (*SecurityInfos, error) {
	if r.Peek() != tlv.Set {
		return nil, ErrFile
	}
	out := new(SecurityInfos)
	set := r.Enter(tlv.Set)
	for n := 0; !set.Empty(); n++ {
		if n == maxInfos {
			return nil, ErrTooMany
		}
		one := set.Enter(tlv.Sequence)
		out.add(one.OID(), &one)
		one.Close()
	}
	set.Close()
	return out, r.Close()
}

// add takes one SecurityInfo after its identifier. What is not known, or of a
// version that is not, is passed over: §9.2 lets a chip list anything.
func (s *SecurityInfos) add(oid []byte, r *tlv.Reader) {
	if p, ok := paceProtocol(oid); ok {
		if version := r.Int(); version == 2 {
			s.PACE = append(s.PACE, PACEInfo{p, identifier(r)})
		}
	} else if p, ok := chipProtocol(oid); ok {
		if version := r.Int(); version == 1 {
			s.Chip = append(s.Chip, ChipInfo{p, identifier(r)})
		}
	} else if rest, ok := bytes.CutPrefix(oid, []byte(oidPK)); ok && len(rest) == 1 && (rest[0] == 1 || rest[0] == 2) {
		s.ChipKeys = append(s.ChipKeys, ChipKey{rest[0] == 2, r.Whole(tlv.Sequence), identifier(r)})
	} else if string(oid) == oidAA {
		if version := r.Int(); version == 1 && r.Peek() == tlv.OID {
			s.ActiveHash = ecdsaDigests[string(r.OID())]
		}
	}
	r.Rest()
}

// identifier reads an optional number that fits one byte of a command.
func identifier(r *tlv.Reader) int {
	if r.Peek() != tlv.Integer {
		return NoID
	}
	n := r.Int()
	if n < 0 || n > 255 {
		return NoID
	}
	return int(n)
}

// ecdsaDigests are the digests of ecdsa-plain-signatures, 0.4.0.127.0.7.1.1.4.1 (BSI
// TR-03111 §5.2.1), as the standard asks, and of ANSI X9.62, which cards use too.
var ecdsaDigests = map[string]crypto.Hash{
	"\x04\x00\x7f\x00\x07\x01\x01\x04\x01\x01": crypto.SHA1,
	"\x04\x00\x7f\x00\x07\x01\x01\x04\x01\x02": crypto.SHA224,
	"\x04\x00\x7f\x00\x07\x01\x01\x04\x01\x03": crypto.SHA256,
	"\x04\x00\x7f\x00\x07\x01\x01\x04\x01\x04": crypto.SHA384,
	"\x04\x00\x7f\x00\x07\x01\x01\x04\x01\x05": crypto.SHA512,

	"\x2a\x86\x48\xce\x3d\x04\x01":     crypto.SHA1,
	"\x2a\x86\x48\xce\x3d\x04\x03\x01": crypto.SHA224,
	"\x2a\x86\x48\xce\x3d\x04\x03\x02": crypto.SHA256,
	"\x2a\x86\x48\xce\x3d\x04\x03\x03": crypto.SHA384,
	"\x2a\x86\x48\xce\x3d\x04\x03\x04": crypto.SHA512,
}

// Has reports whether exactly this way to run PACE is listed.
func (s *SecurityInfos) Has(p PACEInfo) bool { return slices.Contains(s.PACE, p) }

// Key returns the key for a way to run Chip Authentication: the one with its
// identifier, or the only one of its kind. ok is false if there is none.
func (s *SecurityInfos) Key(info ChipInfo) (key ChipKey, ok bool) {
	for _, k := range s.ChipKeys {
		if k.EC != info.Protocol.EC || info.KeyID != NoID && k.KeyID != NoID && k.KeyID != info.KeyID {
			continue
		}
		if ok {
			return ChipKey{}, false // ambiguous
		}
		key, ok = k, true
	}
	return key, ok
}
