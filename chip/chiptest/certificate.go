package chiptest

import "time"

// certificate is what an X.509 certificate says (RFC 5280, profiled by ICAO Doc
// 9303-12 §7.1). Faults change it before it is signed.
type certificate struct {
	serial              []byte
	issuer, subject     []byte // names
	notBefore, notAfter time.Time
	key                 []byte // SubjectPublicKeyInfo
	authority           bool
	usage               byte // bits of KeyUsage's first byte
	ski, aki            []byte
	documentTypes       []string
	extra               []byte // one more extension
	by                  *signer
}

// Bits of KeyUsage (RFC 5280 §4.2.1.3).
const (
	usageSignature = 0x80
	usageCA        = 0x06 // certificates and CRLs
)

func (c *certificate) sign(random entropy) ([]byte, error) {
	algorithm := c.by.algorithm(c.by.hash)
	tbs := seq(der(0xA0, number(2)), der(0x02, c.serial), algorithm, c.issuer,
		seq(moment(c.notBefore), moment(c.notAfter)), c.subject, c.key, der(0xA3, seq(c.extensions()...)))
	signature, err := c.by.sign(random, c.by.hash, tbs)
	return seq(tbs, algorithm, bitString(signature)), err
}

func (c *certificate) extensions() [][]byte {
	out := [][]byte{extension("2.5.29.35", false, seq(der(0x80, c.aki)))}
	if c.ski != nil {
		out = append(out, extension("2.5.29.14", false, der(0x04, c.ski)))
	}
	if c.usage != 0 {
		unused := 0
		for c.usage>>unused&1 == 0 {
			unused++
		}
		out = append(out, extension("2.5.29.15", true, der(0x03, []byte{byte(unused), c.usage})))
	}
	if c.authority {
		out = append(out, extension("2.5.29.19", true, seq(der(0x01, []byte{0xFF}), number(0))))
	}
	if len(c.documentTypes) > 0 { // ICAO Doc 9303-12 §7.1.1
		var types [][]byte
		for _, t := range c.documentTypes {
			types = append(types, der(0x13, []byte(t)))
		}
		out = append(out, extension("2.23.136.1.1.6.2", false, seq(number(0), setOf(types...))))
	}
	if c.extra != nil {
		out = append(out, c.extra)
	}
	return out
}

func extension(id string, critical bool, value []byte) []byte {
	if critical {
		return seq(oid(id), der(0x01, []byte{0xFF}), der(0x04, value))
	}
	return seq(oid(id), der(0x04, value))
}

// moment is UTCTime until 2049, as RFC 5280 §4.1.2.5 wants it.
func moment(t time.Time) []byte {
	t = t.UTC()
	if t.Year() >= 2050 {
		return der(0x18, []byte(t.Format("20060102150405Z")))
	}
	return der(0x17, []byte(t.Format("060102150405Z")))
}

// name is C, O, CN. The organisation says that this is no authority.
func name(country, common string) []byte {
	attribute := func(id string, tag int, value string) []byte {
		return der(0x31, seq(oid(id), der(tag, []byte(value))))
	}
	return seq(attribute("2.5.4.6", 0x13, country),
		attribute("2.5.4.10", 0x0C, "MÔI TRƯỜNG THỬ NGHIỆM – KHÔNG PHẢI VNeID"),
		attribute("2.5.4.3", 0x0C, common))
}
