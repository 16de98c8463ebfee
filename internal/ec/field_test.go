package ec

import (
	"math/big"
	"testing"
)

func fromBig(x *big.Int) (e elem) {
	load(&e, x.Bytes())
	return e
}

func (e *elem) big() *big.Int {
	x := new(big.Int)
	for i := limbs - 1; i >= 0; i-- {
		x.Lsh(x, 64).Or(x, new(big.Int).SetUint64(e[i]))
	}
	return x
}

// Both fields of every curve, on numbers at the edges of words and of the
// modulus and on random ones, against math/big.
func TestFieldsAgreeWithBigIntegers(t *testing.T) {
	for _, c := range all() {
		k, r := c.load(), seeded(c)
		for _, f := range []*field{k.p, k.n} {
			m := f.m.big()
			numbers := []*big.Int{big.NewInt(0), big.NewInt(1), big.NewInt(2)}
			for i := 0; i <= 64*f.n; i += 64 { // 2^64i ± 1, −1, −2^64i
				w := new(big.Int).Lsh(big.NewInt(1), uint(i))
				numbers = append(numbers, w, new(big.Int).Sub(w, big.NewInt(1)), new(big.Int).Neg(w))
			}
			for range 8 {
				b := make([]byte, f.size()+8)
				for i := range b {
					b[i] = byte(r.Uint32())
				}
				numbers = append(numbers, new(big.Int).SetBytes(b))
			}
			for _, x := range numbers {
				x.Mod(x, m)
			}
			for _, x := range numbers {
				checkUnary(t, f, x, m)
				for _, y := range numbers {
					checkBinary(t, f, x, y, m)
				}
			}
		}
	}
}

func checkUnary(t *testing.T, f *field, x, m *big.Int) {
	t.Helper()
	e, plain := fromBig(x), elem{}
	f.enter(&e, &e)
	f.leave(&plain, &e)
	if plain.big().Cmp(x) != 0 {
		t.Fatalf("modulus %x: %x comes back as %x", m, x, plain.big())
	}
	f.invert(&plain, &e)
	f.leave(&plain, &plain)
	want := new(big.Int)
	if x.Sign() != 0 {
		want.ModInverse(x, m)
	}
	if plain.big().Cmp(want) != 0 {
		t.Fatalf("modulus %x: 1/%x = %x, want %x", m, x, plain.big(), want)
	}
	e = fromBig(x)
	b := f.appendBytes(nil, &e)
	var back elem
	if len(b) != f.size() || !f.parse(&back, b) || back != e {
		t.Fatalf("modulus %x: %x is written as %x", m, x, b)
	}
}

func checkBinary(t *testing.T, f *field, x, y, m *big.Int) {
	t.Helper()
	a, b := fromBig(x), fromBig(y)
	var z elem
	check := func(what string, want *big.Int) {
		t.Helper()
		if want.Mod(want, m); z.big().Cmp(want) != 0 {
			t.Fatalf("modulus %x: %x %s %x = %x, want %x", m, x, what, y, z.big(), want)
		}
	}
	f.add(&z, &a, &b)
	check("+", new(big.Int).Add(x, y))
	f.sub(&z, &a, &b)
	check("−", new(big.Int).Sub(x, y))
	f.enter(&z, &a)
	f.mul(&z, &z, &b)
	check("·", new(big.Int).Mul(x, y))
	z = a
	f.enter(&z, &z)
	f.mul(&b, &z, &b) // the result over an operand
	z = b
	check("·", new(big.Int).Mul(x, y))
	if (equal(&a, &a) == 0) || (equal(&a, &z) != 0) != (a == z) || (zero(&a) != 0) != (x.Sign() == 0) {
		t.Fatalf("modulus %x: %x is compared wrongly", m, x)
	}
	pick(&z, 0, &a, &b)
	if z != b {
		t.Fatal("pick by zero takes the first")
	}
	pick(&z, ^uint64(0), &a, &b)
	if z != a {
		t.Fatal("pick by ones takes the second")
	}
}

// mul keeps five words of t + a·y, for t < 2m, a < 2⁶⁴ and y < m.
func TestFourWordModuliLeaveRoomForARow(t *testing.T) {
	for _, c := range all() {
		for _, f := range []*field{c.load().p, c.load().n} {
			most := new(big.Int).Lsh(f.m.big(), 64)
			if most.Add(most, f.m.big()); f.n == 4 && most.BitLen() > 320 {
				t.Errorf("%v: a modulus is too close to 2²⁵⁶", c)
			}
		}
	}
}

func TestNumbersOfAnyWidthAreReduced(t *testing.T) {
	for _, c := range all() {
		r := seeded(c)
		for _, f := range []*field{c.load().p, c.load().n} {
			for width := range 3 * f.size() {
				b := make([]byte, width)
				for i := range b {
					b[i] = byte(r.Uint32())
				}
				if width%3 == 0 {
					for i := range b {
						b[i] = 0xff
					}
				}
				var z elem
				f.wide(&z, b)
				f.leave(&z, &z)
				if want := new(big.Int).SetBytes(b); z.big().Cmp(want.Mod(want, f.m.big())) != 0 {
					t.Fatalf("%v: %x mod m = %x, want %x", c, b, z.big(), want)
				}
			}
		}
	}
}
