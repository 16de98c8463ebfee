package platform

import (
	"context"
	"errors"
	"slices"
	"time"
)

// LoginConsent is what a person agreed to share with a relying party when they log in
// there, until they take it back or a year is over.
type LoginConsent struct {
	Client, Name string
	Granted      []string // scopes
	Declined     []string
	Without      []string // claims of the granted scopes that were kept back
	For          LoginPurpose
	At, Until    time.Time
}

const maxConsents = 1000

// Consents lists what a person agreed to for logins, in the order of the clients' ids.
func (p *Platform) Consents(ctx context.Context, account string) (out []LoginConsent, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		out = nil
		rows, err := tx.List(tableConsents, account+"/", "", maxConsents)
		for _, row := range rows {
			d, err := load[consent](tx, tableConsents, row.Key)
			if err != nil {
				return err
			}
			if d == nil || !p.now().Before(d.At.Add(consentLife)) {
				continue
			}
			one := LoginConsent{Client: row.Key[len(account)+1:], Granted: d.Granted, Without: d.Without, For: d.For, At: d.At, Until: d.At.Add(consentLife)}
			for _, s := range d.Decided {
				if !slices.Contains(d.Granted, s) {
					one.Declined = append(one.Declined, s)
				}
			}
			c, err := load[Client](tx, tableClients, one.Client)
			if err != nil {
				return err
			}
			if one.Name = one.Client; c != nil {
				one.Name = c.Name
			}
			out = append(out, one)
		}
		return err
	})
	return out, err
}

// ErrNoConsent is for a client that a person has agreed to nothing for.
var ErrNoConsent = errors.New("platform: no such consent")

// ForgetClient takes back what a person agreed to for one client: it asks again at the
// next login. It ends no login that they agreed to before: EndLogin does.
func (p *Platform) ForgetClient(ctx context.Context, account, client string) error {
	return p.store.Update(ctx, func(tx Tx) error {
		key := account + "/" + client
		if was, err := tx.Get(tableConsents, key); err != nil || was == nil {
			return errors.Join(err, ErrNoConsent)
		}
		return errors.Join(tx.Delete(tableConsents, key), p.record(tx, entry{Kind: auditWithdrawn, Actor: actorCitizen, Account: account, Client: client}))
	})
}
