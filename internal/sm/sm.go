// Package sm is secure messaging between a terminal and a chip (ICAO Doc 9303-11
// §9.8): every command and answer is encrypted, then authenticated together with
// a counter, so that none can be read, altered, replayed, dropped or reordered.
//
// # Messages
//
//	command  CLA|0C INS P1 P2, data [DO'87' or '85': encrypted] [DO'97': Le] DO'8E': MAC
//	answer   [DO'87' or '85': encrypted] DO'99': status DO'8E': MAC, status
//
// DO'87' begins with a byte 01 that says that the plaintext was padded; DO'85',
// used with odd instruction bytes, has none. Padding is 80 and then zeros to the
// block (ISO 9797-1 method 2). The MAC covers the counter, in a command the padded
// header, and the data objects, padded.
//
//	suite    encryption           IV            MAC, eight bytes      counter
//	3DES     3DES-CBC, two keys   0             retail (ISO 9797-1)   8 bytes
//	AES      AES-CBC              E(counter)    CMAC                  16 bytes
//
// # The first fault ends a session
//
// An answer that lacks its status object or MAC, whose MAC is wrong, whose two
// statuses differ, that has other or more objects, or comes in plain, ends the
// session: the keys are wiped and every later call returns ErrEnded. A card that
// detects a fault answers in plain itself (§9.8.5); AnswerError then tells its
// status word, which nobody has authenticated. MACs are compared in constant time.
// Wiping clears the key bytes that this package holds; the expanded keys inside
// crypto/aes and crypto/des can only be let go.
//
// # Cost
//
// A Session allocates nothing for a message beyond the caller's buffer.
package sm

import (
	"crypto/subtle"
	"fmt"

	"github.com/vneid-sdk/vneid-go/internal/apdu"
)

// Error says why a session ended.
type Error string

func (e Error) Error() string { return string(e) }

// The faults of an answer.
const (
	ErrMAC     Error = "the answer's checksum is wrong"
	ErrFormat  Error = "the answer is not one of secure messaging"
	ErrStatus  Error = "the answer's two status words differ"
	ErrPadding Error = "the answer's padding is wrong"
	ErrEnded   Error = "the session has ended"
	ErrKey     Error = "a session key of the wrong length"
)

// PlainError is an answer without any protection. SW is what it said, and proves
// nothing.
type PlainError struct{ SW uint16 }

func (e *PlainError) Error() string {
	return fmt.Sprintf("the card left secure messaging and answered %04X", e.SW)
}

const macSize = 8

// A Session protects commands and opens their answers, in turn. It is not safe for
// concurrent use.
type Session struct {
	cipher *blocks
	ssc    []byte // the send sequence counter, as wide as a block
	ended  bool
	odd    bool   // the command under way has an odd instruction byte
	buffer []byte // the command's data field, then what is fed to the MAC
}

// New returns a session under two keys derived for the suite. ssc is the counter's
// start: eight bytes for 3DES after BAC, else nil for zero.
func New(suite Suite, encryption, mac, ssc []byte) (*Session, error) {
	c, err := newBlocks(suite, encryption, mac)
	if err != nil {
		return nil, err
	}
	s := &Session{cipher: c, ssc: make([]byte, c.size)}
	copy(s.ssc[len(s.ssc)-len(ssc):], ssc)
	return s, nil
}

// Wipe ends the session and forgets its keys.
func (s *Session) Wipe() {
	s.ended = true
	if b := s.cipher; b != nil {
		for _, secret := range [][]byte{b.k1, b.k2, b.iv, b.scratch} {
			clear(secret)
		}
		s.cipher = nil
	}
	clear(s.ssc)
	clear(s.buffer[:cap(s.buffer)])
}

