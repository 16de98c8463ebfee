// Package oauth is what the RFCs of OAuth ask of both sides of a call, below any
// login: client assertions, proofs of possession, and calls to a provider's
// endpoints. The relying party makes them, the reference platform and resource
// servers check them, with one text of each rule.
//
// # Client assertions (RFC 7523 §3, OpenID Connect Core §9)
//
//	alg   PS256, ES256 or EdDSA (FAPI 2.0 Security Profile §5.4.1)
//	typ   JWT is sent; none, JWT and client-authentication+jwt are accepted
//	iss, sub   the client, both
//	aud   the server's issuer identifier as one string, never an array and never
//	      an endpoint (FAPI 2.0 Security Profile §5.3.2.1, §5.3.3.1)
//	exp   60 s after iat when we make it; at most 5 minutes ahead when we check it
//	jti   128 random bits when we make it; 1 to 256 bytes, once, when we check it
//
// # Proofs of possession (DPoP, RFC 9449 §4)
//
//	alg   PS256, ES256 or EdDSA, or what ProofRules.Algs lists
//	typ   dpop+jwt
//	jwk   the public key and nothing private; members beside those of RFC 7517 §4
//	      and WebCrypto's ext are refused
//	htm   the method, exactly
//	htu   the target without query and fragment, compared after the syntax- and
//	      scheme-based normalisation of RFC 3986 §6.2.2–§6.2.3; a path with dot
//	      segments is refused, since nobody sends one in good faith
//	iat   at most MaxAge ago, and not ahead; both within Skew
//	jti   1 to 256 bytes; the caller spends it, as the last of its checks
//	ath   the hash of the access token, wherever there is one
//	nonce as the server demands
//	size  8 KiB at most
//
// # Calls
//
// A Party never follows redirects, keeps no cookies, waits 10 s, reads 1 MiB, and
// puts no secret into a URL. It asks once: a code or a refresh token that is sent
// twice may be taken for stolen (RFC 9700 §4.14). The one exception is a server
// that wants a nonce in the proof, and which then has spent nothing (RFC 9449 §8).
//
// # Errors
//
// Refusals are of one kind of package vneid and carry no prefix, which the exported
// package that calls puts on; mistakes of configuration have no kind. No text
// repeats anything of a token, a key or an answer.
package oauth
