package share

import (
	"errors"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/seal"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Unsigned is an answer of a wire on which nobody signs: what package licensed knows of
// a person.
type Unsigned struct {
	Issuer, Subject, Txn, Grant string
	Assurance                   vneid.Assurance
	Received                    time.Time
	Papers                      map[document.Kind][]byte // by kind, the JSON of its claims
}

// Records is for package licensed alone: without this module's seal it returns no
// answer. The answer's integrity is TransportOnly; it has no receipt, no status and no
// Evidence, and holds nothing that was not asked for.
func (u Unsigned) Records(want Request, s seal.Seal) (Records, error) {
	if !s.Valid() || u.Issuer == "" || u.Txn == "" {
		return Records{}, fault.Prefix("share", errors.New("no answer"))
	}
	a := &answer{verified: u.Received, integrity: TransportOnly}
	a.subject, a.txn, a.grant, a.assurance, a.decision = u.Subject, u.Txn, u.Grant, u.Assurance, wire.DecisionAll
	for _, w := range want.Documents {
		p, err := unsignedPaper(w, u)
		if err != nil {
			return Records{}, fault.Prefix("share", err)
		}
		if p != nil {
			a.papers = append(a.papers, p)
		}
	}
	r := reading{want: Expect{Request: want}, Verifier: &Verifier{}, answer: *a}
	missing, essential := r.missing()
	if len(essential) > 0 {
		return Records{}, fault.Prefix("share", fault.New(vneid.ErrDenied, "not there, though essential: %v", essential))
	}
	for _, m := range missing {
		a.decision = wire.DecisionPartial
		i := slices.IndexFunc(a.declined, func(p Part) bool { return p.Kind == m.kind })
		if i < 0 {
			i = len(a.declined)
			a.declined = append(a.declined, Part{Kind: m.kind})
		}
		a.declined[i].Claims = append(a.declined[i].Claims, m.name)
	}
	return newRecords(a), nil
}

// unsignedPaper keeps of a document what was asked for; nil if there is nothing.
func unsignedPaper(w Want, u Unsigned) (*paperFacts, error) {
	text, there := u.Papers[w.Kind]
	if !there {
		return nil, nil
	}
	o, err := jws.ParseObject(string(text))
	if err != nil {
		return nil, malformed("a document is not one strict JSON object")
	}
	p := &paperFacts{kind: w.Kind, issuer: u.Issuer, issued: u.Received, claims: o}
	for _, c := range w.Claims {
		if o.Has(c.Name) {
			p.names = append(p.names, c.Name)
		}
	}
	if len(p.names) == 0 {
		return nil, nil
	}
	return p, nil
}
