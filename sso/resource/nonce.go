package resource

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"time"
)

// nonces makes and knows this server's DPoP nonces without remembering any
// (RFC 9449 §9): a nonce is the number of an epoch and a MAC over it. One is good
// in its own epoch and the next, so it lives between two and a half and five
// minutes; and in the one before, for another process whose clock is ahead.
type nonces struct {
	keys func() [][]byte // behind a function, so that no print shows them
	name []byte          // whose nonces: keys may serve several servers
}

const epoch = 150 * time.Second

func newNonces(keys [][]byte, issuer, audience string) *nonces {
	name := binary.AppendUvarint([]byte("vneid dpop nonce\x00"), uint64(len(issuer)))
	return &nonces{keys: func() [][]byte { return keys }, name: append(append(name, issuer...), audience...)}
}

func number(now time.Time) uint64 { return uint64(now.Unix() / int64(epoch/time.Second)) }

// at returns the nonce of the time now.
func (n *nonces) at(now time.Time) string { return n.make(n.keys()[0], number(now)) }

func (n *nonces) make(key []byte, number uint64) string {
	text := binary.BigEndian.AppendUint64(nil, number)
	mac := hmac.New(sha256.New, key)
	mac.Write(n.name)
	mac.Write(text)
	return base64.RawURLEncoding.EncodeToString(append(text, mac.Sum(nil)[:16]...))
}

// good reports whether nonce is one of ours and not too old, and whether a
// successor is due.
func (n *nonces) good(nonce string, now time.Time) (ok, old bool) {
	current := number(now)
	for _, key := range n.keys() {
		for _, e := range [...]uint64{current, current - 1, current + 1} {
			if hmac.Equal([]byte(nonce), []byte(n.make(key, e))) {
				return true, e < current
			}
		}
	}
	return false, true
}
