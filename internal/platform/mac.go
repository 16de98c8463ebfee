package platform

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	stdhash "hash"
)

// mac is a keyed hash of the parts for one purpose, in base64url. Parts carry
// their lengths, so that no two lists collide.
func (p *Platform) mac(purpose string, parts ...string) string {
	var room [192]byte
	b := appendPart(room[:0], purpose)
	for _, s := range parts {
		b = appendPart(b, s)
	}
	// Keying a hash costs more than hashing; a keyed one that was reset holds the key alone.
	h, _ := p.macs.Get().(stdhash.Hash)
	if h == nil {
		h = hmac.New(sha256.New, p.cfg.Secret)
	}
	h.Write(b)
	sum := h.Sum(room[:0])
	h.Reset()
	p.macs.Put(h)
	return base64.RawURLEncoding.EncodeToString(sum)
}

func appendPart(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint64(b, uint64(len(s))), s...)
}
