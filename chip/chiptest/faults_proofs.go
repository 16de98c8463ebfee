package chiptest

import (
	"bytes"
	"crypto"
	"math/big"
	"slices"
)

// exchanged puts other bytes of the same length into a data group before it is
// signed.
func exchanged(group int, bytesOf func(d *draft) (was, is []byte)) script {
	return issue(func(d *draft) {
		was, is := bytesOf(d)
		d.groups[group] = bytes.Replace(d.groups[group], was, is, 1)
	})
}

// staticFaults are chips and keys of Chip Authentication beside cloneFaults.
func staticFaults() []Fault {
	fault := func(name, about string, do script) Fault {
		return Fault{"ca-" + name, StageChip, about, staticOnly(), do}
	}
	answer := func(edit func(e *Emulator, r response) response) script {
		return reply(func(e *Emulator, c command, r response) response {
			if c.ins == insAuthenticate && e.app && e.ch != nil && r.sw == swOK {
				return edit(e, r)
			}
			return r
		})
	}
	data := func(b ...byte) script { return answer(func(*Emulator, response) response { return response{b, swOK} }) }
	key := func(edit func(c *curve, public []byte) []byte) script {
		return exchanged(14, func(d *draft) (was, is []byte) {
			c := d.static[0].group.(*curve)
			was = c.encode(c.power(c.g, d.static[0].secret))
			return was, edit(c, was)
		})
	}
	// number draws keys until the wrong one is as long as the right one.
	number := func(edit func(m *modp, public *big.Int) *big.Int) script {
		return exchanged(14, func(d *draft) (was, is []byte) {
			m, k := d.static[0].group.(*modp), d.static[0].secret
			for len(was) != len(is) || was == nil {
				k.Add(k, big.NewInt(1))
				public := m.power(m.base(), k).x
				was, is = integer(public), integer(edit(m, public))
			}
			d.groups[14] = d.dg14()
			return was, is
		})
	}
	explicit, dh := staticOnly(), staticOnly()
	explicit.Explicit = true
	dh.CA = []Protocol{{"CA-DH-AES-CBC-CMAC-128", "modp2048-256"}}
	return []Fault{
		fault("key-refused", "the chip lets Chip Authentication be chosen and refuses every key", answer(func(e *Emulator, _ response) response {
			e.next = nil
			return status(swBadData)
		})),
		fault("answer-none", "the chip takes the key and answers nothing", data()),
		fault("answer-other", "the chip takes the key and answers with something else", data(0x30, 0)),
		fault("counter-kept", "after Chip Authentication the counter goes on and does not begin anew", answer(func(e *Emulator, r response) response {
			e.next.ssc = bytes.Clone(e.ch.ssc)
			return r
		})),
		fault("keys-exchanged", "after Chip Authentication the chip takes each of the two keys for the other", answer(func(e *Emulator, r response) response {
			e.next.enc, e.next.auth = e.next.auth, e.next.enc
			return r
		})),
		fault("key-off-curve", "the signed key is no point of the curve", key(func(_ *curve, b []byte) []byte { return flipped(b) })),
		fault("key-zero", "the signed key has two coordinates of zero", key(func(_ *curve, b []byte) []byte { return append([]byte{4}, make([]byte, len(b)-1)...) })),
		fault("key-other-curve", "the signed key is a point of another curve of the same size", key(func(*curve, []byte) []byte {
			o := curveByName("secp256r1")
			return o.encode(o.g)
		})),
		{"ca-generator", StageChip, "the curve of the signed key has a generator of its own", explicit, exchanged(14, func(d *draft) (was, is []byte) {
			c := d.static[0].group.(*curve)
			return c.encode(c.g), c.encode(c.power(c.g, big.NewInt(2)))
		})},
		{"ca-order", StageChip, "the curve of the signed key has an order of its own", explicit, exchanged(14, func(d *draft) (was, is []byte) {
			n := d.static[0].group.order()
			return integer(n), integer(new(big.Int).Sub(n, big.NewInt(2)))
		})},
		{"ca-dh-key-last", StageChip, "the signed key is p − 1", dh, number(func(m *modp, _ *big.Int) *big.Int { return new(big.Int).Sub(m.p, big.NewInt(1)) })},
		{"ca-dh-key-outside", StageChip, "the signed key is in no subgroup of the right order", dh, number(func(m *modp, y *big.Int) *big.Int { return new(big.Int).Sub(m.p, y) })},
		fault("key-missing", "Chip Authentication is signed for without a key", issue(func(d *draft) {
			d.groups[14] = der(0x6E, setOf(paceInfo(d.offers[0]), d.static[0].keyInfos(false)[1]))
		})),
	}
}

