package platform

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	stdhash "hash"
)

// keyed is a hash with the platform's secret in it, and room for what it is about to
// hash. Keying one costs more than hashing with it.
type keyed struct {
	stdhash.Hash
	room [256]byte
}

// mac is a keyed hash of the parts for one purpose, in base64url. Parts carry
// their lengths, so that no two lists collide.
func (p *Platform) mac(purpose string, parts ...string) string {
	h, _ := p.macs.Get().(*keyed)
	if h == nil {
		h = &keyed{Hash: hmac.New(sha256.New, p.cfg.Secret)}
	}
	b := appendPart(h.room[:0], purpose)
	for _, s := range parts {
		b = appendPart(b, s)
	}
	h.Write(b)
	out := b64(h.Sum(h.room[:0]))
	h.Reset()
	clear(h.room[:]) // nothing stays in it for the next
	p.macs.Put(h)
	return out
}

func appendPart(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint64(b, uint64(len(s))), s...)
}
