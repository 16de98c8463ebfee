package qr

import (
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// Kind says which of the two signed codes a credential came from. It stands
// under the signature. The zero value is none.
type Kind uint8

const (
	// Dynamic is the one-time identification code (mã QR định danh), which lives
	// two minutes at most and passes once.
	Dynamic Kind = iota + 1
	// Static is the card code (mã QR căn cước), which lives up to 400 days and can
	// be shown, and copied, any number of times.
	Static
)

// Status is what the issuer's status list says about a credential.
type Status uint8

// The states of a credential. StatusUnchecked is the zero value.
const (
	StatusUnchecked Status = iota // nobody looked
	StatusValid
	StatusSuspended
	StatusRevoked
	StatusStale // the list at hand is too old to answer
)

// Holder says what the issuer knew about the one to whom it gave the code.
type Holder uint8

// What was proven when the code was made. HolderNone is the zero value.
const (
	HolderNone   Holder = iota // nothing: whoever shows the code may have copied it
	HolderDevice               // the registered device was unlocked by its owner
	HolderCard                 // the card's chip was present
	HolderLogin                // the citizen logged in just before
)

// Credential is what a signed code says, after every check. The zero value is
// none.
type Credential struct {
	citizen         vneid.Citizen
	level           vneid.Level
	issuer, id      string
	kind            Kind
	issued, expires time.Time
	holder          Holder
}
