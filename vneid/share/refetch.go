package share

import (
	"context"
	"crypto/sha256"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const (
	refetchShare = time.Minute     // how long an answer is given to who comes with the same Grant
	accessTime   = 5 * time.Minute // how long a token that brought nothing is tried again
)

// Refetch brings a fresh answer for a periodic grant, whose Records.Grant replaces g.
// The platform asks again whether it may: a lock, a withdrawal or a lost level ends it
// there, and Config.Ledger here. Too early is vneid.ErrNotYetValid, too late
// vneid.ErrExpired.
//
// A platform may replace the refresh token, and the old one is spent then. So what
// comes is handed to save, which writes the Grant down for good before anything else is
// done with it; where nothing is replaced, as FAPI 2.0 would have it, save is not
// called. When save fails the fresh Grant stays in this process, up to a day, and the
// next Refetch of the same one saves it. A program that keeps grants nowhere says so
// with a save that does nothing. Several processes that share a grant lock the record of
// it around Refetch, and read it again inside.
//
// Calls for the same grant at once, and up to a minute later, get one answer.
func (c *Client) Refetch(ctx context.Context, g *Grant, save func(context.Context, *Grant) error) (Records, error) {
	r, err := c.refetch(ctx, g.get(), save)
	if err != nil {
		return Records{}, fault.Prefix("share", err)
	}
	return r, nil
}

func (c *Client) refetch(ctx context.Context, g granted, save func(context.Context, *Grant) error) (Records, error) {
	now := time.Time{}
	if err := c.made(); err != nil {
		return Records{}, err
	}
	now = c.cfg.Now()
	switch err := c.mine(g); {
	case err != nil:
		return Records{}, err
	case save == nil:
		return Records{}, errors.New("Refetch needs a save")
	case g.Refresh == "":
		return Records{}, fault.New(vneid.ErrExpired, "the grant is for one answer: ask the citizen again")
	case g.Bound != c.prover.Thumbprint():
		return Records{}, mismatch("the grant is bound to another key than Config.DPoPKey")
	case !now.Before(g.Until):
		return Records{}, over(g.Until, now)
	case now.Before(g.Next) && c.on("frequency"):
		return Records{}, &vneid.TimeError{NotBefore: g.Next, Now: now}
	}
	if err := c.allowed(ctx, g.Subject, g.ID); err != nil {
		return Records{}, err
	}
	key := sha256.Sum256([]byte("refetch " + g.Refresh + " " + strconv.FormatInt(g.Fetched.UnixNano(), 10)))
	return c.ended.Once(ctx, key, refetchShare, func(ctx context.Context, left *progress) (Records, error) {
		return c.again(ctx, g, save, left)
	})
}

// again goes on with a refetch from wherever it was.
func (c *Client) again(ctx context.Context, g granted, save func(context.Context, *Grant) error, left *progress) (Records, error) {
	r, _, err := g.request()
	if err != nil {
		return Records{}, err
	}
	old := g.Refresh
	if t := left.tokens; t != nil && t.refresh != "" {
		g.Refresh = t.refresh
		if left.bundle == nil && c.cfg.Now().Sub(left.got) > accessTime {
			left.tokens = nil
		}
	}
	if left.tokens == nil {
		if err := c.renew(ctx, &g, left); err != nil {
			return Records{}, err
		}
	}
	if g.Refresh != old && !left.saved {
		if save(ctx, newGrant(g)) != nil {
			return Records{}, fault.New(vneid.ErrUnavailable, "the fresh grant could not be saved; this process keeps it and tries again at the next Refetch")
		}
		left.saved = true
	}
	return c.collect(ctx, Expect{Request: r, Nonce: g.Nonce, Subject: g.Subject}, left)
}

// renew trades the refresh token for the tokens of one more fetch, once.
func (c *Client) renew(ctx context.Context, g *granted, left *progress) error {
	md, err := c.platform.Get(ctx)
	if err != nil {
		return err
	}
	p := pending{Details: g.Details, Level: g.Level, Auth: g.Auth}
	err = c.trade(ctx, md, &p, left, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {g.Refresh}})
	if err != nil {
		return err
	}
	if c.on("same-grant") && left.tokens.granted.Grant != g.ID {
		left.tokens = nil
		return mismatch("the platform answered for another grant")
	}
	if left.tokens.refresh == "" {
		left.tokens.refresh = g.Refresh // it stays (RFC 6749 §6)
	}
	if left.tokens.refresh != g.Refresh {
		g.Refresh, left.saved = left.tokens.refresh, false
	}
	return nil
}

// GiveUp tells the platform that the relying party wants nothing more of a grant: it
// ends there, the citizen sees that, and no data is fetched by it any more. What was
// fetched before is this program's to delete. A grant that is over already is no error.
func (c *Client) GiveUp(ctx context.Context, g *Grant) error {
	return fault.Prefix("share", c.giveUp(ctx, g.get()))
}

func (c *Client) giveUp(ctx context.Context, g granted) error {
	if err := c.made(); err != nil {
		return err
	}
	if err := c.mine(g); err != nil {
		return err
	}
	party := c.party()
	party.Prover = nil // nothing is bound here
	a, err := party.Delete(ctx, c.below(wire.PathGrants)+url.PathEscape(g.ID))
	switch {
	case err != nil:
		return err
	case a.Status == http.StatusNoContent, a.Status == http.StatusOK, a.Status == http.StatusNotFound, a.Status == http.StatusGone:
		return nil
	}
	return refusal(&a, vneid.Assurance{})
}

// mine refuses a grant that this client did not get.
func (c *Client) mine(g granted) error {
	switch {
	case g.ID == "":
		return mismatch("there is no grant")
	case g.Issuer != c.cfg.Issuer || g.ClientID != c.cfg.ClientID:
		return mismatch("the grant is of another issuer or client")
	}
	return nil
}
