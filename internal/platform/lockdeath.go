package platform

import (
	"context"
	"errors"

	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// Died ends an account with its holder's death, which is a ground to lock both the
// electronic identity card and the account (Luật Căn cước Art. 34.1 d).
func (p *Platform) Died(ctx context.Context, id string) error {
	return p.change(ctx, id, func(tx Tx, a *Account) error {
		_, err := p.died(tx, a, LockGround{By: actorSystem})
		return err
	})
}

// died is Died in a transaction whose caller saves the account; g says who knows. A death
// that is told twice happened once, and is the ground that stands.
func (p *Platform) died(tx Tx, a *Account, g LockGround) (LockGround, error) {
	all, err := p.standing(tx, a.ID)
	if err != nil {
		return g, err
	}
	for _, was := range all {
		if was.Ground == GroundDeath {
			return was, nil
		}
	}
	g.Ground = GroundDeath
	err = errors.Join(p.record(tx, entry{Kind: auditDied, Actor: g.By, Account: a.ID, Client: g.Client}),
		p.bury(tx, Tombstone{Account: a.ID, Why: EndDeath, Level: a.Level, At: p.now(), By: g.By}))
	g, err2 := p.place(tx, a, g)
	return g, errors.Join(err, err2, p.happened(tx, a.ID, event{Name: wire.HolderDied}))
}
