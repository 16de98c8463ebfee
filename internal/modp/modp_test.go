package modp

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"math/big"
	"math/rand"
	"os"
	"strings"
	"testing"
)

var groups = []Group{P1024Q160, P2048Q224, P2048Q256}

func big16(s string) *big.Int {
	n, ok := new(big.Int).SetString(strings.ReplaceAll(s, " ", ""), 16)
	if !ok {
		panic(s)
	}
	return n
}

func (g Group) numbers() (p, gen, q, cofactor *big.Int) {
	d := definitions[g-1]
	return big16(d.p), big16(d.g), big16(d.q), big16(d.cofactor)
}

func TestGroupsAreWhatTheySay(t *testing.T) {
	one := big.NewInt(1)
	for i, g := range groups {
		p, gen, q, cofactor := g.numbers()
		if !p.ProbablyPrime(10) || !q.ProbablyPrime(10) {
			t.Errorf("%v: no prime", g)
		}
		if new(big.Int).Exp(gen, q, p).Cmp(one) != 0 || gen.Cmp(one) == 0 {
			t.Errorf("%v: g has another order", g)
		}
		if new(big.Int).Add(new(big.Int).Mul(cofactor, q), one).Cmp(p) != 0 {
			t.Errorf("%v: another cofactor", g)
		}
		if got, err := ByID(i); err != nil || got != g {
			t.Errorf("id %d: %v %v", i, got, err)
		}
		if got := g.Generator().Bytes(); !bytes.Equal(got, gen.Bytes()) {
			t.Errorf("%v: generator %x", g, got)
		}
	}
	for _, id := range []int{-1, 3, 8} {
		if _, err := ByID(id); err != ErrGroup {
			t.Errorf("id %d: %v", id, err)
		}
	}
}

func TestGroupsByParameters(t *testing.T) {
	for _, g := range groups {
		p, gen, q, _ := g.numbers()
		two := big.NewInt(2).Bytes()
		for _, c := range []struct {
			name    string
			p, g, q []byte
			ok      bool
		}{
			{"all three", p.Bytes(), gen.Bytes(), q.Bytes(), true},
			{"without q, with leading zeros", append([]byte{0}, p.Bytes()...), append([]byte{0}, gen.Bytes()...), nil, true},
			{"another generator", p.Bytes(), two, q.Bytes(), false},
			{"another order", p.Bytes(), gen.Bytes(), two, false},
			{"another prime", append(p.Bytes(), 1), gen.Bytes(), q.Bytes(), false},
			{"an empty order", p.Bytes(), gen.Bytes(), []byte{}, false},
			{"nothing", nil, nil, nil, false},
		} {
			if got, err := ByParameters(c.p, c.g, c.q); (err == nil) != c.ok || c.ok && got != g {
				t.Errorf("%v, %s: %v %v", g, c.name, got, err)
			}
		}
	}
}

// Powers and maps agree with math/big, whose arithmetic is another's.
func TestAgainstBigNumbers(t *testing.T) {
	r := rand.New(rand.NewSource(1))
	for _, g := range groups {
		p, gen, q, cofactor := g.numbers()
		for i := range 12 {
			x := make([]byte, 1+r.Intn(g.Size()))
			r.Read(x)
			switch i {
			case 0:
				x = q.Bytes()
				x[len(x)-1]-- // q − 1
			case 1:
				x = []byte{1}
			case 2:
				x = append(make([]byte, 5), x[:1]...)
				x[5] |= 2
			}
			s, err := g.Secret(x)
			if err != nil {
				t.Fatal(err)
			}
			y, err := s.Public()
			want := new(big.Int).Exp(gen, new(big.Int).SetBytes(x), p)
			if err != nil || !bytes.Equal(y.Bytes(), want.Bytes()) {
				t.Fatalf("%v: public value, case %d: %v", g, i, err)
			}
			back, err := g.Element(y.Bytes())
			if err != nil || back != y {
				t.Fatalf("%v: does not read back: %v", g, err)
			}
			mapped, err := y.MapGeneric(x)
			wantMapped := new(big.Int).Mul(want, want)
			if err != nil || !bytes.Equal(mapped.Bytes(), wantMapped.Mod(wantMapped, p).Bytes()) {
				t.Fatalf("%v: generic mapping: %v", g, err)
			}
			integrated, err := g.MapIntegrated(append(x, x...))
			n := new(big.Int).SetBytes(append(x, x...))
			n.Exp(n.Mod(n, p), cofactor, p)
			if n.Cmp(big.NewInt(1)) == 0 { // 1 maps to 1
				if err != ErrElement {
					t.Fatalf("%v: integrated mapping to 1: %v", g, err)
				}
			} else if err != nil || !bytes.Equal(integrated.Bytes(), n.Bytes()) {
				t.Fatalf("%v: integrated mapping: %v", g, err)
			}
		}
	}
}

type agreement struct {
	Group                        int
	Secret, Public, Peer, Shared string
}

