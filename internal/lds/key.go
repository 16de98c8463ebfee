package lds

import (
	"github.com/vneid-sdk/vneid-go/internal/cms"
	"github.com/vneid-sdk/vneid-go/internal/ec"
	"github.com/vneid-sdk/vneid-go/internal/modp"
	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

// AgreementKey is a static public key for a key agreement: exactly one of the two.
type AgreementKey struct {
	Point   ec.Point
	Element modp.Element
}

const (
	oidDHPKCS3  = "\x2a\x86\x48\x86\xf7\x0d\x01\x03\x01" // dhKeyAgreement, PKCS #3
	oidDHNumber = "\x2a\x86\x48\xce\x3e\x02\x01"         // dhpublicnumber, X9.42
)

// Agreement reads the key (ICAO Doc 9303-11 §9.5, §9.6). Its domain is one of the
// standardized ones, by number or spelled out; anything else is refused. Keys of
// DH come as PKCS #3 and, on chips that err (§8.5 Note 2), as X9.42.
func (k ChipKey) Agreement() (AgreementKey, error) {
	r := tlv.BER(k.Info)
	info := r.Enter(tlv.Sequence)
	id := info.Enter(tlv.Sequence)
	var out AgreementKey
	err := error(ErrKey)
	switch oid := string(id.OID()); {
	case oid == oidStandardized:
		number := id.Int()
		id.Close()
		out, err = standardized(number, info.Bytes(), k.EC)
	case k.EC: // ecPublicKey
		id.Rest()
		id.Close()
		info.Bytes()
		var key *cms.PublicKey
		if key, err = cms.ParsePublicKey(k.Info); err == nil {
			out.Point = key.Point()
		}
	case oid == oidDHPKCS3 || oid == oidDHNumber:
		out, err = dhKey(&id, &info, oid == oidDHNumber)
	}
	info.Close()
	if closed := r.Close(); closed != nil {
		return AgreementKey{}, closed
	}
	if err != nil || out == (AgreementKey{}) {
		return AgreementKey{}, ErrKey
	}
	return out, nil
}

func standardized(number int64, key []byte, isEC bool) (out AgreementKey, err error) {
	if number < 0 || number > 31 {
		return out, ErrKey
	}
	if isEC {
		curve, err := ec.ByID(int(number))
		if err != nil {
			return out, err
		}
		out.Point, err = curve.Point(key)
		return out, err
	}
	group, err := modp.ByID(int(number))
	if err != nil {
		return out, err
	}
	out.Element, err = group.Element(dhNumber(key))
	return out, err
}

// dhKey reads the parameters of PKCS #3 (p, g, perhaps a length) or of X9.42 (p, g,
// q, and what follows), then the key.
func dhKey(id, info *tlv.Reader, withOrder bool) (out AgreementKey, err error) {
	params := id.Enter(tlv.Sequence)
	p, g := params.Uint(), params.Uint()
	var q []byte
	if withOrder {
		q = params.Uint()
	}
	params.Rest()
	params.Close()
	id.Close()
	key := info.Bytes()
	group, err := modp.ByParameters(p, g, q)
	if err != nil {
		return out, err
	}
	out.Element, err = group.Element(dhNumber(key))
	return out, err
}

// dhNumber reads the INTEGER that the BIT STRING of a DH key holds.
func dhNumber(b []byte) []byte {
	r := tlv.BER(b)
	n := r.Uint()
	if r.Close() != nil {
		return nil
	}
	return n
}
