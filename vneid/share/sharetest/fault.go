package sharetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// refusals are the defects of a deployment by the kind with which package share refuses
// what comes of them. The names are those of the reference platform, without "share-".
var refusals = map[vneid.Kind]string{
	vneid.ErrDenied:  `nobody-agreed`,
	vneid.ErrExpired: `clock-behind document-expired document-old envelope-expired`,
	vneid.ErrLevel:   `envelope-weak-acr`,
	vneid.ErrLocked:  `envelope-eid-locked`,
	vneid.ErrMalformed: `bundle-cut bundle-other-recipient bundle-page bundle-receipt-swapped document-cnf
		document-disclosed-twice document-forged document-key-proof document-no-audience
		document-no-exp document-no-state document-no-status document-odd-kind document-odd-state
		document-wrong-typ envelope-double-claim envelope-endless envelope-id-token envelope-late-login
		envelope-more-audiences envelope-no-grant envelope-no-jti envelope-no-kid envelope-no-lock
		envelope-no-login envelope-no-seq envelope-no-sub envelope-odd-acr envelope-odd-approval
		envelope-odd-decision envelope-wrong-typ granted-missing granted-odd receipt-no-decision
		receipt-no-purpose receipt-odd-version receipt-wrong-typ status-no-ttl status-not-packed
		status-odd-bits status-wrong-typ`,
	vneid.ErrMismatch: `document-beyond-status document-more document-other-sub document-wrong-audience
		document-wrong-txn envelope-no-approvals envelope-no-nonce envelope-other-sub
		envelope-wrong-audience envelope-wrong-grant envelope-wrong-nonce envelope-wrong-txn
		granted-longer granted-other granted-wider receipt-later receipt-less receipt-other-sub
		receipt-wrong-audience receipt-wrong-basis receipt-wrong-controller receipt-wrong-grant
		receipt-wrong-purpose receipt-wrong-retention receipt-wrong-txn status-other-uri`,
	vneid.ErrNotYetValid: `clock-ahead document-future envelope-future`,
	vneid.ErrRevoked:     `status-odd status-revoked status-suspended`,
	vneid.ErrSignature: `bundle-cut-document bundle-short bundle-turned bundle-twice document-wrong-key
		envelope-bad-signature envelope-no-digests envelope-wrong-digest envelope-wrong-key
		envelope-wrong-receipt receipt-wrong-key status-wrong-key`,
	vneid.ErrUnavailable: `bundle-down bundle-flood bundle-redirect status-expired status-stale`,
	vneid.ErrUntrusted: `bundle-in-the-clear document-foreign-status document-other-issuer document-other-kind
		document-platform-key document-sd-alg document-unknown-issuer document-unknown-key
		envelope-alg-hs256 envelope-alg-none envelope-unknown-key envelope-wrong-issuer
		receipt-alg-none receipt-wrong-issuer status-unsigned`,
}

// twice are defects that show in the second of two answers.
var twice = map[vneid.Kind]string{
	vneid.ErrMismatch: "swapped",
	vneid.ErrReplayed: "envelope-replayed",
}

// faults are defects of the deployment, each beside the answer without it.
func faults() []test {
	var out []test
	for _, table := range []struct {
		rows   map[vneid.Kind]string
		before int // answers that are right
	}{{refusals, 0}, {twice, 1}} {
		for kind, names := range table.rows {
			for _, name := range strings.Fields(names) {
				c := Case{"fault/share-" + name, "refused: " + kind.Error(), "project format: Verification"}
				out = append(out, test{c, func(r *run) error { return r.broken(c.Name, kind, table.before) }})
			}
		}
	}
	slices.SortFunc(out, func(a, b test) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// broken asks with everything in order, and then with the defect. Those that show in
// the second answer have it on from the beginning.
func (r *run) broken(name string, want vneid.Kind, before int) error {
	if r.target.Break == nil {
		return fmt.Errorf("%w: Target.Break is nil", errNotOffered)
	}
	if before == 0 {
		if _, err := r.ask(Visit{}); err != nil {
			return fmt.Errorf("the twin: %w", err)
		}
		again, err := newRun(r.ctx, r.target) // which has fetched no keys yet
		if err != nil {
			return err
		}
		r = again
	}
	if r.target.Heal != nil {
		defer r.target.Heal()
	}
	err := r.target.Break(strings.TrimPrefix(name, "fault/"))
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		return fmt.Errorf("%w: no fault of that name", errNotOffered)
	case err != nil:
		return err
	}
	for range before {
		if _, err := r.ask(Visit{}); err != nil {
			return fmt.Errorf("the first answer: %w", err)
		}
	}
	got, err := r.ask(Visit{})
	return refusedWith(got, err, want)
}
