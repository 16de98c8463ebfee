package share

import (
	"bytes"
	"context"
	"errors"
	"sync"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/guard"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// StatusSource brings status lists (draft-ietf-oauth-status-list). What it brings is
// checked by the list's own signature and times, so it may be a cache, a file or a
// network. Its errors should be of kind vneid.ErrUnavailable; others without a kind
// count as such. It is safe for concurrent use, and nobody changes the bytes that it
// returned: an unchanged list should be the same bytes, which is the cheap case.
type StatusSource interface {
	// Fetch returns the compact JWT of the list at a URI, which is on the host of the
	// documents' issuer.
	Fetch(ctx context.Context, uri string) ([]byte, error)
}

// statusCache keeps lists that were verified, so that a document costs a look at two
// bits and not a signature and an inflation.
type statusCache struct {
	mu    sync.Mutex
	lists map[listKey]verifiedList
}

type verifiedList struct {
	raw  []byte
	list sdjwt.List
}

const maxLists = 256

// statuses looks up every document. It comes after all that needs no network.
func (r *reading) statuses() error {
	if r.source == nil && r.AcceptUnchecked {
		return nil
	}
	for _, p := range r.papers {
		if err := r.holds(p); err != nil {
			return err
		}
	}
	return nil
}

func (r *reading) holds(p *paperFacts) error {
	known := r.known(p)
	// A list that was verified before was on that host.
	if known.raw == nil && !guard.SameHost(p.status.URI, p.issuer) && r.on("status host") {
		return fault.New(vneid.ErrUntrusted, "a document's status list is not on its issuer's host")
	}
	raw, err := r.source.Fetch(r.ctx, p.status.URI)
	if err != nil {
		return from(err, "the status list")
	}
	list := known.list
	if known.raw == nil || !bytes.Equal(known.raw, raw) {
		if list, err = r.list(p, raw); err != nil {
			return err
		}
	}
	// The draft counts ttl from the fetch; counted from iat it bounds what a cache or
	// somebody in the way can hold back, and needs no memory of fetches.
	good := list.Issued().Add(list.TTL()).Add(r.MaxStale)
	if list.Expires().Before(good) {
		good = list.Expires()
	}
	if (r.now.After(good) || r.now.Add(r.Skew).Before(list.Issued())) && r.on("stale") {
		return fault.New(vneid.ErrUnavailable, "the status list is too old to say anything of today")
	}
	status, err := list.At(p.status, list.Issued()) // its own clock: of time we have just judged
	if err != nil {
		return kind(err, "the status list")
	}
	if status != sdjwt.Valid && r.on("revoked") {
		how := "revoked"
		if status == sdjwt.Suspended {
			how = "suspended"
		}
		return fault.New(vneid.ErrRevoked, "a document is %s by its issuer", how)
	}
	p.checked = list.Issued()
	if r.tokens == nil {
		r.tokens = make(map[string][]byte, 4)
	}
	r.tokens[p.status.URI] = raw
	return nil
}

// listKey names a list: what one issuer signed is not another's.
type listKey struct{ issuer, uri string }

// known returns the list that was verified last, if any.
func (r *reading) known(p *paperFacts) verifiedList {
	r.cache.mu.Lock()
	defer r.cache.mu.Unlock()
	return r.cache.lists[listKey{p.issuer, p.status.URI}]
}

// list verifies a list. Whether it is too old is the caller's matter.
func (r *reading) list(p *paperFacts, raw []byte) (sdjwt.List, error) {
	list, err := r.listReader.Read(string(raw), sdjwt.ListExpect{
		Verify: func(s sdjwt.Signed) error { return r.listed(p, s) }, URI: p.status.URI, Now: r.now, Skew: r.Skew,
	})
	switch {
	case errors.Is(err, sdjwt.ErrExpired), errors.Is(err, sdjwt.ErrEarly):
		return sdjwt.List{}, fault.New(vneid.ErrUnavailable, "the status list is not of today")
	case err != nil:
		return sdjwt.List{}, kind(err, "the status list")
	}
	r.cache.mu.Lock()
	defer r.cache.mu.Unlock()
	if r.cache.lists == nil || len(r.cache.lists) >= maxLists {
		r.cache.lists = make(map[listKey]verifiedList)
	}
	r.cache.lists[listKey{p.issuer, p.status.URI}] = verifiedList{raw, list}
	return list, nil
}

// listed checks that the documents' own issuer signed the list. A list need not name
// it, but names nobody else.
func (r *reading) listed(p *paperFacts, s sdjwt.Signed) error {
	if s.Issuer != "" && s.Issuer != p.issuer && r.on("status issuer") {
		return fault.New(vneid.ErrUntrusted, "the status list is by another issuer than the document")
	}
	if s.KeyID == "" && r.on("kid") {
		return malformed("the status list names no key")
	}
	err := r.Issuers[p.issuer].Keys.Verify(r.ctx, vneid.Signed{
		Use: vneid.UseStatus, Issuer: p.issuer, Alg: s.Alg, KeyID: s.KeyID, Input: s.Input, Signature: s.Signature,
	})
	if err != nil && r.on("status signature") {
		return from(err, "the status list's key check")
	}
	return nil
}
