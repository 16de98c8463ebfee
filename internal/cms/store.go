package cms

import (
	"bytes"
	"crypto/sha256"
	"slices"
	"sync"
)

// Use is what a trust anchor may vouch for, and what a Path is asked for.
type Use uint8

// The uses, which are added up in a Scope.
const (
	ForCards     Use = 1 << iota // identity cards
	ForPassports                 // passports
	ForLists                     // master lists
)

// Origin says where a trust anchor comes from. It is the caller's word and stands
// in every verdict that leans on the anchor.
type Origin uint8

// The origins.
const (
	FromTest     Origin = iota + 1 // made for tests: proves nothing about a person
	FromCaller                     // obtained by the caller
	FromProvider                   // handed over by a licensed provider
)

// Scope is what an anchor is trusted for. The zero Scope is refused.
type Scope struct {
	Country string // two capital letters, those of the certificate
	Uses    Use
	Origin  Origin
}

func (s Scope) complete() bool {
	return len(s.Country) == 2 && letter(s.Country[0]) && letter(s.Country[1]) &&
		s.Uses != 0 && s.Uses < ForLists<<1 && s.Origin >= FromTest && s.Origin <= FromProvider
}

// maxHeld bounds each kind of thing that a Store holds, maxGood the signatures
// that it remembers to be good.
const (
	maxHeld = 10000
	maxGood = 1024
)

// A Store holds trust anchors and what was learned under them. The zero Store is
// empty and ready for use; all methods may be called at the same time.
//
// Certificates of master lists are found by subject and key identifier and are
// read when a path first needs them.
type Store struct {
	mu      sync.RWMutex
	anchors []*held
	links   []*held
	lists   map[string]*heldList // by the country of the anchor above the signer
	crls    []*heldCRL
	good    remembered
}

// AddAnchor adds a certificate that the caller trusts and obtained out of band,
// in DER, which the Store keeps. It must be self-signed and of the scope's
// country.
func (s *Store) AddAnchor(der []byte, scope Scope) error {
	if !scope.complete() {
		return at("Scope", OutOfScope)
	}
	h := &held{raw: der, scope: scope}
	if err := h.index(); err != nil {
		return err
	}
	c, err := h.load()
	if err != nil {
		return err
	}
	if !h.rooted {
		return at("anchor", NotSelfSigned)
	}
	if c.Subject.Country() != scope.Country {
		return at("anchor", Country)
	}
	return s.hold(&s.anchors, h)
}

// AddLink adds a certificate, in DER, by which one key vouches for another: a
// link certificate (ICAO Doc 9303-12 §7.1.1, Table 6). It is trusted only in a path that
// ends at an anchor.
func (s *Store) AddLink(der []byte) error {
	h := &held{raw: der}
	if err := h.index(); err != nil {
		return err
	}
	if _, err := h.load(); err != nil {
		return err
	}
	return s.hold(&s.links, h)
}

func (s *Store) hold(where *[]*held, h *held) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	same := func(o *held) bool { return o.scope == h.scope && bytes.Equal(o.raw, h.raw) }
	switch {
	case slices.ContainsFunc(*where, same):
		return nil
	case len(*where) >= maxHeld:
		return at("Store", TooLarge)
	}
	*where = append(*where, h)
	return nil
}

// candidates returns what may have issued a claim: anchors given out of band,
// then certificates of master lists, then links. The caller holds the lock.
func (s *Store) candidates(c claim) (list []*held) {
	for _, h := range s.anchors {
		if h.answers(c) {
			list = append(list, h)
		}
	}
	for _, l := range s.lists {
		for i := range l.certificates {
			if h := &l.certificates[i]; h.answers(c) {
				list = append(list, h)
			}
		}
	}
	for _, h := range s.links {
		if h.answers(c) {
			list = append(list, h)
		}
	}
	return list
}

// check verifies a signature, once: the store remembers those that were good.
func (s *Store) check(issuer *Certificate, c signed, p Policy) error {
	if err := p.accepts(issuer.Key, c.algorithm); err != nil {
		return err
	}
	e := edge{issuer, sha256.Sum256(c.whole)}
	if s.good.has(e) {
		return nil
	}
	if !issuer.Key.verify(c.algorithm, c.body, c.signature) {
		return p.demand(false, BadSignature)
	}
	s.good.add(e)
	return nil
}

// remembered is a bounded set of signatures that were good. That one was good is
// a fact of arithmetic: it never becomes wrong.
type remembered struct {
	mu    sync.Mutex
	edges map[edge]struct{}
}

// edge is an issuer and the digest of something it signed.
type edge struct {
	issuer *Certificate
	whole  [sha256.Size]byte
}

func (r *remembered) has(e edge) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, ok := r.edges[e]
	return ok
}

func (r *remembered) add(e edge) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.edges == nil || len(r.edges) >= maxGood {
		r.edges = map[edge]struct{}{}
	}
	r.edges[e] = struct{}{}
}
