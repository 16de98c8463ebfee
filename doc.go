// Package vneidgo is the map of the VNeID SDK for Go: for those who rely on
// Vietnam's electronic identity and have to know whom they are dealing with.
//
// # Evidence in, citizen out
//
// Each sort of evidence about a person has a package that turns it into the same
// vneid.Citizen and its own facts about the proof, or into an error of one of
// twelve kinds:
//
//	evidence                        package              verified by          gives
//	a login with VNeID              sso                  Client.Finish        sso.Identity
//	a citizen's QR code             qr, qr/qrimage       Verifier.Verify      qr.Credential
//	the chip of the CCCD / Căn cước chip, chip/pcsc      Verifier.Verify      chip.Document
//	an answer to a data request     vneid/share          Client.Finish, Poll  share.Records
//
// What is merely read has types of its own that never become a citizen: qr.Card
// is the unsigned text printed on a card, chip.Dump what was read from a chip.
//
// # Around them
//
//	vneid            the words all of them share: citizens, numbers, dates, levels,
//	                 errors and what to tell the person at the counter
//	vneid/document   driving-licence classes, insurance numbers, plates
//	sso/legacy       the wires before OpenID Connect, which sign nothing
//	sso/resource     access tokens at an API; sso/ciba: logins begun at a counter
//	sso/link         a site's own accounts, joined to logins
//	vneid/share/events  what happens to people after their data was given
//	vneid/document/paper  what each kind of document says
//	vneid/services   stays, filings and notifications to a platform (experimental)
//	vneid/jwks       whose signatures are trusted: keys from a file or a URL
//	vneid/trustbundle  what a kiosk without a network trusts, in one signed file
//	vneid/vneidredis one-time use shared by several processes (a module of its own)
//	vneid/vneidtest  a fake VNeID for your unit tests
//	chip/chiptest    a card in software for your unit tests
//	examples         quickstart, platform, portal, counter, dossier, scan-qr, read-chip,
//	                 trust-bundle, doctor, conform, reconcile: programs to run and copy
//
// # Legal basis
//
// VNeID goes back to the Prime Minister's Decision 06/QĐ-TTg of 2022-01-06 (Đề án 06:
// population data, electronic identification and authentication for digital
// transformation, 2022–2025, vision to 2030), which Directive 05/CT-TTg of 2023-02-23
// presses on with. What levels, locks, consent and duties follow, by their days:
//
//	Decree 59/2022/NĐ-CP   electronic identification and        2022-10-20 to 2024-06-30;
//	                       authentication                       accounts of then stay good
//	Law 26/2023/QH15       identification (Luật Căn cước)       since 2024-07-01
//	Decree 69/2024/NĐ-CP   electronic identification and        since 2024-07-01
//	                       authentication
//	Decree 70/2024/NĐ-CP   details of the law on                since 2024-07-01
//	                       identification
//	Decree 13/2023/NĐ-CP   protection of personal data          2023-07-01 to 2025-12-31
//	Law 91/2025/QH15       protection of personal data          since 2026-01-01
//	Decree 356/2025/NĐ-CP  details of that law                  since 2026-01-01
//
// All of it as secondary sources report it; where a text leaves room the reading is
// dated and configurable, and says so where it stands. This is information, not legal
// advice: who connects to VNeID reads the texts, and asks somebody who may advise.
//
// The project is not affiliated with the Ministry of Public Security. The signed
// codes and the login wire are project formats, not VNeID's; passing here is no
// approval to connect.
package vneidgo
