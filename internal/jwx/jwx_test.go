package jwx_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"strings"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jwx"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func publics(t testing.TB) map[string]crypto.PublicKey {
	t.Helper()
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	must(err)
	out := map[string]crypto.PublicKey{"RSA": &r.PublicKey}
	for name, c := range map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()} {
		k, err := ecdsa.GenerateKey(c, rand.Reader)
		must(err)
		out[name] = &k.PublicKey
	}
	out["Ed25519"], _, err = ed25519.GenerateKey(rand.Reader)
	must(err)
	return out
}

func equal(a, b crypto.PublicKey) bool {
	k, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && k.Equal(b)
}

func TestKeysComeBackAsTheyWereWritten(t *testing.T) {
	for name, public := range publics(t) {
		// Often enough that coordinates with leading zeros occur now and then.
		in := jwx.Key{Public: public, ID: `k","alg":"none`, Alg: "RS256", Use: "sig", Ops: []string{"verify"}}
		doc, err := jwx.Marshal(in, in)
		if err != nil {
			t.Fatal(err)
		}
		keys, skipped, err := jwx.ParseSet(doc)
		if err != nil || len(skipped) > 0 || len(keys) != 2 {
			t.Fatalf("%s: %v %v", name, err, skipped)
		}
		out := keys[1]
		if !equal(out.Public, public) || out.ID != in.ID || out.Alg != in.Alg || out.Use != in.Use || out.Ops[0] != "verify" {
			t.Errorf("%s came back as %+v", name, out)
		}
	}
	if doc, err := jwx.Marshal(); err != nil || string(doc) != `{"keys":[]}` {
		t.Errorf("no keys: %s, %v", doc, err)
	}
}

func TestPrivateAndWeakKeysAreNotWritten(t *testing.T) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	must(err)
	for name, key := range map[string]crypto.PublicKey{"a private key": private, "a secret": []byte("secret"), "nothing": nil, "a weak key": ed25519.PublicKey(make([]byte, 32))} {
		if text, err := jwx.MarshalKey(jwx.Key{Public: key}); err == nil {
			t.Errorf("%s is written: %s", name, text)
		}
		if text, err := jwx.Thumbprint(key); err == nil {
			t.Errorf("%s has a thumbprint: %s", name, text)
		}
	}
}

func TestThumbprintsOfTheStandards(t *testing.T) {
	for _, tc := range []struct{ source, jwk, want string }{
		{"RFC 7638 §3.1", `{"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}`, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"},
		{"RFC 8037 A.3", `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"},
	} {
		key, err := jwx.ParseKey(tc.jwk)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := jwx.Thumbprint(key.Public); err != nil || got != tc.want {
			t.Errorf("%s: %q, %v", tc.source, got, err)
		}
	}
}

func TestParseKeyRefuses(t *testing.T) {
	const good = `{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}`
	if _, err := jwx.ParseKey(good); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"not JSON":                strings.Replace(good, "{", "", 1),
		"a name twice":            strings.Replace(good, `"crv"`, `"kty":"OKP","crv"`, 1),
		"names in other case":     strings.Replace(good, `"x"`, `"X"`, 1),
		"data after it":           good + " x",
		"kty a number":            strings.Replace(good, `"OKP"`, `1`, 1),
		"another type":            strings.Replace(good, "OKP", "okp", 1),
		"a type from another one": strings.Replace(good, "OKP", "EC", 1),
		"another curve":           strings.Replace(good, "Ed25519", "X25519", 1),
		"a padded x":              strings.Replace(good, `URo"`, `URo="`, 1),
		"trailing bits in x":      strings.Replace(good, `URo"`, `URp"`, 1),
		"the standard alphabet":   strings.Replace(good, "_", "/", 1),
		"a line feed in x":        strings.Replace(good, "_", `\n_`, 1),
		"a short x":               strings.Replace(good, "11qY", "", 1),
		"an empty x":              `{"kty":"OKP","crv":"Ed25519","x":""}`,
		"no x":                    `{"kty":"OKP","crv":"Ed25519"}`,
		"a private key":           strings.Replace(good, `}`, `,"d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A"}`, 1),
		"kid a number":            strings.Replace(good, `}`, `,"kid":1}`, 1),
		"alg an array":            strings.Replace(good, `}`, `,"alg":["EdDSA"]}`, 1),
		"key_ops an object":       strings.Replace(good, `}`, `,"key_ops":{}}`, 1),
		"RFC 7517's symmetric":    `{"kty":"oct","alg":"A128KW","k":"GawgguFyGrWKav7AX4VKUg"}`,
	} {
		if key, err := jwx.ParseKey(text); err == nil || key.Public != nil && strings.HasPrefix(name, "a name") {
			t.Errorf("%s is read", name)
		} else if strings.Contains(err.Error(), "11qY") || strings.Contains(err.Error(), "nWGx") {
			t.Errorf("%s: the text quotes the key: %v", name, err)
		}
	}
}

func TestTheRFC7517KeySet(t *testing.T) {
	// Appendix A.1, with the symmetric keys of A.3 beside.
	const doc = `{"keys":
       [
         {"kty":"EC",
          "crv":"P-256",
          "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
          "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
          "use":"enc",
          "kid":"1"},

         {"kty":"RSA",
          "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
          "e":"AQAB",
          "alg":"RS256",
          "kid":"2011-04-29"},
         {"kty":"oct",
          "alg":"A128KW",
          "k":"GawgguFyGrWKav7AX4VKUg"}
       ]
     }`
	keys, skipped, err := jwx.ParseSet([]byte(doc))
	if err != nil || len(keys) != 2 || len(skipped) != 1 {
		t.Fatalf("%d keys, %v skipped, %v", len(keys), skipped, err)
	}
	if keys[0].Signs("ES256") || !keys[1].Signs("RS256") || keys[1].Signs("RS512") || keys[1].Signs("ES256") {
		t.Error("use and alg are not bound")
	}
}
