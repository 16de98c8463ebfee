package main

import (
	"context"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"os"
)

// pin is what kiosks are given: a JWK Set that says whose it is.
type pin struct {
	Issuer string           `json:"issuer"`
	Keys   []map[string]any `json:"keys"`
}

// newKey makes the key of a maker of bundles. It overwrites nothing.
func (p *program) newKey(_ context.Context, args []string) (int, error) {
	f := p.flags("new-key")
	maker := f.String("maker", "", "who makes the bundles: a `name`, usually an address")
	out := f.String("out", "", "write `FILE`.key and FILE.pin.json")
	if err := f.Parse(args); err != nil {
		return unknown, flagError(err)
	}
	if *maker == "" || *out == "" || f.NArg() > 0 {
		return unknown, errors.New("new-key needs -maker and -out")
	}
	public, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return unknown, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return unknown, err
	}
	pinned, err := json.MarshalIndent(pin{*maker, []map[string]any{{
		"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": kidOf(public), "x": base64.RawURLEncoding.EncodeToString(public),
	}}}, "", "  ")
	if err != nil {
		return unknown, err
	}
	if err := create(*out+".key", pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), 0o600); err != nil {
		return unknown, err
	}
	if err := create(*out+".pin.json", append(pinned, '\n'), 0o644); err != nil {
		return unknown, err
	}
	fmt.Fprintf(p.stdout, "%s: %s\n", *out+".key", p.say("khóa bí mật, giữ tại nơi tạo gói", "the private key: keep it where bundles are made"))
	fmt.Fprintf(p.stdout, "%s: %s\n", *out+".pin.json", p.say("khóa công khai, cài vào từng máy", "the public key: install it on each kiosk"))
	return passed, nil
}

// kidOf names a key by a hash, so that a new key has a new name.
func kidOf(public ed25519.PublicKey) string {
	sum := sha256.Sum256(public)
	return base64.RawURLEncoding.EncodeToString(sum[:9])
}

// create writes a file that must not be there.
func create(name string, content []byte, mode os.FileMode) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Close())
}

// loadKey reads a private key, and finds its name among the pinned ones: what nobody
// could open is not made.
func loadKey(file string, pinned pin) (key crypto.Signer, kid string, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, "", err
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, "", errors.New("the file of the key is not PEM")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	private, ok := parsed.(ed25519.PrivateKey)
	if err != nil || !ok {
		return nil, "", errors.New("the file of the key has no Ed25519 key (PKCS #8)")
	}
	public := private.Public().(ed25519.PublicKey)
	x := base64.RawURLEncoding.EncodeToString(public)
	for _, k := range pinned.Keys {
		if name, _ := k["kid"].(string); k["x"] == x && name != "" {
			return private, name, nil
		}
	}
	return nil, "", errors.New("the key is not among those that the kiosks were given")
}
