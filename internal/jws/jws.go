// Package jws is the strict front end of every JOSE token that this module
// accepts: compact JSON Web Signatures (RFC 7515) that carry one JSON object of
// claims (RFC 7519). It reads, checks signatures and signs with the standard
// library alone, and knows nothing of trust: which key may sign what is for a
// vneid.KeySet to say, what the claims mean for the caller.
//
// # What a Parser accepts
//
//	size       at most Rules.MaxSize bytes (16 KiB by default), checked first
//	form       compact: three parts, exactly two dots, header and signature not
//	           empty (RFC 7515 §7.1)
//	base64     base64url without padding, white space or stray trailing bits,
//	           so that one signature has one spelling (RFC 7515 §2)
//	header     one JSON object with the members alg, kid, typ, cty, x5t#S256 and
//	           those that Rules.Headers adds; anything else is refused, crit, b64,
//	           jku, x5u, x5c and jwk among it (RFC 8725 §3.9, §3.10)
//	alg        RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA, and of
//	           these what Rules.Algs lists; Ed25519 (RFC 9864) reads as EdDSA
//	typ        one of Rules.Types, without regard to case or a leading
//	           "application/" (RFC 7515 §4.1.9, RFC 8725 §3.11)
//	JSON       RFC 8259 in valid UTF-8 with no name twice in any object, also not
//	           after unescaping (RFC 8725 §2.6); names compared exactly; at most 16
//	           levels deep and 128 members wide; nothing after the object
//
// # Signatures
//
// Verify and Sign bind the key to the algorithm (RFC 7518 §3): RSA of 2048 to
// 8192 bits with an odd exponent from 65537, PSS with a salt as long as the hash,
// ECDSA on exactly the algorithm's curve with r and s at full width, EdDSA on
// Ed25519 only. CheckKey is for the moment when a key is loaded.
//
// # Errors
//
// Errors are of type *Error, whose Reason is one of four; their texts hold
// nothing from the token. The caller assigns vneid's kinds:
//
//	ErrMalformed  not such a token, or damaged    → vneid.ErrMalformed
//	ErrAlgorithm  an algorithm outside the rules  → vneid.ErrUntrusted
//	ErrKey        a key that cannot be used       → vneid.ErrUntrusted
//	ErrSignature  the signature is wrong          → vneid.ErrSignature
package jws

import (
	"slices"
	"strings"
	"sync"
)

// DefaultMaxSize is the size limit of a token where Rules does not set one.
const DefaultMaxSize = 16 << 10

// Rules say which tokens a Parser lets through.
type Rules struct {
	Algs    []string // accepted algorithms; empty: all that the package comment lists
	Types   []string // accepted typ values, "" for a token without typ; empty: no token at all
	Headers []string // accepted header members beyond the usual five, such as jwk for a DPoP proof
	MaxSize int      // in bytes; 0: DefaultMaxSize
}

// A Parser reads tokens by fixed rules and remembers the headers it met, since
// one signer's tokens share a few. It is safe for concurrent use.
type Parser struct {
	rules Rules
	cache cache
	rooms sync.Pool // of *room
}

// room is memory for the Input and Signature of one token at a time.
type room struct{ b []byte }

// NewParser returns a Parser. It keeps copies of nothing: do not change the
// slices of rules afterwards.
func NewParser(rules Rules) *Parser {
	if rules.MaxSize <= 0 {
		rules.MaxSize = DefaultMaxSize
	}
	return &Parser{rules: rules, cache: newCache()}
}

// Token is a well-formed token whose signature nobody has checked yet.
type Token struct {
	Alg       string // never Ed25519, which reads as EdDSA
	KeyID     string // kid, "" if absent
	Type      string // typ as written, "" if absent
	Input     []byte // the bytes under the signature
	Signature []byte
	Payload   string

	head  *header
	room  *room
	rooms *sync.Pool
}

// Free gives the memory of Input and Signature back to the Parser, for the next
// token. Nobody may use the two slices afterwards; the rest of the Token stays
// good. Not calling it costs an allocation and nothing else.
func (t *Token) Free() {
	if t.room != nil {
		t.rooms.Put(t.room)
		t.room, t.Input, t.Signature = nil, nil, nil
	}
}

// Parse reads token. It does no cryptography.
func (p *Parser) Parse(token string) (Token, error) {
	if len(token) > p.rules.MaxSize {
		return Token{}, fail(ErrMalformed, "the token is too long")
	}
	head, rest, ok := strings.Cut(token, ".")
	payload, sig, ok2 := strings.Cut(rest, ".")
	if !ok || !ok2 || strings.IndexByte(sig, '.') >= 0 {
		return Token{}, fail(ErrMalformed, "not a compact JWS of three parts")
	}
	h, err := p.header(head)
	if err != nil {
		return Token{}, err
	}
	if sig == "" {
		return Token{}, fail(ErrMalformed, "the token is not signed")
	}
	claims, ok := decodeString(payload)
	if !ok {
		return Token{}, errBase64
	}
	r, _ := p.rooms.Get().(*room)
	if r == nil {
		r = new(room)
	}
	n := len(head) + 1 + len(payload)
	r.b, ok = appendDecoded(append(slices.Grow(r.b[:0], n+decodedLen(len(sig))), token[:n]...), sig)
	if !ok {
		p.rooms.Put(r)
		return Token{}, errBase64
	}
	return Token{
		Alg: h.alg, KeyID: h.kid, Type: h.typ, head: h, room: r, rooms: &p.rooms,
		Input: r.b[:n:n], Signature: r.b[n:], Payload: claims,
	}, nil
}

var errBase64 = fail(ErrMalformed, "a part is not strict base64url")

// Header returns the JSON text of a header member, "" if absent.
func (t Token) Header(name string) string {
	if t.head == nil {
		return ""
	}
	return t.head.object.Raw(name)
}

// Leave leaves with the token's header what somebody made of it, such as the key in it, for
// the next token whose header is the same, byte by byte. Of one Parser all notes have one
// type, and nobody may change one.
func (t Token) Leave(note any) {
	if t.head != nil {
		t.head.note.Store(note)
	}
}

// Note is what was left with the token's header; nil for nothing, or if the Parser has
// forgotten the header since.
func (t Token) Note() any {
	if t.head == nil {
		return nil
	}
	return t.head.note.Load()
}

// Claims reads the payload as one strict JSON object.
func (t Token) Claims() (Object, error) { return ParseObject(t.Payload) }