func agreements(t *testing.T) (list []agreement) {
	b, err := os.ReadFile("testdata/dh.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &list); err != nil || len(list) < 24 {
		t.Fatal(err, len(list))
	}
	return list
}

// Agreements of openssl, half of them with leading zeros; see testdata/make_dh.py.
func TestAgreementsOfOpenSSL(t *testing.T) {
	short := 0
	for i, c := range agreements(t) {
		g, err := ByID(c.Group)
		if err != nil {
			t.Fatal(err)
		}
		s, err := g.Secret(big16(c.Secret).Bytes())
		if err != nil {
			t.Fatal(err)
		}
		y, err := s.Public()
		if err != nil || !bytes.Equal(y.Bytes(), big16(c.Public).Bytes()) {
			t.Errorf("case %d: public value, %v", i, err)
		}
		peer, err := g.Element(big16(c.Peer).Bytes())
		if err != nil {
			t.Fatal(err)
		}
		z, err := s.Power(peer)
		if err != nil || hex.EncodeToString(z.Fixed()) != c.Shared {
			t.Errorf("case %d: shared secret, %v", i, err)
		}
		if len(z.Fixed()) != g.Size() {
			t.Errorf("case %d: a shared secret of %d bytes", i, len(z.Fixed()))
		}
		if z.Fixed()[0] == 0 || len(y.Bytes()) < g.Size() || len(peer.Bytes()) < g.Size() {
			short++
		}
	}
	if short < 12 {
		t.Errorf("only %d cases with leading zeros", short)
	}
}

func TestElementsOutsideTheSubgroupAreRefused(t *testing.T) {
	for _, g := range groups {
		p, gen, _, cofactor := g.numbers()
		if _, err := g.Element(gen.Bytes()); err != nil {
			t.Fatal("the twin:", err)
		}
		small := big.NewInt(0)
		for r := int64(3); small.Sign() == 0; r += 2 { // an element of small order, by a small factor of the cofactor
			if new(big.Int).Mod(cofactor, big.NewInt(r)).Sign() == 0 {
				e := new(big.Int).Div(new(big.Int).Sub(p, big.NewInt(1)), big.NewInt(r))
				if small.Exp(big.NewInt(2), e, p).Cmp(big.NewInt(1)) == 0 {
					small.SetInt64(0)
				}
			}
		}
		minus := new(big.Int).Sub(p, gen)
		for name, n := range map[string]*big.Int{
			"0": big.NewInt(0), "1": big.NewInt(1), "p−1": new(big.Int).Sub(p, big.NewInt(1)), "p": p,
			"p+1": new(big.Int).Add(p, big.NewInt(1)), "g+p": new(big.Int).Add(p, gen), "−g": minus,
			"an element of small order": small, "that times g": new(big.Int).Mod(new(big.Int).Mul(small, gen), p),
		} {
			if e, err := g.Element(n.Bytes()); err != ErrElement || e != (Element{}) {
				t.Errorf("%v: %s passes: %v", g, name, err)
			}
		}
		if _, err := g.Element(append(gen.Bytes(), 0)); err != ErrElement {
			t.Errorf("%v: a longer number passes", g)
		}
	}
}

func TestWhatIsNoneIsRefused(t *testing.T) {
	a, _ := P1024Q160.NewSecret()
	b, _ := P2048Q224.NewSecret()
	y, err := b.Public()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Power(y); err != ErrMixed {
		t.Error(err)
	}
	if _, err := a.Power(Element{}); err != ErrElement {
		t.Error(err)
	}
	copied := a
	a.Wipe()
	if _, err := copied.Public(); err != ErrSecret {
		t.Error(err)
	}
	if _, err := (Secret{}).Public(); err != ErrSecret {
		t.Error(err)
	}
	if _, err := Group(0).NewSecret(); err != ErrGroup {
		t.Error(err)
	}
	if _, err := P1024Q160.Secret(nil); err != ErrSecret {
		t.Error(err)
	}
	if Group(9).String() != "no group" || Group(0).Size() != 0 {
		t.Error("a group that is none")
	}
}

func FuzzElement(f *testing.F) {
	f.Add(uint8(0), []byte{2})
	f.Add(uint8(1), number(definitions[1].g))
	f.Fuzz(func(t *testing.T, which uint8, b []byte) {
		g := groups[which%3]
		p, _, q, _ := g.numbers()
		n := new(big.Int).SetBytes(b)
		want := n.Cmp(big.NewInt(1)) > 0 && n.Cmp(p) < 0 && new(big.Int).Exp(n, q, p).Cmp(big.NewInt(1)) == 0
		e, err := g.Element(b)
		if (err == nil) != want || want && !bytes.Equal(e.Bytes(), n.Bytes()) {
			t.Fatalf("%x: %v", b, err)
		}
	})
}

func BenchmarkPower(b *testing.B) {
	for _, g := range groups {
		s, _ := g.NewSecret()
		b.Run(g.String(), func(b *testing.B) {
			for b.Loop() {
				s.Public()
			}
		})
	}
}
