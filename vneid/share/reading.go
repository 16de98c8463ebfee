package share

import (
	"context"
	"errors"
	"time"

	"github.com/vneid-sdk/vneid-go/internal/fault"
	"github.com/vneid-sdk/vneid-go/internal/jws"
	"github.com/vneid-sdk/vneid-go/internal/sdjwt"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// reading is one answer on its way through the checks. Nothing of it is shown to
// anybody before all of them are through.
type reading struct {
	*Verifier
	ctx    context.Context
	want   Expect
	now    time.Time
	text   parts
	source StatusSource

	answer
}

// answer is what is known after them.
type answer struct {
	verifier *Verifier
	parts    parts
	want     Expect
	verified time.Time
	tokens   map[string][]byte // status lists as they came, by their URI

	envelope
	receipt   Receipt
	papers    []*paperFacts
	integrity Integrity
	kept      *Grant // of an answer that a Client got
}

// read makes all checks but that the answer was not taken before. Those about the
// whole come after those about its parts, and those that a person could do something
// about after those that show a forgery.
func (r *reading) read() (*answer, error) {
	for _, step := range [...]func() error{
		r.readEnvelope, r.readReceipt, r.readDocuments, r.asked, r.agreed, r.onePerson, r.approved, r.strong, r.statuses,
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	a := &r.answer
	a.verifier, a.parts, a.want, a.verified, a.integrity = r.Verifier, r.text, r.want, r.now, Signed
	return a, nil
}

// signature checks what the platform itself signed.
func (r *reading) signature(token *jws.Token, use vneid.Use, iss string, check string) error {
	if iss != r.Platform && r.on(check+" issuer") {
		return fault.New(vneid.ErrUntrusted, "the %s is by another issuer than Verifier.Platform", use)
	}
	if token.KeyID == "" && r.on("kid") {
		return fault.New(vneid.ErrMalformed, "the %s names no key", use)
	}
	s := vneid.Signed{Use: use, Issuer: r.Platform, Alg: token.Alg, KeyID: token.KeyID, Input: token.Input, Signature: token.Signature}
	if err := r.Keys.Verify(r.ctx, s); err != nil && r.on(check+" signature") {
		return from(err, "the "+string(use)+"'s key check")
	}
	return nil
}

// lasts checks that something holds now. A zero bound is absent. The error has the one
// bound that was broken: a beginning within the skew would make an end read as early.
func (r *reading) lasts(from, until time.Time) error {
	if !from.IsZero() && r.now.Add(r.Skew).Before(from) {
		return &vneid.TimeError{NotBefore: from, Now: r.now}
	}
	if !until.IsZero() && !r.now.Before(until.Add(r.Skew)) {
		return &vneid.TimeError{NotAfter: until, Now: r.now}
	}
	return nil
}

// kind gives an error of the strict front ends its kind.
func kind(err error, what string) error {
	var known vneid.Kind
	switch {
	case err == nil:
		return nil
	case errors.As(err, &known):
		return err // of a key set: from has worded it
	case errors.Is(err, jws.ErrAlgorithm), errors.Is(err, jws.ErrKey):
		known = vneid.ErrUntrusted
	case errors.Is(err, jws.ErrSignature):
		known = vneid.ErrSignature
	case errors.Is(err, sdjwt.ErrMismatch):
		known = vneid.ErrMismatch
	case errors.Is(err, sdjwt.ErrExpired):
		known = vneid.ErrExpired
	case errors.Is(err, sdjwt.ErrEarly):
		known = vneid.ErrNotYetValid
	case errors.Is(err, jws.ErrMalformed):
		known = vneid.ErrMalformed
	default:
		return err
	}
	return fault.New(known, "%s: %s", what, err.Error())
}

// from words an error of the caller's KeySet, Replay or StatusSource. It keeps the
// kind and the details, and the text if this module wrote it. Another's error without a
// kind means that the check could not be made, our own that something is not
// configured. Of several kinds the first counts.
func from(err error, what string) error {
	text, own := fault.Own(err)
	var kind vneid.Kind
	found := errors.As(err, &kind)
	if own && !found {
		return fault.Wrap(nil, err, "%s: %s", what, text)
	}
	if kind < vneid.ErrMalformed || kind > vneid.ErrUnavailable {
		kind = vneid.ErrUnavailable
	}
	if !own {
		text = kind.Error()
	}
	for k := vneid.ErrMalformed; found && k <= vneid.ErrUnavailable; k++ {
		if errors.Is(err, k) != (k == kind) {
			err = nil // it would match the others too
			break
		}
	}
	return fault.Wrap(kind, err, "%s: %s", what, text)
}
