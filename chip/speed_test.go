package chip_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"fmt"
	"os"
	"runtime"
	"slices"
	"syscall"
	"testing"

	"github.com/vneid-sdk/vneid-go/chip"
	"github.com/vneid-sdk/vneid-go/chip/chiptest"
)

// offline are dumps of different people's cards by one issuer: SOD, DG1, DG2 of 20
// KB, DG13.
func offline(t testing.TB, count int) (*chip.Verifier, []*chip.Dump) {
	t.Helper()
	issuer, err := chiptest.NewIssuer(chiptest.Authority{})
	if err != nil {
		t.Fatal(err)
	}
	var v *chip.Verifier
	var dumps []*chip.Dump
	for i := range count {
		image := portrait(19_900)
		image[100], image[101] = byte(i), byte(i>>8)
		card := newCard(t, chiptest.Card{Issuer: issuer, Portrait: image})
		if v == nil {
			v = trusting(t, card, func(c *chip.Config) { c.AcceptUnprovenChip, c.AcceptDowngrade = true, true })
		}
		d, err := chip.Read(context.Background(), card, byCAN(t, card), chip.ReadOptions{Groups: []int{1, 2, 13}, MaxResponse: 65536, SkipCOM: true})
		if err != nil {
			t.Fatal(err)
		}
		dumps = append(dumps, transfer(t, d))
	}
	return v, dumps
}

// raw is the work that no verifier of a dump is spared: hashing its files, the list
// of their digests and the signed attributes, and one signature check.
type raw struct {
	key       *ecdsa.PublicKey
	hashed    [][]byte
	signature []byte
}

// newRaw takes the signed object apart by the standard library.
func newRaw(t testing.TB, d *chip.Dump) raw {
	t.Helper()
	var outer, signed, encap asn1.RawValue
	must := func(b []byte, v any) []byte {
		rest, err := asn1.Unmarshal(b, v)
		if err != nil {
			t.Fatal(err)
		}
		return rest
	}
	must(d.File("SOD"), &outer)
	must(outer.Bytes, &outer)                                    // ContentInfo
	must(must(outer.Bytes, new(asn1.ObjectIdentifier)), &signed) // [0]
	must(signed.Bytes, &signed)                                  // SignedData
	rest := must(must(signed.Bytes, new(int)), new(asn1.RawValue))
	rest = must(rest, &encap)
	var certs, signers, signer asn1.RawValue
	rest = must(rest, &certs)
	must(rest, &signers)
	cert, err := x509.ParseCertificate(certs.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	must(signers.Bytes, &signer)
	rest = must(signer.Bytes, new(int))
	rest = must(rest, new(asn1.RawValue)) // issuer and serial
	rest = must(rest, new(asn1.RawValue)) // digest
	var attrs asn1.RawValue
	rest = must(rest, &attrs)
	rest = must(rest, new(asn1.RawValue)) // algorithm
	var signature []byte
	must(rest, &signature)
	whole := slices.Clone(attrs.FullBytes)
	whole[0] = 0x31
	r := raw{cert.PublicKey.(*ecdsa.PublicKey), [][]byte{encap.FullBytes, d.File("DG1"), d.File("DG2"), d.File("DG13"), whole}, signature}
	if !r.do() {
		t.Fatal("the floor verifies nothing")
	}
	return r
}

func (r raw) do() bool {
	var sum [32]byte
	for _, b := range r.hashed {
		sum = sha256.Sum256(b)
	}
	return ecdsa.VerifyASN1(r.key, sum[:], r.signature)
}

func TestAnOfflineVerificationAllocatesLittle(t *testing.T) {
	v, dumps := offline(t, 2)
	n := testing.AllocsPerRun(50, func() {
		if _, err := v.Verify(context.Background(), dumps[1], chip.VerifyOptions{}); err != nil {
			t.Fatal(err)
		}
	})
	if n > 250 {
		t.Errorf("%v allocations", n)
	}
	t.Logf("%v allocations", n)
}

// TestSpeed prints the CPU time of an offline verification over its floor, medians
// of interleaved rounds; VNEID_LONG=1 runs it.
func TestSpeed(t *testing.T) {
	if os.Getenv("VNEID_LONG") == "" {
		t.Skip("VNEID_LONG is not set")
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	const rounds = 21
	v, dumps := offline(t, 1024)
	var floors []raw
	for _, d := range dumps {
		floors = append(floors, newRaw(t, d))
	}
	var ours, floor []float64
	for range rounds {
		floor = append(floor, cpu(func() {
			for _, r := range floors {
				r.do()
			}
		}))
		ours = append(ours, cpu(func() {
			for _, d := range dumps {
				if _, err := v.Verify(context.Background(), d, chip.VerifyOptions{}); err != nil {
					t.Fatal(err)
				}
			}
		}))
	}
	slices.Sort(ours)
	slices.Sort(floor)
	a, b := ours[rounds/2]/1024, floor[rounds/2]/1024
	fmt.Printf("offline verification %.0f µs, raw %.0f µs, ratio %.2f\n", a, b, a/b)
}

// cpu returns the CPU time of f in microseconds.
func cpu(f func()) float64 {
	var a, b syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &a)
	f()
	syscall.Getrusage(syscall.RUSAGE_SELF, &b)
	return float64(b.Utime.Nano()+b.Stime.Nano()-a.Utime.Nano()-a.Stime.Nano()) / 1e3
}

func BenchmarkVerify(b *testing.B) {
	v, dumps := offline(b, 8)
	i := 0
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Verify(context.Background(), dumps[i%8], chip.VerifyOptions{}); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
