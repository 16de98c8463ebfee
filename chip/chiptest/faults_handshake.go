package chiptest

import (
	"bytes"
	"math/big"
	"slices"
)

// step acts on the answer to one step of PACE, by the data object of its command;
// 0 is the first, which has none.
func step(tag int, edit func(e *Emulator, c command, r response) response) script {
	return reply(func(e *Emulator, c command, r response) response {
		if c.ins != insAuthenticate || e.app && e.ch != nil {
			return r
		}
		if f := fields(unwrap(c.data)); tag == 0 && len(f) == 0 || f[tag] != nil {
			return edit(e, c, r)
		}
		return r
	})
}

// stepFaults are PACE out of step: refusals, and answers of another form.
func stepFaults() []Fault {
	fault := func(name, about string, do script) Fault {
		return Fault{"pace-" + name, StageAccess, about, Card{NoBAC: true}, do}
	}
	refuse := func(tag int, sw uint16) script {
		return step(tag, func(*Emulator, command, response) response { return status(sw) })
	}
	answer := func(tag int, edit func(own []byte) []byte) script {
		return step(tag, func(_ *Emulator, _ command, r response) response { return response{edit(r.data), r.sw} })
	}
	content := func(own []byte) []byte { return unwrap(own) }
	return []Fault{
		fault("nonce-refused", "the chip does not give its nonce", refuse(0, swConditions)),
		fault("map-refused", "the chip refuses every mapping key", refuse(0x81, swBadData)),
		fault("key-refused", "the chip refuses every key", refuse(0x83, swBadData)),
		fault("token-blocked", "the chip says that its password is blocked", refuse(0x85, 0x6983)),
		fault("no-tries-left", "the chip says at once that no tries are left", reply(func(_ *Emulator, c command, r response) response {
			if c.ins == insManage && c.p1 == 0xC1 {
				return status(0x63C0)
			}
			return r
		})),
		fault("nonce-again", "the chip sends its nonce again in the place of its mapping key", step(0x81, func(e *Emulator, _ command, r response) response {
			return response{bytes.Clone(e.last[:len(e.last)-2]), r.sw}
		})),
		fault("key-as-map", "the chip's mapping key comes as its key", answer(0x81, func(own []byte) []byte { return der(0x7C, der(tagKey, content(own)[2:])) })),
		fault("map-as-key", "the chip's key comes as its mapping key", answer(0x83, func(own []byte) []byte { return der(0x7C, der(tagMap, content(own)[2:])) })),
		fault("template-missing", "the chip's key stands in no template", answer(0x83, content)),
		fault("template-other", "the chip's key stands in another template", answer(0x83, func(own []byte) []byte { return der(0x7D, content(own)) })),
		fault("template-nested", "the chip's key stands in a template within the template", answer(0x83, func(own []byte) []byte { return der(0x7C, own) })),
		fault("template-empty", "the template for the chip's key is empty", answer(0x83, func([]byte) []byte { return der(0x7C) })),
		fault("template-indefinite", "the length of the template is indefinite", answer(0x83, func(own []byte) []byte {
			return slices.Concat([]byte{0x7C, 0x80}, content(own), []byte{0, 0})
		})),
		fault("answer-none", "the chip accepts the reader's key and answers nothing", answer(0x83, func([]byte) []byte { return nil })),
		fault("object-unknown", "an object that nobody knows stands behind the chip's key", answer(0x83, func(own []byte) []byte {
			return der(0x7C, content(own), der(0x99, []byte{1}))
		})),
		fault("key-twice", "the reader's own key stands before the chip's", step(0x83, func(_ *Emulator, c command, r response) response {
			return response{der(0x7C, der(tagKey, fields(unwrap(c.data))[0x83]), unwrap(r.data)), r.sw}
		})),
	}
}

// valueFaults are wrong values in PACE, each of which an own check has to find.
func valueFaults() []Fault {
	fault := func(name, about string, do script) Fault {
		return Fault{"pace-" + name, StageAccess, about, Card{NoBAC: true}, do}
	}
	other := curveByName("secp256r1")
	return []Fault{
		fault("nonce-plain", "the chip sends its nonce unencrypted", template(tagNonce, func(e *Emulator, _, _ []byte) []byte { return e.pace.nonce })),
		fault("map-missing", "the chip sends no mapping key", template(tagMap, constant(none))),
		fault("map-long", "a byte stands behind the chip's mapping key", template(tagMap, constant(func(own []byte) []byte { return append(bytes.Clone(own), 0) }))),
		fault("key-of-mapping", "the chip sends its mapping key again as its key", template(tagKey, func(e *Emulator, _, _ []byte) []byte {
			return e.pace.group.encode(e.pace.group.power(e.pace.group.base(), e.pace.chip))
		})),
		fault("key-other-curve", "the chip's key is a point of another curve of the same size", template(tagKey, constant(func([]byte) []byte { return other.encode(other.g) }))),
		fault("key-hybrid", "the chip's key comes in the hybrid form", template(tagKey, constant(func(own []byte) []byte {
			return append([]byte{6 + own[len(own)-1]&1}, own[1:]...)
		}))),
		fault("key-bare", "the chip's key comes as two bare coordinates", template(tagKey, constant(func(own []byte) []byte { return own[1:] }))),
		fault("token-zero", "the chip's token is eight zeros", template(tagToken, constant(func(own []byte) []byte { return make([]byte, len(own)) }))),
	}
}

