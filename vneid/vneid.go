// Package vneid is the vocabulary that every package of this module shares: who a
// citizen is, how far evidence about one goes, and in how many ways it can be
// refused. It has no network code and no dependencies.
//
// # Evidence in, citizen out
//
// A relying party (an agency, a bank, a hotel) is shown evidence about a person. Each
// sort has a package that verifies it, and all of them answer with the same Citizen
// and their own facts about the proof, or with an error of one of twelve kinds:
//
//	a login with VNeID            sso   Client.Finish    → sso.Identity
//	a citizen's QR code           qr    Verifier.Verify  → qr.Credential
//	the chip of an identity card  chip  Verifier.Verify  → chip.Document
//	an answer to a data request   vneid/share            → records       (under way)
//
// Verified and unverified data have different types. A Citizen comes only out of a
// verification: it has no exported fields, nothing decodes into one, and its zero
// value is nobody. What was merely read, such as the text of a card's printed QR code,
// has types of its own that do not convert. A function that takes a Citizen therefore
// needs no check that its caller verified something.
//
// # Which type for what
//
//	Citizen       a verified person; Reveal gives the plain Record to store or show
//	CitizenID     số định danh cá nhân, twelve digits; OldID: a number of a CMND
//	History       all numbers of a person; Match finds which one an old register holds
//	Date          a civil date, perhaps without day or month, or Không thời hạn
//	Address       a place as worded and when; SameProvince knows the merger of 2025-07-01
//	Level         how the account's owner was proofed, 1 or 2 (mức độ tài khoản)
//	AuthLevel     which factors were used just now, 1 to 4 (mức độ xác thực)
//	Assurance     both, and when; as a requirement and as a result
//	KeySet        whose signatures are trusted for what; Replay: what was used already
//	Kind          why evidence is refused; Advice: what to tell the person
//
// The two levels are independent. Logging in again with another factor raises the
// AuthLevel; account level 2 is granted at a police office only, so a program that
// misses it must not send the person through another login.
//
// Comparisons never guess. CompareNames tells equal from equal without diacritics,
// truncated and different; History.Match has an answer "ambiguous"; SameProvince
// reports whether it knows. What the digits of a number say (Province, Sex, BirthYear)
// and codes of no table are facts to compare and warn by, never reasons to refuse: there
// is no check digit, and people have had their sex or birth year corrected.
//
// # Refusals
//
// Every error with which this module refuses evidence matches exactly one Kind by
// errors.Is. Typed errors (LevelError, TimeError, LockError, APIError and those of
// other packages) add the figures a program needs. Nothing usable is returned next to
// an error, and no error's text holds personal data, tokens or keys.
//
//	kind            what it means                          what the counter does
//	ErrMalformed    not this sort of evidence, or damaged  scan or read it again
//	ErrSignature    content and signature do not agree     do not accept; ask for a fresh code
//	ErrUntrusted    signer, key or algorithm not trusted   do not accept; have the configuration checked
//	ErrExpired      its time is over                       ask for a fresh one
//	ErrNotYetValid  its time has not begun                 check the clock of this machine
//	ErrMismatch     for another party, transaction, person start again
//	ErrReplayed     used before                            ask for a fresh one
//	ErrLevel        account or login too weak              step up, or send to the police office
//	ErrLocked       account or electronic card locked      have it unlocked in the app or at the police
//	ErrRevoked      withdrawn or suspended by its issuer   send to the issuer
//	ErrDenied       citizen, guardian, police or card      ask whether to go on
//	                said no
//	ErrUnavailable  cannot be checked now                  try again later, or verify otherwise
//
// Advice words this for the person at the counter, in Vietnamese and English, and
// accuses nobody. An error of the caller's own configuration has no kind; its text
// names the field. A context that ends makes a refusal ErrUnavailable, and errors.Is
// still finds context.Canceled or context.DeadlineExceeded in it.
//
// # Personal data
//
// CitizenID, OldID and Citizen hide themselves: printing shows three digits at most,
// whatever the verb and whatever encloses the value, and encoders refuse them with an
// error that names Reveal. Reveal is the one door, so that a search for it finds every
// place where personal data leaves the types. Record is what lies behind the door:
// plain data with JSON tags: slog hides one that is logged by itself, and nothing hides
// one inside another struct or a slice. Choose the fields you keep; the law asks for no
// more than the purpose needs (Law 91/2025/QH15).
//
// Store no unkeyed hash of a number: twelve digits with so much structure are found
// by trying them all.
//
// # Limits and sources
//
// Numbers have 12 (CitizenID) or 9 or 12 (OldID) ASCII digits, dates the years 1800 to
// 9999, MemoryReplay 100,000 entries unless told otherwise. The tables of provinces
// follow Circular 07/2016/TT-BCA, Resolution 202/2025/QH15 and Decision 19/2025/QĐ-TTg;
// levels Decree 69/2024/NĐ-CP; numbers Law 26/2023/QH15 and Decree 70/2024/NĐ-CP, all as
// secondary sources report them. Formats of documents are in vneid/document, key sets
// in vneid/jwks, a fake platform for unit tests in vneid/vneidtest.
package vneid
