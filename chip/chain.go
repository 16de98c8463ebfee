package chip

import (
	"errors"
	"slices"
	"time"

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
	path, err := e.wayFrom(e.signer)
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

// wayFrom looks for a way from a signer to an anchor for such documents.
func (e *examination) wayFrom(signer *cms.Certificate) (*cms.Path, error) {
	q := cms.Query{Use: cms.ForCards, Country: countries[e.zone.State()], DocumentType: e.zone.documentType(), Policy: e.trust.policy}
	if e.fields.Passport {
		q.Use = cms.ForPassports
	}
	return e.trust.store.Path(signer, q)
}

// inTime checks a way now, and when its signer says that it signed, which is over.
func (e *examination) inTime(p *cms.Path, signed time.Time) error {
	if err := p.ValidAt(e.now); err != nil || signed.IsZero() {
		return err
	}
	if signed.After(e.now.Add(maxSkew)) {
		return signedLater
	}
	return p.SignedAt(signed)
}

// signedLater is a refusal besides those of package cms.
const signedLater cms.Reason = "signed later than now"

// times checks the chain now and when the data was signed.
func (e *examination) times() {
	signed := e.sod.SigningTime
	err := e.inTime(e.path, signed)
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

// offered reads EF.CardAccess, which nobody signed; empty if it is not there.
func (e *examination) offered() (*lds.SecurityInfos, error) {
	file := e.file(fileCardAccess)
	if file == nil {
		return new(lds.SecurityInfos), nil
	}
	return lds.CardAccess(file)
}

// cardAccess compares what EF.CardAccess offers with the way in that the terminal
// claims, and with what DG14 signs. Chips whose DG14 signs no way in exist; where it
// signs some, another one was added.
func (e *examination) cardAccess() {
	offered, err := e.offered()
	switch {
	case !e.authentic():
		e.note(checkAccess, Inconclusive, "not-authentic", vneid.ErrSignature)
	case err != nil:
		e.note(checkAccess, Failed, "malformed", vneid.ErrMalformed)
	case len(offered.PACE) > 0 && e.dump.claimed.Protocol == protocolBAC:
		e.note(checkAccess, Failed, downgrade, vneid.ErrUntrusted)
	case !e.sod.Lists(14):
		e.note(checkAccess, NotApplicable, "", 0)
	case e.infos == nil:
		e.note(checkAccess, Inconclusive, unread14, vneid.ErrUntrusted)
	case lacks(offered, e.infos):
		e.note(checkAccess, Failed, downgrade, vneid.ErrUntrusted)
	case lacks(e.infos, offered) && len(e.infos.PACE) > 0:
		e.note(checkAccess, Failed, unsignedOffer, vneid.ErrUntrusted)
	case lacks(e.infos, offered):
		e.note(checkAccess, Inconclusive, unsignedOffer, vneid.ErrUntrusted)
	case len(e.infos.PACE) == 0:
		e.note(checkAccess, NotApplicable, "", 0)
	default:
		e.pass(checkAccess, "")
	}
}

// lacks reports whether one list lacks a way to run PACE that the other has.
func lacks(one, other *lds.SecurityInfos) bool {
	return slices.ContainsFunc(other.PACE, func(p lds.PACEInfo) bool { return !one.Has(p) })
}
