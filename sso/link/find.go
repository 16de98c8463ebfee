package link

import (
	"context"
	"errors"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Find says which account is that of the person who logged in. It changes nothing.
func (l *Linker) Find(ctx context.Context, id *sso.Identity) (Outcome, error) {
	if err := l.made(); err != nil {
		return nil, err
	}
	out, err := l.find(ctx, id)
	if c, ok := out.(Candidate); ok && err == nil {
		c.Ticket, err = l.seal(l.newTicket(id, c))
		out = c
	}
	if err != nil {
		return nil, fault.Prefix("link", err)
	}
	return out, nil
}

// find is Find without a ticket.
func (l *Linker) find(ctx context.Context, id *sso.Identity) (Outcome, error) {
	if err := l.vouched(id); err != nil {
		return nil, err
	}
	bound, err := l.store.ByLogin(ctx, id.Issuer(), id.Subject())
	if err != nil {
		return nil, silent(ctx)
	}
	history := id.Citizen().History()
	if bound != nil {
		// The account that a binding leads to needs no level: what a weak login may
		// do there is for the portal to say (sso.Client.Require).
		if l.on("reused") && reassigned(*bound, history) {
			return Conflict{OtherPerson, []string{bound.ID}}, nil
		}
		return Linked{*bound}, nil
	}
	if err := l.proofed(id); err != nil {
		return nil, err
	}
	digits := numbers(history)
	if len(digits) == 0 || id.AccountType() == sso.AccountOrganisation {
		return New{NoNumber: true}, nil
	}
	found, err := l.store.ByNumber(ctx, digits)
	if err != nil {
		return nil, silent(ctx)
	}
	return l.judge(id.Citizen(), history, distinct(found))
}

// reassigned reports whether an account that the login is bound to is another
// person's, by numbers that stand for one person: a provider that gave a subject away
// again. A person whose number was corrected has the old one among the former.
func reassigned(a Account, h vneid.History) bool {
	known := false
	for _, n := range a.Numbers {
		if !h.Match(n).None() {
			return false
		}
		known = known || len(n) == 12
	}
	return known && !h.Current.IsZero()
}

// numbers lists all digits under which a register can have the person.
func numbers(h vneid.History) []string {
	var out []string
	add := func(n string) {
		if n != "" && !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	add(h.Current.Reveal())
	for _, id := range h.Former {
		add(id.Reveal())
	}
	for _, id := range h.Old {
		add(id.Reveal())
	}
	return out
}

// distinct drops accounts that a store found twice, by two numbers.
func distinct(found []Account) []Account {
	var out []Account
	for _, a := range found {
		if !slices.ContainsFunc(out, func(b Account) bool { return a.ID == b.ID }) {
			out = append(out, a)
		}
	}
	return out
}

// judge says what accounts with numbers of an unbound person mean.
func (l *Linker) judge(c vneid.Citizen, h vneid.History, found []Account) (Outcome, error) {
	for _, a := range found {
		if a.ID == "" || best(h, a.Numbers).None() {
			return nil, errors.New("Config.Store: ByNumber gave an account that has none of the numbers, or no ID")
		}
	}
	if len(found) == 0 {
		return New{}, nil
	}
	if len(found) > 1 && l.on("several") {
		all := make([]string, len(found))
		for i, a := range found {
			all[i] = a.ID
		}
		slices.Sort(all)
		return Conflict{Several, all}, nil
	}
	a := found[0]
	out := Candidate{
		Account: a.ID, Why: best(h, a.Numbers),
		NameDiffers:  a.Name != "" && c.Name() != "" && vneid.CompareNames(a.Name, c.Name()) == vneid.NamesDifferent,
		BirthDiffers: !a.Birth.IsZero() && !c.Birth().IsZero() && !a.Birth.Agrees(c.Birth()),
	}
	switch {
	case a.Bound && l.on("taken"):
		return Conflict{Taken, []string{a.ID}}, nil
	case out.Why.Ambiguous():
		return Conflict{Ambiguous, []string{a.ID}}, nil
	case strange(h, a.Numbers) && l.on("stranger"), out.Why.CMND9() && (out.NameDiffers || out.BirthDiffers) && l.on("recycled"):
		return Conflict{OtherPerson, []string{a.ID}}, nil
	}
	return out, nil
}

// best is the strongest tie between a person and the numbers of an account.
func best(h vneid.History, on []string) (m vneid.NumberMatch) {
	for _, n := range on {
		if got := h.Match(n); rank(got) > rank(m) {
			m = got
		}
	}
	return m
}

func rank(m vneid.NumberMatch) int {
	switch {
	case m.Current():
		return 5
	case m.Former():
		return 4
	case m.CMND12():
		return 3
	case m.CMND9():
		return 2
	case m.Ambiguous():
		return 1
	}
	return 0
}

// strange reports whether an account has twelve digits on file that are none of the
// person's: those were never given to two people. Nine digits can be a CMND that
// the evidence does not list.
func strange(h vneid.History, on []string) bool {
	return slices.ContainsFunc(on, func(n string) bool { return len(n) == 12 && h.Match(n).None() })
}
