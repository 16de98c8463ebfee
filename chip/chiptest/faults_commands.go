package chiptest

import (
	"bytes"
	"crypto/cipher"
	"crypto/des"
	"slices"
)

// Instructions, as a fault names the kind of command that it acts on.
const (
	insSelect       = 0xA4
	insRead         = 0xB0
	insReadOdd      = 0xB1
	insManage       = 0x22 // MSE: Chip Authentication is chosen
	insAuthenticate = 0x86
	insInternal     = 0x88 // Active Authentication
)

// inClear answers a protected command outside the session.
func inClear(answer func(e *Emulator, c command) response) script {
	return wire(func(e *Emulator, raw, _ []byte) ([]byte, error) {
		c, _ := parseCommand(raw)
		return answer(e, c).bytes(), nil
	})
}

// commandFaults break secure messaging in the answer to one kind of command, all
// others being in order: a reader that looks at data more closely than at mere
// statuses, or at files more closely than at proofs, is found by them.
func commandFaults() (out []Fault) {
	clear := func(sw uint16) script { return inClear(func(*Emulator, command) response { return status(sw) }) }
	differs := afterMAC(func(_ *Emulator, s *sealed) { s.sw ^= swOK ^ swEOF })
	for _, k := range []struct {
		name, about string
		ins         byte
		twin        Card
	}{
		{"read", "READ BINARY", insRead, Card{}},
		{"manage", "the choice of Chip Authentication", insManage, staticOnly()},
		{"authenticate", "the keys of Chip Authentication", insAuthenticate, staticOnly()},
		{"internal", "Active Authentication", insInternal, activeOnly()},
	} {
		fault := func(name, about string, do script) {
			out = append(out, Fault{"sm-" + name + "-" + k.name, StageMessaging, about + k.about, k.twin, during(k.ins, "", do)})
		}
		fault("plain-status", "a status of success comes in the clear to ", clear(swOK))
		fault("plain-error", "a status of failure comes in the clear to ", clear(swBadData))
		fault("status-differs", "the status outside is not the signed one in the answer to ", differs)
		fault("mac-wrong", "the MAC differs in one bit in the answer to ", afterMAC(change(doMAC, flipped)))
	}
	fileInClear := inClear(func(e *Emulator, _ command) response { return response{bytes.Clone(e.files[e.file]), swOK} })
	signature := inClear(func(e *Emulator, _ command) response { return e.authenticateAA(command{data: make([]byte, 8)}) })
	return append(out,
		Fault{"sm-plain-file", StageMessaging, "DG1 comes in the clear, and is right", Card{}, during(insRead, "DG1", fileInClear)},
		Fault{"sm-plain-signature", StageMessaging, "a signature comes in the clear to Active Authentication", activeOnly(), during(insInternal, "", signature)},
		Fault{"sm-mac-wrong-late", StageMessaging, "of all MACs only that of the portrait is wrong", Card{}, during(insRead, "DG2", afterMAC(change(doMAC, flipped)))},
		Fault{"sm-lost", StageMessaging, "the chip loses the session within the portrait, and says so in the clear", Card{Short: true},
			during(insRead, "DG2", inClear(func(*Emulator, command) response { return status(swNoMessaging) }))},
	)
}

