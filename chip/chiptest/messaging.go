package chiptest

import (
	"bytes"
	"slices"
)

// channel is a session of secure messaging (ICAO Doc 9303-11 §9.8).
type channel struct {
	suite
	enc, auth []byte // keys
	ssc       []byte // send sequence counter
}

func newChannel(s suite, secret []byte) *channel {
	return &channel{s, s.derive(secret, 1), s.derive(secret, 2), s.zeros()}
}

// count adds one to the send sequence counter: once for each command and once for
// each response.
func (ch *channel) count() {
	for i := len(ch.ssc) - 1; i >= 0; i-- {
		if ch.ssc[i]++; ch.ssc[i] != 0 {
			return
		}
	}
}

// iv is zero for 3DES and the encrypted counter for AES (§9.8.6.1).
func (ch *channel) iv() []byte {
	if ch.suite == tripleDES {
		return ch.zeros()
	}
	return ch.encrypt(ch.enc, ch.zeros(), ch.ssc)
}

// sum is the MAC over counter, padded header and data objects, padded once more
// (Appendix D.4).
func (ch *channel) sum(header, objects []byte) []byte {
	return ch.mac(ch.auth, ch.pad(slices.Concat(ch.ssc, header, objects)))
}

// Tags of data objects of secure messaging (§9.8.2).
const (
	doSealed    = 0x87 // padding indicator and cryptogram
	doSealedOdd = 0x85 // cryptogram alone, for odd instruction bytes
	doNe        = 0x97
	doStatus    = 0x99
	doMAC       = 0x8E
)

// sealedTag is the tag of the cryptogram that goes with an instruction byte
// (ISO 7816-4 §10.4).
func sealedTag(ins byte) int {
	if ins&1 == 1 {
		return doSealedOdd
	}
	return doSealed
}

// open checks and decrypts a command. Any status but swOK ends the session.
func (ch *channel) open(c command) (command, uint16) {
	ch.count()
	plain := command{cla: c.cla &^ 0x0C, ins: c.ins, p1: c.p1, p2: c.p2, extended: c.extended, room: ch.room(c.ne)}
	var signed, sealed, mac []byte
	for rest := c.data; len(rest) > 0; {
		tag, content, after, ok := next(rest)
		raw := rest[:len(rest)-len(after)]
		switch {
		case !ok || mac != nil:
			return plain, swMessaging
		case tag == sealedTag(c.ins):
			sealed, signed = content, append(signed, raw...)
		case tag == doNe && len(content) >= 1 && len(content) <= 2:
			plain.ne, signed = expected(content, 1<<(8*len(content))), append(signed, raw...)
		case tag == doMAC:
			mac = content
		default:
			return plain, swMessaging
		}
		rest = after
	}
	if mac == nil {
		return plain, swNoMessaging
	}
	header := ch.pad([]byte{c.cla, c.ins, c.p1, c.p2})
	if !bytes.Equal(mac, ch.sum(header, signed)) {
		return plain, swMessaging
	}
	if sealed == nil {
		return plain, swOK
	}
	if c.ins&1 == 0 {
		if len(sealed) == 0 || sealed[0] != 1 {
			return plain, swMessaging
		}
		sealed = sealed[1:]
	}
	if len(sealed) == 0 || len(sealed)%ch.block() != 0 {
		return plain, swMessaging
	}
	data, ok := unpad(ch.decrypt(ch.enc, ch.iv(), sealed))
	if !ok {
		return plain, swMessaging
	}
	plain.data = data
	return plain, swOK
}

// object is one data object of a response; a fault may change the list.
type object struct {
	tag   int
	value []byte
}

// sealed is a response under way. Faults change it before its MAC is made, or
// after.
type sealed struct {
	objects []object
	sw      uint16 // outside, where no MAC covers it
}

func (s *sealed) bytes() (out []byte) {
	for _, o := range s.objects {
		out = append(out, der(o.tag, o.value)...)
	}
	return out
}

// seal encrypts and signs a response (§9.8.2).
func (ch *channel) seal(ins byte, r response, before, after func(*sealed)) []byte {
	ch.count()
	s := &sealed{sw: r.sw}
	if len(r.data) > 0 {
		value := ch.encrypt(ch.enc, ch.iv(), ch.pad(r.data))
		if ins&1 == 0 {
			value = append([]byte{1}, value...)
		}
		s.objects = append(s.objects, object{sealedTag(ins), value})
	}
	s.objects = append(s.objects, object{doStatus, []byte{byte(r.sw >> 8), byte(r.sw)}})
	before(s)
	s.objects = append(s.objects, object{doMAC, ch.sum(nil, s.bytes())})
	after(s)
	return response{s.bytes(), s.sw}.bytes()
}

// room is how many bytes of plain data fit into a protected response of ne bytes:
// 223 of 256 with AES, 231 with 3DES.
func (ch *channel) room(ne int) int {
	const status, mac, indicator = 4, 10, 1
	blocks := (ne - status - mac) / ch.block()
	for ; blocks > 0; blocks-- {
		n := indicator + blocks*ch.block()
		if 1+len(length(n))+n+status+mac <= ne {
			return blocks*ch.block() - 1
		}
	}
	return 0
}
