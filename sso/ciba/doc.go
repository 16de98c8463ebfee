// Package ciba logs a person in who stands at a counter or is on the telephone: the
// relying party asks the provider, the provider asks the person on their own
// telephone, and the answer comes back without any browser (OpenID Connect
// Client-Initiated Backchannel Authentication, CIBA Core 1.0).
//
//	desk, err := ciba.New(ciba.Config{Client: client}) // an *sso.Client
//	login, err := desk.Begin(ctx, ciba.Ask{Hint: number, Message: "BHXH quay 3"})
//	show(login.Number())                               // "47": the person picks 47 on the telephone
//	id, err := desk.Wait(ctx, login)                   // an *sso.Identity, as after any login
//
// A web page that reloads itself keeps the Session (it is plain data by way of JSON)
// and calls Poll instead of Wait, each time keeping it anew.
//
// # Who asks whom
//
// A counter names a person before they have shown who they are, so the request
// itself proves nothing, and somebody else could be made to confirm it. Against that
// stand three things, none of which can be switched off:
//
//   - the number: two random digits that open the binding message. The clerk shows
//     them, the person compares them or picks them among others, as the provider's
//     page has it (so khớp số). Whoever confirms without having seen the clerk's
//     screen must guess.
//   - one request at a time for each person: a telephone that rings again and again is
//     confirmed in the end. A second Begin for a hint, however it is spelled, is
//     refused while the first is open.
//   - the answer names the person: the Identity is who confirmed, whoever was
//     asked. Ask.Subject demands one whom the caller knows already; otherwise compare the
//     Citizen with the person in front of you.
//
// # The request
//
//	login_hint          Ask.Hint: a personal number, a telephone number, as agreed with the
//	                    provider. It travels in the body of a POST, and we keep only an
//	                    HMAC of it under a key of the Desk
//	binding_message     the number, and Ask.Message after a space: 20 characters in all of
//	                    A–Z a–z 0–9, space and hyphen (CIBA §7.1 wants it short and plain:
//	                    no letter looks like another, and no URL can be written)
//	acr_values          what sso.Config.Need and Ask.Need need
//	requested_expiry    Ask.Expiry
//	client_notification_token   for ping: 256 random bits of this request alone
//	request             with Config.Sign all of these in a JWT by sso.Config.Key (§7.1.1)
//
// The client authenticates as in package sso, and tokens are bound to its key if
// sso.Config says so. The form of number and message is this project's.
//
// # Waiting
//
// Poll asks the token endpoint, at most once in the interval that the provider names
// (5 s if it names none, and from the first time on), 5 s more after each slow_down
// (§11). Too early, it answers without asking. With Config.Ping the provider tells
// the handler Notify when there is something to ask for; Wait then asks at once, and
// otherwise every 30 s in case the message was lost. The push mode, in which tokens
// are sent to the relying party, is not spoken (FAPI-CIBA §5.2.2 forbids it).
//
// # The answer
//
// The ID token passes the checks of sso.Client.Finish 9 to 20, with these
// differences: it has no nonce, since the request had none, and one with a nonce is
// another login's; instead it has at_hash or auth_time, without which nothing would tell
// it from a signed userinfo response (a provider that sends neither unasked, as CIBA lets
// it, is registered with require_auth_time); neither it nor the authentication that it
// tells of is older than the request; if it has
// urn:openid:params:jwt:claim:auth_req_id, which push alone must (§10.3.1), that is this
// request.
//
// # Errors
//
//	the provider says                     kind
//	authorization_pending, slow_down      *Pending, which matches vneid.ErrUnavailable
//	access_denied                         vneid.ErrDenied
//	expired_token, expired hints          vneid.ErrExpired
//	unknown_user_id, invalid_grant,       vneid.ErrMismatch
//	invalid hints
//	invalid_binding_message               vneid.ErrMalformed
//	account_locked, eid_locked,           vneid.ErrLocked, vneid.ErrLevel
//	unmet_authentication_requirements
//	transaction_failed, server_error      vneid.ErrUnavailable; the request is over
//	anything that blames the request      vneid.ErrUntrusted: check the configuration
//
// A request that is over is not asked for again (§11). No text holds the hint, the
// message, a token, or words of the provider.
//
// # QR login
//
// The QR code that the provider's own login page shows for the VNeID app to scan is
// no protocol of the relying party's: package sso sends the browser to that page, the
// page and the app settle it, and the answer is the same callback. There is nothing to
// do here, and no code that a relying party should ever draw for it.
package ciba
