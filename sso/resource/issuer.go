package resource

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/guard"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// How long the issuer's metadata is believed, and when a failed reading may be
// tried again.
const (
	metadataLife  = time.Hour
	metadataPause = 5 * time.Second
	metadataTime  = 10 * time.Second
)

// discovered is the KeySet that the issuer's metadata points to. It is read when
// first needed, by one call however many wait; while it cannot be read again the
// old address stays, whose keys age by their own rules.
type discovered struct {
	cfg   *Config
	calls *oauth.Party

	mu     sync.Mutex
	set    *jwks.Remote
	read   time.Time     // when set's address was read
	next   time.Time     // not to be read again before
	err    error         // why the last reading failed
	flight chan struct{} // closed when the reading under way ends
	past   uint64        // generations of the sets before this one
}

func newDiscovered(c *Config) *discovered {
	return &discovered{cfg: c, calls: &oauth.Party{HTTP: oauth.HTTP(c.HTTP, c.Issuer), Now: c.Now}}
}

// Verify implements vneid.KeySet.
func (d *discovered) Verify(ctx context.Context, s vneid.Signed) error {
	set, err := d.get(ctx)
	if err != nil {
		return err
	}
	return set.Verify(ctx, s)
}

// Generation is a number that changes whenever the keys may have.
func (d *discovered) Generation() uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.set == nil {
		return d.past
	}
	return d.past + d.set.Generation()
}

func (d *discovered) get(ctx context.Context) (*jwks.Remote, error) {
	d.mu.Lock()
	now := d.cfg.Now()
	age := now.Sub(d.read)
	fresh := d.set != nil && age >= 0 && age < metadataLife
	if !fresh && d.flight == nil && !now.Before(d.next) {
		d.flight = make(chan struct{})
		go d.refresh() // ends by its own time-out: a waiter who gives up fails alone
	}
	set, flight, err := d.set, d.flight, d.err
	d.mu.Unlock()
	switch {
	case set != nil:
		return set, nil
	case flight == nil:
		return nil, err
	}
	select {
	case <-ctx.Done():
		return nil, fault.Wrap(vneid.ErrUnavailable, ctx.Err(), "the caller gave up")
	case <-flight:
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.set == nil {
		return nil, d.err
	}
	return d.set, nil
}

// refresh reads the metadata once and wakes the waiters.
func (d *discovered) refresh() {
	ctx, cancel := context.WithTimeout(context.Background(), metadataTime)
	defer cancel()
	where, err := d.ask(ctx)
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.cfg.Now()
	d.err = err
	if err != nil {
		d.next = now.Add(metadataPause)
	} else {
		d.read = now
		if d.set == nil || d.set.URL != where {
			if d.set != nil {
				d.past += d.set.Generation() + 1
			}
			d.set = &jwks.Remote{
				URL: where, Issuer: d.cfg.Issuer, Uses: []vneid.Use{vneid.UseAccess},
				HTTP: d.calls.HTTP, Now: d.cfg.Now,
			}
		}
	}
	close(d.flight)
	d.flight = nil
}

// ask returns the jwks_uri of the metadata at the place that the issuer names
// (OpenID Connect Discovery §4).
func (d *discovered) ask(ctx context.Context) (string, error) {
	a, err := d.calls.Get(ctx, strings.TrimSuffix(d.cfg.Issuer, "/")+"/.well-known/openid-configuration", "")
	switch {
	case err != nil:
		return "", err
	case a.Status != http.StatusOK:
		return "", fault.Wrap(&vneid.APIError{Status: a.Status, RetryAfter: metadataPause}, nil,
			"the issuer answered with status %d for its metadata", a.Status)
	case !a.IsJSON:
		return "", fault.New(vneid.ErrUnavailable, "the issuer's metadata is not a JSON object")
	case a.Object.String("issuer") != d.cfg.Issuer:
		return "", fault.New(vneid.ErrUntrusted, "the issuer's metadata names another issuer than Config.Issuer")
	}
	where := a.Object.String("jwks_uri")
	u, err := guard.CheckURL(where)
	switch {
	case err != nil || strings.HasPrefix(d.cfg.Issuer, "https:") && u.Scheme != "https":
		return "", fault.New(vneid.ErrUntrusted, "the issuer's jwks_uri is not a safe URL")
	case !d.ownHost(u):
		return "", fault.New(vneid.ErrUntrusted, "the issuer's jwks_uri is on a host that is neither the issuer's nor in Config.Hosts")
	}
	return where, nil
}

func (d *discovered) ownHost(u *url.URL) bool {
	return guard.SameHost(u.String(), d.cfg.Issuer) ||
		slices.ContainsFunc(d.cfg.Hosts, func(h string) bool { return strings.EqualFold(h, u.Hostname()) })
}
