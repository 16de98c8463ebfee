package handshake

import (
	"encoding/hex"

	"github.com/vneid-sdk/vneid-go/internal/sm"
)

// The constants of the pseudo-random function (ICAO Doc 9303-11 §4.4.3.3.2), for
// keys of 128 bits and for longer ones.
const (
	c0Short = "a668892a7c41e3ca739f40b057d85904"
	c1Short = "a4e136ac725f738b01c1f60217c188ad"
	c0Long  = "d463d65234124ef7897054986dca0a174e28df758cbaa03f240616414d5a1676"
	c1Long  = "54bd7255f0aaf831bec3423fcf39d69b6cbf066677d0faae5aadd99df8e53517"
)

// pseudoRandom is R(s, t), as many blocks of it as reducing modulo a prime of this
// many bits needs: 64 bits more.
func pseudoRandom(suite sm.Suite, s, t []byte, bits int) []byte {
	size := suite.KeySize()
	c0, c1 := constants(size)
	key := suite.Encrypt(t, nil, s)[:size] // octets past the key's are not used
	var out []byte
	for 8*len(out) < bits+64 {
		out = append(out, suite.Encrypt(key, nil, c1)...)
		key = suite.Encrypt(key, nil, c0)[:size]
	}
	clear(key)
	return out
}

func constants(size int) (c0, c1 []byte) {
	first, second := c0Short, c1Short
	if size > 16 {
		first, second = c0Long, c1Long
	}
	c0, _ = hex.DecodeString(first)
	c1, _ = hex.DecodeString(second)
	return c0, c1
}
