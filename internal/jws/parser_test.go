package jws_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

func compact(t testing.TB, alg string, payload string, header ...jws.Member) string {
	t.Helper()
	s, err := jws.Compact(alg, signers()[alg], header, []byte(payload))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRulesChooseTheTokens(t *testing.T) {
	typ := func(v string) jws.Member { return jws.Member{Name: "typ", Value: v} }
	jwk := jws.Member{Name: "jwk", Value: jws.Raw(`{"kty":"OKP"}`)}
	for _, tc := range []struct {
		name  string
		rules jws.Rules
		token string
		want  error
	}{
		{"no types, no token", jws.Rules{}, compact(t, "EdDSA", "{}"), jws.ErrMalformed},
		{"absent and asked for", jws.Rules{Types: []string{""}}, compact(t, "EdDSA", "{}"), nil},
		{"absent and not asked for", jws.Rules{Types: []string{"at+jwt"}}, compact(t, "EdDSA", "{}"), jws.ErrMalformed},
		{"present and only absent asked for", jws.Rules{Types: []string{""}}, compact(t, "EdDSA", "{}", typ("JWT")), jws.ErrMalformed},
		{"one of several", jws.Rules{Types: []string{"at+jwt", "jwt"}}, compact(t, "EdDSA", "{}", typ("JWT")), nil},
		{"with its tree", jws.Rules{Types: []string{"at+jwt"}}, compact(t, "EdDSA", "{}", typ("Application/AT+JWT")), nil},
		{"asked for with its tree", jws.Rules{Types: []string{"application/at+jwt"}}, compact(t, "EdDSA", "{}", typ("at+jwt")), nil},
		{"a letter that only folds to s", jws.Rules{Types: []string{"s"}}, compact(t, "EdDSA", "{}", typ("ſ")), jws.ErrMalformed},
		{"a listed algorithm", jws.Rules{Types: []string{""}, Algs: []string{"ES256", "EdDSA"}}, compact(t, "ES256", "{}"), nil},
		{"an unlisted algorithm", jws.Rules{Types: []string{""}, Algs: []string{"ES256"}}, compact(t, "EdDSA", "{}"), jws.ErrAlgorithm},
		{"EdDSA by its new name", jws.Rules{Types: []string{""}, Algs: []string{"Ed25519"}}, compact(t, "EdDSA", "{}"), nil},
		{"none cannot be listed", jws.Rules{Types: []string{""}, Algs: []string{"none"}}, "eyJhbGciOiJub25lIn0.e30.AA", jws.ErrAlgorithm},
		{"a listed header", jws.Rules{Types: []string{"dpop+jwt"}, Headers: []string{"jwk"}}, compact(t, "EdDSA", "{}", typ("dpop+jwt"), jwk), nil},
		{"an unlisted header", jws.Rules{Types: []string{"dpop+jwt"}}, compact(t, "EdDSA", "{}", typ("dpop+jwt"), jwk), jws.ErrMalformed},
		{"within the size", jws.Rules{Types: []string{""}, MaxSize: 111}, compact(t, "EdDSA", "{}"), nil},
		{"beyond the size", jws.Rules{Types: []string{""}, MaxSize: 110}, compact(t, "EdDSA", "{}"), jws.ErrMalformed},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := jws.NewParser(tc.rules)
			for range 2 {
				tok, err := p.Parse(tc.token)
				if tc.want == nil && err != nil || !errors.Is(err, tc.want) {
					t.Fatalf("%d bytes: got %v, want %v", len(tc.token), err, tc.want)
				}
				if err != nil && (tok.Input != nil || tok.Payload != "" || tok.Alg != "") {
					t.Error("something is returned next to the error")
				}
			}
		})
	}
	p := jws.NewParser(jws.Rules{Types: []string{"dpop+jwt"}, Headers: []string{"jwk"}})
	tok, err := p.Parse(compact(t, "EdDSA", "{}", typ("dpop+jwt"), jwk))
	if err != nil || tok.Header("jwk") != `{"kty":"OKP"}` || tok.Header("kid") != "" {
		t.Errorf("%q, %v", tok.Header("jwk"), err)
	}
	if (jws.Token{}).Header("alg") != "" {
		t.Error("the zero Token has a header")
	}
}

