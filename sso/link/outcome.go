package link

import (
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Outcome is what Find says: Linked, New, Candidate or Conflict.
type Outcome interface{ outcome() }

// Linked says that the login is bound to an account, which is the person's.
type Linked struct{ Account Account }

// New says that the portal knows nobody with the person's numbers: see
// Linker.Register.
type New struct {
	// NoNumber says that nobody was looked for: the person let no number be told, has
	// none (foreigners), or acted for an organisation.
	NoNumber bool
}

// Candidate says that an account may be the person's. It is no leave to open it.
type Candidate struct {
	Account string            // Account.ID
	Why     vneid.NumberMatch // which of the person's numbers the account has
	Ticket  string            // for Fresh: to be carried through the login to the account

	// What is on file and in the evidence, and cannot be the same. It is worth a
	// question; names change, and registers were typed.
	NameDiffers, BirthDiffers bool
}

// Conflict says that a person must look at it: nothing here can tell whose the
// accounts are.
type Conflict struct {
	Why      Reason
	Accounts []string // Account.ID of all that are meant, sorted
}

func (Linked) outcome()    {}
func (New) outcome()       {}
func (Candidate) outcome() {}
func (Conflict) outcome()  {}

// Reason says what is wrong in a Conflict. The zero value is no reason.
type Reason uint8

// The reasons of a Conflict.
const (
	Several     Reason = iota + 1 // two or more accounts have a number of the person
	Taken                         // the account with the number is bound to another login
	Ambiguous                     // the digits fit two roles: see vneid.NumberMatch
	OtherPerson                   // what else the account has on file is somebody else's
)

// String returns a few lower-case words.
func (r Reason) String() string {
	switch r {
	case Several:
		return "several accounts have a number of this person"
	case Taken:
		return "the account is bound to another login"
	case Ambiguous:
		return "the number on file can be one of two"
	case OtherPerson:
		return "the account has facts of somebody else on file"
	}
	return "no conflict"
}
