package cms

// oidSecurityObject is id-SecurityObject of BSI TR-03110-3 §A.1.2.5, which ICAO Doc
// 9303-10 §3.11.4 takes over.
const oidSecurityObject = "\x04\x00\x7f\x00\x07\x03\x02\x01" // 0.4.0.127.0.7.3.2.1

// A CardSecurity is EF.CardSecurity of a chip: the ways to run PACE and Chip
// Authentication, with their keys, signed. It is read, not verified.
type CardSecurity struct{ *SignedData }

// ParseCardSecurity reads EF.CardSecurity and keeps it.
func ParseCardSecurity(file []byte) (*CardSecurity, error) {
	if len(file) > maxSOD {
		return nil, at("EF.CardSecurity", TooLarge)
	}
	return patient(file, func(der []byte) (*CardSecurity, error) {
		signed, err := parseSignedData(der, oidSecurityObject)
		if err != nil {
			return nil, err
		}
		return &CardSecurity{signed}, nil
	})
}

// Infos returns the SecurityInfos, which nobody has vouched for before Verify.
func (c *CardSecurity) Infos() []byte { return c.content }
