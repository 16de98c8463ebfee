package share

import (
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/sharewire"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// asked compares the documents with the request: nothing may be there that was not
// asked for, nothing missing that was essential, and what the envelope says of the rest
// has to be so.
func (r *reading) asked() error {
	wants := r.want.Request.Documents
	for _, p := range r.papers {
		i := slices.IndexFunc(wants, func(w Want) bool { return w.Kind == p.kind })
		switch {
		case i < 0 && r.on("asked"):
			return mismatch("the answer has a document that was not asked for")
		case i >= 0 && !p.within(wants[i]) && r.on("asked"):
			return mismatch("a document says more than was asked for")
		case i >= 0 && p.stale(wants[i], r.now) && r.on("max age"):
			return &vneid.TimeError{NotAfter: p.issued.AddDate(0, 0, wants[i].MaxAgeDays), Now: r.now}
		}
	}
	missing, essential := r.missing()
	if err := r.accounted(missing); err != nil && r.on("accounted") {
		return err
	}
	if len(essential) > 0 && r.on("essential") {
		return fault.New(vneid.ErrDenied, "declined, or not there, though essential: %v", essential)
	}
	return nil
}

// within reports whether all that a document says was asked for.
func (p *paperFacts) within(w Want) bool {
	for _, name := range p.names {
		if !slices.ContainsFunc(w.Claims, func(c Claim) bool { return c.Name == name }) {
			return false
		}
	}
	for _, a := range p.answers {
		if !slices.ContainsFunc(w.Predicates, func(q Predicate) bool { return q.String() == a.text }) {
			return false
		}
	}
	return true
}

func (p *paperFacts) stale(w Want, now time.Time) bool {
	return w.MaxAgeDays > 0 && now.After(p.issued.AddDate(0, 0, w.MaxAgeDays))
}

// item is a claim or a predicate of a document that was asked for.
type item struct {
	kind document.Kind
	name string
}

// missing lists what was asked for and is not there, and the kinds for which that
// makes the answer of no use.
func (r *reading) missing() (out []item, essential []document.Kind) {
	for _, w := range r.want.Request.Documents {
		i := slices.IndexFunc(r.papers, func(p *paperFacts) bool { return p.kind == w.Kind })
		lost := i < 0 && !w.Optional
		for name, optional := range w.items() {
			if i >= 0 && r.papers[i].has(name) {
				continue
			}
			out = append(out, item{w.Kind, name})
			lost = lost || !optional && i >= 0 // an essential claim goes with its document
		}
		if lost {
			essential = append(essential, w.Kind)
		}
	}
	return out, essential
}

// items are the names of the claims and the texts of the predicates, and whether each
// is optional.
func (w Want) items() func(yield func(string, bool) bool) {
	return func(yield func(string, bool) bool) {
		for _, c := range w.Claims {
			if !yield(c.Name, c.Optional) {
				return
			}
		}
		for _, q := range w.Predicates {
			if !yield(q.String(), q.Optional) {
				return
			}
		}
	}
}

func (p *paperFacts) has(name string) bool {
	return slices.Contains(p.names, name) || slices.ContainsFunc(p.answers, func(a answerTo) bool { return a.text == name })
}

// accounted checks that the envelope declares declined exactly what is missing, and
// calls the answer approved only if that is nothing.
func (r *reading) accounted(missing []item) error {
	var declared []item
	for _, d := range r.declined {
		names := d.Claims
		if names == nil {
			i := slices.IndexFunc(r.want.Request.Documents, func(w Want) bool { return w.Kind == d.Kind })
			if i < 0 {
				return mismatch("the envelope says that something was declined that was not asked for")
			}
			for name := range r.want.Request.Documents[i].items() {
				names = append(names, name)
			}
		}
		for _, name := range names {
			declared = append(declared, item{d.Kind, name})
		}
	}
	same := len(declared) == len(missing)
	for _, m := range missing {
		same = same && slices.Contains(declared, m)
	}
	if !same || (r.decision == wire.DecisionAll) != (len(missing) == 0) {
		return mismatch("the envelope does not account for what was asked for")
	}
	return nil
}

// strong checks the account and the login of whoever answered. All documents but the
// basic identity need an account of level 2.
func (r *reading) strong() error {
	need := r.want.Request.need()
	for _, p := range r.papers {
		if sharewire.NeedsLevel2(p.kind) {
			need.Level = max(need.Level, 2)
		}
	}
	if err := r.assurance.Check(need); err != nil && r.on("level") {
		return err
	}
	return nil
}
