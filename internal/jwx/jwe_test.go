package jwx_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
)

// sealedFile is a file of make_jwe.mjs or make_jwe.py.
type sealedFile struct {
	Keys, Twins map[string]string
	Plain       string
	Cases       map[string]struct{ Token, Key, Plain, Twin string }
}

func sealedVectors(t testing.TB, name string) (f sealedFile) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	must(err)
	must(json.Unmarshal(text, &f))
	if len(f.Cases) == 0 {
		t.Fatal("no cases")
	}
	return f
}

func private(t testing.TB, text string) jwx.PrivateKey {
	t.Helper()
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		t.Fatal("no PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	must(err)
	return jwx.PrivateKey{Key: key}
}

func TestTokensThatNodeEncrypted(t *testing.T) {
	f := sealedVectors(t, "accepted/jwe.json")
	for name, tc := range f.Cases {
		k := private(t, tc.Key)
		if err := k.Check(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, id := range []string{"", "enc-1"} {
			k.ID = id
			if plain, err := jwx.Decrypt(tc.Token, k); err != nil || plain != tc.Plain {
				t.Errorf("%s, kid %q: %q, %v", name, id, plain, err)
			}
		}
		other := jwx.PrivateKey{ID: "enc-2", Key: k.Key}
		plain, err := jwx.Decrypt(tc.Token, other)
		if named := !strings.Contains(name, "without kid"); (err != nil) != named || err != nil && plain != "" {
			t.Errorf("%s: a key of another kid: %v", name, err)
		}
		if plain, err := jwx.Decrypt(tc.Token, other, k); err != nil || plain != tc.Plain {
			t.Errorf("%s: the second key: %v", name, err)
		}
	}
	t.Logf("%d opened", len(f.Cases))
}

func TestSealedTokensThatAreRefused(t *testing.T) {
	f := sealedVectors(t, "refused/jwe.json")
	keys := map[string]jwx.PrivateKey{"RSA": private(t, f.Keys["RSA"]), "EC": private(t, f.Keys["EC"])}
	for name, k := range keys {
		k.ID = "1"
		keys[name] = k
	}
	for name, tc := range f.Cases {
		t.Run(name, func(t *testing.T) {
			key := keys[tc.Key]
			if plain, err := jwx.Decrypt(f.Twins[tc.Twin], key); err != nil || plain != f.Plain {
				t.Fatalf("the twin: %v", err)
			}
			if plain, err := jwx.Decrypt(tc.Token, key); err != jwx.ErrDecrypt || plain != "" {
				t.Errorf("%q, %v", plain, err)
			}
			if plain, err := jwx.Decrypt(tc.Token, keys["EC"], keys["RSA"]); err != jwx.ErrDecrypt || plain != "" {
				t.Errorf("with both keys: %q, %v", plain, err)
			}
		})
	}
	if _, err := jwx.Decrypt(f.Twins["RSA"]); err != jwx.ErrDecrypt {
		t.Errorf("without keys: %v", err)
	}
	t.Logf("%d refused", len(f.Cases))
}

// hardware is an RSA key that only decrypts.
type hardware struct {
	key   *rsa.PrivateKey
	calls *int
}

func (h hardware) Public() crypto.PublicKey { return &h.key.PublicKey }

func (h hardware) Decrypt(r io.Reader, text []byte, opts crypto.DecrypterOpts) ([]byte, error) {
	*h.calls++
	return h.key.Decrypt(r, text, opts)
}

func TestWhatWeEncryptOpens(t *testing.T) {
	const signed = "eyJhbGciOiJFUzI1NiJ9.e30.AAAA"
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	must(err)
	keys := map[string][]crypto.PrivateKey{"RSA-OAEP-256": {r, hardware{r, new(int)}}}
	for _, c := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		k, err := ecdsa.GenerateKey(c, rand.Reader)
		must(err)
		for _, alg := range []string{"ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW"} {
			keys[alg] = append(keys[alg], k)
		}
	}
	n := 0
	for alg, list := range keys {
		for _, key := range list {
			public := key.(interface{ Public() crypto.PublicKey }).Public()
			for _, enc := range []string{"", "A128GCM", "A256GCM", "A128CBC-HS256", "A256CBC-HS512"} {
				to := jwx.Recipient{Public: public, ID: `k","zip":"DEF`, Alg: alg, Enc: enc}
				token, err := jwx.Encrypt(signed, to)
				must(err)
				if plain, err := jwx.Decrypt(token, jwx.PrivateKey{ID: to.ID, Key: key}); err != nil || plain != signed {
					t.Errorf("%s %s: %q, %v", alg, enc, plain, err)
				}
				if strings.Contains(token, "..") != (alg == "ECDH-ES") {
					t.Error("only direct agreement has no encrypted key")
				}
				n++
			}
			token, err := jwx.Encrypt(signed, jwx.Recipient{Public: public})
			must(err)
			if plain, err := jwx.Decrypt(token, jwx.PrivateKey{ID: "any", Key: key}); err != nil || plain != signed {
				t.Errorf("%s by default: %v", alg, err)
			}
		}
	}
	if calls := *keys["RSA-OAEP-256"][1].(hardware).calls; calls != 6 {
		t.Errorf("the hardware was asked %d times", calls)
	}
	t.Logf("%d combinations", n)
}

func TestWhatEncryptRefuses(t *testing.T) {
	const signed = "eyJhbGciOiJFUzI1NiJ9.e30.AAAA"
	p := publics(t)
	for name, tc := range map[string]struct {
		signed string
		to     jwx.Recipient
	}{
		"a claim set":             {`{"sub":"1"}`, jwx.Recipient{Public: p["RSA"]}},
		"nothing":                 {"", jwx.Recipient{Public: p["RSA"]}},
		"no key":                  {signed, jwx.Recipient{}},
		"Ed25519":                 {signed, jwx.Recipient{Public: p["Ed25519"]}},
		"RSA with ECDH":           {signed, jwx.Recipient{Public: p["RSA"], Alg: "ECDH-ES"}},
		"EC with OAEP":            {signed, jwx.Recipient{Public: p["P-256"], Alg: "RSA-OAEP-256"}},
		"RSA1_5":                  {signed, jwx.Recipient{Public: p["RSA"], Alg: "RSA1_5"}},
		"an unknown enc":          {signed, jwx.Recipient{Public: p["RSA"], Enc: "A192GCM"}},
		"more than 32 KiB inside": {signed + strings.Repeat("AAAA", 8<<10), jwx.Recipient{Public: p["RSA"]}},
	} {
		if token, err := jwx.Encrypt(tc.signed, tc.to); err == nil || token != "" {
			t.Errorf("%s is encrypted", name)
		}
	}
	if _, err := jwx.Encrypt(signed, jwx.Recipient{Public: p["RSA"]}); err != nil {
		t.Error(err)
	}
}

func TestKeysThatOpenNothing(t *testing.T) {
	_, ed := publics(t)["Ed25519"], publics(t)["RSA"]
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	must(err)
	for name, key := range map[string]crypto.PrivateKey{
		"nothing": nil, "no RSA key": (*rsa.PrivateKey)(nil), "no EC key": (*ecdsa.PrivateKey)(nil), "a public key": ed, "a secret": []byte("secret"), "a weak key": small,
	} {
		if err := (jwx.PrivateKey{Key: key}).Check(); err == nil {
			t.Errorf("%s passes", name)
		}
		f := sealedVectors(t, "refused/jwe.json")
		if _, err := jwx.Decrypt(f.Twins["RSA"], jwx.PrivateKey{Key: key}); err != jwx.ErrDecrypt {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPrintsOfAPrivateKeyShowNothing(t *testing.T) {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	d, err := k.Bytes()
	must(err)
	key := jwx.PrivateKey{ID: "enc-1", Key: k}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		for _, v := range []any{key, &key, []jwx.PrivateKey{key}} {
			text := fmt.Sprintf(verb, v)
			if strings.Contains(text, k.D.String()) || strings.Contains(text, fmt.Sprintf("%x", d)) {
				t.Errorf("%s shows the key", verb)
			}
		}
	}
	if _, err := json.Marshal(key); err == nil {
		t.Error("the key is encoded")
	}
	if v := key.LogValue().String(); !strings.Contains(v, "enc-1") || strings.Contains(v, k.D.String()) {
		t.Errorf("logged as %q", v)
	}
}

// What opens was made for our key; every other text has the one error, quickly.
func FuzzDecrypt(f *testing.F) {
	file := sealedVectors(f, "refused/jwe.json")
	keys := []jwx.PrivateKey{private(f, file.Keys["RSA"]), private(f, file.Keys["EC"])}
	var known []string
	for _, t := range file.Twins {
		f.Add(t)
		known = append(known, t)
	}
	for _, tc := range file.Cases {
		f.Add(tc.Token)
	}
	f.Fuzz(func(t *testing.T, token string) {
		plain, err := jwx.Decrypt(token, keys...)
		switch {
		case err != nil && (plain != "" || !errors.Is(err, jwx.ErrDecrypt)):
			t.Errorf("%q next to %v", plain, err)
		case err == nil && plain != file.Plain && !slices.Contains(known, token):
			t.Errorf("%q opens", token)
		}
	})
}
