// Package qr reads the QR codes of Vietnamese citizens: the unsigned text printed
// on identity cards, and three signed codes of this project that a verifier can
// trust.
//
//	switch qr.Classify(text) {
//	case qr.Signed:   // credential, err := verifier.Verify(ctx, text)
//	case qr.CardText: // card, err := qr.ParseCard(text): unsigned, for filling in forms
//	case qr.Opaque:   // perhaps a code of the VNeID app: only VNeID can check it
//	}
//
// The signed codes are a project format, not VNeID's: what the codes in the VNeID
// app hold is not public, and a third party cannot check them. Package qr/qrimage
// draws codes and reads pictures of them; this package deals in text alone, needs
// nothing beyond the standard library, and touches neither network nor disk.
//
// # Three kinds of signed code
//
// A dynamic code (mã QR định danh, Dynamic) is made for one presentation: it lives
// 120 s at most and passes once. Without Config.Redeem that "once" holds for the
// verifiers that share a Replay store, and a picture of the code shown elsewhere
// within its life still passes there; a nonce or an audience in the code, or the
// issuer's redeem call, closes that gap.
//
// A card code (mã QR căn cước, Static) stands in for the card: it lives up to 400
// days, can be copied like a photo of the card, and names the place in a status
// list where its issuer says whether it still holds: Config.Status has the lists, and
// without them a card code passes only where Config.AcceptUnchecked accepts that by
// name. Whoever shows one is not thereby its owner: see Holder.
//
// A document's code (xuất trình giấy tờ, Document) presents a single paper to an
// inspection, as one-time as a dynamic code: a driving licence, a vehicle's
// registration or a health insurance card, and of it only what an inspection needs.
// It says nothing else about anybody, and is never taken for a person's code nor the
// reverse: Config.Document asks for one or the other. It stands in for the paper only
// while the paper's integration is đã được xác thực, and since a day that depends on
// the kind; otherwise the answer is a PaperError: show the paper.
//
// # Two spellings
//
// VN1 stays in the alphanumeric mode of a QR code and is the one to print:
//
//	"VN1:" base45(COSE_Sign1)
//
//	base45       RFC 9285, strict
//	COSE_Sign1   RFC 9052 §4.2: tag 18 once, array of four, at most 2,048 bytes
//	protected    exactly {1: alg, 4: kid, 16: typ}; typ is the text "vn1"
//	unprotected  {}
//	payload      CBOR map of claims, attached
//	signature    64 bytes
//	alg          -9 ESP256 or -19 Ed25519 (RFC 9864); -7 and -8 read as the same
//	kid          first 8 bytes of SHA-256 over the key's SubjectPublicKeyInfo
//	external_aad the three bytes "VN1"
//	CBOR         deterministic (RFC 8949 §4.2.1); integers, byte and text strings,
//	             arrays, maps, at most 4 levels; no compression anywhere
//
// A dynamic code of a full record (name of 22, address of 54 letters) has 275 to
// 305 bytes, depending on diacritics and the issuer's name: 415 to 460 characters,
// QR version 12 or 13 at level M. A card code, with its status list, is one version
// larger; the same as JWS needs version 21 to 23.
//
// JWS is for partners with a JOSE stack: a compact JWS (RFC 7515) whose header is
// exactly {alg, kid, typ}, alg ES256 or EdDSA, typ vneid-qr+jwt.
//
// Both carry the same claims and give equal citizens and equal refusals:
//
//	VN1                  JWS            meaning
//	1   tstr             iss            issuer, one of Config.Issuers
//	3   tstr             aud            audience, a single text; optional
//	4   uint             exp            end of life, seconds since 1970
//	6   uint             iat            time of issue
//	7   bstr .size 16    jti            random identifier; JWS: base64url
//	10  tstr             nonce          the verifier's challenge; optional
//	-65537 map           —              the claims below, which JWS has at the top
//	-65538 map           document       of a document's code: the paper, see below
//
//	1   uint             code_kind      1 "dynamic", 2 "card", 3 "document"
//	2   uint             account_level  1, 2
//	3   uint             code_holder    1 "device", 2 "card", 3 "login"; absent: none
//	4   [tstr, uint]     status         uri and index; {"status_list":{"idx","uri"}}
//	5   number           citizen_id     twelve digits
//	6   tstr             foreigner_id   instead of citizen_id
//	7   number           old_id         CMND, nine or twelve digits
//	8   [+ number]       former_ids     cancelled numbers, newest first
//	9   tstr             name           full name
//	10  date             birthdate
//	11  uint             gender         1 "male", 2 "female"
//	12  tstr             nationality    ISO 3166-1 alpha-3
//	13  place            place_of_origin
//	14  place            residence
//	15  tstr             ethnicity
//	16  tstr             religion
//	17  date             card_issued
//	18  date             card_expires
//	19  tstr             card_issuer
//	20  tstr             father
//	21  tstr             mother
//
//	number  VN1: the integer of the digits with a 1 before them, so that leading
//	        zeros survive ("001" is 1001); JWS: the digits
//	date    VN1: the integer yyyyMMdd, 00 for what is not known, 99999999 for
//	        Không thời hạn; JWS: yyyy-MM-dd, yyyy-MM, yyyy, or "Không thời hạn"
//	place   VN1: the text, or [text, date] with the day as of which it held; JWS:
//	        {"text","as_of"}
//
// The document has the names of package vneid/document/paper, and labels of its own:
//
//	1   uint             kind           1 driver-licence, 2 vehicle-registration,
//	                                    3 health-insurance
//	2   uint             state          1 verified, 2 pending, 3 unverified
//	3   tstr             number         4 name          5 birth (date)
//	6   date             issued         7 expires (date)   8 authority
//	9   [1*16 class]     classes        text, or [text, date], or [text, date or 0,
//	                                    limit]; {"class","expires","limit"}
//	10  uint             points         below 1,000, as is 22 share
//	11  tstr             plate          12 owner  13 plate_colour  14 vehicle_type
//	                                    15 brand  16 model  17 colour
//	                                    18 engine_number  19 chassis_number
//	20  tstr             facility       21 facility_code  23 valid_from (date)
//	                                    24 valid_until (date)  25 five_years (date)
//
// Licences and insurance cards need their number, registrations their plate. All
// three are presented by code since 2024-06-01: announced for licences, inferred for
// the others.
//
// Required are issuer, times, identifier, kind, account level and exactly one of
// citizen_id and foreigner_id; a card code also needs status; a document's code has
// its document and none of the claims 5, 6 and 9. An absent claim is
// left out, never empty or zero. A text is UTF-8 of at most 512 bytes without
// control or invisible characters. Unknown claims are kept (Credential.Claim),
// unknown headers refused.
//
// # What Verify checks
//
// In this order; the first failure is the error, and its kind tells what to do:
//
//	form        text, envelope, header, claims        vneid.ErrMalformed
//	algorithm   one of the two                        vneid.ErrUntrusted
//	issuer      among Config.Issuers                  vneid.ErrUntrusted
//	key         known to Config.Keys for this use     vneid.ErrUntrusted, ErrUnavailable
//	signature                                         vneid.ErrSignature
//	permission  documents: Config.Signs               vneid.ErrUntrusted
//	life        that of its kind, and longer than 0   vneid.ErrMalformed
//	time        iat − Skew ≤ now < exp + Skew         vneid.ErrNotYetValid, ErrExpired
//	audience    equal to Config.Audience, or neither  vneid.ErrMismatch
//	nonce       equal to the one given, or neither    vneid.ErrMismatch
//	sort        equal to Config.Document, or neither  vneid.ErrMismatch
//	level       Config.Need; 2 for documents          vneid.ErrLevel
//	paper       documents: which state, since when    *PaperError
//	dates       documents: within their own dates     vneid.ErrNotYetValid, ErrExpired
//	status      Config.Status, where a code names it  vneid.ErrRevoked, ErrUnavailable
//	replay      one-time codes: Config.Replay         vneid.ErrReplayed, ErrUnavailable
//	redeem      one-time codes: Config.Redeem         the same
//
// The kind of a code comes from its signed claims, never from its prefix. A
// refused code is not used up. A status list has to be signed by the code's issuer
// for vneid.UseStatus and be in its own time; one that is neither answers nothing, and
// that is ErrUnavailable. Keys are those of QR issuers (vneid.UseQR), never
// those of a login provider. Text that a Vietnamese input method has changed on
// its way from a keyboard-like scanner is ErrMalformed, and vneid.Advice tells the
// clerk to turn the method off.
package qr
