// Package chiptest is a Vietnamese identity card in software, for tests of
// programs that read cards: an emulator that answers real APDUs, and a test
// authority that signs what it holds.
//
//	card, err := chiptest.New(chiptest.Card{})
//	…
//	dump, err := chip.Read(ctx, card, access, chip.ReadOptions{})   // card is a chip.Card
//
// Everybody on the cards is invented, and every certificate says MÔI TRƯỜNG THỬ
// NGHIỆM – KHÔNG PHẢI VNeID. The formats are the published ones (ICAO Doc 9303,
// BSI TR-03110); that real cards use these algorithms is an assumption, and so is
// whatever this package marks as inferred or replicated.
//
// # What the chip speaks
//
//	commands        short and extended length, chaining, GET RESPONSE (ISO 7816-4)
//	access          BAC; PACE with CAN or MRZ: GM and IM with ECDH or DH, CAM;
//	                NIST and Brainpool curves, the groups of RFC 5114
//	messaging       3DES, AES-128, -192 and -256, either kind of instruction byte
//	authenticity    Chip Authentication 1 (AT and KAT), Active Authentication (RSA
//	                with message recovery, ECDSA in plain format), PACE-CAM
//	files           EF.CardAccess, EF.CardSecurity, EF.DIR, EF.ATR/INFO, EF.COM,
//	                EF.SOD, DG1, DG2, DG3, DG13, DG14, DG15
//	                and whatever else Card.Groups holds
//
// It has the ways of Vietnamese cards that readers reported: SELECT of the master
// file answers 6D00; EF.CardAccess answers 6982 once the application is selected;
// DG3 answers 6982 and DG11 6A82; DG13 carries what the card has printed, in
// fields by number. A wrong password answers 6300 and counts nothing.
//
// After an error of secure messaging, and after a command in the clear, the chip
// forgets the session, as ICAO Doc 9303-11 §9.8.3 wants it.
//
// # Faults
//
// Faults lists, by name, how a card can be wrong: a clone, an exchanged signed
// object, a DG15 dropped from EF.COM, a reflected key, a MAC cut short, a file
// without end. Each has a twin that is in order, and a stage: how far a reader may
// get before it has to notice.
//
// # A second opinion
//
// The protocols are written here a second time, with math/big and the standard
// library alone. This package never uses what package chip reads with, so that a
// mistake made on both sides cannot cancel out; a test of the architecture holds
// it to that. Nothing here is constant in time, and no key in it protects
// anything.
//
// Sources: ICAO Doc 9303 parts 3, 5, 10, 11 and 12 (8th edition); BSI TR-03110-3,
// TR-03111; ISO/IEC 7816-4, 9796-2, 9797-1, 19794-5; RFC 5114, 5639, 5652. The
// worked examples of Doc 9303-11 Appendices D, G, H and I are tests.
package chiptest
