package link

import (
	"context"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// freshLife is how long a login to the old account stays fresh.
const freshLife = 5 * time.Minute

// useTicket keeps tickets apart from everything else in a shared Replay.
const useTicket vneid.Use = "link"

// Fresh says that somebody just logged in to an old account in the way the portal had
// before VNeID, with all its factors, for the sake of a Candidate. The portal makes one
// where that login succeeds, with the ticket which that login carried.
type Fresh struct {
	Ticket  string    // Candidate.Ticket, from the request that logged in
	Account string    // Account.ID of the account that was logged in to
	At      time.Time // when
}

// Confirm binds the account of a Candidate to the login id, for good. What is Mismatch,
// Expired or Replayed begins anew with Find; so does Unavailable, after which the
// ticket may be spent, and the account bound: Find then says Linked.
func (l *Linker) Confirm(ctx context.Context, id *sso.Identity, fresh Fresh) error {
	if err := l.made(); err != nil {
		return err
	}
	t, err := l.confirmed(ctx, id, fresh)
	if err != nil {
		return fault.Prefix("link", err)
	}
	switch bound, err := l.store.Bind(ctx, t.Issuer, t.Subject, t.Account); {
	case err != nil:
		return fault.Prefix("link", silent(ctx))
	case !bound:
		return fault.New(vneid.ErrMismatch, "link: the login or the account was bound in the meantime")
	}
	return nil
}

// confirmed makes every check, and spends the ticket as the last of them.
func (l *Linker) confirmed(ctx context.Context, id *sso.Identity, fresh Fresh) (ticket, error) {
	if err := l.vouched(id); err != nil {
		return ticket{}, err
	}
	if err := l.proofed(id); err != nil {
		return ticket{}, err
	}
	t, err := l.open(fresh.Ticket)
	if err != nil {
		return ticket{}, err
	}
	if (t.Issuer != id.Issuer() || t.Subject != id.Subject()) && l.on("crossed") {
		return ticket{}, fault.New(vneid.ErrMismatch, "the ticket was made for another login with VNeID")
	}
	if fresh.Account != t.Account && l.on("account") {
		return ticket{}, fault.New(vneid.ErrMismatch, "the fresh login is to another account than the candidate")
	}
	if err := l.timely(t, fresh.At); err != nil {
		return ticket{}, err
	}
	if err := l.still(ctx, id, t); err != nil {
		return ticket{}, err
	}
	if !l.on("once") {
		return t, nil
	}
	return t, l.spend(ctx, t)
}

// timely checks both ages. The login may be told in whole seconds.
func (l *Linker) timely(t ticket, at time.Time) error {
	now := l.now()
	switch until := t.Made.Add(ticketLife); {
	case now.Before(t.Made):
		return &vneid.TimeError{NotBefore: t.Made, Now: now}
	case !now.Before(until) && l.on("stale"):
		return &vneid.TimeError{NotAfter: until, Now: now}
	case now.Before(at):
		return &vneid.TimeError{NotBefore: at, Now: now}
	case at.Before(t.Made.Truncate(time.Second)) && l.on("before"):
		return fault.New(vneid.ErrExpired, "the login to the old account is older than the candidate")
	case now.Sub(at) > freshLife && l.on("fresh"):
		return &vneid.TimeError{NotAfter: at.Add(freshLife), Now: now}
	}
	return nil
}

// still asks again what made the candidate: ten minutes are long for a register.
func (l *Linker) still(ctx context.Context, id *sso.Identity, t ticket) error {
	if !l.on("again") {
		return nil
	}
	out, err := l.find(ctx, id)
	if err != nil {
		return err
	}
	if c, ok := out.(Candidate); !ok || c.Account != t.Account || c.Why.String() != t.Why {
		return fault.New(vneid.ErrMismatch, "the register changed since the candidate was found")
	}
	return nil
}

// spend uses the ticket up.
func (l *Linker) spend(ctx context.Context, t ticket) error {
	err := l.replay.Use(ctx, vneid.Once{Use: useTicket, Issuer: t.Issuer, ID: t.ID, Issued: t.Made, Until: t.Made.Add(ticketLife)})
	var kind vneid.Kind
	if err != nil && !errors.As(err, &kind) {
		return fault.Wrap(vneid.ErrUnavailable, ctx.Err(), "whether the ticket was used cannot be checked now")
	}
	return err
}

// Register has the store open an account for a person whom Find calls New, and binds
// it. A login that was bound meanwhile is vneid.ErrMismatch: Find then says to what.
func (l *Linker) Register(ctx context.Context, id *sso.Identity) (Account, error) {
	if err := l.made(); err != nil {
		return Account{}, err
	}
	out, err := l.find(ctx, id)
	if err != nil {
		return Account{}, fault.Prefix("link", err)
	}
	if _, ok := out.(New); !ok && l.on("again") {
		return Account{}, fault.New(vneid.ErrMismatch, "link: the portal has an account that may be this person's")
	}
	a, err := l.store.Create(ctx, id.Issuer(), id.Subject(), id.Citizen().Reveal())
	switch {
	case err != nil:
		return Account{}, fault.Prefix("link", silent(ctx))
	case a == nil:
		return Account{}, fault.New(vneid.ErrMismatch, "link: the login was bound in the meantime")
	}
	return *a, nil
}
