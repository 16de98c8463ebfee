package sso

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// A provider may encrypt logout tokens with what it encrypts ID tokens with
// (Back-Channel Logout §2.4); whoever can encrypt can still sign nothing.
func TestEncryptedLogoutTokens(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	seal := func(token string) string {
		t.Helper()
		sealed, err := jwx.Encrypt(token, jwx.Recipient{Public: &key.PublicKey})
		if err != nil {
			t.Fatal(err)
		}
		return sealed
	}
	s := newLogoutSite(t)
	r := s.visitor()
	if _, err := s.deliver(seal(s.token())); err == nil || !s.in(r) {
		t.Errorf("a client without keys: %v", err)
	}
	refusedAs(t, s.errs[0], vneid.ErrMalformed)
	s.c.decrypt = func() []jwx.PrivateKey { return []jwx.PrivateKey{{Key: crypto.PrivateKey(key)}} }
	stranger := newOP(t)
	theirs := s.op.key
	s.op.key = stranger.key
	forged := s.token()
	s.op.key = theirs
	if _, err := s.deliver(seal(forged)); err == nil || !s.in(r) {
		t.Errorf("signed by a stranger: %v", err)
	}
	s.op.clock.advance(time.Second)
	if status, err := s.deliver(seal(s.token())); status != 200 || s.in(r) {
		t.Errorf("%d %v, still in: %v", status, err, s.in(r))
	}
}
