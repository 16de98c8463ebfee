package sharewire

import (
	"errors"
	"slices"

	"github.com/vneid-sdk/vneid-go/vneid/document"
)

// Within returns nil if what was granted is no more than what was asked for, on terms
// that are no wider (RFC 9396 §7): another document or claim, a longer time, a use or
// a purpose of its own are not for whoever asked. What is essential is theirs to say,
// and not repeated by the grant.
func (granted Details) Within(asked Details) error {
	switch {
	case granted.Purpose.Code != asked.Purpose.Code, granted.Basis != asked.Basis:
		return errors.New("granted for another purpose, or on another basis, than was asked for")
	case granted.RetentionDays > asked.RetentionDays, granted.Store && !asked.Store:
		return errors.New("granted to be kept as was not asked for")
	case granted.Nonce != "" && granted.Nonce != asked.Nonce:
		return errors.New("granted on another request")
	case !granted.Periodic.within(asked.Periodic):
		return errors.New("granted for more often or longer than was asked for")
	}
	for _, w := range granted.Documents {
		i := slices.IndexFunc(asked.Documents, func(x Document) bool { return x.Kind == w.Kind })
		if i < 0 {
			return errors.New("a document is granted that was not asked for")
		}
		x := asked.Documents[i]
		if !covers(x.Claims, w.Claims, Claim.always, Claim.name) || !covers(x.Predicates, w.Predicates, Predicate.always, Predicate.String) {
			return errors.New("more of a document is granted than was asked for")
		}
	}
	return nil
}

func (p *Period) within(asked *Period) bool {
	return p == nil || asked != nil && !asked.Until.Before(p.Until) && p.Days >= asked.Days
}

// Missing lists the kinds without which the answer is of no use: essential documents
// that were not granted, and documents of which something essential was not.
func (granted Details) Missing(asked Details) (kinds []document.Kind) {
	for _, x := range asked.Documents {
		i := slices.IndexFunc(granted.Documents, func(w Document) bool { return w.Kind == x.Kind })
		lost := i < 0 && x.Essential
		if i >= 0 {
			w := granted.Documents[i]
			lost = !covers(w.Claims, x.Claims, Claim.needed, Claim.name) || !covers(w.Predicates, x.Predicates, Predicate.needed, Predicate.String)
		}
		if lost {
			kinds = append(kinds, x.Kind)
		}
	}
	return kinds
}

// covers reports whether whole has, by their names, those of part that count.
func covers[T any](whole, part []T, counts func(T) bool, name func(T) string) bool {
	return !slices.ContainsFunc(part, func(x T) bool {
		return counts(x) && !slices.ContainsFunc(whole, func(y T) bool { return name(y) == name(x) })
	})
}

func (c Claim) name() string     { return c.Name }
func (c Claim) needed() bool     { return c.Essential }
func (c Claim) always() bool     { return true }
func (p Predicate) needed() bool { return p.Essential }
func (p Predicate) always() bool { return true }
