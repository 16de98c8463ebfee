package envelope

import (
	"crypto/aes"
	"crypto/subtle"
)

// !!! ELECTRONIC CODEBOOK. DO NOT USE FOR ANYTHING NEW, AND NOWHERE ELSE. !!!
//
// In this mode (NIST SP 800-38A §6.1) every block is encrypted alone: equal blocks
// look equal, and whoever holds a ciphertext can cut, repeat and swap its blocks
// unnoticed. Nothing here tells a changed text from an honest one. It stands in this
// file because VNeID's wire has it, and no other code of a relying party uses it; what
// came out of it is worth as much as the TLS connection that brought it, and package
// sso says so: TransportOnly. There is no encrypting side.

const blockSize = aes.BlockSize

// decryptECB decrypts whole blocks in place. The key has 16 or 32 bytes.
func decryptECB(key, blocks []byte) {
	c, err := aes.NewCipher(key)
	if err != nil {
		clear(blocks) // cannot happen: Opener makes the keys
		return
	}
	for ; len(blocks) >= blockSize; blocks = blocks[blockSize:] {
		c.Decrypt(blocks, blocks)
	}
}

// unpad reads the PKCS#7 padding (RFC 5652 §6.3) of whole blocks without a branch on
// what they hold: n bytes are plaintext if ok is 1. The padding is 1 to 16 bytes
// that each say how many there are.
func unpad(padded []byte) (n, ok int) {
	last := padded[len(padded)-blockSize:]
	fill := int(last[blockSize-1])
	ok = subtle.ConstantTimeLessOrEq(1, fill) & subtle.ConstantTimeLessOrEq(fill, blockSize)
	for i := range blockSize {
		inside := subtle.ConstantTimeLessOrEq(blockSize-i, fill)
		ok &= 1 ^ inside | subtle.ConstantTimeByteEq(last[i], byte(fill))
	}
	return subtle.ConstantTimeSelect(ok, len(padded)-fill, 0), ok
}
