// Package cms reads the signed objects of electronic documents, certificates and
// lists of them, and decides whether a chain of signatures leads from a document
// to a key that the caller trusts. It is written for ICAO Doc 9303 parts 10 to 12
// and knows nothing of cards, networks or files.
//
// # Why not crypto/x509
//
// The standard library refuses 279 of the 999 certificates in two current master
// lists: those with explicit elliptic curve parameters, Brainpool curves or a
// BOOLEAN of 01. Here they are read, by rules that are strict where an attacker
// has a choice and patient where issuers were careless.
//
//	certificate   RFC 5280 §4, in DER; RSA, RSASSA-PSS and EC keys; curves named or
//	              with explicit parameters that agree with a known curve in all of
//	              p, a, b, G, n and h (see package ec)
//	CRL           RFC 5280 §5, complete and direct only
//	SignedData    RFC 5652 §5, one signer, signed attributes required; in DER, or
//	              with the indefinite lengths and divided strings of BER, as some
//	              issuers of SODs write it
//	SOD           ICAO Doc 9303-10 §4.6.2, LDSSecurityObject version 0 or 1
//	master list   ICAO Doc 9303-12 §9, CscaMasterList version 0
//	signatures    RSASSA-PKCS1-v1_5, RSASSA-PSS whose mask uses the same digest,
//	              ECDSA; SHA-224 to SHA-512, and SHA-1 where the Policy allows it.
//	              DSA, which Doc 9303-12 §4.1.6 permits and no known list has, is not read
//
// # Trust
//
// A Store holds trust anchors that somebody gave out of band, each for one
// country and for stated uses, and what was learned under them: link
// certificates, master lists, revocation lists. Path leads from a document
// signer to an anchor through at most four certificates; those that travel
// inside a signed object are never part of it, except for the signer's own.
//
//   - An anchor is self-signed. A link certificate counts only beneath a key that
//     is trusted already.
//   - A master list is as good as its signer, who needs the key usage 2.23.136.1.1.3
//     and a path to an anchor that was given for lists. What the list brings can
//     vouch for documents, never for lists. A list that is not newer than the one
//     held from the same country is refused.
//   - Every certificate of a path names the same country (Doc 9303-12 Table 5), which
//     is the one that the caller asks for.
//
// # Results
//
// A refusal is one Reason, perhaps with the place where it was found. There is no
// verdict in this package: signature, path, validity, revocation and digests are
// separate questions, since a caller answers "does not match" and "cannot tell"
// differently. Nothing is read or fetched, no clock is asked: times are arguments.
//
// # Limits
//
// A certificate has at most 32 KiB and 64 extensions, a SOD 64 KiB, a master list
// 16 MiB and 10,000 certificates, a CRL 16 MiB and 100,000 entries; what comes in
// BER 1 MiB and 32 levels. RSA keys have 1,024 to 8,192 bits; less than 2,048, and
// curves of less than 224, are weak.
package cms

// Reason is why something was refused. It is an error, and errors.Is finds it in
// every error of this package.
type Reason string

func (r Reason) Error() string { return string(r) }

// Refusals of form: these bytes are not what they should be.
const (
	Malformed   Reason = "malformed"
	TooLarge    Reason = "too large"
	Algorithm   Reason = "an algorithm that is not accepted"
	Parameters  Reason = "algorithm parameters that are not accepted"
	UnknownEC   Reason = "an elliptic curve that is not known"
	BadKey      Reason = "not a usable public key"
	Disagree    Reason = "algorithms that do not agree"
	ContentType Reason = "content of another type"
	Attribute   Reason = "a signed attribute is missing or doubled"
	Signers     Reason = "not exactly one signer"
	NoSigner    Reason = "the signer's certificate is missing"
)

// Refusals of substance: the bytes are well formed and prove nothing.
const (
	BadSignature  Reason = "the signature does not match"
	BadDigest     Reason = "the digest does not match"
	NotListed     Reason = "the signed object has no digest for it"
	WeakDigest    Reason = "SHA-1 is no longer trusted"
	WeakKey       Reason = "the key is too short"
	NoAnchor      Reason = "no trust anchor for the issuer"
	OutOfScope    Reason = "the trust anchor is not for this use"
	NotSelfSigned Reason = "a trust anchor that is not self-signed"
	Country       Reason = "another country"
	DocumentType  Reason = "the signer is not for this type of document"
	Critical      Reason = "a critical extension that is not understood"
	KeyUsage      Reason = "the key usage is another"
	Purpose       Reason = "the extended key usage is another"
	NotCA         Reason = "the issuer is not a certification authority"
	PathLength    Reason = "too many certificates in the path"
	NotYetValid   Reason = "not valid yet"
	Expired       Reason = "no longer valid"
	KeyPeriod     Reason = "signed outside the signer's period"
	Revoked       Reason = "the certificate is revoked"
	NoCRL         Reason = "no revocation list from the issuer"
	StaleCRL      Reason = "the revocation list is not current"
	Rollback      Reason = "not newer than what is held"
)

// Error is a Reason with the place where it was found, in words of the standards.
type Error struct {
	Reason Reason
	Where  string
}

func (e *Error) Error() string { return e.Where + ": " + string(e.Reason) }

// Unwrap makes errors.Is find the reason.
func (e *Error) Unwrap() error { return e.Reason }

func at(where string, r Reason) error { return &Error{r, where} }

// in adds the place to a refusal, if there is one.
func in(where string, err error) error {
	if r, ok := err.(Reason); ok {
		return at(where, r)
	}
	return err
}

// Policy is what a caller may allow. The zero Policy is the strict one.
type Policy struct {
	// AllowSHA1 accepts SHA-1 in digests and signatures: documents issued long
	// ago, whose forging needs a collision that was prepared then.
	AllowSHA1 bool

	// without takes one check out. Only this package's tests can set it: they
	// show that an attack which a check stops would have succeeded.
	without Reason
}

// demand is how every refusal of substance is made.
func (p Policy) demand(ok bool, r Reason) error {
	if ok || p.without == r {
		return nil
	}
	return r
}
