// Package envelope opens what VNeID's direct single sign-on encrypts for a relying
// party. As one public integration shows it (no official text confirms it), an
// envelope is two texts in standard base64:
//
//	key   an AES key under the relying party's RSA key, RSAES-PKCS1-v1_5 (RFC 8017 §7.2)
//	data  the plaintext under that AES key in ECB mode with PKCS#7 padding
//
// Neither is authenticated. An envelope proves nothing about who made it, and
// whoever can ask us to open chosen ones may try to learn from our answers what
// other ones hold (Bleichenbacher's attack). So the answer is one bit, and nothing
// that leads to it shows from outside:
//
//   - Whatever is wrong with key or data, Open does all of its work (one RSA
//     operation, an AES decryption of the length that data has) and then says no.
//     Text that is no base64, or of a wrong size, is replaced by bytes of the right
//     size first.
//   - An RSA padding that is wrong, or around a key of another length, gives an AES
//     key all the same: HMAC-SHA256(secret of this process, ciphertext). It is the
//     same for the same ciphertext, so that asking again tells nothing either.
//   - The paddings and the form of a code are checked without branches on what was
//     decrypted.
//
// A code in an envelope is text that others chose, so it must be a GUID, or GUIDs
// joined by dots, to be one at all. Answers come from the provider over TLS.
//
// # RSA keys in hardware
//
// For an *rsa.PrivateKey this is rsa.DecryptPKCS1v15SessionKey with that HMAC as
// the key which stays when the padding is wrong. Another crypto.Decrypter is asked
// with rsa.PKCS1v15DecryptOptions.SessionKeyLen, and twice: one that honours the
// option answers a wrong padding with a random key, which differs from call to
// call, while a right one is the same twice. Two answers that differ, an answer of
// another length and an error all give the HMAC. A device that answers wrong
// paddings with errors does so in a time of its own, which nothing here can hide;
// prefer one that honours the option. A device out of reach looks like a wrong
// padding too: watch it by its own means.
//
// The generic AES of Go, on processors without AES instructions, is not of constant
// time.
package envelope

import (
	"bytes"
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"reflect"
	"strings"
)

// MaxData bounds the ciphertext of an answer, MaxCode that of a code: eight GUIDs
// joined by dots, and some.
const (
	MaxData = 1 << 20
	MaxCode = 320
)

// Opener opens envelopes with one RSA key. It is safe for concurrent use if the key
// is; NewOpener makes one.
type Opener struct {
	key    crypto.Decrypter
	pub    *rsa.PublicKey
	length int // of the AES key, in bytes
	secret [32]byte
}

// NewOpener makes an Opener for AES keys of 128 or 256 bits. The length comes from
// the configuration and never from an envelope: one length is one behaviour.
func NewOpener(key crypto.Decrypter, bits int) (*Opener, error) {
	if v := reflect.ValueOf(key); key == nil || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil, errors.New("there is no private key")
	}
	pub, ok := key.Public().(*rsa.PublicKey)
	switch {
	case !ok || pub == nil || pub.N == nil:
		return nil, errors.New("the private key is not an RSA key")
	case pub.N.BitLen() < 2048 || pub.N.BitLen() > 8192 || pub.E < 65537 || pub.E&1 == 0:
		return nil, errors.New("the RSA key is not of 2048 to 8192 bits with an odd exponent from 65537")
	case bits != 128 && bits != 256:
		return nil, errors.New("AES keys have 128 or 256 bits")
	}
	if k, ok := key.(*rsa.PrivateKey); ok && k.Validate() != nil {
		return nil, errors.New("the RSA key is damaged")
	}
	o := &Opener{key: key, pub: pub, length: bits / 8}
	rand.Read(o.secret[:])
	return o, nil
}

// Open returns what an answer decrypts to, and whether its padding is right. A wrong
// key passes one time in 256: the caller reads the JSON in it or gives the same
// refusal as for false.
func (o *Opener) Open(key, data string) (string, bool) {
	padded, n, ok := o.open(key, data, MaxData)
	if ok != 1 {
		return "", false
	}
	return string(padded[:n]), true
}

