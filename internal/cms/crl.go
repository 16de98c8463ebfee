package cms

import (
	"bytes"
	"time"
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

	signed   signed
	revoked  cursor // content of revokedCertificates, checked
	critical bool   // an extension, here or in an entry, that is not understood
}

// ParseCRL reads a revocation list in DER. It keeps der.
func ParseCRL(der []byte) (*CRL, error) {
	if len(der) > maxCRL {
		return nil, at("CRL", TooLarge)
	}
	sign, c, ok := openEnvelope(der)
	if c.next(tagInteger) {
		c.small(1)
	}
	l := new(CRL)
	inner := c.whole(tagSequence)
	l.Issuer = c.take(tagSequence)
	l.ThisUpdate = c.time()
	if c.next(tagUTCTime) || c.next(tagGeneralized) {
		l.NextUpdate = c.time()
	}
	if c.next(tagSequence) {
		l.revoked = c.into(tagSequence)
	}
	if c.next(context(0)) {
		x := c.into(context(0))
		ok = ok && l.extensions(x.into(tagSequence)) && x.end()
	}
	if !ok || !c.end() || !l.Issuer.check() {
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
func (l *CRL) extensions(list cursor) (ok bool) {
	for list.more() {
		oid, critical, value := list.extension()
		v := cursor{rest: value}
		switch string(oid) {
		case oidAuthorityKeyID:
			l.AuthorityKeyID = v.authorityKeyID()
		case oidCRLNumber:
			l.Number = v.natural()
		case oidIssuerAltName:
			continue
		default:
			l.critical = l.critical || critical
			continue
		}
		if !v.end() {
			return false
		}
	}
	return !list.bad
}

// entries walks over all entries once, so that later looks need not check.
func (l *CRL) entries() error {
	n := 0
	for c := l.revoked; ; n++ {
		e, more := c.entry()
		if c.bad {
			return at("CRL entry", Malformed)
		}
		if !more {
			return nil
		}
		if n == maxRevoked {
			return at("CRL", TooLarge)
		}
		l.critical = l.critical || e.critical
	}
}

type entry struct {
	serial   []byte
	critical bool
}

func (c *cursor) entry() (e entry, more bool) {
	if !c.more() {
		return entry{}, false
	}
	one := c.into(tagSequence)
	e.serial = one.integer()
	one.time()
	if one.more() {
		for list := one.into(tagSequence); list.more(); {
			oid, critical, _ := list.extension()
			known := string(oid) == oidCRLReason || string(oid) == oidInvalidityDate
			e.critical = e.critical || critical && !known
			one.bad = one.bad || list.bad
		}
	}
	if !one.end() {
		c.fail()
	}
	return e, !c.bad
}

// lists reports whether the serial number is revoked.
func (l *CRL) lists(serial []byte) bool {
	for c := l.revoked; ; {
		e, more := c.entry()
		if !more {
			return false
		}
		if bytes.Equal(e.serial, serial) {
			return true
		}
	}
}

// fresh reports whether the list is the current one at a time. A list that does
// not say when the next one comes is never current (RFC 5280 §5.1.2.5 demands
// it).
func (l *CRL) fresh(t time.Time) bool {
	return !t.Before(l.ThisUpdate) && !l.NextUpdate.IsZero() && !t.After(l.NextUpdate)
}