// cipherFaults are answers whose MAC is right or that nobody without the keys can
// make, and which are wrong all the same.
func cipherFaults() []Fault {
	fault := func(name, about string, do script) Fault {
		return Fault{"sm-" + name, StageMessaging, about, Card{}, do}
	}
	des := func(name, about string, do script) Fault {
		return Fault{"sm-3des-" + name, StageMessaging, about + ", in a session of BAC", Card{NoPACE: true}, do}
	}
	missing := func(p []byte) []byte { return bytes.Repeat([]byte{0x11}, len(p)) }
	zeros := func(p []byte) []byte { return make([]byte, len(p)) }
	long := func(p []byte) []byte { return append(p, make([]byte, 16)...) }
	return []Fault{
		fault("mac-zero", "the MAC is eight zeros", afterMAC(change(doMAC, zeros))),
		fault("mac-reflected", "the MAC is the command's own", wire(macOfCommand)),
		fault("reflected", "the answer is the command's own data, with success", inClear(func(_ *Emulator, c command) response { return response{c.data, swOK} })),
		fault("keys-zero", "the answer is protected with keys of zeros, as by somebody who has none", beforeMAC(func(e *Emulator, _ *sealed) {
			clear(e.ch.auth)
		})),
		fault("status-first", "the status stands before the data", during(insRead, "", beforeMAC(func(_ *Emulator, s *sealed) {
			if i := s.find(doStatus); i > 0 {
				s.objects[0], s.objects[i] = s.objects[i], s.objects[0]
			}
		}))),
		fault("status-long", "the signed status has three bytes", beforeMAC(change(doStatus, func(v []byte) []byte { return append(v, 0) }))),
		fault("cryptogram-none", "the padding indicator stands alone, with no cryptogram behind it", during(insRead, "", beforeMAC(change(doSealed, func([]byte) []byte { return []byte{1} })))),
		// A tag of two bytes whose second is 81 writes a length in its long form.
		fault("length-padded", "a length has more bytes than it needs", beforeMAC(replace(doStatus, func(o object) []object { return []object{{0x9981, o.value}} }))),
		fault("length-indefinite", "a length is indefinite", beforeMAC(replace(doStatus, func(o object) []object { return []object{{0x9980, append(o.value, 0, 0)}} }))),
		fault("length-overrun", "a data object is longer than the answer", wire(func(_ *Emulator, _, own []byte) ([]byte, error) {
			if own = bytes.Clone(own); len(own) > 1 {
				own[1] = 0x7F
			}
			return own, nil
		})),
		fault("padding-long", "the padding is longer than a block", beforeMAC(reencrypt(long))),
		fault("padding-alone", "the data is nothing but padding", during(insRead, "", beforeMAC(reencrypt(func([]byte) []byte {
			return append([]byte{0x80}, make([]byte, 15)...)
		})))),
		des("mac-plain", "the MAC lacks the last step of the retail MAC", afterMAC(withoutLastStep)),
		des("counter-kept", "the counter was not moved before the answer", beforeMAC(func(e *Emulator, _ *sealed) { uncount(e.ch) })),
		des("padding-missing", "the data is encrypted without its padding", beforeMAC(reencrypt(missing))),
		des("padding-empty", "the data is nothing but zeros", beforeMAC(reencrypt(zeros))),
		des("padding-long", "the padding is longer than a block", beforeMAC(reencrypt(long))),
		des("cryptogram-ragged", "the cryptogram is no whole number of blocks", beforeMAC(change(doSealed, func(v []byte) []byte { return append(v, 0) }))),
	}
}

// macOfCommand puts the command's MAC into the answer.
func macOfCommand(_ *Emulator, raw, own []byte) ([]byte, error) {
	c, _ := parseCommand(raw)
	if len(own) < 10 || len(c.data) < 8 {
		return own, nil
	}
	own = bytes.Clone(own)
	copy(own[len(own)-10:], c.data[len(c.data)-8:])
	return own, nil
}

// withoutLastStep makes the MAC algorithm 1 of ISO/IEC 9797-1 in place of 3: bare
// CBC under half of the key.
func withoutLastStep(e *Emulator, s *sealed) {
	i := s.find(doMAC)
	if i < 0 {
		return
	}
	signed := &sealed{objects: s.objects[:i]}
	data := e.ch.pad(slices.Concat(e.ch.ssc, signed.bytes()))
	block, _ := des.NewCipher(e.ch.auth[:8])
	cipher.NewCBCEncrypter(block, make([]byte, 8)).CryptBlocks(data, data)
	s.objects[i].value = data[len(data)-8:]
}
