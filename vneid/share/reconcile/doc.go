// Package reconcile holds a relying party's own list of data requests against the
// platform's, day by day: who counts other answers than the other side, or is charged
// for answers that never came, finds out which.
//
// The list is a project format, not VNeID's:
//
//	GET ISSUER/share/v1/reconciliation?day=yyyy-MM-dd
//	Authorization: Bearer <client assertion>
//
//	{"day":"2026-11-22","rows":[{"request":"…","txn":"…","grant":"…",
//	  "kind":"driver-licence","outcome":"delivered","at":1795305600,"billable":true}]}
//
// A day is one of Vietnam's (UTC+7), that of the request. There is a row for each kind
// that was asked for. request is a name for both sides (share.Session.Reference); txn is
// that of the last fetch. billable says that the kind was given out. Neither list names a
// person, also not by a pairwise subject.
//
// # Keeping one's own
//
// A Journal writes one line for each thing that happens to a request:
//
//	redirect, session, err := client.Begin(ctx, request)
//	err = journal.Asked(session.Reference(redirect), request)
//	…
//	records, err := client.Finish(ctx, session, query)
//	err = journal.Answered(session.Reference(redirect), request, records, err)
//
// It observes, and decides nothing. Read makes rows of the lines, of which the last word
// on a request counts. A fetch by Client.Refetch is Answered with the name of the
// request that the grant began with.
//
// # What differs
//
// Compare pairs rows by request and kind. Outcomes are compared as far as both sides can
// know them: whether the kind came, was declined, or nothing did. A request that was
// never answered is no difference to one that expired. Differences are sorted by request
// and kind; none means that both sides agree on every row.
//
// # Errors
//
// Those of Fetch are of one kind of package vneid: Unavailable, Malformed, Untrusted
// (the platform does not know this client). A list of another day is Mismatch.
package reconcile

import (
	"time"

	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Row is what became of one kind of document in one request.
type Row struct {
	Request  string
	Txn      string // "" where nothing was fetched
	Grant    string // "" where nobody agreed to anything
	Kind     document.Kind
	Outcome  Outcome
	At       time.Time
	Billable bool
}

// Outcome is a word for what became of it. There are more on the platform's side;
// Outcome.Class makes the two comparable.
type Outcome string

// The outcomes of a Journal.
const (
	Pending   Outcome = "pending"   // asked, and not answered yet
	Delivered Outcome = "delivered" // it came
	Declined  Outcome = "declined"  // something else came, and this did not; also what does not exist
	Denied    Outcome = "denied"    // the person refused everything, or what was essential
	Failed    Outcome = "failed"    // what came was refused here, or nothing came
)

// Class is what both sides can know: Delivered, Declined, or Pending for everything of
// which nothing came. billable is the row's: what was withdrawn or ended later was
// Delivered all the same.
func (o Outcome) Class(billable bool) Outcome {
	switch {
	case billable:
		return Delivered
	case o == Declined:
		return Declined
	}
	return Pending
}
