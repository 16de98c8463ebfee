package chip

import (
	"errors"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/cms"
	"github.com/vneid-sdk/vneid-go/internal/lds"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// countries are the States whose documents are read, as the zone and as
// certificates write them (ICAO Doc 9303-3 §5).
var countries = map[string]string{"VNM": "VN"}

// Reason codes that the policy looks at.
const (
	notForThis    = "not-for-this-document"
	noChain       = "no-chain"
	downgrade     = "downgrade"
	unsignedOffer = "unsigned-offer"
	unread14      = "dg14-unread"
)

// chain checks the way from the signer to an anchor, and what the way is for.
func (e *examination) chain() {
	if e.signer == nil || e.zone.IsZero() {
		for _, name := range []string{checkChain, checkRevocation, checkState, checkType} {
			e.note(name, Inconclusive, "nothing-signed", vneid.ErrMalformed)
		}
		return
	}
	q := cms.Query{Use: cms.ForCards, Country: countries[e.zone.State()], DocumentType: e.zone.documentType(), Policy: e.trust.policy}
	if e.fields.Passport {
		q.Use = cms.ForPassports
	}
	path, err := e.trust.store.Path(e.signer, q)
	e.path = path
	otherState, otherType := errors.Is(err, cms.Country), errors.Is(err, cms.DocumentType)
	switch {
	case err == nil:
		e.times()
	case errors.Is(err, cms.NoAnchor):
		e.note(checkChain, Inconclusive, "no-anchor", vneid.ErrUntrusted)
	case otherState, otherType: // the way exists and is for something else
		e.note(checkChain, Inconclusive, notForThis, vneid.ErrUntrusted)
	default:
		reason, kind := code(err)
		e.note(checkChain, Failed, reason, kind)
	}
	e.revocation()
	for name, other := range map[string]bool{checkState: otherState, checkType: otherType} {
		switch {
		case other:
			reason, kind := code(err)
			e.note(name, Failed, reason, kind)
		case err != nil:
			e.note(name, Inconclusive, noChain, vneid.ErrUntrusted)
		default:
			e.pass(name, "")
		}
	}
	slices.SortStableFunc(e.checks, func(a, b Check) int { return slices.Index(order, a.Name) - slices.Index(order, b.Name) })
}

// order is that of the package comment.
var order = []string{
	checkSOD, checkDigests, checkChain, checkRevocation, checkState, checkType, checkCOM, checkAccess, checkPerson,
	checkActive, checkChip, checkCAM, checkGenuine, checkExpiry, checkStatus, checkConsent, checkProvider,
}

// times checks the chain now and when the data was signed.
func (e *examination) times() {
	err := e.path.ValidAt(e.now)
	signed := e.sod.SigningTime
	if err == nil && !signed.IsZero() {
		err = e.path.SignedAt(signed)
	}
	switch {
	case err != nil:
		reason, kind := code(err)
		e.note(checkChain, Failed, reason, kind)
	case signed.IsZero():
		e.pass(checkChain, "no-signing-time")
	default:
		e.pass(checkChain, "")
	}
}

// revocation asks the lists at hand.
func (e *examination) revocation() {
	if e.path == nil {
		e.note(checkRevocation, Inconclusive, noChain, vneid.ErrUntrusted)
		return
	}
	err := e.path.Revocation(e.now)
	if err == nil {
		e.pass(checkRevocation, "")
		return
	}
	reason, kind := code(err)
	switch {
	case errors.Is(err, cms.Revoked):
		e.note(checkRevocation, Failed, reason, kind)
	case errors.Is(err, cms.StaleCRL):
		e.note(checkRevocation, Inconclusive, reason, kind)
	default:
		e.note(checkRevocation, Unavailable, reason, kind)
	}
}

// com compares EF.COM, which nobody signed, with the signed object.
func (e *examination) com() {
	file := e.file(fileCOM)
	switch {
	case e.sod == nil:
		e.note(checkCOM, Inconclusive, "no-signed-object", vneid.ErrMalformed)
		return
	case file == nil:
		e.note(checkCOM, Inconclusive, "unread", vneid.ErrMalformed)
		return
	}
	listed, err := lds.COM(file)
	if err != nil {
		e.note(checkCOM, Failed, "malformed", vneid.ErrMalformed)
		return
	}
	for n := 1; n <= 16; n++ {
		switch in := slices.Contains(listed, n); {
		case in && !e.sod.Lists(n):
			e.note(checkCOM, Failed, "lists-unsigned", vneid.ErrSignature)
			return
		case !in && e.sod.Lists(n):
			e.note(checkCOM, Failed, "omits-signed", vneid.ErrSignature)
			return
		}
	}
	e.pass(checkCOM, "")
}

// cardAccess compares EF.CardAccess, which nobody signed, and the way in that the
// terminal claims, with what DG14 signs.
func (e *examination) cardAccess() {
	switch {
	case !e.authentic():
		e.note(checkAccess, Inconclusive, "not-authentic", vneid.ErrSignature)
		return
	case !e.sod.Lists(14):
		e.note(checkAccess, NotApplicable, "", 0)
		return
	case e.infos == nil:
		e.note(checkAccess, Inconclusive, unread14, vneid.ErrUntrusted)
		return
	}
	offered := new(lds.SecurityInfos)
	if file := e.file(fileCardAccess); file != nil {
		var err error
		if offered, err = lds.CardAccess(file); err != nil {
			e.note(checkAccess, Failed, "malformed", vneid.ErrMalformed)
			return
		}
	}
	for _, p := range e.infos.PACE {
		if !offered.Has(p) {
			e.note(checkAccess, Failed, downgrade, vneid.ErrUntrusted)
			return
		}
	}
	e.unsigned(offered)
}

// unsigned looks at ways that EF.CardAccess offers and DG14 does not sign. Chips
// whose DG14 has none at all exist; where it has some, another one was added.
func (e *examination) unsigned(offered *lds.SecurityInfos) {
	foreign := slices.ContainsFunc(offered.PACE, func(p lds.PACEInfo) bool { return !e.infos.Has(p) })
	switch protocol := e.dump.claimed.Protocol; {
	case len(e.infos.PACE) > 0 && protocol == "BAC":
		e.note(checkAccess, Failed, downgrade, vneid.ErrUntrusted)
	case len(e.infos.PACE) > 0 && foreign:
		e.note(checkAccess, Failed, unsignedOffer, vneid.ErrUntrusted)
	case len(offered.PACE) > 0 && foreign:
		e.note(checkAccess, Inconclusive, unsignedOffer, vneid.ErrUntrusted)
	default:
		e.pass(checkAccess, "")
	}
}
