// Package platform is the engine of the reference platform: a stand-in for VNeID
// that relying parties build and test against. It runs in memory or on any Store,
// by an injected clock, without HTML and without SQL: login pages plug in through
// Pages, and everything a page could get wrong is decided here.
//
//	p, err := platform.New(platform.Config{Issuer: "http://127.0.0.1:8080", Pages: pages})
//	err = p.Seed(ctx)             // the invented people of internal/personas
//	err = p.Register(ctx, client) // relying parties
//	err = http.ListenAndServe("127.0.0.1:8080", p.Handler())
//
// # What is replicated and what is this project's
//
// VNeID has published no interface, payload or sandbox. Replicated from the law
// and the service's own texts: account levels 1 and 2, authentication levels 1 to
// 4 (Decree 69/2024 Art. 20.1), the username that is the personal number, the
// first password by SMS, the two locks, consent before anything is shared, the
// five years of usage history (Art. 28.4). Everything on the wire is a project
// choice: OpenID Connect in the code flow, the scopes, claims and acr values of
// internal/wire, the QR codes of package qr, the redeem call. Passing here is no
// approval to connect to anything.
//
// # Protocol
//
//	GET  /.well-known/openid-configuration  OpenID Connect Discovery 1.0
//	GET  /jwks.json                         keys of ID tokens and whatever else a login brings
//	POST /par                               RFC 9126
//	GET  /authorize, POST /authorize        OpenID Connect Core §3.1.2; JARM
//	     /interaction/{id}                  the pages, one interaction per login
//	GET  /login?return=/path&auth=2         the same for the platform's own pages
//	POST /token                             §3.1.3, §12; RFC 9449, RFC 8707
//	GET  /userinfo, POST /userinfo          §5.3; Authorization header only
//	POST /bc-authorize                      CIBA Core 1.0: logins at a counter
//	POST /revoke                            RFC 7009
//	POST /introspect                        RFC 7662
//	GET  /logout, POST /logout              RP-Initiated Logout 1.0
//	GET  /qr/jwks.json                      keys of QR codes, never those of logins
//	POST /qr/redeem                         see handleRedeem
//	     /share/, /issuer/                  data requests: below
//	GET  /audit/jwks.json                   keys of the audit log's checkpoints
//	GET  /qr/status/{n}                     status lists of card codes, by the same keys
//	POST /services/v1/…                     stays, filings, notifications: internal/servicewire
//
// A client with a backchannel_logout_uri is told by POST when a session ends that it
// takes part in (Back-Channel Logout 1.0): by a logout, another person in the same
// browser, the account's lock, or all sessions at once; not when eight hours are over.
// Notices wait in the store: Work and Deliver send them, each at most five times, with
// a new token each; a logout in the browser waits two seconds for them at most. The
// addresses are called by the rules of package guard.
//
// Clients authenticate in the one way they registered: client_secret_basic or
// _post, private_key_jwt, or none.
//
// Stricter than the standards: response_type code only, PKCE with S256, state and
// nonce are required of every client; redirect URIs are compared byte by byte,
// also on loopback; a parameter that stands twice is refused; iss is in every
// response (RFC 9207); sub and sid are pairwise per sector; codes live a minute,
// pass once, and are spent by a wrong attempt of their own client; a second use
// ends the login (RFC 6749 §4.1.2). A token dies with the session, the account
// and the account level that it was issued under.
//
// # Profiles
//
// What a client is held to stands in its registration, so that one platform speaks
// to all kinds at once and its metadata require nothing of everybody.
//
//	pushed request      one reference, a minute, once, for the client that pushed
//	                    it; beside it only client_id may stand in the URL; a
//	                    request_uri from elsewhere is never fetched
//	client assertion    PS256, ES256, EdDSA; aud is the issuer as one string; at
//	                    most 5 minutes; jti once
//	proof (DPoP)        htu by Config.Issuer, never by Host; a minute; jti once;
//	                    a nonce of ours, which changes every 5 minutes and is good
//	                    for 5 more; dpop_jkt or a proof at /par binds the code
//	signed response     response_mode jwt or query.jwt; a minute
//	encrypted tokens    ID token and userinfo, signed first, for clients with a key
//	                    of use "enc": its alg, and A256GCM
//	refresh token       as long as the session; rotates, and a second use ends the
//	                    login (RFC 9700 §4.14.2); in FAPI2 it stays and is bound
//	access token        opaque, for userinfo. With resource in the token request a
//	                    JWT for that server alone (RFC 9068), 5 minutes long,
//	                    signed by the algorithm that the server registered. A
//	                    client may register one server as the default: such a JWT
//	                    is for userinfo too
//	introspection       to the token's client and the server it is for; to others
//	                    every token is inactive
//
//	login at a counter  poll or ping, for clients that registered it. login_hint is
//	                    the number or the subject; binding_message two digits, which
//	                    the person types into the app, and plain words; one request
//	                    at a time for each client and person; two minutes, up to ten
//	                    if asked; polls 5 s apart, 5 s more after each slow_down.
//	                    Authentication level 2 needs the password in the app, 3 the
//	                    face. Who has no app or a lock is as unknown as nobody
//
// FAPI2 needs the pushed request, the assertion and the proof (FAPI 2.0 Security
// Profile §5.3.2); Standard allows each, and a registration can ask for each.
//
// # The wires before OpenID Connect
//
// A client may be registered for one of the two wires that relying parties of VNeID
// spoke before, and then for nothing else. Replicated from public integrations,
// unconfirmed; the metadata do not name them.
//
//	VNConnect  GET /oauth2/authorize, POST /oauth2/token, GET /oauth2/userinfo
//	Envelope   GET /auth, POST /auth/token, GET /auth/userinfo
//
// Neither has nonce, PKCE, ID token or iss; state comes back if it came. Codes are
// GUIDs, live two seconds and pass once, for the same redirect_uri. The secret travels
// in the token request's form; JSON gets 415; a caller outside Client.Addresses gets
// what a wrong secret gets. Envelope's callback has code and encrypt_key, its answers
// are {"data","key"}: AES-256-ECB with PKCS#7 under a key that RSAES-PKCS1-v1_5 wraps
// for the client, in base64 whose + is not escaped; the client brings the code decrypted and
// encrypt_key as it was. VNConnect's userinfo has sub, TechID, LoaiTaiKhoan, HoVaTen,
// SoDinhDanh, NgayThangNamSinh (yyyyMMdd), loginIdp and two URLs with bearer tokens,
// which here open nothing; Envelope's has citizenPid, fullName, birthDate, accountType
// and accountLevel. Consent, locks and history are as for everybody.
//
// Times: ID token 10 minutes, access token 30, interaction 10, session 8 hours
// however much it is used, consent a year, code 1 minute, message 5 minutes, app
// prompt 2. A step-up adds a factor, never an account level, and auth_time stays
// that of the oldest factor.
//
// # The code on the login page
//
// The login page shows a QR code (project format, not VNeID's): the URL /app/ with the
// login's id and a secret, good for a minute, after which the page has another. The
// person's app opens it and asks for the two digits beside the code, which spend it if
// they are wrong, and for the password: a login by app and password. The engine has
// Scanned and ApproveScan; the page of the app is the program's.
//
// # Data requests
//
// A client with Purposes asks people for documents (package vneid/share; project format,
// not VNeID's: the form of the request stands in internal/sharewire, every name in
// internal/wire). It is held to FAPI2. The scope is vneid:share alone.
//
//	POST /par, /bc-authorize               with authorization_details (RFC 9396)
//	GET    /share/v1/bundle                the documents: see handleBundle
//	DELETE /share/v1/grants/{grant}        see handleGiveUp
//	POST   /share/v1/events                RFC 8936; a client assertion as bearer token
//	GET    /share/v1/reconciliation?day=   one row for each kind asked for that day
//	GET    /share/jwks.json                keys of envelopes, receipts and events
//	GET    /issuer/{name}/jwks.json        of the stub issuers police, immigration,
//	                                       insurance and tax: documents, status lists
//	GET    /issuer/{name}/status/{n}       Token Status List: 2 bits, 2¹⁷ places
//
//	request      only for kinds, words, law and retention of a registered purpose; else
//	             invalid_authorization_details with a constant text. Biometrics, judicial
//	             record no. 2 and the health record are nobody's to ask for
//	login        account level 2 and authentication level 2, but for who somebody is
//	             (level 1); an electronic identity card that is locked answers nothing
//	decision     a switch for each document and each optional claim, none of them ticked;
//	             ticking nothing is an answer too. Refusing everything is access_denied
//	approvals    by the law of the day (internal/approval): what a child or ward wants to
//	             share waits for a representative, in the representative's own app, who can
//	             agree to less and not to more
//	not there    a document, or an optional claim, that does not exist reads like one that
//	             was declined, in every byte that does not always differ, and in length;
//	             nothing is looked up before the decision, and the page is the same
//	fetch        once for each token, within its half hour; a periodic grant has a refresh
//	             token, good every frequency_days until its last day. One transaction asks
//	             again for consent, locks, level and registration, spends the token and
//	             writes the history, so that what commits before it stops it
//	ends         denied, expired, withdrawn, given-up, over: see shareSteps. Nothing leads
//	             out of them
//	documents    SD-JWT VC for one client and fetch, 30 days; each has a random place in
//	             its issuer's status list. Envelopes live 5 minutes
//	in the app   poll or ping. login_hint must be somebody who can answer: else they are as
//	             unknown as nobody. A ping is signed with Client.WebhookSecret over its
//	             body, and has one id for all its tries
//	events       to every client that was given something about the person: numbered for
//	             each, entered in the transaction of what happened, kept until they are
//	             acknowledged; with EventsURI pushed, and a heartbeat every four minutes
//	             behind them. What a client refuses for good (400) is set aside, which it
//	             notices by the count of all that it was told, until its staff have it sent
//	             again (SendAgain), within ninety days
//
// # Services
//
// A client that is registered for them, and authenticates by a key, gets a token for its
// services by client_credentials: scope vneid:services, bound to a key, 10 minutes. It
// notifies the stays of its facilities, files what people file with it, or, as a state
// body, sends notifications; internal/servicewire has the wire and the rules. The rows of
// an evening are one transaction. Who is on a row, or has no account, changes no answer.
// A ticket that is filed or looked up stands in the person's history. A death that is
// registered locks electronic identity card and account. Remind greets and warns; the
// officer's side is DecideTicket.
//
// # Keys
//
// Logins, QR codes, shares, the audit and each stub issuer have a set of signing keys of
// their own, in the store, sealed with AES-256-GCM under Config.Secret. A rotation has
// times that all processes on the store read: published, signing, published still, gone
// (see Keys). A change by another process is seen within a second or two.
//
// # Audit
//
// Every change of an account, consent, client or key, and every time that a relying party
// learned something, is an entry of the audit log, written in the transaction in which it
// happens (see record; internal/audit has the form). Entries have account ids, never personal
// numbers. The log is a chain of hashes; Work signs where it stands at most a minute after an
// entry, and a consent receipt names the place that its own fetch has. VerifyAudit finds edits,
// insertions, another order, deletions and a cut tail, in a store or an exported file, and says
// what nothing can find; CompareHistory holds the usage history against the log.
//
// # What is kept
//
// Usage history is forgotten five years after the use (usageEnds: by the calendar of UTC+7)
// unless a legal hold stands, which the agency places and lifts by a decision that it cites: see
// Purge, PlaceHold. Of a forgotten entry the log keeps that it was there. Account and electronic
// identity data stay for good; a death, or an account that the agency closes, leaves a Tombstone.
//
// # Locks, and what is in its holder's hands
//
// The two locks stand on grounds (căn cứ khóa): a to đ of Luật Căn cước Art. 34, as data
// (GroundRules), with who places and who lifts each. Several stand at once; a lock opens with
// the last of them: the holder's own on their request, with authentication level 3; all that
// have a term, or a card that came back, by ReviewLocks. Every change is one transaction
// with its effect on sessions, tokens, codes and shares, the notices, and the audit. Which
// ground places which lock is a dated policy (LockPolicies), our reading: no published text
// says it. Other bodies' requests have one working day to be handed on and three in all.
//
// The electronic identity card is made with account level 2, once, and drawn from templates
// with a version and a first day (DisplayTemplates): before 2024-07-01 of the clock thông
// tin thẻ CCCD. Another telephone number, e-mail address or device needs the password again;
// the first two a code to the new address, with a notice to the old one, the last a second
// factor, and ends every session. A cancelled personal number logs nobody in and is nobody's
// again.
//
// # Registration
//
// By the decree of the day it begins on (RuleSets): 59/2022 until 2024-06-30, 69/2024
// since. Who is confirmed by which of the three stub registers (internal/registers), and
// when, stands in the account, in the claim verified_by with vneid:id, and in the
// documents about who somebody is.
//
//	level 1   in the app: Apply takes a request without looking anybody up, so that every
//	          number gets the same answer for the same work; five a day for a number and
//	          for a contact. DecideApplications, which Work calls, decides; due after 24
//	          hours, and late if a register was off for that long. A refusal names no
//	          reason. The first password comes by SMS, or by e-mail where that is all
//	level 2   at a counter: OpenCase to GrantCase, a case of one unit, changed by revision
//	          and form. Three working days, seven with a first card
//	children  and wards by a representative whom the population register names, with an
//	          own account of level 2
//	organisations  by such a representative; 3 working days, or 15 with verification
//
// # Levels
//
// acr_values are a wish, an essential acr in the claims parameter is a condition
// (OpenID Connect Core §5.5.1.1). The login goes as far as the weakest value asked
// for that the person can reach, and names the value reached. Factors: password
// (knowledge), message or app (possession), a simulated biometric result. What
// cannot be reached ends in unmet_authentication_requirements, a lock in
// eid_locked or account_locked (internal/wire), shown only to who knew the
// password.
//
// # Calls that are sent again
//
// A client that lost an answer sends its call again with the Idempotency-Key of the
// first time (draft-ietf-httpapi-idempotency-key-header): 16 to 128 visible characters,
// compared byte by byte, of that client alone. The effect happens once, and the answer is
// the first one. How the client authenticates is new each time, assertion and proof; the
// key that it proves, the path and everything else must be the same, or it is 422. Only
// what had an effect is kept, in the transaction of the effect, concealed, under a keyed
// hash:
//
//	/par, /bc-authorize    as long as what was answered is good
//	/token                 a minute; not for public clients, whose calls prove nothing
//	/services/v1/          a day, beside the keys that stand in the bodies themselves
//	/qr/redeem             has rules of its own: see handleRedeem
//
// A person's decision needs no key: the same form posted again, by the same browser and
// within the code's minute, is answered by the same redirect, and decides nothing twice.
//
// # Limits
//
// Bodies 64 KiB, queries 8 KiB, 512 requests at a time, Config.MaxRecords records
// that strangers can cause, beyond each 503. Five wrong passwords or factors in a
// row cost half a minute, then twice as long each, up to a quarter of an hour;
// the answer is the same, and as slow, for numbers that have no account.
//
// Nothing is logged. The store's keys are random or keyed hashes; passwords are
// PBKDF2, codes, cookies and tokens keyed hashes. Error texts are constants.
//
// # Faults
//
// Break gives the platform a defect by name, for one client or for all: see
// Faults. Defects change what is about to be answered and nothing else; a new one
// is a row in a table. Modules says which of them the OpenID Foundation's suite
// plays, and by what name.
package platform
