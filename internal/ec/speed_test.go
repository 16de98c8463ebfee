//lint:file-ignore SA1019 the anchor of the comparison is the deprecated code itself

//go:build unix

package ec

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/sha512"
	"encoding/binary"
	"math/big"
	"os"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"
)

// The anchor is crypto/elliptic's generic CurveParams on the image with a = −3,
// which is the only form it computes: what a Go program has for Brainpool curves
// without this package. Keys are brought to the image outside the clock.

// inputs is how many different keys and signatures take turns.
const inputs = 1024

// A job runs input i in either way; same compares what they found, off the clock.
type job struct {
	ours, anchor func(i int) bool
	same         func(i int) bool
}

// legacy is the image of a curve for crypto/elliptic.
func legacy(c Curve) *elliptic.CurveParams {
	k := c.load()
	x, y := imageOf(c.Generator())
	var b elem
	k.p.leave(&b, &k.imageB)
	return &elliptic.CurveParams{P: k.p.m.big(), N: k.n.m.big(), B: b.big(), Gx: x, Gy: y, BitSize: k.p.bits, Name: c.String() + " image"}
}

func imageOf(q Point) (x, y *big.Int) {
	f := q.curve.load().p
	a := q.at
	f.leave(&a.x, &a.x)
	f.leave(&a.y, &a.y)
	return a.x.big(), a.y.big()
}

// A pair is a secret and somebody else's point, for both ways.
type pair struct {
	secret  Secret
	scalar  []byte
	encoded []byte // the point, as a chip sends it
	x, y    *big.Int
	ours    Point
	oldX    *big.Int
}

func pairs(t testing.TB, c Curve, n int) []pair {
	o, r := oracleOf(c), seeded(c)
	out := make([]pair, n)
	for i := range out {
		k := o.scalar(r)
		p, err := o.secret(t, o.scalar(r)).Public()
		if err != nil {
			t.Fatal(err)
		}
		x, y := imageOf(p)
		out[i] = pair{secret: o.secret(t, k), scalar: k.FillBytes(make([]byte, o.nSize)), encoded: p.Bytes(), x: x, y: y, ours: p}
	}
	return out
}

func sameX(v *pair) bool {
	x, _ := imageOf(v.ours)
	return x.Cmp(v.oldX) == 0
}

// timesJob is one secret multiplication.
func timesJob(t testing.TB, c Curve, n int) job {
	old, turns := legacy(c), pairs(t, c, n)
	return job{
		ours: func(i int) (ok bool) {
			v := &turns[i]
			p, err := v.secret.Times(v.ours)
			if v.oldX != nil {
				v.ours = p
			}
			return err == nil
		},
		anchor: func(i int) bool {
			v := &turns[i]
			v.oldX, _ = old.ScalarMult(v.x, v.y, v.scalar)
			return true
		},
		same: func(i int) bool { return sameX(&turns[i]) },
	}
}

// paceJob is the terminal's work in PACE with generic mapping: the chip's two
// keys read, a mapping key, H, s·G + H, a key over that generator, the shared
// secret.
func paceJob(t testing.TB, c Curve, n int) job {
	old, mapping, agreement := legacy(c), pairs(t, c, n), pairs(t, c, 2*n)[n:]
	nonce := func(i int) []byte { return mapping[i].scalar[:16] }
	return job{
		ours: func(i int) bool {
			m, a := &mapping[i], &agreement[i]
			theirs, err1 := c.Point(m.encoded)
			chip, err2 := c.Point(a.encoded)
			_, err3 := m.secret.Public()
			h, err4 := m.secret.Times(theirs)
			g, err5 := h.MapGeneric(nonce(i))
			own, err6 := a.secret.Times(g)
			shared, err7 := a.secret.Times(chip)
			m.ours, a.ours = own, shared
			return err1 == nil && err2 == nil && err3 == nil && err4 == nil && err5 == nil && err6 == nil && err7 == nil
		},
		anchor: func(i int) bool {
			m, a := &mapping[i], &agreement[i]
			old.ScalarBaseMult(m.scalar)
			hx, hy := old.ScalarMult(m.x, m.y, m.scalar)
			sx, sy := old.ScalarBaseMult(nonce(i))
			gx, gy := old.Add(sx, sy, hx, hy)
			m.oldX, _ = old.ScalarMult(gx, gy, a.scalar)
			a.oldX, _ = old.ScalarMult(a.x, a.y, a.scalar)
			return old.IsOnCurve(m.x, m.y) && old.IsOnCurve(a.x, a.y)
		},
		same: func(i int) bool { return sameX(&mapping[i]) && sameX(&agreement[i]) },
	}
}

