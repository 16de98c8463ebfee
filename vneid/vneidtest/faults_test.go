package vneidtest_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

// loginFaults say what package sso makes of each defect; nil: the login passes,
// since the defect is none to a careful reader.
var loginFaults = map[string]error{
	"wrong-nonce": vneid.ErrMismatch, "missing-nonce": vneid.ErrMismatch,
	"wrong-issuer": vneid.ErrUntrusted, "missing-issuer": vneid.ErrUntrusted,
	"wrong-audience": vneid.ErrMismatch, "missing-audience": vneid.ErrMalformed,
	"more-audiences": vneid.ErrMismatch, "wrong-azp": vneid.ErrMismatch,
	"missing-sub": vneid.ErrMalformed, "other-sub": vneid.ErrMismatch,
	"expired-token": vneid.ErrExpired, "future-token": vneid.ErrNotYetValid, "endless-token": vneid.ErrUntrusted,
	"missing-exp": vneid.ErrMalformed, "zero-exp": vneid.ErrMalformed, "text-exp": vneid.ErrMalformed, "missing-iat": vneid.ErrMalformed,
	"old-auth-time": vneid.ErrLevel, "missing-auth-time": vneid.ErrLevel,
	"weak-acr": vneid.ErrLevel, "missing-acr": vneid.ErrLevel, "level-contradiction": vneid.ErrMalformed,
	"wrong-at-hash": vneid.ErrSignature, "missing-at-hash": nil,
	"account-locked-claim": vneid.ErrLocked, "eid-locked-claim": vneid.ErrLocked,
	"double-claim": vneid.ErrMalformed, "other-case-claim": nil, "huge-token": vneid.ErrMalformed,

	"bad-signature": vneid.ErrSignature, "wrong-key": vneid.ErrSignature, "unknown-kid": vneid.ErrUntrusted, "missing-kid": nil,
	"wrong-typ": vneid.ErrMalformed, "crit-header": vneid.ErrMalformed, "jku-header": vneid.ErrMalformed,
	"alg-none": vneid.ErrUntrusted, "alg-hs256": vneid.ErrUntrusted, "padded-token": vneid.ErrMalformed, "cut-token": vneid.ErrMalformed,

	"missing-iss": vneid.ErrMismatch, "wrong-iss": vneid.ErrMismatch, "missing-state": vneid.ErrMalformed, "wrong-state": vneid.ErrMismatch,
	"missing-code": vneid.ErrMalformed, "wrong-code": vneid.ErrExpired, "double-code": vneid.ErrMalformed, "code-and-error": vneid.ErrMalformed,
	"server-error": vneid.ErrUnavailable, "hostile-error": vneid.ErrMalformed,

	"token-down": vneid.ErrUnavailable, "token-page": vneid.ErrMalformed, "token-cut": vneid.ErrMalformed, "token-flood": vneid.ErrUnavailable,
	"token-redirect": vneid.ErrUnavailable, "token-refused": vneid.ErrExpired, "token-unauthorized": vneid.ErrUntrusted,
	"missing-id-token": vneid.ErrMalformed, "missing-access-token": vneid.ErrMalformed, "wrong-token-type": vneid.ErrMalformed,
	"userinfo-other-sub": vneid.ErrMismatch, "userinfo-missing-sub": vneid.ErrMismatch, "userinfo-bad-number": vneid.ErrMalformed,
	"userinfo-bad-date": vneid.ErrMalformed, "userinfo-locked": vneid.ErrLocked, "userinfo-eid-locked": vneid.ErrLocked,
	"userinfo-down": vneid.ErrUnavailable, "userinfo-page": vneid.ErrMalformed, "userinfo-cut": vneid.ErrMalformed,
	"userinfo-flood": vneid.ErrUnavailable, "userinfo-denied": vneid.ErrDenied,

	"down": vneid.ErrUnavailable, "discovery-down": vneid.ErrUnavailable, "discovery-page": vneid.ErrUnavailable,
	"discovery-wrong-issuer": vneid.ErrUntrusted, "discovery-foreign-token": vneid.ErrUntrusted, "discovery-no-keys": vneid.ErrUntrusted,
	"jwks-down": vneid.ErrUnavailable, "jwks-page": vneid.ErrUnavailable, "jwks-empty": vneid.ErrUnavailable,
	"jwks-cut": vneid.ErrUnavailable, "jwks-flood": vneid.ErrUnavailable, "jwks-odd-keys": nil,

	// What a Standard login, without JARM, encryption and bound tokens, does not meet.
	"week-old-token": vneid.ErrUntrusted, "missing-scope": nil,
	"audience-list": nil, "other-alg": nil, "missing-expires-in": nil, "missing-refresh-token": nil,
	"no-dpop-nonce": nil, "userinfo-dpop-nonce": nil, "userinfo-dpop-case": nil, "token-type-case": nil,
	"dpop-nonce-again": vneid.ErrUnavailable, "token-type-other": vneid.ErrMalformed,
	"discovery-no-par": nil, "discovery-no-dpop": nil, "discovery-no-iss": nil, "discovery-foreign-par": vneid.ErrUntrusted,
	"par-down": nil, "par-page": nil, "par-cut": nil, "par-redirect": nil, "par-refused": nil, "par-no-uri": nil, "par-expired": nil, "par-no-life": nil,
	"jarm-missing-iss": nil, "jarm-wrong-iss": nil, "jarm-missing-aud": nil, "jarm-wrong-aud": nil, "jarm-missing-exp": nil,
	"jarm-expired": nil, "jarm-endless": nil, "jarm-bad-signature": nil, "jarm-alg-none": nil, "jarm-wrong-key": nil,
	"userinfo-jwt-missing-iss": nil, "userinfo-jwt-wrong-iss": nil, "userinfo-jwt-missing-aud": nil, "userinfo-jwt-wrong-aud": nil,
	"userinfo-jwt-bad-signature": nil, "userinfo-jwt-alg-none": nil, "userinfo-jwt-wrong-typ": nil,
	"userinfo-not-signed": nil, "userinfo-not-encrypted": nil, "id-token-not-encrypted": nil, "id-token-other-recipient": nil,

	// What comes after the login.
	"refresh-wrong-issuer": nil, "refresh-other-sub": nil, "refresh-wrong-audience": nil, "refresh-other-auth-time": nil, "refresh-nonce": nil,
	"logout-no-state": nil, "logout-other-state": nil,
	"revoke-down": nil, "introspect-down": nil, "introspect-inactive": nil, "introspect-wrong-issuer": nil,

	// What only the wires before OpenID Connect meet: see wireFaults.
	"vnconnect-other-idp": nil, "envelope-bad-key": nil, "wire-token-down": nil,
}

