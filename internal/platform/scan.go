package platform

import (
	"context"
	"crypto/subtle"
	"strings"
	"time"
)

// scan is the QR code on a login page (đăng nhập bằng mã QR): a URL of this platform
// with the login's id and a secret, which the person's app opens. Project format;
// what VNeID's page shows is not public. The app asks for the password and for the two
// digits beside the code: who is sent a code by somebody else does not see them.
type scan struct {
	Secret string    `json:"secret"`
	Number string    `json:"number"`
	Until  time.Time `json:"until"`
}

// scanLife is how long a code is good; the page, loaded again, has another one.
const scanLife = time.Minute

const pathApp = "/app/" // the app's page; the engine only names it

// drawScan gives the login page a code, if it has none that is good.
func (p *Platform) drawScan(tx Tx, ia *interaction) error {
	now := p.now()
	if ia.Scan != nil && now.Before(ia.Scan.Until) {
		return nil
	}
	ia.Scan = &scan{Secret: random()[:22], Number: digits(2), Until: now.Add(scanLife)}
	return save(tx, tableInteractions, ia.ID, ia, ia.Until)
}

// Scanned returns the name of the client whose login a scanned code begins; empty for
// the platform's own pages. What stands behind the last slash of the URL names it.
func (p *Platform) Scanned(ctx context.Context, id string) (client string, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		ia, err := p.scanned(tx, id)
		if err != nil || ia.Request == nil {
			return err
		}
		c, err := load[Client](tx, tableClients, ia.Request.Client)
		if err == nil && c != nil {
			client = c.Name
		}
		return err
	})
	return client, err
}

// scanned finds the login of a code that is good. A login in which somebody has typed
// meanwhile has none.
func (p *Platform) scanned(tx Tx, id string) (*interaction, error) {
	id, secret, _ := strings.Cut(id, ".")
	ia, err := load[interaction](tx, tableInteractions, id)
	switch now := p.now(); {
	case err != nil:
		return nil, err
	case ia == nil || ia.Scan == nil || ia.Account != "" || !now.Before(ia.Until) || !now.Before(ia.Scan.Until) && p.on("scan-time"),
		subtle.ConstantTimeCompare([]byte(secret), []byte(ia.Scan.Secret)) != 1 && p.on("scan-secret"):
		return nil, ErrNoPrompt
	}
	return ia, nil
}

// ApproveScan logs the account in on the page that shows the code. A wrong number
// spends the code, a wrong password does not. The caller has authenticated the
// account's owner; the login counts as one by the app and the password.
func (p *Platform) ApproveScan(ctx context.Context, account, id string, a Approval) error {
	var owner *Account
	wrong := false
	err := p.store.Update(ctx, func(tx Tx) error {
		ia, err := p.scanned(tx, id)
		if err != nil {
			return err
		}
		if wrong = subtle.ConstantTimeCompare([]byte(ia.Scan.Number), []byte(a.Number)) != 1 && p.on("scan-number"); wrong {
			ia.Scan = nil
			return save(tx, tableInteractions, ia.ID, ia, ia.Until)
		}
		owner, err = load[Account](tx, tableAccounts, account)
		return err
	})
	if err == nil && (wrong || owner == nil || !owner.App || owner.AccountLocked) {
		err = ErrNoPrompt
	}
	if err != nil {
		return err
	}
	who, first, _, err := p.authenticate(ctx, owner.Username(), a.Password)
	switch {
	case err != nil:
		return err
	case who == nil && p.on("scan-password"):
		return ErrFactor
	}
	return p.store.Update(ctx, func(tx Tx) error {
		ia, err := p.scanned(tx, id)
		if err != nil {
			return err
		}
		ia.Account, ia.First, ia.Session, ia.Scan = account, first, "", nil
		ia.Shown, ia.At, ia.Fresh = []Factor{FactorPassword, FactorApp}, p.now(), true
		return save(tx, tableInteractions, ia.ID, ia, ia.Until)
	})
}
