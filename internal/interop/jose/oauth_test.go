package jose

import (
	"crypto"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
)

const (
	server = "https://op.example"
	me     = "https://rs.example/me"
)

// exchange is what a peer is asked, and what it answers: see oauth.mjs.
type exchange struct {
	Proofs     map[string]proofItem     `json:"proofs"`
	Assertions map[string]assertionItem `json:"assertions"`
	Sealed     map[string]sealedItem    `json:"sealed"`
	Recipients map[string]recipient     `json:"recipients"`
	Plain      string                   `json:"plain"`

	keys map[string]crypto.Signer
}

type proofItem struct {
	Token      string `json:"token"`
	Method     string `json:"method"`
	URL        string `json:"url"`
	Access     string `json:"access"`
	Thumbprint string `json:"thumbprint"`
}

type assertionItem struct {
	Token    string          `json:"token"`
	JWK      json.RawMessage `json:"jwk"`
	Client   string          `json:"client"`
	Audience string          `json:"audience"`
}

type sealedItem struct {
	Token string `json:"token"`
	PKCS8 string `json:"pkcs8"`
	Plain string `json:"plain"`
}

type recipient struct {
	SPKI string `json:"spki"`
	Alg  string `json:"alg"`
	Enc  string `json:"enc"`
}

type verdicts struct {
	Proofs, Assertions, Sealed map[string]string
	Made                       struct {
		Proofs     []proofItem
		Assertions []assertionItem
		Sealed     map[string]string
	}
}

// oursAndBad makes what a peer must accept, and under names that begin with "bad" what
// it must refuse.
func oursAndBad(t *testing.T) exchange {
	t.Helper()
	x := exchange{
		Proofs: map[string]proofItem{}, Assertions: map[string]assertionItem{}, Sealed: map[string]sealedItem{},
		Recipients: map[string]recipient{}, Plain: "eyJhbGciOiJFUzI1NiJ9.e30.AAAA", keys: map[string]crypto.Signer{},
	}
	for _, alg := range []string{"PS256", "ES256", "EdDSA"} {
		key := generate(t, alg)
		x.proofs(t, alg, key)
		x.assertions(t, alg, key)
	}
	for _, alg := range []string{"RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW"} {
		for _, enc := range []string{"A128GCM", "A256GCM", "A128CBC-HS256", "A256CBC-HS512"} {
			kind := map[bool]string{true: "PS256", false: "ES384"}[alg == "RSA-OAEP-256"]
			x.encrypted(t, alg, enc, generate(t, kind))
		}
	}
	return x
}

func (x *exchange) proofs(t *testing.T, alg string, key crypto.Signer) {
	prover, err := oauth.NewProver(key, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, access := range []string{"", "token-1"} {
		token, err := prover.Proof("GET", me+"?page=1", access)
		if err != nil {
			t.Fatal(err)
		}
		good := proofItem{token, "GET", me, access, prover.Thumbprint()}
		x.Proofs[alg+access] = good
		for fault, change := range map[string]func(*proofItem){
			"another method": func(p *proofItem) { p.Method = "POST" }, "another URL": func(p *proofItem) { p.URL += "/x" },
			"another token": func(p *proofItem) { p.Access += "x" }, "another key": func(p *proofItem) { p.Thumbprint = "x" }, "altered": func(p *proofItem) { p.Token = altered(p.Token) },
		} {
			bad := good
			change(&bad)
			x.Proofs["bad: "+alg+access+fault] = bad
		}
	}
}

// altered changes one character of a token's second part.
func altered(token string) string {
	i := strings.IndexByte(token, '.') + 10
	c := map[bool]string{true: "B", false: "A"}[token[i] == 'A']
	return token[:i] + c + token[i+1:]
}

func (x *exchange) assertions(t *testing.T, alg string, key crypto.Signer) {
	token, err := oauth.Assertion(oauth.Key{ID: "1", Signer: key}, "rp", server, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	jwk, err := jwx.MarshalKey(jwx.Key{Public: key.Public()})
	if err != nil {
		t.Fatal(err)
	}
	good := assertionItem{token, jwk, "rp", server}
	x.Assertions[alg] = good
	for fault, change := range map[string]func(*assertionItem){
		"another client": func(a *assertionItem) { a.Client = "other" }, "another server": func(a *assertionItem) { a.Audience += "/token" }, "altered": func(a *assertionItem) { a.Token = altered(a.Token) },
	} {
		bad := good
		change(&bad)
		x.Assertions["bad: "+alg+fault] = bad
	}
}

func (x *exchange) encrypted(t *testing.T, alg, enc string, key crypto.Signer) {
	name := alg + " " + enc
	token, err := jwx.Encrypt(x.Plain, jwx.Recipient{Public: key.Public(), ID: "1", Alg: alg, Enc: enc})
	if err != nil {
		t.Fatal(err)
	}
	private, err1 := x509.MarshalPKCS8PrivateKey(key)
	public, err2 := x509.MarshalPKIXPublicKey(key.Public())
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	good := sealedItem{token, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})), x.Plain}
	x.Sealed[name], x.keys[name] = good, key
	dot := strings.LastIndexByte(token, '.') + 1
	good.Token = token[:dot] + map[bool]string{true: "B", false: "A"}[token[dot] == 'A'] + token[dot+1:]
	x.Sealed["bad: "+name] = good
	x.Recipients[name] = recipient{string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})), alg, enc}
}