// fullFaults say what package sso makes of a defect where that differs, in a login
// with everything: FAPI 2.0, a signed response, encrypted tokens, signed userinfo.
var fullFaults = map[string]error{
	"other-alg": vneid.ErrUntrusted, "token-type-other": vneid.ErrUntrusted, "wrong-token-type": vneid.ErrUntrusted,
	"discovery-no-par": vneid.ErrUntrusted, "discovery-no-dpop": vneid.ErrUntrusted,
	"par-down": vneid.ErrUnavailable, "par-page": vneid.ErrMalformed, "par-cut": vneid.ErrMalformed, "par-redirect": vneid.ErrUnavailable,
	"par-refused": vneid.ErrUntrusted, "par-no-uri": vneid.ErrMalformed, "par-expired": vneid.ErrMalformed, "par-no-life": vneid.ErrMalformed,
	"jarm-missing-iss": vneid.ErrMismatch, "jarm-wrong-iss": vneid.ErrMismatch, "jarm-missing-aud": vneid.ErrMismatch, "jarm-wrong-aud": vneid.ErrMismatch,
	"jarm-missing-exp": vneid.ErrMalformed, "jarm-expired": vneid.ErrExpired, "jarm-endless": vneid.ErrUntrusted,
	"jarm-bad-signature": vneid.ErrSignature, "jarm-alg-none": vneid.ErrUntrusted, "jarm-wrong-key": vneid.ErrSignature,
	"userinfo-jwt-missing-iss": vneid.ErrUntrusted, "userinfo-jwt-wrong-iss": vneid.ErrUntrusted, "userinfo-jwt-missing-aud": vneid.ErrMalformed,
	"userinfo-jwt-wrong-aud": vneid.ErrMismatch, "userinfo-jwt-bad-signature": vneid.ErrSignature, "userinfo-jwt-alg-none": vneid.ErrUntrusted,
	"userinfo-jwt-wrong-typ": vneid.ErrMalformed, "userinfo-not-signed": vneid.ErrUntrusted,
	"userinfo-cut": vneid.ErrUntrusted, "userinfo-page": vneid.ErrUntrusted,
	"id-token-not-encrypted": vneid.ErrUntrusted, "id-token-other-recipient": vneid.ErrMalformed,
	"cut-token": vneid.ErrUntrusted, "padded-token": vneid.ErrUntrusted, "huge-token": vneid.ErrUntrusted, // they come unencrypted
}

