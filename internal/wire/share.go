package wire

import "github.com/vneid-sdk/vneid-go/vneid"

// Names of a data request and its answer (vneid/share). All of them are this
// project's; the standards lend the frame: pushed requests (RFC 9126) with
// authorization_details (RFC 9396), documents as SD-JWT VC (RFC 9901), status lists,
// security event tokens (RFC 8417). share.go and shareevent.go are the one table that
// the relying party's side and the reference platform share.

// Uses of keys beyond those of package vneid, which vneid/share exports under the
// same names. None of these keys is ever taken from a login's jwks_uri.
const (
	UseDocument vneid.Use = "document" // an issuer's, for one document
	UseEnvelope vneid.Use = "envelope" // the platform's, for one answer
	UseReceipt  vneid.Use = "receipt"  // the platform's, for what was agreed to
)

// The request: an authorization request with this scope and one element of this type.
const (
	ScopeShare     = "vneid:share"                   // alone, without openid
	Details        = "authorization_details"         // RFC 9396 §2, also in the token's answer (§7)
	DetailsType    = "vneid_share"                   // its type
	InvalidDetails = "invalid_authorization_details" // the error of RFC 9396 §5
)

// Members of the element.
const (
	DetailType        = "type"
	DetailPurpose     = "purpose"        // {code, vi, en}
	DetailBasis       = "basis"          // {kind, citation}
	DetailRetention   = "retention_days" // whole days, 0: not kept
	DetailMode        = "mode"           // once, periodic
	DetailUntil       = "until"          // yyyy-MM-dd, with periodic only
	DetailFrequency   = "frequency_days" // with periodic only
	DetailUse         = "use"            // view, store
	DetailNonce       = "nonce"          // with a decoupled request only, which has no nonce parameter
	DetailDocuments   = "documents"
	DetailKind        = "kind"
	DetailEssential   = "essential"    // of a document, a claim, a predicate
	DetailMaxAge      = "max_age_days" // how old what the issuer says may be
	DetailClaims      = "claims"       // [{name, essential}]
	DetailPredicates  = "predicates"   // [{name, at_least | includes, essential}]
	DetailName        = "name"
	DetailAtLeast     = "at_least" // of PredicateAge
	DetailIncludes    = "includes" // of PredicateLicence
	DetailTransaction = "txn"      // in the token's answer only
	DetailGrant       = "grant"    // likewise
)

// Members of purpose and basis, and the values that have a vocabulary.
const (
	PurposeCode      = "code"
	PurposeVI        = "vi"
	PurposeEN        = "en"
	BasisKind        = "kind"
	BasisCitation    = "citation"
	BasisConsent     = "consent"
	BasisContract    = "contract"
	BasisLaw         = "law"
	ModeOnce         = "once"
	ModePeriodic     = "periodic"
	UseView          = "view"
	UseStore         = "store"
	PredicateAge     = "age"
	PredicateLicence = "licence"
)

// Paths below the platform's issuer. A document's issuer has IssuerJWKS and
// IssuerStatus below its own URL.
const (
	PathBundle         = "/share/v1/bundle"         // GET, access token bound by DPoP
	PathGrants         = "/share/v1/grants/"        // DELETE, and the grant's id behind it
	PathEvents         = "/share/v1/events"         // POST, RFC 8936
	PathReconciliation = "/share/v1/reconciliation" // GET ?day=yyyy-MM-dd
	PathShareJWKS      = "/share/jwks.json"         // keys of envelopes, receipts and events
	PathIssuers        = "/issuer/"                 // the platform's stub issuers: police, immigration, insurance, tax
	IssuerJWKS         = "/jwks.json"
	IssuerStatus       = "/status/" // and the number of the list behind it
)

// What marks the objects of an answer.
const (
	TypeEnvelope = "vneid-envelope+jwt"            // typ of the JWS
	TypeReceipt  = "consent-receipt+jwt"           // likewise
	MediaBundle  = "application/vneid-bundle+json" // Content-Type of a bundle in the clear
	MediaJOSE    = "application/jose"              // of one in a JWE
	TypeBundle   = "vneid-bundle+json"             // cty of the JWE
	MaxBundle    = 256 << 10                       // bytes of a bundle, encrypted or not
)

// Members of the bundle.
const (
	BundleEnvelope  = "envelope"
	BundleReceipt   = "receipt"
	BundleDocuments = "documents" // SD-JWTs in the order of the envelope's digests
)

// Claims of the envelope beyond those of RFC 7519, and the members inside them.
const (
	Transaction     = "txn"       // of envelope, documents and receipt (RFC 8417 §2.2)
	Grant           = "grant"     // what withdrawal and refetching name
	Decision        = "decision"  // DecisionAll or DecisionPartial
	Digests         = "documents" // base64url SHA-256 of each document with its disclosures
	Declined        = "declined"  // [{kind, claims}]: declined or not there, which nobody can tell
	ReceiptDigest   = "receipt"   // base64url SHA-256 of the receipt
	Approvals       = "approvals" // [{by, relation, at, attested}]
	ApprovalBy      = "by"
	ApprovalRelate  = "relation"
	ApprovalAt      = "at"
	ApprovalAttest  = "attested"
	EIDLocked       = "eid_locked" // always false: a locked card answers nothing
	Sequence        = "seq"        // of the subject's events as of now: older ones are not applied on top
	DeclinedKind    = "kind"
	DeclinedClaims  = "claims"
	ApprovalSelf    = "self"
	ApprovalGuard   = "guardian"
	ApprovalChild   = "child"
	DecisionAll     = "approved" // everything asked for
	DecisionPartial = "partial"  // some of it, also where nothing of it is there
)

// Claims of a document. Those of its kind, the names of vneid/document/paper, and
// DocPredicates' members are selectively disclosable; these are not.
const (
	DocType         = "vct" // DocTypePrefix, the kind, DocTypeSuffix
	DocTypePrefix   = "urn:vneid:document:"
	DocTypeSuffix   = ":1"
	DocVerification = "verification" // {state, at, source}: "đã được xác thực"
	DocState        = "state"
	DocAt           = "at"
	DocSource       = "source"
	StateVerified   = "verified"
	StatePending    = "pending"
	StateUnverified = "unverified"
	DocPredicates   = "predicates" // {"age>=18": true}, each member disclosable by itself
)
