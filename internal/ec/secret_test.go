package ec

import (
	"bytes"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
)

func TestAScalarIsFrom1ToNMinus1(t *testing.T) {
	for _, c := range all() {
		o := oracleOf(c)
		wide := func(x *big.Int) []byte { return x.FillBytes(make([]byte, o.nSize)) }
		top := bytes.Repeat([]byte{0xff}, o.nSize)
		for _, v := range []struct {
			fault     string
			good, bad []byte
		}{
			{"zero", wide(big.NewInt(1)), wide(big.NewInt(0))},
			{"n", wide(o.nMinus), wide(o.n)},
			{"n + 1", wide(o.nMinus), wide(o.nPlus)},
			{"all ones", wide(o.nMinus), top},
			{"short", wide(big.NewInt(1)), wide(big.NewInt(1))[1:]},
			{"long", wide(big.NewInt(1)), append([]byte{0}, wide(big.NewInt(1))...)},
			{"nothing", wide(big.NewInt(1)), nil},
		} {
			s, err := c.Secret(v.good)
			if err != nil {
				t.Fatalf("%v: the twin of %s is refused: %v", c, v.fault, err)
			}
			if got, err := s.Public(); err != nil || !bytes.Equal(got.Bytes(), o.encode(o.times(new(big.Int).SetBytes(v.good), o.g))) {
				t.Errorf("%v: the twin of %s has another key, %v", c, v.fault, err)
			}
			if s, err := c.Secret(v.bad); err != ErrSecret || s != (Secret{}) {
				t.Errorf("%v: %s: %v", c, v.fault, err)
			}
		}
	}
	if _, err := Curve(0).Secret([]byte{1}); err != ErrCurve {
		t.Errorf("no curve: %v", err)
	}
	if _, err := Curve(0).NewSecret(); err != ErrCurve {
		t.Errorf("no curve: %v", err)
	}
}

// The candidates of NewSecret are masked to the bits of n; without that P521
// would draw for ever, with too much of it the top bit would never be set.
func TestNewSecretsFillTheirRange(t *testing.T) {
	for _, c := range all() {
		n := c.load().n
		var or, and elem
		for i := range and {
			and[i] = ^uint64(0)
		}
		for range 64 {
			s, err := c.NewSecret()
			if err != nil {
				t.Fatal(err)
			}
			if k, _ := s.open(); n.below(&k.k) != 1 || zero(&k.k) != 0 {
				t.Fatalf("%v: out of range", c)
			}
			for i, w := range (*s.s).k {
				or[i] |= w
				and[i] &= w
			}
		}
		if or.big().BitLen() != n.bits || and.big().BitLen() > n.bits-8 && and != (elem{}) {
			t.Errorf("%v: bits never set %x, always set %x", c, or.big(), and.big())
		}
	}
}

func TestTwoSidesAgree(t *testing.T) {
	for _, c := range all() {
		a, _ := c.NewSecret()
		b, _ := c.NewSecret()
		pa, errA := a.Public()
		pb, errB := b.Public()
		ab, errAB := a.Times(pb)
		ba, errBA := b.Times(pa)
		if errA != nil || errB != nil || errAB != nil || errBA != nil || ab != ba || pa == pb {
			t.Errorf("%v: %v %v %v %v", c, errA, errB, errAB, errBA)
		}
		if g, err := a.Times(c.Generator()); err != nil || g != pa {
			t.Errorf("%v: k·G differs by the way it is computed: %v", c, err)
		}
	}
}

// OpenSSL derived the shared secrets.
func TestSharedSecretsAreOpenSSLs(t *testing.T) {
	vectors := read[[]struct {
		Curve                        string
		Secret, Public, Peer, Shared hexText
	}](t, "accepted/ecdh.json")
	if len(vectors) != len(all()) {
		t.Fatalf("%d vectors", len(vectors))
	}
	for _, v := range vectors {
		peer := decode(t, v.Curve, v.Peer)
		s, err := peer.Curve().Secret(v.Secret)
		if err != nil {
			t.Fatalf("%s: %v", v.Curve, err)
		}
		public, err := s.Public()
		if err != nil || !bytes.Equal(public.Bytes(), v.Public) {
			t.Errorf("%s: the public key differs, %v", v.Curve, err)
		}
		shared, err := s.Times(peer)
		if err != nil || !bytes.Equal(shared.X(), v.Shared) {
			t.Errorf("%s: the shared secret differs, %v", v.Curve, err)
		}
	}
}

func TestSecretsAndPointsOfDifferentCurvesDoNotMix(t *testing.T) {
	s, _ := BrainpoolP256r1.NewSecret()
	if _, err := s.Times(P256.Generator()); err != ErrMixed {
		t.Errorf("another curve's point: %v", err)
	}
	if _, err := s.Times(Point{}); err != ErrPoint {
		t.Errorf("the zero Point: %v", err)
	}
	if _, err := (Secret{}).Times(P256.Generator()); err != ErrSecret {
		t.Errorf("the zero Secret: %v", err)
	}
	if _, err := (Secret{}).Public(); err != ErrSecret {
		t.Errorf("the zero Secret: %v", err)
	}
	Secret{}.Wipe()
}

func TestWipeEndsAllCopies(t *testing.T) {
	s, _ := P256.NewSecret()
	dup := s
	if _, err := dup.Public(); err != nil {
		t.Fatal(err)
	}
	s.Wipe()
	if (*dup.s).k != (elem{}) {
		t.Error("the number is still there")
	}
	if _, err := dup.Public(); err != ErrSecret {
		t.Errorf("a wiped Secret: %v", err)
	}
	if _, err := dup.Times(P256.Generator()); err != ErrSecret {
		t.Errorf("a wiped Secret: %v", err)
	}
}

func TestPrintingASecretShowsNothingOfIt(t *testing.T) {
	b := bytes.Repeat([]byte{0x5a}, 32)
	s, err := BrainpoolP256r1.Secret(b)
	if err != nil {
		t.Fatal(err)
	}
	holder := struct{ inner []Secret }{[]Secret{s}}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%X", "%q", "%d"} {
		for _, v := range []any{s, &s, holder, &holder, []any{s}, map[Secret]int{s: 1}} {
			text := strings.ToLower(fmt.Sprintf(verb, v))
			for _, mark := range []string{"5a5a5a", "6510615555426900570", "90 90 90"} { // hex, a word in decimal, bytes
				if strings.Contains(text, mark) {
					t.Errorf("%s of %T shows the scalar", verb, v)
				}
			}
		}
	}
	if twin := fmt.Sprintf("%x", (*s.s).k); !strings.Contains(twin, "5a5a5a") || slices.Contains(b, 0) {
		t.Error("the marks would not be found: ", twin)
	}
}
