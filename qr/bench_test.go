//go:build unix

package qr_test

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/base45"
	"github.com/vneid-sdk/vneid-go/internal/cose"
	"github.com/vneid-sdk/vneid-go/internal/qrissue"
	"github.com/vneid-sdk/vneid-go/qr"
	"github.com/vneid-sdk/vneid-go/vneid"
	"github.com/vneid-sdk/vneid-go/vneid/jwks"
)

// How much a VN1 code costs beyond what nobody can save: the floor decodes the
// base45, hashes the very bytes that were signed and checks the signature with
// the standard library. Ours has every check on: the key set of package jwks, the
// replay store, 1,024 different codes of different people, each once a round.

const different = 1024

type load struct {
	keys   vneid.KeySet
	codes  []string
	floor  func(i int) bool
	verify func(v *qr.Verifier, i int) error
}

func newLoad(t testing.TB, key crypto.Signer) *load {
	t.Helper()
	doc, err := json.Marshal(map[string]any{"keys": []any{jwk(t, key.Public())}})
	if err != nil {
		t.Fatal(err)
	}
	l := &load{}
	if l.keys, err = jwks.Parse(doc, issuer, vneid.UseQR); err != nil {
		t.Fatal(err)
	}
	inputs, sigs := make([][]byte, different), make([][]byte, different)
	for i := range different {
		c := dynamic(t)
		c.Citizen.ID = fmt.Sprintf("9991900%05d", i)
		c.Citizen.Name = fmt.Sprintf("Nguyễn Thị Phương %c%c", 'A'+i%26, 'a'+i/26%26)
		code, err := qrissue.VN1(c, key)
		if err != nil {
			t.Fatal(err)
		}
		l.codes = append(l.codes, code)
		raw, err := base45.AppendDecode(nil, code[4:])
		if err != nil {
			t.Fatal(err)
		}
		m, err := cose.Parse(raw, "vn1", "VN1")
		if err != nil {
			t.Fatal(err)
		}
		inputs[i], sigs[i] = m.Input, m.Signature
		if m.Alg == "ES256" {
			sigs[i] = der(t, m.Signature)
		}
	}
	public := key.Public() // once: a copy is made of it
	l.floor = func(i int) bool {
		body := l.codes[i][4:]
		if _, err := base45.AppendDecode(make([]byte, 0, base45.DecodedLen(len(body))), body); err != nil {
			return false
		}
		switch pub := public.(type) {
		case ed25519.PublicKey:
			return ed25519.Verify(pub, inputs[i], sigs[i])
		case *ecdsa.PublicKey:
			sum := sha256.Sum256(inputs[i])
			return ecdsa.VerifyASN1(pub, sum[:], sigs[i])
		}
		return false
	}
	l.verify = func(v *qr.Verifier, i int) error {
		_, err := v.Verify(context.Background(), l.codes[i])
		return err
	}
	return l
}

func der(t testing.TB, sig []byte) []byte {
	t.Helper()
	out, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(sig[:32]), new(big.Int).SetBytes(sig[32:])})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// fresh is a verifier that has seen no code yet.
func (l *load) fresh(t testing.TB) *qr.Verifier {
	return newVerifier(t, qr.Config{Issuers: []string{issuer}, Keys: l.keys, Need: 2, Now: atNoon})
}

func BenchmarkVN1(b *testing.B) {
	for name, key := range map[string]crypto.Signer{"Ed25519": edKey, "ES256": ecKey} {
		l := newLoad(b, key)
		b.Run(name+"/floor", func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if !l.floor(i % different) {
					b.Fatal("the floor refuses")
				}
			}
		})
		b.Run(name+"/verify", func(b *testing.B) {
			b.ReportAllocs()
			v := l.fresh(b)
			for i := 0; b.Loop(); i++ {
				if i%different == 0 {
					v = l.fresh(b)
				}
				if err := l.verify(v, i%different); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestCostOverTheFloor prints the ratio of CPU times, floor and ours interleaved
// in one process, median of many rounds:
//
//	VNEID_COST=1 go test -run TestCostOverTheFloor -v ./qr
//
// Allocations do not depend on the machine, so they are held without being asked.
func TestCostOverTheFloor(t *testing.T) {
	timed := os.Getenv("VNEID_COST") != ""
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	for name, key := range map[string]crypto.Signer{"Ed25519": edKey, "ES256": ecKey} {
		l := newLoad(t, key)
		l.round(t) // warm
		extra := l.allocations(t)
		t.Logf("%s: %.2f allocations over the floor", name, extra)
		if extra > 12 {
			t.Errorf("%s: %.2f allocations over the floor, want 12 at most", name, extra)
		}
		if !timed {
			continue
		}
		var ratios []float64
		for range 41 {
			floor, ours := l.round(t)
			ratios = append(ratios, float64(ours)/float64(floor))
		}
		slices.Sort(ratios)
		median := ratios[len(ratios)/2]
		t.Logf("%s: %.3f × floor (quartiles %.3f, %.3f; %d codes × %d rounds)", name, median, ratios[len(ratios)/4], ratios[len(ratios)*3/4], different, len(ratios))
		if median > 1.10 {
			t.Errorf("%s: %.3f × the floor, want 1.10 at most", name, median)
		}
	}
}

// round runs all codes through both, in alternating batches of 64.
func (l *load) round(t testing.TB) (floor, ours time.Duration) {
	v := l.fresh(t)
	for from := 0; from < different; from += 64 {
		start := cpu(t)
		for i := from; i < from+64; i++ {
			if !l.floor(i) {
				t.Fatal("the floor refuses")
			}
		}
		middle := cpu(t)
		for i := from; i < from+64; i++ {
			if err := l.verify(v, i); err != nil {
				t.Fatal(err)
			}
		}
		floor, ours = floor+middle-start, ours+cpu(t)-middle
	}
	return floor, ours
}

// allocations is the mean number of heap objects of a Verify beyond the floor's.
func (l *load) allocations(t testing.TB) float64 {
	count := func(f func(i int)) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for i := range different {
			f(i)
		}
		runtime.ReadMemStats(&after)
		return after.Mallocs - before.Mallocs
	}
	v := l.fresh(t)
	ours := count(func(i int) { _ = l.verify(v, i) })
	floor := count(func(i int) { _ = l.floor(i) })
	return float64(ours-floor) / different
}

// cpu is the CPU time of this process, user and system.
func cpu(t testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
