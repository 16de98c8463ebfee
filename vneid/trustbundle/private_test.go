package trustbundle

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/chip"
)

// A file that holds a private key beside its certificate must not end up in a bundle.
func TestNoPrivateKeyOfAFileIsPublished(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	real, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: real})
	both := append(bytes.Clone(cert), pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})...)
	made := time.Unix(1796000000, 0)
	sign := func(change func(*Contents, []byte), file []byte) ([]byte, error) {
		c := Contents{Maker: "m", Made: made, Until: made.Add(time.Hour), Sequence: 1}
		change(&c, file)
		return c.Sign("k", key)
	}
	for name, change := range map[string]func(*Contents, []byte){
		"an anchor": func(c *Contents, b []byte) {
			c.Anchors = []chip.Anchor{{Label: "caller", Country: "VN", Certificates: b}}
		},
		"the signers": func(c *Contents, b []byte) {
			c.MasterLists = []chip.MasterList{{Label: "caller", Signers: b, Data: []byte("x")}}
		},
		"a CRL": func(c *Contents, b []byte) { c.CRLs = [][]byte{b} },
	} {
		if _, err := sign(change, cert); err != nil {
			t.Errorf("%s: the twin: %v", name, err)
		}
		for how, file := range map[string][]byte{"beside a certificate": both, "alone": both[len(cert):], "as DER": der} {
			out, err := sign(change, file)
			payload, _ := base64.RawURLEncoding.DecodeString(string(bytes.Split(append(out, "..."...), []byte("."))[1]))
			if err == nil || bytes.Contains(payload, []byte(base64.StdEncoding.EncodeToString(der))) {
				t.Errorf("%s, a private key %s: published", name, how)
			}
		}
	}
}
