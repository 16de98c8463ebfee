package jwe

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
)

type vectors struct {
	Plain string
	Keys  map[string]string
	Cases map[string]struct{ Key, Twin, Token string }
}

func read(t testing.TB, name string) (v vectors) {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	if err != nil || len(v.Cases) == 0 {
		t.Fatal(name, err)
	}
	return v
}

var rules = Rules{Type: "vneid-bundle+json", MaxSize: 256 << 10}

func opener(t testing.TB, v vectors) *Opener {
	t.Helper()
	var keys []Key
	for id, text := range v.Keys {
		block, _ := pem.Decode([]byte(text))
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, Key{id, key})
	}
	o, err := NewOpener(rules, keys...)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestWhatJoseEncryptsOpens(t *testing.T) {
	v := read(t, "accepted/answers.json")
	o := opener(t, v)
	for name, c := range v.Cases {
		if plain, err := o.Open([]byte(c.Token)); err != nil || plain != v.Plain {
			t.Errorf("%s: %q, %v", name, plain, err)
		}
	}
	t.Logf("%d opened", len(v.Cases))
}

func TestEachFaultIsRefusedAlike(t *testing.T) {
	good, bad := read(t, "accepted/answers.json"), read(t, "refused/answers.json")
	o := opener(t, good)
	for name, c := range bad.Cases {
		if _, err := o.Open([]byte(good.Cases[c.Twin].Token)); err != nil {
			t.Fatalf("%s: the twin: %v", name, err)
		}
		if plain, err := o.Open([]byte(c.Token)); err != ErrOpen || plain != "" {
			t.Errorf("%s: %q, %v", name, plain, err)
		}
	}
	twin := good.Cases["P-256"].Token
	small, err := NewOpener(Rules{rules.Type, len(twin) - 1})
	if err != nil {
		t.Fatal(err)
	}
	small.keys = o.keys
	if _, err := small.Open([]byte(twin)); err != ErrOpen {
		t.Errorf("a byte too long: %v", err)
	}
	small.rules.MaxSize++
	if _, err := small.Open([]byte(twin)); err != nil {
		t.Errorf("just short enough: %v", err)
	}
	t.Logf("%d refused", len(bad.Cases))
}

func generate(t testing.TB, c elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	k, err := ecdsa.GenerateKey(c, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// hardware is an RSA key that does nothing but decrypt.
type hardware struct{ key *rsa.PrivateKey }

func (h hardware) Public() crypto.PublicKey { return &h.key.PublicKey }
func (h hardware) Decrypt(r io.Reader, b []byte, o crypto.DecrypterOpts) ([]byte, error) {
	return h.key.Decrypt(r, b, o)
}

func TestWhatWeSealOpens(t *testing.T) {
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	keys := []Key{{"rsa", r}, {"hardware", hardware{r}}}
	for _, c := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		keys = append(keys, Key{c.Params().Name, generate(t, c)})
	}
	o, err := NewOpener(rules, keys...)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range keys {
		for _, size := range []int{1, 15, 16, 17, 100_000} {
			plain := bytes.Repeat([]byte{'x'}, size)
			text, err := Seal(plain, rules.Type, Recipient{k.ID, k.Key.(interface{ Public() crypto.PublicKey }).Public()})
			if err != nil {
				t.Fatal(err)
			}
			if got, err := o.Open([]byte(text)); err != nil || got != string(plain) {
				t.Errorf("%s, %d bytes: %v", k.ID, size, err)
			}
			for range 50 { // no bit of it may be another
				b := []byte(text)
				var at [2]byte
				_, _ = rand.Read(at[:])
				i := (int(at[0])<<8 | int(at[1])) % len(b)
				b[i] ^= 1
				if _, err := o.Open(b); err != ErrOpen {
					t.Fatalf("%s: bit %d changed: %v", k.ID, i, err)
				}
			}
		}
	}
}

func TestKeysThatCannotServe(t *testing.T) {
	p := generate(t, elliptic.P256())
	if _, err := NewOpener(rules, Key{"1", p}); err != nil {
		t.Fatal(err)
	}
	weak, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, list := range map[string][]Key{
		"without ID": {{"", p}}, "nil": {{"1", nil}}, "a nil key": {{"1", (*ecdsa.PrivateKey)(nil)}}, "RSA nil": {{"1", (*rsa.PrivateKey)(nil)}},
		"P-224": {{"1", weak}}, "one ID twice": {{"1", p}, {"1", generate(t, elliptic.P256())}}, "a public key": {{"1", &p.PublicKey}},
	} {
		if _, err := NewOpener(rules, list...); err == nil || errors.Is(err, ErrOpen) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, to := range map[string]Recipient{"without ID": {"", &p.PublicKey}, "nil": {"1", nil}, "P-224": {"1", &weak.PublicKey}, "private": {"1", p}} {
		if text, err := Seal([]byte("x"), rules.Type, to); err == nil || text != "" {
			t.Errorf("sealed to %s", name)
		}
	}
	k := Key{"1", p}
	for _, s := range []string{fmt.Sprint(k), fmt.Sprintf("%#v %x %d %s", k, k, []Key{k}, &k)} {
		if strings.Contains(s, p.D.String()) || strings.Contains(s, hex.EncodeToString(p.D.Bytes())) {
			t.Error("a key prints itself")
		}
	}
}

// RFC 3394 §4.6: 256 bits of key data with a 256-bit KEK.
func TestKeysAreWrappedAsTheRFCWrapsThem(t *testing.T) {
	unhex := func(s string) []byte { b, _ := hex.DecodeString(s); return b }
	kek := unhex("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F")
	key := unhex("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F")
	want := unhex("28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21")
	if got, err := wrapKey(kek, key); err != nil || !bytes.Equal(got, want) {
		t.Errorf("%X, %v", got, err)
	}
	if got, ok := Unwrap(kek, want); !ok || !bytes.Equal(got, key) {
		t.Errorf("%X", got)
	}
	for i := range want {
		bad := bytes.Clone(want)
		bad[i] ^= 1
		if _, ok := Unwrap(kek, bad); ok {
			t.Errorf("byte %d changed, unwrapped", i)
		}
	}
}

func FuzzOpen(f *testing.F) {
	good := read(f, "accepted/answers.json")
	o := opener(f, good)
	for _, c := range good.Cases {
		f.Add(c.Token)
	}
	for _, c := range read(f, "refused/answers.json").Cases {
		f.Add(c.Token)
	}
	f.Fuzz(func(t *testing.T, text string) {
		plain, err := o.Open([]byte(text))
		if err != nil && (err != ErrOpen || plain != "") {
			t.Fatal(err)
		}
		if err == nil && plain != good.Plain {
			t.Fatal("opened something else")
		}
	})
}

func BenchmarkOpen(b *testing.B) {
	k := generate(b, elliptic.P256())
	text, err := Seal(bytes.Repeat([]byte("x"), 8<<10), rules.Type, Recipient{"1", &k.PublicKey})
	if err != nil {
		b.Fatal(err)
	}
	o, err := NewOpener(rules, Key{"1", k})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := o.Open([]byte(text)); err != nil {
			b.Fatal(err)
		}
	}
}
