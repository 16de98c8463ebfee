package wycheproof

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
)

type jweGroup struct {
	Private struct {
		Kty, Crv, Kid, N, E, D, P, Q, X, Y string
	}
	Tests []struct {
		TcID                int
		Comment, Pt, Result string
		JWE                 any // a string, or the JSON serialization; nil where there is a JWS
	}
}

func number(s string) *big.Int {
	b, err := base64.RawURLEncoding.DecodeString(s)
	must(err)
	return new(big.Int).SetBytes(b)
}

// key makes the group's private key; nil for a symmetric one.
func (g *jweGroup) key() crypto.PrivateKey {
	switch k := g.Private; k.Kty {
	case "RSA":
		key := &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: number(k.N), E: int(number(k.E).Int64())}, D: number(k.D), Primes: []*big.Int{number(k.P), number(k.Q)}}
		key.Precompute()
		return key
	case "EC":
		curve := map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384()}[k.Crv]
		d := number(k.D)
		key, err := ecdsa.ParseRawPrivateKey(curve, d.FillBytes(make([]byte, (curve.Params().BitSize+7)/8)))
		must(err)
		return key
	}
	return nil
}

// listed reports whether a token's algorithms are among those that we open.
func listed(token string) bool {
	head, _ := jws.DecodeBase64(strings.Split(token, ".")[0])
	var h struct{ Alg, Enc string }
	return json.Unmarshal(head, &h) == nil &&
		slices.Contains([]string{"RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW"}, h.Alg) &&
		slices.Contains([]string{"A128GCM", "A256GCM", "A128CBC-HS256", "A256CBC-HS512"}, h.Enc)
}

// Their plaintexts are no tokens, so this is jwx.Open, which jwx.Decrypt asks before it
// looks inside.
func TestJWE(t *testing.T) {
	for _, name := range []string{"json_web_encryption_test.json", "json_web_crypto_test.json"} {
		t.Run(name, func(t *testing.T) {
			var file struct{ TestGroups []jweGroup }
			read(t, name, &file)
			var c tally
			for _, g := range file.TestGroups {
				c.sealed(t, &g)
			}
			c.print(t, name)
		})
	}
}

func (c *tally) sealed(t *testing.T, g *jweGroup) {
	t.Helper()
	for _, v := range g.Tests {
		if v.JWE == nil {
			continue // TestJOSE runs those
		}
		token, ok := v.JWE.(string)
		if !ok {
			text, err := json.Marshal(v.JWE)
			must(err)
			token = string(text)
		}
		key := g.key()
		if key == nil {
			c.skip("symmetric keys, which we never accept", 1)
			continue
		}
		plain, err := jwx.Open(token, jwx.PrivateKey{ID: g.Private.Kid, Key: key})
		if v.Result == "valid" && !listed(token) {
			c.skip("valid, but of algorithms that are not listed, and refused", 1)
			if err == nil {
				t.Errorf("vector %d: an algorithm that is not listed opens", v.TcID)
			}
			continue
		}
		if want, _ := hex.DecodeString(v.Pt); err == nil && v.Pt != "" && !bytes.Equal(plain, want) {
			t.Errorf("vector %d: another plaintext", v.TcID)
		}
		c.judge(t, v.TcID, v.Comment, v.Result, err == nil)
	}
}
