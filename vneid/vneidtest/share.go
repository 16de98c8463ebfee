package vneidtest

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/personas"
	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/document/paper"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// Purpose is what the relying parties of Share have registered unless the test names
// purposes of its own: any kind, for up to a year.
var Purpose = share.Purpose{Code: "test", VI: "Thử nghiệm", EN: "Test"}

// Law is the citation that a request with share.BasisLaw needs here.
const Law = "Luật Thử Nghiệm, Điều 1"

// Share registers a relying party that asks for documents (package vneid/share) and
// returns its configuration, with keys of its own; answers are encrypted to it. It may
// ask in a browser and by Ask, for the purposes, or for Purpose if none is named.
func (p *Platform) Share(redirectURL string, purposes ...share.Purpose) share.Config {
	p.t.Helper()
	sign, enc := p.newKey(), p.newKey()
	c := p.registration(redirectURL)
	c.Profile, c.CIBA = platform.FAPI2, platform.Poll
	c.Keys = p.jwks(jwx.Key{Public: sign.Public(), ID: "sign", Alg: "ES256", Use: "sig"},
		jwx.Key{Public: enc.Public(), ID: "enc", Alg: "ECDH-ES+A256KW", Use: "enc"})
	if len(purposes) == 0 {
		purposes = []share.Purpose{Purpose}
	}
	for _, u := range purposes {
		c.Purposes = append(c.Purposes, platform.Purpose{Code: u.Code, Vi: u.VI, En: u.EN, Kinds: paper.Kinds(), Citation: Law, RetentionDays: 365})
	}
	p.must(p.engine.Register(context.Background(), c))
	v := p.shareVerifier()
	v.Platform, v.Client = p.Issuer(), c.ID
	v.Decrypt = []share.DecryptKey{{ID: "enc", Key: enc}}
	return share.Config{Issuer: p.Issuer(), ClientID: c.ID, RedirectURL: redirectURL, Key: sign, KeyID: "sign", Verifier: v, Now: p.Now}
}

func (p *Platform) newKey() *ecdsa.PrivateKey {
	p.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	p.must(err)
	return key
}

// shareVerifier trusts the platform and its issuers of documents.
func (p *Platform) shareVerifier() *share.Verifier {
	status := &share.RemoteStatus{Now: p.Now, Life: time.Nanosecond}
	v := &share.Verifier{
		Keys:    &jwks.Remote{URL: p.Issuer() + "/share/jwks.json", Issuer: p.Issuer(), Uses: []vneid.Use{share.UseEnvelope, share.UseReceipt}, Now: p.Now},
		Issuers: map[string]share.Trust{}, Status: status, Replay: vneid.NewMemoryReplay(0, p.Now), Now: p.Now,
	}
	for iss, kinds := range p.engine.Issuers() {
		v.Issuers[iss] = share.Trust{Kinds: kinds, Keys: &jwks.Remote{
			URL: iss + "/jwks.json", Issuer: iss, Uses: []vneid.Use{share.UseDocument, vneid.UseStatus}, Now: p.Now,
		}}
		status.Issuers = append(status.Issuers, iss)
	}
	return v
}

// Ask lets a person answer a request in a browser and returns what share's Finish
// returns, without a server at the redirect URL. They agree to everything unless
// Decline says otherwise.
func (p *Platform) Ask(handle string, cfg share.Config, r share.Request) (share.Records, error) {
	p.t.Helper()
	client, err := share.New(cfg)
	if err != nil {
		return share.Records{}, err
	}
	return p.AskWith(handle, client, cfg.RedirectURL, r)
}

// AskWith is Ask with a client of the test's own, which keeps what a client remembers.
func (p *Platform) AskWith(handle string, client *share.Client, redirectURL string, r share.Request) (share.Records, error) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	target, session, err := client.Begin(ctx, r)
	if err != nil {
		return share.Records{}, err
	}
	query, err := p.comeBack(ctx, handle, target, redirectURL)
	if err != nil {
		return share.Records{}, err
	}
	return client.Finish(ctx, session, query)
}

