package platform

import (
	"crypto/sha256"
	"crypto/sha512"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/wire"
)

const idTokenLife = 10 * time.Minute

// idToken signs the ID token of a login, and encrypts it for a client that
// registered a key for that. One that comes with a refresh has no nonce (OpenID
// Connect Core §12.2), nor has one of a login that a client began at a counter.
func (p *Platform) idToken(q *tokenCall) (string, error) {
	c, g, now := q.client, q.grant, p.now()
	claims := append(make(members, 0, 16),
		is("iss", p.cfg.Issuer), is("sub", p.subject(c, g.Account)), is("aud", c.ID),
		is("exp", now.Add(idTokenLife)), is("iat", now), is("auth_time", g.At), is("nonce", g.Nonce),
		is("acr", wire.ACR(g.ACR.Level, g.ACR.Auth)), is("amr", methods(g.Shown)), is("at_hash", accessHash(c.Alg, q.access)),
		is("sid", p.sessionName(c, g.Session)), is(wire.AccountLevel, int(g.ACR.Level)), is(wire.AccountType, g.Type),
		is(wire.EIDStatus, status(g.EIDLocked)), is(wire.Account, status(false)))
	if len(g.Confirmed) > 0 {
		claims = append(claims, is(wire.VerifiedBy, verifiedBy(g.Confirmed)))
	}
	t, err := p.newSigned(c.Alg, "JWT", claims...)
	if err != nil {
		return "", err
	}
	if t.refreshed = q.refreshed; t.refreshed || g.Nonce == "" {
		t.claims.drop("nonce")
	}
	if t.to, err = c.recipient(); err != nil {
		return "", err
	}
	for _, f := range p.faultsOf(c.ID) {
		if f.idToken != nil {
			f.idToken(t)
		}
	}
	return t.sign()
}

// recipient is the key to encrypt the client's tokens to; nil for none.
func (c *Client) recipient() (*jwx.Key, error) {
	_, encryption, err := c.keys()
	if err != nil || len(encryption) == 0 {
		return nil, err
	}
	return &encryption[0], nil
}

// encryptionAlgs and contentEncryption are what tokens are encrypted with.
func encryptionAlgs() []string {
	return []string{"RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW"}
}

const contentEncryption = "A256GCM"

func status(locked bool) string {
	if locked {
		return "locked"
	}
	return "active"
}

// accessHash is at_hash (OpenID Connect Core §3.1.3.6); with Ed25519 the hash is
// the one inside it, SHA-512.
func accessHash(alg, access string) string {
	if alg == "EdDSA" {
		sum := sha512.Sum512([]byte(access))
		return b64(sum[:32])
	}
	sum := sha256.Sum256([]byte(access))
	return b64(sum[:16])
}