// Fits returns how many plain bytes an answer of n bytes, status apart, can carry.
// odd tells that the instruction byte is odd.
func (s *Session) Fits(n int, odd bool) int {
	if s.ended {
		return 0
	}
	const status, checksum = 4, 2 + macSize
	room := n - status - checksum
	indicator := 1
	if odd {
		indicator = 0
	}
	for _, header := range []int{2, 3, 4, 5} { // tag and length of DO'87'
		encrypted := (room - header - indicator) / s.cipher.size * s.cipher.size
		if encrypted > 0 && lengthSize(encrypted+indicator)+1 <= header {
			return encrypted - 1 // at least one byte of padding
		}
	}
	return 0
}

// Protect returns the protected form of a command. Its data is the session's
// memory until the next call.
func (s *Session) Protect(c apdu.Command) (apdu.Command, error) {
	if s.ended {
		return apdu.Command{}, ErrEnded
	}
	s.count()
	s.odd = c.INS&1 == 1
	size := s.cipher.size
	b := append(s.buffer[:0], s.ssc...)
	b = append(b, c.CLA|0x0C, c.INS, c.P1, c.P2)
	b = pad(b, size)
	start := len(b)
	if n := len(c.Data); n > 0 {
		padded := (n/size + 1) * size
		if !s.odd {
			b = appendLength(append(b, 0x87), 1+padded)
			b = append(b, 1)
		} else {
			b = appendLength(append(b, 0x85), padded)
		}
		at := len(b)
		b = append(append(b, c.Data...), 0x80)
		for len(b) < at+padded { // what stands before is no whole number of blocks
			b = append(b, 0)
		}
		s.cipher.encrypt(b[at:], s.ssc)
	}
	if c.Expect > 0 {
		b = appendExpect(b, c.Expect)
	}
	end := len(b)
	b = pad(b, size)
	mac := s.cipher.mac(b)
	b = append(b[:end], 0x8E, macSize)
	b = append(b, mac...)
	s.buffer = b

	out := apdu.Command{CLA: c.CLA | 0x0C, INS: c.INS, P1: c.P1, P2: c.P2, Data: b[start:], Expect: 256}
	if c.Extended() || len(out.Data) > 255 {
		out.Expect = 65536
	}
	return out, nil
}

// Open appends an answer's plain data to b and returns its status word. Any fault
// ends the session.
func (s *Session) Open(b, answer []byte, sw uint16) ([]byte, uint16, error) {
	if s.ended {
		return nil, 0, ErrEnded
	}
	out, status, err := s.open(b, answer, sw)
	if err != nil {
		s.Wipe()
		return nil, 0, err
	}
	return out, status, nil
}

func (s *Session) open(b, answer []byte, sw uint16) ([]byte, uint16, error) {
	if len(answer) == 0 {
		return nil, 0, &PlainError{sw}
	}
	s.count()
	p, ok := split(answer, s.odd)
	if !ok {
		return nil, 0, ErrFormat
	}
	size := s.cipher.size
	in := append(s.buffer[:0], s.ssc...)
	in = append(in, p.covered...)
	in = pad(in, size)
	s.buffer = in
	if subtle.ConstantTimeCompare(s.cipher.mac(in), p.mac) != 1 {
		return nil, 0, ErrMAC
	}
	if p.status != sw {
		return nil, 0, ErrStatus
	}
	if p.encrypted == nil {
		return b, sw, nil
	}
	if len(p.encrypted)%size != 0 || len(p.encrypted) == 0 {
		return nil, 0, ErrFormat
	}
	at := len(b)
	b = append(b, p.encrypted...)
	s.cipher.decrypt(b[at:], s.ssc)
	n := unpadded(b[at:], size)
	if n < 0 {
		clear(b[at:])
		return nil, 0, ErrPadding
	}
	return b[:at+n], sw, nil
}

// count increments the counter, which begins anew after 2⁶⁴ messages at the
// earliest.
func (s *Session) count() {
	for i := len(s.ssc) - 1; i >= 0; i-- {
		if s.ssc[i]++; s.ssc[i] != 0 {
			return
		}
	}
}
