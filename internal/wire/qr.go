package wire

// A signed QR code carries the same claims in two spellings: CBOR labels
// (VN1, RFC 8392) and JSON names (JWS). Package qr documents them; this file is
// the one table that its reader and internal/qrissue share.

// Labels of the CWT claims set that are registered with IANA.
const (
	LabelIssuer   = 1  // tstr
	LabelAudience = 3  // tstr
	LabelExpires  = 4  // uint, seconds since 1970
	LabelIssued   = 6  // uint, seconds since 1970
	LabelID       = 7  // cti: bstr of 16 bytes
	LabelNonce    = 10 // tstr (RFC 9711 eat_nonce)

	// LabelCode is the one claim of this project: a map with the labels below.
	// Numbers under −65536 are for private use (RFC 8392 §9.1).
	LabelCode = -65537
)

// Labels inside LabelCode.
const (
	LabelKind        = 1  // uint: 1 dynamic, 2 card
	LabelLevel       = 2  // uint: account level, 1 or 2
	LabelHolder      = 3  // uint: 1 device, 2 card, 3 login; absent: none
	LabelStatus      = 4  // [tstr uri, uint index] of the status list
	LabelCitizenID   = 5  // number: see PackDigits
	LabelForeignerID = 6  // tstr
	LabelOldID       = 7  // number
	LabelFormerIDs   = 8  // array of numbers
	LabelName        = 9  // tstr
	LabelBirth       = 10 // date: see PackDate
	LabelSex         = 11 // uint: 1 male, 2 female (ISO/IEC 5218)
	LabelNationality = 12 // tstr, ISO 3166-1 alpha-3
	LabelOrigin      = 13 // place: tstr, or [tstr, date] with an as-of date
	LabelResidence   = 14 // place
	LabelEthnicity   = 15 // tstr
	LabelReligion    = 16 // tstr
	LabelCardIssued  = 17 // date
	LabelCardExpires = 18 // date
	LabelCardIssuer  = 19 // tstr
	LabelFather      = 20 // tstr
	LabelMother      = 21 // tstr
)

// Claims of the JWS spelling beyond those of wire.go and RFC 7519.
const (
	CodeKind   = "code_kind"   // dynamic, card
	CodeHolder = "code_holder" // device, card, login
	Status     = "status"      // {"status_list":{"idx":…,"uri":…}}
	Name       = "name"
	Birth      = "birthdate" // yyyy-MM-dd, yyyy-MM, yyyy
	Gender     = "gender"    // male, female
	Ethnicity  = "ethnicity"
	Religion   = "religion"
	CardIssuer = "card_issuer"
	Father     = "father"
	Mother     = "mother"
)

// Values and inner names of the claims above.
const (
	KindDynamic  = "dynamic"
	KindCard     = "card"
	HolderDevice = "device"
	HolderCard   = "card"
	HolderLogin  = "login"
	StatusList   = "status_list"
	StatusIndex  = "idx"
	StatusURI    = "uri"
	PlaceText    = "text"
	PlaceAsOf    = "as_of"
)

// What marks the two spellings. All of it is signed but PrefixVN1.
const (
	PrefixVN1 = "VN1:"         // before the base45 text
	AAD       = "VN1"          // external_aad of the COSE signature
	TypeVN1   = "vn1"          // COSE header typ (RFC 9596)
	TypeJWS   = "vneid-qr+jwt" // JOSE header typ
)

// IDLen is the length of a code's identifier: cti as it stands, jti in unpadded
// base64url.
const IDLen = 16
