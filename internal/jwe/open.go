package jwe

import (
	"bytes"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"slices"
	"sync"

	"github.com/vneid-sdk/vneid-go/internal/jws"
)

const (
	contentKey = 32 // bytes, of A256GCM and A256KW
	ivSize     = 12
	tagSize    = 16
	wrapSize   = contentKey + 8 // RFC 3394 §2.2.1
	maxHeader  = 2 << 10
	maxParty   = 512 // of apu and apv
)

// Open returns what is inside.
func (o *Opener) Open(text []byte) (string, error) {
	room, _ := o.rooms.Get().(*room)
	if room == nil {
		room = newRoom()
	}
	defer room.free(&o.rooms)
	s, ok := o.parse(text, room)
	if !ok {
		return "", ErrOpen
	}
	for _, key := range o.keys() {
		if key.id != s.kid {
			continue
		}
		cek, ok := s.unwrap(key)
		if !ok {
			return "", ErrOpen
		}
		plain, err := s.content(cek)
		if err != nil {
			return "", ErrOpen
		}
		return string(plain), nil // the only copy: the room is used again
	}
	return "", ErrOpen
}

// room is memory for one text at a time. What was in it does not stay.
type room struct{ b []byte }

func newRoom() *room { return new(room) }

func (r *room) free(to *sync.Pool) {
	clear(r.b)
	to.Put(r)
}

var dot = []byte{'.'}

// sealed is a well-formed text that nobody has opened yet.
type sealed struct {
	header      []byte // as it came: the additional data (RFC 7516 §5.1 step 14)
	alg, kid    string
	epk         string // JSON
	apu, apv    []byte
	wrapped, iv []byte
	ciphertext  []byte
	tag         []byte
	room        []byte // ciphertext and tag side by side, as crypto/cipher wants them
}

func (o *Opener) parse(text []byte, in *room) (s sealed, ok bool) {
	if len(text) > o.rules.MaxSize || bytes.Count(text, dot) != 4 {
		return s, false
	}
	s.header, text, _ = bytes.Cut(text, dot)
	wrapped, text, _ := bytes.Cut(text, dot)
	iv, text, _ := bytes.Cut(text, dot)
	ciphertext, tag, _ := bytes.Cut(text, dot)
	if len(s.header) > maxHeader || !s.readHeader(o.rules.Type) {
		return s, false
	}
	buf := slices.Grow(in.b[:0], len(wrapped)+len(iv)+len(ciphertext)+len(tag))
	parts := [4][]byte{}
	for i, part := range [...][]byte{wrapped, iv, ciphertext, tag} {
		from := len(buf)
		if buf, ok = jws.AppendBase64(buf, part); !ok {
			return s, false
		}
		parts[i] = buf[from:len(buf):len(buf)]
	}
	in.b = buf
	s.wrapped, s.iv, s.ciphertext, s.tag = parts[0], parts[1], parts[2], parts[3]
	s.room = buf[len(buf)-len(s.tag)-len(s.ciphertext):]
	return s, len(s.iv) == ivSize && len(s.tag) == tagSize && len(s.ciphertext) > 0
}

func (s *sealed) readHeader(cty string) bool {
	raw, ok := jws.AppendBase64(nil, s.header)
	if !ok {
		return false
	}
	h, err := jws.ParseObject(string(raw))
	if err != nil {
		return false
	}
	s.alg, s.kid = h.String("alg"), h.String("kid")
	for _, name := range h.Names() {
		switch name {
		case "alg", "enc", "kid", "cty":
		case "epk", "apu", "apv":
			if s.alg != AlgEC {
				return false
			}
		default:
			return false
		}
	}
	if s.alg != AlgEC && s.alg != AlgRSA || h.String("enc") != Enc || s.kid == "" || h.String("cty") != cty {
		return false
	}
	s.epk = h.Raw("epk")
	var okU, okV bool
	s.apu, okU = jws.DecodeBase64(h.String("apu"))
	s.apv, okV = jws.DecodeBase64(h.String("apv"))
	return okU && okV && len(s.apu) <= maxParty && len(s.apv) <= maxParty && h.Err() == nil
}

// unwrap returns the content key.
func (s *sealed) unwrap(key opening) ([]byte, bool) {
	switch {
	case s.alg == AlgRSA && key.rsa != nil && len(s.wrapped) == key.len:
		cek, err := key.rsa.Decrypt(nil, s.wrapped, &rsa.OAEPOptions{Hash: crypto.SHA256})
		return cek, err == nil && len(cek) == contentKey
	case s.alg == AlgEC && key.ec != nil && len(s.wrapped) == wrapSize:
		theirs, ok := readPoint(s.epk, key.ec.Curve())
		if !ok {
			return nil, false
		}
		secret, err := key.ec.ECDH(theirs)
		if err != nil {
			return nil, false
		}
		return Unwrap(agreed(secret, s.apu, s.apv), s.wrapped)
	}
	return nil, false
}

