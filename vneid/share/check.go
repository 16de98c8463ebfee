package share

import (
	"github.com/vneid-sdk/vneid-go/internal/sharewire"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Finding is one remark on a Request.
type Finding struct {
	Refused bool   // Begin and the server refuse it; else advice to ask for less
	Where   string // the part: documents[0].claims[2], purpose.vi, retention_days
	VI, EN  string
}

// Check says what is wrong with r: what is refused, else where it asks for more than
// it seems to need. It is best called in a unit test of the program that asks. What it
// looks for is in the package comment; whether a claim serves the purpose it cannot
// tell.
func (r Request) Check() []Finding {
	d := r.details()
	var out []Finding
	if f, bad := d.LevelFinding(r.Need.Level); bad {
		out = append(out, Finding(f))
	}
	for _, f := range d.Findings() {
		if f.Refused || len(out) == 0 || !out[0].Refused {
			out = append(out, Finding(f))
		}
	}
	return out
}

// need is what the answer must be at least: a request that names no account level
// has the one that its documents need.
func (r Request) need() vneid.Assurance {
	need := r.Need
	for _, w := range r.Documents {
		if need.Level == 0 && sharewire.NeedsLevel2(w.Kind) {
			need.Level = 2
		}
	}
	return need
}

// details is r in the form of the wire.
func (r Request) details() sharewire.Details {
	d := sharewire.Details{
		Purpose:       sharewire.Purpose(r.Purpose),
		Basis:         sharewire.Basis{Kind: string(r.Basis.Kind), Citation: r.Basis.Citation},
		RetentionDays: r.RetentionDays,
		Store:         r.Store,
	}
	if d.Basis.Kind == "" {
		d.Basis.Kind = wire.BasisConsent
	}
	if r.Periodic != nil {
		d.Periodic = &sharewire.Period{Until: r.Periodic.Until, Days: r.Periodic.Days}
	}
	for _, w := range r.Documents {
		x := sharewire.Document{Kind: w.Kind, Essential: !w.Optional, MaxAgeDays: w.MaxAgeDays}
		for _, c := range w.Claims {
			x.Claims = append(x.Claims, sharewire.Claim{Name: c.Name, Essential: !c.Optional})
		}
		for _, p := range w.Predicates {
			x.Predicates = append(x.Predicates, sharewire.Predicate{Predicate: p.Predicate, Essential: !p.Optional})
		}
		d.Documents = append(d.Documents, x)
	}
	return d
}
