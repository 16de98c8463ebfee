// Package legacy speaks the two protocols with which VNeID logged people in before
// OpenID Connect. Importing it is the decision to accept less: neither of them has a
// signed token, a nonce, or anything but TLS between a statement about a person and
// whoever stands in the way.
//
//	client, err := sso.New(sso.Config{
//		Issuer:   "https://sso.example", // the name that accounts are bound to
//		ClientID: "…", ClientSecret: "…",
//		RedirectURL: "https://portal.example/callback",
//		Accept:      sso.TransportOnly, // without it no Require lets anybody in
//		Wire: legacy.Envelope{
//			Deployment: legacy.Deployment{AuthURL: "https://…", TokenURL: "https://…", UserinfoURL: "https://…"},
//			Key:        rsaKey, SubjectKey: subjectKey,
//		}.Wire(),
//	})
//
// The rest is package sso as usual: handlers, cookies, sessions, Require. State, its
// one use and the ten minutes are sso's and the same as for OpenID Connect.
//
// # Where the facts come from
//
// VNeID publishes no interface. VNConnect is as six public integrations of the
// National Public Service Portal's broker (xacthuc.dichvucong.gov.vn) use it;
// Envelope as one public extension for Keycloak (vneid-keycloak-extensions, 2026-05)
// speaks to VNeID's direct single sign-on (sso.dancuquocgia.gov.vn). No official
// text confirms either, deployments are said to differ, and nothing here was tried on
// VNeID: all that is recalled can be configured, and a contract's text goes before
// this one. Passing against the reference platform is no approval to connect.
//
// # What both share
//
//	authorize  GET  response_type=code, client_id, redirect_uri, scope, state
//	callback   code, state; on iss see Deployment.IssuerAlias
//	token      POST as a form: grant_type, code, redirect_uri, client_id,
//	           client_secret (in the body; Deployment.BasicAuth)
//	userinfo   GET with the access token as Bearer; a flat JSON object
//
// No call is repeated: codes live a few seconds and pass once. Answers are JSON
// objects of type application/json (Deployment.AnyMediaType), 1 MiB at most, in the
// strict reading of this module (no name twice, no text after the object).
//
// Both statements are sso.TransportOnly. They tell of no lock, no factor and no time
// of authentication: a login that needs an authentication level, a maximum age or a
// fresh login (Ask.Prompt) is not possible on these wires, and Login and Begin, or
// the end of the login, say so. LoginHint is not sent: it would put a personal
// number into a URL.
//
// # VNConnect
//
//	acr_values=LoA1 in the request, the only value seen
//	sub            the subject
//	LoaiTaiKhoan   "1" is a citizen; other accounts keep the broker's word
//	SoDinhDanh     twelve digits
//	HoVaTen        full name
//	NgayThangNamSinh  yyyyMMdd
//	loginIdp       "BCA" is VNeID; logins by another identity provider are refused
//
// # Envelope
//
//	callback   code         base64 of the code under AES-ECB with PKCS#7
//	           encrypt_key  base64 of the AES key under our RSA key, PKCS #1 v1.5
//	token      code decrypted (Envelope.CodeAsReceived), encrypt_key sent back
//	           (Envelope.OmitKey)
//	answers    {"data": …, "key": …}, the same pair, around a JSON object; plain
//	           JSON with Envelope.PlainAnswers alone
//	userinfo   citizenPid, fullName, birthDate, accountType, accountLevel
//
// The literal + of base64 reaches us as +, since package sso reads queries that way.
// Where a proxy on the path has written %20, %2B or a double escape for it, it is put
// back in code and encrypt_key, and in no other parameter. A decrypted code is a GUID
// or several joined by dots, else it is none. See internal/envelope for the order of
// decryption and what keeps it from becoming an oracle: whatever is wrong with an
// envelope ends in one error after the same work.
//
// There is no subject in what was seen of this userinfo. Envelope.SubjectKey makes
// one of the personal number (HMAC-SHA256, for this client alone), so that accounts
// are not bound to the number itself; a deployment that has a claim for it names that
// in Claims.Subject instead.
//
// # What is left alone
//
// given_name and family_name come out reversed for Vietnamese names: neither is read
// or shown. userProfileUri, logoutUri and every other URL or token in userinfo may
// open a door for its bearer: none is followed, kept, or shown by Identity.Claim. The
// access token is asked nothing and not kept.
//
// # Errors
//
// As in package sso: one kind each, and nothing of the answer in a text. A status 401
// from these servers more often means that our address is not on their allow-list
// than that the secret is wrong, and looks the same; the text says both.
package legacy