func (s *sealed) content(cek []byte) ([]byte, error) {
	gcm, err := newGCM(cek)
	if err != nil {
		return nil, err
	}
	return gcm.Open(s.room[:0], s.iv, s.room, s.header)
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// curves have the names of RFC 7518 §6.2.1.1 and the width of a coordinate.
func curveOf(name string) (ecdh.Curve, int) {
	switch name {
	case "P-256":
		return ecdh.P256(), 32
	case "P-384":
		return ecdh.P384(), 48
	case "P-521":
		return ecdh.P521(), 66
	}
	return nil, 0
}

func nameOf(c ecdh.Curve) string {
	for _, name := range [...]string{"P-256", "P-384", "P-521"} {
		if curve, _ := curveOf(name); curve == c {
			return name
		}
	}
	return ""
}

// readPoint reads epk. crypto/ecdh holds it to the curve.
func readPoint(text string, want ecdh.Curve) (*ecdh.PublicKey, bool) {
	o, err := jws.ParseObject(text)
	if err != nil || len(o.Names()) != 4 {
		return nil, false
	}
	curve, width := curveOf(o.String("crv"))
	point := append(make([]byte, 0, 1+2*66), 4)
	for _, name := range [...]string{"x", "y"} {
		var ok bool
		if point, ok = jws.AppendBase64(point, o.String(name)); !ok {
			return nil, false
		}
		if name == "x" && len(point) != 1+width {
			return nil, false
		}
	}
	if o.Err() != nil || o.String("kty") != "EC" || curve != want || len(point) != 1+2*width {
		return nil, false
	}
	key, err := curve.NewPublicKey(point)
	return key, err == nil
}

// agreed is the key-encryption key of ECDH-ES+A256KW (RFC 7518 §4.6.2): one round of
// the Concat KDF with SHA-256.
func agreed(secret, apu, apv []byte) []byte {
	b := make([]byte, 0, 256)
	b = append(append(b, 0, 0, 0, 1), secret...)
	for _, field := range [...][]byte{[]byte(AlgEC), apu, apv} {
		b = binary.BigEndian.AppendUint32(b, uint32(len(field)))
		b = append(b, field...)
	}
	b = binary.BigEndian.AppendUint32(b, contentKey*8)
	kek := sha256.Sum256(b)
	return kek[:]
}

// Unwrap is RFC 3394 §2.2.2 for keys of 256 bits under keys of 256 bits. Open does it;
// it is exported for vectors of others.
func Unwrap(kek, wrapped []byte) ([]byte, bool) {
	block, err := aes.NewCipher(kek)
	if err != nil || len(kek) != contentKey || len(wrapped) != wrapSize {
		return nil, false
	}
	const n = contentKey / 8
	var b [16]byte
	key := append(make([]byte, 0, contentKey), wrapped[8:]...)
	copy(b[:8], wrapped)
	for t := 6 * n; t > 0; t-- {
		r := key[(t-1)%n*8:][:8]
		copy(b[8:], r)
		binary.BigEndian.PutUint64(b[:8], binary.BigEndian.Uint64(b[:8])^uint64(t))
		block.Decrypt(b[:], b[:])
		copy(r, b[8:])
	}
	if subtle.ConstantTimeCompare(b[:8], wrapCheck[:]) != 1 {
		return nil, false
	}
	return key, true
}

// wrapCheck is the initial value of RFC 3394 §2.2.3.1.
var wrapCheck = [8]byte{0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6, 0xA6}

// wrapKey is RFC 3394 §2.2.1.
func wrapKey(kek, key []byte) ([]byte, error) {
	block, err := aes.NewCipher(kek)
	if err != nil {
		return nil, err
	}
	const n = contentKey / 8
	var b [16]byte
	copy(b[:8], wrapCheck[:])
	out := append(make([]byte, 8, wrapSize), key...)
	for t := 1; t <= 6*n; t++ {
		r := out[8+(t-1)%n*8:][:8]
		copy(b[8:], r)
		block.Encrypt(b[:], b[:])
		binary.BigEndian.PutUint64(b[:8], binary.BigEndian.Uint64(b[:8])^uint64(t))
		copy(r, b[8:])
	}
	copy(out, b[:8])
	return out, nil
}
