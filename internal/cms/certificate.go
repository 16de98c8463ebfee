package cms

import (
	"time"

	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

const (
	maxCertificate = 32 << 10
	maxExtensions  = 64
	maxSerial      = 64
)

// A Certificate is read, not verified: what it says is its issuer's word only
// once a Path leads from it to an anchor.
type Certificate struct {
	Raw                 []byte // all of it; the other slices are parts of this
	Version             int
	Serial              []byte // content of the INTEGER
	Issuer, Subject     Name
	NotBefore, NotAfter time.Time
	Key                 *PublicKey
	Extensions

	signed signed
}

// signed is a body with its signature: of a certificate or a CRL.
type signed struct {
	whole     []byte // body, algorithm and signature
	body      []byte
	algorithm signatureAlgorithm
	signature []byte
}

// ParseCertificate reads a certificate (RFC 5280 §4.1) in DER. It keeps der.
func ParseCertificate(der []byte) (*Certificate, error) {
	p, err := split(der)
	if err != nil {
		return nil, err
	}
	c := &Certificate{Raw: der, Version: p.version, Serial: p.serial, Issuer: p.issuer, Subject: p.subject}
	if c.signed, err = p.sign.parse(p.algorithm); err != nil {
		return nil, err
	}
	if !c.Issuer.check() || !c.Subject.check() {
		return nil, at("name", Malformed)
	}
	validity := read(p.validity)
	c.NotBefore = validity.time()
	c.NotAfter = validity.time()
	if !validity.end() {
		return nil, at("validity", Malformed)
	}
	if c.Key, err = ParsePublicKey(p.key); err != nil {
		return nil, err
	}
	if err := c.Extensions.parse(p.extensions); err != nil {
		return nil, err
	}
	return c, nil
}

// parts is a certificate taken apart, without a look into its parts: what an
// index of many certificates needs, at a small part of the cost.
type parts struct {
	version         int
	serial          []byte
	algorithm       []byte
	issuer, subject Name
	validity        []byte
	key             []byte
	extensions      []byte
	sign            envelope
}

// envelope is SEQUENCE { body, algorithm, signature }, as certificates and CRLs
// have it.
type envelope struct{ whole, body, algorithm, signature []byte }

func openEnvelope(der []byte) (e envelope, ok bool) {
	c := read(der)
	outer := c.into(tlv.Sequence)
	e.whole = der
	e.body = outer.Whole(tlv.Sequence)
	e.algorithm = outer.Whole(tlv.Sequence)
	e.signature = outer.Bytes()
	outer.end()
	return e, c.end()
}

// parse reads the algorithm, which must stand inside the body as well, byte for
// byte (RFC 5280 §4.1.1.2): the outer one is not signed.
func (e envelope) parse(inner []byte) (signed, error) {
	if string(e.algorithm) != string(inner) {
		return signed{}, at("signature algorithm", Disagree)
	}
	c := read(e.algorithm)
	a, err := readAlgorithm(&c)
	if err != nil {
		return signed{}, err
	}
	if a.digest == 0 {
		return signed{}, at("signature algorithm", Algorithm)
	}
	return signed{e.whole, e.body, a, e.signature}, nil
}

func split(der []byte) (p parts, err error) {
	if len(der) > maxCertificate {
		return p, at("certificate", TooLarge)
	}
	sign, ok := openEnvelope(der)
	p.sign, p.version = sign, 1
	body := read(sign.body)
	c := body.into(tlv.Sequence)
	if c.next(context(0)) {
		p.version = 1 + c.number(context(0))
	}
	p.serial = c.serial()
	p.algorithm = c.Whole(tlv.Sequence)
	p.issuer = c.Read(tlv.Sequence)
	p.validity = c.Read(tlv.Sequence)
	p.subject = c.Read(tlv.Sequence)
	p.key = c.Whole(tlv.Sequence)
	for id := tlv.Tag(1); id <= 2; id++ { // unique identifiers of issuer and subject
		if c.next(implicit(id)) {
			c.Read(implicit(id))
		}
	}
	if c.next(context(3)) {
		p.extensions = c.Read(context(3))
		ok = ok && len(p.extensions) > 0
	}
	c.end()
	if !body.end() || !ok || p.version > 3 {
		return p, at("certificate", Malformed)
	}
	return p, nil
}

// selfIssued reports whether subject and issuer are one, or are so but for a
// change of name, which a link certificate announces (ICAO Doc 9303-12 §7.1.1.5).
// Such certificates do not count in a path's length (RFC 5280 §6.1.4).
func (c *Certificate) selfIssued() bool {
	return c.nameChange || c.Issuer.Equal(c.Subject)
}

// covers reports whether the certificate is valid at a time.
func (c *Certificate) covers(t time.Time, p Policy) error {
	if err := p.demand(!t.Before(c.NotBefore), NotYetValid); err != nil {
		return err
	}
	return p.demand(!t.After(c.NotAfter), Expired)
}
