package sm

import "crypto/cipher"

// Encrypt returns CBC encryption of whole blocks outside a session: the steps of
// BAC and PACE. A nil iv is zero. A key or data of the wrong length gives nil.
func (s Suite) Encrypt(key, iv, data []byte) []byte {
	return s.cbc(key, iv, data, cipher.NewCBCEncrypter)
}

// Decrypt is the inverse of Encrypt.
func (s Suite) Decrypt(key, iv, data []byte) []byte {
	return s.cbc(key, iv, data, cipher.NewCBCDecrypter)
}

func (s Suite) cbc(key, iv, data []byte, mode func(cipher.Block, []byte) cipher.BlockMode) []byte {
	b := s.block(key)
	if b == nil || len(data)%b.BlockSize() != 0 {
		return nil
	}
	if iv == nil {
		iv = make([]byte, b.BlockSize())
	}
	if len(iv) != b.BlockSize() {
		return nil
	}
	out := make([]byte, len(data))
	mode(b, iv).CryptBlocks(out, data)
	return out
}

// Block returns the encryption of one block, nil if key or block have the wrong
// length.
func (s Suite) Block(key, block []byte) []byte {
	b := s.block(key)
	if b == nil || len(block) != b.BlockSize() {
		return nil
	}
	out := make([]byte, len(block))
	b.Encrypt(out, block)
	return out
}

func (s Suite) block(key []byte) cipher.Block {
	switch {
	case len(key) != s.KeySize():
		return nil
	case s == TripleDES:
		return tripleDES(key)
	}
	return newAES(key)
}

// BlockSize is the length of a block in bytes, 0 for no suite.
func (s Suite) BlockSize() int {
	if !s.Valid() {
		return 0
	}
	return suites[s].block
}

// MAC returns the eight bytes of the suite's checksum over data of any length: the
// retail MAC with padding method 2, or CMAC with its own padding (ICAO Doc 9303-11
// §4.4.3.4). A key of the wrong length gives nil.
func (s Suite) MAC(key, data []byte) []byte {
	b, err := newBlocks(s, key, key)
	if err != nil {
		return nil
	}
	n := len(data)
	in := append(make([]byte, 0, n+2*b.size), data...)
	if n == 0 || n%b.size != 0 || s == TripleDES {
		in = pad(in, b.size)
		b.k1 = b.k2 // an incomplete last block (SP 800-38B §6.2)
	}
	return append([]byte(nil), b.mac(in)...)
}

// Unpad removes padding method 2 from whole blocks, nil if there is none.
func (s Suite) Unpad(b []byte) []byte {
	if n := unpadded(b, s.BlockSize()); s.Valid() && n >= 0 {
		return b[:n]
	}
	return nil
}
