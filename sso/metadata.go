package sso

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/internal/relying"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// metadata is what we use of a provider's configuration (OpenID Connect
// Discovery §3, RFC 8414 §2).
type metadata struct {
	authorization, token, userinfo, jwks string

	par string // RFC 9126 §5

	announcesIss bool // RFC 9207 §3: then iss must come
	claimsParam  bool
	secretInBody bool // client_secret_post, since basic is not offered
	mustPush     bool // RFC 9126 §5: requests come no other way

	object jws.Object // all of it, for what is called after the login
}

// fetchMetadata reads the configuration from the place that the issuer names.
func (c *Client) fetchMetadata(ctx context.Context) (*metadata, error) {
	if c.wire != nil { // Config.Issuer is only a name then
		return nil, fault.New(vneid.ErrUntrusted, "a client with Config.Wire speaks no OpenID Connect and reads no metadata")
	}
	where := strings.TrimSuffix(c.cfg.Issuer, "/") + "/.well-known/openid-configuration"
	anybody := oauth.Party{HTTP: c.http, Now: c.cfg.Now}
	a, err := anybody.Get(step(ctx, "metadata"), where, "")
	switch {
	case err != nil:
		return nil, err
	case a.Status != http.StatusOK:
		return nil, a.Failed(vneid.ErrUnavailable)
	case !a.IsJSON:
		return nil, fault.New(vneid.ErrUnavailable, "the provider's metadata is not a JSON object")
	}
	return c.readMetadata(&a.Object)
}

// readMetadata refuses a configuration that is not this issuer's, leads
// elsewhere, or is too weak for what the client insists on.
func (c *Client) readMetadata(o *jws.Object) (*metadata, error) {
	if c.on("issuer") && o.String("issuer") != c.cfg.Issuer {
		return nil, fault.New(vneid.ErrUntrusted, "the provider's metadata names another issuer than Config.Issuer")
	}
	md := &metadata{
		authorization: o.String("authorization_endpoint"),
		token:         o.String("token_endpoint"),
		userinfo:      o.String("userinfo_endpoint"),
		jwks:          o.String("jwks_uri"),
		par:           o.String("pushed_authorization_request_endpoint"),
		mustPush:      o.Bool("require_pushed_authorization_requests"),
		object:        *o,
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
	if pkce != nil && !slices.Contains(pkce, "S256") && c.on("pkce-offered") {
		return nil, fault.New(vneid.ErrUntrusted, "the provider does not offer PKCE with S256")
	}
	md.secretInBody = auth != nil && !slices.Contains(auth, "client_secret_basic")
	if c.secret() != "" && md.secretInBody && !slices.Contains(auth, "client_secret_post") {
		return nil, fault.New(vneid.ErrUntrusted, "the provider takes no client secret: see Config.ClientSecret")
	}
	return md, c.checkOffer(o, md)
}

// checkOffer refuses a provider that does not offer what the profile insists on,
// rather than to fall back to what it does offer.
func (c *Client) checkOffer(o *jws.Object, md *metadata) error {
	lacks := func(list, value string, needed bool) bool {
		offered := o.Strings(list)
		return c.on("offer") && (offered != nil || needed) && !slices.Contains(offered, value)
	}
	strict := c.cfg.Profile == FAPI2
	key, proof := "", ""
	if c.key != nil {
		key = c.key().Alg
	}
	if c.prover != nil {
		proof = c.prover.Alg()
	}
	what := ""
	switch {
	case md.par == "" && (strict || md.mustPush):
		what = "pushed_authorization_request_endpoint"
	case key != "" && lacks("token_endpoint_auth_methods_supported", "private_key_jwt", strict):
		what = "private_key_jwt in token_endpoint_auth_methods_supported"
	case key != "" && lacks("token_endpoint_auth_signing_alg_values_supported", key, false):
		what = "the algorithm of Config.Key in token_endpoint_auth_signing_alg_values_supported"
	case proof != "" && lacks("dpop_signing_alg_values_supported", proof, true):
		what = "the algorithm of Config.DPoPKey in dpop_signing_alg_values_supported"
	case c.cfg.JARM && lacks("response_modes_supported", "jwt", false) && lacks("response_modes_supported", "query.jwt", false):
		what = "jwt in response_modes_supported"
	case strict && lacks("code_challenge_methods_supported", "S256", true):
		what = "S256 in code_challenge_methods_supported"
	}
	if o.Err() != nil {
		return fault.New(vneid.ErrUnavailable, "the provider's metadata is malformed")
	}
	if what != "" {
		return fault.New(vneid.ErrUntrusted, "the provider's metadata lacks %s", what)
	}
	return nil
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
		{"pushed_authorization_request_endpoint", md.par, false},
	} {
		if e.url == "" && !e.needed {
			continue
		}
		if err := c.checkEndpoint(e.name, e.url); err != nil {
			return err
		}
	}
	return nil
}

// endpoint returns a URL of the metadata that nothing of the login needs.
func (c *Client) endpoint(o *jws.Object, name string) (string, error) {
	where, _ := jws.Text(o.Raw(name))
	return where, c.checkEndpoint(name, where)
}

func (c *Client) checkEndpoint(name, where string) error {
	switch {
	case where == "":
		return fault.New(vneid.ErrUntrusted, "the provider's metadata has no %s", name)
	case c.on("endpoint-scheme") && !relying.SafeEndpoint(c.cfg.Issuer, where):
		return fault.New(vneid.ErrUntrusted, "the provider's %s is not a safe URL", name)
	case c.on("endpoint-host") && !relying.OwnHost(c.cfg.Issuer, c.cfg.Hosts, where):
		return fault.New(vneid.ErrUntrusted, "the provider's %s is on a host that is neither the issuer's nor in Config.Hosts", name)
	}
	return nil
}
