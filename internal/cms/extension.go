package cms

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

// usage is the bits of KeyUsage (RFC 5280 §4.2.1.3).
type usage uint16

const (
	digitalSignature usage = 1 << 0
	keyCertSign      usage = 1 << 5
	crlSign          usage = 1 << 6
)

// Extensions are what a certificate says about its use.
type Extensions struct {
	SubjectKeyID, AuthorityKeyID []byte
	CA                           bool

	// DocumentTypes are the MRZ document types that the signer may sign: "P", "ID",
	// …; a single letter stands for all types that begin with it (ICAO Doc 9303-12
	// §7.1.1.6). Nil if the certificate does not say.
	DocumentTypes []string

	// The period in which the private key is used (RFC 3280 §4.2.1.4), zero where
	// it is open.
	KeyNotBefore, KeyNotAfter time.Time

	maxPath       int // −1: no limit
	usage         usage
	hasUsage      bool
	purposes      [][]byte // extended key usage
	narrow        bool     // extended key usage is critical
	nameChange    bool
	unknown       bool // a critical extension that is not in this list
	distribution  []byte
	documentTypes bool
}

// parse reads the content of [3] EXPLICIT Extensions, if there is any.
func (x *Extensions) parse(der []byte) error {
	x.maxPath = -1
	if len(der) == 0 {
		return nil
	}
	c := read(der)
	list := c.into(tlv.Sequence)
	var seen [maxExtensions][]byte
	n := 0
	for ; list.more(); n++ {
		oid, critical, value := list.extension()
		if n == maxExtensions {
			return at("extensions", TooLarge)
		}
		if slices.ContainsFunc(seen[:n], func(o []byte) bool { return bytes.Equal(o, oid) }) {
			return at("extension given twice", Malformed) // RFC 5280 §4.2
		}
		seen[n] = oid
		known, ok := x.read(string(oid), critical, read(value))
		if !ok {
			return at("extension", Malformed)
		}
		x.unknown = x.unknown || critical && !known
	}
	list.end()
	if !c.end() || n == 0 {
		return at("extensions", Malformed)
	}
	return nil
}

// extension reads one Extension.
func (c *cursor) extension() (oid []byte, critical bool, value []byte) {
	one := c.into(tlv.Sequence)
	oid = one.Read(tlv.OID)
	if one.next(tlv.Boolean) {
		critical = one.boolean()
	}
	value = one.Read(tlv.OctetString)
	one.end()
	return oid, critical, value
}

// read takes in one extension. Those that change nothing here are known all the
// same, since they may be marked critical.
func (x *Extensions) read(oid string, critical bool, v cursor) (known, ok bool) {
	switch oid {
	case oidSubjectKeyID:
		x.SubjectKeyID = v.Read(tlv.OctetString)
	case oidAuthorityKeyID:
		x.AuthorityKeyID = v.authorityKeyID()
	case oidKeyUsage:
		x.hasUsage = true
		x.usage = v.usage()
	case oidBasicConstraints:
		x.constraints(&v)
	case oidPrivateKeyPeriod:
		x.period(&v)
	case oidExtKeyUsage:
		x.narrow = critical
		list := v.into(tlv.Sequence)
		for x.purposes = append(x.purposes, list.Read(tlv.OID)); list.more(); {
			x.purposes = append(x.purposes, list.Read(tlv.OID))
		}
		list.end()
	case oidDocumentTypeList:
		x.documents(&v)
	case oidNameChange:
		x.nameChange = true
		v.Null()
	case oidCRLPoints:
		x.distribution = v.Read(tlv.Sequence)
	case oidSubjectAltName, oidIssuerAltName, oidPolicies:
		return true, true
	default:
		return false, true
	}
	return true, v.end()
}

// authorityKeyID reads the key identifier and passes over the issuer's name and
// serial, which say the same at more length.
func (c *cursor) authorityKeyID() []byte {
	id := c.into(tlv.Sequence)
	var key []byte
	if id.next(implicit(0)) {
		key = id.Read(implicit(0))
	}
	id.Rest()
	id.end()
	return key
}

// usage reads KeyUsage, whose unused bits some issuers do not count.
func (c *cursor) usage() (u usage) {
	b := c.Read(tlv.BitString)
	if len(b) < 2 || len(b) > 3 || b[0] > 7 {
		c.fail()
		return 0
	}
	for i := range 8 * (len(b) - 1) {
		if b[1+i/8]>>(7-i%8)&1 == 1 {
			u |= 1 << i
		}
	}
	return u
}

func (x *Extensions) constraints(v *cursor) {
	c := v.into(tlv.Sequence)
	if c.next(tlv.Boolean) {
		x.CA = c.boolean()
	}
	if c.more() {
		x.maxPath = c.small(1 << 10)
	}
	c.end()
}

func (x *Extensions) period(v *cursor) {
	c := v.into(tlv.Sequence)
	if c.next(implicit(0)) {
		x.KeyNotBefore = c.date(c.Read(implicit(0)), 4)
	}
	if c.next(implicit(1)) {
		x.KeyNotAfter = c.date(c.Read(implicit(1)), 4)
	}
	c.end()
}

func (x *Extensions) documents(v *cursor) {
	x.documentTypes = true
	c := v.into(tlv.Sequence)
	c.small(0) // version v0
	types := c.into(tlv.Set)
	for types.more() {
		t := types.Read(tlv.PrintableString)
		if len(t) < 1 || len(t) > 2 {
			types.fail()
		}
		x.DocumentTypes = append(x.DocumentTypes, string(t))
	}
	types.end()
	c.end()
}

// signs reports whether the document type list, if there is one, has the type.
func (x *Extensions) signs(documentType string) bool {
	if !x.documentTypes {
		return true
	}
	return slices.ContainsFunc(x.DocumentTypes, func(t string) bool {
		return t == documentType || len(t) == 1 && strings.HasPrefix(documentType, t)
	})
}

// special reports whether the key is for something else than documents: master
// lists, deviation lists, bar codes (ICAO Doc 9303-12 §7.1.1.3 to §7.1.3).
func (x *Extensions) special() bool {
	return x.narrow || slices.ContainsFunc(x.purposes, func(oid []byte) bool {
		return bytes.HasPrefix(oid, []byte(oidICAOSecurity))
	})
}

// signsLists reports whether the key is for master lists.
func (x *Extensions) signsLists() bool {
	return slices.ContainsFunc(x.purposes, func(oid []byte) bool { return string(oid) == oidMasterListSigner })
}

// CRLPoints returns the addresses at which the issuer publishes its revocation
// lists (RFC 5280 §4.2.1.13). Nothing here goes there.
func (x *Extensions) CRLPoints() (addresses []string) {
	points := read(x.distribution)
	for points.more() {
		point := points.into(tlv.Sequence)
		name := point.into(context(0))
		full := name.into(context(0))
		for full.more() {
			if tag, content := full.Next(); tag == implicit(6) {
				addresses = append(addresses, string(content))
			}
		}
		point.Rest() // reasons and the CRL's issuer
	}
	return addresses
}
