package lds

import (
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/sm"
)

// Protocol is PACE or Chip Authentication as an object identifier names it: how
// keys are agreed on, and what protects the session then.
type Protocol struct {
	Mapping Mapping // of PACE; 0 for Chip Authentication
	EC      bool    // elliptic curves; else groups modulo a prime
	Suite   sm.Suite
}

// Mapping is how PACE turns a nonce into a generator.
type Mapping uint8

// The mappings of ICAO Doc 9303-11 §4.4.3.3.
const (
	Generic Mapping = 1 + iota
	Integrated
	ChipAuthentication
)

var mappingNames = [...]string{Generic: "GM", Integrated: "IM", ChipAuthentication: "CAM"}

// Contents of object identifiers under bsi-de 0.4.0.127.0.7 (ICAO Doc 9303-11
// §9.2).
const (
	oidPK           = "\x04\x00\x7f\x00\x07\x02\x02\x01" // … .1 DH, .2 ECDH
	oidCA           = "\x04\x00\x7f\x00\x07\x02\x02\x03" // … .1 DH, .2 ECDH, then the suite
	oidPACE         = "\x04\x00\x7f\x00\x07\x02\x02\x04" // … then paceArcs, then the suite
	oidStandardized = "\x04\x00\x7f\x00\x07\x01\x02"
	oidAA           = "\x67\x81\x08\x01\x01\x05" // id-icao-mrtd-security-aaProtocolObject
)

// paceArcs are the arcs below id-PACE (§9.2.3).
var paceArcs = map[byte]Protocol{
	1: {Mapping: Generic}, 2: {Mapping: Generic, EC: true},
	3: {Mapping: Integrated}, 4: {Mapping: Integrated, EC: true},
	6: {Mapping: ChipAuthentication, EC: true},
}

// paceProtocol reads an identifier of PACE with a suite.
func paceProtocol(oid []byte) (Protocol, bool) {
	rest, ok := strings.CutPrefix(string(oid), oidPACE)
	if !ok || len(rest) != 2 {
		return Protocol{}, false
	}
	p, ok := paceArcs[rest[0]]
	p.Suite = sm.Suite(rest[1])
	return p, ok && p.Suite.Valid() && (p.Mapping != ChipAuthentication || p.Suite != sm.TripleDES)
}

// chipProtocol reads an identifier of Chip Authentication with a suite.
func chipProtocol(oid []byte) (Protocol, bool) {
	rest, ok := strings.CutPrefix(string(oid), oidCA)
	if !ok || len(rest) != 2 || rest[0] != 1 && rest[0] != 2 {
		return Protocol{}, false
	}
	p := Protocol{EC: rest[0] == 2, Suite: sm.Suite(rest[1])}
	return p, p.Suite.Valid()
}

// OID returns the content of the protocol's object identifier.
func (p Protocol) OID() []byte {
	if p.Mapping == 0 {
		arc := byte(1)
		if p.EC {
			arc = 2
		}
		return append([]byte(oidCA), arc, byte(p.Suite))
	}
	for arc, q := range paceArcs {
		if q.Mapping == p.Mapping && q.EC == p.EC {
			return append([]byte(oidPACE), arc, byte(p.Suite))
		}
	}
	return nil
}

// String returns the identifier's name without its first part:
// PACE-ECDH-GM-AES-CBC-CMAC-128, CA-DH-3DES-CBC-CBC.
func (p Protocol) String() string {
	agreement := "DH"
	if p.EC {
		agreement = "ECDH"
	}
	if p.Mapping == 0 {
		return "CA-" + agreement + "-" + p.Suite.String()
	}
	return "PACE-" + agreement + "-" + mappingNames[p.Mapping] + "-" + p.Suite.String()
}
