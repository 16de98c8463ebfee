package platform

import (
	"context"
	"time"
)

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