// integratedFaults are those of the integrated mapping.
func integratedFaults() []Fault {
	fault := func(name, about string, do script) Fault {
		return Fault{"im-" + name, StageAccess, about, Card{NoBAC: true, PACE: []Protocol{{"PACE-ECDH-IM-AES-CBC-CMAC-256", "brainpoolP256r1"}}}, do}
	}
	return []Fault{
		fault("nonce-short", "the nonce is shorter than the key that it makes", template(tagNonce, constant(func(own []byte) []byte { return own[:16] }))),
		fault("nonce-long", "the nonce has a block too many", template(tagNonce, constant(func(own []byte) []byte { return slices.Concat(own, own[:16]) }))),
		fault("map-data", "the chip answers the mapping with data of its own", template(tagMap, constant(func([]byte) []byte { return make([]byte, 32) }))),
	}
}

// subgroupFaults are those of the integers modulo a prime, beside dhFaults.
func subgroupFaults() []Fault {
	m := modpByName("modp2048-256")
	small := constant(func([]byte) []byte { return fixed(m.ofSmallOrder(), m.p) })
	fault := func(name, about string, tag int, edit func(*Emulator, []byte, []byte) []byte) Fault {
		return Fault{"dh-" + name, StageAccess, about, Card{NoBAC: true, PACE: []Protocol{{"PACE-DH-GM-AES-CBC-CMAC-128", "modp2048-256"}}}, template(tag, edit)}
	}
	return []Fault{
		fault("key-small", "the chip's key has an order so small that the secret is one of a few", tagKey, small),
		fault("map-small", "the chip's mapping key has a small order", tagMap, small),
		fault("map-reflected", "the chip sends the reader's own mapping key back", tagMap, reflected),
		fault("key-long", "a byte stands behind the chip's key", tagKey, constant(func(own []byte) []byte { return append(bytes.Clone(own), 0) })),
	}
}

// ofSmallOrder returns a number whose order is the smallest odd factor of the
// cofactor.
func (m *modp) ofSmallOrder() *big.Int {
	last := new(big.Int).Sub(m.p, big.NewInt(1))
	cofactor, r := new(big.Int).Div(last, m.q), big.NewInt(3)
	for new(big.Int).Mod(cofactor, r).Sign() != 0 {
		r.Add(r, big.NewInt(2))
	}
	for base := int64(2); ; base++ {
		e := new(big.Int).Exp(big.NewInt(base), new(big.Int).Div(last, r), m.p)
		if e.Cmp(big.NewInt(1)) != 0 {
			return e
		}
	}
}

// zoneFaults are those of BAC beside bacFaults.
func zoneFaults() []Fault {
	fault := func(name, about string, do script) Fault {
		return Fault{"bac-" + name, StageAccess, about, Card{NoPACE: true}, do}
	}
	answer := func(ins byte, edit func(e *Emulator, own []byte) response) script {
		return reply(func(e *Emulator, c command, r response) response {
			if c.ins == ins && r.sw == swOK {
				return edit(e, r.data)
			}
			return r
		})
	}
	resealed := func(edit func(plain []byte) []byte, encrypted bool) script {
		return answer(0x82, func(e *Emulator, own []byte) response {
			secret, _ := e.access.password([]byte{1})
			enc, auth := tripleDES.derive(secret[:16], 1), tripleDES.derive(secret[:16], 2)
			body := edit(tripleDES.decrypt(enc, tripleDES.zeros(), own[:32]))
			if encrypted {
				body = tripleDES.encrypt(enc, tripleDES.zeros(), body)
			}
			return response{append(body, tripleDES.mac(auth, tripleDES.pad(body))...), swOK}
		})
	}
	same := func(plain []byte) []byte { return plain }
	return []Fault{
		fault("challenge-long", "the chip's challenge has sixteen bytes", answer(0x84, func(_ *Emulator, own []byte) response { return response{append(own, own...), swOK} })),
		fault("challenge-refused", "the chip gives no challenge", answer(0x84, func(*Emulator, []byte) response { return status(swDenied) })),
		fault("answer-long", "the chip's half of the key is eight bytes too long", resealed(func(plain []byte) []byte { return append(plain, plain[:8]...) }, true)),
		fault("answer-plain", "the chip's answer is signed and not encrypted", resealed(same, false)),
		fault("challenges-exchanged", "the two challenges stand in each other's place in the chip's answer", resealed(func(plain []byte) []byte {
			return slices.Concat(plain[8:16], plain[:8], plain[16:])
		}, true)),
		fault("counter-zero", "the chip's counter begins at zero and not with the challenges", answer(0x82, func(e *Emulator, own []byte) response {
			e.next.ssc = tripleDES.zeros()
			return response{own, swOK}
		})),
	}
}
