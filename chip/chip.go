// Package chip reads and verifies the chip of the CCCD / Căn cước card.
//
// # Terminal and server
//
// A terminal that has the card reads it; a server that has the trust anchors
// verifies what was read. Both may be one program.
//
//	server    Verifier.Challenge(session)         → Challenge: eight bytes to sign
//	terminal  Read(ctx, card, access, options)    → *Dump: the chip's bytes, no verdict
//	server    Verifier.Verify(ctx, dump, options) → *Document: the citizen and every check
//
// A Card is any way to pass commands to a chip: a PC/SC reader, a telephone that
// relays its NFC field, a recorded trace, an emulator. An Access opens it: the
// card access number (CAN), which is the last six digits of the personal number,
// or the machine-readable zone. Neither proves that the holder agreed: the CAN of
// everybody whose number is known is known.
//
// A Dump goes over the network as JSON. It holds what the chip said and what the
// terminal claims about the reading, and has no way to become a verified type but
// Verify.
//
// # Checks
//
// A verdict without its reasons is of no use at a counter, and one good signature
// hides many gaps. A Document, and a VerifyError in its place, therefore lists
// every Check by name, with one of five statuses and a reason code:
//
//	sod-signature          the Document Security Object is signed by its certificate
//	digests                every data group read is listed and unchanged
//	certificate-chain      that certificate leads to an anchor of the caller, now and when it signed
//	revocation             a revocation list of the issuer was looked at
//	issuing-state          the chain belongs to the State that DG1 names
//	document-type          the certificate may sign documents of this type
//	com                    EF.COM lists what the signed object lists
//	card-access            EF.CardAccess offers what DG14 signs: no downgrade
//	dg1-dg13               the two descriptions of the person agree
//	active-authentication  the chip signed this verifier's challenge
//	chip-authentication    the chip proved its key to this very process
//	pace-cam               the same, within PACE
//	chip-genuine           one of these three passed
//	card-expiry            the printed expiry, apart from signatures
//	card-status            what the authority says about the card, if the caller asked
//	consent                the holder's consent to the read, if the caller recorded it
//	provider               the answer of a licensed provider, if the caller attached one
//
// What is not passed, and applies, fails the verification unless Config accepts
// it by name. Four outcomes have reasons of their own, and none of them is a
// pass:
//
//	no-anchor          nobody here can say who signed: the CSCA of the CCCD is not public
//	chip-unproven      data authentic, chip not proven genuine: a copy would look the same
//	chip-cannot-prove  the same, of a chip whose signed list has neither DG14 nor DG15
//	downgrade          the card signs that it can do better than what it offered
//
// What the card never said stays open: com, dg1-dg13, card-expiry and the single
// proofs fail a verification when they are wrong, not when they could not be looked
// at; nor does revocation without Config.RequireCRL, nor what others answer. DG14
// signed and not read leaves a downgrade possible, so it fails like one.
//
// # What proves a chip
//
// Active Authentication proves to anybody, because the challenge comes from the
// verifier and its answer from the chip. Chip Authentication and PACE with chip
// authentication mapping convince only who ran the session, as everybody else
// could have made the record of it up; they count for five minutes when Read ran in
// this process, and a Dump that was encoded has lost them ("not-transferable").
// Keys count once the file that holds them is authentic under an anchor.
//
// # Reading
//
// EF.CardAccess is read by its short identifier; a card that lists PACE there is
// opened by PACE, preferring a mapping that proves the chip, elliptic curves and
// long keys, else by BAC. Then the application is selected, EF.COM and EF.SOD are
// read, and the data groups that EF.SOD lists, DG14 first: Chip Authentication
// follows it and protects the rest. Files are read by short identifier, as much
// with each command as an answer carries, so that
//
//	commands = 7 (PACE) or 4 (BAC) + the parts of each file + 1 or 2 (Chip
//	           Authentication) + 1 (Active Authentication)
//
// which is the fewest that do it. In short length a part has 223 bytes under AES
// and 231 under 3DES. A card that knows no extended length drops the session to
// say so; Read then begins anew in short length.
//
// Vietnamese cards (replicated from reports): SELECT of the master file answers
// 6D00, so EF.CardAccess is selected directly; it answers 6982 when the application
// was selected before, as telephones do; DG3 answers 6982 and is never tried unless
// asked for; DG11 does not exist. The card access number is the last six digits of
// the personal number, the document number of the zone its last nine.
//
// # Limits
//
// A file has at most 256 KiB, a Dump 2 MiB, a reading 4,096 commands, an answer
// 65,536 bytes. A card may return less than it was asked for sixteen times in a
// file, never more. Indefinite lengths are refused except in EF.SOD. Dates of the
// zone have two digits of their year: the personal number gives the century.
//
// # Errors
//
// Every refusal matches one kind of package vneid. A card that refuses access is
// ErrDenied (StatusError has the status word), one that cannot be reached
// ErrUnavailable or what the Card's own error is, one that breaks the protocol
// ErrMalformed, one whose checksums or keys are wrong ErrSignature. A verdict is a VerifyError of the decisive check's
// kind. No error holds anything that came from a card but status words.
//
// Where to look: Read and ReadOptions for terminals; New, Config and Verifier for
// servers; Document and Check for what came of it; package chip/chiptest for cards
// to test with; module chip/pcsc for readers.
//
// Sources: ICAO Doc 9303 (8th edition) parts 3, 5, 10, 11 and 12; ISO 7816-4; for
// the Vietnamese use of them, which is not public, what open readers and public
// specimens show.
package chip

import "context"

// Card is a transport to one card: a PC/SC reader, an NFC relay over a socket, a
// recorded trace, an emulator. Transmit sends one command APDU (ISO 7816-4) and
// returns the response with its two status bytes. It is called by one goroutine
// at a time, keeps nothing of command, leaves the response alone until the next
// call, and ends with ctx: Read lasts as long as its longest Transmit.
type Card interface {
	Transmit(ctx context.Context, command []byte) (response []byte, err error)
}
