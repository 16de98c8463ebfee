package main

import (
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share"
	"github.com/vneid-sdk/vneid-go/vneid/share/events"
)

// receipts are what people agreed to, in memory: a real site keeps them in its
// database, encrypted, beside a durable events.Ledger.
type receipts struct {
	mu  sync.Mutex
	all map[string]*consent // by grant
}

const maxConsents = 1000

func newReceipts() *receipts { return &receipts{all: map[string]*consent{}} }

// consent is one answer with its receipt. The receipt stays when the data has to go: it
// is what proves that there was a consent.
type consent struct {
	id string // of the grant, whatever grant holds by now

	mu       sync.Mutex
	grant    *share.Grant
	receipt  share.Receipt
	signed   string // the receipt as the platform signed it
	records  share.Records
	evidence share.Evidence
	until    time.Time // when the retention ends that the person agreed to
	fetched  int
	revoked  map[string]bool // kinds that their issuer took back since
	ended    ending
	endedAt  time.Time
	hold     events.Hold // a law's duty to keep it longer
}

// ending says why data is used no more.
type ending int

const (
	live ending = iota
	withdrawn
	died
	given   // given up by this site
	expired // the retention is over
)

func newConsent(answer share.Records) (*consent, error) {
	e, err := answer.Evidence()
	if err != nil {
		return nil, err
	}
	c := &consent{id: answer.Grant(), receipt: answer.Receipt(), signed: e.Receipt, grant: answer.Consent()}
	c.take(answer, e)
	return c, nil
}

// take puts an answer in the place of the former one. The caller holds c.mu, or nobody
// else has c.
func (c *consent) take(answer share.Records, e share.Evidence) {
	c.records, c.evidence, c.revoked = answer, e, map[string]bool{}
	c.until = answer.Verified().AddDate(0, 0, c.receipt.RetentionDays)
	c.fetched++
}

// keep notes a consent, unless it is there.
func (b *receipts) keep(c *consent, now time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.all[c.id] != nil {
		return nil
	}
	if len(b.all) >= maxConsents {
		return &vneid.APIError{Status: http.StatusServiceUnavailable, RetryAfter: time.Hour}
	}
	b.all[c.id] = c
	return nil
}

// of lists a person's consents, the newest first.
func (b *receipts) of(subject string) (out []*consent) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.all {
		if c.receipt.Subject == subject {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(x, y *consent) int { return y.receipt.Issued.Compare(x.receipt.Issued) })
	return out
}

// find returns a person's consent; nil for none, also for another's.
func (b *receipts) find(subject, grant string) *consent {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c := b.all[grant]; c != nil && c.receipt.Subject == subject {
		return c
	}
	return nil
}

// revoke notes that the issuer took a kind of document back.
func (b *receipts) revoke(subject, kind string) {
	for _, c := range b.of(subject) {
		c.mu.Lock()
		c.revoked[kind] = true
		c.mu.Unlock()
	}
}

// settle does with the data what the state of the person demands: when the consent or
// the retention is over it goes, unless a law holds it, and then it is used no more.
func (c *consent) settle(state events.State, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept := events.Kept{ID: c.receipt.ID, Grant: c.id, Until: c.until, Hold: c.hold}
	if c.ended == given { // to the ledger that is nothing; to this site it is an end
		kept.Until = c.endedAt
	}
	fate := state.Fate(kept, now)
	if fate == events.Usable {
		return
	}
	if c.ended == live {
		c.ended, c.endedAt = expired, now
		switch {
		case state.IsWithdrawn(c.id):
			c.ended = withdrawn
		case state.Died:
			c.ended = died
		}
	}
	c.records = share.Records{} // no use any more
	if fate == events.Purge {
		c.evidence = share.Evidence{}
	}
}

// archive is the evidence with what this site adds to it; false when it has none.
func (c *consent) archive() (share.Evidence, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.evidence
	if c.ended == withdrawn {
		e.Withdrawn = &c.endedAt
	}
	if c.hold.Until.After(c.endedAt) {
		day, _ := vneid.NewDate(c.hold.Until.In(vietnam).Date())
		e.Hold = &share.Hold{Basis: c.hold.Basis, Citation: c.hold.Citation, Until: day}
	}
	return e, e.Version != 0
}
