// Package share asks a citizen for data with VNeID and verifies the answer.
//
// The wire is a project format, not VNeID's: VNeID has published none, and passing
// against the reference platform is no approval to connect. It profiles existing
// standards: an authorization request that is pushed (RFC 9126) with one element of
// authorization_details (RFC 9396), documents as SD-JWT VC (RFC 9901) with status
// lists, a signed envelope and a signed consent receipt.
//
// # Asking
//
// A Request names documents, of each the claims and questions that are needed, and
// says what for, on which legal basis, for how long, and whether once or again:
//
//	share.Request{
//		Purpose: share.Purpose{Code: "car-rental", VI: "Cho thuê xe tự lái", EN: "Self-drive car rental"},
//		RetentionDays: 30, Store: true,
//		Documents: []share.Want{{
//			Kind:       document.DriverLicence,
//			Claims:     []share.Claim{{Name: "number"}},
//			Predicates: []share.Predicate{share.AgeAtLeast(18), share.LicenceIncludes("B")},
//		}},
//	}
//
// Kinds are those of package document that have a type in document/paper, whose names
// of claims are the wire's. What is not marked Optional is essential: without it the
// document is of no use, and without an essential document the answer.
//
// Questions (predicates) are answered with yes or no by the document's issuer. Yes
// means certainly: for every day that an incomplete date can mean, by every reading of
// a licence's class (document.LicenceClass.Includes, paper.Holds). No means that
// nobody can be certain, and not that the contrary holds.
//
// # What may be asked
//
// Request.Check finds, and Begin and the server refuse:
//
//   - biometrics, judicial record no. 2 (nobody may demand it since 2026-07-01) and
//     the health record, which citizens show themselves
//   - a kind, claim or question that there is not, one twice, a document of which
//     nothing is asked
//   - no purpose in Vietnamese, or no code, which is registered for the client; texts
//     that are no single line of visible text of at most 512 bytes
//   - processing by law without the provision that allows it (Law 91/2025/QH15 Art. 19)
//   - data that is stored for no stated time, or fetched again without end
//   - documents beyond the basic identity with Need.Level 1
//
// and advises against:
//
//   - the date of birth where an age is asked for, or the purpose's words speak of one;
//     a licence's classes beside the question about them; the full address where the
//     province is asked for, or the purpose speaks of it; likewise the people beside
//     their number, the periods beside their sum, the convictions beside whether there
//     are any; a whole document
//   - a retention of more than 365 days without a law (our measure), or with data that
//     is only looked at
//   - fetching again what does not change, or what is not stored
//   - essential claims that are rarely that (religion, ethnicity, parents, e-mail, …);
//     an essential document in which nothing is
//   - a confirmation of the CMND's number, which the card's code has (Decree 70/2024
//     Art. 12.1); on another paper what the card asked for says already (Law 26/2023
//     Art. 20.3)
//
// Whether a claim serves its purpose it cannot tell.
//
// # The request on the wire
//
// An authorization request with scope vneid:share alone, pushed, with PKCE (S256),
// state, nonce, a client assertion and DPoP as in the FAPI 2.0 Security Profile, and
//
//	authorization_details=[{"type":"vneid_share",
//	  "purpose":{"code":"car-rental","vi":"…","en":"…"},
//	  "basis":{"kind":"consent|contract|law","citation":"…"},
//	  "retention_days":30, "use":"view|store",
//	  "mode":"once|periodic", "until":"2027-01-31", "frequency_days":30,
//	  "documents":[{"kind":"driver-licence","essential":true,"max_age_days":1,
//	    "claims":[{"name":"number","essential":true},{"name":"classes"}],
//	    "predicates":[{"name":"age","at_least":18,"essential":true},{"name":"licence","includes":"B"}]}]}]
//
// of one element, at most 16 KiB, a kind once, without any other member; until and
// frequency_days with periodic alone. What a server does not take is
// invalid_authorization_details. A decoupled request has the same element, with a
// member nonce, at /bc-authorize (CIBA). The token's answer repeats the element with
// what was granted, never more, and the members txn and grant (RFC 9396 §7).
//
// # The answer on the wire
//
//	bundle    GET /share/v1/bundle with the access token and DPoP:
//	          {"envelope":"<JWS>","receipt":"<JWS>","documents":["<SD-JWT>~…~",…]} as
//	          application/vneid-bundle+json, or that in a compact JWE as
//	          application/jose (kid; cty vneid-bundle+json) for clients with an
//	          encryption key; at most 256 KiB
//	envelope  typ vneid-envelope+jwt: iss, aud (client_id, one string), sub (pairwise,
//	          as in logins), txn, grant, jti, nonce, iat, exp (5 minutes at most), acr,
//	          auth_time, account_type (citizen, foreigner, organisation, …; may lack),
//	          decision (approved, partial), documents (base64url SHA-256 of
//	          each with its disclosures, in order), declined ([{kind, claims}]: declined
//	          or not there, which nobody can tell), receipt (its SHA-256), approvals
//	          ([{by, relation, at, attested}]), eid_locked (false), seq
//	document  dc+sd-jwt. Open: iss, vct (urn:vneid:document:<kind>:1), aud, txn, sub, iat,
//	          exp, status, verification {state, at, source}. Disclosed one by one: the
//	          kind's claims, and the members of predicates ({"age>=18": true})
//	receipt   typ consent-receipt+jwt, see below
//	status    a Token Status List of the document's issuer (statuslist+jwt)
//
// Somebody who declined as a whole is error=access_denied; somebody who agreed to what
// does not exist is answered as if they had declined it.
//
// # The client
//
// A Client does all of that for one relying party. New calls nobody; metadata are read
// when first needed, by the rules of package sso. One profile, that of FAPI 2.0, and
// nothing of it can be switched off. Everything is HTTPS to the issuer's host, or one in
// Config.Hosts; no redirect is followed; the addresses of data are fixed paths below the
// issuer and nobody's word.
//
//	mux.Handle("POST /ask", client.Start(func(r *http.Request) (share.Request, error) { … }))
//	mux.Handle("GET /callback", client.Callback(func(w http.ResponseWriter, r *http.Request, answer share.Records) { … }))
//
// A program with its own way of keeping state uses Begin and Finish. Finish checks, in
// this order:
//
//	1  the Session was begun by this client: issuer, client, redirect URL      Mismatch
//	2  the raw query: at most 8 KiB, no parameter twice, code or error, a
//	   state, no token                                                         Malformed
//	3  state, in constant time; iss, always                                    Mismatch
//	4  whether the request has ended: then that is the answer
//	5  ten minutes are not over                                                Expired
//	6  the platform's error, if that is the answer                             Denied, Locked, …
//	7  the code's exchange, once: a token that is bound to Config.DPoPKey      Untrusted
//	8  what was granted: on the terms of the request, no more than asked for   Malformed, Mismatch
//	   and all that is essential, else nothing is fetched                      Denied
//	9  the bundle, fetched once; Verifier's checks of it, with the nonce of
//	   the Session and the txn and grant of 8                                  …
//	10 Config.Ledger: neither locked nor withdrawn nor too long unheard        Locked, Revoked, Unavailable
//	11 nobody took this answer before (Verifier.Replay)                        Replayed
//
// What the browser brings is only a hint: what counts is what the platform says to this
// server in 7 to 9. A request ends once. A callback that comes twice, a second poller
// and a reload get the same Records or the same refusal, within this process and a day
// (10,000 ends, 64 MiB of answers; the oldest go first, and the code is spent then).
// Unavailable is no end, except for 7, whose answer may have been lost: the next call
// goes on where this one stopped, with the code, the token or the bundle that it has.
//
// A Session is one secret, from which state, nonce and PKCE verifier are derived, and the
// request: 300 characters as text for a request of two documents, 376 without a browser,
// and none at all at rest when its sealed text is in a cookie or a hidden field
// (Client.Seal, Open).
//
// Ask asks somebody in their own app, with two digits to compare, one request at a time
// for each person, like package sso/ciba; Poll and Wait bring the answer, with one poller
// for each request however many copies of its Session there are, at the platform's
// interval, later after each slow_down and while the platform is down. With
// Config.WebhookSecret the platform tells Notify when to ask: see there.
//
// Records.Consent is the Grant to keep. Refetch brings a fresh answer for a periodic one,
// GiveUp ends it from this side.
//
//	the platform says                                kind
//	access_denied                                    Denied
//	account_locked, eid_locked                       Locked, a *vneid.LockError
//	unmet_authentication_requirements                Level, a *vneid.LevelError
//	consent_withdrawn                                Revoked
//	invalid_grant, invalid_token, expired_token      Expired
//	unknown_user_id                                  Mismatch
//	authorization_pending, slow_down                 Unavailable, a *Pending
//	server_error, temporarily_unavailable, no
//	answer, anything that nobody knows               Unavailable
//	anything that blames the request                 Untrusted: check the configuration
//
// # Verification
//
// Verifier.Verify makes these checks in this order; nothing of an answer is readable
// before the last one. Times may be off by Verifier.Skew.
//
//	bundle     with Verifier.Decrypt a JWE (ECDH-ES+A256KW or RSA-OAEP-256, A256GCM) to
//	           the key that its kid names, else Untrusted; why one does not open is told
//	           to nobody: Malformed. One strict JSON object of the three members
//	envelope   its type, ES256 or EdDSA, kid; by the platform (Untrusted, Signature); a
//	           life of five minutes at most; aud, txn, grant, nonce and sub as expected
//	           (Mismatch); now (Expired, NotYetValid); eid_locked false (Locked); the
//	           digests of documents and receipt (Signature)
//	receipt    its type and signature, for this client, person, transaction, grant,
//	           purpose, basis, retention and use, with the envelope's approvals, not later
//	           than the answer (Mismatch), within the time of the consent
//	documents  each: an issuer that may sign its kind (Untrusted), kid, the signature;
//	           RFC 9901 §7.1 as package internal/sdjwt words it, with iss, vct, aud, sub,
//	           txn, iat, exp, status and verification never disclosable; cnf and a key's
//	           proof together or neither; aud, txn and sub those of the envelope
//	           (Mismatch); now; a state; one of a kind
//	request    nothing there that was not asked for (Mismatch); no statement older than
//	           MaxAgeDays (Expired); the envelope's declined is exactly what is missing;
//	           nothing essential missing (Denied)
//	consent    the documents, claims and answers are those of the receipt (Mismatch)
//	person     names, dates of birth and numbers of the documents agree as far as they
//	           tell them (Mismatch); somebody agreed, and where a birth tells that it is
//	           a child those who decide for it (Denied)
//	level      acr and auth_time satisfy Request.Need; level 2 for all but the basic
//	           identity (Level)
//	status     each document's list: on its issuer's host, signed by that issuer for
//	           vneid.UseStatus, of that URI, inflating to 8 MiB at most, no older than its
//	           ttl and MaxStale (Unavailable); the entry neither revoked nor suspended
//	           (Revoked)
//	once       the envelope's jti was not used before (Replayed)
//
// # Receipts
//
// The receipt bears the names of ISO/IEC TS 27560:2023, which grew out of Kantara's
// Consent Receipt 1.1; both are recalled, and the format is the project's. Receipt has
// what they mean here.
//
//	here                          ISO/IEC TS 27560           Kantara CR 1.1
//	schema_version                schema_version             version
//	jti                           receipt_id                 consentReceiptID
//	record_id                     record_id                  —
//	iat                           event_time of the receipt  consentTimestamp
//	sub (pairwise)                pii_principal_id           piiPrincipalId
//	purposes[0]                   purposes                   services[].purposes[]
//	  purpose, vi, en             purpose                    purpose
//	  lawful_basis(_citation)     lawful_basis               consentType
//	  pii_information             pii_information            piiCategory
//	    pii_type                  pii_type                   piiCategory
//	    attributes, predicates    pii_attribute_id           —
//	  pii_controller              pii_controllers            piiControllers
//	  collection_method           collection_method          collectionMethod
//	  processing_method           processing_method          —
//	  retention_period_days       retention_period           termination
//	  validity_start, _end        validity_duration          —
//	  withdrawal_method           withdrawal_method          —
//	events                        events                     —
//	  event_type, _state, _time   event_type, _state, _time  —
//	  by, relation, attested      entity_id                  onBehalf
//	history {position, head}      —                          — (the platform's audit log)
//
// # Evidence
//
// Records.Evidence is an answer as it came, with the status lists and keys of then.
// Verifier.Evidence checks it years later, offline, at the moment when it was checked
// first, with keys that the caller pins: the archive's own keys verify nothing, and its
// moment is held within the envelope's minutes. What comes out is a Report, which is
// neither an answer nor an authentication: it is for the relying party's own auditors
// and is not offered to third parties (Decree 69/2024/NĐ-CP Art. 19.4). A face match, a
// hold and a withdrawal in it are the relying party's word.
//
// # Keys
//
// The platform's keys for envelopes, receipts and events come from /share/jwks.json and
// never from the jwks_uri of its logins; each issuer of documents has its own, and may
// sign its kinds alone. UseDocument, UseEnvelope and UseReceipt are what to give to
// package jwks, beside vneid.UseStatus.
package share

import (
	"github.com/vneid-sdk/vneid-go/internal/wire"
	"github.com/vneid-sdk/vneid-go/vneid"
)

// Uses of keys, for the key sets of package jwks. None of these is a login's key.
const (
	UseDocument vneid.Use = wire.UseDocument // an issuer's, for one document
	UseEnvelope vneid.Use = wire.UseEnvelope // the platform's, for one answer
	UseReceipt  vneid.Use = wire.UseReceipt  // the platform's, for what was agreed to
)
