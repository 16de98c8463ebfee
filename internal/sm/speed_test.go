package sm_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"fmt"
	"os"
	"slices"
	"syscall"
	"testing"

	"github.com/vneid-sdk/vneid-go/internal/apdu"
	"github.com/vneid-sdk/vneid-go/internal/sm"
)

// RFC 4493 §4.
func TestCMACOfTheRFC(t *testing.T) {
	key := unhex(t, "2b7e151628aed2a6abf7158809cf4f3c")
	message := unhex(t, "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710")
	for n, want := range map[int]string{
		0: "bb1d6929e9593728", 16: "070a16b46b4d4144", 40: "dfa66747de9ae630", 64: "51f0bebf7e3b9d92",
	} {
		if got := sm.AES128.MAC(key, message[:n]); !bytes.Equal(got, unhex(t, want)) {
			t.Errorf("%d bytes: %x", n, got)
		}
	}
}

// raw is what an answer costs at least: decrypting it and computing its MAC with
// the standard library, keys and modes at hand.
type raw struct {
	block, mac, last cipher.Block
	mode             cipher.BlockMode
	out, state       []byte
}

func newRaw(t testing.TB, suite sm.Suite) *raw {
	key := bytes.Repeat([]byte{7}, 32)
	r := &raw{out: make([]byte, 1<<17)}
	if suite == sm.TripleDES {
		r.block, _ = des.NewTripleDESCipher(key[:24])
		r.mac, _ = des.NewCipher(key[:8])
		r.last, _ = des.NewCipher(key[:8])
	} else {
		r.block, _ = aes.NewCipher(key[:suite.KeySize()])
		r.mac, _ = aes.NewCipher(key[:suite.KeySize()])
	}
	r.state = make([]byte, r.block.BlockSize())
	r.mode = cipher.NewCBCDecrypter(r.block, make([]byte, r.block.BlockSize()))
	return r
}

func (r *raw) do(data []byte) {
	r.mode.CryptBlocks(r.out[:len(data)], data)
	size := len(r.state)
	clear(r.state)
	for ; len(data) > 0; data = data[size:] {
		for i := range r.state {
			r.state[i] ^= data[i]
		}
		r.mac.Encrypt(r.state, r.state)
	}
}

var lengths = []int{223, 1024, 16 << 10}

// answers is a run of answers of one session, so that each is taken once.
func answers(t testing.TB, suite sm.Suite, n, count int) (*sm.Session, [][]byte) {
	s, c := pair(t, suite)
	out := make([][]byte, count)
	for i := range out {
		c.count()
		out[i] = c.answer(0x87, bytes.Repeat([]byte{byte(i)}, n), 0x9000)
	}
	return s, out
}

// Neither protecting a command nor opening its answer allocates.
func TestMessagesAllocateNothing(t *testing.T) {
	for _, suite := range allSuites {
		s, list := answers(t, suite, 223, 210)
		buffer := make([]byte, 0, 4096)
		i := 0
		one := func() {
			s.Protect(apdu.Command{INS: 0xB0, Expect: 256})
			if _, _, err := s.Open(buffer, list[i], 0x9000); err != nil {
				t.Fatal(err)
			}
			i++
		}
		one()
		if n := testing.AllocsPerRun(200, one); n != 0 {
			t.Errorf("%v: %v allocations", suite, n)
		}
	}
}

// TestSpeed prints CPU time per command and answer over the raw primitives;
// VNEID_LONG=1 runs it.
func TestSpeed(t *testing.T) {
	if os.Getenv("VNEID_LONG") == "" {
		t.Skip("VNEID_LONG is not set")
	}
	for _, suite := range allSuites {
		for _, n := range lengths {
			const rounds = 21
			count := max(64, 400_000/n)
			var ours, floor []float64
			buffer := make([]byte, 0, 1<<17)
			for range rounds {
				s, list := answers(t, suite, n, count)
				r := newRaw(t, suite)
				size := suite.BlockSize()
				in := make([]byte, (n/size+1)*size)
				floor = append(floor, cpu(func() {
					for range count {
						r.do(in)
					}
				}))
				ours = append(ours, cpu(func() {
					for _, a := range list {
						s.Protect(apdu.Command{INS: 0xB0, Expect: 256})
						if _, _, err := s.Open(buffer, a, 0x9000); err != nil {
							t.Fatal(err)
						}
					}
				}))
			}
			slices.Sort(ours)
			slices.Sort(floor)
			a, b := ours[rounds/2], floor[rounds/2]
			fmt.Printf("%-17v %6d bytes: %8.2f µs, raw %8.2f µs, ratio %.2f\n", suite, n, a/float64(count), b/float64(count), a/b)
		}
	}
}

// cpu returns the CPU time of f in microseconds.
func cpu(f func()) float64 {
	var a, b syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &a)
	f()
	syscall.Getrusage(syscall.RUSAGE_SELF, &b)
	return float64(b.Utime.Nano()+b.Stime.Nano()-a.Utime.Nano()-a.Stime.Nano()) / 1e3
}
