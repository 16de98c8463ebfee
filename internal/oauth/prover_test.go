package oauth_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/oauth"
	"github.com/vneid-sdk/vneid-go/vneid"
)

var now = time.Unix(1790000000, 0)

func clock() time.Time { return now }

// signers makes a key of each kind that FAPI 2.0 knows.
func signers(t testing.TB) map[string]crypto.Signer {
	t.Helper()
	ec, err1 := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	rs, err2 := rsa.GenerateKey(rand.Reader, 2048)
	_, ed, err3 := ed25519.GenerateKey(rand.Reader)
	if err := errors.Join(err1, err2, err3); err != nil {
		t.Fatal(err)
	}
	return map[string]crypto.Signer{"ES256": ec, "PS256": rs, "EdDSA": ed}
}

func prover(t testing.TB, k crypto.Signer) *oauth.Prover {
	t.Helper()
	p, err := oauth.NewProver(k, clock)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// said reads what a proof says, whoever made it.
func said(t testing.TB, proof string) jws.Object {
	t.Helper()
	payload, ok := jws.DecodeBase64(strings.Split(proof, ".")[1])
	o, err := jws.ParseObject(string(payload))
	if !ok || err != nil {
		t.Fatal(ok, err)
	}
	return o
}

func TestOurProofsHold(t *testing.T) {
	keys := signers(t)
	keys["fresh"] = nil
	for alg, key := range keys {
		p := prover(t, key)
		if key != nil && p.Alg() != alg || key == nil && p.Alg() != "ES256" {
			t.Errorf("%s: signs with %s", alg, p.Alg())
		}
		p.Learn("https://rs.example/", "n-1")
		for _, access := range []string{"", "token"} {
			proof, err := p.Proof("GET", "HTTPS://RS.example:443/a%2fb?x=1#top", access)
			if err != nil {
				t.Fatal(err)
			}
			got, err := oauth.VerifyProof(proof, oauth.ProofRules{
				Method: "GET", URL: "https://rs.example/a%2Fb", Access: access, Thumbprint: p.Thumbprint(), Now: now,
				Nonce: func(n string) error {
					if n != "n-1" {
						return errNonce
					}
					return nil
				},
			})
			if err != nil || !got.Issued.Equal(now) || len(got.ID) != 22 || got.Thumbprint != p.Thumbprint() {
				t.Errorf("%s: %+v, %v", alg, got, err)
			}
			o := said(t, proof)
			if htu := o.String("htu"); htu != "https://rs.example/a%2Fb" {
				t.Errorf("htu is %q", htu)
			}
			if o.Has("ath") != (access != "") {
				t.Error("ath stands where no token does, or the reverse")
			}
		}
	}
}

func TestNoTwoProofsAreOne(t *testing.T) {
	p := prover(t, nil)
	var mu sync.Mutex
	seen := map[string]bool{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i := range 20 {
				p.Learn("https://rs.example", fmt.Sprint("n", i))
				proof, err := p.Proof("GET", "https://rs.example/", "")
				o := said(t, proof)
				mu.Lock()
				if id := o.String("jti"); err != nil || seen[id] {
					t.Errorf("%q again, %v", id, err)
				} else {
					seen[id] = true
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
}

func TestANonceIsOfItsOriginAlone(t *testing.T) {
	p := prover(t, nil)
	nonceFor := func(target string) string {
		t.Helper()
		proof, err := p.Proof("GET", target, "")
		if err != nil {
			t.Fatal(err)
		}
		o := said(t, proof)
		return o.String("nonce")
	}
	p.Learn("https://op.example/token?x", "first")
	p.Learn("https://OP.example:443/par", "second")
	for target, want := range map[string]string{
		"https://op.example/userinfo": "second", "https://op.example:8443/": "", "https://rs.example/": "", "http://op.example/": "",
	} {
		if got := nonceFor(target); got != want {
			t.Errorf("%s: %q, want %q", target, got, want)
		}
	}
	for name, nonce := range map[string]string{
		"empty": "", "a quote": `a"b`, "a backslash": `a\b`, "a space": "a b", "a line break": "a\nb", "not ASCII": "é", "too long": strings.Repeat("n", 513),
	} {
		p.Learn("https://op.example", nonce)
		if got := nonceFor("https://op.example/"); got != "second" {
			t.Errorf("%s: learned %q", name, got)
		}
	}
	p.Learn("no URL", "x")
	longest := strings.Repeat("n", 512)
	p.Learn("https://op.example", longest)
	if got := nonceFor("https://op.example/"); got != longest {
		t.Errorf("a nonce of 512 bytes is not learned: %d", len(got))
	}
	for i := range 1000 {
		p.Learn(fmt.Sprintf("https://h%d.example", i), "n")
	}
	held := 0
	for i := range 1000 {
		if nonceFor(fmt.Sprintf("https://h%d.example", i)) != "" {
			held++
		}
	}
	if held == 0 || held > 16 {
		t.Errorf("nonces of %d origins are held", held)
	}
}

func TestAProverRefusesWhatCannotProve(t *testing.T) {
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, k := range map[string]crypto.Signer{"P-384": p384, "a weak key": weak{}, "a key that says nothing": silent{}} {
		if p, err := oauth.NewProver(k, nil); err == nil || p != nil {
			t.Errorf("%s: %v, %v", name, p, err)
		}
	}
	p := prover(t, nil)
	for _, target := range []string{"", "/a", "op.example", "ftp://op.example/", "https://u:p@op.example/", "https:op.example", "https://op.example/../a", "https://op.example/./a", "https://op.example/%zz", "https:///a", `https://o"p.example/`, "https://op\u00e9.example/", "https://[fe80::1%25eth0]/", "https://::"} {
		if proof, err := p.Proof("GET", target, ""); err == nil || proof != "" || target != "" && strings.Contains(err.Error(), target) {
			t.Errorf("%q: %q, %v", target, proof, err)
		}
	}
	for _, method := range []string{"", "GET\xff", `G"`, "G\\", "GET ", "V\u00c9"} {
		if _, err := p.Proof(method, "https://op.example/", ""); err == nil {
			t.Errorf("a proof for method %q", method)
		}
	}
	broken, err := oauth.NewProver(broken{signers(t)["ES256"]}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := broken.Proof("GET", "https://op.example/", ""); !errors.Is(err, vneid.ErrUnavailable) || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("hardware that fails: %v", err)
	}
}

// weak is a key of order one: anybody signs under it.
type weak struct{ silent }

func (weak) Public() crypto.PublicKey {
	return ed25519.PublicKey(append([]byte{1}, make([]byte, 31)...))
}

type silent struct{}

func (silent) Public() crypto.PublicKey { return nil }

func (silent) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) { return nil, nil }

// broken is hardware that has gone away.
type broken struct{ crypto.Signer }

func (broken) Sign(io.Reader, []byte, crypto.SignerOpts) ([]byte, error) {
	return nil, io.ErrUnexpectedEOF
}

func TestOurAssertionsHold(t *testing.T) {
	for alg, signer := range signers(t) {
		for _, said := range []string{alg, ""} {
			token, err := oauth.Assertion(oauth.Key{ID: "k1", Alg: said, Signer: signer}, "rp", "https://op.example", now)
			if err != nil {
				t.Fatal(err)
			}
			id, until, err := oauth.VerifyAssertion(token, oauth.AssertionRules{
				Client: "rp", Audience: "https://op.example", Now: now, Skew: -1,
				Verify: func(got, kid string, input, sig []byte) error {
					if got != alg || kid != "k1" {
						t.Errorf("alg %s, kid %s", got, kid)
					}
					return jws.Verify(got, signer.Public(), input, sig)
				},
			})
			if err != nil || len(id) != 22 || !until.Equal(now.Add(time.Minute)) {
				t.Errorf("%s: %q until %v, %v", alg, id, until, err)
			}
		}
	}
	ed := oauth.Key{Alg: "Ed25519", Signer: signers(t)["EdDSA"]}
	if _, err := oauth.Assertion(ed, "rp", "https://op.example", now); err != nil {
		t.Errorf("EdDSA under its newer name: %v", err)
	}
}

func TestKeysThatAreRefused(t *testing.T) {
	keys := signers(t)
	p384, err := ecdsa.GenerateKey(elliptic.P384(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		key   oauth.Key
		field string
	}{
		"no key":               {oauth.Key{Alg: "ES256"}, "Signer"},
		"a weak key":           {oauth.Key{Signer: weak{}}, "Signer"},
		"another curve":        {oauth.Key{Signer: p384}, "Signer"},
		"ES384":                {oauth.Key{Alg: "ES384", Signer: p384}, "Alg"},
		"RS256":                {oauth.Key{Alg: "RS256", Signer: keys["PS256"]}, "Alg"},
		"none":                 {oauth.Key{Alg: "none", Signer: keys["PS256"]}, "Alg"},
		"an alg of another":    {oauth.Key{Alg: "ES256", Signer: keys["PS256"]}, "Alg"},
		"an ID with a space":   {oauth.Key{ID: "a b", Signer: keys["ES256"]}, "ID"},
		"an ID without an end": {oauth.Key{ID: strings.Repeat("k", 257), Signer: keys["ES256"]}, "ID"},
	} {
		err := tc.key.Check()
		if err == nil || !strings.HasPrefix(err.Error(), "Key."+tc.field) {
			t.Errorf("%s: %v", name, err)
		}
		if token, err := oauth.Assertion(tc.key, "rp", "op", now); err == nil || token != "" {
			t.Errorf("%s makes an assertion", name)
		}
		var kind vneid.Kind
		if errors.As(err, &kind) {
			t.Errorf("%s: misconfiguration is of kind %v", name, kind)
		}
	}
	if err := (oauth.Key{Signer: keys["ES256"]}).Check(); err != nil {
		t.Error(err)
	}
	if _, err := oauth.Assertion(oauth.Key{Signer: broken{keys["ES256"]}}, "rp", "op", now); !errors.Is(err, vneid.ErrUnavailable) {
		t.Errorf("hardware that fails: %v", err)
	}
	if _, err := oauth.Assertion(oauth.Key{Signer: keys["ES256"]}, "r\xffp", "op", now); err == nil {
		t.Error("an identifier that is not UTF-8 is signed")
	}
}

func TestPrintsShowNoKey(t *testing.T) {
	signer := signers(t)["ES256"].(*ecdsa.PrivateKey)
	d, err := signer.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	canaries := []string{signer.D.String(), fmt.Sprintf("%x", d), fmt.Sprint(d)[1:40], "s3cr3t"}
	key := oauth.Key{ID: "k1", Signer: signer}
	p := prover(t, signer)
	secret := "s3cr3t"
	party := &oauth.Party{Client: "rp", Key: &key, Prover: p, Secret: func() string { return secret }}
	type hidden struct {
		key   *oauth.Key
		p     *oauth.Prover
		party *oauth.Party
		any   any
	}
	for _, v := range []any{key, &key, p, *party, party, []any{p, party}, map[string]any{"a": key}, hidden{&key, p, party, p}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%q", "%d"} {
			text := fmt.Sprintf(verb, v)
			for _, c := range canaries {
				if strings.Contains(text, c) {
					t.Errorf("%s of %T shows a secret", verb, v)
				}
			}
		}
	}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "key", key)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "key", &key)
	for _, c := range canaries {
		if strings.Contains(log.String(), c) {
			t.Error("slog shows a secret")
		}
	}
	if text, err := json.Marshal(key); err == nil {
		t.Errorf("a key is encoded: %d bytes", len(text))
	}
}

func TestEveryCharacterOfATargetIsWrittenSafely(t *testing.T) {
	p := prover(t, nil)
	for c := range 256 {
		for _, at := range []string{"https://rs.example/a", "https://rs.exa", "https://rs.example/%"} {
			proof, err := p.Proof("GET", at+string([]byte{byte(c)}), "")
			if err != nil {
				continue
			}
			o := said(t, proof) // fails the test if it is no JSON
			if names := fmt.Sprint(o.Names()); names != "[jti htm htu iat]" {
				t.Errorf("byte %d: %s", c, names)
			}
		}
	}
}
