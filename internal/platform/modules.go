package platform

// Module is one module of the OpenID Foundation's conformance suite for relying
// parties, as the platform can play it. Replicated, not certified: the suite's own
// criterion is that the relying party stops before it uses what came, or, where
// Passes is set, that it does not.
type Module struct {
	Name   string
	Fault  string // to switch on; empty: none
	Passes bool   // the relying party must go on
	Later  bool   // switch the fault on after the login: what follows is a refresh
	Logout bool   // with Later: what follows is a logout
}

// Modules lists what Break can play, plan by plan. Modules about rotating keys need a
// sequence of calls, see Keys, and are not rows here.
func Modules() []Module {
	var out []Module
	for _, plan := range []struct {
		prefix string
		rows   []Module
	}{
		{"oidcc-client-test", basicModules()},
		{"fapi2-security-profile-final-client-test-", securityModules()},
		{"fapi2-security-profile-final-client-test-ensure-jarm-", signingModules()},
		{"fapi2-security-profile-final-client-", []Module{{Name: "refresh-token-test", Passes: true, Later: true}}},
	} {
		for _, m := range plan.rows {
			m.Name = plan.prefix + m.Name
			out = append(out, m)
		}
	}
	return out
}

// basicModules are of the plans basic, config, logout, refresh and other.
func basicModules() []Module {
	return []Module{
		{Name: "", Passes: true},
		{Name: "-client-secret-basic", Passes: true},
		{Name: "-scope-userinfo-claims", Passes: true},
		{Name: "-nonce-unless-code-flow", Passes: true},
		{Name: "-userinfo-bearer-header", Passes: true},
		{Name: "-userinfo-signed", Passes: true}, // with Client.SignedUserinfo
		{Name: "-invalid-iss", Fault: "wrong-issuer"},
		{Name: "-missing-sub", Fault: "missing-sub"},
		{Name: "-invalid-aud", Fault: "wrong-audience"},
		{Name: "-missing-aud", Fault: "missing-audience"},
		{Name: "-missing-iat", Fault: "missing-iat"},
		{Name: "-kid-absent-single-jwks", Fault: "missing-kid", Passes: true},
		{Name: "-idtoken-sig-rs256", Fault: "other-alg", Passes: true},
		{Name: "-idtoken-sig-none", Fault: "alg-none"},
		{Name: "-invalid-sig-es256", Fault: "bad-signature"},
		{Name: "-invalid-sig-hs256", Fault: "alg-hs256"},
		{Name: "-userinfo-invalid-sub", Fault: "userinfo-other-sub"},
		{Name: "-nonce-invalid", Fault: "wrong-nonce"},
		{Name: "-invalid-athash", Fault: "wrong-at-hash"},
		{Name: "-discovery-openid-config", Passes: true},
		{Name: "-discovery-jwks-uri-keys", Passes: true},
		{Name: "-discovery-issuer-mismatch", Fault: "discovery-wrong-issuer"},
		{Name: "-rp-init-logout", Passes: true, Later: true, Logout: true},
		{Name: "-rp-init-logout-no-state", Fault: "logout-no-state", Later: true, Logout: true},
		{Name: "-rp-init-logout-other-state", Fault: "logout-other-state", Later: true, Logout: true},
		{Name: "-rp-backchannel-rpinitlogout", Passes: true, Later: true, Logout: true},
		{Name: "-rp-backchannel-rpinitlogout-alg-none", Fault: "backchannel-alg-none", Later: true, Logout: true},
		{Name: "-rp-backchannel-rpinitlogout-wrong-alg", Fault: "backchannel-wrong-alg", Later: true, Logout: true},
		{Name: "-rp-backchannel-rpinitlogout-wrong-iss", Fault: "backchannel-wrong-iss", Later: true, Logout: true},
		{Name: "-rp-backchannel-rpinitlogout-wrong-aud", Fault: "backchannel-wrong-aud", Later: true, Logout: true},
		{Name: "-rp-backchannel-rpinitlogout-no-event", Fault: "backchannel-no-event", Later: true, Logout: true},
		{Name: "-rp-backchannel-rpinitlogout-wrong-event", Fault: "backchannel-wrong-event", Later: true, Logout: true},
		{Name: "-rp-backchannel-rpinitlogout-with-nonce", Fault: "backchannel-with-nonce", Later: true, Logout: true},
		{Name: "-refresh-token", Passes: true, Later: true},
		{Name: "-refresh-token-invalid-issuer", Fault: "refresh-wrong-issuer", Later: true},
		{Name: "-refresh-token-invalid-sub", Fault: "refresh-other-sub", Later: true},
	}
}

