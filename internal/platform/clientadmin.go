package platform

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// What those who look after registrations do: the relying party's own staff in its
// console, the agency, and the lab. Pages decide who may; the engine writes down who did.

// ErrNoClient is for a client that is not registered, ErrClientExists for one that is
// already.
var (
	ErrNoClient     = errors.New("platform: no such client")
	ErrClientExists = errors.New("platform: a client of that name is registered")
)

// Clients lists registrations without their secrets, in the order of the ids behind
// after, at most limit of them.
func (p *Platform) Clients(ctx context.Context, after string, limit int) (out []Client, err error) {
	err = p.store.View(ctx, func(tx Tx) error {
		out = nil
		rows, err := tx.List(tableClients, "", after, limit)
		for _, row := range rows {
			c, err := load[Client](tx, tableClients, row.Key)
			if err != nil || c == nil {
				return err
			}
			c.Secret, c.WebhookSecret = "", nil
			out = append(out, *c)
		}
		return err
	})
	return out, err
}

// Enlist registers a client whose id is free. actor is who does it: an id of Staff, or
// empty for the platform itself.
func (p *Platform) Enlist(ctx context.Context, actor string, c Client) error {
	if err := p.vet(ctx, &c); err != nil {
		return err
	}
	p.hide(&c, true, true)
	return p.store.Update(ctx, func(tx Tx) error {
		was, err := tx.Get(tableClients, c.ID)
		if err != nil {
			return err
		}
		if was != nil {
			return ErrClientExists
		}
		return p.saveClient(tx, c, actor)
	})
}

// Amend changes a registration. change may run more than once, and sees it without its
// secrets: one that it sets replaces the old one, one that it leaves empty stays, unless
// the client gets another way to authenticate. Its Sector stays too, and with it the names
// by which the client knows people.
func (p *Platform) Amend(ctx context.Context, actor, id string, change func(*Client) error) error {
	was, err := p.client(ctx, id)
	if err != nil {
		return err
	}
	if _, err := p.amended(ctx, was, id, change); err != nil {
		return err
	}
	return p.store.Update(ctx, func(tx Tx) error {
		was, err := load[Client](tx, tableClients, id)
		if err != nil {
			return err
		}
		c, err := p.amended(ctx, was, id, change)
		if err != nil {
			return err
		}
		return p.saveClient(tx, *c, actor)
	})
}

// amended is a registration after a change, checked and with its secrets hidden.
func (p *Platform) amended(ctx context.Context, was *Client, id string, change func(*Client) error) (*Client, error) {
	if was == nil {
		return nil, ErrNoClient
	}
	c := *was
	c.Secret, c.WebhookSecret = "", nil
	if err := change(&c); err != nil {
		return nil, err
	}
	if c.ID != id {
		return nil, errors.New("platform: Client.ID cannot be changed")
	}
	secret := c.Secret == "" && !c.Public && !c.signs()
	if secret {
		c.Secret = was.Secret
	}
	hook := len(c.WebhookSecret) == 0 && len(c.Purposes) > 0
	if hook {
		c.WebhookSecret = was.WebhookSecret
	}
	if err := p.vet(ctx, &c); err != nil {
		return nil, err
	}
	p.hide(&c, !secret, !hook)
	return &c, nil
}

// NewSecret gives a client that authenticates by a secret another one, and returns it:
// nobody can read it again. The old one is worth nothing at once.
func (p *Platform) NewSecret(ctx context.Context, actor, id string) (secret string, err error) {
	secret = random()
	err = p.Amend(ctx, actor, id, func(c *Client) error {
		if c.Public || c.signs() {
			return errors.New("platform: the client has no secret")
		}
		c.Secret = secret
		return nil
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// NewWebhookSecret gives a client with purposes another secret for its pings, and returns
// it once, in the same way.
func (p *Platform) NewWebhookSecret(ctx context.Context, actor, id string) (secret string, err error) {
	secret = random()
	err = p.Amend(ctx, actor, id, func(c *Client) error {
		c.WebhookSecret = []byte(secret)
		return nil
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// signs reports whether the client registered a key that signs.
func (c *Client) signs() bool {
	signing, _, err := c.keys()
	return err == nil && len(signing) > 0
}

// vet checks a registration, and that there is a key of its algorithm.
func (p *Platform) vet(ctx context.Context, c *Client) error {
	if err := c.check(); err != nil {
		return fmt.Errorf("platform: %w", err)
	}
	if c.Alg == "" {
		c.Alg = "ES256"
	}
	if err := p.login.ensure(ctx, c.Alg); err != nil {
		return fmt.Errorf("platform: Client.Alg: %w", err)
	}
	return nil
}

// hide makes of secrets what the store may hold.
func (p *Platform) hide(c *Client, secret, webhook bool) {
	if secret && c.Secret != "" {
		c.Secret = p.mac("client secret", c.ID, c.Secret)
	}
	if webhook && len(c.WebhookSecret) > 0 {
		c.WebhookSecret = []byte(p.conceal(string(c.WebhookSecret)))
	}
}

func (p *Platform) saveClient(tx Tx, c Client, actor string) error {
	if err := errors.Join(p.claimAudience(tx, c), p.openStream(tx, c)); err != nil {
		return err
	}
	return errors.Join(save(tx, tableClients, c.ID, c, time.Time{}), p.recordClient(tx, c, actor))
}
