// Package local runs the reference platform on loopback for as long as a program needs
// it, with a clock that the program moves.
package local

import (
	"context"
	"errors"

	"github.com/vneid-sdk/vneid-go/examples/internal/serve"
	"github.com/vneid-sdk/vneid-go/examples/internal/web"
	"github.com/vneid-sdk/vneid-go/internal/platform"
)

// Platform is a running platform.
type Platform struct {
	*web.Site
	Clock *platform.Clock

	stop context.CancelFunc
	end  chan error
}

// Callback is where browsers would come back to, of programs that send none away. All
// their clients have this host, and so one name for each person.
const Callback = "http://127.0.0.1:1/callback"

// Start starts a platform with relying parties. Close ends it.
func Start(ctx context.Context, clients ...platform.Client) (*Platform, error) {
	l, err := serve.Listen("127.0.0.1:0", false)
	if err != nil {
		return nil, err
	}
	p := &Platform{Clock: new(platform.Clock), end: make(chan error, 1)}
	p.Site, err = web.New(ctx, web.Config{Issuer: "http://" + l.Addr().String(), Clients: clients, PasswordRounds: 1, Clock: p.Clock})
	if err != nil {
		return nil, errors.Join(err, l.Close())
	}
	ctx, p.stop = context.WithCancel(ctx)
	go func() { p.end <- serve.Run(ctx, l, p.Site) }()
	return p, nil
}

// Close ends the platform.
func (p *Platform) Close() {
	p.stop()
	<-p.end
}

// Approve answers what waits on a person's telephone: they type the number on the
// other screen, show what else is needed, and tick everything.
func (p *Platform) Approve(ctx context.Context, handle, password, number string) error {
	waiting, err := p.Site.Platform.Prompts(ctx, handle)
	if err != nil || len(waiting) == 0 {
		return errors.Join(err, errors.New("the telephone does not ask"))
	}
	yes := platform.Approval{Number: number, Password: password, Face: true}
	if ask := waiting[0].Share; ask != nil {
		for _, d := range ask.Documents {
			yes.Ticked = append(yes.Ticked, d.Field)
			for _, i := range d.Items {
				if i.Field != "" {
					yes.Ticked = append(yes.Ticked, i.Field)
				}
			}
		}
	}
	return p.Site.Platform.Approve(ctx, handle, waiting[0].ID, yes)
}
