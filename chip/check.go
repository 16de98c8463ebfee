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
//
//	signatures and certificates  bad-signature bad-digest sha-1 weak-key unknown-algorithm
//	                             unknown-curve bad-key critical-extension key-usage not-a-ca
//	                             path-length malformed
//	sod-signature                unread
//	digests                      not-listed dg1-unread dg1-malformed unknown-form (passed)
//	certificate-chain            no-anchor anchor-for-other-documents not-for-this-document
//	                             not-yet-valid expired signed-outside-period signed-in-future
//	                             no-signing-time (passed)
//	revocation                   revoked no-crl stale-crl
//	issuing-state, document-type other-state other-type
//	com                          lists-unsigned omits-signed unread
//	card-access                  downgrade unsigned-offer dg14-unread
//	dg1-dg13                     number-differs birth-differs sex-differs expiry-differs
//	                             name-differs proprietary-encoding unread
//	active-authentication        dg15-unread no-answer other-challenge challenge-expired
//	                             challenge-early unknown-key sha-1 (passed)
//	chip-authentication,         dg14-unread not-transferable not-run refused too-long-ago
//	pace-cam                     other-key no-signed-key card-security-untrusted
//	chip-genuine                 chip-unproven chip-cannot-prove
//	card-expiry                  card-expired no-date
//	answers                      answer-without-status
//	what nothing was left for    not-authentic nothing-signed no-signed-object no-chain
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
