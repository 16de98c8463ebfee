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
//	vneid/jwks       whose signatures are trusted: keys from a file or a URL
//	vneid/vneidredis one-time use shared by several processes (a module of its own)
//	vneid/vneidtest  a fake VNeID for your unit tests
//	chip/chiptest    a card in software for your unit tests
//	examples         quickstart, platform, portal, counter, dossier, scan-qr, read-chip,
//	                 trust-bundle, doctor: programs to run and copy
//
// # Legal basis
//
// Levels, locks and duties follow Law 26/2023/QH15 on identity (Luật Căn cước),
// Decree 69/2024/NĐ-CP on electronic identification and authentication, Decree
// 70/2024/NĐ-CP, and for personal data Law 91/2025/QH15, all as secondary sources
// report them; where a text leaves room the reading is dated and configurable.
//
// The project is not affiliated with the Ministry of Public Security. The signed
// codes and the login wire are project formats, not VNeID's; passing here is no
// approval to connect.
package vneidgo
