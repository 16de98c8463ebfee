package chiptest

import (
	"fmt"
	"slices"
	"strings"
)

// Protocol is an algorithm and where it works.
//
//	PACE-ECDH-GM-AES-CBC-CMAC-128    access: DH or ECDH; GM, IM or CAM; 3DES-CBC-CBC or AES-CBC-CMAC-128, -192, -256
//	CA-ECDH-AES-CBC-CMAC-128         Chip Authentication, likewise
//	ECDSA-SHA256, RSA-SHA256         Active Authentication and certificates: SHA1, SHA224, SHA256, SHA384, SHA512
//	RSA-PSS-SHA256                   certificates alone
//
// Domain is a curve by the name that RFC 5480 or RFC 5639 gives it (secp256r1,
// brainpoolP256r1), one of the groups modp1024-160, modp2048-224 and modp2048-256
// of RFC 5114 for DH, or the bits of an RSA key.
type Protocol struct {
	Name   string
	Domain string
}

// The identifiers, without the last arc, which is the suite's number (ICAO Doc
// 9303-11 §9.2.1, §9.2.5).
var paceArcs = map[string]string{
	"DH-GM": "0.4.0.127.0.7.2.2.4.1", "ECDH-GM": "0.4.0.127.0.7.2.2.4.2",
	"DH-IM": "0.4.0.127.0.7.2.2.4.3", "ECDH-IM": "0.4.0.127.0.7.2.2.4.4",
	"ECDH-CAM": "0.4.0.127.0.7.2.2.4.6",
}

var caArcs = map[string]string{"DH": "0.4.0.127.0.7.2.2.3.1", "ECDH": "0.4.0.127.0.7.2.2.3.2"}

// suiteNames is in the order of the suites' numbers.
var suiteNames = []string{"3DES-CBC-CBC", "AES-CBC-CMAC-128", "AES-CBC-CMAC-192", "AES-CBC-CMAC-256"}

// agreement is a Protocol of PACE or Chip Authentication, understood.
type agreement struct {
	oid     string
	suite   suite
	group   group
	mapping string // GM, IM, CAM; empty for Chip Authentication
}

func (p Protocol) pace() (a agreement, err error) {
	name, isPACE := strings.CutPrefix(p.Name, "PACE-")
	kind, mapping, _ := strings.Cut(name, "-")
	mapping, rest, _ := strings.Cut(mapping, "-")
	arcs, known := paceArcs[kind+"-"+mapping]
	a = agreement{suite: suite(slices.Index(suiteNames, rest) + 1), group: groupByName(p.Domain), mapping: mapping}
	a.oid = fmt.Sprintf("%s.%d", arcs, a.suite)
	if !isPACE || !known || a.suite == 0 || !a.fits(kind) || mapping == "CAM" && a.suite == tripleDES {
		return a, p.unknown()
	}
	if _, onCurve := a.group.(*curve); onCurve && mapping == "IM" && a.group.field().Bit(1) == 0 {
		return a, p.unknown() // the point encoding needs p ≡ 3 modulo 4, which P-224 is not
	}
	return a, nil
}

func (p Protocol) chipAuthentication() (a agreement, err error) {
	name, isCA := strings.CutPrefix(p.Name, "CA-")
	kind, rest, _ := strings.Cut(name, "-")
	arcs, known := caArcs[kind]
	a = agreement{suite: suite(slices.Index(suiteNames, rest) + 1), group: groupByName(p.Domain)}
	a.oid = fmt.Sprintf("%s.%d", arcs, a.suite)
	if !isCA || !known || a.suite == 0 || !a.fits(kind) {
		return a, p.unknown()
	}
	return a, nil
}

// fits tells whether DH is to happen in a group of integers, and ECDH on a curve.
func (a agreement) fits(kind string) bool {
	_, onCurve := a.group.(*curve)
	return a.group != nil && onCurve == (kind == "ECDH")
}

func (p Protocol) unknown() error {
	return fmt.Errorf("no protocol %q in %q", p.Name, p.Domain)
}

// keyTag is the tag of a public key inside a key object (ICAO Doc 9303-11 §9.4).
func (a agreement) keyTag() int {
	if _, onCurve := a.group.(*curve); onCurve {
		return 0x86
	}
	return 0x84
}

// keyObject is a public key as authentication tokens cover it (§9.4.1, §9.4.2).
func (a agreement) keyObject(public []byte) []byte {
	return der(0x7F49, oid(a.oid), der(a.keyTag(), public))
}
