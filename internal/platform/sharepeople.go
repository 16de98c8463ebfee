package platform

import (
	"errors"

	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// What happens to people after they shared something, each told to the clients that
// have it, in the transaction in which it happens.

// lockEvents tells what changes between an account's locks and the new ones.
func (p *Platform) lockEvents(tx Tx, a *Account, l Locks) error {
	var names []string
	if l.EID != a.EIDLocked {
		names = append(names, either(l.EID, wire.EIDLock, wire.EIDUnlock))
	}
	if l.Account != a.AccountLocked {
		names = append(names, either(l.Account, wire.AccountLock, wire.AccountUnlock))
	}
	var err error
	for _, name := range names {
		err = errors.Join(err, p.happened(tx, a.ID, event{Name: name}))
	}
	return err
}

func either(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}
