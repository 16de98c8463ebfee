package qr

import (
	"context"
	"errors"
	"math"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// status looks the code up in its issuer's status list. A list that cannot be had,
// is too old or does not verify answers nothing: it is the list that is at fault,
// not who shows the code.
func (v *Verifier) status(ctx context.Context, d *details, now time.Time) (Status, error) {
	switch {
	case d.statusURI == "", v.off == "status":
		return StatusUnchecked, nil
	case v.cfg.Status != nil:
	case d.kind == Static && !v.cfg.AcceptUnchecked:
		return StatusUnchecked, errUnchecked
	default:
		return StatusUnchecked, nil
	}
	got, status, err := v.lookUp(ctx, d, now)
	switch {
	case err != nil && d.kind == Static && v.cfg.AcceptUnchecked:
		return status, nil
	case err != nil:
		return status, err
	case got == sdjwt.Valid:
		return StatusValid, nil
	case got == sdjwt.Suspended:
		return StatusSuspended, fault.New(vneid.ErrRevoked, "the issuer has suspended this")
	}
	return StatusRevoked, fault.New(vneid.ErrRevoked, "the issuer has withdrawn this")
}

func (v *Verifier) lookUp(ctx context.Context, d *details, now time.Time) (sdjwt.Status, Status, error) {
	raw, err := v.cfg.Status.Fetch(ctx, d.statusURI)
	if err != nil {
		return 0, StatusUnchecked, unavailable(err, "the status list cannot be had")
	}
	list, err := v.lists.Read(string(raw), sdjwt.ListExpect{
		URI: d.statusURI, Now: now, Skew: v.cfg.Skew,
		Verify: func(s sdjwt.Signed) error { return v.listSigned(ctx, d, s) },
	})
	if errors.Is(err, sdjwt.ErrExpired) {
		return 0, StatusStale, fault.New(vneid.ErrUnavailable, "the status list is too old")
	}
	if err != nil {
		return 0, StatusUnchecked, unavailable(err, "the status list does not hold")
	}
	if d.statusIndex > math.MaxUint32 {
		return 0, StatusUnchecked, fault.New(vneid.ErrUnavailable, "the status list does not reach the code")
	}
	got, err := list.At(sdjwt.Reference{URI: d.statusURI, Index: uint32(d.statusIndex)}, now)
	if errors.Is(err, sdjwt.ErrExpired) { // within Skew of its end
		return 0, StatusStale, fault.New(vneid.ErrUnavailable, "the status list is too old")
	}
	if err != nil {
		return 0, StatusUnchecked, fault.New(vneid.ErrUnavailable, "the status list does not reach the code")
	}
	return got, StatusUnchecked, nil
}

// listSigned asks for the signature of the issuer who signed the code.
func (v *Verifier) listSigned(ctx context.Context, d *details, s sdjwt.Signed) error {
	if v.off == "list" {
		return nil
	}
	if s.Issuer != "" && s.Issuer != d.issuer {
		return vneid.ErrUntrusted
	}
	return v.cfg.Keys.Verify(ctx, vneid.Signed{
		Use: vneid.UseStatus, Issuer: d.issuer, Alg: s.Alg, KeyID: s.KeyID, Input: s.Input, Signature: s.Signature,
	})
}

// unavailable keeps of err what says when to try again, or that the caller has given
// up, and no kind of its own.
func unavailable(err error, text string) error {
	if !only(err, vneid.ErrUnavailable) && errors.As(err, new(vneid.Kind)) {
		err = nil
	}
	return fault.Wrap(vneid.ErrUnavailable, err, "%s", text)
}
