package vneidtest

import (
	"context"

	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/sso"
)

// BackchannelLogout registers the address of a relying party's handler
// (sso.Client.BackchannelLogout). The platform calls it when a session ends that the
// relying party takes part in from its next login on: by a logout in the browser, by
// LogOut or by LockAccount, which return after the call. What could not be told is
// told again when Advance lets enough time pass.
func (p *Platform) BackchannelLogout(cfg sso.Config, url string) {
	p.t.Helper()
	p.change(cfg, func(c *platform.Client) { c.BackchannelLogoutURI = url })
}

// LogOut ends all sessions of a person at the platform, as the person does in the app.
func (p *Platform) LogOut(handle string) {
	p.t.Helper()
	p.must(p.engine.EndSessions(context.Background(), p.known(handle)))
	p.deliver()
}

// deliver makes the calls that are due.
func (p *Platform) deliver() {
	p.t.Helper()
	_, err := p.engine.Deliver(context.Background())
	p.must(err)
}