// comeBack sends a person to the platform and returns the query with which the browser
// comes back.
func (p *Platform) comeBack(ctx context.Context, handle, target, redirectURL string) (query string, err error) {
	p.t.Helper()
	browser := p.Browser(handle)
	browser.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), redirectURL+"?") {
			return http.ErrUseLastResponse
		}
		return nil
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, nil)
	if err != nil {
		return "", err
	}
	resp, err := browser.Do(req)
	if err != nil {
		return "", err
	}
	page, err := io.ReadAll(io.LimitReader(resp.Body, 4096))
	resp.Body.Close()
	back, err2 := url.Parse(resp.Header.Get("Location"))
	if err = errors.Join(err, err2); err != nil || resp.Header.Get("Location") == "" {
		return "", errors.Join(err, fmt.Errorf("vneidtest: the visit of %s ended on a page: %s", handle, page))
	}
	return back.RawQuery, nil
}

// Withdraw takes a person's consent back (rút lại sự đồng ý), as they do in the app.
// grant is what Records.Grant names.
func (p *Platform) Withdraw(handle, grant string) {
	p.t.Helper()
	p.must(p.engine.WithdrawShare(context.Background(), p.known(handle), grant))
	p.deliver()
}

// Revoke revokes a person's document, in every copy that is out.
func (p *Platform) Revoke(handle string, kind document.Kind) {
	p.t.Helper()
	p.must(p.engine.SetPaperStatus(context.Background(), p.known(handle), kind, sdjwt.Invalid))
	p.deliver()
}

// Events registers the address of a relying party's handler for security events
// (package vneid/share/events), to which the platform pushes them.
func (p *Platform) Events(cfg share.Config, url string) {
	p.t.Helper()
	p.changeShare(cfg, func(c *platform.Client) { c.EventsURI = url })
}

// Webhook registers the address of share's Notify, and the secret that signs what is
// sent there: Config.WebhookSecret.
func (p *Platform) Webhook(cfg share.Config, url string) {
	p.t.Helper()
	p.changeShare(cfg, func(c *platform.Client) { c.CIBA, c.NotificationURI = platform.Ping, url })
}

// changeShare registers a relying party anew.
func (p *Platform) changeShare(cfg share.Config, f func(*platform.Client)) {
	p.t.Helper()
	c, err := p.engine.Client(context.Background(), cfg.ClientID)
	p.must(err)
	c.WebhookSecret = cfg.WebhookSecret
	f(&c)
	p.must(p.engine.Register(context.Background(), c))
}

// ticks are the switches that a person turns on; nil for one who refuses everything.
func (p *Platform) ticks(handle string, v *platform.ShareView) []string {
	no, declines := p.declined(handle)
	if declines && len(no) == 0 || v == nil {
		return nil
	}
	ticked := []string{}
	tick := func(field string) {
		if field != "" && !slices.Contains(no, field) {
			ticked = append(ticked, field)
		}
	}
	for _, d := range v.Documents {
		tick(d.Field)
		for _, i := range d.Items {
			tick(i.Field)
		}
	}
	return ticked
}

// represent lets a representative of the person answer what waits for one, in their own
// app: they agree unless Decline says otherwise. It reports whether anybody did.
func (p *Platform) represent(handle string) (answered bool) {
	p.t.Helper()
	who, _ := personas.Get(handle)
	ctx := context.Background()
	for _, guardian := range who.Guardians {
		waiting, err := p.engine.Awaiting(ctx, guardian)
		p.must(err)
		a, err := p.engine.Account(ctx, guardian)
		p.must(err)
		by := platform.Session{Account: a, Assurance: vneid.Assurance{Level: a.Level, Auth: 2, At: p.Now()}}
		for _, w := range waiting {
			p.must(p.engine.DecideShare(ctx, by, w.Grant, p.ticks(guardian, &w.Terms)))
			answered = true
		}
	}
	p.deliver()
	return answered
}
