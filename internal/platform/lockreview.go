package platform

import (
	"context"
	"slices"
	"strings"
	"time"
)

// reviewEvery is how often Work reviews the locks, by the platform's clock.
const reviewEvery = 5 * time.Second

// ReviewLocks opens every lock whose last ground has ended (tự động rà soát, mở khóa khi
// không còn căn cứ khóa), and returns how many grounds it took away. It may be called as
// often as one likes; Work calls it.
func (p *Platform) ReviewLocks(ctx context.Context) (lifted int, err error) {
	for after, more := "", true; more; {
		var accounts []string
		if accounts, after, err = p.staleGrounds(ctx, after); err != nil {
			return lifted, err
		}
		more = after != ""
		for _, id := range accounts {
			n := 0
			err := p.change(ctx, id, func(tx Tx, a *Account) (err error) {
				n, err = p.review(tx, a)
				return err
			})
			if err != nil {
				return lifted, err
			}
			lifted += n
		}
	}
	return lifted, nil
}

// staleGrounds looks at one page of the grounds that stand, and returns whose have ended
// and where the next page begins; "" when there is none.
func (p *Platform) staleGrounds(ctx context.Context, after string) (accounts []string, next string, err error) {
	const page = 500
	err = p.store.View(ctx, func(tx Tx) error {
		accounts, next = nil, ""
		rows, err := tx.List(tableGrounds, "", after, page)
		for _, row := range rows {
			g, err := load[LockGround](tx, tableGrounds, row.Key)
			if err != nil {
				return err
			}
			if account, _, _ := strings.Cut(row.Key, "/"); g != nil && g.stale(p.now()) && !slices.Contains(accounts, account) {
				accounts = append(accounts, account)
			}
		}
		if len(rows) == page {
			next = rows[page-1].Key
		}
		return err
	})
	return accounts, next, err
}

// review takes away the grounds of one account that have ended.
func (p *Platform) review(tx Tx, a *Account) (int, error) {
	all, err := p.standing(tx, a.ID)
	if err != nil {
		return 0, err
	}
	var gone []LockGround
	for _, g := range all {
		if g.stale(p.now()) {
			gone = append(gone, g)
		}
	}
	if len(gone) == 0 {
		return 0, nil
	}
	return len(gone), p.lift(tx, a, actorSystem, gone...)
}

// reviewOften calls ReviewLocks when some time has passed. What fails is tried at the
// next look.
func (p *Platform) reviewOften(ctx context.Context, last *time.Time) {
	if now := p.now(); last.IsZero() || now.Sub(*last) >= reviewEvery || now.Before(*last) {
		if _, err := p.ReviewLocks(ctx); err == nil {
			*last = now
		}
	}
}
