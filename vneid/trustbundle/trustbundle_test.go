package trustbundle_test

import (
	"bytes"
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/document"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
	"github.com/vneid-sdk/vneid-go/vneid/trustbundle"
)

const (
	qrIssuer = "https://qr.vneid.example"
	police   = "https://police.vneid.example"
	listURI  = "https://status.vneid.example/1"
)

var at = time.Unix(1768446000, 0).UTC()

// code is a foreign code of package qr's vectors.
func code(t testing.TB, name string) string {
	t.Helper()
	raw, err := os.ReadFile("../../qr/testdata/accepted/" + name + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var v struct{ Text string }
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v.Text
}

// clock is a time that moves.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

// opened is the foreign bundle, and the clock by which it holds.
func opened(t testing.TB) (*trustbundle.Bundle, *clock) {
	t.Helper()
	v, c := vectors(t, "accepted")["bundle"], &clock{at}
	cfg := v.config(t)
	cfg.Now = c.Now
	b, err := cfg.Open(context.Background(), []byte(v.File))
	if err != nil {
		t.Fatal(err)
	}
	return b, c
}

// offline is a verifier that knows nothing but the bundle.
func offline(t testing.TB, b *trustbundle.Bundle, c *clock, kind document.Kind) *qr.Verifier {
	t.Helper()
	v, err := qr.New(qr.Config{
		Issuers: b.Issuers(vneid.UseQR), Keys: b, Status: b, Signs: b.Kinds(vneid.UseQR), Document: kind,
		Replay: vneid.NewMemoryReplay(0, func() time.Time { return at.Add(-time.Hour) }), Now: c.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAKioskWithoutNetworkChecksCodesByABundle(t *testing.T) {
	b, c := opened(t)
	for name, kind := range map[string]document.Kind{
		"vn1-card": "", "jws-card": "", "vn1-dynamic-es256": "", "vn1-doc-licence": document.DriverLicence, "jws-doc-vehicle": document.VehicleRegistration,
	} {
		credential, err := offline(t, b, c, kind).Verify(context.Background(), code(t, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if want := map[bool]qr.Status{true: qr.StatusValid}[strings.HasSuffix(name, "card")]; credential.Status() != want {
			t.Errorf("%s: status %d", name, credential.Status())
		}
	}
}

func TestABundleThatNobodyRenewsStopsAnsweringWhileItIsOpen(t *testing.T) {
	b, c := opened(t)
	verifier := offline(t, b, c, "")
	if _, err := verifier.Verify(context.Background(), code(t, "vn1-card")); err != nil {
		t.Fatal(err)
	}
	for shift, want := range map[time.Duration]vneid.Kind{7*24*time.Hour - 59*time.Minute: vneid.ErrUnavailable, -2 * time.Hour: vneid.ErrNotYetValid} {
		c.now = at.Add(shift)
		_, err := verifier.Verify(context.Background(), code(t, "vn1-card"))
		if err == nil || kindOf(t, err) != want {
			t.Errorf("%v later: %v", shift, err)
		}
		if _, err := b.Fetch(context.Background(), listURI); kindOf(t, err) != want {
			t.Errorf("%v later, a list: %v", shift, err)
		}
		if err := b.Trust(new(chip.Config)); kindOf(t, err) != want {
			t.Errorf("%v later, anchors: %v", shift, err)
		}
		if vi, _ := vneid.Advice(err); want == vneid.ErrUnavailable && !strings.Contains(vi, "nạp gói mới") {
			t.Errorf("advice: %s", vi)
		}
	}
	c.now = at
	if _, err := verifier.Verify(context.Background(), code(t, "vn1-card")); err != nil {
		t.Errorf("in its time again: %v", err)
	}
}

// A list in a bundle is the issuer's word only with the issuer's signature, whoever
// made the bundle.
func TestAListCountsByItsOwnSignatureAndTime(t *testing.T) {
	b, c := opened(t)
	contents := b.Contents()
	key, cfg := newMaker(t)
	contents.Maker = maker
	remade := func(lists ...trustbundle.List) *trustbundle.Bundle {
		t.Helper()
		changed := contents
		changed.Lists = lists
		file, err := changed.Sign("k", key)
		if err != nil {
			t.Fatal(err)
		}
		cfg.Now = c.Now
		b, err := cfg.Open(context.Background(), file)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	if _, err := offline(t, remade(contents.Lists...), c, "").Verify(context.Background(), code(t, "vn1-card")); err != nil {
		t.Fatal(err) // the twin
	}
	head, rest, _ := strings.Cut(string(contents.Lists[0].Token), ".")
	body, _, _ := strings.Cut(rest, ".")
	own, _ := os.ReadFile("testdata/pinned.json")
	for name, token := range map[string]string{
		"another signature": head + "." + body + "." + strings.Repeat("A", 86),
		"no signature":      head + "." + body + ".AA",
		"not a list":        string(own),
	} {
		_, err := offline(t, remade(trustbundle.List{URI: listURI, Token: []byte(token)}), c, "").Verify(context.Background(), code(t, "vn1-card"))
		if err == nil || kindOf(t, err) != vneid.ErrUnavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := offline(t, remade(), c, "").Verify(context.Background(), code(t, "vn1-card")); err == nil || kindOf(t, err) != vneid.ErrUnavailable {
		t.Errorf("no list: %v", err)
	}
	c.now = at.Add(25 * time.Hour) // the bundle holds for seven days, the list for one
	if _, err := offline(t, remade(contents.Lists...), c, "").Verify(context.Background(), code(t, "vn1-card")); err == nil || kindOf(t, err) != vneid.ErrUnavailable {
		t.Errorf("an old list: %v", err)
	}
}

func TestKeysAreForTheirIssuerAndUseAlone(t *testing.T) {
	b, _ := opened(t)
	if got := b.Issuers(vneid.UseQR); !reflect.DeepEqual(got, []string{qrIssuer}) {
		t.Errorf("issuers of codes: %q", got)
	}
	if got := b.Issuers(vneid.UseStatus); !reflect.DeepEqual(got, []string{qrIssuer, police}) {
		t.Errorf("issuers of lists: %q", got)
	}
	if got := b.Kinds("document"); !reflect.DeepEqual(got, map[string][]document.Kind{police: {document.Identity, document.DriverLicence}}) {
		t.Errorf("kinds: %v", got)
	}
	if got := b.Kinds(vneid.UseStatus); len(got) != 1 {
		t.Errorf("kinds of lists: %v", got)
	}
	for name, s := range map[string]vneid.Signed{
		"another use":    {Issuer: police, Use: vneid.UseQR, Alg: "ES256", KeyID: "police-1"},
		"another issuer": {Issuer: "https://other.example", Use: vneid.UseQR, Alg: "EdDSA", KeyID: "qr-ed"},
		"a login":        {Issuer: qrIssuer, Use: vneid.UseIDToken, Alg: "EdDSA", KeyID: "qr-ed"},
		"a bundle":       {Issuer: maker, Use: trustbundle.Use, Alg: "EdDSA", KeyID: "bundle-1"},
		"no such key":    {Issuer: police, Use: "document", Alg: "ES256", KeyID: "other"},
	} {
		if err := b.Verify(context.Background(), s); err == nil || kindOf(t, err) != vneid.ErrUntrusted {
			t.Errorf("%s: %v", name, err)
		}
	}
	// The twin: the key is found, and its signature wrong.
	if err := b.Verify(context.Background(), vneid.Signed{Issuer: police, Use: "document", Alg: "ES256", KeyID: "police-1"}); kindOf(t, err) != vneid.ErrSignature {
		t.Error(err)
	}
}

func TestAStatusKeySignsNoCodes(t *testing.T) {
	key, cfg := newMaker(t)
	doc := set(t, edKey.Public(), "qr")
	contents := trustbundle.Contents{
		Maker: maker, Made: at, Until: at.Add(time.Hour), Sequence: 1,
		Issuers: []trustbundle.Issuer{{Name: qrIssuer, Uses: []vneid.Use{vneid.UseStatus}, Keys: doc}},
	}
	file, err := contents.Sign("k", key)
	if err != nil {
		t.Fatal(err)
	}
	input := []byte("signed")
	s := vneid.Signed{Use: vneid.UseQR, Issuer: qrIssuer, Alg: "EdDSA", KeyID: "qr", Input: input, Signature: ed25519.Sign(edKey, input)}
	for check, passes := range map[string]bool{"": false, "use": true} {
		b, err := cfg.Without(check).Open(context.Background(), file)
		if err != nil {
			t.Fatal(err)
		}
		if err := b.Verify(context.Background(), s); (err == nil) != passes {
			t.Errorf("without the check %q: %v", check, err)
		}
	}
}

func TestAnchorsReachPackageChip(t *testing.T) {
	b, c := opened(t)
	cfg := chip.Config{Now: c.Now, RequireCRL: true}
	if err := b.Trust(&cfg); err != nil {
		t.Fatal(err)
	}
	if len(cfg.Anchors) != 1 || cfg.Anchors[0].Label != "test: Node" || cfg.Anchors[0].Country != "VN" || len(cfg.CRLs) != 1 {
		t.Errorf("%v", cfg)
	}
	if _, err := chip.New(cfg); err != nil {
		t.Error(err)
	}
}

var edKey = func() ed25519.PrivateKey { _, k, _ := ed25519.GenerateKey(rand.Reader); return k }()

// set is a JWK Set of one Ed25519 key.
func set(t testing.TB, public crypto.PublicKey, kid string) []byte {
	t.Helper()
	return fmt.Appendf(nil, `{"keys":[{"kty":"OKP","crv":"Ed25519","kid":%q,"x":%q}]}`, kid, b64(public.(ed25519.PublicKey)))
}

// newMaker is a key of a maker, and the configuration that pins it.
func newMaker(t testing.TB) (ed25519.PrivateKey, trustbundle.Config) {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := jwks.Parse(set(t, key.Public(), "k"), maker, trustbundle.Use)
	if err != nil {
		t.Fatal(err)
	}
	return key, trustbundle.Config{Maker: maker, Keys: keys, Now: func() time.Time { return at }}
}

func TestWhatIsSignedOpensToTheSame(t *testing.T) {
	b, _ := opened(t)
	want := b.Contents()
	want.MasterLists = []chip.MasterList{{Label: "test: list", Signers: want.Anchors[0].Certificates, NotBefore: at.Local(), Data: []byte{0x30, 0}}}
	want.Anchors = append(want.Anchors, chip.Anchor{Label: "test: two", Country: "VN", Passport: true,
		Certificates: pemOf(want.Anchors[0].Certificates, want.Anchors[0].Certificates)})
	for _, curve := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), nil} {
		var key crypto.Signer = edKey
		if curve != nil {
			key, _ = ecdsa.GenerateKey(curve, rand.Reader)
		}
		file, err := want.Sign("k", key)
		if err != nil {
			t.Fatal(err)
		}
		cfg := trustbundle.Config{Maker: maker, Keys: anything{}, Now: func() time.Time { return at }}
		got, err := cfg.Open(context.Background(), append(file, '\n'))
		if err != nil {
			t.Fatal(err)
		}
		if a, b := fmt.Sprintf("%+v", got.Contents()), fmt.Sprintf("%+v", want); a != b {
			t.Errorf("%s\n%s", a, b)
		}
	}
}

// anything trusts everybody.
type anything struct{}

func (anything) Verify(context.Context, vneid.Signed) error { return nil }

func TestWhatNobodyCouldOpenIsNotSigned(t *testing.T) {
	good := func() trustbundle.Contents {
		return trustbundle.Contents{Maker: maker, Made: at, Until: at.Add(time.Hour), Sequence: 1,
			Issuers: []trustbundle.Issuer{{Name: qrIssuer, Uses: []vneid.Use{vneid.UseQR}, Keys: set(t, edKey.Public(), "k")}}}
	}
	if _, err := good().Sign("k", edKey); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*trustbundle.Contents){
		"no maker":    func(c *trustbundle.Contents) { c.Maker = "" },
		"no time":     func(c *trustbundle.Contents) { c.Made = time.Time{} },
		"too long":    func(c *trustbundle.Contents) { c.Until = at.AddDate(0, 2, 0) },
		"no sequence": func(c *trustbundle.Contents) { c.Sequence = 0 },
		"no keys":     func(c *trustbundle.Contents) { c.Issuers[0].Keys = nil },
		"two objects": func(c *trustbundle.Contents) { c.Issuers[0].Keys = append(c.Issuers[0].Keys, `,"a":{}`...) },
		"a login":     func(c *trustbundle.Contents) { c.Issuers[0].Uses = []vneid.Use{vneid.UseIDToken} },
		"not UTF-8":   func(c *trustbundle.Contents) { c.Maker = "\xff" },
		"a large list": func(c *trustbundle.Contents) {
			c.Lists = []trustbundle.List{{URI: "u", Token: bytes.Repeat([]byte("A"), 17<<20)}}
		},
		"no list":          func(c *trustbundle.Contents) { c.Lists = []trustbundle.List{{URI: "u"}} },
		"a CRL of nothing": func(c *trustbundle.Contents) { c.CRLs = [][]byte{{}} },
	} {
		c := good()
		spoil(&c)
		if file, err := c.Sign("k", edKey); err == nil || file != nil || !strings.HasPrefix(err.Error(), "trustbundle: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	weak, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := good().Sign("k", weak); err == nil {
		t.Error("signed on P-521")
	}
	if _, err := good().Sign("", edKey); err == nil {
		t.Error("signed without a name of the key")
	}
}

func TestAMistakeInTheConfigurationNamesTheField(t *testing.T) {
	v := vectors(t, "accepted")["bundle"]
	for field, spoil := range map[string]func(*trustbundle.Config){
		"Config.Maker": func(c *trustbundle.Config) { c.Maker = "" },
		"Config.Keys":  func(c *trustbundle.Config) { c.Keys = nil },
		"Config.Skew":  func(c *trustbundle.Config) { c.Skew = 6 * time.Minute },
		"0 and 5 min":  func(c *trustbundle.Config) { c.Skew = -1 },
	} {
		cfg := v.config(t)
		spoil(&cfg)
		b, err := cfg.Open(context.Background(), []byte(v.File))
		var kind vneid.Kind
		if err == nil || b != nil || errors.As(err, &kind) || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestTheZeroBundleTrustsNobody(t *testing.T) {
	for _, b := range []*trustbundle.Bundle{nil, new(trustbundle.Bundle)} {
		if err := b.Verify(context.Background(), vneid.Signed{}); kindOf(t, err) != vneid.ErrUntrusted {
			t.Error(err)
		}
		if _, err := b.Fetch(context.Background(), listURI); kindOf(t, err) != vneid.ErrUntrusted {
			t.Error(err)
		}
		if err := b.Trust(new(chip.Config)); kindOf(t, err) != vneid.ErrUntrusted {
			t.Error(err)
		}
		if b.Issuers(vneid.UseQR) != nil || len(b.Kinds(vneid.UseQR)) != 0 || b.Sequence() != 0 {
			t.Error("the zero bundle says something")
		}
	}
}

// A pinned key set may be anybody's code: what it says is not repeated.
func TestTheKeySetsOwnWordsStayInside(t *testing.T) {
	v := vectors(t, "accepted")["bundle"]
	for name, c := range map[string]struct {
		err  error
		want vneid.Kind
	}{
		"a plain error": {errors.New("the key of 999090000001"), vneid.ErrUnavailable},
		"a kind":        {vneid.ErrUntrusted, vneid.ErrUntrusted},
	} {
		cfg := v.config(t)
		cfg.Keys = refusing{c.err}
		_, err := cfg.Open(context.Background(), []byte(v.File))
		if kindOf(t, err) != c.want || strings.Contains(err.Error(), "999") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type refusing struct{ err error }

func (r refusing) Verify(context.Context, vneid.Signed) error { return r.err }

func TestALargeFileIsRefusedBeforeItIsRead(t *testing.T) {
	cfg := vectors(t, "accepted")["bundle"].config(t)
	cfg.Keys = refusing{errors.New("asked")}
	if _, err := cfg.Open(context.Background(), bytes.Repeat([]byte("A"), 16<<20+1)); kindOf(t, err) != vneid.ErrMalformed {
		t.Error(err)
	}
}
