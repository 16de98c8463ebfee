package chip

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// ReadOptions says what Read does beyond its minimum. The zero value reads what a
// verification needs and the portrait, in commands that every reader and card can
// take.
type ReadOptions struct {
	// Groups are the numbers of the data groups to read, of those that the card
	// has. nil is 1, 2, 11, 13, 14 and 15. A verification needs 1 and 14, proofs of
	// the chip 14 or 15. Fingerprints and irises (3, 4) are guarded by Terminal
	// Authentication: a Vietnamese card refuses them.
	Groups []int

	// Challenge, from Verifier.Challenge, is given to the chip to sign if the card
	// has Active Authentication (DG15). nil: the chip signs nothing.
	Challenge *Challenge

	// MaxResponse is the most bytes that reader and card pass in one response,
	// status bytes apart. 0 is 256, short length, which all can do. With more, up
	// to 65,536, files are read in extended length (ISO 7816-4 §5.3.2): usually
	// one command for each.
	MaxResponse int

	// SkipCOM leaves EF.COM out: the signed object lists the data groups too.
	SkipCOM bool

	// Trace, if set, is called for every step, on the caller's goroutine.
	Trace func(Event)

	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Event is one step of a Read, for a progress bar or a log: never what a file
// holds.
type Event struct {
	Step string // "PACE", "BAC", "select", "read", "chip authentication", "active authentication"
	File string // "SOD", "DG2", …; empty when the step concerns none
	Read int    // bytes of the file that have arrived
	Size int    // bytes of the file in all; 0: not known yet
	SW   uint16 // the card's last status word
}

// Config says whom to trust and what to accept. The zero value trusts nobody, so
// that every verification ends in "no-anchor".
type Config struct {
	// Anchors are the CSCA certificates that the caller trusts. The CSCA of the
	// CCCD is not public: get it from the authority, or from a licensed provider.
	Anchors []Anchor

	// MasterLists are lists of CSCA certificates (ICAO Doc 9303-12 §8), for
	// passports.
	MasterLists []MasterList

	// CRLs are certificate revocation lists of the CSCAs, DER or PEM, each signed
	// by an anchor. With RequireCRL, a chain without a current list fails.
	CRLs       [][]byte
	RequireCRL bool

	// AcceptUnprovenChip lets a Document through whose data is authentic while the
	// chip has proven nothing ("chip-unproven"): it may be a copy.
	AcceptUnprovenChip bool

	// AcceptDowngrade lets a Document through although the card signs that it can
	// do better than what it offered ("downgrade").
	AcceptDowngrade bool

	// AcceptSHA1 accepts SHA-1 in the signed object and its certificates: documents
	// issued long ago.
	AcceptSHA1 bool

	// AcceptExpired lets a Document through whose printed expiry is over.
	AcceptExpired bool

	// ChallengeKey, 32 random bytes, makes the challenges of several processes one
	// another's, and those of a Verifier its successor's, which knows newer lists.
	// nil: random, so that only this Verifier knows its challenges.
	ChallengeKey []byte

	// Replay remembers which challenges were answered. nil is a
	// vneid.MemoryReplay made by New; processes that share ChallengeKey need a
	// shared one.
	Replay vneid.Replay

	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Format prints that c is a configuration, and no key, wherever fmt asks methods:
// not for %p, and not for a Config or a pointer to one in an unexported field of
// another struct. Keep the Verifier instead, which hides its key there too.
func (c Config) Format(f fmt.State, _ rune) {
	fmt.Fprintf(f, "chip.Config with %d anchors and %d master lists", len(c.Anchors), len(c.MasterLists))
}

// LogValue logs what Format prints.
func (c Config) LogValue() slog.Value { return slog.StringValue(fmt.Sprint(c)) }

// MarshalText refuses, for encoding/json and others.
func (c Config) MarshalText() ([]byte, error) { return nil, errKey }

// GobEncode refuses, as MarshalText does.
func (c Config) GobEncode() ([]byte, error) { return nil, errKey }

var errKey = errors.New("chip: refusing to encode a Config: it may hold a key")

// Anchor is trust in certificates of country signing authorities (CSCA), for one
// country and one sort of document.
type Anchor struct {
	Certificates []byte // PEM, or DER of one certificate
	Country      string // ISO 3166-1 alpha-2, as in the certificates: VN
	Passport     bool   // they sign passports; false: identity cards
	Label        string // who vouches for them: test, caller or provider, perhaps followed by ": " and a name. It stands in every verdict
}

// MasterList is a signed list of CSCA certificates. It never vouches for itself:
// its signer must chain to Signers, which come from elsewhere.
type MasterList struct {
	Data      []byte    // CMS
	Signers   []byte    // PEM or DER: CSCA certificates of the list's publisher, had out of band
	NotBefore time.Time // when the list that the caller held before was signed: an older one is refused
	Label     string    // who vouches for Signers, as in Anchor
}

// VerifyOptions is what a verification should know beyond the Dump. All of it may
// be absent.
type VerifyOptions struct {
	// Session is what Verifier.Challenge was given.
	Session string

	// CardStatus is the authority's answer about the card (lost, replaced,
	// revoked), which nothing in the chip can tell.
	CardStatus *Answer

	// Consent is the holder's consent to the read, as the caller recorded it.
	Consent *Answer

	// Provider is the answer of a licensed provider of electronic authentication.
	Provider *Answer
}
