package chiptest

import (
	"crypto"
	"fmt"
)

// The files of security information (ICAO Doc 9303-11 §9.2): SET OF SEQUENCE
// { OID, version or key, … }.

func paceInfo(a agreement) []byte { return seq(oid(a.oid), number(2), number(a.group.number())) }

// cardAccess is EF.CardAccess, or EF.CardSecurity's content with keys.
func cardAccess(offers []agreement) []byte {
	var infos [][]byte
	for _, a := range offers {
		infos = append(infos, paceInfo(a))
	}
	return setOf(infos...)
}

// keyInfos are the two entries of a key of Chip Authentication.
func (k staticKey) keyInfos(explicit bool) [][]byte {
	arc := idECDHKey
	if k.keyTag() == 0x84 {
		arc = idDHKey
	}
	key := [][]byte{oid(arc), k.spki(explicit)}
	info := [][]byte{oid(k.oid), number(1)}
	if k.named {
		key, info = append(key, number(k.id)), append(info, number(k.id))
	}
	return [][]byte{seq(key...), seq(info...)}
}

const (
	idDHKey   = "0.4.0.127.0.7.2.2.1.1"
	idECDHKey = "0.4.0.127.0.7.2.2.1.2"
)

// numberedKey is the key as EF.CardSecurity has it: the curve by its number alone
// (BSI TR-03110-3 §A.2.1.1).
func (k staticKey) numberedKey() []byte {
	public := k.group.encode(k.group.power(k.group.base(), k.secret))
	return seq(oid(idECDHKey), seq(seq(oid("0.4.0.127.0.7.1.2"), number(k.group.number())), bitString(public)), number(k.id))
}

// spki is the public key as X.509 writes it: RFC 5480 for curves, RFC 3279 §2.3.3
// for DH.
func (k staticKey) spki(explicit bool) []byte {
	public := k.group.power(k.group.base(), k.secret)
	if m, ok := k.group.(*modp); ok {
		return seq(seq(oid("1.2.840.10046.2.1"), seq(integer(m.p), integer(m.g), integer(m.q))), bitString(integer(public.x)))
	}
	return k.group.(*curve).spki(public, explicit)
}

func (c *curve) spki(public element, explicit bool) []byte {
	return seq(seq(oid("1.2.840.10045.2.1"), c.parameters(explicit)), bitString(c.encode(public)))
}

// parameters names the curve, or spells it out as many issuers do (ICAO Doc
// 9303-12 §4.1.6.3 wants that of CSCAs).
func (c *curve) parameters(explicit bool) []byte {
	if !explicit {
		return oid(c.text.oid)
	}
	return seq(number(1),
		seq(oid("1.2.840.10045.1.1"), integer(c.p)),
		seq(der(0x04, fixed(c.a, c.p)), der(0x04, fixed(c.b, c.p))),
		der(0x04, c.encode(c.g)), integer(c.n), number(1))
}

// dg14 signs for what CardAccess announces and for how the chip proves itself.
func (d *draft) dg14() []byte {
	var infos [][]byte
	for _, a := range d.offers {
		infos = append(infos, paceInfo(a))
	}
	for _, k := range d.static {
		infos = append(infos, k.keyInfos(d.card.Explicit)...)
	}
	if d.active != nil && d.active.rsa == nil {
		infos = append(infos, seq(oid("2.23.136.1.1.5"), number(1), oid(plainECDSA(d.active.hash))))
	}
	infos = append(infos, seq(oid("0.4.0.127.0.7.2.2.2"), number(1))) // Terminal Authentication guards DG3
	return der(0x6E, setOf(infos...))
}

// plainECDSA is the identifier of BSI TR-03111 §5.2.1.1 for plain signatures.
func plainECDSA(h crypto.Hash) string {
	arcs := map[crypto.Hash]int{crypto.SHA1: 1, crypto.SHA224: 2, crypto.SHA256: 3, crypto.SHA384: 4, crypto.SHA512: 5}
	return fmt.Sprintf("0.4.0.127.0.7.1.1.4.1.%d", arcs[h])
}

// atr is EF.ATR/INFO: the card takes and gives extended length (ISO 7816-4 §12.7.1,
// ICAO Doc 9303-10 §3.10.1).
func atr() []byte {
	most := der(0x02, []byte{0x00, 0xFF, 0xFF})
	return append(der(0x47, []byte{0x00, 0x00, 0x40}), der(0x7F66, most, most)...)
}
