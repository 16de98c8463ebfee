package sso

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/guard"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// metadata is what we use of a provider's configuration (OpenID Connect
// Discovery §3, RFC 8414 §2).
type metadata struct {
	authorization, token, userinfo, jwks string

	announcesIss bool // RFC 9207 §3: then iss must come
	claimsParam  bool
	secretInBody bool // client_secret_post, since basic is not offered
}

// fetchMetadata reads the configuration from the place that the issuer names.
func (c *Client) fetchMetadata(ctx context.Context) (*metadata, error) {
	where := strings.TrimSuffix(c.cfg.Issuer, "/") + "/.well-known/openid-configuration"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, where, nil)
	if err != nil {
		return nil, fault.New(vneid.ErrUnavailable, "Config.Issuer makes no URL")
	}
	a, err := c.call(req)
	switch {
	case err != nil:
		return nil, err
	case a.status != http.StatusOK:
		return nil, a.failed(vneid.ErrUnavailable)
	case !a.isJSON:
		return nil, fault.New(vneid.ErrUnavailable, "the provider's metadata is not a JSON object")
	}
	return c.readMetadata(&a.object)
}

// readMetadata refuses a configuration that is not this issuer's, leads
// elsewhere, or is too weak for what the client insists on.
func (c *Client) readMetadata(o *jws.Object) (*metadata, error) {
	if o.String("issuer") != c.cfg.Issuer {
		return nil, fault.New(vneid.ErrUntrusted, "the provider's metadata names another issuer than Config.Issuer")
	}
	md := &metadata{
		authorization: o.String("authorization_endpoint"),
		token:         o.String("token_endpoint"),
		userinfo:      o.String("userinfo_endpoint"),
		jwks:          o.String("jwks_uri"),
		announcesIss:  o.Bool("authorization_response_iss_parameter_supported"),
		claimsParam:   o.Bool("claims_parameter_supported"),
	}
	pkce := o.Strings("code_challenge_methods_supported")
	auth := o.Strings("token_endpoint_auth_methods_supported")
	if o.Err() != nil {
		return nil, fault.New(vneid.ErrUnavailable, "the provider's metadata is malformed")
	}
	if err := c.checkEndpoints(md); err != nil {
		return nil, err
	}
	if pkce != nil && !slices.Contains(pkce, "S256") {
		return nil, fault.New(vneid.ErrUntrusted, "the provider does not offer PKCE with S256")
	}
	md.secretInBody = auth != nil && !slices.Contains(auth, "client_secret_basic")
	if c.secret() != "" && md.secretInBody && !slices.Contains(auth, "client_secret_post") {
		return nil, fault.New(vneid.ErrUntrusted, "the provider takes no client secret: see Config.ClientSecret")
	}
	return md, nil
}

// checkEndpoints keeps a provider, or whoever wrote its metadata, from sending
// our secrets and requests to other places.
func (c *Client) checkEndpoints(md *metadata) error {
	for _, e := range []struct {
		name, url string
		needed    bool
	}{
		{"authorization_endpoint", md.authorization, true},
		{"token_endpoint", md.token, true},
		{"userinfo_endpoint", md.userinfo, false},
		{"jwks_uri", md.jwks, c.cfg.Keys == nil},
	} {
		switch {
		case e.url == "" && e.needed:
			return fault.New(vneid.ErrUntrusted, "the provider's metadata has no %s", e.name)
		case e.url == "":
		case checkURL(e.name, e.url) != nil || strings.HasPrefix(c.cfg.Issuer, "https:") && !strings.HasPrefix(e.url, "https:"):
			return fault.New(vneid.ErrUntrusted, "the provider's %s is not a safe URL", e.name)
		case !c.ownHost(e.url):
			return fault.New(vneid.ErrUntrusted, "the provider's %s is on a host that is neither the issuer's nor in Config.Hosts", e.name)
		}
	}
	return nil
}

func (c *Client) ownHost(endpoint string) bool {
	if guard.SameHost(endpoint, c.cfg.Issuer) {
		return true
	}
	u, err := url.Parse(endpoint)
	return err == nil && slices.ContainsFunc(c.cfg.Hosts, func(h string) bool { return strings.EqualFold(h, u.Hostname()) })
}
