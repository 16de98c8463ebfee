// Package relying is what sso and vneid/share both need of a relying party, so that
// each rule has one text:
//
//	Source      the provider's metadata: read once for all waiters, kept for an hour,
//	            served for a day while they cannot be read again, tried anew after
//	            1 s, doubling to a minute
//	CheckURL,   what a configured URL may look like, and where the URLs of metadata
//	Endpoint    may lead: https, on the issuer's host or a configured one
//	CheckSigner, CheckDecrypt   keys that a client may have, one purpose each
//	Box         envelopes that only this client opens
//	Tabs        one sealed cookie for each thing under way in a browser
//	ParseQuery  the raw query of an authorization response
//
// Errors about the provider have kinds and no prefix; those about a configuration have
// no kind and name the field.
package relying
