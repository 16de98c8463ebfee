package platform

import (
	"net/http"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// grantedShare is granted for a data request, which outlives the browser's session: it
// lasts as long as the person's consent. Why it does not, forShare says.
func (p *Platform) grantedShare(tx Tx, g *grant) (*grant, *Account, error) {
	a, err := load[Account](tx, tableAccounts, g.Account)
	if err != nil || a == nil {
		return nil, nil, err
	}
	return g, a, nil
}

// forShare prepares the tokens of a data request: the one fetch that they are for.
func (p *Platform) forShare(tx Tx, q *tokenCall, g *grant) (refusal, err error) {
	if g.Share == "" {
		return nil, nil
	}
	s, err := load[sharing](tx, tableSharings, g.Share)
	if err != nil || s == nil {
		return badGrant("no such data request"), err
	}
	if q.form.Has("resource") {
		return errTarget, nil
	}
	if refusal, err := p.mayShare(tx, s); refusal != nil || err != nil {
		return refusal, err
	}
	q.sharing, q.txn = s, random()[:22]
	return nil, nil
}

// again reports whether refresh tokens are given: to who may fetch again.
func (q *tokenCall) again() bool {
	if q.sharing != nil {
		return q.sharing.Ask.Periodic
	}
	return q.client.Refresh
}

// mayShare says why nothing of a request may go out now: the consent has ended, the
// person is locked, is no longer of the level, or the client may not ask for this any
// more. It is asked in the transaction that lets something out, so that whatever ends
// a consent and commits before that stops it.
func (p *Platform) mayShare(tx Tx, s *sharing) (refusal, err error) {
	a, err := load[Account](tx, tableAccounts, s.Account)
	if err != nil {
		return nil, err
	}
	c, err := load[Client](tx, tableClients, s.Client)
	if err != nil {
		return nil, err
	}
	state := s.now(p.now())
	if p.blind(s.Client) {
		return nil, nil
	}
	switch {
	case state == shareWithdrawn && p.on("share-sticky"):
		return refuse(http.StatusForbidden, errorWithdrawn, ""), nil
	case !s.live() && p.on("share-sticky"), state == shareOver && p.on("share-over"):
		return badGrant("the data request has ended, or nobody agreed to it"), nil
	case a == nil:
		return badGrant("no such data request"), nil
	case a.AccountLocked && p.on("share-account-lock"):
		return refuse(http.StatusForbidden, wire.ErrorAccountLocked, ""), nil
	case a.EIDLocked && p.on("share-eid-lock"):
		return refuse(http.StatusForbidden, wire.ErrorEIDLocked, ""), nil
	case a.Level < max(s.Ask.level().Level, s.ACR.Level) && p.on("share-level"): // the envelope repeats the latter
		return refuse(http.StatusForbidden, wire.ErrorUnmet, ""), nil
	case !stillRegistered(c, &s.Ask) && p.on("share-registered"):
		return refuse(http.StatusForbidden, "unauthorized_client", ""), nil
	// Also at the fetch: tokens can be collected.
	case s.Fetches > 0 && p.now().Before(s.next()) && p.on("share-frequency"):
		return refuse(http.StatusTooManyRequests, "slow_down", ""), nil
	}
	return nil, nil
}

// errorWithdrawn is what a client reads that fetches what a citizen took back.
const errorWithdrawn = "consent_withdrawn"

// stillRegistered reports whether the client may still ask for what it once did, in the
// words and on the terms that the person agreed to.
func stillRegistered(c *Client, ask *shareAsk) bool {
	if c == nil {
		return false
	}
	u := c.purpose(ask.Purpose)
	if u == nil || u.Vi != ask.VI || ask.EN != "" && u.En != ask.EN || u.RetentionDays < ask.Retention ||
		ask.Basis == wire.BasisLaw && u.Citation != ask.Citation {
		return false
	}
	for _, d := range ask.Documents {
		if !u.allows(d.Kind) {
			return false
		}
	}
	return true
}

// details is the element with what was granted, in the token's answer (RFC 9396 §7).
func (p *Platform) details(s *sharing, txn string) (jws.Raw, error) {
	d := s.Ask.onWire(s.Granted)
	d.Transaction, d.Grant = txn, s.ID
	for _, f := range p.faultsOf(s.Client) {
		if f.granted != nil {
			f.granted(&d)
		}
	}
	text, err := d.Encode()
	return jws.Raw(text), err
}

// next is when a periodic request may be fetched again.
func (s *sharing) next() time.Time {
	if !s.Ask.Periodic {
		return time.Time{}
	}
	return s.Last.AddDate(0, 0, s.Ask.Frequency)
}
