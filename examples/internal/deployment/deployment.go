// Package deployment reads from a command line which platform a program talks to, and as
// whom, for data requests (vneid/share).
package deployment

import (
	"crypto"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
	"github.com/vneid-sdk/vneid-go/vneid/share"
)

// Flags are what a command line says. Keys are in files, since other users of a machine
// see command lines.
type Flags struct {
	Issuer string

	client, redirect, keyFile, keyID, decryptFile, decryptID, hosts string
	trust                                                           map[string][]document.Kind
}

// Define adds the flags to a set.
func (f *Flags) Define(set *flag.FlagSet) {
	f.trust = map[string][]document.Kind{}
	set.StringVar(&f.Issuer, "issuer", "", "the platform's identifier, a `URL`")
	set.StringVar(&f.client, "client-id", "", "what the platform calls this relying party")
	set.StringVar(&f.redirect, "redirect", "", "the registered redirect `URL`")
	set.StringVar(&f.keyFile, "key-file", "", "`file` with the key that authenticates the client (PEM, PKCS #8)")
	set.StringVar(&f.keyID, "key-id", "", "the kid under which the platform has that key")
	set.StringVar(&f.decryptFile, "decrypt-file", "", "`file` with the key that answers are encrypted to (PEM, PKCS #8)")
	set.StringVar(&f.decryptID, "decrypt-id", "", "the kid under which the platform has that key")
	set.StringVar(&f.hosts, "hosts", "", "other hosts of the platform's endpoints, divided by commas")
	set.Func("trust", "an issuer of documents and its kinds, `URL=KIND,KIND`; its keys are at URL/jwks.json; repeat it for each", f.addTrust)
}

func (f *Flags) addTrust(s string) error {
	i := strings.LastIndexByte(s, '=')
	if i <= 0 || i == len(s)-1 {
		return errors.New("not URL=KIND,KIND")
	}
	for _, kind := range strings.Split(s[i+1:], ",") {
		f.trust[s[:i]] = append(f.trust[s[:i]], document.Kind(kind))
	}
	return nil
}

// Config is a configuration that remembers nothing of an earlier one. It is checked by
// share.New alone.
func (f *Flags) Config() (share.Config, error) {
	key, err := readKey(f.keyFile)
	if err != nil {
		return share.Config{}, fmt.Errorf("-key-file: %w", err)
	}
	status := &share.RemoteStatus{Life: time.Nanosecond}
	v := &share.Verifier{
		Platform: f.Issuer, Client: f.client, Status: status, Issuers: map[string]share.Trust{}, Replay: vneid.NewMemoryReplay(0, nil),
		Keys: &jwks.Remote{URL: strings.TrimSuffix(f.Issuer, "/") + "/share/jwks.json", Issuer: f.Issuer, Uses: []vneid.Use{share.UseEnvelope, share.UseReceipt}},
	}
	for iss, kinds := range f.trust {
		status.Issuers = append(status.Issuers, iss)
		v.Issuers[iss] = share.Trust{Kinds: kinds, Keys: &jwks.Remote{
			URL: iss + "/jwks.json", Issuer: iss, Uses: []vneid.Use{share.UseDocument, vneid.UseStatus},
		}}
	}
	if f.decryptFile != "" {
		open, err := readKey(f.decryptFile)
		if err != nil {
			return share.Config{}, fmt.Errorf("-decrypt-file: %w", err)
		}
		v.Decrypt = []share.DecryptKey{{ID: f.decryptID, Key: open}}
	}
	cfg := share.Config{Issuer: f.Issuer, ClientID: f.client, RedirectURL: f.redirect, Key: key, KeyID: f.keyID, Verifier: v}
	if f.hosts != "" {
		cfg.Hosts = strings.Split(f.hosts, ",")
	}
	return cfg, nil
}

func readKey(name string) (crypto.Signer, error) {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, errors.New("the file cannot be read")
	}
	block, _ := pem.Decode(text)
	if block == nil {
		return nil, errors.New("no PEM in it")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	signer, ok := key.(crypto.Signer)
	if err != nil || !ok {
		return nil, errors.New("no PKCS #8 key in it that signs") // the cause could quote it
	}
	return signer, nil
}
