package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"runtime"
	"sync"
	"syscall"
	"time"
)

// bench measures what the standard library's raw ES256 costs here and now: 4,096
// different messages of a token's length, by different keys when they are verified and by
// one when they are signed, as it is at the server. All cores work, as they do under
// load, so that what the neighbours on this machine cost is in both figures.
type bench struct {
	own    *ecdsa.PrivateKey
	inputs []input
}

type input struct {
	key *ecdsa.PublicKey
	msg []byte
	sig []byte
}

const (
	rawInputs = 4096
	rawLength = 600 // bytes under the signature, about as many as of a proof
)

func newBench() (*bench, error) {
	b := &bench{}
	var err error
	if b.own, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, err
	}
	for range rawInputs {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			return nil, err
		}
		in := input{key: &key.PublicKey, msg: make([]byte, rawLength)}
		rand.Read(in.msg)
		sum := sha256.Sum256(in.msg)
		if in.sig, err = ecdsa.SignASN1(rand.Reader, key, sum[:]); err != nil {
			return nil, err
		}
		b.inputs = append(b.inputs, in)
	}
	return b, nil
}

// rawCost is processor time for one operation.
type rawCost struct{ sign, verify time.Duration }

func (c rawCost) mean(d rawCost) rawCost {
	return rawCost{(c.sign + d.sign) / 2, (c.verify + d.verify) / 2}
}

// floor is what the operations between two counts cost at the least, in nanoseconds.
func (c rawCost) floor(before, after map[string]uint64) (ns float64, err error) {
	for name, n := range after {
		switch n -= before[name]; {
		case name == "sign ES256":
			ns += float64(n) * float64(c.sign)
		case name == "verify ES256":
			ns += float64(n) * float64(c.verify)
		case n > 0:
			return 0, errUncounted
		}
	}
	return ns, nil
}

func (b *bench) run() (c rawCost) {
	c.verify = b.each(func(i int) {
		in := &b.inputs[i]
		sum := sha256.Sum256(in.msg)
		if !ecdsa.VerifyASN1(in.key, sum[:], in.sig) {
			panic("the standard library refuses its own signature")
		}
	})
	c.sign = b.each(func(i int) {
		sum := sha256.Sum256(b.inputs[i].msg)
		if _, err := ecdsa.SignASN1(rand.Reader, b.own, sum[:]); err != nil {
			panic(err)
		}
	})
	return c
}

// each runs f on every input once on every core and returns the processor time for one.
func (b *bench) each(f func(int)) time.Duration {
	cores := runtime.GOMAXPROCS(0)
	runtime.GC()
	before := ownCPU()
	var all sync.WaitGroup
	for core := range cores {
		all.Go(func() {
			for i := range rawInputs {
				f((i + core*rawInputs/cores) % rawInputs)
			}
		})
	}
	all.Wait()
	return (ownCPU() - before) / time.Duration(cores*rawInputs)
}

// ownCPU is this process's time on the processor.
func ownCPU() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
