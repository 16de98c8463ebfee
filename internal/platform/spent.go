package platform

import (
	"context"
	"errors"
	"time"
)

// mark is an identifier that is good once, such as the jti of an assertion or a proof,
// on its way into the store. A handler collects the marks of a request while it checks
// it, and spends them in the transaction that acts on it: one instead of three, and all
// or nothing.
type mark struct {
	key   string
	until time.Time // when the identifier is too old to be used anyway
	check string    // what Platform.off calls the check
	again usedAgain // the answer to a second use

	client *Client // what was believed for this, and must be so still; nil: nothing
}

// errChanged is for marks whose client is another by now.
var errChanged = errors.New("the client was changed")

// usedAgain is a refusal of what was used before. why is for the client's own console.
type usedAgain struct {
	error
	why string
}

// Unwrap makes errors.As find the oauthError.
func (u usedAgain) Unwrap() error { return u.error }

// mark makes the mark of an identifier. Callers ask last of all: what is refused for
// another reason makes none.
func (p *Platform) mark(ctx context.Context, until time.Time, check string, again usedAgain, purpose string, parts ...string) (mark, error) {
	return mark{key: p.mac("spent "+purpose, parts...), until: until, check: check, again: again}, p.admit(ctx)
}

// spendMarks spends the marks of one request; a usedAgain for the first that somebody
// has spent before.
func (p *Platform) spendMarks(tx Tx, marks []mark) error {
	for _, m := range marks {
		if m.client != nil && p.on("client-now") {
			c, err := p.party(tx, m.client.ID)
			if err != nil {
				return err
			}
			if c != m.client {
				return errChanged
			}
		}
		was, err := tx.Get(tableSpent, m.key)
		if err == nil && was != nil && p.on(m.check) {
			err = m.again
		}
		if err == nil {
			err = tx.Put(tableSpent, m.key, []byte("1"), m.until)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// spendNow spends marks by themselves.
func (p *Platform) spendNow(ctx context.Context, marks ...mark) error {
	if len(marks) == 0 {
		return nil
	}
	return p.store.Update(ctx, func(tx Tx) error { return p.spendMarks(tx, marks) })
}

// first reports whether nobody has used an identifier before, and remembers it
// until it is too old to be used. Callers ask last of all: what is refused for
// another reason spends nothing.
func (p *Platform) first(ctx context.Context, until time.Time, purpose string, parts ...string) (fresh bool, err error) {
	if err := p.admit(ctx); err != nil {
		return false, err
	}
	key := p.mac("spent "+purpose, parts...)
	err = p.store.Update(ctx, func(tx Tx) error {
		was, err := tx.Get(tableSpent, key)
		fresh = was == nil
		if err != nil || !fresh {
			return err
		}
		return tx.Put(tableSpent, key, []byte("1"), until)
	})
	return fresh && err == nil, err
}
