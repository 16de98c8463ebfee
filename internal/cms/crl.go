package cms

import (
	"bytes"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

const (
	maxCRL     = 16 << 20
	maxRevoked = 100_000
)

// A CRL is a revocation list (RFC 5280 §5), read and not verified; a Store does
// that when the list is added.
type CRL struct {
	Issuer         Name
	AuthorityKeyID []byte
	ThisUpdate     time.Time
	NextUpdate     time.Time // zero: the issuer does not say
	Number         []byte    // content of the INTEGER, nil if there is none

	// Former are names that the issuer had before: the list speaks of certificates
	// under these too (ICAO Doc 9303-12 §7.1.4, note 1).
	Former []Name

	signed   signed
	revoked  []byte // content of revokedCertificates, checked
	critical bool   // an extension, here or in an entry, that is not understood
}

// ParseCRL reads a revocation list in DER. It keeps der.
func ParseCRL(der []byte) (*CRL, error) {
	if len(der) > maxCRL {
		return nil, at("CRL", TooLarge)
	}
	sign, ok := openEnvelope(der)
	body := read(sign.body)
	c := body.into(tlv.Sequence)
	if c.next(tlv.Integer) {
		c.small(1)
	}
	l := new(CRL)
	inner := c.Whole(tlv.Sequence)
	l.Issuer = c.Read(tlv.Sequence)
	l.ThisUpdate = c.time()
	if c.next(tlv.UTCTime) || c.next(tlv.GeneralizedTime) {
		l.NextUpdate = c.time()
	}
	if c.next(tlv.Sequence) {
		l.revoked = c.Read(tlv.Sequence)
	}
	if c.next(context(0)) {
		explicit := c.into(context(0))
		list := explicit.into(tlv.Sequence)
		ok = l.extensions(&list) && ok
		explicit.end()
	}
	c.end()
	if !body.end() || !ok || !l.Issuer.check() {
		return nil, at("CRL", Malformed)
	}
	var err error
	if l.signed, err = sign.parse(inner); err != nil {
		return nil, err
	}
	if err := l.entries(); err != nil {
		return nil, err
	}
	return l, nil
}

// extensions reads those of the list. A critical one that is not known, such as
// the delta indicator or the issuing distribution point, narrows what the list
// says (RFC 5280 §5.2).
func (l *CRL) extensions(list *cursor) (ok bool) {
	for list.more() {
		oid, critical, value := list.extension()
		v := read(value)
		switch string(oid) {
		case oidAuthorityKeyID:
			l.AuthorityKeyID = v.authorityKeyID()
		case oidCRLNumber:
			l.Number = v.Uint()
		case oidIssuerAltName:
			l.Former = v.directoryNames()
		default:
			l.critical = l.critical || critical
			continue
		}
		if !v.end() {
			return false
		}
	}
	return list.end()
}

// directoryNames reads the names among GeneralNames (RFC 5280 §4.2.1.6) that are
// distinguished names.
func (c *cursor) directoryNames() (names []Name) {
	list := c.into(tlv.Sequence)
	for list.more() {
		if !list.next(context(4)) {
			list.Next()
			continue
		}
		explicit := list.into(context(4))
		names = append(names, explicit.Read(tlv.Sequence))
		explicit.end()
	}
	list.end()
	return names
}

// speaksOf reports whether certificates of an issuer are in the list's scope.
func (l *CRL) speaksOf(issuer Name) bool {
	return l.Issuer.Equal(issuer) || slices.ContainsFunc(l.Former, issuer.Equal)
}

// entries walks over all entries once, so that later looks need not check.
func (l *CRL) entries() error {
	n := 0
	for c := read(l.revoked); c.more(); n++ {
		if n == maxRevoked {
			return at("CRL", TooLarge)
		}
		_, critical := c.entry()
		if !c.more() && !c.end() {
			return at("CRL entry", Malformed)
		}
		l.critical = l.critical || critical
	}
	return nil
}

// entry reads one entry of revokedCertificates.
func (c *cursor) entry() (serial []byte, critical bool) {
	one := c.into(tlv.Sequence)
	serial = one.serial()
	one.time()
	if one.more() {
		list := one.into(tlv.Sequence)
		for list.more() {
			oid, isCritical, _ := list.extension()
			known := string(oid) == oidCRLReason || string(oid) == oidInvalidityDate
			critical = critical || isCritical && !known
		}
		list.end()
	}
	one.end()
	return serial, critical
}

// lists reports whether the serial number is revoked.
func (l *CRL) lists(serial []byte) bool {
	for c := read(l.revoked); c.more(); {
		if listed, _ := c.entry(); bytes.Equal(listed, serial) {
			return true
		}
	}
	return false
}

// fresh reports whether the list is the current one at a time. A list that does
// not say when the next one comes is never current (RFC 5280 §5.1.2.5 demands
// it).
func (l *CRL) fresh(t time.Time) bool {
	return !t.Before(l.ThisUpdate) && !l.NextUpdate.IsZero() && !t.After(l.NextUpdate)
}
