package chip

import (
	"bytes"
	"crypto"
	"errors"
	"slices"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/activeauth"
	"github.com/vneid-sdk/vneid-go/internal/cms"
	"github.com/vneid-sdk/vneid-go/internal/ec"
	"github.com/vneid-sdk/vneid-go/internal/lds"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// maxLive is how long after the reading its session still proves the chip.
const maxLive = 5 * time.Minute

// proofs checks the three ways in which a chip proves itself, and whether one of
// them did. Keys count once the files that hold them are authentic; without that,
// a forger brings a key of his own.
func (e *examination) proofs() {
	if !e.trusted() {
		for _, name := range []string{checkActive, checkChip, checkCAM} {
			e.note(name, Inconclusive, "not-authentic", vneid.ErrUntrusted)
		}
		e.note(checkGenuine, Inconclusive, "not-authentic", vneid.ErrUntrusted)
		return
	}
	e.active()
	e.chip()
	e.cam()
	switch {
	case e.passed(checkActive) || e.passed(checkChip) || e.passed(checkCAM):
		e.pass(checkGenuine, "")
	case !e.sod.Lists(14) && !e.sod.Lists(15) && find(e.checks, checkCAM).Status == NotApplicable:
		e.note(checkGenuine, NotApplicable, "chip-cannot-prove", vneid.ErrUntrusted)
	default:
		e.note(checkGenuine, Inconclusive, "chip-unproven", vneid.ErrUntrusted)
	}
}

// active checks Active Authentication over a challenge of this verifier.
func (e *examination) active() {
	switch {
	case !e.sod.Lists(15):
		e.note(checkActive, NotApplicable, "", 0)
		return
	case e.group(15) == nil:
		e.note(checkActive, Inconclusive, "dg15-unread", vneid.ErrUntrusted)
		return
	case e.dump.answer == nil:
		e.note(checkActive, Inconclusive, "no-answer", vneid.ErrUntrusted)
		return
	}
	c, reason, kind := e.recall(e.dump.challenge, e.options.Session, e.now)
	if reason != "" {
		e.note(checkActive, Failed, reason, kind)
		return
	}
	info, err := lds.DG15(e.group(15))
	var key *cms.PublicKey
	if err == nil {
		key, err = cms.ParsePublicKey(info)
	}
	if err != nil {
		e.note(checkActive, Inconclusive, "unknown-key", vneid.ErrUntrusted)
		return
	}
	var declared crypto.Hash
	if e.infos != nil {
		declared = e.infos.ActiveHash
	}
	hash, ok := activeauth.Verify(key, declared, c.nonce, e.dump.answer)
	if !ok {
		e.note(checkActive, Failed, "bad-signature", vneid.ErrSignature)
		return
	}
	e.challenge = c
	if hash == crypto.SHA1 {
		e.pass(checkActive, "sha-1")
		return
	}
	e.pass(checkActive, "")
}

// chip checks Chip Authentication, which this process alone can have seen.
func (e *examination) chip() {
	switch live := e.dump.live; {
	case !e.sod.Lists(14):
		e.note(checkChip, NotApplicable, "", 0)
	case e.infos == nil:
		e.note(checkChip, Inconclusive, unread14, vneid.ErrUntrusted)
	case len(e.infos.ChipKeys) == 0:
		e.note(checkChip, NotApplicable, "", 0)
	case e.dump.claimed.Chip != "":
		e.note(checkChip, Inconclusive, "refused", vneid.ErrUntrusted)
	case live == nil:
		e.note(checkChip, Inconclusive, "not-transferable", vneid.ErrUntrusted)
	case live.chipKey == nil:
		e.note(checkChip, Inconclusive, "not-run", vneid.ErrUntrusted)
	case e.stale(live):
		e.note(checkChip, Inconclusive, "too-long-ago", vneid.ErrUntrusted)
	case !e.holdsKey(live.chipKey): // the key came from this DG14, so this cannot happen
		e.note(checkChip, Failed, "other-key", vneid.ErrSignature)
	default:
		e.pass(checkChip, "")
	}
}

func (e *examination) stale(l *live) bool {
	return e.now.Before(l.at.Add(-maxSkew)) || !e.now.Before(l.at.Add(maxLive))
}

func (e *examination) holdsKey(info []byte) bool {
	for _, k := range e.infos.ChipKeys {
		if bytes.Equal(k.Info, info) {
			return true
		}
	}
	return false
}

// cam checks what PACE with chip authentication mapping left.
func (e *examination) cam() {
	switch live := e.dump.live; {
	case !e.offersCAM():
		e.note(checkCAM, NotApplicable, "", 0)
	case live == nil:
		e.note(checkCAM, Inconclusive, "not-transferable", vneid.ErrUntrusted)
	case live.mapped == nil:
		e.note(checkCAM, Inconclusive, "not-run", vneid.ErrUntrusted)
	case e.stale(live):
		e.note(checkCAM, Inconclusive, "too-long-ago", vneid.ErrUntrusted)
	default:
		e.mapping(live)
	}
}

// offersCAM reports whether the card lists the mapping, signed or not: what it
// proves is checked against signed keys.
func (e *examination) offersCAM() bool {
	offered, _ := e.offered() // nil if it is malformed, as another check says
	for _, infos := range []*lds.SecurityInfos{offered, e.infos} {
		if infos != nil && slices.ContainsFunc(infos.PACE, func(p lds.PACEInfo) bool { return p.Protocol.Mapping == lds.ChipAuthentication }) {
			return true
		}
	}
	return false
}

// mapping checks the proof against every signed key with the right number.
func (e *examination) mapping(l *live) {
	keys, reason := e.mappingKeys(l.mapped.Parameter)
	switch {
	case len(keys) == 0:
		e.note(checkCAM, Inconclusive, reason, vneid.ErrUntrusted)
		return
	}
	for _, k := range keys {
		if l.mapped.Proves(k) {
			e.pass(checkCAM, "")
			return
		}
	}
	e.note(checkCAM, Failed, "other-key", vneid.ErrSignature)
}

// mappingKeys collects the keys of EF.CardSecurity, if its signer is trusted as the
// signed object's is, and of DG14.
func (e *examination) mappingKeys(number int) (keys []ec.Point, reason string) {
	reason = "no-signed-key"
	var lists []*lds.SecurityInfos
	if e.infos != nil {
		lists = append(lists, e.infos)
	}
	if file := e.file(fileCardSecurity); file != nil {
		infos, err := e.cardSecurity(file)
		if err != nil {
			reason = "card-security-untrusted"
		} else {
			lists = append(lists, infos)
		}
	}
	for _, infos := range lists {
		for _, k := range infos.ChipKeys {
			if k.KeyID != number {
				continue
			}
			if key, err := k.Agreement(); err == nil && key.Point.Curve() != 0 {
				keys = append(keys, key.Point)
			}
		}
	}
	return keys, reason
}

// cardSecurity verifies EF.CardSecurity as the signed object was.
func (e *examination) cardSecurity(file []byte) (*lds.SecurityInfos, error) {
	s, err := cms.ParseCardSecurity(file)
	if err != nil {
		return nil, err
	}
	signer, err := s.Signer()
	if err != nil {
		return nil, err
	}
	path, err := e.wayFrom(signer)
	if err != nil {
		return nil, err
	}
	if err := e.inTime(path, s.SigningTime); err != nil {
		return nil, err
	}
	if err := path.Revocation(e.now); errors.Is(err, cms.Revoked) || err != nil && e.cfg.RequireCRL {
		return nil, err
	}
	if err := s.Verify(signer, e.trust.policy); err != nil {
		return nil, err
	}
	return lds.CardAccess(s.Infos())
}