func TestProofsAssertionsAndEncryptedTokensBothWays(t *testing.T) {
	for name, peer := range map[string]func(*testing.T) []string{
		"jose on Node":           func(t *testing.T) []string { node(t); return []string{"node", "oauth.mjs"} },
		"cryptography on Python": func(t *testing.T) []string { python(t); return []string{"python3", "oauth.py"} },
	} {
		t.Run(name, func(t *testing.T) {
			command, x := peer(t), oursAndBad(t)
			var said verdicts
			ask(t, x, &said, command...)
			theirVerdicts(t, "proof", len(x.Proofs), said.Proofs)
			theirVerdicts(t, "assertion", len(x.Assertions), said.Assertions)
			theirVerdicts(t, "encrypted token", len(x.Sealed), said.Sealed)
			for _, p := range said.Made.Proofs {
				ourVerdict(t, p)
			}
			for _, a := range said.Made.Assertions {
				ourVerdictOn(t, a)
			}
			for name, token := range said.Made.Sealed {
				key := jwx.PrivateKey{Key: x.keys[name]}
				if plain, err := jwx.Decrypt(token, key); err != nil || plain != x.Plain {
					t.Errorf("their %s: %v", name, err)
				}
				if _, err := jwx.Decrypt(altered(token), key); err == nil {
					t.Errorf("their %s, altered, opens", name)
				}
			}
			m := said.Made
			if len(m.Proofs) < 6 || len(m.Assertions) < 3 || len(m.Sealed) != 16 {
				t.Errorf("they made %d, %d and %d", len(m.Proofs), len(m.Assertions), len(m.Sealed))
			}
			t.Logf("ours: %d proofs, %d assertions, %d encrypted tokens, good and bad; theirs: %d, %d, %d",
				len(x.Proofs), len(x.Assertions), len(x.Sealed), len(m.Proofs), len(m.Assertions), len(m.Sealed))
		})
	}
}

func theirVerdicts(t *testing.T, what string, asked int, said map[string]string) {
	t.Helper()
	if len(said) != asked {
		t.Errorf("%d verdicts on %d", len(said), asked)
	}
	for name, verdict := range said {
		if strings.HasPrefix(name, "bad: ") != (verdict != "") {
			t.Errorf("our %s %s: %q", what, name, verdict)
		}
	}
}

func ourVerdict(t *testing.T, p proofItem) {
	t.Helper()
	want := oauth.ProofRules{Method: "GET", URL: me, Access: p.Access, Thumbprint: p.Thumbprint, Now: time.Now()}
	if _, err := oauth.VerifyProof(p.Token, want); err != nil {
		t.Errorf("their proof: %v", err)
	}
	if _, err := oauth.VerifyProof(altered(p.Token), want); err == nil {
		t.Error("their proof, altered, holds")
	}
	want.Access += "x"
	if _, err := oauth.VerifyProof(p.Token, want); err == nil {
		t.Error("their proof holds for another token")
	}
}

func ourVerdictOn(t *testing.T, a assertionItem) {
	t.Helper()
	key, err := jwx.ParseKey(string(a.JWK))
	if err != nil {
		t.Fatal(err)
	}
	want := oauth.AssertionRules{
		Client: "rp", Audience: server, Now: time.Now(),
		Verify: func(alg, _ string, input, sig []byte) error { return jws.Verify(alg, key.Public, input, sig) },
	}
	if id, _, err := oauth.VerifyAssertion(a.Token, want); err != nil || id == "" {
		t.Errorf("their assertion: %v", err)
	}
	if _, _, err := oauth.VerifyAssertion(altered(a.Token), want); err == nil {
		t.Error("their assertion, altered, holds")
	}
	want.Audience += "/token"
	if _, _, err := oauth.VerifyAssertion(a.Token, want); err == nil {
		t.Error("their assertion holds at another server")
	}
}