// verifyJob checks a signature by another key each time.
func verifyJob(t testing.TB, c Curve, n int) job {
	type turn struct {
		key          Point
		digest, r, s []byte
		oldKey       *ecdsa.PublicKey
		oldR, oldS   *big.Int
	}
	old, turns := legacy(c), make([]turn, n)
	o, rnd := oracleOf(c), seeded(c)
	for i := range turns {
		digest := sha512.Sum512(binary.BigEndian.AppendUint64(nil, rnd.Uint64()))
		d, k := o.scalar(rnd), o.scalar(rnd)
		key, _ := o.secret(t, d).Public()
		at, _ := o.secret(t, k).Public()
		sign := func(x *big.Int) (r, s *big.Int) {
			r = x.Mod(x, o.n)
			s = new(big.Int).Mul(r, d)
			s.Add(s, o.reduceDigest(digest[:])).Mul(s, new(big.Int).ModInverse(k, o.n))
			return r, s.Mod(s, o.n)
		}
		v := &turns[i]
		v.key, v.digest = key, digest[:]
		r, s := sign(new(big.Int).SetBytes(at.X()))
		v.r, v.s = r.Bytes(), s.Bytes()
		x, y := imageOf(key)
		v.oldKey = &ecdsa.PublicKey{Curve: old, X: x, Y: y}
		x, _ = imageOf(at) // the image's x differs, so the signature does too
		v.oldR, v.oldS = sign(x)
	}
	return job{
		ours:   func(i int) bool { v := &turns[i]; return v.key.Verify(v.digest, v.r, v.s) },
		anchor: func(i int) bool { v := &turns[i]; return ecdsa.Verify(v.oldKey, v.digest, v.oldR, v.oldS) },
		same: func(i int) bool { // and both refuse another digest
			v := &turns[i]
			other := flip(v.digest, 0)
			return !v.key.Verify(other, v.r, v.s) && !ecdsa.Verify(v.oldKey, other, v.oldR, v.oldS)
		},
	}
}

// cpu is the processor time of this process, the collector's included.
func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// race runs both ways in turn over n inputs and returns the medians for one.
func race(t *testing.T, j job, n, each int) (ours, anchor time.Duration) {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var a, b []time.Duration
	for from := 0; from < n; from += each {
		start := cpu()
		for i := from; i < from+each; i++ {
			if !j.anchor(i) {
				t.Fatal("the anchor failed")
			}
		}
		middle := cpu()
		for i := from; i < from+each; i++ {
			if !j.ours(i) {
				t.Fatal("ours failed")
			}
		}
		end := cpu()
		a, b = append(a, (end-middle)/time.Duration(each)), append(b, (middle-start)/time.Duration(each))
		for i := from; i < from+each; i++ {
			if !j.same(i) {
				t.Fatal("the results differ")
			}
		}
	}
	slices.Sort(a)
	slices.Sort(b)
	return a[len(a)/2], b[len(b)/2]
}

// TestSpeedAgainstTheGenericCurves prints ratios. VNEID_BENCH=1 runs the long form
// over all inputs and holds it to the bounds; without it the run is short and
// asserts only that both ways find the same.
func TestSpeedAgainstTheGenericCurves(t *testing.T) {
	long := os.Getenv("VNEID_BENCH") == "1"
	for _, v := range []struct {
		name  string
		curve Curve
		make  func(testing.TB, Curve, int) job
		bound float64
	}{
		{"PACE-GM, terminal", BrainpoolP256r1, paceJob, 5},
		{"ECDSA verify", BrainpoolP512r1, verifyJob, 3},
		{"ECDSA verify", BrainpoolP256r1, verifyJob, 5},
		{"ECDSA verify", BrainpoolP384r1, verifyJob, 3},
		{"k·P", BrainpoolP256r1, timesJob, 5},
		{"k·P", BrainpoolP512r1, timesJob, 3},
	} {
		n, each := 4, 2
		if long {
			n, each = inputs, 16
		}
		ours, anchor := race(t, v.make(t, v.curve, n), n, each)
		ratio := float64(anchor) / float64(ours)
		t.Logf("%-17s %-15v 1/%.1f of the generic curve's time (%v, %v)", v.name, v.curve, ratio, ours, anchor)
		if long && ratio < v.bound {
			t.Errorf("%s on %v takes 1/%.2f, the bound is 1/%.0f", v.name, v.curve, ratio, v.bound)
		}
	}
}

func BenchmarkTimes(b *testing.B)  { everyCurve(b, timesJob) }
func BenchmarkVerify(b *testing.B) { everyCurve(b, verifyJob) }
func BenchmarkPACE(b *testing.B)   { everyCurve(b, paceJob) }

func everyCurve(b *testing.B, make func(testing.TB, Curve, int) job) {
	for _, c := range all() {
		b.Run(c.String(), func(b *testing.B) {
			j := make(b, c, 64)
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				if i++; !j.ours(i % 64) {
					b.Fatal("wrong")
				}
			}
		})
	}
}