// answerFaults are answers to INTERNAL AUTHENTICATE beside activeFaults, and keys
// in DG15 that are none.
func answerFaults() []Fault {
	ec := func(name, about string, do script) Fault {
		return Fault{"aa-" + name, StageChip, about, activeOnly(), do}
	}
	rsa := func(name, about string, do script) Fault {
		return Fault{"aa-rsa-" + name, StageChip, about, activeRSA(), do}
	}
	answer := func(f func(own []byte) response) script {
		return reply(func(_ *Emulator, c command, r response) response {
			if c.ins == insInternal && r.sw == swOK {
				return f(r.data)
			}
			return r
		})
	}
	data := func(f func(own []byte) []byte) script {
		return answer(func(own []byte) response { return response{f(own), swOK} })
	}
	half := func(f func(r, s []byte) []byte) script {
		return data(func(own []byte) []byte { return f(own[:len(own)/2], own[len(own)/2:]) })
	}
	zeros := make([]byte, 32)
	asDER := func(r, s []byte) []byte {
		return seq(integer(new(big.Int).SetBytes(r)), integer(new(big.Int).SetBytes(s)))
	}
	return []Fault{
		ec("r-zero", "the first half of the signature is zero", half(func(_, s []byte) []byte { return slices.Concat(zeros, s) })),
		ec("s-zero", "the second half of the signature is zero", half(func(r, _ []byte) []byte { return slices.Concat(r, zeros) })),
		ec("exchanged", "the two halves of the signature stand in each other's place", half(func(r, s []byte) []byte { return slices.Concat(s, r) })),
		ec("der-trailing", "a byte stands behind a signature in DER", half(func(r, s []byte) []byte { return append(asDER(r, s), 0) })),
		ec("der-long", "a signature in DER has a length with more bytes than it needs", half(func(r, s []byte) []byte {
			b := asDER(r, s)
			return slices.Concat([]byte{0x30, 0x81}, b[1:])
		})),
		ec("der-negative", "the numbers of a signature in DER are negative", half(func(r, s []byte) []byte {
			return seq(der(2, append([]byte{r[0] | 0x80}, r[1:]...)), der(2, append([]byte{s[0] | 0x80}, s[1:]...)))
		})),
		ec("other-hash", "the chip signs with another hash than DG14 names", forge(func(d *draft) { d.active = &activeKey{d.active.signer, crypto.SHA512} })),
		ec("warning", "a right signature comes with a warning", answer(func(own []byte) response { return response{own, 0x6281} })),
		ec("huge", "the answer has two thousand bytes", data(func(own []byte) []byte { return slices.Concat(own, make([]byte, 2000)) })),
		ec("key-off-curve", "the signed key is no point of the curve", exchanged(15, func(d *draft) (was, is []byte) {
			was = d.active.curve.encode(d.active.public)
			return was, flipped(was)
		})),
		ec("key-malformed", "the signed DG15 holds no key", issue(func(d *draft) { d.groups[15] = der(0x6F, number(1)) })),
		rsa("pkcs1", "the signature is one of PKCS #1", script{representative: func(f []byte) {
			tail := append(seq(digest(crypto.SHA256), der(0x04, sum(crypto.SHA256, []byte("12345678")))), 0)
			for i := range f {
				f[i] = 0xFF
			}
			f[0], f[1] = 0, 1
			copy(f[len(f)-len(tail):], append([]byte{0}, tail...))
		}}),
		rsa("half-challenge", "the chip signs the first half of the challenge", script{challenge: func(c []byte) []byte { return c[:4] }}),
		rsa("zero", "the answer is 0", data(func(own []byte) []byte { return make([]byte, len(own)) })),
		rsa("long", "a zero stands before the answer", data(func(own []byte) []byte { return append([]byte{0}, own...) })),
		rsa("trailer-implicit", "the signed message ends as one with SHA-1, and was digested with SHA-256", script{representative: func(f []byte) { f[len(f)-1] = 0xBC }}),
	}
}

// proofFaults are proofs of PACE-CAM beside mappingFaults.
func proofFaults() []Fault {
	fault := func(name, about string, edit func(e *Emulator, own []byte) []byte) Fault {
		return Fault{"cam-" + name, StageChip, about, mappingOnly(), template(0x8A, func(e *Emulator, own, _ []byte) []byte { return edit(e, own) })}
	}
	open := func(e *Emulator, own []byte) (iv, padded []byte) {
		iv = e.next.encrypt(e.next.enc, e.next.zeros(), bytes.Repeat([]byte{0xFF}, 16))
		return iv, e.next.decrypt(e.next.enc, iv, own)
	}
	return []Fault{
		fault("plain", "the proof is not encrypted", func(e *Emulator, own []byte) []byte { _, p := open(e, own); return p }),
		fault("iv-zero", "the proof is encrypted with an initial block of zeros", func(e *Emulator, own []byte) []byte {
			_, p := open(e, own)
			return e.next.encrypt(e.next.enc, e.next.zeros(), p)
		}),
		fault("large", "the proven number is not below the order", func(e *Emulator, own []byte) []byte {
			iv, p := open(e, own)
			return e.next.encrypt(e.next.enc, iv, append(bytes.Repeat([]byte{0xFF}, 32), p[32:]...))
		}),
		fault("long", "the proven number has a block too many", func(e *Emulator, own []byte) []byte {
			iv, p := open(e, own)
			return e.next.encrypt(e.next.enc, iv, append(make([]byte, 16), p...))
		}),
	}
}
