package chiptest

import "slices"

// Fault is a way in which a card can be wrong, by name: what an attacker would do,
// or a broken chip. Name it in Card.Faults.
type Fault struct {
	Name  string
	Stage string // one of the constants below
	About string // what is wrong, in one sentence

	// Twin is a card on which the fault shows: the same without it is in order.
	Twin Card

	do script
}

// Stages say how far a reading may get before the fault has to be noticed.
const (
	StageAccess    = "access"    // the chip's half of BAC or PACE: no session may come of it
	StageMessaging = "messaging" // a protected answer: the session must end with it
	StageReading   = "reading"   // files and transport: the reading must end, within bounds
	StageData      = "data"      // what was signed, and what was changed behind it: the data must not pass as authentic
	StageDowngrade = "downgrade" // the card offers less than it signs for
	StageChip      = "chip"      // the data is authentic, the chip must not pass as genuine
)

func (f Fault) script() script { return f.do }

// Card returns the twin with the fault.
func (f Fault) Card() Card {
	c := f.Twin
	c.Faults = []string{f.Name}
	return c
}

// Faults returns every fault, in a fixed order.
func Faults() []Fault {
	return slices.Concat(
		paceFaults(), stepFaults(), valueFaults(), integratedFaults(), dhFaults(), subgroupFaults(), bacFaults(), zoneFaults(),
		messagingFaults(), commandFaults(), cipherFaults(),
		readingFaults(), fileFaults(), oddFaults(), transportFaults(), lineFaults(),
		groupFaults(), contentFaults(), comFaults(), signatureFaults(), signerFaults(), signingFaults(),
		downgradeFaults(), offerFaults(),
		cloneFaults(), staticFaults(), activeFaults(), answerFaults(), mappingFaults(), proofFaults())
}

func findFault(name string) (Fault, bool) {
	for _, f := range Faults() {
		if f.Name == name {
			return f, true
		}
	}
	return Fault{}, false
}

// flipped returns b with its last bit changed.
func flipped(b []byte) []byte {
	b = slices.Clone(b)
	if len(b) > 0 {
		b[len(b)-1] ^= 1
	}
	return b
}
