package chiptest

import (
	"bytes"
	"math/big"
)

// template changes one data object of PACE's answers: edit gets the chip's value
// and the object of the command that it answers, and returns what to send; nil
// leaves the object out.
func template(tag int, edit func(e *Emulator, own, theirs []byte) []byte) script {
	return reply(func(e *Emulator, c command, r response) response {
		if c.ins != 0x86 || e.app && e.ch != nil {
			return r
		}
		answered := map[int]int{0x82: 0x81, 0x84: 0x83, 0x86: 0x85, 0x8A: 0x85}[tag]
		var out []byte
		found := false
		for rest := unwrap(r.data); len(rest) > 0; {
			t, value, after, ok := next(rest)
			if !ok {
				return r
			}
			if t == tag {
				found = true
				value = edit(e, value, fields(unwrap(c.data))[answered])
			}
			if t != tag || value != nil {
				out = append(out, der(t, value)...)
			}
			rest = after
		}
		if found {
			r.data = der(0x7C, out)
		}
		return r
	})
}

// constant ignores what the chip would have sent.
func constant(f func(own []byte) []byte) func(*Emulator, []byte, []byte) []byte {
	return func(_ *Emulator, own, _ []byte) []byte { return f(own) }
}

func reflected(_ *Emulator, _, theirs []byte) []byte { return theirs }

const (
	tagNonce = 0x80
	tagMap   = 0x82
	tagKey   = 0x84
	tagToken = 0x86
)

func paceFaults() []Fault {
	fault := func(name, about string, do script) Fault {
		return Fault{"pace-" + name, StageAccess, about, Card{NoBAC: true}, do}
	}
	identity := constant(func([]byte) []byte { return []byte{0} })
	zeroPoint := constant(func(own []byte) []byte { return append([]byte{4}, make([]byte, len(own)-1)...) })
	compressed := constant(func(own []byte) []byte {
		return append([]byte{2 + own[len(own)-1]&1}, own[1:1+len(own)/2]...)
	})
	cut := constant(func(own []byte) []byte { return own[:len(own)-1] })
	long := constant(func(own []byte) []byte { return append(bytes.Clone(own), 0) })
	return []Fault{
		fault("token-wrong", "the chip's token differs in one bit", template(tagToken, constant(flipped))),
		fault("token-missing", "the chip sends no token", template(tagToken, constant(func([]byte) []byte { return nil }))),
		fault("token-empty", "the chip's token has no bytes", template(tagToken, constant(func([]byte) []byte { return []byte{} }))),
		fault("token-short", "the chip's token is its first four bytes", template(tagToken, constant(func(own []byte) []byte { return own[:4] }))),
		fault("token-long", "a byte stands behind the chip's token", template(tagToken, long)),
		fault("token-reflected", "the chip sends the reader's own token back", template(tagToken, reflected)),
		fault("reflected", "the chip sends the reader's own key and token back, which needs no password",
			template(tagKey, reflected).with(template(tagToken, reflected)).with(acceptToken())),
		fault("map-reflected", "the chip sends the reader's own mapping key back", template(tagMap, reflected)),
		fault("key-off-curve", "the chip's key is no point of the curve", template(tagKey, constant(flipped))),
		fault("map-off-curve", "the chip's mapping key is no point of the curve", template(tagMap, constant(flipped))),
		fault("key-identity", "the chip's key is the identity", template(tagKey, identity)),
		fault("map-identity", "the chip's mapping key is the identity", template(tagMap, identity)),
		fault("key-zero", "the chip's key has two coordinates of zero", template(tagKey, zeroPoint)),
		fault("map-zero", "the chip's mapping key has two coordinates of zero", template(tagMap, zeroPoint)),
		fault("key-compressed", "the chip's key comes compressed", template(tagKey, compressed)),
		fault("key-short", "the last byte of the chip's key is missing", template(tagKey, cut)),
		fault("key-long", "a byte stands behind the chip's key", template(tagKey, long)),
		fault("map-short", "the last byte of the chip's mapping key is missing", template(tagMap, cut)),
		fault("map-unreduced", "a coordinate of the chip's mapping key is not below the prime", template(tagMap, constant(unreduced))),
		fault("key-missing", "the chip sends no key", template(tagKey, constant(func([]byte) []byte { return nil }))),
		fault("nonce-missing", "the chip sends no nonce", template(tagNonce, constant(func([]byte) []byte { return nil }))),
		fault("nonce-short", "the nonce is no whole block", template(tagNonce, cut)),
		fault("nonce-long", "the nonce has 4096 bytes", template(tagNonce, constant(func([]byte) []byte { return make([]byte, 4096) }))),
		fault("nonce-zero", "the nonce is zero, so the mapping has lost the password", script{nonce: func(s []byte) { clear(s) }}),
		fault("length-bomb", "a data object announces four gigabytes", answerPACE([]byte{0x7C, 0x84, 0xFF, 0xFF, 0xFF, 0xFF})),
		fault("trailing", "bytes stand behind the answer's template", reply(func(_ *Emulator, c command, r response) response {
			if c.ins == 0x86 && len(r.data) > 0 {
				r.data = append(r.data, 0xDE, 0xAD)
			}
			return r
		})),
		fault("other-password", "another card access number and zone than the printed ones open the chip", otherPassword()),
		fault("refused", "the chip refuses every token", reply(func(_ *Emulator, c command, r response) response {
			if fields(unwrap(c.data))[0x85] != nil {
				return status(swWrongKey)
			}
			return r
		})),
	}
}

