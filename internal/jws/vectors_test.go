package jws_test

import (
	"encoding/json"
	"errors"
	"os"
	"regexp"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
)

// vector is a token that must be refused, and the accepted one from which it
// differs in the named fault alone.
type vector struct{ Name, Twin, Want, Token string }

func load(t testing.TB, name string, into any) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, into); err != nil {
		t.Fatal(err)
	}
}

func vectors(t testing.TB) (accepted map[string]string, refused []vector) {
	t.Helper()
	var a struct{ Tokens map[string]string }
	var r struct{ Tokens []vector }
	load(t, "accepted/tokens.json", &a)
	load(t, "refused/tokens.json", &r)
	return a.Tokens, r.Tokens
}

func keys(t testing.TB) map[string]jwx.Key {
	t.Helper()
	doc, err := os.ReadFile("testdata/keys.json")
	if err != nil {
		t.Fatal(err)
	}
	list, skipped, err := jwx.ParseSet(doc)
	if err != nil || len(skipped) > 0 {
		t.Fatal(err, skipped)
	}
	byID := map[string]jwx.Key{}
	for _, k := range list {
		byID[k.ID] = k
	}
	return byID
}

// judge does what a verifier of ID tokens does with this package, up to the
// meaning of the claims.
func judge(p *jws.Parser, keys map[string]jwx.Key, token string) error {
	tok, err := p.Parse(token)
	if err != nil {
		return err
	}
	if err := jws.Verify(tok.Alg, keys[tok.KeyID].Public, tok.Input, tok.Signature); err != nil {
		return err
	}
	c, err := tok.Claims()
	if err != nil {
		return err
	}
	for _, name := range []string{"iss", "sub", "nonce", "name"} {
		if c.String(name) == "" && c.Err() == nil {
			return errors.New("a claim is missing: " + name)
		}
	}
	c.Strings("aud")
	c.Time("exp")
	c.Time("iat")
	c.Bool("email_verified")
	return c.Err()
}

// payload is what stands in the vectors and nowhere else.
var payload = regexp.MustCompile(`\d{3}|example|9b1f|S6_|Mẫu|p256`)

func TestRefusedTokensAndTheirTwins(t *testing.T) {
	accepted, refused := vectors(t)
	keys := keys(t)
	p := jws.NewParser(jws.Rules{Types: []string{"JWT", ""}})
	if len(refused) < 150 {
		t.Errorf("only %d refused tokens", len(refused))
	}
	for name, token := range accepted {
		if err := judge(p, keys, token); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, v := range refused {
		t.Run(v.Name, func(t *testing.T) {
			if err := judge(p, keys, accepted[v.Twin]); err != nil {
				t.Fatalf("the twin is refused: %v", err)
			}
			err := judge(p, keys, v.Token)
			var reason jws.Reason
			if !errors.As(err, &reason) || reason.Error() != v.Want {
				t.Fatalf("got %v (%v), want %s", err, reason, v.Want)
			}
			if payload.MatchString(err.Error()) {
				t.Errorf("the text quotes the token: %q", err)
			}
		})
	}
}

func TestTheHeaderCacheChangesNoVerdict(t *testing.T) {
	accepted, refused := vectors(t)
	keys := keys(t)
	warm := jws.NewParser(jws.Rules{Types: []string{"JWT", ""}})
	for range 2 {
		for _, token := range accepted {
			must(judge(warm, keys, token))
		}
		for _, v := range refused {
			cold := judge(jws.NewParser(jws.Rules{Types: []string{"JWT", ""}}), keys, v.Token)
			if err := judge(warm, keys, v.Token); err == nil || err.Error() != cold.Error() {
				t.Errorf("%s: %v with a cache, %v without", v.Name, err, cold)
			}
		}
	}
}

// Every byte of a token is altered; only what decodes to the same
// bytes could pass, and strict base64url has no second spelling.
func TestNoAlteredTokenPasses(t *testing.T) {
	accepted, _ := vectors(t)
	keys := keys(t)
	p := jws.NewParser(jws.Rules{Types: []string{"JWT", ""}})
	n := 0
	for _, name := range []string{"RS256", "PS256", "ES256", "EdDSA"} {
		token := accepted[name]
		must(judge(p, keys, token))
		for i := range len(token) {
			for _, c := range []byte{'A', '=', '\n', token[i] ^ 1, token[i] ^ 0x20} {
				if c == token[i] {
					continue
				}
				n++
				if judge(p, keys, token[:i]+string(c)+token[i+1:]) == nil {
					t.Errorf("%s: byte %d as %q passes", name, i, c)
				}
			}
			if judge(p, keys, token[:i]) == nil || judge(p, keys, token[:i]+token[i+1:]) == nil {
				t.Errorf("%s: shortened at byte %d passes", name, i)
			}
		}
	}
	t.Logf("%d alterations", n)
}
