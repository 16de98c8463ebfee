package platform

import (
	"context"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

// published fetches a key set and returns its key ids.
func (w *world) published(path string) (doc []byte, kids map[string]bool) {
	w.t.Helper()
	req, _ := http.NewRequest("GET", w.url+path, nil)
	a := w.call(req)
	var set struct{ Keys []struct{ Kid, D string } }
	if err := json.Unmarshal(a.raw, &set); err != nil || a.status != 200 {
		w.t.Fatalf("%s: %d %v", path, a.status, err)
	}
	kids = map[string]bool{}
	for _, k := range set.Keys {
		kids[k.Kid] = true
		if k.D != "" {
			w.t.Errorf("%s publishes a private key", path)
		}
	}
	return a.raw, kids
}

// signedBy logs in and returns the token's key id.
func (w *world) signedBy() string {
	w.t.Helper()
	token := w.login("level2", nil).body["id_token"].(string)
	t, err := jws.NewParser(jws.Rules{Types: []string{"JWT"}}).Parse(token)
	if err != nil {
		w.t.Fatal(err)
	}
	return t.KeyID
}

func TestKeysAreAnnouncedBeforeTheySignAndRetiredAfter(t *testing.T) {
	w := newWorld(t)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	old := w.signedBy()
	must(w.LoginKeys().Announce())
	if _, kids := w.published("/jwks.json"); len(kids) != 2 || !kids[old] || w.signedBy() != old || !w.LoginKeys().Announced() {
		t.Error("an announced key signs already, or is not published")
	}
	must(w.LoginKeys().Switch())
	now := w.signedBy()
	if _, kids := w.published("/jwks.json"); now == old || !kids[now] || !kids[old] || w.LoginKeys().Announced() {
		t.Error("the announced key does not sign, or the former one is gone")
	}
	must(w.LoginKeys().Retire())
	if _, kids := w.published("/jwks.json"); len(kids) != 1 || !kids[now] {
		t.Error("the former key is still published")
	}
	must(w.LoginKeys().Switch()) // with nothing announced
	must(w.LoginKeys().Announce())
	must(w.LoginKeys().Announce())
	must(w.LoginKeys().Switch())
	if last := w.signedBy(); last == now {
		t.Error("the newest of two announced keys does not sign")
	}
	must(w.LoginKeys().Retire())
	if _, kids := w.published("/jwks.json"); len(kids) != 1 {
		t.Errorf("%d keys stay", len(kids))
	}
}

func TestLoginAndQRKeysAreApart(t *testing.T) {
	w := newWorld(t)
	_, login := w.published("/jwks.json")
	_, qr := w.published("/qr/jwks.json")
	for kid := range login {
		if qr[kid] {
			t.Error("one key serves logins and QR codes")
		}
	}
	for _, key := range w.qr.all() {
		spki, err := x509.MarshalPKIXPublicKey(key.signer.Public())
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(spki)
		if key.kid != base64.RawURLEncoding.EncodeToString(sum[:8]) {
			t.Error("a key id is not what a COSE header carries")
		}
	}
}

func TestEveryAlgorithmSignsWhatTheKeySetVerifies(t *testing.T) {
	w := newWorld(t)
	for _, alg := range []string{"ES256", "EdDSA", "RS256", "PS256"} {
		w.register(Client{ID: alg, Secret: rpSecret, RedirectURIs: []string{rpBack}, Alg: alg})
		ask := map[string]string{"client_id": alg, "scope": "openid"}
		token := w.exchangeCode(w.code(ask), map[string]string{"client_id": alg}).body["id_token"].(string)
		parsed, err := jws.NewParser(jws.Rules{Algs: []string{alg}, Types: []string{"JWT"}}).Parse(token)
		if err != nil {
			t.Fatalf("%s: %v", alg, err)
		}
		doc, _ := w.published("/jwks.json")
		set, err := jwks.Parse(doc, w.url, vneid.UseIDToken)
		if err != nil {
			t.Fatal(err)
		}
		s := vneid.Signed{Use: vneid.UseIDToken, Issuer: w.url, Alg: parsed.Alg, KeyID: parsed.KeyID, Input: parsed.Input, Signature: parsed.Signature}
		if err := set.Verify(context.Background(), s); err != nil {
			t.Errorf("%s: %v", alg, err)
		}
		s.Input = append([]byte{'x'}, s.Input...)
		if set.Verify(context.Background(), s) == nil {
			t.Errorf("%s: anything verifies", alg)
		}
	}
	if err := w.Register(context.Background(), Client{ID: "x", Secret: rpSecret, Alg: "HS256"}); err == nil {
		t.Error("a client with HS256 was registered")
	}
}

func TestDiscoveryNamesWhatIsThere(t *testing.T) {
	w := newWorld(t)
	req, _ := http.NewRequest("GET", w.url+pathDiscovery, nil)
	a := w.call(req)
	if a.status != 200 || a.body["issuer"] != w.url || a.body["authorization_response_iss_parameter_supported"] != true {
		t.Fatalf("%d %s", a.status, a.raw)
	}
	for _, name := range []string{"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "revocation_endpoint", "end_session_endpoint"} {
		at, _ := a.body[name].(string)
		req, err := http.NewRequest("GET", at, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.call(req); got.status == http.StatusNotFound {
			t.Errorf("%s leads nowhere", name)
		}
	}
}
