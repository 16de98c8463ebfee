package platform

import (
	"context"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
)

const tableSendings = "sending" // keyed hash of (client, key) → filed

// sendNotification takes an authority's notification. A number without an account is
// answered as one with.
func (p *Platform) sendNotification(ctx context.Context, c *Client, o jws.Object) (members, error) {
	s, ok := servicewire.ReadSending(o)
	if !ok {
		return nil, errShape
	}
	// Anybody may tell that a portal's account was linked; the rest is for the state.
	if s.Kind != servicewire.AccountLinked && c.Class != "state" && p.on("notify-state") {
		return nil, refuseCode(servicewire.NotYours)
	}
	if err := p.admit(ctx); err != nil {
		return nil, err
	}
	return p.effect(ctx, nil, func(tx Tx) (members, error) {
		id := random()[:22]
		key, body := p.mac("sending key", c.ID, s.Key), p.mac("sending body", o.Text())
		was, err := load[filed](tx, tableSendings, key)
		switch {
		case err != nil:
			return nil, err
		case was != nil && was.Body != body:
			return nil, refuseCode(servicewire.KeyReused)
		case was != nil && p.on("notify-once"):
			return members{is("id", was.ID)}, nil
		}
		if err := save(tx, tableSendings, key, filed{id, body}, p.now().Add(keepInbox)); err != nil {
			return nil, err
		}
		return members{is("id", id)}, p.deliverNotification(tx, c, s)
	})
}

func (p *Platform) deliverNotification(tx Tx, c *Client, s servicewire.Sending) error {
	n := s.Notification
	n.From = c.Name
	if s.To == "" {
		return p.broadcast(tx, n)
	}
	switch s.Kind {
	case servicewire.LinkedBirth:
		n.Title = servicewire.Text{Vi: "Kết quả liên thông: khai sinh, thường trú, thẻ BHYT cho trẻ dưới 6 tuổi", En: "Birth registration, residence and health insurance of a child under 6"}
	case servicewire.LinkedDeath:
		n.Title = servicewire.Text{Vi: "Kết quả liên thông: khai tử, xóa đăng ký thường trú, hỗ trợ mai táng", En: "Death registration, deletion of the residence, funeral allowance"}
	case servicewire.AccountLinked:
		n.Title = servicewire.Text{Vi: "Tài khoản đã được liên kết", En: "An account was linked"}
	}
	if s.Kind == servicewire.LinkedDeath && s.Parts[0].State == "done" {
		if err := p.registerDeath(tx, c, s.Deceased); err != nil {
			return err
		}
	}
	a, err := p.byNumber(tx, s.To)
	if err != nil || a == nil {
		return err
	}
	return p.notify(tx, a.ID, n)
}

// registerDeath locks the electronic identity card of who died (Luật Căn cước Art. 34,
// ground d), and the account: nobody can be logged in as them any more.
func (p *Platform) registerDeath(tx Tx, c *Client, number string) error {
	a, err := p.byNumber(tx, number)
	if err != nil || a == nil || !p.on("death-locks") {
		return err
	}
	_, err = p.died(tx, a, LockGround{By: actorClient, Client: c.ID})
	return errors.Join(err, save(tx, tableAccounts, a.ID, a, time.Time{}))
}
