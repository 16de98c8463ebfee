// Package sharewire is the element of authorization_details (RFC 9396) with which
// vneid/share asks a citizen for data: one text of its form and of its rules for the
// relying party, which writes it, and the reference platform, which reads it. The
// format is this project's.
//
// # The element
//
// authorization_details is an array of exactly one object:
//
//	type            vneid_share
//	purpose         {code, vi, en}: a code that is registered for the client, and what
//	                the citizen reads; en may be absent
//	basis           {kind, citation}: consent, contract or law; citation may be absent
//	                but for law
//	retention_days  whole days
//	mode            once, or periodic with until (a whole date) and frequency_days
//	use             view or store
//	nonce           in a decoupled request, which has no parameter for it
//	documents       [{kind, essential, max_age_days, claims, predicates}], a kind once
//	  claims        [{name, essential}], a name once, of those in vneid/document/paper
//	  predicates    [{name: age, at_least, essential}, {name: licence, includes, …}]
//
// essential is absent for false, max_age_days for 0, a list for an empty one. In a
// token's answer the same element says what was granted (§7): documents, claims and
// predicates may be fewer, down to none, and txn and grant stand beside them.
//
// Decode accepts nothing else: at most MaxSize bytes, no unknown member, no name twice,
// no type but the right one. What is well formed and still may not be asked is in
// Findings.
//
// # Errors
//
// Decode's errors are texts without anything from the input; the caller gives them
// their kind or code.
package sharewire

import (
	"fmt"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// MaxSize is the length of the element in bytes at most.
const MaxSize = 16 << 10

// Details is the element. Only what Decode returned, or what has no refused Finding,
// is fit to be used.
type Details struct {
	Purpose       Purpose
	Basis         Basis
	RetentionDays int
	Periodic      *Period
	Store         bool
	Nonce         string
	Documents     []Document

	Transaction, Grant string // of what was granted
}

// Purpose is what the data is for.
type Purpose struct{ Code, VI, EN string }

// Basis is what entitles to the data.
type Basis struct{ Kind, Citation string }

// Period is for data that is fetched again.
type Period struct {
	Until vneid.Date
	Days  int
}

// Document is one that is asked for, or granted.
type Document struct {
	Kind       document.Kind
	Essential  bool
	MaxAgeDays int
	Claims     []Claim
	Predicates []Predicate
}

// Claim is one claim of a document.
type Claim struct {
	Name      string
	Essential bool
}

// Predicate is one question about a document.
type Predicate struct {
	document.Predicate
	Essential bool
}

// Encode writes the array with its one element. It refuses what Decode would.
func (d Details) Encode() (string, error) {
	basis := []jws.Member{{Name: wire.BasisKind, Value: d.Basis.Kind}}
	members := []jws.Member{
		{Name: wire.DetailType, Value: wire.DetailsType},
		{Name: wire.DetailPurpose, Value: text(wire.PurposeCode, d.Purpose.Code, wire.PurposeVI, d.Purpose.VI, wire.PurposeEN, d.Purpose.EN)},
		{Name: wire.DetailBasis, Value: append(basis, text(wire.BasisCitation, d.Basis.Citation)...)},
		{Name: wire.DetailRetention, Value: d.RetentionDays},
	}
	if p := d.Periodic; p != nil {
		members = append(members, jws.Member{Name: wire.DetailMode, Value: wire.ModePeriodic},
			jws.Member{Name: wire.DetailUntil, Value: p.Until.String()}, jws.Member{Name: wire.DetailFrequency, Value: p.Days})
	} else {
		members = append(members, jws.Member{Name: wire.DetailMode, Value: wire.ModeOnce})
	}
	use := wire.UseView
	if d.Store {
		use = wire.UseStore
	}
	documents, err := list(d.Documents, Document.members)
	if err != nil {
		return "", err
	}
	members = append(members, jws.Member{Name: wire.DetailUse, Value: use}, jws.Member{Name: wire.DetailDocuments, Value: documents})
	members = append(members, text(wire.DetailNonce, d.Nonce, wire.DetailTransaction, d.Transaction, wire.DetailGrant, d.Grant)...)
	object, err := jws.Encode(members...)
	if err != nil {
		return "", err
	}
	encoded := "[" + string(object) + "]"
	if _, err := decode(encoded, d.Transaction != ""); err != nil {
		return "", err
	}
	return encoded, nil
}

// text makes members of names and texts in turn, leaving out what is empty.
func text(pairs ...string) (out []jws.Member) {
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out = append(out, jws.Member{Name: pairs[i], Value: pairs[i+1]})
		}
	}
	return out
}

// list writes an array of objects.
func list[T any](items []T, members func(T) ([]jws.Member, error)) (jws.Raw, error) {
	texts := make([]string, len(items))
	for i, item := range items {
		m, err := members(item)
		if err != nil {
			return "", err
		}
		b, err := jws.Encode(m...)
		if err != nil {
			return "", err
		}
		texts[i] = string(b)
	}
	return jws.Raw("[" + strings.Join(texts, ",") + "]"), nil
}

func (w Document) members() ([]jws.Member, error) {
	m := append([]jws.Member{{Name: wire.DetailKind, Value: string(w.Kind)}}, essential(w.Essential)...)
	if w.MaxAgeDays != 0 {
		m = append(m, jws.Member{Name: wire.DetailMaxAge, Value: w.MaxAgeDays})
	}
	if len(w.Claims) > 0 {
		claims, err := list(w.Claims, Claim.members)
		if err != nil {
			return nil, err
		}
		m = append(m, jws.Member{Name: wire.DetailClaims, Value: claims})
	}
	if len(w.Predicates) > 0 {
		predicates, err := list(w.Predicates, Predicate.members)
		if err != nil {
			return nil, err
		}
		m = append(m, jws.Member{Name: wire.DetailPredicates, Value: predicates})
	}
	return m, nil
}

func (c Claim) members() ([]jws.Member, error) {
	return append([]jws.Member{{Name: wire.DetailName, Value: c.Name}}, essential(c.Essential)...), nil
}

func (p Predicate) members() ([]jws.Member, error) {
	var m []jws.Member
	switch {
	case p.Years() > 0:
		m = []jws.Member{{Name: wire.DetailName, Value: wire.PredicateAge}, {Name: wire.DetailAtLeast, Value: p.Years()}}
	case p.Class() != "":
		m = []jws.Member{{Name: wire.DetailName, Value: wire.PredicateLicence}, {Name: wire.DetailIncludes, Value: string(p.Class())}}
	default:
		return nil, fmt.Errorf("a predicate asks nothing")
	}
	return append(m, essential(p.Essential)...), nil
}

func essential(is bool) []jws.Member {
	if !is {
		return nil
	}
	return []jws.Member{{Name: wire.DetailEssential, Value: true}}
}
