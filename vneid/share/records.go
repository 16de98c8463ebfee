package share

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Records is what a citizen's answer says, after every check. Only Verify and the
// calls of a Client that end in it make one. It prints as its masked citizen, whatever
// encloses it, and encoders refuse it. The zero value is no answer and satisfies
// nothing.
type Records struct {
	// Two pointers, because fmt follows one from an unexported field (see
	// vneid.Citizen).
	a **answer
}

func newRecords(a *answer) Records { return Records{&a} }

// Integrity says what keeps the statements about a person from being changed on their
// way (tính toàn vẹn). The zero value is nothing at all.
type Integrity int

// The order matters: more is better.
const (
	// TransportOnly: nobody signed anything. The statements are as good as the TLS
	// connections they came over and prove nothing to anybody else, which is all that
	// the wire of package licensed gives.
	TransportOnly Integrity = iota + 1

	// Signed: issuers and platform signed what they say, to this client.
	Signed
)

func (r Records) get() *answer {
	if r.IsZero() {
		return new(answer)
	}
	return *r.a
}

// IsZero reports whether r is no answer.
func (r Records) IsZero() bool { return r.a == nil || *r.a == nil }

// Subject returns the platform's name for the person (sub), the same as at this
// client's logins; another client sees another one.
func (r Records) Subject() string { return r.get().subject }

// Assurance returns how the person was proofed, and how and when they authenticated.
func (r Records) Assurance() vneid.Assurance { return r.get().assurance }

// AccountType returns whose account answered (loại tài khoản): citizen, foreigner,
// organisation, or the platform's own word; "" where it does not say.
func (r Records) AccountType() string { return r.get().account }

// Integrity returns what protects the statements.
func (r Records) Integrity() Integrity { return r.get().integrity }

// Decision returns approved where all that was asked for is there, optional things too,
// else partial: Declined lists the rest.
func (r Records) Decision() string { return r.get().decision }

// Txn returns the transaction, which the platform knows the answer by.
func (r Records) Txn() string { return r.get().txn }

// Grant returns what withdrawal names, and fetching again.
func (r Records) Grant() string { return r.get().grant }

// Sequence returns the number of the last event about this person at the time of the
// answer: older events are in it already.
func (r Records) Sequence() int64 { return r.get().sequence }

// Verified returns when the answer was checked.
func (r Records) Verified() time.Time { return r.get().verified }

// Receipt returns what was agreed to.
func (r Records) Receipt() Receipt { return r.get().receipt }

// Declined lists what was asked for and is not there: the citizen declined it, or it
// does not exist, and nobody is told which. Of a document that is not there Claims may be
// nil.
func (r Records) Declined() []Part { return slices.Clone(r.get().declined) }

// Approvals lists who agreed: the person, or for a child or a ward those who have to.
func (r Records) Approvals() []Approval { return slices.Clone(r.get().approvals) }

// Citizen returns the person as a verified identity document describes them, the
// electronic identity card before others; nobody where no such document is among them.
func (r Records) Citizen() vneid.Citizen { return r.get().citizen() }

// Documents lists the documents in the platform's order.
func (r Records) Documents() []Document {
	papers := r.get().papers
	out := make([]Document, len(papers))
	for i := range papers {
		out[i] = Document{&papers[i]}
	}
	return out
}

// Get returns the document of a kind, and whether it is there.
func (r Records) Get(kind document.Kind) (Document, bool) {
	papers := r.get().papers
	for i := range papers {
		if papers[i].kind == kind {
			return Document{&papers[i]}, true
		}
	}
	return Document{}, false
}

// Holds returns the answer to a question that was asked, and whether any document
// answers it. False means "not certainly": what stands on a document that is not
// Verified is not certain either.
func (r Records) Holds(q Predicate) (value, known bool) { return r.get().holds(q) }

func (a *answer) holds(q Predicate) (value, known bool) {
	for _, p := range a.papers {
		for _, a := range p.answers {
			if a.text == q.String() {
				value, known = value || a.yes && p.certain(), true
			}
		}
	}
	return value, known
}

// Check returns nil when the answer satisfies need, else a *vneid.LevelError. No answer
// satisfies nothing, and neither does one of integrity TransportOnly unless it is
// accepted by name.
func (r Records) Check(need vneid.Assurance, accept ...Integrity) error {
	switch {
	case r.IsZero():
		return fault.Prefix("share", errors.New("no answer"))
	case r.Integrity() < Signed && !slices.Contains(accept, r.Integrity()):
		return fault.Prefix("share", fault.New(vneid.ErrUntrusted, "nobody signed the answer, and TransportOnly is not accepted"))
	}
	return r.Assurance().Check(need)
}

// String shows the masked citizen, and how many documents there are.
func (r Records) String() string {
	if r.IsZero() {
		return "no answer"
	}
	return fmt.Sprintf("%d documents of a %s", len(r.get().papers), r.Citizen())
}

// Format prints what String shows, whatever the verb and flags.
func (r Records) Format(f fmt.State, _ rune) { io.WriteString(f, r.String()) }

// LogValue logs what String shows.
func (r Records) LogValue() slog.Value { return slog.StringValue(r.String()) }

// MarshalText refuses: keep Evidence, or what Reveal returns.
func (r Records) MarshalText() ([]byte, error) {
	return nil, errors.New("share: refusing to encode Records; keep Evidence, or what Reveal returns")
}
