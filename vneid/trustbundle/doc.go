// Package trustbundle carries what a verifier without a network needs to trust: one
// signed file with the keys of issuers, their status lists, and the anchors and
// revocation lists of chips. A kiosk opens it under a key that it was given by hand.
//
//	bundle, err := trustbundle.Config{Maker: maker, Keys: pinned}.Open(ctx, file)
//	verifier, err := qr.New(qr.Config{
//		Issuers: bundle.Issuers(vneid.UseQR), Keys: bundle, Status: bundle,
//		Signs: bundle.Kinds(vneid.UseQR), …
//	})
//
// The format is this project's, not VNeID's. examples/trust-bundle makes, shows and
// verifies such files; scan-qr and read-chip open them with -bundle.
//
// # The file
//
// A compact JWS (RFC 7515) whose header is exactly alg (ES256, ES384 or EdDSA), kid
// and typ vneid-trust-bundle+jwt, of at most 16 MiB, over one JSON object:
//
//	iss           who made it, exactly Config.Maker
//	iat, exp      made at, valid until: at most 31 days apart
//	seq           a whole number from 1, higher in each later bundle
//	issuers       [{iss, uses, kinds, jwks}]: whose keys may sign what. uses are those
//	              of package vneid and its neighbours, except the ones of logins;
//	              kinds are the documents that the issuer may sign. No two entries
//	              have an issuer and a use in common
//	status_lists  [{uri, token}]: signed lists as their issuers publish them
//	anchors       [{label, country, passport, certificates}]: for package chip
//	master_lists  [{label, signers, not_before, data}]: likewise
//	crls          [base64 DER, …]
//
// Certificates, signers, data and crls are standard base64 of DER; what is neither a
// certificate nor a revocation list, such as a private key beside one, is refused where
// those stand. Unknown members are
// refused: what a verifier trusts it must know. There are at most 100 issuers, 1,000
// lists, 1,000 anchors, 16 master lists and 1,000 revocation lists.
//
// # What its signature is worth
//
// The bundle's maker decides whose keys are in it, as whoever installs a program
// decides which certificates it trusts; so its key is pinned, never fetched, and has a
// use of its own (Use). Beyond that the maker cannot speak for anybody: a status list
// counts with its issuer's signature and in its own time, a master list and a
// revocation list likewise, whenever they are used.
//
// # Time
//
// A bundle that is too old answers nothing: every key is then vneid.ErrUnavailable and
// every list too, also of a bundle that was opened while it held, so that a kiosk that
// nobody serves stops letting people pass. One from the future is
// vneid.ErrNotYetValid, mostly a clock that is wrong. Whoever keeps the sequence of the
// newest bundle seen (Config.Held) cannot be given an older one, in which a key that
// was withdrawn since still stands.
//
// What was used once is known to the one verifier alone while it has no network: a
// code shown at two kiosks passes at both. A program that works so says it.
//
// # Errors
//
//	not such a file, or against the rules above   vneid.ErrMalformed
//	another algorithm, key, maker; older          vneid.ErrUntrusted
//	altered                                       vneid.ErrSignature
//	from the future                               vneid.ErrNotYetValid
//	too old                                       vneid.ErrUnavailable
package trustbundle
