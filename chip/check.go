package chip

import "time"

// Status is the result of one Check. The zero value is none of the five and
// passes for nothing.
type Status string

// The five results.
const (
	Passed        Status = "passed"
	Failed        Status = "failed"         // looked at, and wrong
	Inconclusive  Status = "inconclusive"   // could not be settled with what was read
	NotApplicable Status = "not-applicable" // the signed data says that the card has no such thing
	Unavailable   Status = "unavailable"    // nobody asked, or nobody could answer
)

// Check is one thing that was looked at, or should have been. The package
// comment lists the names. Reason is a stable code in lower case, empty where the
// status says everything; it holds nothing personal.
type Check struct {
	Name   string  `json:"name"`
	Status Status  `json:"status"`
	Reason string  `json:"reason,omitempty"`
	Answer *Answer `json:"answer,omitempty"` // card-status, consent and provider: what the caller supplied
}

// Answer is what somebody outside this package said: the authority about the
// card's status, the holder about consent, a licensed provider about the whole. It
// is the caller's word, shown as a Check and never inferred.
type Answer struct {
	By          string    `json:"by"`                    // who answered
	Transaction string    `json:"transaction,omitempty"` // what to quote to them
	At          time.Time `json:"at"`                    // when
	Status      Status    `json:"status"`                // one of the five
	Reason      string    `json:"reason,omitempty"`      // their code or wording, without personal data
}

// find returns the check with the name, zero if there is none.
func find(checks []Check, name string) Check {
	for _, c := range checks {
		if c.Name == name {
			return c
		}
	}
	return Check{}
}
