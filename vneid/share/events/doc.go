// Package events keeps a relying party's knowledge of people up to date after it was
// given their data: that an electronic identity card was locked, a consent
// withdrawn, a document revoked. It receives the platform's security event tokens
// (SETs, RFC 8417), pushed (RFC 8935) or polled (RFC 8936), and keeps in a Ledger
// what they say, for whoever fetches or uses data to ask first.
//
//	ledger := &myLedger{…} // durable; MemoryLedger for one process and for tests
//	r, err := events.New(events.Config{Issuer: …, ClientID: …, Keys: …, Ledger: ledger, On: endSessions})
//	http.Handle("/vneid/events", r.Push()) // or: go r.Run(ctx)
//	…
//	if err := ledger.Allows(ctx, issuer, subject, grant); err != nil { return err }
//
// All of it is this project's format, not VNeID's: VNeID publishes none.
//
// # The token
//
//	size    16 KiB at most
//	header  typ secevent+jwt; alg ES256 or EdDSA; kid, of a key of the use event
//	iss     Config.Issuer
//	aud     Config.ClientID alone
//	jti     1 to 255 printable ASCII characters
//	iat     at most Skew ahead. There is no oldest: what happened stays true, and an
//	        outage may last days
//	exp, sub, nonce   refused: a SET never passes for a login (RFC 8417 §4.5–§4.6)
//	txn     may name the transaction
//	events  exactly one member, "urn:vneid:event:" and a name, whose value is an object
//	sub_id  {"format":"iss_sub","iss":…,"sub":…} and nothing more (RFC 9493 §3.2.4):
//	        iss as above, sub pairwise as in logins
//	seq     a whole number from 1 to 2⁵³−1, which grows with each event of the person
//	        for this client
//	told    a whole number likewise, which grows by one with each event for this client,
//	        whoever it is about; of a heartbeat that of the latest event, or 0
//
// The events, and the members that their objects must have:
//
//	eid-locked, eid-unlocked          khóa, mở khóa căn cước điện tử
//	account-locked, account-unlocked  khóa, mở khóa tài khoản định danh
//	consent-withdrawn                 grant
//	document-revoked                  kind, uri, idx: the entry of the status list
//	level-changed                     level: 1 or 2
//	phone-changed, card-replaced
//	device-changed                    sessions_ended, if so, true
//	number-reissued                   xác lập lại số định danh cá nhân
//	holder-died
//	stream-heartbeat                  nothing happened; such a SET has neither sub_id
//	                                  nor seq
//
// Members beyond these are left alone. An event of another name is Unknown: it is
// acknowledged and given to Config.On, and applied to nothing.
//
// # What is known of a person
//
// A State has one fact for each of the two locks, the level, and each thing that
// happens again and again; the event with the highest seq decides it. Withdrawals,
// revoked documents, a re-issued number and death are never taken back. A bundle
// counts as an event too: it was sealed while both locks were open, as of its seq, so
// that an older lock that arrives after it is known to be over (Delivered). Should
// two events of one seq contradict each other, the one that protects stands. States
// therefore end equal whatever the order of arrival and however often each arrives.
//
// # Silence
//
// A stream that is blocked tells of no lock, and no more does one of which an event was
// lost or refused for good. What a Ledger knows is as of the latest sign of life: the
// iat of an event or heartbeat, or a poll that left nothing at the platform, of which
// every event up to its told has come (Stream). When that is longer ago than the Ledger lets it be (15 minutes unless set
// otherwise), Allows is ErrUnavailable. A platform sends a heartbeat at least every
// five minutes, and only when nothing older waits for its acknowledgement. An old
// token that is played again shows no life: its iat is old.
//
// A gap that nobody fills therefore ends all use after that time. The platform fills it
// by sending the event once more, repaired if need be; else an operator sees to the
// people whom it may concern, and lets the Ledger begin anew (Stream.Adopt).
//
// # Push (RFC 8935)
//
// POST with Content-Type application/secevent+jwt. 202 after the Ledger made the event
// durable and Config.On returned nil; 400 with {"err","description"} when the token is
// refused for good; 503 when the Ledger, the keys or On cannot tell now, for the
// platform to send it again. Texts are constant. A token that is refused for good is
// forgotten by the platform, and nobody here knows what it said: whoever operates either
// side has something to repair, and Config.Refused is told. Until then the stream has a
// gap.
//
//	invalid_request   not such a token, or not by the rules above
//	invalid_issuer, invalid_audience   iss, aud
//	invalid_key       no such key for events, or the signature is wrong
//
// # Poll (RFC 8936)
//
// POST of JSON to Config.PollURL, with a client assertion (RFC 7523 §3, audience the
// issuer) as bearer token, since there is no form to put it in:
//
//	{"maxEvents":50,"returnImmediately":true}    → {"sets":{jti: SET, …},"moreAvailable":…,"told":…}
//	{"maxEvents":0,"returnImmediately":true,"ack":[jti…],"setErrs":{jti:{"err","description"}}}
//
// The second call follows only when everything it acknowledges is durable. What could
// not be applied now is in neither list, and comes again.
//
// # Errors
//
// One of vneid's kinds each: Malformed, Signature, Untrusted (issuer, key, algorithm),
// Mismatch (audience), NotYetValid, Unavailable; of Allows Locked, Revoked and
// Unavailable. No text repeats anything of a token.
package events
