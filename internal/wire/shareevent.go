package wire

// Security event tokens (RFC 8417) about people whose data a relying party has, and
// the calls that only say "go and ask".

// What marks an event, and its claims beyond RFC 8417's.
const (
	TypeEvent       = "secevent+jwt"             // typ (RFC 8417 §2.3)
	MediaEvent      = "application/secevent+jwt" // Content-Type of a push (RFC 8935 §2.1)
	Events          = "events"
	SubjectID       = "sub_id"  // RFC 9493: {format, iss, sub}
	SubjectFormat   = "format"  // always SubjectIssuer
	SubjectIssuer   = "iss_sub" // sub is pairwise, as in logins and envelopes
	EventPrefix     = "urn:vneid:event:"
	EventTold       = "told"           // of the client's events which this is; of a heartbeat, and of a poll's answer, the latest
	EventGrant      = "grant"          // of consent-withdrawn
	EventKind       = "kind"           // of document-revoked
	EventURI        = "uri"            // likewise: the status list
	EventIndex      = "idx"            // likewise: the place in it
	EventLevel      = "level"          // of level-changed
	EventSessions   = "sessions_ended" // of device-changed
	EventHeartbeat  = "stream-heartbeat"
	EIDLock         = "eid-locked"
	EIDUnlock       = "eid-unlocked"
	AccountLock     = "account-locked"
	AccountUnlock   = "account-unlocked"
	Withdrawn       = "consent-withdrawn"
	DocumentRevoked = "document-revoked"
	LevelChanged    = "level-changed"
	PhoneChanged    = "phone-changed"
	DeviceChanged   = "device-changed"
	NumberReissued  = "number-reissued"
	CardReplaced    = "card-replaced"
	HolderDied      = "holder-died"
)

// Delivery of events: the members of RFC 8936 §2 and the errors of RFC 8935 §2.4.
const (
	PollMax            = "maxEvents"
	PollReturn         = "returnImmediately"
	PollAck            = "ack"
	PollErrors         = "setErrs"
	PollSets           = "sets"
	PollMore           = "moreAvailable"
	EventErr           = "err"
	EventDescription   = "description"
	ErrorEventRequest  = "invalid_request"
	ErrorEventKey      = "invalid_key"
	ErrorEventIssuer   = "invalid_issuer"
	ErrorEventAudience = "invalid_audience"
	ErrorEventAuth     = "authentication_failed"
	ErrorEventAccess   = "access_denied"
)

// A ping or webhook carries no data: {id, attempt, auth_req_id}.
const (
	HeaderSignature = "X-Webhook-Signature" // SignaturePrefix and the hex HMAC-SHA256 of the raw body
	SignaturePrefix = "sha256="
	PingID          = "id"
	PingAttempt     = "attempt"
	PingRequest     = "auth_req_id"
)

// Reconciliation: {day, rows:[{request, txn, grant, kind, outcome, at, billable}]}.
const (
	ReconDay      = "day"
	ReconRows     = "rows"
	ReconRequest  = "request"
	ReconTxn      = "txn"
	ReconGrant    = "grant"
	ReconKind     = "kind"
	ReconOutcome  = "outcome"
	ReconAt       = "at"
	ReconBillable = "billable"
)
