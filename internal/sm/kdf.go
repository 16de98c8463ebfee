package sm

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
)

// Suite is a cipher of secure messaging with its length of key, numbered as the
// last arc of the object identifiers of PACE and Chip Authentication (ICAO Doc
// 9303-11 §9.2.3, §9.2.7).
type Suite uint8

// The four suites.
const (
	TripleDES Suite = 1 + iota
	AES128
	AES192
	AES256
)

var suites = [...]struct {
	name             string
	key, block, hash int
}{
	TripleDES: {"3DES-CBC-CBC", 16, 8, sha1.Size},
	AES128:    {"AES-CBC-CMAC-128", 16, 16, sha1.Size},
	AES192:    {"AES-CBC-CMAC-192", 24, 16, sha256.Size},
	AES256:    {"AES-CBC-CMAC-256", 32, 16, sha256.Size},
}

// Valid reports whether s is one of the four.
func (s Suite) Valid() bool { return s >= TripleDES && s <= AES256 }

// String returns the suite's name as the object identifiers of ICAO Doc 9303-11
// end in.
func (s Suite) String() string {
	if !s.Valid() {
		return "no suite"
	}
	return suites[s].name
}

// KeySize is the length of a key in bytes, 0 for no suite.
func (s Suite) KeySize() int {
	if !s.Valid() {
		return 0
	}
	return suites[s].key
}

// What keys are derived for: the counter of the key derivation function.
const (
	ForEncryption = 1
	ForMAC        = 2
	ForPassword   = 3
)

// Derive returns KDF(secret, purpose) (ICAO Doc 9303-11 §9.7.1): the first bytes
// of a hash of the secret and a counter of four bytes. Keys of DES get the parity
// that the standard's examples show.
func (s Suite) Derive(secret []byte, purpose uint32) []byte {
	if !s.Valid() {
		return nil
	}
	in := binary.BigEndian.AppendUint32(append(make([]byte, 0, len(secret)+4), secret...), purpose)
	defer clear(in)
	var key []byte
	if suites[s].hash == sha1.Size {
		sum := sha1.Sum(in)
		key = append(key, sum[:s.KeySize()]...)
		clear(sum[:])
	} else {
		sum := sha256.Sum256(in)
		key = append(key, sum[:s.KeySize()]...)
		clear(sum[:])
	}
	if s == TripleDES {
		for i, c := range key {
			key[i] = c&^1 | byte(bits.OnesCount8(c>>1)+1)&1
		}
	}
	return key
}

// Start returns a session under the keys that follow from a shared secret.
func (s Suite) Start(secret, ssc []byte) (*Session, error) {
	encryption, mac := s.Derive(secret, ForEncryption), s.Derive(secret, ForMAC)
	defer clear(encryption)
	defer clear(mac)
	return New(s, encryption, mac, ssc)
}