// OpenCode returns the authorization code in an envelope: a GUID, or several that
// dots join, as Keycloak makes them.
func (o *Opener) OpenCode(key, code string) (string, bool) {
	padded, n, ok := o.open(key, code, MaxCode)
	if ok&guids(padded, n) != 1 {
		return "", false
	}
	return string(padded[:n]), true
}

// open does everything whatever it meets, and says only in ok (1 or 0) whether the
// first n bytes of padded may be a plaintext. A wrong key is not found out here but
// where a wrong plaintext is: one in 256 has a right padding.
func (o *Opener) open(key, data string, max int) (padded []byte, n, ok int) {
	wrapped, fits := o.wrapped(key)
	padded, whole := o.blocks(data, max)
	decryptECB(o.unwrap(wrapped), padded)
	n, ok = unpad(padded)
	return padded, n, ok & fits & whole
}

// wrapped reads the RSA ciphertext: as long as the modulus and below it (RFC 8017
// §7.2.2). Another text becomes one that fits.
func (o *Opener) wrapped(text string) (ciphertext []byte, fits int) {
	size := o.pub.Size()
	b, ok := decode(text, size)
	if ok && len(b) == size && bytes.Compare(b, o.pub.N.FillBytes(make([]byte, size))) < 0 {
		return b, 1
	}
	b = make([]byte, size) // its first byte stays 0: below the modulus
	copy(b[1:], o.mac("ciphertext", []byte(text)))
	return b, 0
}

// blocks reads the AES ciphertext, whole blocks and at least one. Another text
// becomes as many as a code has.
func (o *Opener) blocks(text string, max int) (b []byte, whole int) {
	if b, ok := decode(text, max); ok && len(b) > 0 && len(b)%blockSize == 0 {
		return b, 1
	}
	b = make([]byte, 3*blockSize)
	copy(b, o.mac("blocks", []byte(text)))
	return b, 0
}

// unwrap returns the AES key in an RSA ciphertext, or the one that stands for a
// wrong padding. Who gets it cannot tell which.
func (o *Opener) unwrap(ciphertext []byte) []byte {
	key := o.mac("key", ciphertext)[:o.length]
	if k, ok := o.key.(*rsa.PrivateKey); ok {
		// An error leaves key as it is too, and speaks of what wrapped has seen to.
		_ = rsa.DecryptPKCS1v15SessionKey(nil, k, ciphertext, key)
		return key
	}
	first, ok1 := o.ask(ciphertext)
	second, ok2 := o.ask(ciphertext)
	right := ok1 & ok2 & subtle.ConstantTimeCompare(first, second)
	subtle.ConstantTimeCopy(right, key, first)
	return key
}

// ask has the device decrypt once. The result always has the right length.
func (o *Opener) ask(ciphertext []byte) (key []byte, ok int) {
	got, err := o.key.Decrypt(rand.Reader, bytes.Clone(ciphertext), &rsa.PKCS1v15DecryptOptions{SessionKeyLen: o.length})
	key = make([]byte, o.length)
	copy(key, got)
	if err != nil || len(got) != o.length {
		return key, 0
	}
	return key, 1
}

// mac is the pseudo-random function of this process; no two uses share inputs.
func (o *Opener) mac(use string, b []byte) []byte {
	h := hmac.New(sha256.New, o.secret[:])
	h.Write([]byte(use))
	h.Write([]byte{0})
	h.Write(b)
	return h.Sum(nil)
}

var strict = base64.StdEncoding.Strict()

// decode reads standard base64 with its padding (RFC 4648 §4) and nothing around
// it. Go's decoder skips line ends; no other spelling of the bytes passes.
func decode(text string, max int) ([]byte, bool) {
	if len(text) > strict.EncodedLen(max) || strings.ContainsAny(text, "\r\n") {
		return nil, false
	}
	b, err := strict.DecodeString(text)
	return b, err == nil && len(b) <= max
}
