package chiptest

import (
	"crypto/rand"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// Card says what New makes. The zero value is a whole Vietnamese card of an
// invented citizen: PACE with ECDH-GM and AES-128 on brainpoolP256r1, BAC besides
// it, Chip Authentication on the same curve, Active Authentication with ECDSA on
// secp256r1, extended length, a CSCA of its own. Which algorithms real cards use
// is not public.
type Card struct {
	// Person is the handle of one of the reference platform's invented people,
	// such as "level2", which is the zero value's, "no-expiry" or "long-name".
	Person string

	// Record is somebody else whom the card is for, in Person's place: number, name,
	// birth date, sex and the dates of the card are needed. It is for invented people.
	Record vneid.Record

	PACE   []Protocol // what EF.CardAccess offers; nil is the one above
	NoPACE bool       // no EF.CardAccess: BAC only
	NoBAC  bool
	CA     []Protocol // keys of Chip Authentication; nil is the one above
	NoCA   bool
	AA     Protocol // zero is the one above
	NoAA   bool     // no DG15

	// Explicit spells the curve parameters of DG14 and DG15 out.
	Explicit bool

	// Short makes a chip that knows no extended length (it answers 6700).
	Short bool

	// SelectMF makes a chip that answers SELECT of the master file; Vietnamese
	// ones answer 6D00.
	SelectMF bool

	// Preselected makes a chip whose travel document application is selected when
	// it powers up, as telephones do it: EF.CardAccess answers 6982.
	Preselected bool

	// Sparse leaves out the fields of DG13 for which no invented person has data:
	// 10, 14 and 16.
	Sparse bool

	// LeadingZero makes PACE harder than luck does: "nonce", "mapping-key",
	// "generator", "key" or "secret" begins with a zero byte in every run. Readers
	// that drop it fail once in 256 runs otherwise.
	LeadingZero string

	// Groups replaces or adds data groups by number, as the issuer would; nil
	// content takes one away.
	Groups map[int][]byte

	// Files replaces what the chip serves, by the names of Emulator.File, whatever
	// was signed: a recorded file, or one of a certain size. nil content takes one
	// away.
	Files map[string][]byte

	// Portrait is the image in DG2, JPEG; nil is a drawn one.
	Portrait []byte

	// Issuer signs the card; nil is a new one.
	Issuer *Issuer

	// Faults are names from Faults. They act together.
	Faults []string

	// Now is the issuer's clock; nil is time.Now.
	Now func() time.Time

	random entropy // tests put a recording here
}

// Default protocols of a Card.
var (
	defaultPACE = Protocol{"PACE-ECDH-GM-AES-CBC-CMAC-128", "brainpoolP256r1"}
	defaultCA   = Protocol{"CA-ECDH-AES-CBC-CMAC-128", "brainpoolP256r1"}
	defaultAA   = Protocol{"ECDSA-SHA256", "secp256r1"}
)

// filled returns the card with its zero fields replaced.
func (c Card) filled() Card {
	if c.Person == "" {
		c.Person = "level2"
	}
	if c.PACE == nil {
		c.PACE = []Protocol{defaultPACE}
	}
	if c.NoPACE {
		c.PACE = nil
	}
	if c.CA == nil {
		c.CA = []Protocol{defaultCA}
	}
	if c.NoCA {
		c.CA = nil
	}
	if c.AA == (Protocol{}) {
		c.AA = defaultAA
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.random.Reader == nil {
		c.random = entropy{rand.Reader}
	}
	return c
}
