package cms

import (
	"bytes"
	"time"
)

// heldCRL is a verified revocation list.
type heldCRL struct {
	*CRL
	signer *Certificate
	anchor Scope
}

// AddCRL verifies a revocation list and takes it in, in the place of an older one
// by the same signer. The signer's path must end at an anchor, for whatever use.
// An older list than the one held is Rollback.
func (s *Store) AddCRL(der []byte, p Policy) error {
	list, err := ParseCRL(der)
	if err != nil {
		return err
	}
	if err := p.demand(!list.critical, Critical); err != nil {
		return in("CRL", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	w := walk{store: s, query: Query{Country: list.Issuer.Country(), Policy: p}, anyUse: true}
	path, err := w.search(claim{list.signed, list.Issuer, list.AuthorityKeyID, crlSign}, nil)
	if err != nil {
		return err
	}
	h := &heldCRL{list, path.Certificates[0], path.Anchor}
	for i, old := range s.crls {
		if !bytes.Equal(old.signer.Raw, h.signer.Raw) {
			continue
		}
		if bytes.Equal(old.signed.whole, h.signed.whole) {
			return nil
		}
		if err := p.demand(h.ThisUpdate.After(old.ThisUpdate), Rollback); err != nil {
			return in("CRL", err)
		}
		s.crls[i] = h
		return nil
	}
	if len(s.crls) >= maxHeld {
		return at("Store", TooLarge)
	}
	s.crls = append(s.crls, h)
	return nil
}

// Revocation asks the revocation lists about every certificate of the path but
// the anchor. It is nil if all have a current list and none is on it, else
// Revoked before NoCRL before StaleCRL. A list that is out of date still revokes.
func (p *Path) Revocation(now time.Time) error {
	p.store.mu.RLock()
	defer p.store.mu.RUnlock()
	worst := Reason("")
	for _, c := range p.Certificates[:len(p.Certificates)-1] {
		r := p.store.revocation(c, p.Anchor, now)
		if worst == "" || r == Revoked || r == NoCRL && worst == StaleCRL {
			worst = r
		}
	}
	return in("certificate", p.policy.demand(worst == "", worst))
}

// revocation looks one certificate up, "" if it has a current list and is not on
// it.
func (s *Store) revocation(c *Certificate, anchor Scope, now time.Time) Reason {
	result := NoCRL
	for _, l := range s.crls {
		if !l.speaksOf(c.Issuer) || l.anchor.Country != anchor.Country || l.anchor.Uses&anchor.Uses == 0 {
			continue
		}
		if l.lists(c.Serial) {
			return Revoked
		}
		if l.fresh(now) {
			result = ""
		} else if result == NoCRL {
			result = StaleCRL
		}
	}
	return result
}
