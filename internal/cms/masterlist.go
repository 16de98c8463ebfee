package cms

import "github.com/vneid-sdk/vneid-go/internal/tlv"

const (
	maxMasterList = 16 << 20
	maxListed     = 10000
)

// A MasterList is a signed list of country signing certificates (CscaMasterList,
// ICAO Doc 9303-12 §9.2). It is read, not verified; a Store does that when the list
// is added.
type MasterList struct {
	*SignedData

	certificates []byte // content of the SET, each a whole Certificate
	count        int
}

// ParseMasterList reads a master list and keeps it.
func ParseMasterList(b []byte) (*MasterList, error) {
	if len(b) > maxMasterList {
		return nil, at("master list", TooLarge)
	}
	return patient(b, parseMasterList)
}

func parseMasterList(der []byte) (*MasterList, error) {
	signed, err := parseSignedData(der, oidMasterList)
	if err != nil {
		return nil, err
	}
	root := read(signed.content)
	c := root.into(tlv.Sequence)
	c.small(0) // version v0
	list := c.Read(tlv.Set)
	c.end()
	each, n := read(list), 0
	for ; each.more(); n++ {
		if n == maxListed {
			return nil, at("CscaMasterList", TooLarge)
		}
		each.Whole(tlv.Sequence)
	}
	if !root.end() || !each.end() || n == 0 {
		return nil, at("CscaMasterList", Malformed)
	}
	return &MasterList{signed, list, n}, nil
}

// Certificates returns the certificates of the list, unread.
func (m *MasterList) Certificates() (der [][]byte) {
	der = make([][]byte, 0, m.count)
	for c := read(m.certificates); c.more(); {
		der = append(der, c.Whole(tlv.Sequence))
	}
	return der
}
