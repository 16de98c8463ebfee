package vneidtest

import (
	"context"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid/share"
	"github.com/vneid-sdk/vneid-go/vneid/share/sharetest"
)

// Conformance is the platform as a target of package sharetest, with a person who
// decides as each case has it. Every case gets a relying party of its own.
func (p *Platform) Conformance(handle string) sharetest.Target {
	p.t.Helper()
	p.known(handle)
	const redirectURL = "https://relying-party.example/callback"
	decide := func(v sharetest.Visit) {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.declines, handle)
		if v.Refuse || len(v.Decline) > 0 {
			p.declines[handle] = append([]string{}, v.Decline...)
		}
	}
	return sharetest.Target{
		Config: func() (share.Config, error) { return p.Share(redirectURL), nil }, Purpose: Purpose,
		Person: p.Person(handle).Username,
		Answer: func(ctx context.Context, v sharetest.Visit) (string, error) {
			decide(v)
			if v.URL != "" {
				return p.comeBack(ctx, handle, v.URL, redirectURL)
			}
			if v.Refuse {
				p.Refuse(handle)
				return "", nil
			}
			return "", p.Approve(handle, v.Number)
		},
		Wait: func(_ context.Context, d time.Duration) error { p.Advance(d); return nil },
		Break: func(name string) error {
			for _, f := range Faults() {
				if f.Name == name {
					p.Break(name)
					return nil
				}
			}
			return errors.ErrUnsupported
		},
		Heal: p.Heal,
	}
}
