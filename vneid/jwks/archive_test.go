package jwks

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/vneid"
)

func TestAnArchiveHasTheKeysThatVerify(t *testing.T) {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jwx.Marshal(jwx.Key{Public: &k.PublicKey, ID: "k1", Alg: "ES256", Use: "sig"})
	if err != nil {
		t.Fatal(err)
	}
	static, err := Parse(doc, "https://op.example", vneid.UseEvent)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := static.JWKS(); err != nil || string(got) != string(doc) {
		t.Errorf("%s, %v", got, err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(doc) }))
	defer server.Close()
	remote := &Remote{URL: server.URL, Issuer: "https://op.example", Uses: []vneid.Use{vneid.UseEvent}, Now: time.Now}
	if _, err := remote.JWKS(); !errors.Is(err, vneid.ErrUnavailable) {
		t.Errorf("before the first fetch: %v", err)
	}
	if err := remote.Ready(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := remote.JWKS(); err != nil || string(got) != string(doc) {
		t.Errorf("%s, %v", got, err)
	}
	if _, err := new(Static).JWKS(); !errors.Is(err, vneid.ErrUnavailable) {
		t.Errorf("no keys: %v", err)
	}
}
