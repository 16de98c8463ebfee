package wycheproof

import (
	"encoding/json"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

type joseGroup struct {
	Comment         string
	Public, Private json.RawMessage
	Tests           []struct {
		TcID            int
		Comment, Result string
		Flags           []string
		JWS, JWE        any
	}
}

const issuer = "https://op.example"

// keySet makes a key set of a group's JWK or JWK Set: its public half, or where
// the file has only symmetric keys, those, which we skip.
func (g joseGroup) keySet() *jwks.Static {
	doc := g.Public
	if doc == nil {
		doc = g.Private
	}
	var set struct{ Keys []json.RawMessage }
	if json.Unmarshal(doc, &set) != nil || set.Keys == nil {
		doc = []byte(`{"keys":[` + string(doc) + `]}`)
	}
	keys, err := jwks.Parse(doc, issuer, vneid.UseIDToken)
	if err != nil {
		return &jwks.Static{} // trusts nothing
	}
	return keys
}

// accept runs a vector through the whole path of a token, except that the
// payloads of these files are not claims.
func accept(t *testing.T, keys vneid.KeySet, token any) bool {
	text, ok := token.(string)
	if !ok { // JSON serialization
		b, err := json.Marshal(token)
		if err != nil {
			t.Fatal(err)
		}
		text = string(b)
	}
	tok, err := jws.NewParser(jws.Rules{Types: []string{"", "JWT", "JOSE"}}).Parse(text)
	return err == nil && keys.Verify(t.Context(), vneid.Signed{
		Use: vneid.UseIDToken, Issuer: issuer, Alg: tok.Alg, KeyID: tok.KeyID, Input: tok.Input, Signature: tok.Signature,
	}) == nil
}

// contradicts reports whether the group's JWK names another algorithm than the
// token (PS256 for a PS384 token) or one that does not exist (ES521). The file
// counts such tokens as valid; RFC 7517 §4.4 binds the key to its alg.
func (g joseGroup) contradicts(token string) bool {
	var jwk struct{ Alg string }
	must(json.Unmarshal(g.Public, &jwk))
	tok, err := jws.NewParser(jws.Rules{Types: []string{""}}).Parse(token)
	return err == nil && jwk.Alg != "" && jwk.Alg != tok.Alg
}

// withoutAlg checks the signature by the same key without its alg.
func (g joseGroup) withoutAlg(t *testing.T, token string) bool {
	var jwk map[string]any
	must(json.Unmarshal(g.Public, &jwk))
	delete(jwk, "alg")
	text, err := json.Marshal(jwk)
	must(err)
	key, err := jwx.ParseKey(string(text))
	if err != nil {
		t.Fatal(err)
	}
	tok, err := jws.NewParser(jws.Rules{Types: []string{""}}).Parse(token)
	return err == nil && jws.Verify(tok.Alg, key.Public, tok.Input, tok.Signature) == nil
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func TestJOSE(t *testing.T) {
	for _, name := range []string{"json_web_signature_test.json", "json_web_key_test.json", "json_web_crypto_test.json"} {
		t.Run(name, func(t *testing.T) {
			var file struct{ TestGroups []joseGroup }
			read(t, name, &file)
			var c tally
			for _, g := range file.TestGroups {
				keys := g.keySet()
				for _, v := range g.Tests {
					got := v.JWS != nil && accept(t, keys, v.JWS)
					switch token, _ := v.JWS.(string); {
					case v.JWS == nil:
						c.skip("JWE: TestJWE runs them", 1)
					case v.Result == "valid" && g.Public == nil:
						c.skip("valid, but signed with an HMAC, which we never accept", 1)
						if got {
							t.Errorf("vector %d: an HMAC is accepted", v.TcID)
						}
					case v.Result == "valid" && g.Public != nil && g.contradicts(token):
						c.skip("valid, but the JWK's alg is not the token's; right without that alg", 1)
						if got || !g.withoutAlg(t, token) {
							t.Errorf("vector %d: the key is used against its alg, or the signature is refused without it", v.TcID)
						}
					default:
						c.judge(t, v.TcID, v.Comment, v.Result, got)
					}
				}
			}
			c.print(t, name)
		})
	}
}
