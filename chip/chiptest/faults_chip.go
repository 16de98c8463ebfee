package chiptest

import (
	"math/big"
	"slices"
)

// Cards with one way of proving the chip each.

func activeOnly() Card { return Card{NoCA: true} }
func activeRSA() Card  { return Card{NoCA: true, AA: Protocol{"RSA-SHA256", "2048"}} }
func staticOnly() Card { return Card{NoAA: true} }

func mappingOnly() Card {
	return Card{NoAA: true, PACE: []Protocol{{"PACE-ECDH-CAM-AES-CBC-CMAC-128", "brainpoolP256r1"}}}
}

// copied takes the private keys out of the chip and puts others in: whoever
// copies a card can copy everything but those.
func copied(d *draft) {
	d.static = slices.Clone(d.static)
	for i, k := range d.static {
		d.static[i].secret = d.random.scalar(k.group.order())
	}
	if d.active != nil {
		if key, err := newSigner(d.card.AA, d.random, d.card.Explicit); err == nil {
			d.active = &activeKey{key, key.hash}
		}
	}
}

// cloneFaults are copies and chips that keep what would give them away.
func cloneFaults() []Fault {
	refuse := func(ins byte, sw uint16) script {
		return reply(func(e *Emulator, c command, r response) response {
			if c.ins == ins && e.app && e.ch != nil {
				return status(sw)
			}
			return r
		})
	}
	unread := func(name string, sw uint16) script { return forge(func(d *draft) { d.denied[name] = sw }) }
	return []Fault{
		{"clone", StageChip, "a copy: right data, other private keys", Card{}, forge(copied)},
		{"clone-active", StageChip, "a copy of a card with Active Authentication", activeOnly(), forge(copied)},
		{"clone-static", StageChip, "a copy of a card with Chip Authentication", staticOnly(), forge(copied)},
		{"clone-mute", StageChip, "a copy that knows no command of Chip or Active Authentication", Card{},
			refuse(0x88, swInstruction).with(refuse(0x22, swInstruction)).with(refuse(0x86, swInstruction))},
		{"clone-with-dg15", StageData, "a copy whose DG15 holds a key of the forger's", activeOnly(), forge(func(d *draft) {
			copied(d)
			d.files["DG15"] = der(0x6F, d.active.spki())
		})},
		{"clone-with-dg14", StageData, "a copy whose DG14 holds a key of the forger's", staticOnly(), forge(func(d *draft) {
			copied(d)
			d.files["DG14"] = d.dg14()
		})},
		{"clone-data", StageChip, "a genuine chip with the signed data of another one", Card{}, forge(func(d *draft) {
			o := other(d)
			for _, name := range []string{"SOD", "DG1", "DG2", "DG13", "DG14", "DG15"} {
				d.files[name] = o.files[name]
			}
		})},
		{"dg15-denied", StageChip, "DG15 is signed for and may not be read", activeOnly(), unread("DG15", swDenied)},
		{"dg15-missing", StageChip, "DG15 is signed for and not there", activeOnly(), unread("DG15", swNotFound)},
		{"dg14-denied", StageChip, "DG14 is signed for and may not be read", staticOnly(), unread("DG14", swDenied)},
		{"dg14-missing", StageChip, "DG14 is signed for and not there", staticOnly(), unread("DG14", swNotFound)},
		{"ca-refused", StageChip, "the chip refuses Chip Authentication", staticOnly(), refuse(0x86, swBadData).with(refuse(0x22, swBadData))},
		{"ca-keys-kept", StageChip, "after Chip Authentication the chip goes on with the old keys", staticOnly(), script{keepKeys: true}},
		{"ca-session-dropped", StageChip, "after Chip Authentication the chip answers in the clear", staticOnly(), dropAfterCA()},
	}
}

// dropAfterCA answers in the clear, and with success, once Chip Authentication is
// over.
func dropAfterCA() script {
	return wire(func(e *Emulator, _, own []byte) ([]byte, error) {
		for i := len(e.log) - 1; i >= 0; i-- {
			if p := e.log[i].Plain; len(p) > 1 && p[1] == 0x86 {
				return status(swOK).bytes(), nil
			}
		}
		return own, nil
	})
}

