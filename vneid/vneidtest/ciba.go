package vneidtest

import (
	"context"
	"errors"

	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/sso"
)

// CIBA lets a relying party begin logins at a counter (package sso/ciba). notify is
// the address of its handler, ciba.Desk.Notify, for ping; empty for poll. The person
// answers by Approve or Refuse.
func (p *Platform) CIBA(cfg sso.Config, notify string) {
	p.t.Helper()
	p.change(cfg, func(c *platform.Client) {
		c.CIBA, c.NotificationURI = platform.Poll, notify
		if notify != "" {
			c.CIBA = platform.Ping
		}
	})
}

// Approve answers the oldest prompt in a person's app with the number on the other
// screen, and shows what else it asks for (password, face). Any other number refuses.
// The error, of no kind, says that there was no prompt or that it was refused.
func (p *Platform) Approve(handle, number string) error {
	p.t.Helper()
	ctx := context.Background()
	waiting, err := p.engine.Prompts(ctx, p.known(handle))
	p.must(err)
	if len(waiting) == 0 {
		return errors.New("vneidtest: nothing waits in the app")
	}
	first := waiting[0]
	for _, q := range waiting {
		if q.At.Before(first.At) {
			first = q
		}
	}
	who, _ := personas.Get(handle)
	human := &human{p: p, handle: handle}
	err = p.engine.Approve(ctx, handle, first.ID, platform.Approval{Number: number, Password: human.password(who), Face: true, Ticked: p.ticks(handle, first.Share)})
	if err == nil {
		p.represent(handle)
	}
	p.deliver()
	return err
}

// Refuse refuses the oldest prompt in a person's app.
func (p *Platform) Refuse(handle string) {
	p.t.Helper()
	if err := p.Approve(handle, ""); err != nil && !errors.Is(err, platform.ErrNoPrompt) {
		p.t.Fatalf("%v", err)
	}
}
