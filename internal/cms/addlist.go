package cms

import (
	"bytes"
	"errors"
	"time"
)

// heldList is a verified master list.
type heldList struct {
	signed       time.Time
	digest       []byte // of the content, from the signed attributes
	certificates []held
}

// AddMasterList verifies a master list and takes its certificates in, in the
// place of those of an older list from the same country, for the uses that the
// caller names, never for lists. It needs an anchor ForLists above the signer. It
// returns how many certificates could not be indexed.
//
// How old a list is, its signing time says. A list that is not newer than the one
// held is Rollback, unless it is the same one. A caller that starts anew keeps
// the lists, and adds them oldest first.
func (s *Store) AddMasterList(list *MasterList, uses Use, now time.Time, p Policy) (skipped int, err error) {
	if uses == 0 || uses >= ForLists {
		return 0, at("master list", OutOfScope)
	}
	path, err := s.admitList(list, now, p)
	if err != nil {
		return 0, err
	}
	country := path.Anchor.Country
	h := &heldList{signed: list.SigningTime, digest: bytes.Clone(list.signer.message)}
	ders := list.Certificates()
	h.certificates = make([]held, 0, len(ders))
	for _, der := range ders {
		h.certificates = h.certificates[:len(h.certificates)+1]
		c := &h.certificates[len(h.certificates)-1]
		c.raw, c.list, c.scope = der, country, Scope{Uses: uses, Origin: path.Anchor.Origin}
		if c.index() != nil {
			h.certificates = h.certificates[:len(h.certificates)-1]
			skipped++
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.lists[country]
	if old != nil && bytes.Equal(old.digest, h.digest) && old.signed.Equal(h.signed) {
		return skipped, nil
	}
	if err := p.demand(old == nil || h.signed.After(old.signed), Rollback); err != nil {
		return 0, in("master list", err)
	}
	if s.lists == nil {
		s.lists = map[string]*heldList{}
	}
	s.lists[country] = h
	return skipped, nil
}

// admitList verifies who signed a list, and when.
func (s *Store) admitList(list *MasterList, now time.Time, p Policy) (*Path, error) {
	signer, err := list.Signer()
	if err != nil {
		return nil, err
	}
	path, err := s.Path(signer, Query{Use: ForLists, Policy: p})
	if err != nil {
		return nil, err
	}
	if list.SigningTime.IsZero() {
		return nil, at("signing time", Attribute) // ICAO Doc 9303-12 §9.1: required
	}
	if err := p.demand(!list.SigningTime.After(now), NotYetValid); err != nil {
		return nil, in("signing time", err)
	}
	if err := path.ValidAt(now); err != nil {
		return nil, err
	}
	if err := path.SignedAt(list.SigningTime); err != nil {
		return nil, err
	}
	if err := path.Revocation(now); errors.Is(err, Revoked) {
		return nil, err
	}
	if err := list.Verify(signer, p); err != nil {
		return nil, err
	}
	return path, nil
}
