package jwx_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/lestrrat-go/jwx/v2/jwa"
	oracle "github.com/lestrrat-go/jwx/v2/jws"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
)

// verifier is our reading and jwx's of one key set. Whatever ours accepts, jwx's
// must accept with the same payload: two programs would have to share a fault.
type verifier struct {
	keys map[string]jwx.Key
	ours *jws.Parser
}

func newVerifier(t testing.TB) verifier {
	t.Helper()
	doc, err := os.ReadFile("../jws/testdata/keys.json")
	if err != nil {
		t.Fatal(err)
	}
	keys, _, err := jwx.ParseSet(doc)
	if err != nil {
		t.Fatal(err)
	}
	v := verifier{map[string]jwx.Key{}, jws.NewParser(jws.Rules{Types: []string{"JWT", ""}})}
	for _, k := range keys {
		v.keys[k.ID] = k
	}
	return v
}

// compare reports whether ours accepts and fails the test where jwx then does not.
func (v verifier) compare(t testing.TB, token string) bool {
	t.Helper()
	tok, err := v.ours.Parse(token)
	if err != nil {
		return false
	}
	key := v.keys[tok.KeyID].Public
	if jws.Verify(tok.Alg, key, tok.Input, tok.Signature) != nil {
		return false
	}
	if tok.Header("alg") == `"Ed25519"` {
		return true // RFC 9864 is younger than jwx/v2
	}
	encoded, _, _ := strings.Cut(token, ".")
	if head, _ := jws.DecodeBase64(encoded); len(bytes.TrimSpace(head)) != len(head) {
		return true // jwx encodes the header again without the white space round it
	}
	payload, err := oracle.Verify([]byte(token), oracle.WithKey(jwa.SignatureAlgorithm(tok.Alg), key))
	if err != nil || string(payload) != tok.Payload {
		t.Errorf("ours accepts %q, jwx says %v", token, err)
	}
	return true
}

func tokens(t testing.TB) (accepted map[string]string, refused []struct{ Token string }) {
	t.Helper()
	for name, into := range map[string]any{"accepted": &accepted, "refused": &refused} {
		var file struct{ Tokens json.RawMessage }
		b, err := os.ReadFile("../jws/testdata/" + name + "/tokens.json")
		must(err)
		must(json.Unmarshal(b, &file))
		must(json.Unmarshal(file.Tokens, into))
	}
	return accepted, refused
}

func TestWhatWeAcceptJwxAccepts(t *testing.T) {
	v := newVerifier(t)
	accepted, refused := tokens(t)
	for name, token := range accepted {
		if !v.compare(t, token) {
			t.Errorf("%s is refused", name)
		}
	}
	for _, r := range refused {
		v.compare(t, r.Token)
	}
}

func FuzzOracle(f *testing.F) {
	v := newVerifier(f)
	accepted, refused := tokens(f)
	for _, token := range accepted {
		if len(token) < 2000 {
			f.Add(token)
		}
	}
	for _, r := range refused {
		if len(r.Token) < 2000 {
			f.Add(r.Token)
		}
	}
	f.Fuzz(func(t *testing.T, token string) { v.compare(t, token) })
}

// FuzzParseSet looks for sets that jwx reads as other keys than they spell.
func FuzzParseSet(f *testing.F) {
	doc, err := os.ReadFile("../jws/testdata/keys.json")
	must(err)
	f.Add(doc)
	f.Add([]byte(`{"keys":[{"kty":"RSA","n":"AA","e":"AQAB"},{"kty":"oct","k":"AA"},{}]}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		keys, _, err := jwx.ParseSet(doc)
		if err != nil {
			return
		}
		for _, k := range keys {
			if err := jws.CheckKey(k.Public); err != nil {
				t.Fatalf("a weak key is kept: %v", err)
			}
		}
		again, err := jwx.Marshal(keys...)
		if err != nil {
			t.Fatal(err)
		}
		back, skipped, err := jwx.ParseSet(again)
		if err != nil || len(skipped) > 0 || len(back) != len(keys) {
			t.Fatalf("written and read again: %v %v", err, skipped)
		}
		for i := range keys {
			if !equal(keys[i].Public, back[i].Public) || keys[i].ID != back[i].ID {
				t.Errorf("key %d changed", i)
			}
		}
	})
}
