package events

import (
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Name says what happened. Others than those listed here are possible (Event.Known):
// what stands behind "urn:vneid:event:", or the whole URI of another's event.
type Name string

// The events of the package comment.
const (
	EIDLocked        Name = wire.EIDLock
	EIDUnlocked      Name = wire.EIDUnlock
	AccountLocked    Name = wire.AccountLock
	AccountUnlocked  Name = wire.AccountUnlock
	ConsentWithdrawn Name = wire.Withdrawn
	DocumentRevoked  Name = wire.DocumentRevoked
	LevelChanged     Name = wire.LevelChanged
	PhoneChanged     Name = wire.PhoneChanged
	DeviceChanged    Name = wire.DeviceChanged
	NumberReissued   Name = wire.NumberReissued
	CardReplaced     Name = wire.CardReplaced
	HolderDied       Name = wire.HolderDied
	Heartbeat        Name = wire.EventHeartbeat

	// delivered is no event of the wire: a bundle's own word on the locks.
	delivered Name = "bundle-delivered"
)

// Event is one thing that the platform told. It is plain data: a Ledger believes
// whoever calls it, and only a Receiver looks at signatures.
type Event struct {
	Name    Name
	Issuer  string
	Subject string // pairwise, as in logins; empty for a Heartbeat
	Seq     int64  // the person's events in their order, from 1
	Told    int64  // the stream's events in their order, from 1; of a Heartbeat the latest
	ID      string // jti
	Txn     string // the transaction, if any
	Issued  time.Time

	Grant         string      // of ConsentWithdrawn
	Document      Document    // of DocumentRevoked
	Level         vneid.Level // of LevelChanged
	SessionsEnded bool        // of DeviceChanged

	// Late says that the Ledger knew newer word of the same fact when this came: an
	// unlock that is late opens nothing.
	Late bool
}

// Document names a document by its entry in a status list.
type Document struct {
	Kind  string `json:"kind"`
	URI   string `json:"uri"`
	Index int64  `json:"idx"`
}

// Known reports whether this version of the package knows what happened.
func (e Event) Known() bool { return e.Name == Heartbeat || e.fact() != "" }

// Delivered is what a bundle says of the person: as of its seq both locks were open,
// else the platform would not have sealed it. Apply it to the Ledger once the bundle
// is verified.
func Delivered(issuer, subject string, seq int64, sealed time.Time) Event {
	return Event{Name: delivered, Issuer: issuer, Subject: subject, Seq: seq, Issued: sealed}
}

// fact names what an event decides, "" for none.
func (e Event) fact() string {
	switch e.Name {
	case EIDLocked, EIDUnlocked:
		return factEID
	case AccountLocked, AccountUnlocked:
		return factAccount
	case LevelChanged:
		return factLevel
	case ConsentWithdrawn, DocumentRevoked, PhoneChanged, DeviceChanged, NumberReissued, CardReplaced, HolderDied, delivered:
		return string(e.Name)
	}
	return ""
}

// Limits of what a Ledger is asked to keep.
const (
	maxSeq  = 1<<53 - 1 // what every JSON reader holds exactly
	maxName = 255
	maxURI  = 1024
)

// check refuses an Event that says less than it must.
func (e Event) check() error {
	bad := ""
	switch {
	case e.Issuer == "" || len(e.Issuer) > maxURI:
		bad = "the event names no issuer"
	case !word(e.Subject, maxName):
		bad = "the event names no subject of at most 255 ASCII characters"
	case e.Seq < 1 && e.Name != delivered || e.Seq < 0 || e.Seq > maxSeq: // a person's first bundle may come before any event
		bad = "seq is not a whole number from 1 to 2⁵³−1"
	case e.Name == ConsentWithdrawn && !word(e.Grant, maxName):
		bad = "the event names no grant of at most 255 ASCII characters"
	case e.Name == DocumentRevoked && (!word(e.Document.Kind, maxName) || !word(e.Document.URI, maxURI) || e.Document.Index < 0 || e.Document.Index > maxSeq):
		bad = "the event names no document"
	case e.Name == LevelChanged && e.Level != 1 && e.Level != 2:
		bad = "the event's level is neither 1 nor 2"
	}
	if bad != "" {
		return fault.New(vneid.ErrMalformed, "%s", bad)
	}
	return nil
}

// word reports whether s is 1 to max printable ASCII characters without spaces.
func word(s string, max int) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return s != "" && len(s) <= max
}
