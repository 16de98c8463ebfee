package share

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// metadata is what we use of the platform's configuration (RFC 8414 §2). The addresses
// of data itself are fixed paths below the issuer (internal/wire): nobody's word.
type metadata struct {
	authorization, token, par string
	backchannel               string // "" where nobody can be asked without a browser

	object jws.Object
}

// fetchMetadata reads the configuration from the place that the issuer names.
func (c *Client) fetchMetadata(ctx context.Context) (*metadata, error) {
	where := strings.TrimSuffix(c.cfg.Issuer, "/") + "/.well-known/openid-configuration"
	anybody := oauth.Party{HTTP: c.http, Now: c.cfg.Now}
	a, err := anybody.Get(ctx, where, "")
	switch {
	case err != nil:
		return nil, err
	case a.Status != http.StatusOK:
		return nil, a.Failed(vneid.ErrUnavailable)
	case !a.IsJSON:
		return nil, fault.New(vneid.ErrUnavailable, "the platform's metadata is not a JSON object")
	}
	return c.readMetadata(&a.Object)
}

// readMetadata refuses a configuration that is not this issuer's, leads elsewhere, or
// lacks what data requests insist on.
func (c *Client) readMetadata(o *jws.Object) (*metadata, error) {
	if c.on("issuer") && o.String("issuer") != c.cfg.Issuer {
		return nil, fault.New(vneid.ErrUntrusted, "the platform's metadata names another issuer than Config.Issuer")
	}
	md := &metadata{
		authorization: o.String("authorization_endpoint"), token: o.String("token_endpoint"),
		par:         o.String("pushed_authorization_request_endpoint"),
		backchannel: o.String("backchannel_authentication_endpoint"), object: *o,
	}
	if o.Err() != nil {
		return nil, fault.New(vneid.ErrUnavailable, "the platform's metadata is malformed")
	}
	for _, e := range []struct {
		name, url string
		needed    bool
	}{
		{"authorization_endpoint", md.authorization, c.cfg.RedirectURL != ""},
		{"token_endpoint", md.token, true},
		{"pushed_authorization_request_endpoint", md.par, c.cfg.RedirectURL != ""},
		{"backchannel_authentication_endpoint", md.backchannel, false},
	} {
		if e.url == "" && !e.needed {
			continue
		}
		if err := c.checkEndpoint(e.name, e.url); err != nil {
			return nil, err
		}
	}
	return md, c.checkOffer(o)
}

func (c *Client) checkEndpoint(name, where string) error {
	switch {
	case where == "":
		return fault.New(vneid.ErrUntrusted, "the platform's metadata has no %s", name)
	case c.on("endpoint-scheme") && !relying.SafeEndpoint(c.cfg.Issuer, where):
		return fault.New(vneid.ErrUntrusted, "the platform's %s is not a safe URL", name)
	case c.on("endpoint-host") && !relying.OwnHost(c.cfg.Issuer, c.cfg.Hosts, where):
		return fault.New(vneid.ErrUntrusted, "the platform's %s is on a host that is neither the issuer's nor in Config.Hosts", name)
	}
	return nil
}

// checkOffer refuses a platform that does not offer what data requests insist on,
// rather than to fall back to what it does offer. A list that need not be announced
// counts only where it is.
func (c *Client) checkOffer(o *jws.Object) error {
	for _, need := range []struct {
		list, value string
		announced   bool
	}{
		{"token_endpoint_auth_methods_supported", "private_key_jwt", true},
		{"dpop_signing_alg_values_supported", c.prover.Alg(), true},
		{"code_challenge_methods_supported", "S256", c.cfg.RedirectURL != ""},
		{"token_endpoint_auth_signing_alg_values_supported", c.key().Alg, false},
		{"authorization_details_types_supported", wire.DetailsType, false}, // RFC 9396 §10
	} {
		offered := o.Strings(need.list)
		if c.on("offer") && (offered != nil || need.announced) && !slices.Contains(offered, need.value) {
			return fault.New(vneid.ErrUntrusted, "the platform's %s lacks %s", need.list, need.value)
		}
	}
	if o.Err() != nil {
		return fault.New(vneid.ErrUnavailable, "the platform's metadata is malformed")
	}
	return nil
}

// below is an address of data itself.
func (c *Client) below(path string) string { return strings.TrimSuffix(c.cfg.Issuer, "/") + path }
