// Package lds reads the files of an eMRTD chip: the Logical Data Structure of ICAO
// Doc 9303-10 and the SecurityInfos of part 11. It takes bytes apart and trusts
// nothing: whether they are signed is another package's question.
//
// # Files
//
//	file          tag  content
//	CardAccess    31   SecurityInfos of PACE (part 11 §9.2.11)
//	COM           60   version, list of the data groups (part 10 §4.6.1)
//	DG1           61   machine-readable zone (§4.7.1)
//	DG2           75   faces, each in ISO/IEC 19794-5 (§4.7.2)
//	DG11          6B   further facts about the holder (§4.7.11)
//	DG13          6D   the issuer's own; on the Vietnamese card see DG13
//	DG14          6E   SecurityInfos (part 11 §9.2)
//	DG15          6F   the key of Active Authentication (part 11 §6.1.5)
//
// Elements have definite lengths, not necessarily the shortest: chips were
// personalised by many hands, and what is signed is the file. Unknown elements are
// passed over where the standard reserves them, and nowhere else.
//
// # Limits
//
// A file has at most 256 KiB, a list of SecurityInfos 32 entries, DG2 nine faces,
// DG13 64 fields. Texts are UTF-8; no error repeats any.
package lds

import (
	"github.com/vneid-sdk/vneid-go/internal/tlv"
)

// Error says what is wrong with a file.
type Error string

func (e Error) Error() string { return string(e) }

// The reasons for a refusal that are not the fault of one element.
const (
	ErrFile        Error = "not the file that it should be"
	ErrProprietary Error = "an encoding that is not known"
	ErrTooMany     Error = "more entries than any card has"
	ErrText        Error = "a text that is not UTF-8"
	ErrKey         Error = "a public key that is not known or not valid"
)

// MaxFile is the size of the largest file.
const MaxFile = 256 << 10

// open enters a file with the tag and gives back the Reader that has to be closed
// last.
func open(file []byte, tag tlv.Tag) (outer, inner tlv.Reader, err error) {
	if len(file) > MaxFile {
		return outer, inner, ErrTooMany
	}
	got, header, length, err := tlv.Header(file)
	switch {
	case err != nil:
		return outer, inner, err
	case got != tag, header+length != len(file):
		return outer, inner, ErrFile
	}
	outer = tlv.BER(file)
	return outer, outer.Enter(tag), nil
}

// finish closes both Readers of open.
func finish(outer, inner *tlv.Reader) error {
	inner.Close()
	return outer.Close()
}

// groupTags are the tags of DG1 to DG16 (ICAO Doc 9303-10 Table 38).
var groupTags = [...]byte{
	1: 0x61, 2: 0x75, 3: 0x63, 4: 0x76, 5: 0x65, 6: 0x66, 7: 0x67, 8: 0x68, 9: 0x69,
	10: 0x6A, 11: 0x6B, 12: 0x6C, 13: 0x6D, 14: 0x6E, 15: 0x6F, 16: 0x70,
}

// Group returns the number of the data group with the tag, 0 if there is none.
func Group(tag byte) int {
	for n, t := range groupTags {
		if t == tag && n > 0 {
			return n
		}
	}
	return 0
}

// COM reads EF.COM and returns the data groups that it lists, each once. Tags of
// no data group are passed over.
func COM(file []byte) (groups []int, err error) {
	outer, r, err := open(file, 0x60)
	if err != nil {
		return nil, err
	}
	r.Read(0x5F01) // LDS version
	r.Read(0x5F36) // Unicode version
	list := r.Read(0x5C)
	if err := finish(&outer, &r); err != nil {
		return nil, err
	}
	seen := [len(groupTags)]bool{}
	for _, tag := range list {
		if n := Group(tag); n > 0 && !seen[n] {
			seen[n] = true
			groups = append(groups, n)
		}
	}
	return groups, nil
}

// DG1 reads the machine-readable zone as one line.
func DG1(file []byte) (string, error) {
	outer, r, err := open(file, 0x61)
	if err != nil {
		return "", err
	}
	zone := string(r.Read(0x5F1F))
	if err := finish(&outer, &r); err != nil {
		return "", err
	}
	return zone, nil
}

// DG15 reads the SubjectPublicKeyInfo of Active Authentication and keeps it.
func DG15(file []byte) ([]byte, error) {
	outer, r, err := open(file, 0x6F)
	if err != nil {
		return nil, err
	}
	key := r.Whole(tlv.Sequence)
	if err := finish(&outer, &r); err != nil {
		return nil, err
	}
	return key, nil
}
