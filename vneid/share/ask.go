package share

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/decoupled"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

const grantCIBA = "urn:openid:params:grant-type:ciba"

// Ask asks somebody who is at a counter or on the telephone, in their own app. hint is
// how the platform finds them: their personal number (số định danh cá nhân), or the
// subject that it calls them by. message tells them what it is about: at most 17 of the
// characters A–Z a–z 0–9, space and hyphen, or nothing. The Session's Number is for
// them to compare; Poll or Wait brings the answer.
//
// While a request to the same person is open it refuses with vneid.ErrUnavailable, a
// *vneid.APIError with RetryAfter.
func (c *Client) Ask(ctx context.Context, r Request, hint, message string) (*Session, error) {
	s, err := c.ask(ctx, r, hint, message)
	if err != nil {
		return nil, fault.Prefix("share", err)
	}
	return s, nil
}

func (c *Client) ask(ctx context.Context, r Request, hint, message string) (*Session, error) {
	if err := c.made(); err != nil {
		return nil, err
	}
	switch {
	case !decoupled.GoodHint(hint):
		return nil, malformed("the hint is empty, too long or holds control characters")
	case !decoupled.GoodMessage(message):
		return nil, malformed("the message has more than 17 characters, or others than A–Z a–z 0–9, space and hyphen")
	}
	p, err := c.pending(r)
	if err != nil {
		return nil, err
	}
	md, err := c.platform.Get(ctx)
	switch {
	case err != nil:
		return nil, err
	case md.backchannel == "":
		return nil, fault.New(vneid.ErrUntrusted, "the platform's metadata has no backchannel_authentication_endpoint")
	}
	if p.Number, err = decoupled.Number(); err != nil {
		return nil, err
	}
	sum := c.hash(hint)
	p.Hint = sum[:16]
	who := p.key().Hint
	if err := c.desk.Enter(who, p.begun(), !c.on("open")); err != nil {
		return nil, err
	}
	switch err = c.send(ctx, md, hint, message, &p); {
	case err == nil:
		c.desk.Hold(p.key(), p.next(), p.until())
	case !errors.Is(err, vneid.ErrUnavailable) || errors.As(err, new(*vneid.APIError)):
		c.desk.Leave(who) // else nobody answered, and the telephone may have rung
	}
	if err != nil {
		return nil, err
	}
	return newSession(p), nil
}

// send makes the request (CIBA §7.1), whose bell hangs before it is sent: the platform
// may ring before it acknowledges.
func (c *Client) send(ctx context.Context, md *metadata, hint, message string, p *pending) error {
	asked, err := p.asked()
	if err != nil {
		return err
	}
	details, err := asked.Encode()
	if err != nil {
		return err
	}
	form := url.Values{
		"scope": {wire.ScopeShare}, wire.Details: {details},
		"login_hint": {hint}, "binding_message": {decoupled.Binding(p.Number, message)},
	}
	demand(form, p.need())
	if len(c.webhook()) > 0 {
		p.Bell = true
		form.Set("client_notification_token", p.token())
		c.desk.Hang(*p.bell(), p.begun().Add(decoupled.MaxLife))
	}
	err = c.acknowledged(ctx, md, form, p)
	if bell := p.bell(); bell != nil && err != nil {
		c.desk.Unhang(*bell)
	} else if bell != nil {
		c.desk.Tune(*bell, p.ID, p.until())
	}
	return err
}

func (c *Client) acknowledged(ctx context.Context, md *metadata, form url.Values, p *pending) error {
	party := c.party()
	party.Prover = nil // nothing is bound yet, and RFC 9449 knows no proof here
	a, err := party.Post(ctx, md.backchannel, form)
	switch {
	case err != nil:
		return err
	case a.Status != http.StatusOK:
		return refusal(&a, p.need())
	case !a.IsJSON:
		return malformed("the platform's acknowledgement is not a JSON object")
	}
	ack, err := decoupled.ReadAck(&a.Object)
	if err != nil {
		return err
	}
	p.ID, p.Every = ack.ID, int64(ack.Interval/time.Second)
	p.Until = p.begun().Add(ack.Life).Unix()
	p.Next = c.cfg.Now().Add(ack.Interval).Unix()
	return nil
}
