package platform

import (
	"bytes"
	"crypto/aes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
)

// sealer puts codes and answers into envelopes; faults change it.
type sealer struct {
	to    *rsa.PublicKey
	bits  int  // of the AES keys
	plain bool // answers come without an envelope
	bare  bool // the callback comes without one

	code func(string) string // what is in the callback's envelope
	key  func([]byte) []byte // edits the RSA ciphertext
	data func([]byte) []byte // edits the AES ciphertext
	pad  func([]byte) []byte // edits the padded plaintext
}

// sealerOf is the sealer for a client's envelopes; nil when it has none.
func (p *Platform) sealerOf(c *Client) (*sealer, error) {
	pub, err := c.envelopeKey()
	if err != nil || c.Wire != Envelope || pub == nil {
		return nil, err
	}
	s := &sealer{to: pub, bits: 256}
	for _, f := range p.faultsOf(c.ID) {
		if f.envelope != nil {
			f.envelope(s)
		}
	}
	return s, nil
}

// seal encrypts under a fresh AES key, block by block (ECB: that is the wire, and
// nothing to copy), and that key under the client's, RSAES-PKCS1-v1_5.
func (s *sealer) seal(plain []byte) (key, data string, err error) {
	secret := make([]byte, s.bits/8)
	rand.Read(secret)
	wrapped, err := rsa.EncryptPKCS1v15(rand.Reader, s.to, secret)
	if err != nil {
		return "", "", err
	}
	c, err := aes.NewCipher(secret)
	if err != nil {
		return "", "", err
	}
	fill := aes.BlockSize - len(plain)%aes.BlockSize // PKCS#7: 1 to 16 bytes that say how many they are
	blocks := append(bytes.Clone(plain), bytes.Repeat([]byte{byte(fill)}, fill)...)
	blocks = edited(s.pad, blocks)
	for i := 0; i+aes.BlockSize <= len(blocks); i += aes.BlockSize {
		c.Encrypt(blocks[i:], blocks[i:i+aes.BlockSize])
	}
	spell := base64.StdEncoding.EncodeToString
	return spell(edited(s.key, wrapped)), spell(edited(s.data, blocks)), nil
}

func edited(f func([]byte) []byte, b []byte) []byte {
	if f == nil {
		return b
	}
	return f(b)
}

// wireCode makes the code of a wire's login. Of Envelope's the browser carries the
// ciphertext, and the client brings the plaintext with encrypt_key.
func (p *Platform) wireCode(c *Client, done *finished, k *code) (plain string, err error) {
	plain = guid()
	done.code = plain
	s, err := p.sealerOf(c)
	if err != nil || s == nil || s.bare {
		return plain, err
	}
	sealed := plain
	if s.code != nil {
		sealed = s.code(plain)
	}
	if done.key, done.code, err = s.seal([]byte(sealed)); err != nil {
		return "", err
	}
	k.Key = p.mac("encrypt_key", done.key)
	return plain, nil
}
