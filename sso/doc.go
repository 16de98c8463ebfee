// Package sso logs a citizen in with VNeID: OpenID Connect's code flow with PKCE
// and nonce, of which nothing that protects can be forgotten or switched off.
//
//	client, err := sso.New(sso.Config{
//		Issuer: "https://…", ClientID: "…", ClientSecret: "…",
//		RedirectURL: "https://portal.example/callback",
//		Scopes:      []string{"profile", "vneid:id"},
//		Need:        vneid.Assurance{Level: 1},
//	})
//	mux.Handle("GET /login", client.Login(sso.Ask{Return: "/profile"}))
//	mux.Handle("GET /callback", client.Callback(nil))
//	mux.Handle("POST /logout", client.Logout("/"))
//	mux.Handle("GET /profile", client.Require(sso.Ask{}, profile)) // there: sso.FromContext
//
// A program with its own way of keeping state uses Begin and Finish instead of
// the handlers: keep the Session for the browser, give it out once.
//
// # What this speaks
//
//	Standard   OpenID Connect Core 1.0 §3.1, Discovery 1.0, RFC 6749, RFC 7636 with
//	           S256, RFC 9207, by the advice of RFC 9700 and RFC 8725
//	FAPI2      the same by the FAPI 2.0 Security Profile: pushed requests (RFC 9126),
//	           private_key_jwt (RFC 7523), tokens bound to a key (DPoP, RFC 9449), PS256,
//	           ES256 and EdDSA alone. With Config.JARM the signed responses of FAPI 2.0
//	           Message Signing, which its signed requests (RFC 9101) are not part of
//	a Wire     another protocol, such as those of sso/legacy
//
// Config.Key, Config.DPoPKey, Config.JARM and Config.Decrypt work in Standard too.
// Claims, scopes and acr values beyond OpenID Connect are this project's (below): VNeID
// has published no interface, its real single sign-on is another wire, and passing
// against the reference platform is no approval to connect. Conformance tests carry
// the names of the OpenID Foundation's suite; they are replicated, not certified.
//
// # The steps of Begin
//
//	1  state, nonce and PKCE verifier, of 256 random bits each
//	2  the metadata, with what the profile needs: else Untrusted, saying what they lack
//	3  FAPI2, or a provider that demands it: the request is pushed, and what the browser
//	   carries is client_id and the request_uri of the answer. The answer must have an
//	   expires_in above 0. The request says dpop_jkt, so that the code is bound too
//
// # The checks of Finish, in their order
//
//	 1  the Session was begun by this client: issuer, client, redirect
//	    URL, profile                                                        Mismatch
//	 2  the raw query: at most 8 KiB, no parameter twice, code or error but
//	    not both, a state, no token. With JARM these stand in the response's
//	    JWT (form as in 10), and a plain response is a downgrade            Malformed, Untrusted
//	 3  state, in constant time                                             Mismatch
//	 4  ten minutes are not over                                            Expired
//	 5  iss, whenever it is there or announced (RFC 9207 §2.4), and always
//	    in FAPI2                                                            Mismatch
//	 6  with JARM: iss; aud is this client alone; exp is there, not over
//	    and at most ten minutes ahead; the signature                        Mismatch, Expired, Signature …
//	 7  this Session has not finished a login before                        Replayed
//	 8  the provider's error, if that is the answer                         see AuthError
//	 9  the code exchange: one request, and one more only if the provider
//	    wants a nonce in the proof (RFC 9449 §8), no redirect, 10 s, 1 MiB;
//	    the token type is DPoP where there is a key, else Bearer            Unavailable, Untrusted …
//	10  the ID token's form: decrypted if Config.Decrypt has keys, which an
//	    unencrypted one then fails; compact, 16 KiB, strict base64url and
//	    JSON, no header but alg, kid, typ, cty, x5t#S256; alg in
//	    Config.Algs; typ absent or JWT                                      Malformed, Untrusted
//	11  iss                                                                 Untrusted
//	12  the signature, by a key for ID tokens of that issuer                Signature, Untrusted
//	13  sub; aud is this client alone; azp, if there, is this client; the
//	    subject that a step-up must have                                    Malformed, Mismatch
//	14  exp and iat are there, exp − iat ≤ 24 h, now lies between them, iat
//	    is not before the Session; nbf and auth_time are not ahead          Malformed, Expired, …
//	15  nonce, in constant time                                             Mismatch
//	16  at_hash, if there                                                   Signature
//	17  the account is not locked                                           Locked
//	18  acr and account_level agree; level, authentication level and time
//	    of authentication are what was asked for                            Malformed, Locked, Level
//	19  userinfo, if a granted scope needs it: what is signed is verified;
//	    its sub is the ID token's                                           Signature, Mismatch
//	20  every claim about the person has its form and does not differ
//	    between ID token and userinfo                                       Malformed, Mismatch
//	21  17 and 18 again, with what userinfo knows                           Locked, Level
//
// With a Wire 1 to 5, 7 and 8 are made, then the wire does the rest, and its answer is
// held to 17, 18 and 20. Nobody signed it: its Integrity is TransportOnly, which
// satisfies no need and no Require unless Config.Accept or Ask.Accept says so.
//
// An audience besides this client is refused although OpenID Connect lets
// clients trust some: none is known that a relying party of VNeID should trust.
// at_hash is optional because it is so in the code flow (Core §3.1.3.6), where
// both tokens come in one answer over one connection.
//
// # Two levels and two locks
//
// The account level (mức độ tài khoản) says how the person was proofed, the
// authentication level (mức độ xác thực, Decree 69/2024 Art. 20.1) which factors
// they used now. Both come from the signed ID token alone:
//
//	acr            urn:vneid:acr:lL:aA    account level 1–2, authentication level 1–4
//	account_level  1 or 2                 agrees with acr, or stands in its place
//
// What is asked for goes out as acr_values and, where the provider announces the
// claims parameter, as an essential claim; the answer is checked all the same.
// Another acr, or none, is level 0 and satisfies nothing.
//
// The lock of the electronic identity card (khóa căn cước điện tử, eid_status)
// ends what needs account level 2: a level-1 login passes, and its Assurance says
// level 1. The lock of the account (khóa tài khoản, account_status) refuses every
// login. That mapping is our reading of the law, of 2026-11; see
// Config.RefuseLockedEID. Any status but "active" counts as locked.
//
// # Claims about the person
//
//	name, birthdate, gender                       OpenID Connect Core §5.1
//	citizen_id, foreigner_id, old_id, former_ids  numbers; twelve digits, free, CMND, a list
//	account_type                                  citizen, foreigner, organisation
//	nationality                                   ISO 3166-1 alpha-3
//	place_of_origin, residence                    {"text": …, "as_of": date}, or text
//	card_issued, card_expires                     dates, or "Không thời hạn"
//	ethnicity, religion                           text
//	card_issuer, father, mother                   text
//
// The scope vneid:id brings number, birth date and gender at account level 1,
// vneid:card the card and former numbers at level 2. Other claims stay raw:
// Identity.Claim. So does verified_by, an object of the registers that confirmed the
// person (population, card, immigration), each with when, in seconds since 1970. Names are never split: given_name and family_name are wrong for
// Vietnamese names more often than not, and are not read.
//
// # The handlers
//
// Each login under way has its own cookie, so tabs do not disturb each other: at
// most five, for ten minutes, the oldest goes first. Of logins that came back the
// server keeps which, up to 10,000: a callback sent twice within ten seconds is one
// login with one outcome, a later one is Replayed. Processes that share CookieKeys
// leave that to the provider, whose codes are good once. The session after the login
// is a cookie too, and ends the one that the browser had. All are sealed with
// AES-256-GCM under a key of their own from Config.CookieKeys, bound to purpose,
// issuer, client and redirect URL, and have the attributes Secure, HttpOnly,
// SameSite=Lax and the prefix __Host-. What would not fit 4 KiB is ErrCookieSize.
//
// Require asks Config.Revocations about every request. The store that New makes does
// not know what ended before it, so sessions older than the process log in anew.
// Where a login is too weak
// it sends the same person to authenticate once more (xác thực bổ sung), once;
// what a login cannot change, the account level and the locks, goes to the error
// page.
//
// With Config.Sessions the session lies on the server, sealed all the same, and the
// cookie is a ticket of 256 bits; then it keeps tokens too. Package ssotest has the
// contract of the stores as tests, vneid/vneidredis/ssoredis keeps them in Redis.
//
// # After the login
//
// Identity.Tokens are opaque. Client.Access makes an HTTP client of them that reaches
// the resource servers it is given and nobody else; Client.Refresh replaces them:
// once, however many ask, and nobody uses what was not saved. The ID token of a
// refresh is held to the checks of Finish but for nonce, which it may lack, and to the
// login: the same sub and auth_time, no azp that was not there (OpenID Connect Core
// §12.2). It changes no Identity; an account that was locked since refuses it.
// Client.Revoke takes tokens back (RFC 7009), Client.Introspect asks about somebody's
// (RFC 7662), Client.StepUp reads a resource server's demand for a stronger login
// (RFC 9470): for the same person, once, and never for another account level.
//
// Userinfo may be signed, and encrypted too: iss, aud and sub must then be there and
// right. Config.SignedUserinfo refuses any other. Keys in Config.Decrypt demand
// encryption of the ID token alone: each of the three answers is registered by itself
// (id_token_, userinfo_, authorization_encrypted_response_alg), and what encryption
// adds is secrecy from whoever reads along, not proof of who wrote.
//
// Client.Logout ends the session here. With Config.LogoutURL the browser then goes to
// the provider (OpenID Connect RP-Initiated Logout 1.0), with the ID token as a hint
// unless that is encrypted or has any claim besides those of the protocol, since
// nothing personal must stand in a URL, and comes back to Client.LoggedOut with the state it left with.
//
// Client.BackchannelLogout is told by the provider that somebody logged out there
// (OpenID Connect Back-Channel Logout 1.0). The logout token's checks, in their order:
//
//	1  a posted form with one logout_token, of at most 32 KiB              Malformed
//	2  decrypted, if it is encrypted; form and alg as an ID token's; typ
//	   is logout+jwt                                                       Malformed, Untrusted
//	3  iss                                                                 Untrusted
//	4  the signature, by a key for logout tokens of that issuer            Signature, Untrusted
//	5  aud is this client alone                                            Malformed, Mismatch
//	6  iat is there, not ahead and at most two minutes old; exp and nbf
//	   hold, if there                                                      Malformed, Expired, …
//	7  events has back-channel logout, an object; there is no nonce        Malformed
//	8  jti; sub or sid or both                                             Malformed
//	9  jti was not used before (Config.Replay)                             Replayed
//
// A token that passes ends the logins of its sid, else of its sub, up to now; one that
// fails at 9 alone ends those up to its iat, and is refused all the same: a provider
// that repeats a call whose answer was lost gets its way, and a thief nothing new. A
// session whose ID token had no sid ends by sub alone. The answer is 200, or 400 with
// an error code, and never kept.
//
// # Keys
//
// A key serves one purpose: that of client authentication, that of bound tokens and
// those for decryption must differ. Signing keys may be in hardware (crypto.Signer), RSA
// keys for decryption too (crypto.Decrypter). DPoP's key is the client's, not the
// Session's: where several processes finish each other's logins they share
// Config.DPoPKey, or the code is refused. Proofs name the URL of the provider's
// metadata, never one of a request's.
//
// # The provider
//
// New calls nobody. Metadata are read when first needed, once for all waiters,
// kept for an hour, and while they cannot be read again for a day; after a failure
// the next attempt waits 1 s, doubling to a minute. Endpoints must be on the
// issuer's host or in Config.Hosts, and on https unless the issuer itself is on
// loopback http. Keys come from the metadata's jwks_uri by the rules of package
// vneid/jwks. No call follows a redirect. Config.Trace is told each step, without what
// was said.
//
// # Errors
//
// Every refusal of evidence matches one of package vneid's kinds; *AuthError,
// *vneid.LevelError, *vneid.LockError, *vneid.TimeError and *vneid.APIError tell
// more. Mistakes in a Config or an Ask have no kind and name the field. No text
// holds personal data, tokens, codes, keys, or words of the provider.
package sso
