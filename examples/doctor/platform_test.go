package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/platform"
	"github.com/vneid-sdk/vneid-go/sso"
	"github.com/vneid-sdk/vneid-go/vneid/vneidtest"
)

func TestTheReferencePlatformIsHealthy(t *testing.T) {
	p := vneidtest.New(t)
	r := examine(t, here(), of(t, p.SSO(callback))...)
	for _, check := range healthyChecks {
		r.get(t, check)
	}
	if r.status != healthy {
		t.Errorf("standard: %v", r.checks())
	}
	if r := examine(t, here(), append(of(t, p.FAPI2(callback)), "-profile", "fapi2")...); r.status != healthy || !r.has("credentials-ok") || !r.has("redirect-ok") {
		t.Errorf("FAPI 2.0: %v", r.checks())
	}
}

// of is the command line for a configuration.
func of(t *testing.T, cfg sso.Config) []string {
	t.Helper()
	args := []string{"-issuer", cfg.Issuer, "-client-id", cfg.ClientID, "-redirect", cfg.RedirectURL, "-key-id", cfg.KeyID}
	if cfg.ClientSecret != "" {
		args = append(args, "-secret-file", file(t, cfg.ClientSecret))
	}
	if cfg.Key != nil {
		der, err := x509.MarshalPKCS8PrivateKey(cfg.Key)
		if err != nil {
			t.Fatal(err)
		}
		args = append(args, "-key-file", file(t, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))))
	}
	return args
}

func TestThePlatformsFaultsAreFound(t *testing.T) {
	for fault, check := range map[string]string{
		"discovery-down": "metadata-down", "discovery-page": "metadata-page", "discovery-wrong-issuer": "metadata-issuer",
		"discovery-foreign-token": "metadata-hosts", "discovery-no-keys": "keys-none",
		"jwks-down": "keys-down", "jwks-page": "keys-page", "jwks-empty": "keys-empty", "jwks-cut": "keys-page",
		"token-down": "token-down", "token-page": "credentials-unclear", "token-unauthorized": "credentials-wrong", "token-redirect": "token-moved",
		"down": "metadata-down",
	} {
		p := vneidtest.New(t)
		args := of(t, p.SSO(callback))
		if r := examine(t, here(), args...); r.status != healthy || r.has(check) {
			t.Fatalf("the twin: %v", r.checks())
		}
		p.Break(fault)
		if r := examine(t, here(), args...); r.status == healthy || !r.has(check) {
			t.Errorf("%s: %v", fault, r.checks())
		}
	}
}

func TestMistakesOfAnOperatorAreFoundAtThePlatform(t *testing.T) {
	p := vneidtest.New(t)
	cfg, fapi := p.SSO(callback), p.FAPI2(callback)
	for name, c := range map[string]struct {
		check string
		args  []string
		about string // in the finding
	}{
		"a slash":            {"redirect-differs", append(of(t, cfg), "-redirect", callback+"/"), "slash"},
		"another case":       {"redirect-differs", append(of(t, cfg), "-redirect", "https://Portal.example/callback"), "case"},
		"an escape":          {"redirect-differs", append(of(t, cfg), "-redirect", "https://portal.example/%63allback"), "escape"},
		"a port":             {"redirect-differs", append(of(t, cfg), "-redirect", "https://portal.example:443/callback"), "port"},
		"another path":       {"redirect-refused", append(of(t, cfg), "-redirect", "https://portal.example/other"), ""},
		"another client":     {"redirect-refused", append(of(t, cfg), "-client-id", "nobody"), ""}, // its page does not say why
		"another secret":     {"credentials-wrong", append(of(t, cfg), "-secret-file", file(t, canary)), ""},
		"a scope":            {"login-refused", append(of(t, cfg), "-scopes", "vneid:everything"), "invalid_scope"},
		"FAPI 2.0, a slash":  {"redirect-differs", append(of(t, fapi), "-profile", "fapi2", "-redirect", callback+"/"), "slash"},
		"FAPI 2.0, a key":    {"credentials-wrong", append(of(t, fapi), "-profile", "fapi2", "-key-file", keyFile(t)), ""},
		"FAPI 2.0, a client": {"credentials-wrong", append(of(t, fapi), "-profile", "fapi2", "-client-id", "nobody"), ""},
	} {
		r := examine(t, here(), c.args...)
		if o := r.get(t, c.check); r.status != ill || !strings.Contains(o.What, c.about) {
			t.Errorf("%s: %v", name, r.checks())
		}
	}
}

// wires is a platform with a client of each wire, which let in the addresses given.
func wires(t *testing.T, addresses ...string) (issuer string) {
	t.Helper()
	srv := httptest.NewUnstartedServer(nil)
	p, err := platform.New(platform.Config{Issuer: "http://" + srv.Listener.Addr().String(), PasswordRounds: 1})
	if err != nil {
		t.Fatal(err)
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	b64 := base64.RawURLEncoding.EncodeToString
	jwks, err := json.Marshal(map[string]any{"keys": []any{map[string]string{
		"kty": "RSA", "use": "enc", "kid": "enc", "n": b64(key.N.Bytes()), "e": b64(big.NewInt(int64(key.E)).Bytes()),
	}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []platform.Client{
		{ID: "vnconnect", Wire: platform.VNConnect}, {ID: "envelope", Wire: platform.Envelope, Keys: jwks},
	} {
		c.Name, c.Class, c.Sector, c.Secret = "Đơn vị thử nghiệm", "public-service", c.ID, canary
		c.RedirectURIs, c.Addresses, c.Scopes = []string{callback}, addresses, []string{"profile", "vneid:id", "vneid:card"}
		if err := p.Register(context.Background(), c); err != nil {
			t.Fatal(err)
		}
	}
	srv.Config.Handler = p.Handler()
	srv.Start()
	t.Cleanup(srv.Close)
	return srv.URL
}

func wireArgs(t *testing.T, issuer, wire, secret string) []string {
	at := map[string][3]string{
		"vnconnect": {"/oauth2/authorize", "/oauth2/token", "/oauth2/userinfo"}, "envelope": {"/auth", "/auth/token", "/auth/userinfo"},
	}[wire]
	return []string{
		"-wire", wire, "-auth-url", issuer + at[0], "-token-url", issuer + at[1], "-userinfo-url", issuer + at[2],
		"-client-id", wire, "-redirect", callback, "-secret-file", file(t, secret),
	}
}

func TestTheOldWiresAreExamined(t *testing.T) {
	for _, wire := range []string{"vnconnect", "envelope"} {
		open, closed := wires(t), wires(t, "192.0.2.0/24")
		if r := examine(t, here(), wireArgs(t, open, wire, canary)...); r.status != healthy || !r.has("wire-unsigned") || !r.has("credentials-ok") || !r.has("redirect-ok") {
			t.Fatalf("%s: %v", wire, r.checks())
		}
		if r := examine(t, here(), wireArgs(t, open, wire, "another secret")...); r.status != ill || !r.has("credentials-or-address") {
			t.Errorf("%s, a wrong secret: %v", wire, r.checks())
		}
		if r := examine(t, here(), wireArgs(t, closed, wire, canary)...); r.status != ill || !r.has("credentials-or-address") {
			t.Errorf("%s, another address: %v", wire, r.checks())
		}
		if r := examine(t, here(), append(wireArgs(t, open, wire, canary), "-redirect", callback+"/")...); !r.has("redirect-differs") {
			t.Errorf("%s, a slash: %v", wire, r.checks())
		}
	}
}
