package oidcprovider

import (
	"crypto"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/sso"
)

// jarm asks for authorization responses in a signed JWT.
func jarm(c *sso.Config, reg object) {
	c.JARM, reg["authorization_signed_response_alg"] = true, reg["id_token_signed_response_alg"]
}

// signed asks for userinfo in a signed JWT.
func signed(c *sso.Config, reg object) {
	c.SignedUserinfo, reg["userinfo_signed_response_alg"] = true, reg["id_token_signed_response_alg"]
}

// sealed asks for encrypted ID tokens and signed and encrypted userinfo.
func sealed(t *testing.T, key crypto.PrivateKey, alg, enc string) func(*sso.Config, object) {
	return func(c *sso.Config, reg object) {
		signed(c, reg)
		c.Decrypt = []crypto.PrivateKey{key}
		for _, what := range []string{"id_token", "userinfo"} {
			reg[what+"_encrypted_response_alg"], reg[what+"_encrypted_response_enc"] = alg, enc
		}
		set := reg["jwks"].(object)
		half := public(t, "seal", "enc", key.(interface{ Public() crypto.PublicKey }).Public())
		half["alg"] = alg
		set["keys"] = append(set["keys"].([]object), half)
	}
}

// covered asks for encrypted authorization responses, to the key of sealed.
func covered(_ *sso.Config, reg object) {
	for _, what := range []string{"alg", "enc"} {
		reg["authorization_encrypted_response_"+what] = reg["id_token_encrypted_response_"+what]
	}
}

// bound gives the client a key of its own for DPoP.
func bound(key crypto.Signer) func(*sso.Config, object) {
	return func(c *sso.Config, _ object) { c.DPoPKey = key }
}

// standard makes the client one of OpenID Connect without FAPI, with bearer tokens.
func standard(method string) func(*sso.Config, object) {
	return func(c *sso.Config, reg object) {
		c.Profile, c.Key, c.KeyID = sso.Standard, nil, ""
		for _, name := range []string{"dpop_bound_access_tokens", "require_pushed_authorization_requests", "token_endpoint_auth_signing_alg", "jwks"} {
			delete(reg, name)
		}
		reg["token_endpoint_auth_method"] = method
		if method != "none" {
			c.ClientSecret = "a secret+of:32/characters & more%"
			reg["client_secret"] = c.ClientSecret
		}
	}
}

// by changes the algorithm of ID tokens alone.
func by(alg string) func(*sso.Config, object) {
	return func(_ *sso.Config, reg object) { reg["id_token_signed_response_alg"] = alg }
}

// TestEveryWayToLogIn: what a client can be registered for, each through the site's
// own pages.
func TestEveryWayToLogIn(t *testing.T) {
	type change = func(*sso.Config, object)
	ec, rsa := ecKey(t), rsaKey(t)
	var parties []*party
	var clients []object
	add := func(name string, key crypto.Signer, set ...change) {
		s := newParty(t)
		s.name = name
		id := "client " + strings.NewReplacer(" ", "-", ",", "").Replace(name)
		clients = append(clients, s.strict(t, id[:6]+id[7:], key, set...))
		parties = append(parties, s)
	}
	add("FAPI2 by ES256", ecKey(t), bound(ecKey(t)))
	add("FAPI2 by PS256", rsaKey(t), bound(rsaKey(t)))
	add("FAPI2 by EdDSA", edKey(t), bound(edKey(t)))
	add("FAPI2 with signed responses", ecKey(t), jarm)
	add("FAPI2 with signed userinfo", ecKey(t), signed)
	add("FAPI2 with all of it", ecKey(t), jarm, sealed(t, ec, "ECDH-ES+A256KW", "A256GCM"), covered)
	for _, alg := range []string{"RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW"} {
		for _, enc := range []string{"A128GCM", "A256GCM", "A128CBC-HS256", "A256CBC-HS512"} {
			key := crypto.PrivateKey(ec)
			if alg == "RSA-OAEP-256" {
				key = rsa
			}
			add("encrypted by "+alg+" and "+enc, ecKey(t), sealed(t, key, alg, enc))
		}
	}
	add("Standard, secret in the header", ecKey(t), standard("client_secret_basic"))
	add("Standard, secret in the body", ecKey(t), standard("client_secret_post"))
	add("Standard, public", ecKey(t), standard("none"))
	add("Standard, RS256", ecKey(t), standard("client_secret_basic"), by("RS256"))
	add("Standard with signed responses", ecKey(t), standard("client_secret_basic"), jarm, signed)
	p := start(t, parties[0].srv, clients...)
	for _, s := range parties {
		t.Run(s.name, func(t *testing.T) {
			s.open(t, p.issuer)
			b := newBrowser(t, s, p.issuer)
			if status, page := b.get(s.srv.URL + "/home"); status != http.StatusOK || page != "home of Lê Văn Dũng" {
				t.Fatalf("%d %s %v", status, page, s.refusal())
			}
			id := s.identity()
			if id.Tokens().Bound() != (s.cfg.Profile == sso.FAPI2) || id.Citizen().Reveal().ID != "999090000001" {
				t.Errorf("bound %v, %v", id.Tokens().Bound(), id.Citizen().Reveal())
			}
		})
	}
}

// TestAnEncryptedResponse: ID tokens that come unencrypted are refused where a key is
// set, responses are not, so here it is looked at.
func TestAnEncryptedResponse(t *testing.T) {
	s, p := here(t, jarm, sealed(t, ecKey(t), "ECDH-ES", "A128CBC-HS256"), covered)
	where, session, err := s.client.Begin(t.Context(), sso.Ask{})
	if err != nil {
		t.Fatal(err)
	}
	query := newBrowser(t, s, p.issuer).returns(where, s.cfg.RedirectURL)
	q, err := url.ParseQuery(query)
	if err != nil || len(q) != 1 || strings.Count(q.Get("response"), ".") != 4 {
		t.Errorf("%d parameters, %v", len(q), err)
	}
	if _, err := s.client.Finish(t.Context(), session, query); err != nil {
		t.Error(err)
	}
}
