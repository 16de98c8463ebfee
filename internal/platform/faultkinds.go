package platform

import (
	"strings"

	"github.com/vneid-sdk/vneid-go/vneid"
)

// faultKinds says with which kind of error this module's packages refuse what comes of a
// defect, in the strictest way of speaking that meets it (FAPI 2.0 with everything signed
// and encrypted). The tests of those packages hold the table to what they do. Names that
// stand in none of the rows are of defects that a careful reader takes, that cost time
// alone, or that end before the relying party hears of them.
var faultKinds = map[vneid.Kind]string{
	vneid.ErrMalformed: `backchannel-no-event backchannel-no-jti backchannel-nobody backchannel-with-nonce backchannel-wrong-event
		backchannel-wrong-typ ciba-no-expiry ciba-no-id ciba-page code-and-error crit-header double-claim double-code
		envelope-128 envelope-bad-data envelope-bad-key envelope-bad-padding envelope-bare-code envelope-cut
		envelope-nine-digits envelope-odd-code envelope-other-key envelope-plain hostile-error
		id-token-other-recipient jarm-missing-exp jku-header level-contradiction missing-access-token missing-audience
		missing-code missing-exp missing-iat missing-id-token missing-state missing-sub paper-long-life paper-nameless
		paper-stateless paper-with-number par-cut par-expired par-no-life par-no-uri par-page qr-long-life
		qr-no-number services-unknown-error share-bundle-cut share-bundle-other-recipient share-bundle-page
		share-bundle-receipt-swapped share-document-cnf share-document-disclosed-twice share-document-forged
		share-document-key-proof share-document-no-audience share-document-no-exp share-document-no-state
		share-document-no-status share-document-odd-kind share-document-odd-state share-document-wrong-typ
		share-envelope-double-claim share-envelope-endless share-envelope-id-token share-envelope-late-login
		share-envelope-more-audiences share-envelope-no-grant share-envelope-no-jti share-envelope-no-kid
		share-envelope-no-lock share-envelope-no-login share-envelope-no-seq share-envelope-no-sub
		share-envelope-odd-acr share-envelope-odd-approval share-envelope-odd-decision share-envelope-wrong-typ
		share-event-no-jti share-event-no-seq share-event-no-subject share-event-no-told share-event-two
		share-event-with-exp share-event-wrong-typ share-granted-missing share-granted-odd share-receipt-no-decision
		share-receipt-no-purpose share-receipt-odd-version share-receipt-wrong-typ share-status-no-ttl
		share-status-not-packed share-status-odd-bits share-status-wrong-typ text-exp token-cut token-page
		userinfo-bad-date userinfo-bad-number userinfo-jwt-missing-aud userinfo-jwt-wrong-typ vnconnect-nine-digits
		vnconnect-printed-date wire-token-page wire-userinfo-cut wrong-typ zero-exp`,
	vneid.ErrSignature: `backchannel-wrong-key bad-signature jarm-bad-signature jarm-wrong-key qr-wrong-key share-bundle-cut-document
		share-bundle-short share-bundle-turned share-bundle-twice share-document-wrong-key
		share-envelope-bad-signature share-envelope-no-digests share-envelope-wrong-digest share-envelope-wrong-key
		share-envelope-wrong-receipt share-event-wrong-key share-receipt-wrong-key share-status-wrong-key
		userinfo-jwt-bad-signature wrong-at-hash wrong-key`,
	vneid.ErrUntrusted: `alg-hs256 alg-none backchannel-alg-none backchannel-wrong-alg backchannel-wrong-iss ciba-invalid-request
		cut-token discovery-foreign-par discovery-foreign-token discovery-no-dpop discovery-no-keys discovery-no-par
		discovery-wrong-issuer endless-token huge-token id-token-not-encrypted introspect-wrong-issuer jarm-alg-none
		jarm-endless missing-issuer other-alg padded-token par-refused qr-unknown-key qr-wrong-issuer
		refresh-wrong-issuer service-token-bearer service-token-scope share-bundle-in-the-clear
		share-document-foreign-status share-document-other-issuer share-document-other-kind
		share-document-platform-key share-document-sd-alg share-document-unknown-issuer share-document-unknown-key
		share-envelope-alg-hs256 share-envelope-alg-none share-envelope-unknown-key share-envelope-wrong-issuer
		share-event-alg-none share-event-wrong-issuer share-receipt-alg-none share-receipt-wrong-issuer
		share-status-unsigned token-type-other token-unauthorized unknown-kid userinfo-cut userinfo-jwt-alg-none
		userinfo-jwt-missing-iss userinfo-jwt-wrong-iss userinfo-not-signed userinfo-page vnconnect-other-idp
		week-old-token wire-token-401 wire-userinfo-401 wrong-issuer wrong-token-type`,
	vneid.ErrExpired: `backchannel-old ciba-expired ciba-expired-hint expired-token jarm-expired paper-over qr-expired
		share-clock-behind share-document-expired share-document-old share-envelope-expired token-refused wrong-code`,
	vneid.ErrNotYetValid: `future-token qr-future share-clock-ahead share-document-future share-envelope-future share-event-future`,
	vneid.ErrMismatch: `backchannel-wrong-aud ciba-invalid-hint ciba-other-request ciba-unknown-user jarm-missing-aud jarm-missing-iss
		jarm-wrong-aud jarm-wrong-iss logout-no-state logout-other-state missing-iss missing-nonce more-audiences
		other-sub paper-other paper-person qr-wrong-audience refresh-nonce refresh-other-auth-time refresh-other-sub
		refresh-wrong-audience share-document-beyond-status share-document-more share-document-other-sub
		share-document-wrong-audience share-document-wrong-txn share-envelope-no-approvals share-envelope-no-nonce
		share-envelope-other-sub share-envelope-wrong-audience share-envelope-wrong-grant share-envelope-wrong-nonce
		share-envelope-wrong-txn share-event-wrong-audience share-granted-longer share-granted-other
		share-granted-wider share-receipt-later share-receipt-less share-receipt-other-sub
		share-receipt-wrong-audience share-receipt-wrong-basis share-receipt-wrong-controller
		share-receipt-wrong-grant share-receipt-wrong-purpose share-receipt-wrong-retention share-receipt-wrong-txn
		share-status-other-uri share-swapped stays-foreigner userinfo-jwt-wrong-aud userinfo-missing-sub
		userinfo-other-sub wrong-audience wrong-azp wrong-iss wrong-nonce wrong-state`,
	vneid.ErrReplayed: `redeem-replayed share-envelope-replayed stays-duplicate`,
	vneid.ErrLevel: `missing-acr missing-auth-time old-auth-time paper-level-1 paper-pending paper-unverified
		share-envelope-weak-acr weak-acr`,
	vneid.ErrLocked:  `account-locked-claim eid-locked-claim share-envelope-eid-locked userinfo-eid-locked userinfo-locked`,
	vneid.ErrRevoked: `introspect-inactive share-status-odd share-status-revoked share-status-suspended`,
	vneid.ErrDenied:  `ciba-denied services-forbidden services-token-taken share-child-alone share-nobody-agreed userinfo-denied`,
	vneid.ErrUnavailable: `ciba-down discovery-down discovery-page down dpop-nonce-again introspect-down jwks-cut jwks-down jwks-empty
		jwks-flood jwks-page par-down par-redirect qr-jwks-down redeem-down revoke-down server-error services-busy
		services-cut services-down services-flood services-lost services-page services-redirect share-bundle-down
		share-bundle-flood share-bundle-redirect share-status-expired share-status-stale stays-no-deadline stays-no-id
		stays-no-rows stays-no-version stays-odd-error stays-odd-state stays-other-house stays-other-key stays-short stays-swapped
		tickets-no-time tickets-odd-state tickets-other token-down token-flood token-redirect userinfo-down
		userinfo-flood wire-token-415 wire-token-down`,
}

// kindsByFault is the table the other way round.
var kindsByFault = func() map[string]vneid.Kind {
	out := map[string]vneid.Kind{}
	for kind, names := range faultKinds {
		for _, name := range strings.Fields(names) {
			out[name] = kind
		}
	}
	return out
}()
