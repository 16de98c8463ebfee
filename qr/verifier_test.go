package qr_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/qrissue"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// noon is the time of the tests that need no other.
var noon = time.Date(2026, 1, 15, 5, 0, 0, 0, time.UTC)

func atNoon() time.Time { return noon }

// oneKey trusts a single key for everything.
type oneKey struct{ key crypto.PublicKey }

func (k oneKey) Verify(_ context.Context, s vneid.Signed) error {
	switch err := jws.Verify(s.Alg, k.key, s.Input, s.Signature); {
	case errors.Is(err, jws.ErrSignature):
		return vneid.ErrSignature
	case err != nil:
		return vneid.ErrUntrusted
	}
	return nil
}

var edKey, ecKey = newEd(), newEC()

func newEd() ed25519.PrivateKey {
	_, key, _ := ed25519.GenerateKey(rand.Reader)
	return key
}

func newEC() *ecdsa.PrivateKey {
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return key
}

func date(t testing.TB, s string) vneid.Date {
	t.Helper()
	d, err := vneid.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// jwk is the public key as a member of a JWK Set.
func jwk(t testing.TB, pub crypto.PublicKey) map[string]string {
	t.Helper()
	b64 := base64.RawURLEncoding.EncodeToString
	switch pub := pub.(type) {
	case ed25519.PublicKey:
		return map[string]string{"kty": "OKP", "crv": "Ed25519", "kid": "k", "x": b64(pub)}
	case *ecdsa.PublicKey:
		point, err := pub.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		return map[string]string{"kty": "EC", "crv": "P-256", "kid": "k", "x": b64(point[1:33]), "y": b64(point[33:])}
	}
	t.Fatal("unknown key")
	return nil
}

// person is somebody with every common field.
func person(t testing.TB) vneid.Record {
	t.Helper()
	return vneid.Record{
		ID: "999190000001", OldID: "000000001", Name: "Nguyễn Thị Phương Thảo", Birth: date(t, "1990-01-31"), Sex: vneid.Female,
		Residence:  vneid.Address{Text: "Số 15, đường Thử Nghiệm, phường Ví Dụ, tỉnh Không Có"},
		CardIssued: date(t, "2021-03-04"), CardExpires: date(t, "2030-01-31"),
	}
}

func dynamic(t testing.TB) qrissue.Claims {
	t.Helper()
	return qrissue.Claims{
		Kind: qr.Dynamic, Issuer: issuer, Issued: noon, Expires: noon.Add(time.Minute), Level: 2, Holder: qr.HolderDevice, Citizen: person(t),
	}
}

func static(t testing.TB) qrissue.Claims {
	t.Helper()
	c := dynamic(t)
	c.Kind, c.Expires = qr.Static, noon.AddDate(1, 0, 0)
	c.StatusURI, c.StatusIndex = "https://status.vneid.example/1", 7
	return c
}

// spellings makes the code in both ways.
func spellings(t testing.TB, c qrissue.Claims, key crypto.Signer) map[string]string {
	t.Helper()
	vn1, err := qrissue.VN1(c, key)
	if err != nil {
		t.Fatal(err)
	}
	compact, err := qrissue.JWS(c, "k", key)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"VN1": vn1, "JWS": compact}
}

func config() qr.Config {
	return qr.Config{Issuers: []string{issuer}, Keys: oneKey{edKey.Public()}, Now: atNoon}
}

