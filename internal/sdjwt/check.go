package sdjwt

import "github.com/vneid-sdk/vneid-go/internal/jws"

// Reason is why something well-formed was refused; see the package comment.
type Reason uint8

// The reasons beyond those of internal/jws.
const (
	ErrMismatch Reason = iota + 1
	ErrExpired
	ErrEarly
)

// Error names the reason in a word or two.
func (r Reason) Error() string {
	switch r {
	case ErrMismatch:
		return "made for another use"
	case ErrExpired:
		return "expired"
	case ErrEarly:
		return "not yet valid"
	}
	return "unknown reason"
}

// refusal is an error with a reason and a fixed text.
type refusal struct {
	reason error
	text   string
}

func (e *refusal) Error() string { return e.text }
func (e *refusal) Unwrap() error { return e.reason }

func malformed(text string) error { return &refusal{jws.ErrMalformed, text} }

// check is one rule whose breach a reader could overlook and go on. Each is a number
// so that the tests can show, by leaving it out, that its attack needs it.
type check uint8

const (
	checkDisclosures check = iota + 1
	checkDigests
	checkHash
	checkHashPlace
	checkTwice
	checkUnused
	checkSort
	checkName
	checkEllipsis
	checkAlone
	checkOpen
	checkIssuer
	checkVCT
	checkBound
	checkUnbound
	checkProof
	checkAudience
	checkNonce
	checkStale
	checkEarly
	checkHashOf
	checkListURI
	checkListOld
	checkListEarly
	checkListAge
	checkLength
	checkTail
	checkIndex
	checkElsewhere
	lastCheck
)

var refusals = [lastCheck]refusal{
	checkDisclosures: {jws.ErrMalformed, "the document has too many disclosures"},
	checkDigests:     {jws.ErrMalformed, "the document has too many digests"},
	checkHash:        {jws.ErrAlgorithm, "the digests are not of SHA-256"},
	checkHashPlace:   {jws.ErrMalformed, "the digests' algorithm is named below the top"},
	checkTwice:       {jws.ErrMalformed, "a digest stands twice"},
	checkUnused:      {jws.ErrMalformed, "a disclosure belongs to no digest"},
	checkSort:        {jws.ErrMalformed, "a disclosure is of the other sort than its digest"},
	checkName:        {jws.ErrMalformed, "a disclosure has a name that is reserved"},
	checkEllipsis:    {jws.ErrMalformed, "an array element's digest stands outside an array"},
	checkAlone:       {jws.ErrMalformed, "an array element's digest has company"},
	checkOpen:        {jws.ErrMalformed, "a claim is hidden that has to be open"},
	checkIssuer:      {jws.ErrMalformed, "the document names no issuer"},
	checkVCT:         {jws.ErrMalformed, "the document does not say of what type it is"},
	checkBound:       {jws.ErrMalformed, "the document is bound to a key and comes without its proof"},
	checkUnbound:     {jws.ErrMalformed, "a key's proof comes with a document that is bound to none"},
	checkProof:       {jws.ErrSignature, "the key-binding signature is wrong"},
	checkAudience:    {ErrMismatch, "the key's proof is for another party"},
	checkNonce:       {ErrMismatch, "the key's proof is for another transaction"},
	checkStale:       {ErrExpired, "the key's proof is too old"},
	checkEarly:       {ErrEarly, "the key's proof is from the future"},
	checkHashOf:      {ErrMismatch, "the key's proof is for another document or other disclosures"},
	checkListURI:     {ErrMismatch, "the status list is another one"},
	checkListOld:     {ErrExpired, "the status list has expired"},
	checkListEarly:   {ErrEarly, "the status list is from the future"},
	checkListAge:     {ErrExpired, "the status list has to be fetched again"},
	checkLength:      {jws.ErrMalformed, "the status list inflates to too much"},
	checkTail:        {jws.ErrMalformed, "something follows the status list's stream"},
	checkIndex:       {ErrMismatch, "the status list does not reach that far"},
	checkElsewhere:   {ErrMismatch, "the document's status stands in another list"},
}

// rules holds the check that is left out: none, outside the tests.
type rules struct{ off check }

// hold returns the refusal of c if the rule was broken.
func (r rules) hold(c check, broken bool) error {
	if !broken || r.off == c {
		return nil
	}
	return &refusals[c]
}

// first returns the first error there is.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