// activeFaults are wrong answers to INTERNAL AUTHENTICATE.
func activeFaults() []Fault {
	answer := func(f func(own []byte) response) script {
		return reply(func(_ *Emulator, c command, r response) response {
			if c.ins == 0x88 && r.sw == swOK {
				return f(r.data)
			}
			return r
		})
	}
	data := func(f func(own []byte) []byte) script {
		return answer(func(own []byte) response { return response{f(own), swOK} })
	}
	ec := func(name, about string, do script) Fault {
		return Fault{"aa-" + name, StageChip, about, activeOnly(), do}
	}
	rsa := func(name, about string, do script) Fault {
		return Fault{"aa-rsa-" + name, StageChip, about, activeRSA(), do}
	}
	form := func(edit func(f []byte)) script { return script{representative: edit} }
	return []Fault{
		ec("fixed-challenge", "the chip signs the same challenge whatever it is given", script{challenge: func([]byte) []byte { return make([]byte, 8) }}),
		ec("half-challenge", "the chip signs the first half of the challenge", script{challenge: func(c []byte) []byte { return c[:4] }}),
		ec("signature-wrong", "the answer differs in one bit", data(flipped)),
		ec("signature-zero", "the answer is zeros", data(func(own []byte) []byte { return make([]byte, len(own)) })),
		ec("signature-short", "the answer is half a signature", data(func(own []byte) []byte { return own[:len(own)/2] })),
		ec("signature-long", "a byte stands behind the signature", data(func(own []byte) []byte { return append(slices.Clone(own), 0) })),
		ec("signature-order", "the second half of the signature is the group's order", data(func(own []byte) []byte {
			n := curveByName(defaultAA.Domain).n
			return slices.Concat(own[:len(own)/2], fixed(n, n))
		})),
		ec("empty", "the chip accepts and answers nothing", answer(func([]byte) response { return status(swOK) })),
		ec("refused", "the chip refuses Active Authentication", answer(func([]byte) response { return status(swDenied) })),
		rsa("signature-wrong", "the answer differs in one bit", data(flipped)),
		rsa("fixed-challenge", "the chip signs the same challenge whatever it is given", script{challenge: func([]byte) []byte { return make([]byte, 8) }}),
		rsa("header", "the signed message begins with another byte", form(func(f []byte) { f[0] = 0x4B })),
		rsa("trailer", "the signed message ends with another byte", form(func(f []byte) { f[len(f)-1] = 0xBC ^ 1 })),
		rsa("other-hash", "the signed message names another hash", form(func(f []byte) { f[len(f)-2] = 0x33 })),
		rsa("digest", "the digest in the signed message is wrong", form(func(f []byte) { f[len(f)-3] ^= 1 })),
		rsa("one", "the answer is 1", data(func(own []byte) []byte { return big.NewInt(1).FillBytes(make([]byte, len(own))) })),
		rsa("large", "the answer is not below the modulus", data(func(own []byte) []byte { return slices.Repeat([]byte{0xFF}, len(own)) })),
		rsa("short", "the first byte of the answer is missing", data(func(own []byte) []byte { return own[1:] })),
	}
}

// mappingFaults are wrong proofs of PACE-CAM. The session may come about; the chip
// has proven nothing.
func mappingFaults() []Fault {
	fault := func(name, about string, do script) Fault {
		return Fault{"cam-" + name, StageChip, about, mappingOnly(), do}
	}
	sealedProof := func(edit func(padded []byte) []byte) script {
		return template(0x8A, func(e *Emulator, own, _ []byte) []byte {
			ch := e.next
			iv := ch.encrypt(ch.enc, ch.zeros(), slices.Repeat([]byte{0xFF}, 16))
			return ch.encrypt(ch.enc, iv, edit(ch.decrypt(ch.enc, iv, own)))
		})
	}
	return []Fault{
		fault("missing", "the chip sends no proof", template(0x8A, constant(none))),
		fault("empty", "the proof has no bytes", template(0x8A, constant(func([]byte) []byte { return []byte{} }))),
		fault("ragged", "the proof is no whole number of blocks", template(0x8A, constant(func(own []byte) []byte { return own[:len(own)-1] }))),
		fault("wrong", "the proven number differs in one bit", sealedProof(func(p []byte) []byte { p[31] ^= 1; return p })),
		fault("zero", "the proven number is zero", sealedProof(func(p []byte) []byte { clear(p[:32]); return p })),
		fault("unpadded", "the proof has no padding", sealedProof(func(p []byte) []byte { return slices.Repeat([]byte{0x11}, len(p)) })),
		fault("other-key", "the chip proves another key than the signed one", forge(copied)),
	}
}
