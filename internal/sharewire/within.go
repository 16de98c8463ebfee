package sharewire

import (
	"errors"
	"slices"
)

// Within returns nil if what was granted is no more than what was asked for, on the
// same terms: a wider answer is not for whoever asked (RFC 9396 §7).
func (granted Details) Within(asked Details) error {
	switch {
	case granted.Purpose != asked.Purpose, granted.Basis != asked.Basis, granted.RetentionDays != asked.RetentionDays,
		granted.Store != asked.Store, granted.Nonce != asked.Nonce, (granted.Periodic == nil) != (asked.Periodic == nil),
		granted.Periodic != nil && *granted.Periodic != *asked.Periodic:
		return errors.New("the terms granted are not those asked for")
	}
	for _, w := range granted.Documents {
		i := slices.IndexFunc(asked.Documents, func(x Document) bool { return x.Kind == w.Kind })
		if i < 0 {
			return errors.New("a document is granted that was not asked for")
		}
		x := asked.Documents[i]
		if w.Essential != x.Essential || w.MaxAgeDays != x.MaxAgeDays || !subset(w.Claims, x.Claims) || !subset(w.Predicates, x.Predicates) {
			return errors.New("more of a document is granted than was asked for")
		}
	}
	return nil
}

// Missing lists the kinds of which something essential was asked for and not granted.
// A document that is optional as a whole is missed by nobody.
func (granted Details) Missing(asked Details) (kinds []string) {
	for _, x := range asked.Documents {
		if !x.Essential {
			continue
		}
		i := slices.IndexFunc(granted.Documents, func(w Document) bool { return w.Kind == x.Kind })
		if i < 0 || !covers(granted.Documents[i].Claims, x.Claims, func(c Claim) bool { return c.Essential }) ||
			!covers(granted.Documents[i].Predicates, x.Predicates, func(p Predicate) bool { return p.Essential }) {
			kinds = append(kinds, string(x.Kind))
		}
	}
	return kinds
}

func subset[T comparable](part, whole []T) bool {
	return !slices.ContainsFunc(part, func(x T) bool { return !slices.Contains(whole, x) })
}

func covers[T comparable](part, whole []T, needed func(T) bool) bool {
	return !slices.ContainsFunc(whole, func(x T) bool { return needed(x) && !slices.Contains(part, x) })
}
