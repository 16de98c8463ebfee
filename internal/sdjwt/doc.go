// Package sdjwt reads and issues documents that citizens share: SD-JWT Verifiable
// Credentials (RFC 9901, draft-ietf-oauth-sd-jwt-vc), and the Token Status Lists
// (draft-ietf-oauth-status-list) that say whether one still holds. It stands on the
// standard library and internal/jws, fetches nothing and knows nothing of trust:
// whose key may sign what is said by a function that the caller supplies.
//
// # A document
//
//	form       <issuer's JWT>~<disclosure>~…~[key-binding JWT], the JWT by the
//	           rules of internal/jws; at most Rules.MaxSize bytes and
//	           Rules.MaxDisclosures disclosures, 1,024 digests, 16 levels deep,
//	           128 members in an object
//	header     typ is dc+sd-jwt; kid and alg; x5u, jku, x5c, jwk and crit are
//	           refused as internal/jws does: keys come from configuration
//	claims     iss and vct are strings that say something; vct is a name, never
//	           fetched. _sd_alg is absent or sha-256 (RFC 9901 §4.1.1), and stands
//	           nowhere but at the top
//	digests    _sd is an array of strings, "..." the only member of an array's
//	           element; each is the strict base64url of 32 bytes and stands once in
//	           the whole document (§7.1 step 4). What no disclosure answers to is a
//	           decoy or withheld, which nobody can tell, and vanishes
//	disclosure strict base64url of a JSON array of a salt, a name and a value, or
//	           of a salt and a value, referenced exactly once by a digest of its
//	           sort (steps 3 and 5). Its name is not _sd, "..." or _sd_alg, and no
//	           other member has it
//	open       iss, nbf, exp, cnf, vct, vct#integrity, status, and what Rules.Open
//	           adds, are never selectively disclosable, nor is anything inside them
//	           (SD-JWT VC §2.2.2.2)
//	cnf        with cnf.jwk there is a key-binding JWT and the other way round; its
//	           typ is kb+jwt, its signature by that key, its aud and nonce those
//	           expected, its iat fresh and its sd_hash that of everything before it
//	           (RFC 9901 §4.3). cnf by other members than jwk is refused
//
// Nothing is decoded behind the issuer's JWT, and no claim but iss and vct is shown
// to anybody, before the caller's function has found the issuer's signature good.
// The document's own times are for the caller to read from its claims, since an
// archive asks about another moment than a counter.
//
// # A status list
//
// A list is a JWT of typ statuslist+jwt with sub, iat, exp, ttl and status_list; the
// last two times are optional in the draft and needed here. bits is 1, 2, 4 or 8; lst
// is one zlib stream, nothing behind it, and inflates to at most ListRules.MaxLength
// bytes. A status is given for a reference to exactly that list and within it; what
// the list does not reach has no status, and that is an error. An unsigned list does
// not exist here.
//
// # Errors
//
// Texts are fixed and hold nothing from a document. errors.Is finds exactly one of
//
//	jws.ErrMalformed  not such a document, or against the rules  → vneid.ErrMalformed
//	jws.ErrAlgorithm  an algorithm outside the rules              → vneid.ErrUntrusted
//	jws.ErrKey        a key that cannot be used                   → vneid.ErrUntrusted
//	jws.ErrSignature  the key-binding signature is wrong          → vneid.ErrSignature
//	ErrMismatch       made for somebody or something else         → vneid.ErrMismatch
//	ErrExpired        its time is over                            → vneid.ErrExpired
//	ErrEarly          its time has not begun                      → vneid.ErrNotYetValid
//
// or what the caller's own function returned. An error without any of them names a
// field that was set wrongly.
package sdjwt