// unreduced is a point of the curve whose x coordinate is written with p added.
func unreduced([]byte) []byte {
	c := curveByName(defaultPACE.Domain)
	half := new(big.Int).Add(c.p, big.NewInt(1))
	half.Rsh(half, 2) // p ≡ 3 modulo 4, so this power is a square root where there is one
	for x := int64(1); ; x++ {
		e := element{x: big.NewInt(x)}
		e.y = new(big.Int).Exp(c.right(e.x), half, c.p)
		if c.on(e) {
			return append(append([]byte{4}, fixed(e.x.Add(e.x, c.p), c.p)...), fixed(e.y, c.p)...)
		}
	}
}

// acceptToken lets the chip go on to its token whatever the reader's was, as one
// that does not know the password must.
func acceptToken() script {
	return reply(func(_ *Emulator, c command, r response) response {
		if theirs := fields(unwrap(c.data))[0x85]; theirs != nil {
			return response{der(0x7C, der(tagToken, theirs)), swOK}
		}
		return r
	})
}

func answerPACE(b []byte) script {
	return reply(func(_ *Emulator, c command, r response) response {
		if c.ins == 0x86 {
			return response{b, swOK}
		}
		return r
	})
}

// otherPassword exchanges the chip's password; what is printed stays.
func otherPassword() script {
	return reply(func(e *Emulator, c command, r response) response {
		if e.pace != nil && c.ins == 0x22 {
			e.pace.key = e.pace.suite.derive([]byte("000000"), 3)
		}
		return r
	})
}

func dhFaults() []Fault {
	twin := Card{NoBAC: true, PACE: []Protocol{{"PACE-DH-GM-AES-CBC-CMAC-128", "modp2048-256"}}}
	p := modpByName("modp2048-256").p
	value := func(n *big.Int) func(*Emulator, []byte, []byte) []byte {
		return constant(func([]byte) []byte { return fixed(n, p) })
	}
	negative := constant(func(own []byte) []byte { return fixed(new(big.Int).Sub(p, new(big.Int).SetBytes(own)), p) })
	fault := func(name, about string, tag int, edit func(*Emulator, []byte, []byte) []byte) Fault {
		return Fault{"dh-" + name, StageAccess, about, twin, template(tag, edit)}
	}
	one := big.NewInt(1)
	return []Fault{
		fault("key-zero", "the chip's key is 0", tagKey, value(new(big.Int))),
		fault("key-one", "the chip's key is 1", tagKey, value(one)),
		fault("key-last", "the chip's key is p − 1", tagKey, value(new(big.Int).Sub(p, one))),
		fault("key-prime", "the chip's key is p", tagKey, value(p)),
		fault("key-outside", "the chip's key is in no subgroup of the right order", tagKey, negative),
		fault("map-zero", "the chip's mapping key is 0", tagMap, value(new(big.Int))),
		fault("map-one", "the chip's mapping key is 1", tagMap, value(one)),
		fault("map-last", "the chip's mapping key is p − 1", tagMap, value(new(big.Int).Sub(p, one))),
		fault("map-outside", "the chip's mapping key is in no subgroup of the right order", tagMap, negative),
		fault("reflected", "the chip sends the reader's own key back", tagKey, reflected),
	}
}

// bacAnswer changes what the chip encrypts in its answer to EXTERNAL AUTHENTICATE
// (challenge, the reader's challenge, key half), and signs it anew.
func bacAnswer(edit func(plain []byte)) script {
	return reply(func(e *Emulator, c command, r response) response {
		if c.ins != 0x82 || len(r.data) != 40 {
			return r
		}
		secret, _ := e.access.password([]byte{1})
		enc, auth := tripleDES.derive(secret[:16], 1), tripleDES.derive(secret[:16], 2)
		plain := tripleDES.decrypt(enc, tripleDES.zeros(), r.data[:32])
		edit(plain)
		sealed := tripleDES.encrypt(enc, tripleDES.zeros(), plain)
		r.data = append(sealed, tripleDES.mac(auth, tripleDES.pad(sealed))...)
		return r
	})
}

func bacFaults() []Fault {
	fault := func(name, about string, do script) Fault {
		return Fault{"bac-" + name, StageAccess, about, Card{NoPACE: true}, do}
	}
	answer := func(ins byte, edit func(c command, own []byte) response) script {
		return reply(func(_ *Emulator, c command, r response) response {
			if c.ins == ins && r.sw == swOK {
				return edit(c, r.data)
			}
			return r
		})
	}
	return []Fault{
		fault("mac-wrong", "the MAC of the chip's answer differs in one bit", answer(0x82, func(_ command, own []byte) response { return response{flipped(own), swOK} })),
		fault("mac-missing", "the chip's answer ends before its MAC", answer(0x82, func(_ command, own []byte) response { return response{own[:32], swOK} })),
		fault("answer-empty", "the chip accepts and answers nothing", answer(0x82, func(command, []byte) response { return status(swOK) })),
		fault("reflected", "the chip sends the reader's own cryptogram back", answer(0x82, func(c command, _ []byte) response { return response{c.data, swOK} })),
		fault("other-challenge", "the chip answers another challenge than the reader's", bacAnswer(func(plain []byte) { plain[8] ^= 1 })),
		fault("own-challenge", "the chip's own challenge has changed in its answer", bacAnswer(func(plain []byte) { plain[0] ^= 1 })),
		fault("challenge-short", "the chip's challenge has four bytes", answer(0x84, func(_ command, own []byte) response { return response{own[:4], swOK} })),
		fault("challenge-empty", "the chip's challenge has no bytes", answer(0x84, func(command, []byte) response { return status(swOK) })),
		fault("refused", "the chip refuses every zone", answer(0x82, func(command, []byte) response { return status(swWrongKey) })),
	}
}
