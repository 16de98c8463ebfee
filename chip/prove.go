package chip

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/vneid-sdk/vneid-go/internal/apdu"
	"github.com/vneid-sdk/vneid-go/internal/cms"
	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/handshake"
	"github.com/vneid-sdk/vneid-go/internal/lds"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Names of the proofs, as checks and in a Dump's unread list.
const (
	checkActive = "active-authentication"
	checkChip   = "chip-authentication"
	checkCAM    = "pace-cam"
)

// chipAuthentication runs Chip Authentication with the key of DG14, unless PACE
// has mapped the chip's key already. A refusal is noted; the verifier judges it.
func (r *reading) chipAuthentication(ctx context.Context) error {
	if r.mapped != nil {
		return nil
	}
	infos, err := lds.DG14(r.dump.files[groupName(14)])
	if err != nil { // not read, or of no known form: the verifier says what that means
		return nil
	}
	run, key, ok := chooseChip(infos)
	if !ok {
		return nil
	}
	session, err := run.Run(ctx, r.send)
	var refused *handshake.StatusError
	if errors.As(err, &refused) {
		r.event(Event{Step: "chip authentication", SW: refused.SW})
		r.dump.claimed.Chip = fmt.Sprintf("%04X", refused.SW)
		return nil
	}
	if err != nil {
		return failure("chip authentication", err)
	}
	r.replace(session)
	r.chipKey = key
	return nil
}

// chooseChip prefers elliptic curves and long keys.
func chooseChip(infos *lds.SecurityInfos) (run handshake.ChipAuth, key []byte, ok bool) {
	offers := slices.Clone(infos.Chip)
	if len(offers) == 0 && len(infos.ChipKeys) > 0 { // a key alone stands for 3DES
		for _, k := range infos.ChipKeys {
			offers = append(offers, lds.ChipInfo{Protocol: lds.Protocol{EC: k.EC, Suite: 1}, KeyID: k.KeyID})
		}
	}
	rank := func(c lds.ChipInfo) int {
		if c.Protocol.EC {
			return 10 + int(c.Protocol.Suite)
		}
		return int(c.Protocol.Suite)
	}
	slices.SortStableFunc(offers, func(a, b lds.ChipInfo) int { return rank(b) - rank(a) })
	for _, c := range offers {
		k, found := infos.Key(c)
		if !found {
			continue
		}
		static, err := k.Agreement()
		if err != nil {
			continue
		}
		return handshake.ChipAuth{Protocol: c.Protocol, Key: static, KeyID: k.KeyID, Ambiguous: len(infos.ChipKeys) > 1}, k.Info, true
	}
	return run, nil, false
}

// activeAuthentication has the chip sign the challenge.
func (r *reading) activeAuthentication(ctx context.Context) error {
	if r.options.Challenge == nil || r.dump.files[groupName(15)] == nil {
		return nil
	}
	c := apdu.Command{INS: insInternal, Data: r.options.Challenge.Nonce, Expect: 256}
	if r.answerSize() > r.fits(false) && !r.short { // ICAO Doc 9303-11 §6.1.4, note
		c.Expect = 65536
	}
	answer, sw, err := r.send(ctx, c)
	if err != nil {
		return failure("active authentication", err)
	}
	r.event(Event{Step: "active authentication", SW: sw})
	if sw != swOK || len(answer) == 0 || len(answer) > maxAnswer {
		return nil // no answer: the verifier says what that means
	}
	r.dump.challenge, r.dump.answer = r.options.Challenge.ID, slices.Clone(answer)
	return nil
}

const (
	nonceSize = 8
	maxAnswer = 1024
)

// answerSize is how long a signature of the key in DG15 is.
func (r *reading) answerSize() int {
	info, err := lds.DG15(r.dump.files[groupName(15)])
	if err != nil {
		return 0
	}
	key, err := cms.ParsePublicKey(info)
	if err != nil || key.RSA() == nil {
		return 0
	}
	return key.RSA().Size()
}

// proveSession ends the reading with what this process saw the chip prove. Chip
// Authentication is proven by an answer under its keys: where none was needed
// since, one is asked for.
func (r *reading) proveSession(ctx context.Context) error {
	if err := unavailable(ctx, "the reading"); err != nil {
		return err
	}
	if r.chipKey == nil && r.mapped == nil {
		return nil
	}
	if r.chipKey != nil && !r.proven {
		_, sw, err := r.send(ctx, apdu.Command{INS: insRead, P1: 0x80 | shortIDs[fileSOD], Expect: 8})
		if err != nil {
			return failure("chip authentication", err)
		}
		if sw != swOK && sw != swEndOfFile {
			return fault.New(vneid.ErrSignature, "chip authentication: the card refuses its own session")
		}
	}
	r.dump.live = &live{at: r.options.Now(), chipKey: r.chipKey, mapped: r.mapped}
	return nil
}
