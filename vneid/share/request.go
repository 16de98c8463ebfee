package share

import (
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Request is what a relying party asks a citizen for. The zero values ask for
// less, not for more: used once, looked at and not kept, every document and claim
// needed. Check says what is wrong with a Request.
type Request struct {
	Documents     []Want // of each kind one at most
	Purpose       Purpose
	Basis         Basis
	RetentionDays int             // how long the data is kept (thời hạn lưu giữ); 0 with Store false: not kept
	Periodic      *Period         // nil: one answer
	Store         bool            // false: the data is looked at and not stored
	Subject       string          // the one person who may answer, as logins and earlier answers name them (sub); "": whoever comes
	Need          vneid.Assurance // what the answer must be at least; Level 2 for all but document.Identity
}

// Want is one document that is asked for.
type Want struct {
	Kind       document.Kind
	Claims     []Claim     // names of the kind's claims: see vneid/document/paper
	Predicates []Predicate // questions that are answered by yes or no
	Optional   bool        // không bắt buộc: the answer is of use without it
	MaxAgeDays int         // how old the issuer's statement may be; 0: any
}

// Claim is one statement of a document.
type Claim struct {
	Name     string
	Optional bool // the document is of use without it
}

// Predicate is a question with yes or no for an answer, in place of the data that
// decides it.
type Predicate struct {
	document.Predicate
	Optional bool // the document is of use without it
}

// AgeAtLeast asks whether the holder has completed so many years: true only if it
// is true for every day that an incomplete date of birth can mean.
func AgeAtLeast(years int) Predicate { return Predicate{Predicate: document.AgeAtLeast(years)} }

// LicenceIncludes asks whether the licence entitles to drive vehicles of a class of
// today: true only if it is true by every reading of what stands on it.
func LicenceIncludes(class document.LicenceClass) Predicate {
	return Predicate{Predicate: document.LicenceIncludes(class)}
}

// Purpose is what the data is for (mục đích sử dụng): a code that is registered
// for the client, and what the citizen reads.
type Purpose struct {
	Code   string // such as car-rental
	VI, EN string
}

// Basis is what entitles to the data (cơ sở pháp lý). The zero value is the
// citizen's consent.
type Basis struct {
	Kind     BasisKind
	Citation string // the provision, with BasisLaw; the contract's name with BasisContract
}

// BasisKind is a sort of legal basis.
type BasisKind string

// The legal bases. What is done without consent names the provision that allows it
// (Law 91/2025/QH15 Art. 19.1).
const (
	BasisConsent  BasisKind = "consent" // also the meaning of ""
	BasisContract BasisKind = "contract"
	BasisLaw      BasisKind = "law"
)

// Period is for data that is fetched again and again.
type Period struct {
	Until vneid.Date // the last day
	Days  int        // between two fetches at least
}
