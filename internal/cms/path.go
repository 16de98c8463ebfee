package cms

import "time"

const (
	maxPath   = 4  // certificates in a path: a signer, two links and an anchor
	maxChecks = 64 // signatures that one search verifies
)

// A Query says what a signer is asked to be. The zero Query finds nothing.
type Query struct {
	Use          Use    // exactly one
	Country      string // of the document, two capital letters; not asked ForLists
	DocumentType string // of the MRZ, without fillers: "ID", "P"; not asked ForLists
	Policy       Policy
}

// A Path leads from a signer to a trust anchor. Every signature on it is good,
// and every certificate may do what it does there; times and revocation are
// separate questions.
type Path struct {
	Certificates []*Certificate // the signer first, the anchor last
	Anchor       Scope
	List         string // country of the master list that brought the anchor, "" if it was given out of band

	store  *Store
	policy Policy
}

// Path finds a path from a signer to an anchor. NoAnchor says that the issuer is
// not known, and so nothing about the signer; other refusals say that something
// is wrong on every way to an anchor.
func (s *Store) Path(signer *Certificate, q Query) (*Path, error) {
	if err := q.admits(signer); err != nil {
		return nil, in("signer", err)
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	w := walk{store: s, query: q}
	return w.search(signer.claim(), []*Certificate{signer})
}

// admits checks the signer's own certificate.
func (q Query) admits(c *Certificate) error {
	p := q.Policy
	if err := p.demand(!c.unknown, Critical); err != nil {
		return err
	}
	if err := p.demand(c.hasUsage && c.usage&digitalSignature != 0, KeyUsage); err != nil {
		return err
	}
	if q.Use == ForLists {
		return p.demand(c.signsLists(), Purpose)
	}
	if err := p.demand(!c.special(), Purpose); err != nil {
		return err
	}
	return p.demand(c.signs(q.DocumentType), DocumentType)
}

// A claim is something signed that looks for its signer.
type claim struct {
	signed signed
	issuer Name
	keyID  []byte // of the issuer's key, nil if it does not say
	use    usage  // what the issuer's key must be for
}

func (c *Certificate) claim() claim {
	return claim{c.signed, c.Issuer, c.AuthorityKeyID, keyCertSign}
}

// walk is one search for a path.
type walk struct {
	store  *Store
	query  Query
	anyUse bool
	checks int
	best   error // of all refusals the first that came past the anchor's scope
}

func (w *walk) search(c claim, below []*Certificate) (*Path, error) {
	if p := w.from(c, below); p != nil {
		return p, nil
	}
	if w.best == nil {
		return nil, NoAnchor
	}
	return nil, w.best
}

// from looks for a way from a claim to an anchor.
func (w *walk) from(c claim, below []*Certificate) *Path {
	for _, h := range w.store.candidates(c) {
		p, err := w.try(h, c, below)
		if p != nil {
			return p
		}
		if err != nil && (w.best == nil || is(w.best, OutOfScope)) {
			w.best = err
		}
	}
	return nil
}

func is(err error, r Reason) bool {
	e, ok := err.(*Error)
	return ok && e.Reason == r
}

// try goes one step up, to the issuer h.
func (w *walk) try(h *held, c claim, below []*Certificate) (*Path, error) {
	issuer, err := h.load()
	if err != nil {
		return nil, err
	}
	if h.rooted && !h.anchor() {
		return nil, nil // a key that only vouches for itself leads nowhere
	}
	if h.anchor() {
		if err := w.scope(h); err != nil {
			return nil, in("anchor", err)
		}
	}
	if w.checks++; w.checks > maxChecks || len(below) == maxPath {
		return nil, at("path", PathLength)
	}
	if err := w.query.Policy.issues(issuer, c.use, below); err != nil {
		return nil, in("issuer", err)
	}
	if err := w.store.check(issuer, c.signed, w.query.Policy); err != nil {
		return nil, in("issuer's signature", err)
	}
	path := append(below[:len(below):len(below)], issuer)
	if !h.anchor() {
		return w.from(issuer.claim(), path), nil
	}
	if err := w.country(h.scope.Country, path); err != nil {
		return nil, in("path", err)
	}
	return &Path{path, h.scope, h.list, w.store, w.query.Policy}, nil
}

// scope checks that the anchor is for this use.
func (w *walk) scope(h *held) error {
	use := w.query.Use
	return w.query.Policy.demand(w.anyUse || use != 0 && use&(use-1) == 0 && h.scope.Uses&use != 0, OutOfScope)
}

// country checks that all of the path is of one country, the document's. The
// signer of a list may be of any.
func (w *walk) country(country string, path []*Certificate) error {
	ok := country != "" && (w.query.Use == ForLists || w.query.Country == country)
	for _, c := range path {
		ok = ok && c.Issuer.Country() == country && c.Subject.Country() == country
	}
	return w.query.Policy.demand(ok, Country)
}

// issues checks that a certificate may sign what is directly below it.
func (p Policy) issues(c *Certificate, use usage, below []*Certificate) error {
	if err := p.demand(!c.unknown, Critical); err != nil {
		return err
	}
	if err := p.demand(c.CA, NotCA); err != nil {
		return err
	}
	if err := p.demand(!c.hasUsage || c.usage&use != 0, KeyUsage); err != nil {
		return err
	}
	authorities := 0
	for i, b := range below {
		if i > 0 && !b.selfIssued() {
			authorities++
		}
	}
	return p.demand(c.maxPath < 0 || authorities <= c.maxPath, PathLength)
}

// ValidAt checks that every certificate of the path is valid at a time: nil,
// NotYetValid or Expired.
func (p *Path) ValidAt(t time.Time) error {
	for _, c := range p.Certificates {
		if err := c.covers(t, p.policy); err != nil {
			return in("certificate", err)
		}
	}
	return nil
}

// SignedAt checks that the signer could sign at the time that it claims: all of
// the path was valid then, and so was the signer's private key.
func (p *Path) SignedAt(t time.Time) error {
	s := p.Certificates[0]
	ok := (s.KeyNotBefore.IsZero() || !t.Before(s.KeyNotBefore)) && (s.KeyNotAfter.IsZero() || !t.After(s.KeyNotAfter))
	for _, c := range p.Certificates {
		ok = ok && c.covers(t, Policy{}) == nil
	}
	return in("signing time", p.policy.demand(ok, KeyPeriod))
}
