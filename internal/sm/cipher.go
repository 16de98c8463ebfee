package sm

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
)

// blocks is the two keys of a session at work.
type blocks struct {
	size     int
	enc      cipher.Block
	seal     cipher.BlockMode // CBC encryption under enc
	open     cipher.BlockMode // CBC decryption under enc
	last     cipher.Block     // DES: the second MAC key; AES: nil
	macBlock cipher.Block     // AES, or the first MAC key of DES
	macMode  cipher.BlockMode // CBC encryption under macBlock
	k1, k2   []byte           // CMAC subkeys
	iv       []byte
	scratch  []byte
}

// scratchSize is how many bytes the MAC takes at a time: CBC encryption wants
// room for all it produces, and the MAC keeps the last block alone.
const scratchSize = 512

func newBlocks(suite Suite, encryption, mac []byte) (*blocks, error) {
	if !suite.Valid() || len(encryption) != suite.KeySize() || len(mac) != suite.KeySize() {
		return nil, ErrKey
	}
	b := &blocks{size: suites[suite].block}
	if suite == TripleDES {
		b.enc, b.macBlock, b.last = tripleDES(encryption), singleDES(mac[:8]), singleDES(mac[8:])
	} else {
		b.enc, b.macBlock = newAES(encryption), newAES(mac)
	}
	if b.enc == nil || b.macBlock == nil {
		return nil, ErrKey
	}
	b.iv = make([]byte, b.size)
	b.scratch = make([]byte, scratchSize)
	b.seal = cipher.NewCBCEncrypter(b.enc, b.iv)
	b.open = cipher.NewCBCDecrypter(b.enc, b.iv)
	b.macMode = cipher.NewCBCEncrypter(b.macBlock, b.iv)
	if b.last == nil {
		b.k1 = make([]byte, b.size)
		b.macBlock.Encrypt(b.k1, b.k1)
		double(b.k1)
		b.k2 = append([]byte(nil), b.k1...)
		double(b.k2)
	}
	return b, nil
}

func newAES(key []byte) cipher.Block {
	b, err := aes.NewCipher(key)
	if err != nil {
		return nil
	}
	return b
}

// tripleDES takes two keys, the first of which is used twice.
func tripleDES(key []byte) cipher.Block {
	three := append(append(make([]byte, 0, 24), key...), key[:8]...)
	defer clear(three)
	b, err := des.NewTripleDESCipher(three)
	if err != nil {
		return nil
	}
	return b
}

func singleDES(key []byte) cipher.Block {
	b, err := des.NewCipher(key)
	if err != nil {
		return nil
	}
	return b
}

// double multiplies by x in the field of CMAC (SP 800-38B §6.1).
func double(b []byte) {
	carry := byte(0)
	for i := len(b) - 1; i >= 0; i-- {
		next := b[i] >> 7
		b[i] = b[i]<<1 | carry
		carry = next
	}
	b[len(b)-1] ^= 0x87 & -carry
}

// setIV starts a mode anew. The modes of the standard library can, as crypto/tls
// relies on too; another's would be made again.
func setIV(mode cipher.BlockMode, iv []byte) bool {
	m, ok := mode.(interface{ SetIV([]byte) })
	if ok {
		m.SetIV(iv)
	}
	return ok
}

// start returns the initialization vector for a message (ICAO Doc 9303-11
// §9.8.6.1, §9.8.7.1).
func (b *blocks) start(ssc []byte) []byte {
	clear(b.iv)
	if b.last == nil {
		b.enc.Encrypt(b.iv, ssc)
	}
	return b.iv
}

// encrypt works in place on whole blocks.
func (b *blocks) encrypt(data, ssc []byte) {
	if iv := b.start(ssc); !setIV(b.seal, iv) {
		b.seal = cipher.NewCBCEncrypter(b.enc, iv)
	}
	b.seal.CryptBlocks(data, data)
}

// decrypt works in place on whole blocks.
func (b *blocks) decrypt(data, ssc []byte) {
	if iv := b.start(ssc); !setIV(b.open, iv) {
		b.open = cipher.NewCBCDecrypter(b.enc, iv)
	}
	b.open.CryptBlocks(data, data)
}

// mac returns the eight bytes of the MAC over whole blocks, in memory that the
// next call overwrites. data is not altered when it returns.
func (b *blocks) mac(data []byte) []byte {
	clear(b.iv)
	if !setIV(b.macMode, b.iv) {
		b.macMode = cipher.NewCBCEncrypter(b.macBlock, b.iv)
	}
	end := len(data) - b.size
	tail := data[end:]
	b.xor(tail, b.k1)
	last := b.scratch[:b.size]
	for len(data) > 0 {
		n := min(len(data), scratchSize)
		b.macMode.CryptBlocks(b.scratch[:n], data[:n])
		last = b.scratch[n-b.size : n]
		data = data[n:]
	}
	b.xor(tail, b.k1)
	if b.last != nil { // the retail MAC's last step
		b.last.Decrypt(last, last)
		b.macBlock.Encrypt(last, last)
	}
	return last[:macSize]
}

// xor is the subkey of CMAC; the retail MAC has none.
func (b *blocks) xor(block, key []byte) {
	for i := range key {
		block[i] ^= key[i]
	}
}
