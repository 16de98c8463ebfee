package vneidtest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/servicewire"
	"github.com/vneid-sdk/vneid-go/vneid/services"
)

// Services registers a relying party that may call every service, as a state body, and
// returns the configuration of its client. The facilities are codes of lodgings whose
// stays it notifies.
func (p *Platform) Services(facilities ...string) services.Config {
	p.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	p.must(err)
	p.mu.Lock()
	p.clients++
	id := fmt.Sprintf("services-%d", p.clients)
	p.mu.Unlock()
	c := platform.Client{
		ID: id, Name: "Đơn vị thử nghiệm " + id, Class: "state", Keys: p.jwks(jwx.Key{Public: key.Public(), ID: "sign", Alg: "ES256", Use: "sig"}),
		Services: []platform.Service{platform.ServiceStays, platform.ServiceRequests, platform.ServiceNotifications},
	}
	for _, code := range facilities {
		c.Facilities = append(c.Facilities, platform.Facility{Code: code, Name: "Cơ sở thử nghiệm " + code})
	}
	p.must(p.engine.Register(context.Background(), c))
	return services.Config{Issuer: p.Issuer(), ClientID: id, Key: key, KeyID: "sign", Now: p.Now}
}

// Decide takes a ticket of requests.Desk.File to its next state, as an officer does:
// "processing", "needs-more", "done", "verified" or "refused".
func (p *Platform) Decide(ticket, state, note string) {
	p.t.Helper()
	p.must(p.engine.DecideTicket(context.Background(), ticket, state, servicewire.Text{Vi: note, En: note}))
}

// Inbox lists the kinds of what a person finds in the app, newest first, such as "stay",
// "procedure" or "lienthong.birth". Remind adds what the day brings.
func (p *Platform) Inbox(handle string) (kinds []string) {
	p.t.Helper()
	list, err := p.engine.Inbox(context.Background(), p.known(handle), 100)
	p.must(err)
	for _, n := range list {
		kinds = append(kinds, n.Kind)
	}
	return kinds
}

// Remind has the platform send what the day of its clock brings: greetings, warnings of
// cards that end.
func (p *Platform) Remind() {
	p.t.Helper()
	_, err := p.engine.Remind(context.Background())
	p.must(err)
}
