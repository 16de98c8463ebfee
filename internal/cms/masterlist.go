package cms

const (
	maxMasterList = 16 << 20
	maxListed     = 10000
)

// A MasterList is a signed list of country signing certificates (CscaMasterList,
// ICAO Doc 9303-12 §8). It is read, not verified; a Store does that when the list
// is added.
type MasterList struct {
	*SignedData

	certificates cursor // content of the SET, each a whole Certificate
}

// ParseMasterList reads a master list and keeps it.
func ParseMasterList(b []byte) (*MasterList, error) {
	if len(b) > maxMasterList {
		return nil, at("master list", TooLarge)
	}
	signed, err := parseSignedData(b, oidMasterList)
	if err != nil {
		return nil, err
	}
	c := open(signed.content, tagSequence)
	c.small(0) // version v0
	list := c.into(tagSet)
	if !c.end() || !list.more() {
		return nil, at("CscaMasterList", Malformed)
	}
	return &MasterList{signed, list}, nil
}

// Certificates returns the certificates of the list, unread.
func (m *MasterList) Certificates() (der [][]byte) {
	for c := m.certificates; c.more(); {
		if _, _, whole := c.element(); !c.bad {
			der = append(der, whole)
		}
	}
	return der
}
