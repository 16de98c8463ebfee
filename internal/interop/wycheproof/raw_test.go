package wycheproof

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// group is a key and the signatures made, or not made, with it. The files differ
// in how they write the key; SubjectPublicKeyInfo and the raw Ed25519 point are
// what all of ours have.
type group struct {
	Sha, Mgf, MgfSha string
	SLen             int
	PublicKeyDer     string
	PublicKey        struct{ Pk, Curve string }
	Tests            []struct {
		TcID            int
		Comment, Result string
		Msg, Sig        string
		Flags           []string
	}
}

func (g group) key(t *testing.T) crypto.PublicKey {
	t.Helper()
	if g.PublicKey.Pk != "" {
		return ed25519.PublicKey(unhex(t, g.PublicKey.Pk))
	}
	key, err := x509.ParsePKIXPublicKey(unhex(t, g.PublicKeyDer))
	if err != nil {
		return nil
	}
	return key
}

var bits = map[string]string{"SHA-256": "256", "SHA-384": "384", "SHA-512": "512"}

// joseName is the algorithm of a group, or why JOSE has none.
func (g group) joseName(family string, key crypto.PublicKey) (alg, why string) {
	size := bits[g.Sha]
	if size == "" && family != "EdDSA" {
		return "", "the hash " + g.Sha + " has no JOSE algorithm"
	}
	switch family {
	case "RS":
		return "RS" + size, ""
	case "PS":
		if g.Mgf != "MGF1" || g.MgfSha != g.Sha {
			return "", "MGF1 uses another hash"
		}
		if fmt.Sprint(g.SLen*8) != size {
			return "", "the salt is not as long as the hash, which PS algorithms demand"
		}
		return "PS" + size, ""
	case "ES":
		alg = "ES" + size
		if k, ok := key.(*ecdsa.PublicKey); !ok || !jws.Fits(alg, k) {
			return "", "no ES algorithm pairs the curve with the hash"
		}
		return alg, ""
	}
	return "EdDSA", ""
}

func run(t *testing.T, name, family string) {
	var file struct{ TestGroups []group }
	read(t, name, &file)
	var c tally
	for _, g := range file.TestGroups {
		key := g.key(t)
		if key == nil {
			c.skip("crypto/x509 does not know the curve", len(g.Tests))
			continue
		}
		alg, why := g.joseName(family, key)
		if why != "" {
			c.skip(why, len(g.Tests))
			// What is right for another hash, salt or curve must not pass for ours.
			g.refuseValid(t, family, key)
			continue
		}
		usable := jws.CheckKey(key) == nil
		if r, ok := key.(*rsa.PublicKey); ok && !usable {
			c.skip(fmt.Sprintf("RSA of %d bits with exponent %d is out of bounds", r.N.BitLen(), r.E), len(g.Tests))
			continue
		}
		for _, v := range g.Tests {
			ok := usable && jws.Verify(alg, key, unhex(t, v.Msg), unhex(t, v.Sig)) == nil
			c.judge(t, v.TcID, v.Comment, v.Result, ok)
		}
	}
	c.print(t, name)
}

func (g group) refuseValid(t *testing.T, family string, key crypto.PublicKey) {
	t.Helper()
	for _, size := range bits {
		for _, v := range g.Tests {
			if v.Result == "valid" && jws.Verify(family+size, key, unhex(t, v.Msg), unhex(t, v.Sig)) == nil {
				t.Errorf("vector %d, %s: a signature over %s passes as %s", v.TcID, v.Comment, g.Sha, family+size)
			}
		}
	}
}

func TestRawSignatures(t *testing.T) {
	for prefix, family := range map[string]string{
		"rsa_signature_": "RS", "rsa_pss_": "PS", "ecdsa_": "ES", "ed25519": "EdDSA",
	} {
		for _, name := range files(t, prefix) {
			if family == "ES" && !strings.Contains(name, "p1363") {
				continue // DER signatures, which JOSE has not
			}
			t.Run(name, func(t *testing.T) { run(t, name, family) })
		}
	}
}
