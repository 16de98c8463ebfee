// Package tlv reads and writes elements of tag, length and value: ASN.1 in DER
// (X.690) and the data objects of smart cards (ISO/IEC 7816-4 §5.2.2, BER-TLV).
//
// # Reading
//
// A Reader is a cursor. Its first failure is kept and shared with every Reader
// that Enter made: from then on all of them are empty and give zero values, so
// that a parser is written straight down and asks once, at the end:
//
//	r := tlv.DER(b)
//	outer := r.Enter(tlv.Sequence)
//	version := outer.Int()
//	name := outer.Read(tlv.UTF8String)
//	outer.Close()
//	if err := r.Close(); err != nil { … }
//
// Close fails if bytes are left over, and the last one if a Reader from Enter was
// never closed: what follows a structure cannot be passed over by forgetting to
// look. Contents are parts of the input, not copies; nothing is allocated.
//
// # Rules
//
// Both kinds of Reader take definite lengths of up to four bytes within the input,
// tags of up to four bytes without superfluous zeros (X.690 §8.1.2.4.2 c), and no
// element with the tag 0. DER takes one spelling only: the shortest length (§10.1),
// long tags only from number 31 on (§8.1.2.2), universal tags in their one form
// (§10.2), FF for true (§11.1), zero for unused bits (§11.2.1). BER leaves these to
// the sender, as cards do: 5F01 and 5F0E are tags of theirs. Integers and object
// identifiers are minimal in both (§8.3.2, §8.19.2).
//
// # Indefinite lengths
//
// Some documents carry a security object in BER with indefinite lengths. ToDER
// rewrites it before it is read: lengths become definite and short, octet strings
// in pieces become whole (§8.7.3). It takes at most MaxSize bytes and MaxDepth
// levels. The values themselves are left alone, so it does not turn wrong DER into
// right DER.
package tlv

// A Tag is the identifier octets of an element, as one big-endian number: 0x30,
// 0x7F49, 0x5F1F.
type Tag uint32

// The universal tags that documents use.
const (
	Boolean         Tag = 0x01
	Integer         Tag = 0x02
	BitString       Tag = 0x03
	OctetString     Tag = 0x04
	Null            Tag = 0x05
	OID             Tag = 0x06
	UTF8String      Tag = 0x0C
	PrintableString Tag = 0x13
	IA5String       Tag = 0x16
	UTCTime         Tag = 0x17
	GeneralizedTime Tag = 0x18
	Sequence        Tag = 0x30
	Set             Tag = 0x31
)

// Error says what is wrong with an input.
type Error string

func (e Error) Error() string { return string(e) }

// The reasons for a refusal.
const (
	ErrTruncated  Error = "a TLV element ends too early"
	ErrTag        Error = "a TLV tag that is reserved, too long or not minimal"
	ErrForm       Error = "an ASN.1 type in the wrong form"
	ErrIndefinite Error = "a TLV element of indefinite length"
	ErrLength     Error = "a TLV length that is reserved, too long or not minimal"
	ErrMissing    Error = "another TLV element than the one expected"
	ErrTrailing   Error = "bytes after the last TLV element"
	ErrUnread     Error = "a TLV element that was not read to its end"
	ErrValue      Error = "an ASN.1 value that is not in its one form"
	ErrRange      Error = "an ASN.1 number out of range"
	ErrSize       Error = "a TLV input that is too large"
	ErrDepth      Error = "TLV elements nested too deep"
)

// Header reads the tag and the length at the start of a BER-TLV, whose content
// need not be there yet: a file of a card announces its size so. header is how
// many bytes the two take, length how many follow them.
func Header(b []byte) (tag Tag, header, length int, err error) {
	tag, header, length, err = head(b, false)
	if err == nil && length < 0 {
		err = ErrIndefinite
	}
	if err != nil {
		return 0, 0, 0, err
	}
	return tag, header, length, nil
}

// head reads identifier and length octets; a length of −1 is indefinite.
func head(b []byte, der bool) (tag Tag, header, length int, err error) {
	tag, n, err := readTag(b, der)
	if err != nil {
		return 0, 0, 0, err
	}
	length, m, err := readLength(b[n:], der)
	if err != nil {
		return 0, 0, 0, err
	}
	if length < 0 && !constructed(b[0]) {
		return 0, 0, 0, ErrIndefinite // X.690 §8.1.3.2
	}
	return tag, n + m, length, nil
}

func constructed(first byte) bool { return first&0x20 != 0 }

// readTag reads identifier octets (X.690 §8.1.2).
func readTag(b []byte, der bool) (tag Tag, n int, err error) {
	if len(b) == 0 {
		return 0, 0, ErrTruncated
	}
	first := b[0]
	if first&0x1F != 0x1F {
		switch {
		case first&^0x20 == 0: // end of contents, or filling between elements
			return 0, 0, ErrTag
		case der && first < 0x40 && constructed(first) != (first&0x1F == 0x10 || first&0x1F == 0x11):
			return 0, 0, ErrForm
		}
		return Tag(first), 1, nil
	}
	tag = Tag(first)
	for n = 1; ; n++ {
		switch {
		case n == 4:
			return 0, 0, ErrTag
		case n == len(b):
			return 0, 0, ErrTruncated
		case n == 1 && b[n] == 0x80:
			return 0, 0, ErrTag
		}
		tag = tag<<8 | Tag(b[n])
		if b[n] < 0x80 {
			break
		}
	}
	if der && n == 1 && b[1] < 0x1F {
		return 0, 0, ErrTag
	}
	return tag, n + 1, nil
}

// readLength reads length octets (X.690 §8.1.3); −1 is indefinite.
func readLength(b []byte, der bool) (length, n int, err error) {
	if len(b) == 0 {
		return 0, 0, ErrTruncated
	}
	switch first := b[0]; {
	case first < 0x80:
		return int(first), 1, nil
	case first == 0x80:
		return -1, 1, nil
	case first > 0x84: // 0xFF is reserved, the rest is beyond any document
		return 0, 0, ErrLength
	default:
		n = int(first & 0x7F)
	}
	if len(b) < 1+n {
		return 0, 0, ErrTruncated
	}
	var wide uint32
	for _, v := range b[1 : 1+n] {
		wide = wide<<8 | uint32(v)
	}
	if wide > 1<<31-1 {
		return 0, 0, ErrLength
	}
	if der && (wide < 0x80 || b[1] == 0) {
		return 0, 0, ErrLength
	}
	return int(wide), 1 + n, nil
}