func TestAFloodOfHeadersKeepsTheCacheBounded(t *testing.T) {
	p := jws.NewParser(jws.Rules{Types: []string{""}})
	known := compact(t, "EdDSA", "{}", jws.Member{Name: "kid", Value: "known"})
	for i := range 10_000 {
		token := compactUnsigned(fmt.Sprintf(`{"alg":"EdDSA","kid":"%d%s"}`, i, strings.Repeat("x", i%2000)))
		tok, err := p.Parse(token)
		if err != nil || !strings.HasPrefix(tok.KeyID, fmt.Sprint(i)) {
			t.Fatal(tok.KeyID, err)
		}
		if tok, err := p.Parse(known); err != nil || tok.KeyID != "known" {
			t.Fatal(tok.KeyID, err)
		}
	}
}

func TestANoteStaysWithOneHeader(t *testing.T) {
	p := jws.NewParser(jws.Rules{Types: []string{""}})
	parse := func(kid, payload string) jws.Token {
		tok, err := p.Parse(compact(t, "EdDSA", payload, jws.Member{Name: "kid", Value: kid}))
		if err != nil {
			t.Fatal(err)
		}
		return tok
	}
	if first := parse("a", "{}"); first.Note() != nil {
		t.Error("there is a note that nobody left")
	} else {
		first.Leave("of a")
	}
	if note := parse("a", `{"other":1}`).Note(); note != "of a" {
		t.Errorf("the same header: %v", note)
	}
	if note := parse("b", "{}").Note(); note != nil {
		t.Errorf("another header: %v", note)
	}
	(jws.Token{}).Leave("x")
	if (jws.Token{}).Note() != nil {
		t.Error("the zero Token has a note")
	}
}

func FuzzParse(f *testing.F) {
	accepted, refused := vectors(f)
	for _, token := range accepted {
		if len(token) < 4000 {
			f.Add(token)
		}
	}
	for _, v := range refused {
		if len(v.Token) < 4000 {
			f.Add(v.Token)
		}
	}
	keys := keys(f)
	signed := map[string]bool{}
	p := jws.NewParser(jws.Rules{Types: []string{"JWT", ""}})
	for _, token := range accepted {
		tok, err := p.Parse(token)
		must(err)
		signed[string(tok.Input)] = true
	}
	for _, v := range refused { // some are refused for their claims alone
		if tok, err := p.Parse(v.Token); err == nil {
			signed[string(tok.Input)] = true
		}
	}
	f.Fuzz(func(t *testing.T, token string) {
		tok, err := p.Parse(token)
		if err != nil {
			var e *jws.Error
			if !errors.As(err, &e) {
				t.Fatalf("an error of type %T", err)
			}
			return
		}
		again := string(tok.Input) + "." + b64(tok.Signature)
		if again != token {
			t.Errorf("%q is a second spelling of %q", token, again)
		}
		if jws.Verify(tok.Alg, keys[tok.KeyID].Public, tok.Input, tok.Signature) == nil && !signed[string(tok.Input)] {
			t.Errorf("%q was never signed", token)
		}
		if c, err := tok.Claims(); err == nil {
			c.String("iss")
			c.Strings("aud")
			c.Time("exp")
			c.Objects("x")
		}
	})
}

// Eight bytes are looked at in one go: each of them alone has to be seen.
func TestEveryByteOfAStringIsLookedAt(t *testing.T) {
	for n := range 40 {
		plain := strings.Repeat("ạ~", 14)[:n]
		plain = strings.ToValidUTF8(plain, "x")
		for at := range len(plain) + 1 {
			for c := range 256 {
				text := `{"a":"` + plain[:at] + string([]byte{byte(c)}) + plain[at:] + `"}`
				_, err := jws.ParseObject(text)
				want := json.Valid([]byte(text)) && utf8.ValidString(text)
				if (err == nil) != want {
					t.Fatalf("%q: %v", text, err)
				}
			}
		}
	}
}