// pageFaults end on a page of the platform, and sso hears no more of the login.
var pageFaults = map[string]bool{"par-foreign-uri": true}

// codeFaults say what package qr makes of each defect.
var codeFaults = map[string]error{
	"qr-expired": vneid.ErrExpired, "qr-future": vneid.ErrNotYetValid, "qr-long-life": vneid.ErrMalformed, "qr-wrong-issuer": vneid.ErrUntrusted,
	"qr-wrong-audience": vneid.ErrMismatch, "qr-no-number": vneid.ErrMalformed, "qr-unknown-key": vneid.ErrUntrusted, "qr-wrong-key": vneid.ErrSignature,
	"qr-jwks-down": vneid.ErrUnavailable, "redeem-down": vneid.ErrUnavailable, "redeem-replayed": vneid.ErrReplayed,
}

// patience are the faults that only cost time.
var slowFaults = map[string]bool{"slow": true, "slow-token": true}

func TestEveryFaultOfALoginHasItsKind(t *testing.T) {
	p := vneidtest.New(t)
	full := p.Encrypt(p.FAPI2(back))
	full.JARM, full.SignedUserinfo = true, true
	configs := []sso.Config{p.SSO(back), full}
	for i := range configs {
		// Only a login that asks for something shows that levels and times are looked at.
		configs[i].Need = vneid.Assurance{Level: 2, Auth: 2, At: p.Now().Add(-time.Hour)}
	}
	for _, f := range vneidtest.Faults() {
		want, known := loginFaults[f.Name]
		_, wire := wireFaults[f.Name]
		_, logout := backchannelFaults[f.Name]
		if !known && (wire || logout || ofOthers(f.Name)) {
			continue
		}
		if _, code := codeFaults[f.Name]; !known && !code && !slowFaults[f.Name] && !pageFaults[f.Name] {
			t.Errorf("%s: no test knows this fault", f.Name)
		}
		if !known {
			continue
		}
		for i, cfg := range configs {
			if other, differs := fullFaults[f.Name]; differs && i == 1 {
				want = other
			}
			if _, err := p.Login("level2", cfg); err != nil {
				t.Fatalf("%s: the twin does not pass: %v", f.Name, err)
			}
			p.Break(f.Name)
			id, err := p.Login("level2", cfg)
			p.Heal()
			verdict(t, f.Name, err, want, id.IsZero())
		}
	}
}

// ofOthers tells the faults of what is no login, which have tests of their own.
func ofOthers(name string) bool {
	for _, prefix := range []string{"ciba-", "paper-", "share-", "service-", "services-", "stays-", "tickets-", "filings-", "notices-"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return false
}

// verdict checks that a refusal has exactly the wanted kind, gives nothing, and
// repeats nothing of the person or the platform's words.
func verdict(t *testing.T, name string, err, want error, empty bool) {
	t.Helper()
	if want == nil {
		if err != nil || empty {
			t.Errorf("%s: refused with %v", name, err)
		}
		return
	}
	var kind vneid.Kind
	if !errors.As(err, &kind) || !errors.Is(err, want) || !empty {
		t.Errorf("%s: %v, kind %v", name, err, kind)
		return
	}
	for _, leak := range []string{"999090000001", "Nguyễn", "<", "other.example"} {
		if strings.Contains(err.Error(), leak) {
			t.Errorf("%s: the error says %q: %v", name, leak, err)
		}
	}
}

func TestEveryFaultOfACodeHasItsKind(t *testing.T) {
	ctx := context.Background()
	for name, want := range codeFaults {
		for _, c := range []vneidtest.Code{{}, {JWS: true}} {
			p := vneidtest.New(t)
			healthy, err := qr.New(p.QR())
			if err != nil {
				t.Fatal(err)
			}
			twin, _ := p.IssueQR("level2", c)
			if _, err := healthy.Verify(ctx, twin); err != nil {
				t.Fatalf("%s: the twin does not pass: %v", name, err)
			}
			broken, err := qr.New(p.QR()) // has fetched no keys yet
			if err != nil {
				t.Fatal(err)
			}
			p.Break(name)
			text, err := p.IssueQR("level2", c)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			got, err := broken.Verify(ctx, text)
			verdict(t, name, err, want, got == nil)
		}
	}
}

func TestSlownessEndsInATimeout(t *testing.T) {
	p := vneidtest.New(t)
	cfg := p.SSO(back)
	cfg.HTTP = &http.Client{Timeout: 50 * time.Millisecond}
	for name := range slowFaults {
		p.Break(name)
		_, err := p.Login("level2", cfg)
		verdict(t, name, err, vneid.ErrUnavailable, true)
		p.Heal()
	}
}
