// Package audit is a log in which nothing can be changed unnoticed: a chain of hashes
// over its entries, checkpoints of it that are signed, and the verifier of both. It
// needs no platform and no store, so that somebody else can verify an exported file.
// Everything here is a project format, not VNeID's.
//
// # The chain
//
// Entries are numbered from 1. The first one's predecessor is thirty-two zero bytes.
//
//	digest(n) = SHA-256(domain2 ‖ u32(len salt) ‖ salt ‖ u32(len body) ‖ body)
//	hash(n)   = SHA-256(domain1 ‖ u64(n) ‖ hash(n−1) ‖ i64(time) ‖ u16(len kind) ‖ kind ‖ digest(n))
//
//	domain1   the 18 bytes "vneid-go audit v1\n"
//	domain2   the 23 bytes "vneid-go audit body v1\n"
//	u16 …     unsigned numbers, most significant byte first; i64 in two's complement
//	time      nanoseconds since 1970-01-01 00:00 UTC
//	salt      32 random bytes of this entry alone
//
// Everything of variable length has its length before it and the two domains differ, so
// that no two entries are one string of bytes. What an entry says is in its body; the
// chain holds the digest, and the salt keeps the digest from telling anything by trial
// once salt and body are gone. That is how what the law wants forgotten is: salt and
// body are dropped, the digest takes their place, and the chain still verifies.
//
// # The line
//
// An entry is stored and exported as one line of JSON, written in exactly one way:
//
//	{"seq":7,"time":"2026-11-22T01:02:03.000000004Z","kind":"read","salt":"…","hash":"…","body":{…}}
//	{"seq":7,"time":"2026-11-22T01:02:03.000000004Z","kind":"read","digest":"…","hash":"…"}
//
//	{"checkpoint":"…"}           see TypeCheckpoint, behind the last entry that it is about
//	{"end":7,"hash":"…"}         the last line: where the log ends
//
// Salt, digest and hash are base64url without padding. A line that is not what this
// package writes was changed, whether its meaning was or not.
package audit

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"strconv"
	"time"
)

// The domains keep the two hashes apart from each other and from everybody else's.
const (
	domainEntry = "vneid-go audit v1\n"
	domainBody  = "vneid-go audit body v1\n"

	saltSize = 32
	maxKind  = 64
)

// Hash is the hash of an entry, and with it of everything before.
type Hash [sha256.Size]byte

// String is the hash in base64url.
func (h Hash) String() string { return base64.RawURLEncoding.EncodeToString(h[:]) }

// ParseHash reads what String wrote.
func ParseHash(s string) (h Hash, err error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != len(h) {
		return h, errors.New("audit: not a hash")
	}
	return Hash(b), nil
}

// Head is a place in the chain: the number of an entry and its hash. The zero value is
// the beginning.
type Head struct {
	Seq  uint64
	Hash Hash
}

// Entry is one thing that happened.
type Entry struct {
	Seq  uint64
	Time time.Time
	Kind string // a constant of who keeps the log: 1 to 64 of a–z and -

	// Salt and Body are gone from an entry that was forgotten, and Digest is in their
	// place; else Digest is the hash of both.
	Salt   []byte
	Body   []byte // a JSON object
	Digest Hash

	Hash Hash
}

// Append makes the entry behind head.
func Append(head Head, at time.Time, kind string, body []byte) (Entry, error) {
	salt := make([]byte, saltSize)
	rand.Read(salt)
	e := Entry{Seq: head.Seq + 1, Time: at.UTC().Round(0), Kind: kind, Salt: salt, Body: body}
	if !plainKind(kind) || len(body) == 0 || body[0] != '{' {
		return Entry{}, errors.New("audit: an entry without a kind or a body")
	}
	e.Digest = digest(e.Salt, e.Body)
	e.Hash = e.chain(head.Hash)
	return e, nil
}

// Head is the place of the entry.
func (e *Entry) Head() Head { return Head{e.Seq, e.Hash} }

// Forget drops what the entry says, and keeps that it was there.
func (e *Entry) Forget() { e.Salt, e.Body = nil, nil }

// Forgotten reports whether salt and body were dropped.
func (e *Entry) Forgotten() bool { return e.Body == nil }

func digest(salt, body []byte) Hash {
	b := make([]byte, 0, 512)
	b = append(b, domainBody...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(salt)))
	b = append(b, salt...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(body)))
	return sha256.Sum256(append(b, body...))
}

// chain is the entry's hash behind prev.
func (e *Entry) chain(prev Hash) Hash {
	b := make([]byte, 0, 192)
	b = append(b, domainEntry...)
	b = binary.BigEndian.AppendUint64(b, e.Seq)
	b = append(b, prev[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(e.Time.UnixNano()))
	b = binary.BigEndian.AppendUint16(b, uint16(len(e.Kind)))
	b = append(b, e.Kind...)
	return sha256.Sum256(append(b, e.Digest[:]...))
}

// Line writes the entry as it is stored, without room to spare: of what a
// login leaves behind, lines are a fifth.
func (e *Entry) Line() []byte {
	var room [1 << 10]byte
	b := append(room[:0], `{"seq":`...)
	b = strconv.AppendUint(b, e.Seq, 10)
	b = append(b, `,"time":"`...)
	b = e.Time.AppendFormat(b, time.RFC3339Nano)
	b = append(b, `","kind":"`...)
	b = append(b, e.Kind...)
	if e.Forgotten() {
		b = append(b, `","digest":"`...)
		b = base64.RawURLEncoding.AppendEncode(b, e.Digest[:])
	} else {
		b = append(b, `","salt":"`...)
		b = base64.RawURLEncoding.AppendEncode(b, e.Salt)
	}
	b = append(b, `","hash":"`...)
	b = base64.RawURLEncoding.AppendEncode(b, e.Hash[:])
	b = append(b, '"')
	if !e.Forgotten() {
		b = append(append(b, `,"body":`...), e.Body...)
	}
	return bytes.Clone(append(b, '}'))
}

var errLine = errors.New("audit: not a line of this log")

// ParseLine reads a line, and nothing that Line would have written otherwise. It does
// not verify the hash: that takes the line before.
func ParseLine(line []byte) (Entry, error) {
	var in struct {
		Seq    uint64          `json:"seq"`
		Time   time.Time       `json:"time"`
		Kind   string          `json:"kind"`
		Salt   string          `json:"salt"`
		Digest string          `json:"digest"`
		Hash   string          `json:"hash"`
		Body   json.RawMessage `json:"body"`
	}
	if json.Unmarshal(line, &in) != nil || !plainKind(in.Kind) {
		return Entry{}, errLine
	}
	e := Entry{Seq: in.Seq, Time: in.Time.UTC(), Kind: in.Kind, Body: in.Body} // another zone's hour is another line
	var err1, err2 error
	e.Hash, err1 = ParseHash(in.Hash)
	if in.Body == nil {
		e.Digest, err2 = ParseHash(in.Digest)
	} else {
		e.Salt, err2 = base64.RawURLEncoding.Strict().DecodeString(in.Salt)
		e.Digest = digest(e.Salt, e.Body)
	}
	if err1 != nil || err2 != nil || !bytes.Equal(e.Line(), line) {
		return Entry{}, errLine
	}
	return e, nil
}

func plainKind(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'a' || c > 'z') && c != '-' {
			return false
		}
	}
	return s != "" && len(s) <= maxKind
}
