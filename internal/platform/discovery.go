package platform

import (
	"net/http"

	"github.com/vneid-sdk/vneid-go/internal/wire"
)

// Paths of the protocol. The keys of QR codes and of the audit are never in the login's
// set.
const (
	pathDiscovery   = "/.well-known/openid-configuration"
	pathJWKS        = "/jwks.json"
	pathAuthorize   = "/authorize"
	pathToken       = "/token"
	pathUserinfo    = "/userinfo"
	pathRevoke      = "/revoke"
	pathPushed      = "/par"
	pathIntrospect  = "/introspect"
	pathLogout      = "/logout"
	pathBackchannel = "/bc-authorize"
	pathQRJWKS      = "/qr/jwks.json"
	pathQRRedeem    = "/qr/redeem"
	pathQRStatus    = "/qr/status/"
	pathAuditJWKS   = "/audit/jwks.json"
)

// metadata is the discovery document (OpenID Connect Discovery §3, RFC 8414).
func (p *Platform) metadata() members {
	at := func(path string) string { return p.cfg.Issuer + path }
	scopes := []string{scopeOpenID, "profile", "phone", "email", wire.ScopeID, wire.ScopeCard, wire.ScopeShare}
	claims := []string{"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "sid",
		wire.AccountLevel, wire.AccountType, wire.EIDStatus, wire.Account}
	for _, s := range scopes {
		claims = append(claims, scopeClaims[s]...)
	}
	auth := []string{"client_secret_basic", "client_secret_post", "private_key_jwt", "none"}
	algs := []string{"ES256", "EdDSA", "RS256", "PS256"}
	return members{
		is("issuer", p.cfg.Issuer),
		is("authorization_endpoint", at(pathAuthorize)),
		is("pushed_authorization_request_endpoint", at(pathPushed)),
		is("token_endpoint", at(pathToken)),
		is("userinfo_endpoint", at(pathUserinfo)),
		is("jwks_uri", at(pathJWKS)),
		is("revocation_endpoint", at(pathRevoke)),
		is("introspection_endpoint", at(pathIntrospect)),
		is("end_session_endpoint", at(pathLogout)),
		is("scopes_supported", scopes),
		is("claims_supported", claims),
		is("response_types_supported", []string{"code"}),
		is("response_modes_supported", responseModes()),
		is("grant_types_supported", []string{"authorization_code", "refresh_token", cibaGrant}),
		is("subject_types_supported", []string{"pairwise"}),
		is("id_token_signing_alg_values_supported", algs),
		is("id_token_encryption_alg_values_supported", encryptionAlgs()),
		is("id_token_encryption_enc_values_supported", []string{contentEncryption}),
		is("userinfo_signing_alg_values_supported", algs),
		is("userinfo_encryption_alg_values_supported", encryptionAlgs()),
		is("userinfo_encryption_enc_values_supported", []string{contentEncryption}),
		is("authorization_signing_alg_values_supported", algs),
		is("token_endpoint_auth_methods_supported", auth),
		is("token_endpoint_auth_signing_alg_values_supported", fapiAlgs()),
		is("revocation_endpoint_auth_methods_supported", auth),
		is("revocation_endpoint_auth_signing_alg_values_supported", fapiAlgs()),
		is("introspection_endpoint_auth_methods_supported", auth[:3]),
		is("introspection_endpoint_auth_signing_alg_values_supported", fapiAlgs()),
		is("dpop_signing_alg_values_supported", fapiAlgs()),
		is("code_challenge_methods_supported", []string{"S256"}),
		is("acr_values_supported", wire.AtLeast(1, 1)),
		is("authorization_details_types_supported", []string{wire.DetailsType}), // RFC 9396 §10
		is("prompt_values_supported", []string{"none", "login", "consent", "select_account"}),
		is("claims_parameter_supported", true),
		is("request_parameter_supported", false),
		is("request_uri_parameter_supported", false),
		is("require_pushed_authorization_requests", false), // of some clients: Client.PAR
		is("authorization_response_iss_parameter_supported", true),
		is("backchannel_authentication_endpoint", at(pathBackchannel)),
		is("backchannel_token_delivery_modes_supported", []CIBAMode{Poll, Ping}),
		is("backchannel_authentication_request_signing_alg_values_supported", fapiAlgs()),
		is("backchannel_user_code_parameter_supported", false),
		is("backchannel_logout_supported", true),
		is("backchannel_logout_session_supported", true),
		is("ui_locales_supported", []string{"vi", "en"}),
	}
}

func (p *Platform) handleDiscovery(w http.ResponseWriter, r *http.Request) {
	m := p.metadata()
	for _, f := range p.faultsOf("") {
		if f.discovery != nil {
			f.discovery(&m)
		}
	}
	w.Header().Set("Cache-Control", "public, max-age=300")
	writeMembers(w, m)
}

func (p *Platform) handleJWKS(k *Keys) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		set := k.JWKS()
		for _, f := range p.faultsOf("") {
			if f.jwks != nil {
				set = f.jwks(set)
			}
		}
		w.Header().Set("Cache-Control", "public, max-age=300")
		w.Header().Set("Content-Type", "application/jwk-set+json")
		// Only a broken connection fails here.
		_, _ = w.Write(set)
	}
}
