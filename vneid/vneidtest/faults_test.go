package vneidtest_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/qr"
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
}

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
	cfg := p.SSO(back)
	// Only a login that asks for something shows that levels and times are looked at.
	cfg.Need = vneid.Assurance{Level: 2, Auth: 2, At: p.Now().Add(-time.Hour)}
	for _, f := range vneidtest.Faults() {
		want, known := loginFaults[f.Name]
		if _, code := codeFaults[f.Name]; !known && !code && !slowFaults[f.Name] {
			t.Errorf("%s: no test knows this fault", f.Name)
		}
		if !known {
			continue
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
