package jwks_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/jwx"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

func static(t testing.TB, doc string, uses ...vneid.Use) *jwks.Static {
	t.Helper()
	if uses == nil {
		uses = []vneid.Use{vneid.UseIDToken}
	}
	s, err := jwks.Parse([]byte(doc), issuer, uses...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func setOf(keys ...string) string { return `{"keys":[` + strings.Join(keys, ",") + `]}` }

// with adds members to a JWK.
func with(jwk, members string) string { return strings.TrimSuffix(jwk, "}") + "," + members + "}" }

func signed(t testing.TB, alg string, key crypto.Signer, kid string) vneid.Signed {
	t.Helper()
	input := []byte("input")
	sig, err := jws.Sign(alg, key, input)
	if err != nil {
		t.Fatal(err)
	}
	return vneid.Signed{Use: vneid.UseIDToken, Issuer: issuer, Alg: alg, KeyID: kid, Input: input, Signature: sig}
}

func TestTheSetBindsIssuerUseAlgorithmAndKey(t *testing.T) {
	a, b := newSigner("a"), newSigner("b")
	set := static(t, string(document(a, b)))
	good := a.sign(t)
	expect(t, set, good, 0)
	for name, tc := range map[string]struct {
		change func(*vneid.Signed)
		want   vneid.Kind
	}{
		"another issuer":           {func(m *vneid.Signed) { m.Issuer = "https://evil.example" }, vneid.ErrUntrusted},
		"a slash more":             {func(m *vneid.Signed) { m.Issuer += "/" }, vneid.ErrUntrusted},
		"no issuer":                {func(m *vneid.Signed) { m.Issuer = "" }, vneid.ErrUntrusted},
		"another use":              {func(m *vneid.Signed) { m.Use = vneid.UseQR }, vneid.ErrUntrusted},
		"no use":                   {func(m *vneid.Signed) { m.Use = "" }, vneid.ErrUntrusted},
		"an algorithm of no key":   {func(m *vneid.Signed) { m.Alg = "ES256" }, vneid.ErrUntrusted},
		"no signature":             {func(m *vneid.Signed) { m.Alg = "none" }, vneid.ErrUntrusted},
		"a symmetric algorithm":    {func(m *vneid.Signed) { m.Alg = "HS256" }, vneid.ErrUntrusted},
		"a key of no such id":      {func(m *vneid.Signed) { m.KeyID = "c" }, vneid.ErrUntrusted},
		"the other key":            {func(m *vneid.Signed) { m.KeyID = "b" }, vneid.ErrSignature},
		"no id among several":      {func(m *vneid.Signed) { m.KeyID = "" }, vneid.ErrUntrusted},
		"other bytes":              {func(m *vneid.Signed) { m.Input = []byte("x") }, vneid.ErrSignature},
		"an empty signature":       {func(m *vneid.Signed) { m.Signature = nil }, vneid.ErrSignature},
		"a signature and a byte":   {func(m *vneid.Signed) { m.Signature = append(m.Signature, 0) }, vneid.ErrSignature},
		"the algorithm's new name": {func(m *vneid.Signed) { m.Alg = "Ed25519" }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			m := good
			tc.change(&m)
			expect(t, set, m, tc.want)
		})
	}
	var zero jwks.Static
	expect(t, &zero, good, vneid.ErrUntrusted)
	expect(t, &zero, vneid.Signed{}, vneid.ErrUntrusted)
}

func TestWhichKeyFits(t *testing.T) {
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	must(err)
	e, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	ed, other := newSigner("").key, newSigner("").key
	jwk := func(k crypto.Signer, kid, alg string) string { return marshal(t, k.Public(), kid, alg) }
	for _, tc := range []struct {
		name string
		doc  string
		m    vneid.Signed
		want vneid.Kind
	}{
		{"no kid and one key", setOf(jwk(ed, "k", "")), signed(t, "EdDSA", ed, ""), 0},
		{"no kid and one key of the type", setOf(jwk(ed, "k", ""), jwk(e, "l", "")), signed(t, "EdDSA", ed, ""), 0},
		{"no kid and two keys of the type", setOf(jwk(ed, "k", ""), jwk(other, "l", "")), signed(t, "EdDSA", ed, ""), vneid.ErrUntrusted},
		{"a kid and a key without", setOf(jwk(ed, "", "")), signed(t, "EdDSA", ed, "k"), vneid.ErrUntrusted},
		{"one kid, two keys", setOf(jwk(ed, "k", ""), jwk(other, "k", "")), signed(t, "EdDSA", ed, "k"), vneid.ErrUntrusted},
		{"one kid, one key twice", setOf(jwk(ed, "k", ""), jwk(ed, "k", "")), signed(t, "EdDSA", ed, "k"), 0},
		{"one kid, two types", setOf(jwk(ed, "k", ""), jwk(e, "k", "")), signed(t, "ES256", e, "k"), 0},
		{"one kid, two algorithms", setOf(jwk(r, "k", "PS256"), jwk(r, "k", "RS256")), signed(t, "RS256", r, "k"), 0},
		{"the key's own algorithm", setOf(jwk(r, "k", "PS256")), signed(t, "PS256", r, "k"), 0},
		{"another algorithm of the type", setOf(jwk(r, "k", "PS256")), signed(t, "RS256", r, "k"), vneid.ErrUntrusted},
		{"any algorithm of the type", setOf(jwk(r, "k", "")), signed(t, "RS384", r, "k"), 0},
		{"the old name of the algorithm", setOf(jwk(ed, "k", "Ed25519")), signed(t, "EdDSA", ed, "k"), 0},
		{"use sig", setOf(with(jwk(ed, "k", ""), `"use":"sig"`)), signed(t, "EdDSA", ed, "k"), 0},
		{"use enc", setOf(jwk(other, "l", ""), with(jwk(ed, "k", ""), `"use":"enc"`)), signed(t, "EdDSA", ed, "k"), vneid.ErrUntrusted},
		{"an encryption key beside", setOf(with(jwk(r, "", "RSA-OAEP-256"), `"use":"enc"`), jwk(r, "", "")), signed(t, "RS256", r, ""), 0},
		{"key_ops verify", setOf(with(jwk(ed, "k", ""), `"key_ops":["verify"]`)), signed(t, "EdDSA", ed, "k"), 0},
		{"key_ops without verify", setOf(with(jwk(ed, "k", ""), `"key_ops":["encrypt"]`)), signed(t, "EdDSA", ed, "k"), vneid.ErrUntrusted},
		{"empty key_ops", setOf(with(jwk(ed, "k", ""), `"key_ops":[]`)), signed(t, "EdDSA", ed, "k"), vneid.ErrUntrusted},
		{"unknown members", setOf(with(jwk(ed, "k", ""), `"x5c":["AA=="],"next":{"a":[1]}`)), signed(t, "EdDSA", ed, "k"), 0},
		{"a private key beside", setOf(jwk(ed, "k", ""), with(jwk(other, "l", ""), `"d":"AA"`)), signed(t, "EdDSA", ed, "k"), 0},
		{"a key published with its private half", setOf(jwk(other, "l", ""), with(jwk(ed, "k", ""), `"d":"AA"`)), signed(t, "EdDSA", ed, "k"), vneid.ErrUntrusted},
		{"a kid of another type", setOf(jwk(other, "l", ""), with(jwk(ed, "", ""), `"kid":1`)), signed(t, "EdDSA", ed, "1"), vneid.ErrUntrusted},
		{"unknown types beside", setOf(`{"kty":"AKP","alg":"ML-DSA-44","pub":"AA"}`, `{"kty":"OKP","crv":"X25519","x":"AA"}`, `{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"}`, `{}`, jwk(ed, "k", "")), signed(t, "EdDSA", ed, "k"), 0},
	} {
		t.Run(tc.name, func(t *testing.T) { expect(t, static(t, tc.doc), tc.m, tc.want) })
	}
}

func TestWeakKeysAreSkipped(t *testing.T) {
	good := newSigner("good")
	raw := func(kty, rest string) string { return `{"kty":"` + kty + `","kid":"bad",` + rest + `}` }
	b64 := func(n int, last byte) string {
		b := make([]byte, n)
		b[0], b[n-1] = 0xff, last
		return b64url(b)
	}
	for name, bad := range map[string]string{
		"RSA of 1024 bits":       raw("RSA", `"e":"AQAB","n":"`+b64(128, 1)+`"`),
		"RSA of 2047 bits":       raw("RSA", `"e":"AQAB","n":"fw`+strings.Repeat("A", 338)+`AQ"`),
		"RSA of 16,384 bits":     raw("RSA", `"e":"AQAB","n":"`+b64(2048, 1)+`"`),
		"an even modulus":        raw("RSA", `"e":"AQAB","n":"`+b64(256, 2)+`"`),
		"exponent 1":             raw("RSA", `"e":"AQ","n":"`+b64(256, 1)+`"`),
		"exponent 3":             raw("RSA", `"e":"Aw","n":"`+b64(256, 1)+`"`),
		"an even exponent":       raw("RSA", `"e":"AQAA","n":"`+b64(256, 1)+`"`),
		"an exponent of 65 bits": raw("RSA", `"e":"AQAAAAAAAQAB","n":"`+b64(256, 1)+`"`),
		"no exponent":            raw("RSA", `"n":"`+b64(256, 1)+`"`),
		"a padded modulus":       raw("RSA", `"e":"AQAB","n":"`+b64(256, 1)+`=="`),
		"a point off the curve":  raw("EC", `"crv":"P-256","x":"`+b64(32, 1)+`","y":"`+b64(32, 1)+`"`),
		"the point at infinity":  raw("EC", `"crv":"P-256","x":"`+b64url(make([]byte, 32))+`","y":"`+b64url(make([]byte, 32))+`"`),
		"a short coordinate":     raw("EC", `"crv":"P-256","x":"`+b64(31, 1)+`","y":"`+b64(32, 1)+`"`),
		"a P-256 point on P-384": raw("EC", `"crv":"P-384","x":"`+b64(32, 1)+`","y":"`+b64(32, 1)+`"`),
		"the Ed25519 identity":   raw("OKP", `"crv":"Ed25519","x":"`+b64url(append([]byte{1}, make([]byte, 31)...))+`"`),
		"an Ed25519 key of zero": raw("OKP", `"crv":"Ed25519","x":"`+b64url(make([]byte, 32))+`"`),
		"a long Ed25519 key":     raw("OKP", `"crv":"Ed25519","x":"`+b64url(make([]byte, 33))+`"`),
		"a symmetric key":        raw("oct", `"k":"`+b64(32, 1)+`"`),
	} {
		t.Run(name, func(t *testing.T) {
			expect(t, static(t, setOf(bad, marshal(t, good.key.Public(), "good", ""))), good.sign(t), 0)
			if _, err := jwks.Parse([]byte(setOf(bad)), issuer, vneid.UseIDToken); err == nil || !strings.HasPrefix(err.Error(), "jwks: no usable key") {
				t.Errorf("alone in a set: %v", err)
			}
		})
	}
}

func b64url(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func coseID(public crypto.PublicKey) string {
	spki, err := x509.MarshalPKIXPublicKey(public)
	must(err)
	sum := sha256.Sum256(spki)
	return string(sum[:8])
}

func TestKeysOfCodesAreFoundByTheirCOSEKid(t *testing.T) {
	a, b := newSigner("a"), newSigner("b")
	qr := static(t, string(document(a, b)), vneid.UseQR)
	login := static(t, string(document(a, b)))
	m := b.sign(t)
	m.KeyID = coseID(b.key.Public())
	expect(t, login, m, vneid.ErrUntrusted)
	m.Use, m.COSE = vneid.UseQR, true
	expect(t, qr, m, 0)
	m.KeyID = coseID(a.key.Public())
	expect(t, qr, m, vneid.ErrSignature)
	m.KeyID, m.COSE = "b", false
	expect(t, qr, m, 0)
}

// Neither sort of kid stands for the other, and an empty COSE kid for none.
func TestAKidIsNoCOSEKid(t *testing.T) {
	a, impostor := newSigner("key-2026"), newSigner("")
	for !utf8.ValidString(coseID(a.key.Public())) {
		a = newSigner("key-2026")
	}
	impostor.kid = coseID(a.key.Public())
	qr := static(t, string(document(a)), vneid.UseQR)
	both := static(t, string(document(a, impostor)), vneid.UseQR)
	m := a.sign(t)
	m.Use = vneid.UseQR
	expect(t, qr, m, 0)
	m.COSE = true
	expect(t, qr, m, vneid.ErrUntrusted)
	m.KeyID = ""
	expect(t, qr, m, vneid.ErrUntrusted)
	m.KeyID = coseID(a.key.Public())
	expect(t, qr, m, 0)
	expect(t, both, m, 0)
	m.COSE = false
	expect(t, qr, m, vneid.ErrUntrusted)
	expect(t, both, m, vneid.ErrSignature) // the impostor's own kid
}

func TestParseNamesWhatIsWrong(t *testing.T) {
	doc := document(newSigner("a"))
	if _, err := jwks.Parse(doc, issuer, vneid.UseIDToken, vneid.UseLogout); err != nil {
		t.Fatal(err)
	}
	for want, parse := range map[string]func() (*jwks.Static, error){
		"jwks: Issuer is empty":         func() (*jwks.Static, error) { return jwks.Parse(doc, "", vneid.UseIDToken) },
		"jwks: Uses are empty":          func() (*jwks.Static, error) { return jwks.Parse(doc, issuer) },
		"jwks: Uses mix":                func() (*jwks.Static, error) { return jwks.Parse(doc, issuer, vneid.UseIDToken, vneid.UseStatus) },
		"jwks: no usable key":           func() (*jwks.Static, error) { return jwks.Parse([]byte(`{"keys":[]}`), issuer, vneid.UseQR) },
		"jwks: the key set has no keys": func() (*jwks.Static, error) { return jwks.Parse([]byte(`{}`), issuer, vneid.UseQR) },
		"jwks: not one strict JSON":     func() (*jwks.Static, error) { return jwks.Parse(nil, issuer, vneid.UseQR) },
	} {
		if set, err := parse(); err == nil || !strings.HasPrefix(err.Error(), want) || set != nil {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestKeysOfLoginsSignNothingElse(t *testing.T) {
	doc := document(newSigner("a"))
	for _, login := range []vneid.Use{vneid.UseIDToken, vneid.UseAccess, vneid.UseLogout} {
		for _, other := range []vneid.Use{vneid.UseQR, vneid.UseStatus, "document", "envelope", "receipt"} {
			if _, err := jwks.Parse(doc, issuer, other); err != nil {
				t.Errorf("%s alone: %v", other, err)
			}
			if set, err := jwks.Parse(doc, issuer, other, login); err == nil || set != nil {
				t.Errorf("one key signs %s and %s", login, other)
			}
		}
	}
}

func TestSetsOfNoUseAreRefused(t *testing.T) {
	good := document(newSigner("a"))
	fits := append(good, strings.Repeat(" ", 1<<20-len(good))...)
	if _, err := jwks.Parse(fits, issuer, vneid.UseIDToken); err != nil {
		t.Fatal(err)
	}
	enc := setOf(with(marshal(t, newSigner("a").key.Public(), "a", ""), `"use":"enc"`))
	for want, doc := range map[string][]byte{"jwks: the key set is larger": append(fits, ' '), "jwks: no usable key": []byte(enc)} {
		if set, err := jwks.Parse(doc, issuer, vneid.UseIDToken); err == nil || !strings.HasPrefix(err.Error(), want) || set != nil {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

func TestIssuersAskTheSetOfTheIssuer(t *testing.T) {
	a, b := newSigner("k"), newSigner("k")
	of := func(s signer, who string) vneid.KeySet {
		set, err := jwks.Parse(document(s), who, vneid.UseIDToken)
		must(err)
		return set
	}
	set := jwks.Issuers{issuer: of(a, issuer), "https://other.example": of(b, "https://other.example")}
	expect(t, set, a.sign(t), 0)
	m := b.sign(t)
	expect(t, set, m, vneid.ErrSignature)
	m.Issuer = "https://other.example"
	expect(t, set, m, 0)
	m.Issuer = "https://third.example"
	expect(t, set, m, vneid.ErrUntrusted)
	expect(t, jwks.Issuers(nil), m, vneid.ErrUntrusted)
}

func FuzzParse(f *testing.F) {
	f.Add(document(newSigner("a"), newSigner("b")))
	f.Add([]byte(`{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"},{"kty":"oct","k":"AA"}]}`))
	f.Add([]byte(`{"keys":[{"kty":"RSA","n":"AA","e":"AQAB","key_ops":["verify"],"alg":"RS256"}]}`))
	probe := newSigner("probe").sign(f)
	probe.Use = vneid.UseQR
	f.Fuzz(func(t *testing.T, doc []byte) {
		set, err := jwks.Parse(doc, issuer, vneid.UseQR)
		if (set == nil) == (err == nil) {
			t.Fatalf("a set next to an error, or neither: %v", err)
		}
		if err != nil {
			return
		}
		if set.Verify(t.Context(), probe) == nil {
			t.Fatal("a signature passes by a key that nobody loaded")
		}
		keys, _, err := jwx.ParseSet(doc)
		if err != nil || len(keys) == 0 {
			t.Fatalf("loaded without keys: %v", err)
		}
		if _, err := jwx.Marshal(keys...); err != nil {
			t.Errorf("keys that were read cannot be written: %v", err)
		}
	})
}

// checked is a set that knows whether it is configured.
type checked struct {
	vneid.KeySet
	err error
}

func (c checked) Check() error { return c.err }

func TestIssuersCheckTheirSets(t *testing.T) {
	wrong := errors.New("Remote.URL is empty")
	for name, v := range map[string]struct {
		set  jwks.Issuers
		want bool
	}{
		"sets that are configured": {jwks.Issuers{issuer: checked{}, "https://other.example": &jwks.Static{}}, true},
		"a set that is not":        {jwks.Issuers{issuer: checked{err: wrong}, "https://other.example": checked{}}, false},
		"no set":                   {jwks.Issuers{issuer: nil}, false},
		"an issuer without a name": {jwks.Issuers{"": checked{}}, false},
	} {
		err := v.set.Check()
		var kind vneid.Kind
		if (err == nil) != v.want || errors.As(err, &kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
