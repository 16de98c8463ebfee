package chiptest

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
)

// suite is a block cipher with its mode and message authentication code (ICAO
// Doc 9303-11 §9.8.4, §9.8.5), numbered as the last arc of its identifiers.
type suite int

const (
	tripleDES suite = iota + 1
	aes128
	aes192
	aes256
)

func (s suite) block() int {
	if s == tripleDES {
		return 8
	}
	return 16
}

// derive is the key derivation of ICAO Doc 9303-11 §9.7.1: 1 encryption, 2 MAC, 3
// the key of a password.
func (s suite) derive(secret []byte, counter uint32) []byte {
	in := binary.BigEndian.AppendUint32(bytes.Clone(secret), counter)
	switch s {
	case aes192:
		sum := sha256.Sum256(in)
		return sum[:24]
	case aes256:
		sum := sha256.Sum256(in)
		return sum[:]
	}
	sum := sha1.Sum(in)
	key := sum[:16]
	if s == tripleDES {
		for i, b := range key { // odd parity
			key[i] = b&0xFE | byte(^bits.OnesCount8(b&0xFE)&1)
		}
	}
	return key
}

// cipher returns the block cipher; the keys are derived, so their lengths fit.
func (s suite) cipher(key []byte) (b cipher.Block) {
	if s == tripleDES {
		b, _ = des.NewTripleDESCipher(append(bytes.Clone(key), key[:8]...))
		return b
	}
	b, _ = aes.NewCipher(key)
	return b
}

func (s suite) encrypt(key, iv, plain []byte) []byte {
	out := make([]byte, len(plain))
	cipher.NewCBCEncrypter(s.cipher(key), iv).CryptBlocks(out, plain)
	return out
}

func (s suite) decrypt(key, iv, sealed []byte) []byte {
	out := make([]byte, len(sealed))
	cipher.NewCBCDecrypter(s.cipher(key), iv).CryptBlocks(out, sealed)
	return out
}

func (s suite) zeros() []byte { return make([]byte, s.block()) }

// pad is padding method 2 of ISO/IEC 9797-1.
func (s suite) pad(b []byte) []byte {
	b = append(bytes.Clone(b), 0x80)
	for len(b)%s.block() != 0 {
		b = append(b, 0)
	}
	return b
}

func unpad(b []byte) ([]byte, bool) {
	b = bytes.TrimRight(b, "\x00")
	if len(b) == 0 || b[len(b)-1] != 0x80 {
		return nil, false
	}
	return b[:len(b)-1], true
}

// mac is eight bytes: the retail MAC of ISO/IEC 9797-1 (algorithm 3) over padded
// data, or CMAC (NIST SP 800-38B), truncated, over data as it stands.
func (s suite) mac(key, data []byte) []byte {
	if s != tripleDES {
		return cmac(s.cipher(key), data)[:8]
	}
	first, _ := des.NewCipher(key[:8])
	last, _ := des.NewCipher(key[8:16])
	sum := make([]byte, 8)
	for ; len(data) >= 8; data = data[8:] {
		for i := range sum {
			sum[i] ^= data[i]
		}
		first.Encrypt(sum, sum)
	}
	last.Decrypt(sum, sum)
	first.Encrypt(sum, sum)
	return sum
}

// tokenMAC is the MAC over a public key: padded for 3DES alone (ICAO Doc 9303-11
// §4.4.3.4).
func (s suite) tokenMAC(key, data []byte) []byte {
	if s == tripleDES {
		data = s.pad(data)
	}
	return s.mac(key, data)
}

func cmac(b cipher.Block, data []byte) []byte {
	k1 := make([]byte, 16)
	b.Encrypt(k1, k1)
	k1 = doubled(k1)
	last := make([]byte, 16)
	whole := len(data) / 16 * 16
	if len(data) > 0 && whole == len(data) {
		whole -= 16
		copy(last, data[whole:])
	} else {
		last[copy(last, data[whole:])] = 0x80
		k1 = doubled(k1)
	}
	sum := make([]byte, 16)
	for ; whole > 0; whole, data = whole-16, data[16:] {
		xor(sum, data)
		b.Encrypt(sum, sum)
	}
	xor(sum, last)
	xor(sum, k1)
	b.Encrypt(sum, sum)
	return sum
}

// doubled multiplies by x in GF(2¹²⁸).
func doubled(b []byte) []byte {
	out := make([]byte, 16)
	for i := range out {
		out[i] = b[i] << 1
		if i < 15 {
			out[i] |= b[i+1] >> 7
		}
	}
	if b[0]&0x80 != 0 {
		out[15] ^= 0x87
	}
	return out
}

func xor(sum, data []byte) {
	for i := range sum {
		sum[i] ^= data[i]
	}
}
