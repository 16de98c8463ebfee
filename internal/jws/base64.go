package jws

import (
	"encoding/binary"
	"strings"
)

// Strict base64url (RFC 4648 §5) without padding: no other character, no line
// break, no stray trailing bits, so that one text has one spelling. encoding/base64
// skips line breaks even when it is strict; to look for those first and decode
// then takes almost twice as long as this single pass, which every token makes.

// invalid marks what is no digit: no digit's value reaches that bit.
const invalid = 1 << 31

// digits[i] maps the character at position i of four to its place among their 24
// bits.
var digits = func() (t [4][256]uint32) {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	for i := range t {
		for c := range t[i] {
			t[i][c] = invalid
			if v := strings.IndexByte(alphabet, byte(c)); v >= 0 {
				t[i][c] = uint32(v) << (18 - 6*i)
			}
		}
	}
	return t
}()

// decodedLen is how many bytes n characters stand for.
func decodedLen(n int) int { return n/4*3 + n%4*3/4 }

// decode writes what src stands for to dst, which has room for it. What it wrote
// when it answers false means nothing.
func decode[T string | []byte](dst []byte, src T) bool {
	bad := uint32(0)
	for len(src) >= 8 && len(dst) >= 8 { // six bytes, in a store of eight
		v := digits[0][src[0]] | digits[1][src[1]] | digits[2][src[2]] | digits[3][src[3]]
		w := digits[0][src[4]] | digits[1][src[5]] | digits[2][src[6]] | digits[3][src[7]]
		bad |= v | w
		binary.BigEndian.PutUint64(dst, uint64(v)<<40|uint64(w)<<16)
		src, dst = src[8:], dst[6:]
	}
	for len(src) >= 4 && len(dst) >= 3 {
		v := digits[0][src[0]] | digits[1][src[1]] | digits[2][src[2]] | digits[3][src[3]]
		bad |= v
		dst[0], dst[1], dst[2] = byte(v>>16), byte(v>>8), byte(v)
		src, dst = src[4:], dst[3:]
	}
	return decodeTail(dst, src) && bad < invalid
}

// decodeTail decodes the last characters, of which one alone stands for nothing,
// and which must not say more than their bytes hold.
func decodeTail[T string | []byte](dst []byte, src T) bool {
	switch len(src) {
	case 0:
		return true
	case 2:
		v := digits[0][src[0]] | digits[1][src[1]]
		dst[0] = byte(v >> 16)
		return v&(invalid|0xFFFF) == 0
	case 3:
		v := digits[0][src[0]] | digits[1][src[1]] | digits[2][src[2]]
		dst[0], dst[1] = byte(v>>16), byte(v>>8)
		return v&(invalid|0xFF) == 0
	}
	return false
}

// appendDecoded appends what part stands for to buf.
func appendDecoded[T string | []byte](buf []byte, part T) ([]byte, bool) {
	n := len(buf)
	buf = append(buf, make([]byte, decodedLen(len(part)))...)
	return buf, decode(buf[n:], part)
}

// decodeString decodes through a buffer on the stack, so that the string is the
// only copy made.
func decodeString(part string) (string, bool) {
	var chunk [768]byte
	var b strings.Builder
	b.Grow(decodedLen(len(part)))
	for len(part) > 0 {
		n := min(len(part), len(chunk)/3*4) // whole groups of four, but for the last
		if !decode(chunk[:], part[:n]) {
			return "", false
		}
		b.Write(chunk[:decodedLen(n)])
		part = part[n:]
	}
	return b.String(), true
}

// DecodeBase64 reads strict base64url, as every part of a token is written.
func DecodeBase64(s string) ([]byte, bool) { return appendDecoded(nil, s) }
