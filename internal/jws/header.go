package jws

import (
	"hash/maphash"
	"slices"
	"strings"
	"sync/atomic"
)

// header is a protected header that the rules accept.
type header struct {
	encoded       string
	alg, kid, typ string
	object        Object
	note          atomic.Value // of Token.Leave
}

// A cache finds the parsed form of headers met before by their exact bytes. It
// is a table of single slots: bounded whatever arrives, free of locks, and, its
// seed being secret, nobody can aim at another's slot.
type cache struct {
	seed  maphash.Seed
	slots *[32]atomic.Pointer[header]
}

// Longer headers are parsed each time: the table stays below 64 KiB.
const maxCached = 1 << 10

func newCache() cache {
	return cache{maphash.MakeSeed(), new([32]atomic.Pointer[header])}
}

func (c *cache) slot(encoded string) *atomic.Pointer[header] {
	return &c.slots[maphash.String(c.seed, encoded)%uint64(len(c.slots))]
}

func (p *Parser) header(encoded string) (*header, error) {
	if len(encoded) > maxCached {
		return p.parseHeader(encoded)
	}
	slot := p.cache.slot(encoded)
	if h := slot.Load(); h != nil && h.encoded == encoded {
		return h, nil
	}
	// The clone keeps a cached header from holding on to the whole token.
	h, err := p.parseHeader(strings.Clone(encoded))
	if err == nil {
		slot.Store(h)
	}
	return h, err
}

func (p *Parser) parseHeader(encoded string) (*header, error) {
	text, ok := appendDecoded(nil, encoded)
	if !ok {
		return nil, fail(ErrMalformed, "the header is not strict base64url")
	}
	object, err := ParseObject(string(text))
	if err != nil {
		return nil, err
	}
	for _, m := range object.members {
		switch m.name {
		case "alg", "kid", "typ", "cty", "x5t#S256":
			if object.text[m.from] != '"' {
				return nil, fail(ErrMalformed, "a header member is not a string")
			}
		default:
			if !slices.Contains(p.rules.Headers, m.name) {
				return nil, fail(ErrMalformed, "the header has a member that is not accepted")
			}
		}
	}
	h := &header{encoded: encoded, object: object}
	h.alg, h.kid, h.typ = object.String("alg"), object.String("kid"), object.String("typ")
	return h, p.check(h)
}

// check applies the rules on alg and typ.
func (p *Parser) check(h *header) error {
	if h.alg == "Ed25519" {
		h.alg = "EdDSA"
	}
	if !Known(h.alg) || len(p.rules.Algs) > 0 && !slices.ContainsFunc(p.rules.Algs, func(a string) bool {
		return a == h.alg || a == "Ed25519" && h.alg == "EdDSA"
	}) {
		return fail(ErrAlgorithm, "the algorithm is not accepted")
	}
	if h.object.Has("typ") && h.typ == "" {
		return fail(ErrMalformed, "the token's type is empty")
	}
	typ := mediaType(h.typ)
	if !slices.ContainsFunc(p.rules.Types, func(t string) bool { return mediaType(t) == typ }) {
		return fail(ErrMalformed, "the token is of another type")
	}
	return nil
}

// mediaType is t in lower case without "application/". Only ASCII has case here:
// Unicode folding would make two spellings of one typ.
func mediaType(t string) string {
	b := []byte(t)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return strings.TrimPrefix(string(b), "application/")
}