func newVerifier(t testing.TB, cfg qr.Config) *qr.Verifier {
	t.Helper()
	v, err := qr.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestAMistakeInTheConfigurationNamesTheFieldAndHasNoKind(t *testing.T) {
	for field, spoil := range map[string]func(*qr.Config){
		"Config.Issuers": func(c *qr.Config) { c.Issuers = nil },
		"empty issuer":   func(c *qr.Config) { c.Issuers = []string{""} },
		"Config.Keys":    func(c *qr.Config) { c.Keys = nil },
		"Config.Skew":    func(c *qr.Config) { c.Skew = 31 * time.Second },
		"0 and 30s":      func(c *qr.Config) { c.Skew = -1 },
		"Config.Need":    func(c *qr.Config) { c.Need = 3 },
	} {
		cfg := config()
		newVerifier(t, cfg)
		spoil(&cfg)
		v, err := qr.New(cfg)
		var kind vneid.Kind
		if err == nil || v != nil || errors.As(err, &kind) || !strings.Contains(err.Error(), field) {
			t.Errorf("%s: %v, kind %v", field, err, kind)
		}
	}
}

func TestTheZeroVerifierRefuses(t *testing.T) {
	text := spellings(t, dynamic(t), edKey)["VN1"]
	var none *qr.Verifier
	for _, v := range []*qr.Verifier{none, new(qr.Verifier)} {
		c, err := v.Verify(context.Background(), text)
		var kind vneid.Kind
		if err == nil || c != nil || errors.As(err, &kind) || !strings.Contains(err.Error(), "New") {
			t.Errorf("%v, %v", c, err)
		}
	}
}

func TestADynamicCodePassesOnceInWhicheverSpelling(t *testing.T) {
	c := dynamic(t)
	c.ID = qrissue.NewID()
	texts := spellings(t, c, edKey)
	for first, second := range map[string]string{"VN1": "JWS", "JWS": "VN1"} {
		v := newVerifier(t, config()) // Replay is nil: the built-in store
		if _, err := v.Verify(context.Background(), texts[first]); err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{first, second} {
			if _, err := v.Verify(context.Background(), texts[s]); !errors.Is(err, vneid.ErrReplayed) {
				t.Errorf("%s after %s: %v", s, first, err)
			}
		}
	}
}

func TestOfManyAtOnceOnePasses(t *testing.T) {
	text := spellings(t, dynamic(t), edKey)["VN1"]
	v := newVerifier(t, config())
	var passed, replayed atomic.Int32
	var wg sync.WaitGroup
	for range 64 {
		wg.Go(func() {
			switch _, err := v.Verify(context.Background(), text); {
			case err == nil:
				passed.Add(1)
			case errors.Is(err, vneid.ErrReplayed):
				replayed.Add(1)
			}
		})
	}
	wg.Wait()
	if passed.Load() != 1 || replayed.Load() != 63 {
		t.Errorf("%d passed, %d replayed", passed.Load(), replayed.Load())
	}
}

func TestARefusedCodeIsNotUsedUp(t *testing.T) {
	c := dynamic(t)
	c.Audience, c.Level = "counter", 1
	for name, text := range spellings(t, c, edKey) {
		replay := vneid.NewMemoryReplay(0, atNoon)
		cfg := config()
		cfg.Replay = replay
		refusing := []qr.Config{cfg, cfg, cfg}
		refusing[1].Audience, refusing[1].Need = "counter", 2
		refusing[2].Audience, refusing[2].Keys = "counter", oneKey{ecKey.Public()}
		for _, r := range refusing {
			if _, err := newVerifier(t, r).Verify(context.Background(), text); err == nil {
				t.Fatalf("%s: accepted", name)
			}
		}
		cfg.Audience = "counter"
		if _, err := newVerifier(t, cfg).Verify(context.Background(), text); err != nil {
			t.Errorf("%s: used up by a refusal: %v", name, err)
		}
	}
}

func TestACardCodeNobodyCouldCheckHasItsOwnAdvice(t *testing.T) {
	v := newVerifier(t, config())
	for name, text := range spellings(t, static(t), edKey) {
		_, err := v.Verify(context.Background(), text)
		vi, en := vneid.Advice(err)
		if kindOf(t, err) != vneid.ErrUnavailable || strings.Contains(vi, "thử lại sau") || !strings.Contains(vi, "kiểm tra thẻ căn cước") || !strings.Contains(en, "one-time code") {
			t.Errorf("%s: %v: %s / %s", name, err, vi, en)
		}
	}
}

func TestACardCodePassesAgainAndAgain(t *testing.T) {
	cfg := config()
	cfg.AcceptUnchecked = true
	v := newVerifier(t, cfg)
	for name, text := range spellings(t, static(t), edKey) {
		for range 3 {
			c, err := v.Verify(context.Background(), text)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if uri, index := c.StatusList(); uri != "https://status.vneid.example/1" || index != 7 || c.Status() != qr.StatusUnchecked {
				t.Errorf("%s: status %d at %q, %d", name, c.Status(), uri, index)
			}
		}
	}
}

// What Config.Replay says of a restart, with an issuer whose clock is 20 s ahead.
func TestAfterARestartOnlyCodesIssuedSinceThenPass(t *testing.T) {
	c := dynamic(t)
	c.Issued, c.Expires = noon.Add(20*time.Second), noon.Add(80*time.Second)
	for name, text := range spellings(t, c, edKey) {
		cfg := config()
		if _, err := newVerifier(t, cfg).Verify(context.Background(), text); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for at, want := range map[time.Duration]vneid.Kind{20 * time.Second: 0, 21 * time.Second: vneid.ErrUnavailable} {
			cfg.Now = func() time.Time { return noon.Add(at) }
			_, err := newVerifier(t, cfg).Verify(context.Background(), text)
			if (err == nil) != (want == 0) || err != nil && kindOf(t, err) != want {
				t.Errorf("%s, restarted after %v: %v", name, at, err)
			}
		}
	}
}

// asked is a Replay that notes what it was asked and answers err.
type asked struct {
	err  error
	once []vneid.Once
}

func (a *asked) Use(_ context.Context, o vneid.Once) error {
	a.once = append(a.once, o)
	return a.err
}

func TestRedeemIsAskedLastWithTheSameIdentifier(t *testing.T) {
	local, far := new(asked), new(asked)
	cfg := config()
	cfg.Replay, cfg.Redeem = local, far
	v := newVerifier(t, cfg)
	c, err := v.Verify(context.Background(), spellings(t, dynamic(t), edKey)["VN1"])
	if err != nil {
		t.Fatal(err)
	}
	if len(local.once) != 1 || len(far.once) != 1 || local.once[0] != far.once[0] {
		t.Fatalf("asked %d and %d times", len(local.once), len(far.once))
	}
	want := vneid.Once{Use: vneid.UseQR, Issuer: issuer, ID: c.ID(), Issued: c.Issued(), Until: c.Expires().Add(30 * time.Second)}
	if far.once[0] != want {
		t.Errorf("asked for %+v, want %+v", far.once[0], want)
	}
	local.err = vneid.ErrReplayed
	if _, err := v.Verify(context.Background(), spellings(t, dynamic(t), edKey)["VN1"]); !errors.Is(err, vneid.ErrReplayed) {
		t.Error(err)
	}
	if len(far.once) != 1 {
		t.Error("redeemed what was already used here")
	}
	far.err, local.err = vneid.ErrReplayed, nil
	if _, err := v.Verify(context.Background(), spellings(t, dynamic(t), edKey)["VN1"]); !errors.Is(err, vneid.ErrReplayed) {
		t.Error(err)
	}
}

// refusing is a KeySet with one answer.
type refusing struct{ err error }

func (r refusing) Verify(context.Context, vneid.Signed) error { return r.err }

func TestErrorsOfTheCallersPartsKeepKindAndDetails(t *testing.T) {
	plain := errors.New("the disk of 999190000001 is full")
	api := &vneid.APIError{RetryAfter: 30 * time.Second}
	for _, v := range []struct {
		err  error
		want vneid.Kind
	}{
		{plain, vneid.ErrUnavailable}, {api, vneid.ErrUnavailable}, {vneid.ErrUntrusted, vneid.ErrUntrusted},
		{vneid.ErrSignature, vneid.ErrSignature}, {context.DeadlineExceeded, vneid.ErrUnavailable},
	} {
		parts := []qr.Config{config(), config(), config()}
		parts[0].Keys, parts[1].Replay, parts[2].Redeem = refusing{v.err}, &asked{err: v.err}, &asked{err: v.err}
		for i, cfg := range parts {
			c, err := newVerifier(t, cfg).Verify(context.Background(), spellings(t, dynamic(t), edKey)["JWS"])
			if c != nil || err == nil {
				t.Fatalf("%d: accepted", i)
			}
			if kindOf(t, err) != v.want || !errors.Is(err, v.err) {
				t.Errorf("%d: %v, want %v", i, err, v.want)
			}
			if strings.Contains(err.Error(), "999190000001") {
				t.Errorf("%d: quotes the cause: %v", i, err)
			}
			var details *vneid.APIError
			if ok := errors.As(err, &details); ok != (v.err == api) {
				t.Errorf("%d: the details are lost", i)
			}
		}
	}
}

func TestAnErrorOfTheCallersPartsHasOneKind(t *testing.T) {
	for name, v := range map[string]struct {
		err  error
		want vneid.Kind
	}{
		"two kinds joined":    {errors.Join(vneid.ErrSignature, vneid.ErrUnavailable), vneid.ErrSignature},
		"a kind and details":  {errors.Join(vneid.ErrReplayed, &vneid.APIError{Status: 503}), vneid.ErrReplayed},
		"a kind unknown":      {vneid.Kind(77), vneid.ErrUnavailable},
		"the zero kind":       {vneid.Kind(0), vneid.ErrUnavailable},
		"a kind twice (twin)": {errors.Join(vneid.ErrReplayed, vneid.ErrReplayed), vneid.ErrReplayed},
	} {
		parts := []qr.Config{config(), config(), config()}
		parts[0].Keys, parts[1].Replay, parts[2].Redeem = refusing{v.err}, &asked{err: v.err}, &asked{err: v.err}
		for i, cfg := range parts {
			c, err := newVerifier(t, cfg).Verify(context.Background(), spellings(t, dynamic(t), edKey)["JWS"])
			if c != nil || err == nil || kindOf(t, err) != v.want {
				t.Errorf("%s, part %d: %v", name, i, err)
			}
		}
	}
}

// misconfigured is a KeySet that knows it.
type misconfigured struct{ refusing }

func (m misconfigured) Check() error { return m.err }

func TestWhatThisModuleSaysOfItsPartsIsToldInFull(t *testing.T) {
	code := spellings(t, dynamic(t), edKey)["JWS"]
	wrong := jwks.Issuers{issuer: &jwks.Remote{URL: "http://keys.vneid.example", Issuer: issuer, Uses: []vneid.Use{vneid.UseQR}}}
	for name, v := range map[string]struct {
		keys vneid.KeySet
		want string
		kind bool
	}{
		"an unknown issuer": {jwks.Issuers{}, "qr: the key check: the issuer is not one of ours", true},
		"a wrong URL":       {refusing{wrong.Verify(context.Background(), vneid.Signed{Issuer: issuer})}, "qr: the key check: Remote.URL is ", false},
	} {
		cfg := config()
		cfg.Keys = v.keys
		c, err := newVerifier(t, cfg).Verify(context.Background(), code)
		var kind vneid.Kind
		if c != nil || err == nil || !strings.HasPrefix(err.Error(), v.want) || errors.As(err, &kind) != v.kind {
			t.Errorf("%s: %v, %v", name, err, kind)
		}
	}
	v := newVerifier(t, config())
	v.Verify(context.Background(), code)
	if _, err := v.Verify(context.Background(), code); err == nil || err.Error() != "qr: the replay check: presented before" {
		t.Error(err)
	}
	cfg := config()
	cfg.Keys = misconfigured{refusing{nil}}
	newVerifier(t, cfg)
	cfg.Keys = misconfigured{refusing{errors.New("the file is not there")}}
	if v, err := qr.New(cfg); v != nil || err == nil || err.Error() != "qr: Config.Keys: the file is not there" {
		t.Error(err)
	}
	cfg.Keys = wrong
	if v, err := qr.New(cfg); v != nil || err == nil || !strings.HasPrefix(err.Error(), "qr: Config.Keys: Remote.URL is ") {
		t.Error(err)
	}
	cfg.Keys = jwks.Issuers{issuer: nil}
	if v, err := qr.New(cfg); v != nil || err == nil || !strings.HasPrefix(err.Error(), "qr: Config.Keys: Issuers has ") {
		t.Error(err)
	}
}

func TestACancelledCheckIsUnavailableAndVisible(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := newVerifier(t, config()).Verify(ctx, spellings(t, dynamic(t), edKey)["VN1"])
	if kindOf(t, err) != vneid.ErrUnavailable || !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestKeysAreAskedForTheUseIssuerAndKeyOfTheCode(t *testing.T) {
	for name, text := range spellings(t, dynamic(t), edKey) {
		seen := new(recorder)
		cfg := config()
		cfg.Keys = seen
		if _, err := newVerifier(t, cfg).Verify(context.Background(), text); err != nil {
			t.Fatal(err)
		}
		if s := seen.Signed; s.Use != vneid.UseQR || s.Issuer != issuer || s.Alg != "EdDSA" || !ed25519.Verify(edKey.Public().(ed25519.PublicKey), s.Input, s.Signature) {
			t.Errorf("%s: %q %q %q", name, s.Use, s.Issuer, s.Alg)
		}
		if want := map[string]int{"VN1": 8, "JWS": 1}[name]; len(seen.KeyID) != want || seen.COSE != (name == "VN1") {
			t.Errorf("%s: a key id of %d bytes", name, len(seen.KeyID))
		}
	}
}

type recorder struct{ vneid.Signed }

func (r *recorder) Verify(_ context.Context, s vneid.Signed) error {
	r.Signed = s
	return nil
}

func TestAFullRecordFitsVersion12Or13(t *testing.T) {
	for name, text := range spellings(t, dynamic(t), edKey) {
		t.Logf("%s: %d characters", name, len(text))
		// Alphanumeric capacity at level M: 419 in version 12, 483 in version 13.
		if name == "VN1" && len(text) > 483 {
			t.Errorf("%d characters", len(text))
		}
	}
}

func TestUnknownClaimsAreKept(t *testing.T) {
	keys := keys(t)
	all := vectors(t, "accepted")
	for _, v := range []struct{ vector, claim, want string }{
		{"vn1-full", "2", "\x67subject"},
		{"vn1-full", "ghi chú", "\x65khác"},
		{"vn1-full", "4", "\x1aihXl"},
		{"vn1-full", "3", ""},
		{"jws-full", "sub", `"subject"`},
		{"jws-full", "ghi chú", `"khác"`},
		{"jws-full", "exp", `1768446060`},
		{"jws-full", "aud", ""},
	} {
		c, err := all[v.vector].verify(t, keys)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Claim(v.claim); string(got) != v.want || (got == nil) != (v.want == "") {
			t.Errorf("%s: claim %s is %q, want %q", v.vector, v.claim, got, v.want)
		}
	}
	if c := new(qr.Credential); c.Claim("exp") != nil || !c.Citizen().IsZero() || c.Level() != 0 || c.Kind() != 0 || c.ID() != "" {
		t.Error("the zero Credential says something")
	}
}

func TestClassify(t *testing.T) {
	vn1, compact := spellings(t, dynamic(t), edKey)["VN1"], spellings(t, dynamic(t), edKey)["JWS"]
	for _, v := range []struct {
		name, text string
		want       qr.Form
	}{
		{"VN1", vn1, qr.Signed},
		{"VN1 between white space", "\ufeff " + vn1 + "\r\n", qr.Signed},
		{"VN1 through an input method", vn1[:40] + "Â" + vn1[42:], qr.Signed},
		{"VN1 with the case changed", strings.ToLower(vn1), qr.Signed},
		{"JWS", compact, qr.Signed},
		{"JWS through an input method", "ẹy" + compact[3:], qr.Signed},
		{"card of 2021", card2021, qr.CardText},
		{"card of 2024", card2024 + "\r\n", qr.CardText},
		{"card whose separators a character set swallowed", "999090000001||V觼 Hi廕簑 H廕ξ|01021990|N廙納|03042021", qr.CardText},
		{"five fields", "999090000001||a|b", qr.Unknown},
		{"eleven digits", card2021[1:], qr.Unknown},
		{"base64", "MEUCIQDx0000000000000000000000000000000000==", qr.Opaque},
		{"hexadecimal", strings.Repeat("0a1b2c3d", 8), qr.Opaque},
		{"short word", "MEUCIQ", qr.Unknown},
		{"payment", "00020101021138540010A00000072701240006970000", qr.Unknown},
		{"link", "https://vneid.example/a|b|c|d|e|f|g", qr.Unknown},
		{"link with the prefix inside", "https://vneid.example/VN1:0", qr.Unknown},
		{"nothing", "", qr.Unknown},
		{"bytes", "\xff\xfe\xfd", qr.Unknown},
		{"a text no symbol holds", vn1 + strings.Repeat("0", 5000), qr.Unknown},
	} {
		if got := qr.Classify(v.text); got != v.want {
			t.Errorf("%s: %d, want %d", v.name, got, v.want)
		}
	}
}

func TestTheClerkIsToldAboutTheInputMethod(t *testing.T) {
	v := newVerifier(t, config())
	for name, text := range spellings(t, dynamic(t), edKey) {
		_, err := v.Verify(context.Background(), text[:80]+"Đ"+text[82:])
		vi, en := vneid.Advice(err)
		if kindOf(t, err) != vneid.ErrMalformed || !strings.Contains(vi, "tắt bộ gõ tiếng Việt hoặc đặt máy quét ở chế độ cổng COM") || !strings.Contains(en, "input method") {
			t.Errorf("%s: %v: %s / %s", name, err, vi, en)
		}
	}
	_, err := v.Verify(context.Background(), strings.ToLower(spellings(t, dynamic(t), edKey)["VN1"]))
	if vi, _ := vneid.Advice(err); kindOf(t, err) != vneid.ErrMalformed || !strings.Contains(vi, "Caps Lock") {
		t.Errorf("%v: %s", err, vi)
	}
	_, err = v.Verify(context.Background(), strings.Repeat("0a1b2c3d", 8))
	if vi, _ := vneid.Advice(err); !strings.Contains(vi, "Mã trong ứng dụng VNeID") {
		t.Errorf("%v: %s", err, vi)
	}
}
