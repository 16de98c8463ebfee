package chiptest

import (
	"encoding/binary"
	"slices"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// groupTags are the tags of the data groups' files (ICAO Doc 9303-10 §3.11 Table
// 36), by number.
var groupTags = [17]byte{0, 0x61, 0x75, 0x63, 0x76, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F, 0x70}

// com is EF.COM (§4.6.1): what the card says, unsigned, that it has.
func com(groups []int) []byte {
	var tags []byte
	for _, n := range groups {
		tags = append(tags, groupTags[n])
	}
	return der(0x60, der(0x5F01, []byte("0107")), der(0x5F36, []byte("040000")), der(0x5C, tags))
}

// dg1 holds the machine-readable zone.
func dg1(a Access) []byte {
	var zone []byte
	for _, line := range a.MRZ {
		zone = append(zone, line...)
	}
	return der(0x61, der(0x5F1F, zone))
}

// dg2 holds one face image (§4.7.2) in the format of ISO/IEC 19794-5:2005.
func dg2(image []byte, width, height int) []byte {
	const record, face, picture = 14, 20, 12 // lengths of the three headers
	b := append([]byte{}, "FAC\x00010\x00"...)
	b = binary.BigEndian.AppendUint32(b, uint32(record+face+picture+len(image)))
	b = binary.BigEndian.AppendUint16(b, 1) // faces
	b = binary.BigEndian.AppendUint32(b, uint32(face+picture+len(image)))
	b = append(b, make([]byte, face-4)...) // nothing is said of features and pose
	b = append(b, 1, 0)                    // full frontal, JPEG
	b = binary.BigEndian.AppendUint16(b, uint16(width))
	b = binary.BigEndian.AppendUint16(b, uint16(height))
	b = append(b, 1, 2, 0, 0, 0, 0) // RGB24, digital camera, no device, no quality
	return der(0x75, biometric(slices.Concat(b, image)))
}

// biometric wraps one template (ICAO Doc 9303-10 §4.7.2.1).
func biometric(data []byte) []byte {
	header := der(0xA1, der(0x81, []byte{2}), der(0x82, []byte{0}), der(0x87, []byte{1, 1}), der(0x88, []byte{0, 8}))
	return der(0x7F61, number(1), der(0x7F60, header, der(0x5F2E, data)))
}

// dg3 stands for fingerprints, which nobody without Terminal Authentication gets.
func dg3(noise []byte) []byte { return der(0x63, biometric(noise)) }

// dg13 is the Vietnamese group (replicated from open readers):
//
//	6D { 30 { 02 version 1, 06 1.0.10646.1.0.8, 31 { 30 { 02 n, value } … } } }
//
// Fields 1 to 16: number, name, birth, sex, nationality, ethnicity, religion,
// origin, residence, distinguishing marks, issue, expiry, parents, spouse, old
// number, and one of sixteen hexadecimal digits whose meaning is unconfirmed. What
// a person does not have is absent, and so are 10, 14 and 16 here where Card.Sparse
// asks for it.
func dg13(r vneid.Record, sparse bool) []byte {
	sex := "Nam"
	if r.Sex == vneid.Female {
		sex = "Nữ"
	}
	var fields [][]byte
	add := func(n int, values ...[]byte) { fields = append(fields, seq(append([][]byte{number(n)}, values...)...)) }
	text := func(n int, s string) {
		if s != "" {
			add(n, asText(s))
		}
	}
	text(1, r.ID)
	text(2, r.Name)
	text(3, r.Birth.Printed())
	text(4, sex)
	text(5, "Việt Nam")
	text(6, r.Ethnicity)
	text(7, r.Religion)
	text(8, r.Origin.Text)
	text(9, r.Residence.Text)
	if !sparse {
		text(10, "Nốt ruồi vẽ cách 1 cm dưới đuôi mắt trái")
	}
	text(11, r.CardIssued.Printed())
	text(12, r.CardExpires.Printed())
	if r.Father != "" || r.Mother != "" {
		add(13, seq(asText(r.Father), asText(r.Mother)))
	}
	if !sparse {
		add(14, seq(asText("Người Ví Dụ")))
	}
	text(15, r.OldID)
	if !sparse {
		text(16, "9990000000000000")
	}
	return der(0x6D, seq(number(1), der(0x06, []byte{0x28, 0xD3, 0x16, 0x01, 0x00, 0x08}), setInOrder(fields)))
}

// setInOrder writes a SET as cards do, by field number: longer fields stand before
// shorter ones, so it is no DER.
func setInOrder(members [][]byte) []byte { return der(0x31, members...) }

// asText is a PrintableString where the characters allow it, else a UTF8String.
func asText(s string) []byte {
	for _, c := range s {
		if (c < '0' || c > '9') && c != '/' && c != ' ' {
			return der(0x0C, []byte(s))
		}
	}
	return der(0x13, []byte(s))
}
