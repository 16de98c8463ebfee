// Package crash kills the reference platform at any moment and looks at what it left. It
// has tests alone.
//
// People log in and agree, a rental asks for documents and a hotel files stays, all at
// once and over HTTP, at the program that examples/platform builds. It is killed without
// warning, again and again, and started on the same store. Whoever got no answer sends
// the same again, with its Idempotency-Key or, in a browser, the same form. Between two
// lives the store is read and compared with what everybody was told:
//
//	nothing that was acknowledged is missing
//	nothing happened twice
//	no consent is without what belongs to it, and the other way round
//	the audit log verifies, and SQLite finds its file in order
//
// And three processes on one store are given the same thing at the same moment, by many:
// a code, a request_uri, an assertion, a proof, a refresh token, a QR code. One wins.
//
// VNEID_CRASHES is how often each test kills, VNEID_RACES how often each thing is raced
// for; without them a few times.
package crash
