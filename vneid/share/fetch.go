package share

import (
	"context"
	"net/http"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/share/events"
)

// collect fetches the answer that the tokens are for, unless that was done, and
// verifies it. An access token fetches once.
func (c *Client) collect(ctx context.Context, want Expect, left *progress) (Records, error) {
	if left.bundle == nil {
		if want.Subject != "" {
			if err := c.allowed(ctx, want.Subject, left.tokens.granted.Grant); err != nil {
				return Records{}, err
			}
		}
		bundle, err := c.fetch(ctx, left.tokens.access, want.Request.Need)
		if err != nil {
			return Records{}, err
		}
		left.bundle = bundle
	}
	want.Txn, want.Grant = left.tokens.granted.Transaction, left.tokens.granted.Grant
	return c.verified(ctx, left, want)
}

// fetch asks for the bundle, once.
func (c *Client) fetch(ctx context.Context, access string, need vneid.Assurance) ([]byte, error) {
	party := c.party()
	a, err := party.Get(ctx, c.below(wire.PathBundle), access)
	switch {
	case err != nil:
		return nil, err
	case a.Status != http.StatusOK:
		return nil, refusal(&a, need)
	case a.Media != wire.MediaBundle && a.Media != wire.MediaJOSE:
		return nil, fault.New(vneid.ErrMalformed, "the platform's answer is no bundle")
	case len(a.Other) > wire.MaxBundle:
		return nil, malformed("the answer is too large")
	}
	return []byte(a.Other), nil
}

// verified makes Records of a bundle. The checks that spend nothing come first: the
// verifier's, then the ledger's word on the person, and last that nobody took the
// answer before.
func (c *Client) verified(ctx context.Context, left *progress, want Expect) (Records, error) {
	v := c.verifier()
	a, err := v.inspect(ctx, left.bundle, want)
	if err != nil {
		return Records{}, err
	}
	if err := c.learn(ctx, a.envelope); err != nil {
		return Records{}, err
	}
	if err := c.allowed(ctx, a.subject, a.grant); err != nil {
		return Records{}, err
	}
	if err := v.spend(ctx, a); err != nil {
		return Records{}, err
	}
	a.kept = c.grantOf(a, left, want)
	return newRecords(a), nil
}

// learn gives the ledger of package events the answer's own word: when it was sealed
// both locks were open, so that a lock which was over by then, and whose events come
// late, is not applied on top of it.
func (c *Client) learn(ctx context.Context, e envelope) error {
	l, ok := c.cfg.Ledger.(events.Ledger)
	if !ok || !c.on("learn") {
		return nil
	}
	if _, err := l.Apply(ctx, events.Delivered(c.cfg.Issuer, e.subject, e.sequence, e.issued)); err != nil {
		return from(err, "the ledger")
	}
	return nil
}

// allowed asks the ledger, if there is one.
func (c *Client) allowed(ctx context.Context, subject, grant string) error {
	if c.cfg.Ledger == nil || !c.on("ledger") {
		return nil
	}
	if err := c.cfg.Ledger.Allows(ctx, c.cfg.Issuer, subject, grant); err != nil {
		return from(err, "the ledger")
	}
	return nil
}