// securityModules are of the plan for FAPI 2.0 Security Profile Final.
func securityModules() []Module {
	return []Module{
		{Name: "happy-path", Passes: true},
		{Name: "happy-path-no-dpop-nonce", Fault: "no-dpop-nonce", Passes: true},
		{Name: "invalid-iss", Fault: "wrong-issuer"},
		{Name: "invalid-aud", Fault: "wrong-audience"},
		{Name: "invalid-secondary-aud", Fault: "more-audiences"},
		{Name: "invalid-null-alg", Fault: "alg-none"},
		{Name: "invalid-alternate-alg", Fault: "other-alg"},
		{Name: "invalid-expired-exp", Fault: "expired-token"},
		{Name: "invalid-missing-exp", Fault: "missing-exp"},
		{Name: "invalid-missing-aud", Fault: "missing-audience"},
		{Name: "invalid-missing-iss", Fault: "missing-issuer"},
		{Name: "invalid-nonce", Fault: "wrong-nonce"},
		{Name: "invalid-missing-nonce", Fault: "missing-nonce"},
		{Name: "valid-aud-as-array", Fault: "audience-list", Passes: true},
		{Name: "remove-authorization-response-iss", Fault: "missing-iss"},
		{Name: "invalid-authorization-response-iss", Fault: "wrong-iss"},
		{Name: "ensure-authorization-response-with-invalid-state-fails", Fault: "wrong-state"},
		{Name: "ensure-authorization-response-with-invalid-missing-state-fails", Fault: "missing-state"},
		{Name: "discovery-issuer-mismatch", Fault: "discovery-wrong-issuer"},
		{Name: "rs-dpop-auth-scheme-case-insensitivity", Fault: "userinfo-dpop-case", Passes: true},
		{Name: "token-type-case-insensitivity", Fault: "token-type-case", Passes: true},
		{Name: "token-endpoint-response-without-expires_in", Fault: "missing-expires-in", Passes: true},
	}
}

// signingModules are what FAPI 2.0 Message Signing adds for signed responses.
func signingModules() []Module {
	return []Module{
		{Name: "without-iss-fails", Fault: "jarm-missing-iss"},
		{Name: "with-invalid-iss-fails", Fault: "jarm-wrong-iss"},
		{Name: "without-aud-fails", Fault: "jarm-missing-aud"},
		{Name: "with-invalid-aud-fails", Fault: "jarm-wrong-aud"},
		{Name: "without-exp-fails", Fault: "jarm-missing-exp"},
		{Name: "with-expired-exp-fails", Fault: "jarm-expired"},
		{Name: "with-invalid-sig-fails", Fault: "jarm-bad-signature"},
		{Name: "signature-is-not-none", Fault: "jarm-alg-none"},
	}
}

// CIBAModules are of the plan fapi-ciba-id1-client, in poll and in ping. The modules of
// ConnectID, a profile of other banks, are left out; the intervals are the clock's
// matter, and refreshes those of any login.
func CIBAModules() []Module {
	out := []Module{
		{Name: "test", Passes: true},
		{Name: "valid-aud-as-array-test", Fault: "audience-list", Passes: true},
		{Name: "no-scope-in-token-endpoint-response-test", Fault: "missing-scope", Passes: true},
		{Name: "respects-interval-test", Fault: "ciba-slow", Passes: true},
		{Name: "slow-down-test", Fault: "ciba-slow-down", Passes: true},
		{Name: "invalid-missing-authreqid-test", Fault: "ciba-no-id"},
		{Name: "invalid-missing-expiresin-test", Fault: "ciba-no-expiry"},
		{Name: "invalid-expired-id-token-hint-test", Fault: "ciba-expired-hint"},
		{Name: "invalid-id-token-hint-test", Fault: "ciba-invalid-hint"},
		{Name: "invalid-unknown-user-id-test", Fault: "ciba-unknown-user"},
		{Name: "invalid-request-test", Fault: "ciba-invalid-request"},
		{Name: "invalid-access-denied-test", Fault: "ciba-denied"},
		{Name: "invalid-expired-token-test", Fault: "ciba-expired"},
		{Name: "invalid-iss-test", Fault: "wrong-issuer"},
		{Name: "invalid-aud-test", Fault: "wrong-audience"},
		{Name: "invalid-secondary-aud-test", Fault: "more-audiences"},
		{Name: "invalid-signature-test", Fault: "bad-signature"},
		{Name: "invalid-null-alg-test", Fault: "alg-none"},
		{Name: "invalid-alternate-alg-test", Fault: "alg-hs256"},
		{Name: "invalid-expired-exp-test", Fault: "expired-token"},
		{Name: "invalid-iat-is-week-in-past-test", Fault: "week-old-token"},
		{Name: "invalid-missing-aud-test", Fault: "missing-audience"},
		{Name: "invalid-missing-exp-test", Fault: "missing-exp"},
		{Name: "invalid-missing-iss-test", Fault: "missing-issuer"},
		{Name: "ping-with-invalid-bearer-token-test", Fault: "ciba-ping-wrong-token", Passes: true},
	}
	for i := range out {
		out[i].Name = "fapi-ciba-id1-client-" + out[i].Name
	}
	return out
}
