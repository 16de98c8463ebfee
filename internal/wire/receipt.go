package wire

// The consent receipt is a JWS whose claims bear the names of ISO/IEC TS 27560:2023
// (records and receipts of consent), which grew out of Kantara's Consent Receipt 1.1.
// Package vneid/share lists both beside each other. Names of RFC 7519 stand for what
// they have: iss, aud (the relying party), sub (pairwise), iat; jti is the receipt's
// own identifier. There is no exp: a receipt is a record.
const (
	ReceiptSchema   = "schema_version" // ReceiptVersion
	ReceiptRecord   = "record_id"      // of the consent: the same in every receipt of a grant
	ReceiptPurposes = "purposes"       // exactly one object with the members below
	ReceiptEvents   = "events"         // what happened, oldest first: see ReceiptEventType
	ReceiptHistory  = "history"        // {position, head}: where the platform's audit log stood; optional

	ReceiptVersion = "urn:vneid:consent-receipt:1"
)

// Members of the purpose. Its code and words are named as in the request.
const (
	ReceiptPurpose     = "purpose"               // the code
	ReceiptLawful      = "lawful_basis"          // consent, contract, law
	ReceiptCitation    = "lawful_basis_citation" // absent with consent
	ReceiptInformation = "pii_information"       // [{pii_type, attributes, predicates}]: what was agreed to
	ReceiptType        = "pii_type"              // a kind of document
	ReceiptAttributes  = "attributes"            // names of claims
	ReceiptPredicates  = "predicates"            // canonical texts
	ReceiptProcessing  = "processing_method"     // view, store
	ReceiptRetention   = "retention_period_days"
	ReceiptMode        = "collection_method" // once, periodic
	ReceiptStart       = "validity_start"    // seconds since 1970: when it was agreed to
	ReceiptEnd         = "validity_end"      // seconds since 1970: after it nothing is fetched any more
	ReceiptController  = "pii_controller"    // the client
	ReceiptWithdrawal  = "withdrawal_method" // URL of the page where consent is withdrawn
	ReceiptLanguage    = "language"          // of what the citizen read: vi, en
)

// Members of an event, and its types. A decision has, as the envelope's approvals do,
// by, relation and attested.
const (
	ReceiptEventType  = "event_type"  // requested, decided, delivered
	ReceiptEventState = "event_state" // of decided: given, or refused for an approver who said no
	ReceiptEventTime  = "event_time"  // seconds since 1970

	ReceiptRequested = "requested"
	ReceiptDecided   = "decided"
	ReceiptDelivered = "delivered"
	ReceiptGiven     = "given"
	ReceiptRefused   = "refused"

	ReceiptPosition = "position" // number of the last entry, as twenty digits: of one length always
	ReceiptHead     = "head"     // its hash, base64url
)
