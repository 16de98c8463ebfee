package reconcile

import (
	"cmp"
	"slices"

	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Difference is a row on which the two sides do not agree.
type Difference struct {
	Request      string
	Kind         document.Kind
	Ours, Theirs *Row // nil: that side has none
	What         What
}

// What says how they differ, the dearest first.
type What string

// How rows differ.
const (
	Charged   What = "charged"   // billable for them, and it did not come here: refused here, lost, or never asked
	Uncharged What = "uncharged" // it came here, and is not billable for them
	Unknown   What = "unknown"   // they list what nobody here asked for
	Unlisted  What = "unlisted"  // they do not list what was asked here
	Twice     What = "twice"     // they list it more than once
	OtherWord What = "outcome"   // declined for one side, unanswered for the other
	OtherTxn  What = "txn"       // both say that it came, by different transactions
)

type pair struct {
	request string
	kind    document.Kind
}

// Compare lists what differs between a relying party's rows of a day and the platform's.
func Compare(ours, theirs []Row) []Difference {
	mine, yours := map[pair]*Row{}, map[pair]*Row{}
	for i := range ours {
		mine[pair{ours[i].Request, ours[i].Kind}] = &ours[i]
	}
	var out []Difference
	add := func(k pair, what What) {
		out = append(out, Difference{k.request, k.kind, mine[k], yours[k], what})
	}
	for i := range theirs {
		k := pair{theirs[i].Request, theirs[i].Kind}
		if yours[k] != nil {
			add(k, Twice)
			continue
		}
		yours[k] = &theirs[i]
		if what := differ(mine[k], yours[k]); what != "" {
			add(k, what)
		}
	}
	for k, row := range mine {
		switch {
		case yours[k] != nil:
		case row.Billable:
			add(k, Uncharged)
		default:
			add(k, Unlisted)
		}
	}
	slices.SortFunc(out, func(a, b Difference) int {
		return cmp.Or(cmp.Compare(a.Request, b.Request), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.What, b.What))
	})
	return out
}

// differ compares two rows of one request and kind.
func differ(ours, theirs *Row) What {
	switch {
	case theirs.Billable && (ours == nil || !ours.Billable):
		return Charged
	case ours == nil:
		return Unknown
	case ours.Billable && !theirs.Billable:
		return Uncharged
	case ours.Outcome.Class(ours.Billable) != theirs.Outcome.Class(theirs.Billable) && ours.Outcome != Denied && ours.Outcome != Failed:
		return OtherWord
	case ours.Billable && ours.Txn != theirs.Txn:
		return OtherTxn
	}
	return ""
}
